"""Small stars of many persons on one sheet: both respondents in their last round, who it is below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from workbench.figures.figure import Figure
from workbench.figures.theme import FAINT, INK, series_colours, styled
from workbench.i18n import Language

ACROSS = 4
# A row is higher than wide: below a star stands who it is.
DOWN, BELOW = 1.3, 0.72
CELL, RADIUS = 150, 0.42
WIDTH_CM = 16.0


@dataclass(frozen=True)
class SmallStar:
    """One person's star: `values` by name of a series, an entry an axis (None where there is no answer)."""

    name: str
    values: dict[str, tuple[float | None, ...]]


def star_grid(
    stars: Sequence[SmallStar],
    *,
    axes: Sequence[str],
    scale: tuple[int, int],
    title: str,
    alt_text: str,
    language: Language = "da",
    notes: Sequence[str] = (),
) -> Figure:
    """Stars in rows of four; axes are numbered clockwise from the top.

    Raises ValueError with fewer than three axes or without a star.
    """
    if len(axes) < 3 or not stars:
        raise ValueError(f"a sheet of stars needs three axes and a star, found {len(axes)} and {len(stars)}")
    series = list(dict.fromkeys(name for star in stars for name in star.values))
    web: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    dots: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for place, star in enumerate(stars):
        x, y = float(place % ACROSS), -DOWN * (place // ACROSS)
        web += _web(place, (x, y), len(axes), scale)
        texts.append({"x": x, "y": y - 0.6, "text": star.name, "size": 12})
        for number in range(len(axes)):
            at = _xy((x, y), number, len(axes), 1.14)
            texts.append({"x": at[0], "y": at[1], "text": str(number + 1), "size": 8})
        for name, values in star.values.items():
            points = [
                None if value is None else _xy((x, y), number, len(axes), _radius(value, scale))
                for number, value in enumerate(values)
            ]
            dots += [{"x": p[0], "y": p[1], "series": name} for p in points if p is not None]
            for number, start in enumerate(points):
                end = points[(number + 1) % len(points)]
                if start is not None and end is not None:
                    edge = f"{place} {name} {number}"
                    lines += [
                        {"x": p[0], "y": p[1], "series": name, "edge": edge, "step": step}
                        for step, p in enumerate((start, end))
                    ]
    rows = -(-len(stars) // ACROSS)
    lowest = -DOWN * (rows - 1) - BELOW
    across, down = ACROSS * CELL, CELL * (0.5 - lowest)
    x_scale = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.5, ACROSS - 0.5], nice=False))
    y_scale = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[lowest, 0.5], nice=False))
    colours = alt.Scale(domain=series, range=series_colours(series))
    small = pd.DataFrame(texts)
    layers = [
        alt.Chart(pd.DataFrame(web))
        .mark_line(strokeWidth=0.7, color=FAINT)
        .encode(x=x_scale, y=y_scale, detail="line:N", order="step:Q"),
        alt.Chart(pd.DataFrame(lines or [{"x": None, "y": None, "series": series[0], "edge": "", "step": 0}]))
        .mark_line(strokeWidth=1.8)
        .encode(
            x=x_scale,
            y=y_scale,
            detail="edge:N",
            order="step:Q",
            color=alt.Color("series:N", sort=None, scale=colours, legend=alt.Legend(symbolType="stroke")),
        ),
        alt.Chart(pd.DataFrame(dots))
        .mark_point(size=14, filled=True, opacity=1)
        .encode(x=x_scale, y=y_scale, color=alt.Color("series:N", scale=colours, legend=None)),
        *(
            alt.Chart(small[small["size"] == size])
            .mark_text(fontSize=size, color=INK)
            .encode(x=x_scale, y=y_scale, text="text:N")
            for size in (8, 12)
        ),
    ]
    chart = alt.layer(*layers).properties(width=across, height=down)
    return Figure(
        key="star_grid",
        title=title,
        alt_text=alt_text,
        chart=styled(chart, language),
        language=language,
        notes=tuple(notes),
        width_cm=WIDTH_CM,
    )


def _radius(value: float, scale: tuple[int, int]) -> float:
    low, high = scale
    return (value - low + 1) / (high - low + 1)


def _xy(middle: tuple[float, float], number: int, n_axes: int, radius: float) -> tuple[float, float]:
    angle = 2 * math.pi * number / n_axes
    return (
        round(middle[0] + RADIUS * radius * math.sin(angle), 4),
        round(middle[1] + RADIUS * radius * math.cos(angle), 4),
    )


def _web(
    place: int, middle: tuple[float, float], n_axes: int, scale: tuple[int, int]
) -> list[dict[str, Any]]:
    """The inmost, middle and outmost ring, and the axes."""
    low, high = scale
    found = []
    for ring in dict.fromkeys((low, (low + high) / 2, high)):
        for step in range(n_axes + 1):
            x, y = _xy(middle, step, n_axes, _radius(ring, scale))
            found.append({"x": x, "y": y, "line": f"{place} ring {ring}", "step": step})
    for number in range(n_axes):
        for step, radius in enumerate((0.0, 1.0)):
            x, y = _xy(middle, number, n_axes, radius)
            found.append({"x": x, "y": y, "line": f"{place} axis {number}", "step": step})
    return found
