"""The panel that effects are estimated from: choosing one of the study's, adding another, taking one away."""

from __future__ import annotations

import streamlit as st

from workbench.display import format_number
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import get_language, t
from workbench.services import panel_files
from workbench.services.effect_runs import PanelFile, panel_columns
from workbench.services.panel_files import StudyPanel
from workbench.services.studies import Study
from workbench.settings import load_settings
from workbench.ui import session
from workbench.ui.choices import forget_choices
from workbench.ui.markdown import escaped
from workbench.ui.uploads import given_file

PART = "page.effects.part"
KEY = "page.effects.panel"
NATURES = ("measured", "simulated", "published", "invented")
TYPES = ["csv", "txt", "xlsx", "ods", "parquet", "dta", "sav"]


def choose_panel(study: Study, *, part: str) -> PanelFile | None:
    """The chosen panel, opened; None, with the form to add one, where there is none.

    part : which part of the page asks, as each has widgets of its own.
    """
    panels = panel_files.study_panels(study)
    if not panels:
        st.info(t("did.page.no_panel"), icon=":material/table:")
        show_adding(study, part)
        return None
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    name = left.selectbox(
        t("did.page.panel"),
        [panel.name for panel in panels],
        format_func=lambda name: _shown(next(panel for panel in panels if panel.name == name)),
        key=f"{KEY}.{part}.name",
        persist_state="session",
    )
    right.button(
        t("panels.page.manage"),
        icon=":material/folder:",
        width="stretch",
        on_click=_go_to_panels,
        key=f"{KEY}.{part}.manage",
    )
    try:
        return _opened(study, panel_files.find_panel(study, name))
    except USER_ERRORS as error:
        st.error(error_text(error), icon=":material/error:")
        return None


def describe_panel(panel: PanelFile) -> str:
    """Rows and columns of a panel; a file that stays where it is only has its columns counted."""
    language = get_language()
    columns = len(panel_columns(panel))
    if hasattr(panel.rows, "shape"):
        rows = format_number(len(panel.rows), 0, language)
        return t("did.page.size", rows=rows, columns=columns)
    return t("did.page.size_outside", columns=columns)


def say_other_panel(panel: PanelFile, of: str) -> None:
    """Say that what is shown was found in another panel than the chosen one, if it was."""
    if of != panel.name:
        st.caption(t("panels.page.results_of", name=escaped(of)))


def _go_to_panels() -> None:
    st.session_state[PART] = "panels"


def _shown(panel: StudyPanel) -> str:
    nature = t(f"effects.nature.{panel.nature}").lower()
    return panel.label if panel.nature == "measured" else f"{panel.label} ({nature})"


def _opened(study: Study, panel: StudyPanel) -> PanelFile:
    """The panel, read once a session."""
    known = st.session_state.get(f"{KEY}.opened")
    if known is None or known[0] != (study.reference, panel):
        with st.spinner(t("did.page.reading", name=panel.name)):
            opened = panel_files.open_study_panel(study, panel.name, home=load_settings().home)
        known = ((study.reference, panel), opened)
        st.session_state[f"{KEY}.opened"] = known
    found: PanelFile = known[1]
    return found


def show_adding(study: Study, part: str) -> None:
    """The form that adds a file; `part` is which part of the page it stands in."""
    number = st.session_state.get(f"{KEY}.round", 0)
    upload = st.file_uploader(
        t("did.page.upload"), type=TYPES, help=t("did.page.upload_help"), key=f"{KEY}.{part}.file.{number}"
    )
    path = st.text_input(
        t("did.page.path"),
        placeholder=t("did.page.path_placeholder"),
        help=t("did.page.path_help"),
        key=f"{KEY}.{part}.path.{number}",
    )
    label = st.text_input(
        t("did.page.label"), help=t("effects.import.label_help"), key=f"{KEY}.{part}.label.{number}"
    )
    nature = st.segmented_control(
        t("panels.list.nature"),
        NATURES,
        default=NATURES[0],
        required=True,
        format_func=lambda word: t(f"effects.nature.{word}"),
        key=f"{KEY}.{part}.nature.{number}",
    )
    given = given_file(upload) if upload is not None else path.strip()
    if st.button(t("did.page.add"), type="primary", disabled=not given, key=f"{KEY}.{part}.add"):
        with session.shown_errors():
            added = panel_files.add_panel(
                study,
                given,
                actor=session.coder(),
                label=label.strip(),
                nature=nature or "measured",  # type: ignore[arg-type]  # one of NATURES
                home=load_settings().home,
            )
            st.session_state[f"{KEY}.round"] = number + 1
            forget_choices(f"{KEY}.{part}.")
            session.notify(t("did.page.added", name=added.name))
            st.rerun()
