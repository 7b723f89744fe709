"""Periods along the horizontal axis of a figure, evenly spaced, with the start of treatment marked."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from workbench.figures.theme import INK

WIDTH, HEIGHT = 520, 250
MOST_LABELS, WIDEST_LABELS = 14, 70
PLACE = "place"


def with_places(frame: pd.DataFrame, periods: Sequence[str]) -> pd.DataFrame:
    """The frame with the place of each row's `period` among all periods, from 0."""
    places = {period: place for place, period in enumerate(periods)}
    return frame.assign(**{PLACE: frame["period"].map(places)})


def period_axis(periods: Sequence[str]) -> alt.X:
    """The axis of places, labelled by the periods; every so many where there are more than fit."""
    longest = max(len(period) for period in periods)
    fitting = max(2, min(MOST_LABELS, WIDEST_LABELS // (longest + 1)))
    step = -(-len(periods) // fitting)
    named = "[" + ",".join(f"'{_escaped(period)}'" for period in periods) + "]"
    return alt.X(
        f"{PLACE}:Q",
        title=None,
        scale=alt.Scale(domain=[-0.5, len(periods) - 0.5], nice=False),
        axis=alt.Axis(
            values=list(range(0, len(periods), step)),
            labelExpr=f"{named}[datum.value]",
            grid=False,
            labelFlush=False,
            labelOverlap=False,
        ),
    )


def start_rule(periods: Sequence[str], start: str | None) -> alt.Chart | None:
    """A broken line before the first treated period; None where the start is not among the periods."""
    if start is None or start not in periods:
        return None
    place = pd.DataFrame({PLACE: [list(periods).index(start) - 0.5]})
    rule: alt.Chart = alt.Chart(place).mark_rule(color=INK, strokeWidth=1, strokeDash=[5, 4])
    return rule.encode(x=f"{PLACE}:Q")


def zero_rule() -> alt.Chart:
    """A line at no effect."""
    rule: alt.Chart = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=INK, strokeWidth=1)
    return rule.encode(y="zero:Q")


def _escaped(period: str) -> str:
    return period.replace("\\", "\\\\").replace("'", "\\'")
