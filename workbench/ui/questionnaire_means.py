"""Means of indicators and of factor indices by round and group: the figure, and the table behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from coding_schemes import Scheme
from quant import Instrument
from workbench.i18n import get_language, label, t
from workbench.services import descriptions, index_values, surveys
from workbench.services.factor_table_parts import factor_name
from workbench.services.studies import Study
from workbench.services.survey_tables import (
    indices_table,
    means_table,
    solution_label,
    summarise_indices,
)
from workbench.services.terms import term_label
from workbench.ui.charts import show_figure
from workbench.ui.questionnaire_choices import choice_row, choose_options, choose_respondent, choose_split
from workbench.ui.tables import download_table, show_table

if TYPE_CHECKING:
    from workbench.figures import Figure

KEY = "page.questionnaire.means"
INDEX_KEY = "page.questionnaire.indices"
# As many as the figures have colours.
MAX_GROUPS_IN_FIGURE = 6


def show_means(study: Study, instrument: Instrument, scheme: Scheme | None, source: str) -> None:
    """Indicator means: a figure for one respondent, and the table of all."""
    language = get_language()
    with choice_row():
        by = choose_split(study, scheme, KEY)
        respondent = choose_respondent(instrument, KEY)
        cluster = choose_options(study, scheme, KEY)
    means = descriptions.means(study, by=by, cluster=cluster)
    mine = means[means["respondent"] == respondent]
    names = {item.id: label(item.label) for item in instrument.items}
    title = t(
        "surveys.means.figure",
        respondent=label(instrument.respondent(respondent).label).lower(),
    )
    _show_means(mine, "item", names, instrument, scheme, title=title, key=f"{KEY}.figure")
    limit = descriptions.small_limit(study)
    table = means_table(
        means,
        instrument,
        language=language,
        by=by,
        scheme=scheme,
        source=source,
        limit=limit,
        clusters=descriptions.cluster_count(study, cluster),
    )
    show_table(table)
    download_table(table, name="means", key=f"{KEY}.xlsx")


def show_indices(study: Study, instrument: Instrument, scheme: Scheme | None, source: str) -> None:
    """Indices of one solution, or the study's own ones: a figure and its table."""
    language = get_language()
    own = index_values.usable_indices(study)
    solutions = (*instrument.solutions(), *((index_values.OWN,) if own else ()))
    if not solutions:
        st.info(t("surveys.page.no_factors"), icon=":material/functions:")
        return
    left, right = st.columns([1, 1])
    with left:
        solution = st.selectbox(
            t("surveys.factors.solution"),
            solutions,
            format_func=lambda name: solution_label(instrument, name, language),
            key=f"{INDEX_KEY}.solution",
            persist_state="session",
        )
    with right:
        by = choose_split(study, scheme, INDEX_KEY)
    answers = surveys.require_answers(study)
    limit = descriptions.small_limit(study)
    values = index_values.index_values(study, solution=solution)
    summary = summarise_indices(values, answers, by=by, limit=limit)
    names = {name: factor_name(instrument, name, language) for name in dict.fromkeys(values["factor"])}
    title = t("surveys.indices.figure", solution=solution_label(instrument, solution, language))
    _show_means(summary, "factor", names, instrument, scheme, title=title, key=f"{INDEX_KEY}.figure")
    table = indices_table(
        summary, instrument, solution, language=language, by=by, scheme=scheme, source=source, own=own
    )
    show_table(table)
    download_table(table, name="indices", key=f"{INDEX_KEY}.xlsx")


def _show_means(
    means: pd.DataFrame,
    column: str,
    names: dict[str, str],
    instrument: Instrument,
    scheme: Scheme | None,
    *,
    title: str,
    key: str,
) -> None:
    groups = means["group"].nunique()
    if groups > MAX_GROUPS_IN_FIGURE:
        st.caption(t("surveys.means.too_many_groups", limit=MAX_GROUPS_IN_FIGURE, n=groups))
        return
    means = means.dropna(subset=["mean"])  # groups too small to be shown
    if not means.empty:
        show_figure(lambda: _figure(means, column, names, instrument, scheme, title=title), key=key)


def _figure(
    means: pd.DataFrame,
    column: str,
    names: dict[str, str],
    instrument: Instrument,
    scheme: Scheme | None,
    *,
    title: str,
) -> Figure:
    from workbench.figures import indicator_means

    items = instrument.items
    shown = pd.DataFrame(
        {
            "indicator": [names[name] for name in means[column]],
            "group": [
                t("surveys.all") if name == "all" else term_label(scheme, str(name), get_language())
                for name in means["group"]
            ],
            "round": means["round"].to_list(),
            "mean": means["mean"].to_list(),
        }
    )
    scale = min(item.scale_min for item in items), max(item.scale_max for item in items)
    return indicator_means(shown, title=title, language=get_language(), scale=scale)
