"""Colours and type shared by all figures: calm, safe for the colour-blind, readable on light and dark."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

import altair as alt

from workbench.i18n import Language

BLUE, ORANGE, GREEN, PLUM, GREY, ROSE = "#2b7a9b", "#d0781c", "#4a9d7f", "#9a6aa8", "#868c96", "#c4577a"
SERIES: tuple[str, ...] = (BLUE, ORANGE, GREEN, PLUM, GREY, ROSE)
DIVERGING: tuple[str, str, str] = (ORANGE, "#f4f4f2", BLUE)

# On the screen one ink must hold on white and on near black; paper takes the darker ones.
INK, FAINT, TRACK = "#7b818b", "#a9aeb680", "#868c9633"
_PAPER = {INK: "#2f3640", FAINT: "#d4d8dd", TRACK: "#e9ecef"}

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
FONT_SIZE = 12


def series_colours(names: Sequence[str]) -> list[str]:
    """A colour for each name in order; after six the colours repeat."""
    return [SERIES[index % len(SERIES)] for index in range(len(names))]


def styled(chart: Any, language: Language) -> alt.TopLevelMixin:
    """The chart with the shared type, thin axes, no background and the language's decimal sign."""
    axis = {
        "labelColor": INK, "titleColor": INK, "domainColor": FAINT, "tickColor": FAINT, "gridColor": FAINT,
        "labelFontSize": FONT_SIZE, "titleFontSize": FONT_SIZE, "titleFontWeight": "normal",
        "labelLimit": 320,         "labelPadding": 6, "titlePadding": 10,
    }  # fmt: skip
    legend = {
        "labelColor": INK, "titleColor": INK, "labelFontSize": FONT_SIZE, "titleFontSize": FONT_SIZE,
        "orient": "top", "title": None, "labelLimit": 320, "symbolSize": 110, "columnPadding": 18,
    }  # fmt: skip
    configured = (
        chart.configure(font=FONT, background="transparent", padding=6, locale=_locale(language))
        .configure_axis(**axis)
        .configure_legend(**legend)
        .configure_view(stroke=None)
        .configure_text(color=INK, fontSize=FONT_SIZE)
        .configure_header(labelColor=INK, titleColor=INK, labelFontSize=FONT_SIZE)
    )
    return cast(alt.TopLevelMixin, configured)


def _locale(language: Language) -> dict[str, Any]:
    thousands, decimal = (".", ",") if language == "da" else (",", ".")
    number = {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""], "minus": "−"}
    return {"number": number}


def on_paper(spec: dict[str, Any]) -> dict[str, Any]:
    """A chart's specification for white paper: darker ink, white ground."""
    text = json.dumps(spec)
    for screen, paper in _PAPER.items():
        text = text.replace(screen, paper)
    darker: dict[str, Any] = json.loads(text)
    darker["config"] = {**darker.get("config", {}), "background": "white"}
    return darker
