"""Synthetic controls on the effects page: declare, make, read, take away, keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from coding_schemes import Scheme
from quant.effect_specs import PredictorSpec, SyntheticSpec
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import get_language, t
from workbench.jobs import Job, JobCancelledError, Steps, start_job
from workbench.services import effect_guesses, effect_runs, synthetic_runs
from workbench.services.effect_runs import PanelFile
from workbench.services.studies import Study
from workbench.services.synthetic_runs import SyntheticFindings
from workbench.services.synthetic_tables import SyntheticTables
from workbench.services.terms import term_label
from workbench.ui import effects_panels, session
from workbench.ui.charts import show_figure
from workbench.ui.effects_kept import choose_kept
from workbench.ui.job_progress import settle, show_job
from workbench.ui.tables import download_table, show_table

KEY = "page.effects.synthetic"
ICONS = {"good": ":material/check_circle:", "doubtful": ":material/help:", "poor": ":material/block:"}


def show_synthetic(study: Study, scheme: Scheme | None) -> None:
    """The panel, the declaration, and what the last run found."""
    panel = effects_panels.choose_panel(study, part="synthetic")
    if panel is None:
        return
    st.caption(effects_panels.describe_panel(panel))
    job: Job[SyntheticFindings] | None = st.session_state.get(f"{KEY}.job")
    if job is not None and not job.finished:
        show_job(job, said="did.page.working", key=f"{KEY}.job")
        return
    if job is not None:
        _settle(study, job)
    spec = _declaration(panel, scheme)
    if spec is not None and st.button(t("synthetic.page.run"), type="primary", key=f"{KEY}.run"):
        _start(panel, spec)
        st.rerun()
    problem = st.session_state.get(f"{KEY}.problem")
    if problem:
        st.error(problem, icon=":material/error:")
    kept = synthetic_runs.kept_synthetic(study)
    if kept:
        st.divider()
        found = choose_kept(study, kept, kind="synthetic_control", key=KEY)
        effects_panels.say_other_panel(panel, found.panel)
        show_findings(study, found, scheme)


def _start(panel: PanelFile, spec: SyntheticSpec) -> None:
    def work(steps: Steps) -> SyntheticFindings:
        return synthetic_runs.estimate_synthetic(panel, spec, on_step=steps.step)

    st.session_state.pop(f"{KEY}.problem", None)
    job = start_job(work)
    st.session_state[f"{KEY}.job"] = job
    settle(job)


def _settle(study: Study, job: Job[SyntheticFindings]) -> None:
    """What a job that is over leaves: findings that are kept with the study, or why there are none."""
    st.session_state.pop(f"{KEY}.job", None)
    try:
        synthetic_runs.keep_synthetic(study, job.result(), actor=session.coder())
    except JobCancelledError:
        session.notify(t("did.page.cancelled"), icon=":material/close:")
    except USER_ERRORS as error:
        st.session_state[f"{KEY}.problem"] = error_text(error)


def _declaration(panel: PanelFile, scheme: Scheme | None) -> SyntheticSpec | None:
    """A declaration made of the widgets, each begun with a guess; None while something is missing."""
    language = get_language()
    columns = effect_runs.panel_columns(panel)
    guess = effect_guesses.guess_columns(panel)
    key = f"{KEY}.{panel.sha256[:8]}"

    def words(name: str) -> str:
        return term_label(scheme, name, language)

    first, second, third = st.columns(3)
    outcome = _column(first, "outcome", columns, guess.outcomes[0] if guess.outcomes else None, key, words)
    unit = _column(second, "unit", columns, guess.unit or guess.cluster, key, words)
    time = _column(third, "time", columns, guess.time, key, words)
    if not (outcome and unit and time):
        st.caption(t("synthetic.page.choose_first"))
        return None
    try:
        periods = effect_guesses.periods_of(panel, time)
    except USER_ERRORS as error:
        st.error(error_text(error), icon=":material/error:")
        return None
    units = effect_guesses.units_of(panel, unit)
    treated = st.multiselect(
        t("synthetic.page.treated_units"),
        units,
        placeholder=t("did.page.choose"),
        help=t("synthetic.page.treated_units_help"),
        key=f"{key}.treated_units.{unit}",
        persist_state="session",
    )
    start: str = st.select_slider(
        t("did.page.start"),
        periods,
        value=effect_guesses.guess_start(panel, periods, time, guess.treated),
        help=t("did.page.start_help"),
        key=f"{key}.start.{time}",
    )
    with st.expander(t("synthetic.page.more"), icon=":material/tune:"):
        predictors = st.multiselect(
            t("synthetic.page.predictors"),
            [name for name in columns if name not in (unit, time)],
            format_func=words,
            placeholder=t("synthetic.page.no_predictors"),
            help=t("synthetic.page.predictors_help"),
            key=f"{key}.predictors",
            persist_state="session",
        )
        exclude = st.multiselect(
            t("synthetic.page.exclude"),
            [name for name in units if name not in treated],
            placeholder=t("did.page.none"),
            key=f"{key}.exclude.{unit}",
            persist_state="session",
        )
        left, right = st.columns(2)
        intervals = left.checkbox(
            t("synthetic.page.intervals"), disabled=len(treated) > 1, key=f"{key}.intervals"
        )
        earlier = right.checkbox(t("synthetic.page.earlier"), disabled=len(treated) > 1, key=f"{key}.earlier")
    if not treated:
        st.caption(t("synthetic.page.choose_treated"))
        return None
    pretended = effect_guesses.pretended_start(periods, start) if earlier else ()
    return SyntheticSpec(
        outcome=outcome,
        unit=unit,
        time=time,
        treated_units=tuple(treated),
        start=start,
        predictors=tuple(PredictorSpec(name) for name in predictors),
        exclude=tuple(exclude),
        placebo_start=pretended[0] if pretended else None,
        intervals=intervals and len(treated) == 1,
        average_rows=effect_guesses.has_repeated_rows(panel, unit, time),
    )


def _column(
    place: Any, name: str, columns: list[str], guess: str | None, key: str, words: Callable[[str], str]
) -> str | None:
    chosen: str | None = place.selectbox(
        t(f"synthetic.page.{name}"),
        columns,
        index=columns.index(guess) if guess is not None and guess in columns else None,
        placeholder=t("did.page.choose"),
        format_func=words,
        key=f"{key}.{name}",
        persist_state="session",
    )
    return chosen


def show_findings(study: Study, found: SyntheticFindings, scheme: Scheme | None) -> None:
    """What a run found: the effects with their fit, then one unit in figures and tables, and the way out."""
    tables = SyntheticTables(found, language=get_language(), scheme=scheme)
    show_table(tables.summary())
    names = [str(unit["treated_unit"]) for unit in found.units]
    chosen = names[0]
    if len(names) > 1:
        chosen = st.selectbox(
            t("synthetic.page.show_unit"), names, key=f"{KEY}.shown.{len(names)}.{names[0]}"
        )
    _show_unit(found.units[names.index(chosen)], tables)
    with st.container(horizontal=True):
        download_table(tables.all(), name="synthetic_control", key=f"{KEY}.xlsx", text=t("did.page.download"))
        st.download_button(
            t("did.page.spec"),
            json.dumps(found.values["spec"], ensure_ascii=False, indent=2),
            file_name="synthetic_control.json",
            mime="application/json",
            key=f"{KEY}.spec",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
        with st.popover(t("did.page.keep"), icon=":material/add_link:"):
            _keep(study, found)


def _show_unit(unit: dict[str, Any], tables: SyntheticTables) -> None:
    from workbench.services.synthetic_figures import gap_figure, path_figure

    say = st.error if unit["fit"] == "poor" else st.info
    say(tables.fit_sentence(unit), icon=ICONS[unit["fit"]])
    show_figure(lambda: path_figure(tables, unit), key=f"{KEY}.path", source=False)
    show_figure(lambda: gap_figure(tables, unit), key=f"{KEY}.gap", source=False)
    show_table(tables.donors(unit))
    for table in (tables.balance(unit), tables.path(unit), tables.placebos(unit)):
        if table is not None:
            with st.expander(table.title, icon=":material/table_rows:"):
                show_table(table, title=False)
    earlier = tables.earlier(unit)
    if earlier is not None:
        st.caption(earlier)
    for failed in unit["failed"]:
        st.caption(tables.said(failed))


def _keep(study: Study, found: SyntheticFindings) -> None:
    st.caption(t("synthetic.page.keep_help"))
    name = st.text_input(t("did.page.keep_name"), t("synthetic.model"), key=f"{KEY}.name").strip()
    if st.button(t("did.page.keep_evidence"), disabled=not name, type="primary", key=f"{KEY}.keep"):
        with session.shown_errors():
            kept = synthetic_runs.keep_as_evidence(study, found, name=name, actor=session.coder())
            synthetic_runs.keep_synthetic(study, found, actor=session.coder(), title=name)
            session.notify(t("did.command.kept", n=kept.estimates, name=name))
            st.rerun()
