"""The text of one interview: to read, to correct, its codings to answer for, its versions."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import t
from workbench.services.studies import Study
from workbench.services.transcripts import TranscriptFacts
from workbench.ui import editing_review, editing_turns, editing_versions, session
from workbench.ui.editing_state import corrections_of

READ, EDIT, REVIEW, VERSIONS = "read", "edit", "review", "versions"
VIEWS = (READ, EDIT, REVIEW, VERSIONS)
VIEW = "page.editing.view"


def choose(study: Study, facts: TranscriptFacts) -> str:
    """The choice between reading and the rest; which one is chosen."""
    waiting = facts.codings_changed + facts.codings_lost
    st.session_state.setdefault(f"{VIEW}.{facts.id}", READ)
    corrections = corrections_of(study, facts.id)
    return str(
        st.segmented_control(
            t("editing.view"),
            VIEWS,
            key=f"{VIEW}.{facts.id}",
            format_func=lambda view: _named(view, waiting, corrections),
            label_visibility="collapsed",
            required=True,
        )
    )


def show(study: Study, facts: TranscriptFacts, view: str) -> None:
    """The chosen view, if it is not the reading itself."""
    with session.shown_errors():
        if view == EDIT:
            editing_turns.show(study, facts.id)
        elif view == REVIEW:
            editing_review.show_on_page(study, facts.id)
        elif view == VERSIONS:
            editing_versions.show(study, facts.id)


def _named(view: str, waiting: int, corrections: int) -> str:
    number = {REVIEW: waiting, EDIT: corrections}.get(view, 0)
    return f"{t(f'editing.view_{view}')} ({number})" if number else t(f"editing.view_{view}")
