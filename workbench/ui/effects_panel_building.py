"""A panel built of register records on the page: rules and records in, how it came about, and then saving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from quant.panel_building import BuiltPanel
from workbench.display import format_number
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import get_language, t
from workbench.jobs import Job, JobCancelledError, Steps, start_job
from workbench.services import panel_files, panel_tables, panels
from workbench.services.files import GivenFile
from workbench.services.panel_template import panel_template
from workbench.services.panel_uploads import make_panel_of_uploads
from workbench.services.panels import SavedPanel
from workbench.services.studies import Study
from workbench.settings import load_settings
from workbench.ui import session
from workbench.ui.effects_panels import NATURES
from workbench.ui.job_progress import settle, show_job
from workbench.ui.markdown import escaped
from workbench.ui.tables import show_table
from workbench.ui.uploads import given_file

KEY = "page.effects.panel.build"
JOB, MADE, PROBLEM, ROUND = (f"{KEY}.{name}" for name in ("job", "made", "problem", "round"))


@dataclass(frozen=True)
class MadePanel:
    """A panel that is built and not saved yet. rules : the name of their file."""

    panel: BuiltPanel
    rules: str


def show_building(study: Study) -> None:
    """The form, the work while it goes on, and what it made."""
    job: Job[MadePanel] | None = st.session_state.get(JOB)
    if job is not None and job.finished:
        _settle(job)
        job = None
    made: MadePanel | None = st.session_state.get(MADE)
    problem = st.session_state.get(PROBLEM)
    busy = job is not None or made is not None or problem is not None
    with st.expander(t("panels.page.build"), icon=":material/account_tree:", expanded=busy):
        _show_form(running=job is not None)
        if problem:
            st.error(problem, icon=":material/error:")
    if job is not None:
        show_job(job, said="panels.page.working", key=JOB)
    elif made is not None:
        _show_result(study, made)


def show_made(made: BuiltPanel | SavedPanel) -> None:
    """How a panel came about: what is left after each stage, what was found, what a reader must know."""
    language = get_language()
    show_table(panel_tables.flow_table(made, language=language))
    found = panel_tables.found_table(made, language=language)
    if found.rows:
        show_table(found)
    else:
        st.caption(t("panels.page.nothing_found"))


def _show_form(*, running: bool) -> None:
    number = st.session_state.get(ROUND, 0)
    st.caption(t("panels.page.build_text"))
    template = panel_template(language=get_language())
    st.download_button(
        t("panels.page.template"),
        template.content,
        file_name=template.name,
        mime="application/toml",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"{KEY}.template",
    )
    left, right = st.columns(2)
    rules = left.file_uploader(
        t("panels.page.rules"),
        type=["toml", "json"],
        help=t("panels.page.rules_help"),
        key=f"{KEY}.rules.{number}",
    )
    uploads = right.file_uploader(
        t("panels.page.records"),
        accept_multiple_files=True,
        help=t("panels.page.records_help"),
        key=f"{KEY}.records.{number}",
    )
    left, right = st.columns([2, 1])
    path = left.text_input(
        t("panels.page.path"),
        placeholder=t("panels.page.path_placeholder"),
        help=t("panels.page.path_help"),
        key=f"{KEY}.path.{number}",
    )
    table = right.text_input(
        t("panels.page.table"), help=t("panels.page.table_help"), key=f"{KEY}.table.{number}"
    )
    wanted = st.button(
        t("panels.page.start"), type="primary", disabled=rules is None or running, key=f"{KEY}.start"
    )
    if wanted and rules is not None:
        records = [given_file(each) for each in uploads] or path.strip().strip('"')
        _start(given_file(rules), records, table.strip() or None)
        st.rerun()


def _start(rules: GivenFile, records: Sequence[GivenFile] | str, table: str | None) -> None:
    def work(steps: Steps) -> MadePanel:
        built = make_panel_of_uploads(rules, records, table=table, on_step=steps.step)
        return MadePanel(built, rules.name)

    for name in (PROBLEM, MADE):
        st.session_state.pop(name, None)
    job = start_job(work)
    st.session_state[JOB] = job
    settle(job)


def _settle(job: Job[MadePanel]) -> None:
    """What a job that is over leaves: a panel to look at, or why there is none."""
    st.session_state.pop(JOB, None)
    try:
        st.session_state[MADE] = job.result()
    except JobCancelledError:
        session.notify(t("panels.page.cancelled"), icon=":material/close:")
    except USER_ERRORS as error:
        st.session_state[PROBLEM] = error_text(error)


def _show_result(study: Study, made: MadePanel) -> None:
    language = get_language()
    last = made.panel.flow.iloc[-1]
    with st.container(border=True):
        st.markdown(f"##### {t('panels.page.result')}")
        size = t(
            "panels.page.result_size",
            rows=format_number(int(last["n_rows"]), 0, language),
            units=format_number(int(last["n_units"]), 0, language),
            rules=escaped(made.rules),
        )
        st.markdown(size)
        show_made(made.panel)
        show_table(panel_tables.first_rows_table(made.panel, language=language))
        _show_saving(study, made)


def _show_saving(study: Study, made: MadePanel) -> None:
    left, right = st.columns(2)
    stem = Path(made.rules).stem
    name = Path(left.text_input(t("panels.page.name"), stem, key=f"{KEY}.name.{stem}").strip()).name
    label = right.text_input(t("did.page.label"), help=t("effects.import.label_help"), key=f"{KEY}.label")
    nature = st.segmented_control(
        t("panels.page.nature"),
        NATURES,
        default=NATURES[0],
        required=True,
        format_func=lambda word: t(f"effects.nature.{word}"),
        key=f"{KEY}.nature",
    )
    if f"{name}.parquet" in {panel.name for panel in panel_files.study_panels(study)}:
        st.caption(t("panels.page.replaces", name=escaped(f"{name}.parquet")))
    with st.container(horizontal=True):
        save = st.button(t("panels.page.save"), type="primary", disabled=not name, key=f"{KEY}.save")
        discard = st.button(t("panels.page.discard"), key=f"{KEY}.discard")
    if save:
        with session.shown_errors():
            saved = panels.save_panel(
                study,
                made.panel,
                f"{name}.toml",
                actor=session.coder(),
                label=label.strip(),
                nature=nature or "measured",  # type: ignore[arg-type]  # one of NATURES
                home=load_settings().home,
            )
            st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
            session.notify(t("panels.page.saved", name=Path(saved.path).name))
            discard = True
    if discard:
        st.session_state.pop(MADE, None)
        st.rerun()
