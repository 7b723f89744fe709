"""Change of the indices between the first and the last round, and each person's indices to take away."""

from __future__ import annotations

import streamlit as st

from quant import Instrument, QuantError
from workbench.errors import error_text
from workbench.i18n import get_language, t
from workbench.services import index_values
from workbench.services.index_tables import changes_table, values_table
from workbench.services.studies import Study
from workbench.ui.tables import download_table, show_table

KEY = "page.questionnaire.changes"
SOLUTION = "page.questionnaire.indices.solution"
SHARES = {"all": 1.0, "half": 0.5}


def show_changes(study: Study, instrument: Instrument, source: str) -> None:
    """The table of change for the indices chosen above; nothing where there are none."""
    own = index_values.usable_indices(study)
    solutions = (*instrument.solutions(), *((index_values.OWN,) if own else ()))
    if not solutions:
        return
    language = get_language()
    chosen = st.session_state.get(SOLUTION)
    solution = chosen if chosen in solutions else solutions[0]
    share = 1.0 if solution == index_values.OWN else _min_share()
    values = index_values.index_values(study, solution=solution, min_share=share)
    try:
        changes = index_values.changes_of(values)
    except QuantError as error:
        st.caption(error_text(error))
    else:
        rounds = sorted(int(number) for number in values["round"].unique())
        show_table(
            changes_table(
                values,
                changes,
                instrument,
                rounds=(rounds[0], rounds[-1]),
                min_share=share,
                language=language,
                source=source,
                own=own if solution == index_values.OWN else (),
            )
        )
    download_table(
        values_table(values, instrument, language=language),
        name=f"index_values_{solution}",
        key=f"{KEY}.xlsx",
        text=t("factors.changes.download"),
    )


def _min_share() -> float:
    """Share of a factor's items that must be answered; the study's own indices have theirs."""
    needed = st.segmented_control(
        t("factors.changes.min_share"),
        list(SHARES),
        default="all",
        required=True,
        format_func=lambda name: t(f"factors.changes.{name}"),
        key=f"{KEY}.min_share",
        persist_state="session",
    )
    return SHARES[needed or "all"]
