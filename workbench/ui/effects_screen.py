"""The effects page: importing estimates, filtering and reading them, and the matrix."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import get_language, t
from workbench.services import effects
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.ui import effects_files, effects_import, effects_list, effects_matrix, session

TABS = ("list", "readings", "matrix", "files")
KEY = "page.effects.tab"


def show(study: Study) -> None:
    """The page as far as the study has come."""
    st.title(t("pages.effects"))
    estimates = effects.list_estimates(study)
    if not estimates:
        st.info(t("effects.page.empty"), icon=":material/upload_file:")
        effects_import.show_import(study)
        return
    sources = effects.estimates_sources(study)
    count = t("effects.page.count", n=len(estimates))
    st.caption(f"{count} · {'; '.join(source.label for source in sources)}")
    scheme = study_scheme(study)
    names = [t(f"effects.page.tab_{name}") for name in TABS]
    tabs = dict(zip(TABS, st.tabs(names, key=f"{KEY}.{get_language()}", on_change="rerun"), strict=True))
    with session.shown_errors():
        filtered = ("list", "readings")
        opened = next((name for name in TABS if tabs[name].open), TABS[0])
        with tabs[opened]:
            if opened in filtered:
                shown = effects_list.show_filters(estimates, scheme)
                show_part = effects_list.show_estimates if opened == "list" else effects_list.show_readings
                show_part(shown, scheme)
            elif opened == "matrix":
                effects_matrix.show_matrix(estimates, scheme)
            else:
                effects_files.show_files(study, sources)
