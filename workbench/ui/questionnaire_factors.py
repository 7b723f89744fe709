"""Factor analysis: solution, round and method; eigenvalues and rotated loadings."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pandas as pd
import streamlit as st

from quant import Correlation, Extraction, Instrument, Missing, QuantError, Rotation
from workbench.display import format_number, format_p_value
from workbench.errors import error_text
from workbench.i18n import get_language, t
from workbench.services import factors, surveys
from workbench.services.factor_tables import factor_titles, item_names, salient_cells, variance_table
from workbench.services.factors import WHOLE_QUESTIONNAIRE, FactorSolution
from workbench.services.studies import Study
from workbench.services.survey_tables import eigenvalues_table, loadings_table, solution_label
from workbench.ui import questionnaire_factor_checks
from workbench.ui.charts import show_figure
from workbench.ui.tables import download_table, show_table

if TYPE_CHECKING:
    from workbench.figures import Figure

KEY = "page.questionnaire.factors"
NO_ROTATION = "none"
VIEWS = ("loadings", "number", "residuals", "stability", "reliability", "groups")


def show_factors(study: Study, instrument: Instrument, source: str) -> None:
    """The choices of an analysis and its result; data that admit none say why."""
    solution, number = _sample_choice(study, instrument)
    with st.container(horizontal=True):
        extraction, rotation, kaiser, n_factors = _method_choice(instrument, solution)
        correlation, missing, cutoff, decimals = _table_choice()
    try:
        with st.spinner(""):
            [found] = factors.factor_solutions(
                study,
                solutions=(solution,),
                extraction=extraction,
                rotation=rotation,
                kaiser=kaiser,
                n_factors=n_factors,
                round=number,
                correlation=correlation,
                missing=missing,
            )
    except QuantError as error:
        st.warning(_with_labels(error_text(error), instrument), icon=":material/functions:")
        return
    view = st.segmented_control(
        t("factors.view.label"),
        VIEWS,
        default=VIEWS[0],
        required=True,
        format_func=lambda name: t(f"factors.view.{name}"),
        key=f"{KEY}.view",
        label_visibility="collapsed",
        persist_state="session",
    )
    if view == "number":
        questionnaire_factor_checks.show_retention(study, instrument, found, source)
    elif view == "residuals":
        questionnaire_factor_checks.show_residuals(instrument, found, source)
    elif view == "stability":
        questionnaire_factor_checks.show_stability(study, instrument, found, source)
    elif view == "reliability":
        questionnaire_factor_checks.show_reliability(study, instrument, found, source)
    elif view == "groups":
        questionnaire_factor_checks.show_groups(study, instrument, found, source)
    else:
        _show_solution(found, instrument, source, cutoff=cutoff, decimals=decimals)


def _sample_choice(study: Study, instrument: Instrument) -> tuple[str, int | None]:
    left, right = st.columns([1, 1])
    solution = left.selectbox(
        t("surveys.factors.solution"),
        instrument.solutions() or (WHOLE_QUESTIONNAIRE,),
        format_func=lambda name: solution_label(instrument, name, get_language()),
        key=f"{KEY}.solution",
        persist_state="session",
    )
    rounds = surveys.require_answers(study).rounds()
    number = right.segmented_control(
        t("surveys.factors.round"),
        [*rounds, 0],
        default=rounds[0],
        required=True,
        format_func=lambda number: (
            t("figures.round", round=number) if number else t("surveys.factors.all_rounds")
        ),
        key=f"{KEY}.round",
        persist_state="session",
    )
    return solution, number or None


def _method_choice(
    instrument: Instrument, solution: str
) -> tuple[Extraction, Rotation | None, bool, int | None]:
    """Extraction, rotation, Kaiser normalisation and number of factors; the defaults are Stata's."""
    named = solution in instrument.solutions()
    n_items = len(instrument.solution_items(solution) if named else instrument.items)
    with st.popover(t("surveys.factors.options"), icon=":material/tune:"):
        extraction: Extraction = st.selectbox(
            t("surveys.factors.extraction"),
            get_args(Extraction),
            format_func=lambda name: t(f"surveys.extraction.{name}"),
            key=f"{KEY}.extraction",
            persist_state="session",
        )
        rotation = st.selectbox(
            t("surveys.factors.rotation"),
            (*get_args(Rotation), NO_ROTATION),
            format_func=lambda name: t(f"surveys.rotation.{'no_rotation' if name == NO_ROTATION else name}"),
            key=f"{KEY}.rotation",
            persist_state="session",
        )
        kaiser = st.toggle(
            t("surveys.factors.kaiser"),
            help=t("surveys.factors.kaiser_help"),
            key=f"{KEY}.kaiser",
            persist_state="session",
            disabled=rotation == NO_ROTATION,
        )
        n_factors = st.number_input(
            t("surveys.factors.n_factors"),
            min_value=1,
            max_value=max(1, n_items - 1),
            value=len(instrument.solution(solution)) if named else None,
            help=t("surveys.factors.n_factors_help"),
            key=f"{KEY}.n_factors.{solution}",
            persist_state="session",
        )
    return extraction, None if rotation == NO_ROTATION else rotation, kaiser, n_factors


def _table_choice() -> tuple[Correlation, Missing, float, int]:
    """Correlations, missing answers, and how the loadings are shown."""
    with st.popover(t("factors.options.title"), icon=":material/table_chart:"):
        correlation: Correlation = st.selectbox(
            t("factors.options.correlation"),
            get_args(Correlation),
            format_func=lambda name: t(f"factors.options.{name}"),
            key=f"{KEY}.correlation",
            persist_state="session",
        )
        missing: Missing = st.selectbox(
            t("factors.options.missing"),
            get_args(Missing),
            format_func=lambda name: t(f"factors.options.{name}"),
            key=f"{KEY}.missing",
            persist_state="session",
        )
        cutoff = st.number_input(
            t("factors.options.cutoff"),
            min_value=0.0,
            max_value=1.0,
            value=0.0,
            step=0.05,
            help=t("factors.options.cutoff_help"),
            key=f"{KEY}.cutoff",
            persist_state="session",
        )
        decimals = st.number_input(
            t("factors.options.decimals"),
            min_value=1,
            max_value=6,
            value=2,
            key=f"{KEY}.decimals",
            persist_state="session",
        )
    return correlation, missing, float(cutoff), int(decimals)


def _show_solution(
    found: FactorSolution, instrument: Instrument, source: str, *, cutoff: float, decimals: int
) -> None:
    language = get_language()
    _show_facts(found)
    loadings = loadings_table(
        found, instrument, language=language, source=source, blank_under=cutoff, decimals=decimals
    )
    variance = variance_table(found, instrument, language=language, source=source)
    eigenvalues = eigenvalues_table(found, instrument, language=language, source=source)
    show_figure(lambda: _heatmap(found, instrument), key=f"{KEY}.heatmap")
    show_table(loadings, strong=salient_cells(found, loadings), title=False)
    st.space("small")
    if variance is not None:
        show_table(variance)
        st.space("small")
    show_table(eigenvalues)
    shown = [table for table in (loadings, variance, eigenvalues) if table is not None]
    download_table(shown, name=f"factors_{found.solution}", key=f"{KEY}.xlsx")


def _show_facts(found: FactorSolution) -> None:
    language, result = get_language(), found.result
    facts = {
        "n": format_number(result.n, 0, language),
        "kept": format_number(len(result.factors), 0, language),
        "kmo": format_number(result.kmo.overall, 2, language),
        "bartlett": format_p_value(result.bartlett.p_value, 3, language),
    }
    for place, (name, text) in zip(st.columns(4), facts.items(), strict=True):
        place.metric(t(f"surveys.factors.{name}"), text)


def _heatmap(found: FactorSolution, instrument: Instrument) -> Figure:
    from workbench.figures import loadings_heatmap

    titles = factor_titles(found, get_language())
    names = item_names(instrument, found.result.items, get_language())
    assigned = found.result.assignment()
    order = [item for factor in (*titles, None) for item in found.result.items if assigned[item] == factor]
    frame = pd.DataFrame(
        [
            {
                "item": names[item],
                "factor": titles[factor],
                "loading": float(found.result.loadings[factor][item]),
            }
            for item in order
            for factor in titles
        ]
    )
    solution = solution_label(instrument, found.solution, get_language())
    return loadings_heatmap(
        frame, title=t("surveys.factors.figure", solution=solution), language=get_language()
    )


def _with_labels(message: str, instrument: Instrument) -> str:
    """A message of the analysis with the labels of items in place of their ids."""
    for item_id, name in item_names(instrument, instrument.item_ids(), get_language()).items():
        message = message.replace(f"'{item_id}'", f"»{name}«")
    return message
