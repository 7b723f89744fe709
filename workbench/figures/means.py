"""Means of indicators by group and round, as dots on the answer scale."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from workbench.display import format_number
from workbench.figures.figure import Figure
from workbench.figures.theme import INK, series_colours, styled
from workbench.i18n import Language, t

INDICATOR, GROUP, ROUND, MEAN = "indicator", "group", "round", "mean"
ROW_HEIGHT = 24


def indicator_means(
    means: pd.DataFrame,
    *,
    title: str,
    language: Language = "da",
    scale: tuple[int, int] = (1, 7),
    decimals: int = 1,
    source: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """A line an indicator; colour tells the group, hollow and filled dots tell first and later round.

    means : (n, 4) frame `indicator` (label), `group` (label), `round` (1, 2 ...), `mean`; order is kept.

    Raises ValueError if there is no mean.
    """
    frame = means.dropna(subset=[MEAN]).copy()
    if frame.empty:
        raise ValueError("a figure of means needs at least one mean")
    rounds = sorted(set(frame[ROUND]))
    frame["shown"] = [format_number(float(value), decimals, language) for value in frame[MEAN]]
    names = [t("figures.round", language=language, round=number) for number in rounds]
    frame["round_name"] = [names[rounds.index(number)] for number in frame[ROUND]]
    indicators, groups = list(dict.fromkeys(frame[INDICATOR])), list(dict.fromkeys(frame[GROUP]))
    colour = alt.Color(f"{GROUP}:N", sort=None,
                       scale=alt.Scale(domain=groups, range=series_colours(groups)))  # fmt: skip
    base = alt.Chart(frame).encode(
        color=colour,
        x=alt.X(f"{MEAN}:Q", title=None, scale=alt.Scale(domain=list(scale), nice=False),
                axis=alt.Axis(values=list(range(scale[0], scale[1] + 1)), format="d", orient="top")),
        y=alt.Y(f"{INDICATOR}:N", sort=indicators, title=None,
                axis=alt.Axis(ticks=False, domain=False, grid=True, gridDash=[1, 3])),
        yOffset=alt.YOffset(f"{GROUP}:N", sort=groups),
    )  # fmt: skip
    paths = base.mark_line(strokeWidth=1.2, opacity=1).encode(detail=f"{INDICATOR}:N")
    tooltip = [alt.Tooltip(f"{name}:N") for name in (INDICATOR, GROUP, "round_name", "shown")]
    last = alt.datum[ROUND] == rounds[-1]
    hollow = base.transform_filter(~last).mark_point(size=70, strokeWidth=2, filled=False, opacity=1)
    filled = base.transform_filter(last).mark_point(size=80, filled=True, opacity=1)
    dots = [filled.encode(tooltip=tooltip)]
    if len(rounds) > 1:
        dots = [paths, hollow.encode(tooltip=tooltip), *dots]
    chart = alt.layer(*dots).properties(
        title=_round_key(names), width=400, height=len(indicators) * (ROW_HEIGHT + 8 * (len(groups) - 1))
    )
    parts = [
        f"{row[INDICATOR]}, {row[GROUP]}, {row['round_name']}: {row['shown']}"
        for row in frame.to_dict("records")
    ]
    opening = t("figures.means_alt", language=language, low=scale[0], high=scale[1])
    return Figure(
        key="means",
        title=title,
        alt_text=f"{opening} {'; '.join(parts)}.",
        chart=styled(chart, language),
        language=language,
        notes=tuple(notes),
        source=source,
    )


def _round_key(names: list[str]) -> alt.Title:
    """Which round the hollow and the filled dots stand for, below the dots."""
    key = f"○ {', '.join(names[:-1])}   ● {names[-1]}" if len(names) > 1 else ""
    return alt.Title(
        key, orient="bottom", anchor="start", fontSize=12, fontWeight="normal", color=INK, offset=8
    )
