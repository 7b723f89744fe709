"""The effects page: estimates as evidence, panels, effects estimated here, synthetic controls."""

from __future__ import annotations

import streamlit as st

from coding_schemes import Scheme
from workbench.i18n import get_language, t
from workbench.services import effects
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.ui import (
    effects_audit,
    effects_files,
    effects_import,
    effects_list,
    effects_matrix,
    effects_panel_list,
    effects_runs,
    effects_synthetic,
    session,
)
from workbench.ui.effects_panels import PART

PARTS = ("estimates", "panels", "did", "synthetic")
TABS = ("list", "readings", "matrix", "audit", "files")
KEY = "page.effects.tab"


def show(study: Study) -> None:
    """The choice of a part, and the part; only that is computed."""
    st.title(t("pages.effects"))
    scheme = study_scheme(study)
    part = st.segmented_control(
        t("effects.page.part"),
        PARTS,
        default=PARTS[0],
        required=True,
        format_func=lambda name: t(f"effects.page.part_{name}"),
        key=PART,
        label_visibility="collapsed",
        persist_state="session",
    )
    with session.shown_errors():
        match part:
            case "panels":
                effects_panel_list.show_panels(study)
            case "did":
                effects_runs.show_runs(study, scheme)
            case "synthetic":
                effects_synthetic.show_synthetic(study, scheme)
            case _:
                _show_estimates(study, scheme)


def _show_estimates(study: Study, scheme: Scheme | None) -> None:
    """The estimates stored, imported or kept of runs made here, as far as there are any."""
    estimates = effects.list_estimates(study)
    if not estimates:
        st.info(t("effects.page.empty"), icon=":material/upload_file:")
        effects_import.show_import(study)
        return
    sources = effects.estimates_sources(study)
    count = t("effects.page.count", n=len(estimates))
    st.caption(f"{count} · {'; '.join(source.label for source in sources)}")
    names = [t(f"effects.page.tab_{name}") for name in TABS]
    tabs = dict(zip(TABS, st.tabs(names, key=f"{KEY}.{get_language()}", on_change="rerun"), strict=True))
    opened = next((name for name in TABS if tabs[name].open), TABS[0])
    with tabs[opened]:
        if opened in ("list", "readings"):
            shown = effects_list.show_filters(estimates, scheme)
            show_part = effects_list.show_estimates if opened == "list" else effects_list.show_readings
            show_part(shown, scheme)
        elif opened == "matrix":
            effects_matrix.show_matrix(estimates, scheme)
        elif opened == "audit":
            effects_audit.show_audit(study)
        else:
            effects_files.show_files(study, sources)
