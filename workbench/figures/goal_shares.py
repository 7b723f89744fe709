"""Fulfilment of goals by quarter: a bar with its interval, the others as a dot, the target as a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import altair as alt
import pandas as pd

from workbench.display import format_number
from workbench.figures.figure import Figure
from workbench.figures.theme import BLUE, GREY, INK, ORANGE, styled
from workbench.i18n import Language, t

COLUMNS = ("goal", "quarter", "share", "ci_low", "ci_high", "others_share", "target")
BAR_WIDTH, HEIGHT, WIDEST = 58, 95, 520
# The year stands below the quarter.
_TWO_LINES = "[slice(datum.label, 0, -5), slice(datum.label, -4)]"


def goal_shares(
    shares: pd.DataFrame,
    *,
    title: str,
    unit: str,
    language: Language = "da",
    source: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """One panel a goal, side by side; a quarter without a share (hidden, or too few) has an empty place.

    shares : (n, 7) frame with COLUMNS; `goal` is its label, shares stand 0-1, `target` may be missing.
    """
    goals = list(dict.fromkeys(shares["goal"]))
    quarters = list(dict.fromkeys(shares["quarter"]))
    width = min(len(quarters) * BAR_WIDTH, WIDEST // max(1, len(goals)))
    panels = [
        _panel(shares[shares["goal"] == goal], goal, quarters, width, first=n == 0)
        for n, goal in enumerate(goals)
    ]
    key = t("notes.figure_key", language=language, unit=unit)
    chart = alt.hconcat(*panels, spacing=26).resolve_scale(y="shared")
    parts = [
        t(
            "notes.figure_part",
            language=language,
            goal=record["goal"],
            quarter=record["quarter"],
            share=format_number(100 * record["share"], 0, language),
        )
        for record in shares.dropna(subset=["share"]).to_dict("records")
    ]
    return Figure(
        key="goals",
        title=title,
        alt_text=f"{key} {'; '.join(parts)}.",
        chart=styled(chart, language),
        language=language,
        notes=(key, *notes),
        source=source,
    )


def _panel(
    shares: pd.DataFrame, goal: str, quarters: Sequence[str], width: int, *, first: bool
) -> alt.LayerChart:
    base = alt.Chart(shares).encode(
        x=alt.X(
            "quarter:N",
            sort=list(quarters),
            scale=alt.Scale(domain=list(quarters)),
            title=None,
            axis=alt.Axis(labelAngle=0, labelExpr=_TWO_LINES),
        )
    )
    axis = (
        alt.Axis(format="%", tickCount=5, grid=True)
        if first
        else alt.Axis(labels=False, ticks=False, grid=True)
    )
    height = alt.Y("share:Q", title=None, axis=axis, scale=alt.Scale(domainMin=0))
    layers = [
        base.mark_bar(color=BLUE, size=18).encode(y=height),
        base.mark_rule(color=INK, strokeWidth=1.4).encode(y=alt.Y("ci_low:Q", title=None), y2="ci_high:Q"),
        base.mark_point(color=GREY, filled=True, size=55, opacity=1, xOffset=13).encode(
            y=alt.Y("others_share:Q", title=None)
        ),
        base.mark_tick(color=ORANGE, thickness=2.5, size=30).encode(y=alt.Y("target:Q", title=None)),
    ]
    heading = alt.Title(
        _wrapped(goal, width), fontSize=12, fontWeight="bold", color=INK, anchor="start", offset=8
    )
    chart = alt.layer(*layers).properties(width=width, height=HEIGHT, title=heading)
    return cast(alt.LayerChart, chart)


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, max(18, width // 6))
