"""Regressions on the questionnaire page: choose, estimate, read, take away, keep as evidence."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from coding_schemes import Scheme
from quant import Instrument
from quant.regression_specs import FEWEST_DRAWS, MOST_DRAWS, Control, Mode, RegressionSpec
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import get_language, label, t
from workbench.services import index_values, outcomes, regression_runs, regression_tables, regressions
from workbench.services.regressions import StudyRun
from workbench.services.studies import Study
from workbench.services.survey_tables import background_label
from workbench.services.terms import term_label
from workbench.ui import questionnaire_kept, session
from workbench.ui.questionnaire_outcomes import show_outcomes
from workbench.ui.tables import download_table, show_table

KEY = "page.questionnaire.regressions"


def show_regressions(study: Study, instrument: Instrument, scheme: Scheme | None) -> None:
    """The choices, the result of the last run, and the outcomes below."""
    if outcomes.person_outcomes(study).empty:
        st.info(t("regressions.page.no_outcomes"), icon=":material/upload_file:")
        show_outcomes(study, scheme)
        return
    spec = _choices(study, instrument, scheme)
    if not (spec.outcomes and spec.predictors):
        st.caption(t("regressions.page.choose_first"))
    elif st.button(t("regressions.page.run"), type="primary", key=f"{KEY}.run"):
        _estimate(study, spec)
    found: tuple[str, StudyRun] | None = st.session_state.get(f"{KEY}.found")
    if found is not None and found[0] == study.reference:
        _result(study, found[1], instrument, scheme)
    questionnaire_kept.show_kept(study, "regression", key=f"{KEY}.kept", text=t("regressions.page.kept_runs"))


def _estimate(study: Study, spec: RegressionSpec) -> None:
    bar = st.progress(0.0)

    def step(done: int, total: int) -> None:
        bar.progress(done / total, t("regressions.page.running", done=done, total=total))

    try:
        found = regressions.regress_study(study, spec, on_step=step)
        regression_runs.keep_run(study, found, actor=session.coder())
        st.session_state[f"{KEY}.found"] = (study.reference, found)
    except USER_ERRORS as error:
        st.session_state.pop(f"{KEY}.found", None)
        st.error(error_text(error), icon=":material/error:")
    bar.empty()


def _choices(study: Study, instrument: Instrument, scheme: Scheme | None) -> RegressionSpec:
    """A declaration made of the widgets; it starts as the study's own suggestion."""
    suggested, language = regressions.default_spec(study), get_language()
    names = regression_tables.predictor_names(instrument, language)
    known = regressions.predictors(instrument, [each.name for each in index_values.usable_indices(study)])
    background = [str(name) for name in _backgrounds(study)]
    chosen = st.multiselect(
        t("regressions.page.choose_outcomes"),
        suggested.outcomes,
        default=suggested.outcomes,
        format_func=lambda name: term_label(scheme, name, language),
        key=f"{KEY}.outcomes",
    )
    left, right = st.columns([1, 2])
    sets = _sets(instrument, known)
    preset = left.selectbox(
        t("regressions.page.preset"), list(sets), key=f"{KEY}.preset.{language}", persist_state="session"
    )
    predictors = right.multiselect(
        t("regressions.page.choose_predictors"),
        list(dict.fromkeys(name for group in known.values() for name in group)),
        default=sets[preset],
        format_func=lambda name: names.get(name, name),
        key=f"{KEY}.predictors.{language}.{preset}",
    )
    left, right = st.columns(2)
    controls = left.multiselect(
        t("regressions.page.controls"),
        background,
        default=[each.column for each in suggested.controls],
        format_func=lambda name: background_label(name, language, scheme),
        key=f"{KEY}.controls",
    )
    absorb = right.selectbox(
        t("regressions.page.absorb"),
        background,
        index=background.index(suggested.absorb) if suggested.absorb else None,
        placeholder=t("regressions.page.no_absorb"),
        format_func=lambda name: background_label(name, language, scheme),
        key=f"{KEY}.absorb",
    )
    left, right = st.columns(2)
    errors: Any = left.segmented_control(
        t("regressions.page.errors"),
        ("iid", "robust", "cluster") if absorb else ("iid", "robust"),
        default="iid",
        required=True,
        format_func=lambda name: t(f"regressions.page.errors_{name}"),
        key=f"{KEY}.errors.{bool(absorb)}",
    )
    models: Any = right.segmented_control(
        t("regressions.page.models"),
        ("both", "single", "joint"),
        default="both",
        required=True,
        format_func=lambda name: t(f"regressions.mode.{name}"),
        key=f"{KEY}.models",
    )
    left, right = st.columns(2)
    change = left.checkbox(t("regressions.page.change"), suggested.change, key=f"{KEY}.change")
    false_discovery = right.checkbox(
        t("regressions.page.false_discovery"),
        help=t("regressions.page.false_discovery_help"),
        key=f"{KEY}.false_discovery",
    )
    logit = left.checkbox(t("regressions.page.logit"), key=f"{KEY}.logit")
    bootstrap = right.checkbox(
        t("regressions.page.bootstrap"),
        disabled=errors != "cluster",
        help=t("regressions.page.bootstrap_help"),
        key=f"{KEY}.bootstrap",
    )
    draws = RegressionSpec().draws
    if bootstrap and errors == "cluster":
        draws = right.number_input(
            t("regressions.page.draws"),
            min_value=FEWEST_DRAWS,
            max_value=MOST_DRAWS,
            value=draws,
            help=t("regressions.page.draws_help"),
            key=f"{KEY}.draws",
        )
    references = {each.column: each.reference for each in suggested.controls}
    return RegressionSpec(
        outcomes=tuple(chosen),
        predictors=tuple(predictors),
        controls=tuple(Control(name, references.get(name)) for name in controls if name != absorb),
        absorb=absorb,
        errors=errors or "iid",
        models=models or "both",
        change=change,
        logit=logit,
        bootstrap=bootstrap and errors == "cluster",
        draws=int(draws),
        false_discovery=false_discovery,
    )


def _sets(instrument: Instrument, known: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Usual choices of predictors by what they are called."""
    sets = {
        t("regressions.page.preset_items", respondent=label(each.label).lower()): [
            item.id for item in instrument.items if item.respondent == each.id
        ]
        for each in instrument.respondents
    }
    if known["factors"]:
        for solution in instrument.solutions():
            factors = [factor.id for factor in instrument.solution(solution)]
            sets[f"{t('regressions.page.preset_factors')}: {solution}"] = factors
    sets[t("regressions.page.preset_overall")] = list(known["overall"])
    if known["own"]:
        sets[t("surveys.solution.own")] = list(known["own"])
    return sets


def _backgrounds(study: Study) -> tuple[str, ...]:
    from workbench.services import surveys

    return surveys.backgrounds(study)


def _result(study: Study, found: StudyRun, instrument: Instrument, scheme: Scheme | None) -> None:
    language = get_language()
    names = regression_tables.predictor_names(instrument, language)
    *tables, every = regression_runs.run_tables(found, language=language, names=names, scheme=scheme)
    if found.run.failed:
        problem = error_text(found.run.failed[0][2])
        st.warning(t("regressions.page.failed", n=len(found.run.failed), problem=problem))
    for table in tables:
        show_table(table)
        st.space("small")
    with st.expander(every.title, icon=":material/table_rows:"):
        show_table(every, title=False)
    left, right = st.columns(2)
    with left:
        download_table(
            [*tables, every], name="regressions", key=f"{KEY}.xlsx", text=t("regressions.page.download")
        )
    with right:
        st.download_button(
            t("regressions.page.spec"),
            json.dumps(found.run.spec.as_dict(), ensure_ascii=False, indent=2),
            file_name="regressions.json",
            mime="application/json",
            key=f"{KEY}.spec",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
    modes: list[Mode] = [mode for mode in ("single", "joint") if found.run.tests(mode)]
    with st.container(horizontal=True):
        _keep_in_report(study, found)
        _keep(study, found, modes)


def _keep_in_report(study: Study, found: StudyRun) -> None:
    with st.popover(t("regressions.page.name_run"), icon=":material/bookmark_add:"):
        st.caption(t("regressions.page.name_run_help"))
        title = st.text_input(t("regressions.page.run_title"), found.run.spec.title, key=f"{KEY}.title")
        if st.button(t("regressions.page.name_run"), disabled=not title.strip(), key=f"{KEY}.name_run"):
            regression_runs.keep_run(study, found, title=title.strip(), actor=session.coder())
            session.notify(t("regressions.page.run_named", name=title.strip()))
            st.rerun()


def _keep(study: Study, found: StudyRun, modes: list[Mode]) -> None:
    with st.popover(t("regressions.page.keep"), icon=":material/add_link:"):
        st.caption(t("regressions.page.keep_help"))
        name = st.text_input(
            t("regressions.page.keep_name"), t("regressions.page.keep_default"), key=f"{KEY}.name"
        )
        mode: Any = st.segmented_control(
            t("regressions.page.models"),
            modes,
            default=modes[-1],
            required=True,
            format_func=lambda mode: t(f"regressions.mode.{mode}"),
            key=f"{KEY}.keep_mode",
        )
        if st.button(t("regressions.page.keep"), disabled=not name.strip(), key=f"{KEY}.keep"):
            try:
                kept = regressions.keep_as_evidence(
                    study, found, mode or modes[-1], name=name.strip(), actor=session.coder()
                )
            except USER_ERRORS as error:
                st.error(error_text(error), icon=":material/error:")
                return
            session.notify(t("regressions.page.kept", n=kept.estimates, name=name.strip()))
