"""Coefficient plot: estimates with their intervals around a zero line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from workbench.display import format_number
from workbench.figures.figure import Figure
from workbench.figures.theme import INK, series_colours, styled
from workbench.i18n import Language, t

LABEL, GROUP, ESTIMATE, CI_LOW, CI_HIGH = "label", "group", "estimate", "ci_low", "ci_high"
INTERPRETABLE = "interpretable"
ROW_HEIGHT, GROUP_HEIGHT = 26, 15


def coefficient_plot(
    estimates: pd.DataFrame,
    *,
    title: str,
    language: Language = "da",
    x_title: str = "",
    decimals: int = 3,
    source: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """Points with intervals, one line a label, zero marked; groups have colours and shapes of their own.

    estimates : (n, 4 to 6) frame `label`, `estimate`, `ci_low`, `ci_high` and, if grouped, `group`; the order
        of rows is kept. An estimate without an interval is drawn as a point; one whose `interpretable` is
        False as a ring with a broken interval.

    Raises ValueError if there is no estimate.
    """
    if estimates.empty:
        raise ValueError("a coefficient plot needs at least one estimate")
    grouped = GROUP in estimates.columns and estimates[GROUP].nunique() > 1
    frame = estimates.assign(**{GROUP: estimates[GROUP] if GROUP in estimates.columns else ""})
    if INTERPRETABLE not in frame.columns:
        frame[INTERPRETABLE] = True
    frame["shown"] = [_shown(row, decimals, language) for row in _records(frame)]
    labels, groups = list(dict.fromkeys(frame[LABEL])), list(dict.fromkeys(frame[GROUP]))
    base = alt.Chart(frame).encode(**_channels(labels, groups, grouped))
    low = alt.X(f"{CI_LOW}:Q", title=x_title or t("figures.estimate", language=language),
                axis=alt.Axis(format=f".{min(decimals, 2)}f", tickCount=6))  # fmt: skip
    layers = []
    for readable in (True, False):
        rows = frame[frame[INTERPRETABLE].astype(bool) == readable]
        if rows.empty:
            continue
        dash = [1, 0] if readable else [3, 3]
        intervals = base.mark_rule(strokeWidth=2, strokeCap="round" if readable else "butt", strokeDash=dash)
        points = base.mark_point(filled=readable, size=75, opacity=1).encode(
            x=f"{ESTIMATE}:Q",
            shape=alt.Shape(f"{GROUP}:N", sort=None, scale=alt.Scale(domain=groups, range=_shapes(groups)),
                            legend=alt.Legend() if grouped else None),
            tooltip=[alt.Tooltip(f"{LABEL}:N"), alt.Tooltip(f"{GROUP}:N"), alt.Tooltip("shown:N")],
        )  # fmt: skip
        spans = intervals.encode(x=low, x2=f"{CI_HIGH}:Q")
        layers += [spans.properties(data=rows), points.properties(data=rows)]
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=INK, strokeWidth=1, strokeDash=[3, 3])
    height = len(labels) * max(ROW_HEIGHT, GROUP_HEIGHT * len(groups) + 10)
    chart = alt.layer(zero.encode(x="zero:Q"), *layers).properties(width=430, height=height)
    return Figure(
        key="coefficients",
        title=title,
        alt_text=_alt_text(frame, language),
        chart=styled(chart, language),
        language=language,
        notes=tuple(notes),
        source=source,
    )


def _channels(labels: list[str], groups: list[str], grouped: bool) -> dict[str, Any]:
    y = alt.Y(f"{LABEL}:N", sort=labels, title=None, axis=alt.Axis(ticks=False, domain=False, grid=False))
    colours = alt.Scale(domain=groups, range=series_colours(groups))
    channels: dict[str, Any] = {
        "y": y,
        "color": alt.Color(f"{GROUP}:N", scale=colours, sort=None, legend=alt.Legend() if grouped else None),
    }
    if grouped:
        channels["yOffset"] = alt.YOffset(f"{GROUP}:N", sort=groups)
    return channels


def _shapes(groups: list[str]) -> list[str]:
    shapes = ("circle", "diamond", "square", "triangle-up", "cross", "triangle-down")
    return [shapes[index % len(shapes)] for index in range(len(groups))]


def _shown(row: dict[str, Any], decimals: int, language: Language) -> str:
    value = format_number(float(str(row[ESTIMATE])), decimals, language)
    if not (pd.isna(row[CI_LOW]) or pd.isna(row[CI_HIGH])):
        low, high = (format_number(float(str(row[key])), decimals, language) for key in (CI_LOW, CI_HIGH))
        value = t("figures.interval", language=language, value=value, low=low, high=high)
    if row[INTERPRETABLE]:
        return value
    return t("figures.not_to_be_read", language=language, value=value)


def _alt_text(frame: pd.DataFrame, language: Language) -> str:
    parts = [
        f"{row[LABEL]}{f', {row[GROUP]}' if row[GROUP] else ''}: {row['shown']}" for row in _records(frame)
    ]
    return f"{t('figures.coefficients_alt', language=language, n=len(parts))} {'; '.join(parts)}."


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
