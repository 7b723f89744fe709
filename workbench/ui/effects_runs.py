"""Difference-in-differences on the effects page: declare, estimate, read, take away, keep."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from coding_schemes import Scheme
from quant.effect_specs import EffectSpec
from workbench.errors import USER_ERRORS, InvalidRequestError, error_text
from workbench.i18n import get_language, t
from workbench.jobs import Job, JobCancelledError, Steps, start_job
from workbench.services import effect_guesses, effect_runs, synthetic_runs
from workbench.services.effect_check_tables import all_tables, check_tables
from workbench.services.effect_run_tables import EffectTables
from workbench.services.effect_runs import Findings, PanelFile
from workbench.services.studies import Study
from workbench.services.terms import term_label
from workbench.ui import effects_panels, session
from workbench.ui.charts import show_figure
from workbench.ui.effects_kept import choose_kept
from workbench.ui.job_progress import settle, show_job
from workbench.ui.tables import download_table, show_table

KEY = "page.effects.did"
DESIGNS = ("did", "event_study", "staggered")


def show_runs(study: Study, scheme: Scheme | None) -> None:
    """The panel, the declaration, and what the last run found."""
    panel = effects_panels.choose_panel(study, part="did")
    if panel is None:
        return
    st.caption(effects_panels.describe_panel(panel))
    job: Job[Findings] | None = st.session_state.get(f"{KEY}.job")
    if job is not None and not job.finished:
        show_job(job, said="did.page.working", key=f"{KEY}.job")
        return
    if job is not None:
        _settle(study, job)
    spec = _declaration(panel, scheme)
    if spec is not None:
        spec = _with_controls(study, spec, f"{KEY}.{panel.sha256[:8]}")
    if spec is not None and st.button(t("did.page.run"), type="primary", key=f"{KEY}.run"):
        _start(panel, spec)
        st.rerun()
    problem = st.session_state.get(f"{KEY}.problem")
    if problem:
        st.error(problem, icon=":material/error:")
    kept = effect_runs.kept_findings(study)
    if kept:
        st.divider()
        found = choose_kept(study, kept, kind="effect", key=KEY)
        effects_panels.say_other_panel(panel, found.panel)
        show_findings(study, found, scheme)


def _start(panel: PanelFile, spec: EffectSpec) -> None:
    def work(steps: Steps) -> Findings:
        return effect_runs.estimate_effects(panel, spec, on_step=steps.step)

    st.session_state.pop(f"{KEY}.problem", None)
    job = start_job(work)
    st.session_state[f"{KEY}.job"] = job
    settle(job)


def _settle(study: Study, job: Job[Findings]) -> None:
    """What a job that is over leaves: findings that are kept with the study, or why there are none."""
    st.session_state.pop(f"{KEY}.job", None)
    try:
        effect_runs.keep_findings(study, job.result(), actor=session.coder())
    except JobCancelledError:
        session.notify(t("did.page.cancelled"), icon=":material/close:")
    except USER_ERRORS as error:
        st.session_state[f"{KEY}.problem"] = error_text(error)


def _declaration(panel: PanelFile, scheme: Scheme | None) -> EffectSpec | None:
    """A declaration made of the widgets, each begun with a guess; None while something is missing."""
    language = get_language()
    columns = effect_runs.panel_columns(panel)
    guess = effect_guesses.guess_columns(panel)
    key = f"{KEY}.{panel.sha256[:8]}"

    def words(name: str) -> str:
        return term_label(scheme, name, language)

    design: Any = st.segmented_control(
        t("did.page.design"),
        DESIGNS,
        default="did",
        required=True,
        format_func=lambda name: t(f"did.design.{name}"),
        key=f"{key}.design",
        persist_state="session",
    )
    outcomes = st.multiselect(
        t("did.page.outcomes"),
        columns,
        default=guess.outcomes,
        format_func=words,
        key=f"{key}.outcomes",
        persist_state="session",
    )
    first, second, third, fourth = st.columns(4, vertical_alignment="bottom")
    time = _column(first, "time", columns, guess.time, key, words)
    treated = _column(second, "treated", columns, guess.treated, key, words)
    cluster = _column(third, "cluster", columns, guess.cluster, key, words, optional=True)
    unit = _column(fourth, "unit", columns, guess.unit, key, words, optional=True)
    start = _start_period(panel, time, treated, design, guess.start, key)
    design = design or "did"
    more = _more(columns, words, key, design=design, followed=bool(unit), clustered=bool(cluster))
    if not (outcomes and time and start and (treated or design == "staggered")):
        st.caption(t("did.page.choose_first"))
        return None
    periods = effect_guesses.periods_of(panel, time)
    by_year = more.by_year and design == "did"
    return EffectSpec(
        outcomes=tuple(outcomes),
        time=time,
        unit=unit,
        treated=treated or "",
        start=start,
        design=design,
        cluster=cluster,
        fixed_effects="unit" if unit else "group",
        windows=effect_guesses.windows_by_year(periods, start) if by_year else {},
        placebo_starts=effect_guesses.pretended_start(periods, start) if more.placebos else (),
        **more.fields,
    )


def _with_controls(study: Study, spec: EffectSpec, key: str) -> EffectSpec:
    """The declaration, compared with all untreated units or with the donors of a kept synthetic control."""
    titles = [found.title for found in synthetic_runs.kept_synthetic(study) if found.title]
    if not titles or not (spec.cluster or spec.unit) or spec.design == "staggered":
        return spec
    chosen = st.selectbox(
        t("did.page.controls"),
        ["", *titles],
        format_func=lambda title: (
            t("did.page.donors_of", title=title) if title else t("did.page.all_controls")
        ),
        help=t("did.page.controls_help"),
        key=f"{key}.controls",
        persist_state="session",
    )
    return replace(spec, controls=synthetic_runs.donors_of(study, chosen)) if chosen else spec


@dataclass(frozen=True)
class _More:
    """What the expander adds. fields : of the declaration, as they are.   The others are made of periods."""

    fields: dict[str, Any]
    by_year: bool
    placebos: bool


def _more(
    columns: Sequence[str],
    words: Callable[[str], str],
    key: str,
    *,
    design: str,
    followed: bool,
    clustered: bool,
) -> _More:
    """Control variables, subgroups and checks.

    followed, clustered : whether units have effects of their own, and errors are clustered.
    """
    of_clusters = clustered and design == "did"

    def check(name: str, *, possible: bool = True, **options: Any) -> bool:
        label = t("did.page." + name)
        return right.checkbox(label, disabled=not possible, key=f"{key}.{name}", **options)

    def several(name: str) -> tuple[str, ...]:
        label = t("did.page." + name)
        chosen = left.multiselect(
            label, columns, format_func=words, key=f"{key}.{name}", persist_state="session"
        )
        return tuple(chosen)

    with st.expander(t("did.page.more"), icon=":material/tune:"):
        left, right = st.columns(2)
        covariates, subgroups = several("covariates"), several("subgroups")
        by_year = check("by_year", possible=design == "did", value=True)
        gaps = check("gaps", possible=followed, help=t("did.page.gaps_help"))
        checks = {
            name: check(name, possible=of_clusters) and of_clusters
            for name in ("bootstrap", "randomisation", "leave_one_out")
        }
        placebos = check("placebos", possible=design != "staggered")
        sensitivity = check("sensitivity")
        gate = left.number_input(
            t("did.page.gate"), 0.0, 0.5, 0.05, 0.01, help=t("did.page.gate_help"), key=f"{key}.gate"
        )
    fields = {
        "covariates": covariates,
        "subgroups": subgroups,
        "gate": gate,
        "gaps": "keep" if gaps else "refuse",
        "sensitivity": sensitivity,
        **checks,
    }
    return _More(fields, by_year, placebos)


def _column(
    place: Any,
    name: str,
    columns: Sequence[str],
    guess: str | None,
    key: str,
    words: Any,
    *,
    optional: bool = False,
) -> str | None:
    chosen: str | None = place.selectbox(
        t(f"did.page.{name}"),
        columns,
        index=list(columns).index(guess) if guess is not None and guess in columns else None,
        placeholder=t("did.page.none" if optional else "did.page.choose"),
        format_func=words,
        help=t(f"did.page.{name}_help"),
        key=f"{key}.{name}",
        persist_state="session",
    )
    return chosen


def _start_period(
    panel: PanelFile, time: str | None, treated: str | None, design: str, guess: str | None, key: str
) -> str | None:
    """The first treated period, or the column that has it where units start at different times.

    guess : the column that probably has it.
    """
    if time is None:
        return None
    if design == "staggered":
        columns = effect_runs.panel_columns(panel)
        named: str | None = st.selectbox(
            t("did.page.start_column"),
            columns,
            index=columns.index(guess) if guess is not None else None,
            placeholder=t("did.page.choose"),
            help=t("did.page.start_column_help"),
            key=f"{key}.start_column",
            persist_state="session",
        )
        return named
    try:
        periods = effect_guesses.periods_of(panel, time)
    except InvalidRequestError as error:
        st.error(error_text(error), icon=":material/error:")
        return None
    chosen: str | None = st.select_slider(
        t("did.page.start"),
        periods,
        value=effect_guesses.guess_start(panel, periods, time, treated),
        help=t("did.page.start_help"),
        key=f"{key}.start.{time}",
    )
    return chosen


def show_findings(study: Study, found: Findings, scheme: Scheme | None) -> None:
    """What a run found: pooled effects, one outcome by period in figures, the checks, and the way out."""
    tables = EffectTables(found, language=get_language(), scheme=scheme)
    if any(each["effect"] for each in found.outcomes):
        show_table(tables.pooled())
    for failed in found.values["failed"]:
        st.warning(f"{tables.named(failed['outcome'])}: {tables.note(failed)}", icon=":material/warning:")
    st.space("small")
    names = [each["outcome"] for each in found.outcomes]
    chosen = st.segmented_control(
        t("effects.outcome"),
        names,
        default=names[0],
        required=True,
        format_func=tables.named,
        key=f"{KEY}.outcome.{'.'.join(names)}",
        label_visibility="collapsed" if len(names) < 2 else "visible",
    )
    outcome = next((each for each in found.outcomes if each["outcome"] == chosen), found.outcomes[0])
    _show_outcome(found, outcome, tables, scheme)
    for table in check_tables(tables):
        with st.expander(table.title, icon=":material/rule:"):
            if table.key == "effects_subgroups":
                _show_forest(found, outcome, scheme)
            show_table(table, title=False)
    for each in found.outcomes:
        for failed in each["failed"]:
            st.caption(f"{tables.outcome(each)}, {t('did.check.' + failed['part'])}: {tables.note(failed)}")
    _show_ways_out(study, found, tables)


def _show_outcome(
    found: Findings, outcome: dict[str, Any], tables: EffectTables, scheme: Scheme | None
) -> None:
    from workbench.services.effect_run_figures import event_study_figure, trends_figure

    language = get_language()
    icon = {"passed": ":material/check_circle:", "failed": ":material/block:", "untested": ":material/help:"}
    say = st.error if outcome["status"] == "failed" else st.info
    say(tables.gate_sentence(outcome), icon=icon[outcome["status"]])
    trends = trends_figure(found, outcome, language=language, scheme=scheme)
    if trends is not None:
        show_figure(lambda: trends, key=f"{KEY}.trends", source=False)
    study = event_study_figure(found, outcome, language=language, scheme=scheme)
    said_above = tables.gate_sentence(outcome)
    figure = replace(study, notes=tuple(note for note in study.notes if note != said_above))
    show_figure(lambda: figure, key=f"{KEY}.study", source=False)
    by_period = tables.by_period(outcome)
    with st.expander(by_period.title, icon=":material/table_rows:"):
        show_table(by_period, title=False)


def _show_forest(found: Findings, outcome: dict[str, Any], scheme: Scheme | None) -> None:
    from workbench.services.effect_run_figures import subgroups_figure

    forest = subgroups_figure(found, outcome, language=get_language(), scheme=scheme)
    if forest is not None:
        show_figure(lambda: forest, key=f"{KEY}.forest", source=False)


def _show_ways_out(study: Study, found: Findings, tables: EffectTables) -> None:
    with st.container(horizontal=True):
        download_table(all_tables(tables), name="effects", key=f"{KEY}.xlsx", text=t("did.page.download"))
        st.download_button(
            t("did.page.spec"),
            json.dumps(found.values["spec"], ensure_ascii=False, indent=2),
            file_name="effects.json",
            mime="application/json",
            key=f"{KEY}.spec",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
        with st.popover(t("did.page.keep"), icon=":material/add_link:"):
            _keep(study, found)


def _keep(study: Study, found: Findings) -> None:
    st.caption(t("did.page.keep_help"))
    name = st.text_input(t("did.page.keep_name"), t("did.page.keep_default"), key=f"{KEY}.name").strip()
    if st.button(t("did.page.keep_evidence"), disabled=not name, type="primary", key=f"{KEY}.keep"):
        with session.shown_errors():
            kept = effect_runs.keep_as_evidence(study, found, name=name, actor=session.coder())
            effect_runs.keep_findings(study, found, actor=session.coder(), title=name)
            session.notify(t("did.command.kept", n=kept.estimates, name=name))
            st.rerun()
