"""The FIP star: one citizen's answers around a circle, both respondents and all rounds."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any, Literal

import altair as alt
import pandas as pd

from workbench.display import format_number
from workbench.figures.figure import Figure
from workbench.figures.theme import FAINT, INK, SERIES, styled
from workbench.i18n import Language, t

AXIS, RESPONDENT, ROUND, VALUE = "axis", "respondent", "round", "value"
SIZE = 420
LABEL_WIDTH, LINE_HEIGHT = 20, 14
# Outside the outermost ring (radius 1) there is room for the labels.
_REACH = 1.62
_DASHES = ([4, 3], [1, 0], [8, 3, 2, 3], [2, 2])


def radar(
    answers: pd.DataFrame,
    *,
    title: str,
    language: Language = "da",
    scale: tuple[int, int] = (1, 7),
    source: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """The star of one citizen: an axis an item, a line a respondent and round.

    answers : (n, 4) frame `axis` (label), `respondent` (label), `round` (1, 2 ...), `value`; axes stand
        clockwise from the top in the order of the rows. A missing value leaves its line open.
    scale : lowest and highest answer; the lowest stands on the innermost ring, not in the centre.

    Raises ValueError with fewer than three axes.
    """
    axes = list(dict.fromkeys(answers[AXIS]))
    if len(axes) < 3:
        raise ValueError(f"a star needs three axes or more, found {len(axes)}")
    angles = {axis: 2 * math.pi * index / len(axes) for index, axis in enumerate(axes)}
    points = _points(answers, angles, scale, language)
    series = list(dict.fromkeys(points["series"]))
    *web, numbers = _web(angles, scale)
    lines, dots = _lines(points, axes, series), _dots(points, series)
    layers = [*web, lines, dots, numbers, *_labels(angles)]
    chart = alt.layer(*layers).properties(width=SIZE * 1.25, height=SIZE)
    return Figure(
        key="star",
        title=title,
        alt_text=_alt_text(answers, axes, scale, language),
        chart=styled(chart, language),
        language=language,
        notes=tuple(notes),
        source=source,
    )


def _radius(value: float, scale: tuple[int, int]) -> float:
    low, high = scale
    return (value - low + 1) / (high - low + 1)


def _xy(angle: float, radius: float) -> tuple[float, float]:
    return round(radius * math.sin(angle), 5), round(radius * math.cos(angle), 5)


def _points(
    answers: pd.DataFrame, angles: dict[str, float], scale: tuple[int, int], language: Language
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    known = answers.dropna(subset=[VALUE]).sort_values([RESPONDENT, ROUND], kind="stable")
    respondents = list(dict.fromkeys(answers[RESPONDENT]))
    rounds = sorted(set(answers[ROUND]))
    records: list[dict[Any, Any]] = known.to_dict("records")
    for record in records:
        x, y = _xy(angles[record[AXIS]], _radius(float(record[VALUE]), scale))
        name = t(
            "figures.respondent_round", language=language, respondent=record[RESPONDENT], round=record[ROUND]
        )
        place = (respondents.index(record[RESPONDENT]), rounds.index(record[ROUND]))
        value = format_number(float(record[VALUE]), 0 if float(record[VALUE]).is_integer() else 1, language)
        rows.append({"axis": record[AXIS], "x": x, "y": y, "series": name, "place": place, "shown": value})
    rows.sort(key=lambda row: row["place"])
    return pd.DataFrame(rows)


def _web(angles: dict[str, float], scale: tuple[int, int]) -> list[alt.Chart]:
    low, high = scale
    around = [*angles.values(), 2 * math.pi]
    rings = [
        {"ring": value, "step": step, "x": x, "y": y}
        for value in range(low, high + 1)
        for step, angle in enumerate(around)
        for x, y in [_xy(angle, _radius(value, scale))]
    ]
    spokes = [
        {"spoke": index, "step": step, "x": x, "y": y}
        for index, angle in enumerate(angles.values())
        for step, radius in enumerate((0.0, 1.0))
        for x, y in [_xy(angle, radius)]
    ]
    numbers = [{"x": 0.025, "y": _radius(value, scale), "text": str(value)} for value in range(low, high + 1)]
    ring_lines = alt.Chart(pd.DataFrame(rings)).mark_line(strokeWidth=0.8, color=FAINT)
    spoke_lines = alt.Chart(pd.DataFrame(spokes)).mark_line(strokeWidth=0.8, color=FAINT)
    scale_text = alt.Chart(pd.DataFrame(numbers)).mark_text(
        align="left", baseline="bottom", fontSize=9, color=INK
    )
    return [
        ring_lines.encode(x=_x(), y=_y(), detail="ring:N", order="step:Q"),
        spoke_lines.encode(x=_x(), y=_y(), detail="spoke:N", order="step:Q"),
        scale_text.encode(x=_x(), y=_y(), text="text:N"),
    ]


def _lines(points: pd.DataFrame, axes: list[str], series: list[str]) -> alt.Chart:
    edges: list[dict[str, Any]] = []
    for name, own in points.groupby("series", sort=False):
        at = own.set_index("axis")
        for index, axis in enumerate(axes):
            following = axes[(index + 1) % len(axes)]
            if axis in at.index and following in at.index:
                for step, end in enumerate((axis, following)):
                    x, y = at.loc[end, "x"], at.loc[end, "y"]
                    edges.append({"series": name, "edge": f"{name} {index}", "step": step, "x": x, "y": y})
    lines = alt.Chart(pd.DataFrame(edges)).mark_line(strokeWidth=2.2, strokeCap="round")
    legend = alt.Legend(symbolType="stroke", symbolSize=500, symbolStrokeWidth=2.4, columns=2)
    colours = alt.Scale(domain=series, range=_colours(points, series))
    chart: alt.Chart = lines.encode(
        x=_x(),
        y=_y(),
        detail="edge:N",
        order="step:Q",
        stroke=alt.Stroke("series:N", sort=None, scale=colours, legend=legend),
        strokeDash=alt.StrokeDash("series:N", scale=alt.Scale(domain=series, range=_dashes(points, series))),
    )
    return chart


def _dots(points: pd.DataFrame, series: list[str]) -> alt.Chart:
    dots = alt.Chart(points.drop(columns="place")).mark_point(size=34, filled=True, opacity=1)
    colours = alt.Scale(domain=series, range=_colours(points, series))
    chart: alt.Chart = dots.encode(
        x=_x(),
        y=_y(),
        fill=alt.Fill("series:N", legend=None, scale=colours),
        tooltip=[alt.Tooltip("axis:N"), alt.Tooltip("series:N"), alt.Tooltip("shown:N")],
    )
    return chart


def _colours(points: pd.DataFrame, series: list[str]) -> list[str]:
    first = points.drop_duplicates("series").set_index("series")["place"]
    return [SERIES[first[name][0] % len(SERIES)] for name in series]


def _dashes(points: pd.DataFrame, series: list[str]) -> list[list[int]]:
    first = points.drop_duplicates("series").set_index("series")["place"]
    if len({place[1] for place in first}) == 1:
        return [[1, 0] for _ in series]
    return [_DASHES[first[name][1] % len(_DASHES)] for name in series]


def _labels(angles: dict[str, float]) -> list[alt.Chart]:
    labels = []
    for axis, angle in angles.items():
        x, y = _xy(angle, 1.08)
        lines = textwrap.wrap(axis, LABEL_WIDTH)
        labels.append(_label(pd.DataFrame([{"x": x, "y": y, "text": lines}]), x, y, len(lines)))
    return labels


def _label(frame: pd.DataFrame, x: float, y: float, n_lines: int) -> alt.Chart:
    align: Literal["left", "center", "right"] = "center" if abs(x) < 0.15 else "left" if x > 0 else "right"
    # A text of several lines hangs down from its first one: lift it by what lies below the point.
    share_below = 1.0 if y > 0.9 else 0.0 if y < -0.9 else 0.5
    lift = -(n_lines - 1) * LINE_HEIGHT * share_below - (9 if y > 0.9 else -4 if y < -0.9 else 0)
    text = alt.Chart(frame).mark_text(
        align=align, baseline="middle", fontSize=12, lineHeight=LINE_HEIGHT, color=INK, dy=lift
    )
    chart: alt.Chart = text.encode(x=_x(), y=_y(), text="text:N")
    return chart


def _x() -> alt.X:
    return alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-_REACH, _REACH]))


def _y() -> alt.Y:
    return alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-1.2, 1.25]))


def _alt_text(answers: pd.DataFrame, axes: list[str], scale: tuple[int, int], language: Language) -> str:
    parts = []
    for respondent, round_ in answers[[RESPONDENT, ROUND]].drop_duplicates().itertuples(index=False):
        own = answers[(answers[RESPONDENT] == respondent) & (answers[ROUND] == round_)][VALUE].dropna()
        if len(own):
            mean = format_number(float(own.mean()), 1, language)
            parts.append(
                t("figures.star_mean", language=language, respondent=respondent, round=round_, mean=mean)
            )
    text = t("figures.star_alt", language=language, n=len(axes), low=scale[0], high=scale[1])
    return f"{text} {'; '.join(parts)}."
