"""The star of a person or a group: respondents and rounds around a circle, with the numbers beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from quant import StarData
from workbench.i18n import get_language, label, t
from workbench.services import descriptions, surveys
from workbench.services.description_tables import star_table
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.services.survey_tables import background_label, natural_order
from workbench.services.terms import term_label
from workbench.ui.charts import show_figure
from workbench.ui.tables import download_table, show_table

if TYPE_CHECKING:
    from workbench.figures import Figure

KEY = "page.questionnaire.star"
# More groups than this are not groups but a number of each person's own, such as an age in days.
MAX_GROUPS = 500


def show_star(study: Study, source: str) -> None:
    """The star of one person, or of a group: a caseload, a municipality."""
    columns = [name for name in surveys.backgrounds(study) if _groups_of(study, name)]
    whose = "one"
    if columns:
        whose = st.segmented_control(
            t("descriptions.star.whose"),
            ["one", "group"],
            default="one",
            required=True,
            format_func=lambda word: t(f"descriptions.star.{word}"),
            key=f"{KEY}.whose",
            persist_state="session",
        )
    if whose == "group":
        _show_group(study, columns, source)
    else:
        _show_person(study, source)


def _show_person(study: Study, source: str) -> None:
    people = [str(person) for person in surveys.require_answers(study).persons.index]
    person = st.selectbox(
        t("surveys.star.person"),
        people,
        index=None,
        placeholder=t("surveys.star.person_help"),
        key=f"{KEY}.person",
        persist_state="session",
        width=360,
    )
    if person is None:
        st.caption(t("surveys.star.choose"))
        return
    _show(surveys.person_star(study, person), source, grouped=False)


def _show_group(study: Study, columns: list[str], source: str) -> None:
    scheme = study_scheme(study)
    left, right = st.columns(2)
    column = left.selectbox(
        t("descriptions.star.column"),
        columns,
        format_func=lambda name: background_label(name, get_language(), scheme),
        key=f"{KEY}.column",
        persist_state="session",
    )
    value = right.selectbox(
        t("descriptions.star.value"),
        _groups_of(study, column),
        index=None,
        placeholder=t("surveys.star.person_help"),
        format_func=lambda name: term_label(scheme, name, get_language()),
        key=f"{KEY}.value.{column}",
        persist_state="session",
    )
    if value is None:
        st.caption(t("descriptions.star.choose"))
        return
    data = descriptions.star_of_group(study, column, value)
    _show(replace(data, person=term_label(scheme, value, get_language())), source, grouped=True)


def _groups_of(study: Study, column: str) -> list[str]:
    """Groups large enough to be shown; none where the column holds a number of each person's own."""
    persons = surveys.require_answers(study).persons[column].dropna().astype(str)
    counts = persons.value_counts()
    large = [str(name) for name in counts.index[counts >= descriptions.small_limit(study)]]
    return sorted(large, key=natural_order) if len(counts) <= MAX_GROUPS else []


def _show(data: StarData, source: str, *, grouped: bool) -> None:
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        if len(data.axes) >= 3:
            show_figure(lambda: _radar(data), key=f"{KEY}.figure")
    with numbers:
        table = star_table(data, language=get_language(), source=source, grouped=grouped)
        show_table(table)
        download_table(table, name=f"star_{data.person}", key=f"{KEY}.xlsx")


def _radar(data: StarData) -> Figure:
    from workbench.figures import radar

    frame = pd.DataFrame(
        [
            {
                "axis": label(axis.label),
                "respondent": label(series.respondent_label),
                "round": series.round,
                "value": series.values[place],
            }
            for series in data.series
            for place, axis in enumerate(data.axes)
        ]
    )
    return radar(
        frame,
        title=t("surveys.star.title", person=data.person),
        language=get_language(),
        scale=(data.scale_min, data.scale_max),
    )
