"""The event study: the effect of each period with its interval, around the base period."""

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

BEFORE, AFTER, BASE = "pre", "post", "base"


def event_study_plot(
    effects: pd.DataFrame,
    *,
    title: str,
    base: str,
    periods: Sequence[str],
    start: str | None = None,
    interpretable: bool = True,
    language: Language = "da",
    y_title: str = "",
    decimals: int = 3,
    source: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """Points with intervals by period, before and after the start told apart; the base period is a ring at 0.

    effects : (n, 5) frame `period` (text), `kind` ("pre" or "post"), `estimate`, `ci_low`, `ci_high`.
    periods : all periods in order, the base among them.
    interpretable : False draws what came after the start grey and hollow: the gate before it failed.

    Raises ValueError if there is no estimate.
    """
    if effects.empty:
        raise ValueError("an event study needs at least one estimate")
    at_base = pd.DataFrame([{"period": base, "kind": BASE, "estimate": 0.0}])
    frame = with_places(pd.concat([effects, at_base], ignore_index=True), periods)
    frame["shown"] = [_shown(row, decimals, language) for _, row in frame.iterrows()]
    before, after = (t(f"figures.event_{kind}", language=language) for kind in (BEFORE, AFTER))
    frame["part"] = frame["kind"].map({BEFORE: before, AFTER: after, BASE: before})
    colour = alt.Color(
        "part:N",
        sort=None,
        scale=alt.Scale(domain=[before, after], range=[GREY, BLUE if interpretable else GREY]),
        legend=alt.Legend(),
    )
    chart = alt.Chart(frame)
    points = chart.encode(x=period_axis(periods), color=colour)
    y = alt.Y(
        "ci_low:Q", title=y_title or t("figures.estimate", language=language), axis=alt.Axis(tickCount=6)
    )
    whole = frame["kind"] != BASE
    hollow = frame["kind"].eq(BASE) | (frame["kind"].eq(AFTER) & (not interpretable))
    tooltip = [alt.Tooltip("period:N"), alt.Tooltip("shown:N")]
    layers = [
        zero_rule(),
        points.mark_rule(strokeWidth=2, strokeCap="round")
        .encode(y=y, y2="ci_high:Q")
        .properties(data=frame[whole]),
        points.mark_point(filled=True, size=60, opacity=1)
        .encode(y="estimate:Q", tooltip=tooltip)
        .properties(data=frame[~hollow]),
        points.mark_point(filled=False, size=60, opacity=1, strokeWidth=2)
        .encode(y="estimate:Q", tooltip=tooltip)
        .properties(data=frame[hollow]),
    ]
    rule = start_rule(periods, start)
    if rule is not None:
        layers.insert(1, rule)
    return Figure(
        key="event_study",
        title=title,
        alt_text=_alt_text(frame, base, start, interpretable, language),
        chart=styled(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), language),
        language=language,
        notes=tuple(notes),
        source=source,
    )


def _shown(row: pd.Series, decimals: int, language: Language) -> str:
    value = format_number(float(row["estimate"]), decimals, language)
    if pd.isna(row.get("ci_low")) or pd.isna(row.get("ci_high")):
        return value
    low, high = (format_number(float(row[name]), decimals, language) for name in ("ci_low", "ci_high"))
    return t("figures.interval", language=language, value=value, low=low, high=high)


def _alt_text(
    frame: pd.DataFrame, base: str, start: str | None, interpretable: bool, language: Language
) -> str:
    said = [t("figures.event_study_alt", language=language, base=base)]
    if start:
        said.append(t("figures.started", language=language, start=start))
    if not interpretable:
        said.append(t("figures.not_interpretable", language=language))
    rows = frame[frame["kind"] != BASE].sort_values(PLACE)
    parts = [f"{row['period']}: {row['shown']}" for _, row in rows.iterrows()]
    return f"{' '.join(said)} {'; '.join(parts)}."
