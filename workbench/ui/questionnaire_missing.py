"""Missing answers and the ends of the scales: what was left out, by whom, and where change has no room."""

from __future__ import annotations

import streamlit as st

from coding_schemes import Scheme
from quant import Instrument
from workbench.i18n import get_language
from workbench.services import descriptions
from workbench.services.description_tables import DescriptionTables
from workbench.services.studies import Study
from workbench.ui.questionnaire_choices import choice_row, choose_options, choose_split
from workbench.ui.tables import download_table, show_table

KEY = "page.questionnaire.missing"


def show_missing(study: Study, instrument: Instrument, scheme: Scheme | None, source: str) -> None:
    """Questionnaires with gaps, gaps by question, what is missing together, and floor and ceiling."""
    with choice_row():
        by = choose_split(study, scheme, KEY)
        choose_options(study, scheme, KEY, clusters=False)
    tables = DescriptionTables(
        instrument,
        language=get_language(),
        by=by,
        scheme=scheme,
        source=source,
        limit=descriptions.small_limit(study),
    )
    items, sheets, patterns = tables.missing(descriptions.missing(study, by=by))
    ends = tables.ends(descriptions.ends_of_scales(study, by=by))
    shown = (sheets, items, patterns, ends)
    for table in shown:
        show_table(table)
        st.space("small")
    download_table(shown, name="missing", key=f"{KEY}.xlsx")
