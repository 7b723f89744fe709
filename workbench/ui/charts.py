"""A Figure on the screen: its own colours, decimal comma in Danish, described for those who cannot see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.i18n import Language, t

if TYPE_CHECKING:
    from workbench.figures import Figure  # altair is slow to import; figures are made inside functions

# Translucent, so that it holds on light and dark ground alike.
GRID = "rgba(128,135,142,.3)"


def show_figure(make: Callable[[], Figure], *, key: str, title: bool = True, source: bool = True) -> None:
    """The figure that `make` gives, with its title above and its notes below.

    source : whether its source stands there too; not where a table beside it says the same.
    """
    with st.spinner(t("surveys.drawing")):
        figure = make()
        spec = screen_spec(figure.altair.to_dict(), figure.language)
    if title:
        st.markdown(f"**{figure.title}**")
    st.vega_lite_chart(spec, width="content", theme=None, key=key, alt=figure.alt_text)
    for text in (*figure.notes, figure.source if source else ""):
        if text:
            st.caption(text)


def screen_spec(spec: dict[str, Any], language: Language) -> dict[str, Any]:
    """A chart's specification as Streamlit draws it unchanged: sizes kept, data inside, numbers as written.

    Streamlit would fit the size to axes and all, and send data as columns, in which a label of several lines
    becomes one text with brackets.
    """
    datasets = spec.pop("datasets", {})
    shared = spec.pop("data", None)
    layers = spec.pop("layer", None)
    if layers is None:
        layers = [{name: spec.pop(name) for name in ("mark", "encoding", "transform") if name in spec}]
    spec["layer"] = [_with_data({"data": shared, **layer} if shared else layer, datasets) for layer in layers]
    point, thousands = (",", ".") if language == "da" else (".", ",")
    # Written into the chart, since the browser's own locale need not be the study's language.
    number = {"decimal": point, "thousands": thousands, "grouping": [3], "currency": ["", ""], "minus": "−"}
    config = spec.setdefault("config", {})
    config["locale"] = {"number": number}
    config.setdefault("axis", {})["gridColor"] = GRID
    spec["autosize"] = {"type": "pad", "contains": "content"}
    return spec


def _with_data(part: dict[str, Any], datasets: dict[str, Any]) -> dict[str, Any]:
    """A layer, and the layers inside it, with values where they had the name of a dataset."""
    data = part.get("data")
    if isinstance(data, dict) and data.get("name") in datasets:
        part = {**part, "data": {"values": datasets[data["name"]]}}
    if "layer" in part:
        part = {**part, "layer": [_with_data(layer, datasets) for layer in part["layer"]]}
    return part
