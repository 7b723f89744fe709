"""The gap of a synthetic control: treated less synthetic by period, before the gaps of placebo units."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from workbench.display import format_number
from workbench.figures.figure import Figure
from workbench.figures.period_axis import (
    HEIGHT,
    PLACE,
    WIDTH,
    period_axis,
    start_rule,
    with_places,
    zero_rule,
)
from workbench.figures.theme import BLUE, GREY, styled
from workbench.i18n import Language, t


def gap_plot(
    gaps: pd.DataFrame,
    *,
    title: str,
    treated: str,
    start: str | None = None,
    interpretable: bool = True,
    language: Language = "da",
    y_title: str = "",
    decimals: int = 3,
    source: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """The gap of the treated unit as a thick line, its interval as a band, those of placebo units thin.

    gaps : frame `period` (text), `unit`, `gap`, and where known `ci_low`, `ci_high` (of the treated unit).
    treated : the unit that is drawn thick.

    Raises ValueError if the treated unit has no gap.
    """
    if gaps.loc[gaps["unit"] == treated, "gap"].dropna().empty:
        raise ValueError("a plot of gaps needs the gap of the treated unit")
    periods = list(dict.fromkeys(gaps["period"]))
    frame = with_places(gaps, periods)
    frame["shown"] = [format_number(value, decimals, language) for value in frame["gap"]]
    mine, others = frame[frame["unit"] == treated], frame[frame["unit"] != treated]
    x = period_axis(periods)
    named = y_title or t("figures.gap", language=language)
    y = alt.Y("gap:Q", title=named, axis=alt.Axis(tickCount=6))
    tooltip = [alt.Tooltip("unit:N"), alt.Tooltip("period:N"), alt.Tooltip("shown:N")]
    layers = [zero_rule()]
    rule = start_rule(periods, start)
    if rule is not None:
        layers.append(rule)
    if len(others):
        thin = alt.Chart(others).mark_line(color=GREY, opacity=0.45, strokeWidth=1)
        layers.append(thin.encode(x=x, y=y, detail="unit:N", tooltip=tooltip))
    if {"ci_low", "ci_high"} <= set(frame.columns) and mine["ci_low"].notna().any():
        band = alt.Chart(mine).mark_area(color=BLUE, opacity=0.2)
        layers.append(band.encode(x=x, y=alt.Y("ci_low:Q", title=named), y2="ci_high:Q"))
    thick = alt.Chart(mine).mark_line(
        color=BLUE if interpretable else GREY, strokeWidth=3, strokeDash=[1, 0] if interpretable else [5, 4]
    )
    layers.append(thick.encode(x=x, y=y, tooltip=tooltip))
    return Figure(
        key="gaps",
        title=title,
        alt_text=_alt_text(mine, others, treated, start, interpretable, language),
        chart=styled(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), language),
        language=language,
        notes=tuple(notes),
        source=source,
    )


def _alt_text(
    mine: pd.DataFrame,
    others: pd.DataFrame,
    treated: str,
    start: str | None,
    interpretable: bool,
    language: Language,
) -> str:
    said = [t("figures.gaps_alt", language=language, unit=treated, n=others["unit"].nunique())]
    if start:
        said.append(t("figures.started", language=language, start=start))
    if not interpretable:
        said.append(t("figures.not_interpretable", language=language))
    rows = mine.dropna(subset=["gap"]).sort_values(PLACE)
    parts = [f"{row['period']}: {row['shown']}" for _, row in rows.iterrows()]
    return f"{' '.join(said)} {'; '.join(parts)}."
