"""The Streamlit entry: language, open study, and the page that was asked for."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import t
from workbench.navigation import navigation
from workbench.ui import session
from workbench.ui.uploads import label_uploaders


def main() -> None:
    """Run one page."""
    st.set_page_config(page_title=t("pages.application"), page_icon=":material/join_inner:", layout="wide")
    session.begin()
    label_uploaders()
    chosen = navigation(with_study=session.current_study() is not None)
    session.sidebar()
    with session.shown_errors():
        chosen.run()


main()
