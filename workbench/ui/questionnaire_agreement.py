"""Agreement of two respondents about the same persons: differences and coefficients by paired question."""

from __future__ import annotations

import streamlit as st

from coding_schemes import Scheme
from quant import Instrument
from workbench.i18n import get_language, t
from workbench.services import descriptions, surveys
from workbench.services.description_tables import DescriptionTables
from workbench.services.studies import Study
from workbench.ui.questionnaire_choices import choice_row, choose_options, choose_split
from workbench.ui.tables import download_table, show_table

KEY = "page.questionnaire.agreement"


def show_agreement(study: Study, instrument: Instrument, scheme: Scheme | None, source: str) -> None:
    """One round at a time, split by background where wanted; without paired questions a sentence."""
    if not any(item.pair for item in instrument.items):
        st.info(t("descriptions.no_pairs_here"), icon=":material/compare_arrows:")
        return
    rounds = surveys.require_answers(study).rounds()
    with choice_row():
        by = choose_split(study, scheme, KEY)
        number = st.segmented_control(
            t("surveys.factors.round"),
            list(rounds),
            default=rounds[0],
            required=True,
            format_func=lambda number: t("figures.round", round=number),
            key=f"{KEY}.round",
            persist_state="session",
        )
        choose_options(study, scheme, KEY, clusters=False)
    tables = DescriptionTables(
        instrument,
        language=get_language(),
        by=by,
        scheme=scheme,
        source=source,
        limit=descriptions.small_limit(study),
    ).agreement(descriptions.agreements(study, by=by, round=number or rounds[0]))
    for table in tables:
        show_table(table)
        st.space("small")
    download_table(tables, name="agreement", key=f"{KEY}.xlsx")
