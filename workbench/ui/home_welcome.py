"""Three ways to a study: the demonstration, one that is there, one's own."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import t
from workbench.ui.home_new_study import show_new_study
from workbench.ui.home_open_study import show_demonstration, show_open_study


def show() -> None:
    """The welcome of somebody without a study."""
    st.title(t("home.welcome.title"))
    st.markdown(t("home.welcome.text"))
    show_ways()


def show_ways() -> None:
    """The three ways side by side."""
    demonstration, existing, own = st.columns(3, gap="medium")
    with demonstration.container(border=True, height="stretch"):
        show_demonstration()
    with existing.container(border=True, height="stretch"):
        show_open_study()
    with own.container(border=True, height="stretch"):
        show_new_study()
