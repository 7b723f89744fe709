"""Heat map of rotated loadings."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import altair as alt
import pandas as pd

from workbench.display import format_number
from workbench.figures.figure import Figure
from workbench.figures.theme import DIVERGING, styled
from workbench.i18n import Language, t

ITEM, FACTOR, LOADING = "item", "factor", "loading"
SALIENT = 0.3
FACTOR_WIDTH = 18
_LIGHT_TEXT_FROM = 0.7


def loadings_heatmap(
    loadings: pd.DataFrame,
    *,
    title: str,
    language: Language = "da",
    decimals: int = 2,
    salient: float = SALIENT,
    source: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """Loadings as coloured cells with their numbers; those at or above `salient` in bold.

    loadings : (n, 3) frame `item` (label), `factor` (label), `loading`; order of rows is kept.

    Raises ValueError if there is no loading.
    """
    if loadings.empty:
        raise ValueError("a heat map needs at least one loading")
    frame = loadings.copy()
    frame["shown"] = [format_number(float(value), decimals, language) for value in frame[LOADING]]
    frame[FACTOR] = ["\n".join(textwrap.wrap(str(name), FACTOR_WIDTH)) for name in frame[FACTOR]]
    items, factors = list(dict.fromkeys(frame[ITEM])), list(dict.fromkeys(frame[FACTOR]))
    header = alt.Axis(
        orient="top",
        labelAngle=0,
        ticks=False,
        domain=False,
        labelExpr="split(datum.label, '\\n')",
        labelLineHeight=14,
        labelPadding=8 + 14 * max(name.count("\n") for name in factors),
    )
    rows = alt.Axis(ticks=False, domain=False)
    base = alt.Chart(frame).encode(
        x=alt.X(f"{FACTOR}:N", sort=factors, title=None, scale=alt.Scale(padding=0.03), axis=header),
        y=alt.Y(f"{ITEM}:N", sort=items, title=None, scale=alt.Scale(padding=0.03), axis=rows),
    )
    colours = alt.Scale(domain=[-1, 0, 1], range=list(DIVERGING), clamp=True, interpolate="rgb")
    cells = base.mark_rect(cornerRadius=2).encode(
        color=alt.Color(f"{LOADING}:Q", scale=colours, legend=None),
        tooltip=[alt.Tooltip(f"{ITEM}:N"), alt.Tooltip(f"{FACTOR}:N"), alt.Tooltip("shown:N")],
    )
    numbers = [
        base.transform_filter(
            (abs_loading >= salient) if bold else (abs_loading < salient)
        ).mark_text(fontWeight="bold" if bold else "normal").encode(
            text="shown:N",
            color=alt.condition(abs_loading > _LIGHT_TEXT_FROM, alt.value("#ffffff"), alt.value("#2f3640")),
        )
        for bold in (True, False)
        for abs_loading in [alt.expr.abs(alt.datum[LOADING])]
    ]  # fmt: skip
    chart = alt.layer(cells, *numbers).properties(width=max(240, 118 * len(factors)), height=27 * len(items))
    return Figure(
        key="loadings",
        title=title,
        alt_text=_alt_text(frame, factors, salient, language),
        chart=styled(chart, language),
        language=language,
        notes=tuple(notes),
        source=source,
    )


def _alt_text(frame: pd.DataFrame, factors: list[str], salient: float, language: Language) -> str:
    parts = []
    for factor in factors:
        own = frame[(frame[FACTOR] == factor) & (frame[LOADING].abs() >= salient)]
        items = ", ".join(f"{row[ITEM]} {row['shown']}" for row in own.to_dict("records"))
        parts.append(f"{' '.join(factor.split())}: {items or '–'}")
    bound = format_number(salient, 1, language)
    return f"{t('figures.loadings_alt', language=language, bound=bound)} {'; '.join(parts)}."
