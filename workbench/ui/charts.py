"""A Figure on the screen: its own colours, decimal comma in Danish, described for those who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from workbench.figures import Figure  # altair is slow to import; figures are made inside functions


def show_figure(figure: Figure, *, key: str, title: bool = True) -> None:
    """The figure with its title above and its notes below."""
    if title:
        st.markdown(f"**{figure.title}**")
    spec = figure.altair.to_dict()
    comma = figure.language == "da"
    number = {"decimal": "," if comma else ".", "thousands": "." if comma else ",", "grouping": [3]}
    # Written into the chart, since the browser's own locale need not be the study's language.
    spec.setdefault("config", {})["locale"] = {"number": {**number, "currency": ["", ""], "minus": "−"}}
    st.vega_lite_chart(spec, width="content", theme=None, key=key, alt=figure.alt_text)
    for text in (*figure.notes, figure.source):
        if text:
            st.caption(text)
