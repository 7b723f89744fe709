"""Progression: change between the first and the last round, as a figure and the tables behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from coding_schemes import Scheme
from quant import Instrument, QuantError
from workbench.errors import error_text
from workbench.i18n import get_language, label, t
from workbench.services import descriptions, surveys
from workbench.services.description_tables import DescriptionTables
from workbench.services.studies import Study
from workbench.services.terms import term_label
from workbench.ui.charts import show_figure
from workbench.ui.questionnaire_choices import choice_row, choose_options, choose_respondent, choose_split
from workbench.ui.tables import download_table, show_table

if TYPE_CHECKING:
    from workbench.figures import Figure

KEY = "page.questionnaire.progression"
MAX_GROUPS_IN_FIGURE = 6


def show_progression(study: Study, instrument: Instrument, scheme: Scheme | None, source: str) -> None:
    """Choices, the figure of one respondent's changes, and both tables; one round alone says so."""
    with choice_row():
        by = choose_split(study, scheme, KEY)
        respondent = choose_respondent(instrument, KEY)
        level = st.segmented_control(
            t("descriptions.level.label"),
            ["items", "dimensions"],
            default="items",
            required=True,
            format_func=lambda word: t(f"descriptions.level.{word}"),
            key=f"{KEY}.level",
            persist_state="session",
        )
        cluster = choose_options(study, scheme, KEY)
    try:
        frame = descriptions.progressions(
            study, by=by, level="dimensions" if level == "dimensions" else "items", cluster=cluster
        )
    except QuantError as error:
        st.info(error_text(error), icon=":material/trending_up:")
        return
    mine = frame[(frame["respondent"] == respondent) & frame["n"].notna()]
    rounds = surveys.require_answers(study).rounds()
    if not mine.empty and mine["group"].nunique() <= MAX_GROUPS_IN_FIGURE:
        show_figure(lambda: _figure(mine, instrument, scheme, respondent, rounds), key=f"{KEY}.figure")
    tables = DescriptionTables(
        instrument,
        language=get_language(),
        by=by,
        scheme=scheme,
        source=source,
        limit=descriptions.small_limit(study),
    ).progression(frame)
    for table in tables:
        show_table(table)
        st.space("small")
    download_table(tables, name="progression", key=f"{KEY}.xlsx")


def _figure(
    frame: pd.DataFrame,
    instrument: Instrument,
    scheme: Scheme | None,
    respondent: str,
    rounds: tuple[int, ...],
) -> Figure:
    from workbench.figures import coefficient_plot

    names = {item.id: label(item.label) for item in instrument.items}
    names.update(
        {item.dimension: label(instrument.dimension_label(item.dimension)) for item in instrument.items}
    )
    shown = pd.DataFrame(
        {
            "label": [names[name] for name in frame["name"]],
            "group": [
                t("surveys.all") if name == "all" else term_label(scheme, str(name), get_language())
                for name in frame["group"]
            ],
            "estimate": frame["change"].to_list(),
            "ci_low": frame["ci_low"].to_list(),
            "ci_high": frame["ci_high"].to_list(),
        }
    )
    ends: dict[str, Any] = {"first": rounds[0], "last": rounds[-1]}
    whose = label(instrument.respondent(respondent).label).lower()
    return coefficient_plot(
        shown,
        title=t("descriptions.figure", respondent=whose, **ends),
        language=get_language(),
        x_title=t("descriptions.change", **ends),
        decimals=2,
    )
