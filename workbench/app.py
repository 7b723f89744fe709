"""The Streamlit entry: language, open study, and the page that was asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from workbench.i18n import t
from workbench.navigation import navigation
from workbench.ui import editing_state, session
from workbench.ui.uploads import label_uploaders

ICON = Path(__file__).parent / "ui" / "icon.png"
# Streamlit writes the chosen segment in the primary colour, which is too faint on dark ground.
READABLE_CHOICE = (
    '<style>[data-testid="stButtonGroup"] button[data-selected="true"],'
    '[data-testid="stButtonGroup"] button[data-selected="true"] *{color:inherit!important}</style>'
)


def main() -> None:
    """Run one page."""
    # A picture of our own: the browser would fetch the icon of a name from somebody else's server.
    st.set_page_config(page_title=t("pages.application"), page_icon=str(ICON), layout="wide")
    session.begin()
    label_uploaders()
    st.html(READABLE_CHOICE)
    chosen = navigation(with_study=session.current_study() is not None)
    session.sidebar()
    editing_state.show_unsaved()
    with session.shown_errors():
        chosen.run()


main()
