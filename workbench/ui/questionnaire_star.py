"""The star of one person: both respondents and all rounds around a circle, with the numbers beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from quant import StarData, StarSeries
from workbench.display import Column, TableSpec
from workbench.i18n import get_language, label, t
from workbench.services import surveys
from workbench.services.studies import Study
from workbench.ui.charts import show_figure
from workbench.ui.tables import download_table, show_table

if TYPE_CHECKING:
    from workbench.figures import Figure

KEY = "page.questionnaire.star"


def show_star(study: Study, source: str) -> None:
    """A box to search for a person, then the star."""
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
    data = surveys.person_star(study, person)
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        if len(data.axes) >= 3:
            show_figure(lambda: _radar(data), key=f"{KEY}.figure")
    with numbers:
        table = star_table(data, source=source)
        show_table(table)
        download_table(table, name=f"star_{person}", key=f"{KEY}.xlsx")


def star_table(data: StarData, *, source: str = "") -> TableSpec:
    """The numbers of a star: a row an axis, a column a respondent and round."""
    language = get_language()
    columns = [Column("axis", t("surveys.star.dimension"), weight=2.4)]
    columns += [
        Column(
            f"{series.respondent}_{series.round}",
            t("figures.round", round=series.round),
            kind="decimal",
            decimals=1,
            group=label(series.respondent_label),
            missing="–",
        )
        for series in _by_respondent(data)
    ]
    rows = tuple(
        (label(axis.label), *(series.values[place] for series in _by_respondent(data)))
        for place, axis in enumerate(data.axes)
    )
    dates = [series.date for series in data.series if series.date is not None]
    written = "; ".join(dict.fromkeys(_day(date) for date in sorted(dates)))
    return TableSpec(
        key="star",
        title=t("surveys.star.table_title", person=data.person),
        columns=tuple(columns),
        rows=rows,
        notes=(
            t("surveys.star.note"),
            *((t("surveys.star.dates", dates=written),) if written else ()),
        ),
        source=source,
        language=language,
    )


def _by_respondent(data: StarData) -> list[StarSeries]:
    names = list(dict.fromkeys(series.respondent for series in data.series))
    return sorted(data.series, key=lambda series: (names.index(series.respondent), series.round))


def _day(date: pd.Timestamp) -> str:
    return f"{date:%d.%m.%Y}" if get_language() == "da" else f"{date.day} {date:%b %Y}"


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
