"""Indices of chosen questions: making one, and those that are kept with the study."""

from __future__ import annotations

import streamlit as st

from quant import Instrument
from workbench.i18n import get_language, t
from workbench.services import index_values, regression_tables
from workbench.services.studies import Study
from workbench.ui import questionnaire_kept, session

KEY = "page.questionnaire.own_indices"


def show_own_indices(study: Study, instrument: Instrument) -> None:
    """A form for a new index, and the list of those there are."""
    with st.expander(t("surveys.own.heading"), icon=":material/functions:"):
        st.caption(t("surveys.own.help"))
        names = regression_tables.predictor_names(instrument, get_language())
        left, right = st.columns([2, 1])
        name = left.text_input(t("surveys.own.name"), key=f"{KEY}.name")
        percent = right.number_input(
            t("surveys.own.share"), min_value=0, max_value=100, value=100, step=5, key=f"{KEY}.share"
        )
        items = st.multiselect(
            t("surveys.own.items"),
            list(instrument.item_ids()),
            format_func=lambda item: names.get(item, item),
            key=f"{KEY}.items",
        )
        if st.button(
            t("surveys.own.save"),
            key=f"{KEY}.save",
            type="primary",
            disabled=not (name.strip() and items),
        ):
            with session.shown_errors():
                made = index_values.save_index(
                    study, name, items, min_share=percent / 100, actor=session.coder()
                )
                session.notify(t("surveys.own.saved", name=made.name))
                st.rerun()
        questionnaire_kept.show_kept(study, "index", key=f"{KEY}.kept", text=t("surveys.own.kept"))
