"""Views beside the loadings: how many factors, fit, stability, reliability, groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from quant import Instrument, QuantError
from quant.stability import Stability
from workbench.display import TableSpec
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import get_language, set_language, t
from workbench.jobs import Job, JobCancelledError, Steps, start_job
from workbench.services import factor_check_tables as tables
from workbench.services import factor_checks as checks
from workbench.services import scale_check_tables as scales
from workbench.services import surveys
from workbench.services.factors import FactorSolution
from workbench.services.files import GivenFile
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.services.survey_tables import background_label, solution_label
from workbench.ui import session
from workbench.ui.charts import show_figure
from workbench.ui.tables import download_table, show_table

if TYPE_CHECKING:
    from quant import Retention
    from workbench.figures import Figure

KEY = "page.questionnaire.factors"
DRAWS = 1000
MAX_GROUPS = 12
REFRESH_SECONDS = 0.5


def show_retention(study: Study, instrument: Instrument, found: FactorSolution, source: str) -> None:
    """Rules for the number of factors, the scree beside chance, and the numbers behind it."""
    language, result = get_language(), found.result
    with st.spinner(""):
        kept = checks.retention_of(
            study, solution=found.solution, round=found.round, draws=DRAWS, correlation=result.correlation
        )
    table = tables.suggestions_table(kept, instrument, found.solution, language=language, source=source)
    numbers = tables.random_eigenvalues_table(
        kept, instrument, found.solution, language=language, source=source
    )
    show_figure(lambda: _scree(kept, instrument, found.solution), key=f"{KEY}.scree")
    show_table(table)
    st.space("small")
    show_table(numbers)
    download_table((table, numbers), name=f"retention_{found.solution}", key=f"{KEY}.retention.xlsx")


def _scree(kept: Retention, instrument: Instrument, solution: str) -> Figure:
    from workbench.figures import scree

    compared = kept.components
    frame = pd.DataFrame(
        {
            "number": range(1, len(compared.eigenvalues) + 1),
            "observed": compared.eigenvalues,
            "random_mean": compared.random_mean,
            "random_quantile": compared.random_quantile,
        }
    )
    title = t("factors.retention.figure", solution=solution_label(instrument, solution, get_language()))
    return scree(frame, title=title, percent=round(100 * compared.quantile), language=get_language())


def show_residuals(instrument: Instrument, found: FactorSolution, source: str) -> None:
    """What the factors explain least."""
    table = tables.residuals_table(found, instrument, language=get_language(), source=source)
    show_table(table)
    download_table(table, name=f"residuals_{found.solution}", key=f"{KEY}.residuals.xlsx")


def show_reliability(study: Study, instrument: Instrument, found: FactorSolution, source: str) -> None:
    """Alpha and omega of each index, and what each indicator does in it."""
    scales_found = checks.reliability_of(study, solution=found.solution, round=found.round)
    language = get_language()
    table = scales.reliability_table(
        scales_found, instrument, found.solution, language=language, source=source
    )
    items = scales.reliability_items_table(
        scales_found, instrument, found.solution, language=language, source=source
    )
    show_table(table)
    st.space("small")
    show_table(items)
    download_table((table, items), name=f"reliability_{found.solution}", key=f"{KEY}.reliability.xlsx")


def show_groups(study: Study, instrument: Instrument, found: FactorSolution, source: str) -> None:
    """The groups of a background column: nested models, and each group's own solution."""
    scheme, language = study_scheme(study), get_language()
    persons = surveys.require_answers(study).persons
    names = [name for name in surveys.backgrounds(study) if 1 < persons[name].nunique() <= MAX_GROUPS]
    if not names:
        st.info(t("factors.groups.choose"), icon=":material/group:")
        return
    by = st.selectbox(
        t("factors.groups.by"),
        names,
        format_func=lambda name: background_label(name, language, scheme),
        key=f"{KEY}.groups.by",
        persist_state="session",
    )
    result = found.result
    try:
        with st.spinner(""):
            compared = checks.invariance_of(
                study,
                by,
                solution=found.solution,
                round=found.round,
                extraction=result.extraction,
                rotation=result.rotation,
                kaiser=result.kaiser,
            )
    except QuantError as error:
        st.warning(error_text(error), icon=":material/group:")
        return
    title = background_label(by, language, scheme)
    shown: list[TableSpec] = []
    models = scales.invariance_table(
        compared, instrument, title, language=language, scheme=scheme, source=source
    )
    if models is None:
        st.warning(t("factors.groups.no_models", reason=compared.reason), icon=":material/group:")
    else:
        shown.append(models)
    own = scales.group_congruence_table(
        compared, found, instrument, title, language=language, scheme=scheme, source=source
    )
    for table in (*shown, own):
        show_table(table)
        st.space("small")
    download_table((*shown, own), name=f"groups_{found.solution}", key=f"{KEY}.groups.xlsx")


def show_stability(study: Study, instrument: Instrument, found: FactorSolution, source: str) -> None:
    """Bootstrap of the loadings, started by a button and stopped by one; likeness to a published solution."""
    st.caption(t("factors.stability.explain"))
    state = st.session_state
    draws = int(
        st.number_input(
            t("factors.stability.draws"),
            min_value=100,
            max_value=100_000,
            value=DRAWS,
            step=100,
            key=f"{KEY}.stability.draws",
            persist_state="session",
            width=180,
        )
    )
    asked = (*_asked(study, found), str(draws))
    kept: dict[tuple[str, ...], Stability] = state.setdefault(f"{KEY}.stability.kept", {})
    job: Job[Stability] | None = state.get(f"{KEY}.stability.job")
    if job is not None and state.get(f"{KEY}.stability.asked") != asked:
        job.cancel()
        job = state[f"{KEY}.stability.job"] = None
    if job is not None and job.finished:
        _settle(job, kept, asked)
        state[f"{KEY}.stability.job"] = job = None
    if job is not None:
        st.button(
            t("factors.stability.cancel"),
            key=f"{KEY}.stability.cancel",
            on_click=job.cancel,
            icon=":material/close:",
        )
        st.fragment(_draw, run_every=REFRESH_SECONDS)(job)
    elif asked in kept:
        _show_intervals(kept[asked], instrument, found, source)
    elif st.button(
        t("factors.stability.start"),
        key=f"{KEY}.stability.start",
        icon=":material/autorenew:",
        type="primary",
    ):

        def work(steps: Steps) -> Stability:
            return checks.stability_of(study, found, draws=draws, on_step=steps.step)

        state[f"{KEY}.stability.job"] = start_job(work, total=draws)
        state[f"{KEY}.stability.asked"] = asked
        st.rerun()
    st.space("small")
    _show_published(instrument, found)


def _asked(study: Study, found: FactorSolution) -> tuple[str, ...]:
    """What the intervals are of: another choice of method asks anew."""
    result = found.result
    source = surveys.answers_sources(study)[-1].id
    parts = (source, found.solution, found.round, result.method, len(result.factors), result.correlation)
    return tuple(map(str, parts))


def _settle(job: Job[Stability], kept: dict[tuple[str, ...], Stability], asked: tuple[str, ...]) -> None:
    try:
        kept[asked] = job.result()
    except JobCancelledError:
        st.info(t("factors.stability.cancelled"), icon=":material/close:")
    except USER_ERRORS as error:
        st.warning(error_text(error), icon=":material/functions:")


def _draw(job: Job[Stability]) -> None:
    set_language(session.language())
    if job.finished:
        st.rerun()
    now = job.progress()
    amount = t("factors.stability.progress", done=now.done, total=now.total)
    st.progress(now.share, text=f"{t('factors.stability.running')} · {amount}")


def _show_intervals(kept: Stability, instrument: Instrument, found: FactorSolution, source: str) -> None:
    language = get_language()
    likeness = tables.stability_congruence_table(kept, found, instrument, language=language, source=source)
    intervals = tables.stability_table(kept, found, instrument, language=language, source=source)
    show_table(likeness)
    st.space("small")
    show_table(intervals)
    download_table((likeness, intervals), name=f"stability_{found.solution}", key=f"{KEY}.stability.xlsx")


def _show_published(instrument: Instrument, found: FactorSolution) -> None:
    given = st.file_uploader(
        t("factors.published.upload"),
        type=["csv", "xlsx"],
        help=t("factors.published.upload_help"),
        key=f"{KEY}.published",
    )
    if given is None:
        return
    try:
        file = GivenFile(given.name, given.getvalue())
        matches = checks.congruence_with(found, checks.published_loadings(file), file.name)
    except USER_ERRORS as error:
        st.error(error_text(error), icon=":material/error:")
        return
    table = tables.published_table(matches, found, instrument, file.name, language=get_language())
    show_table(table)
    download_table(table, name=f"congruence_{found.solution}", key=f"{KEY}.published.xlsx")
