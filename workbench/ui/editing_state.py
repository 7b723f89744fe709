"""Corrections that a browser session has not saved: kept over pages, told of everywhere, guarded."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import t
from workbench.services.studies import Study
from workbench.services.text_drafts import TextDraft, open_draft
from workbench.services.transcripts import version_in_use
from workbench.ui.session import STUDY

DRAFTS = "editing.drafts"
GENERATION = "editing.generation"

_GUARD = "<script>window.onbeforeunload = {handler};</script>"
_ASKS = "function (event) { event.preventDefault(); event.returnValue = ''; }"


def draft_of(study: Study, transcript_id: str) -> TextDraft:
    """The session's corrections of a transcript; without any, a draft of the text in use."""
    draft = _drafts().get((study.reference, transcript_id))
    if draft is None or (not draft.edits and draft.version != version_in_use(study, transcript_id)):
        draft = open_draft(study, transcript_id)
        keep(study, draft)
    return draft


def keep(study: Study, draft: TextDraft, *, redraw: bool = False) -> None:
    """Hold corrections; `redraw` gives the fields of the turns their values anew."""
    _drafts()[study.reference, draft.transcript_id] = draft
    if redraw:
        redraw_turns()


def drop(study: Study, transcript_id: str) -> None:
    """Forget the corrections of a transcript."""
    _drafts().pop((study.reference, transcript_id), None)
    redraw_turns()


def redraw_turns() -> None:
    """Give the fields of the turns their values anew at the next run."""
    st.session_state[GENERATION] = generation() + 1


def generation() -> int:
    """Part of the keys of all fields; another one makes them new."""
    return int(st.session_state.get(GENERATION, 0))


def corrections_of(study: Study, transcript_id: str) -> int:
    """How many corrections of a transcript are not saved."""
    draft = _drafts().get((study.reference, transcript_id))
    return len(draft.edits) if draft is not None else 0


def guard() -> None:
    """Let the browser ask before it closes or leaves the application with corrections that are not saved."""
    anything = any(draft.edits for draft in _drafts().values())
    st.html(_GUARD.format(handler=_ASKS if anything else "null"), unsafe_allow_javascript=True)


def show_unsaved() -> None:
    """In the sidebar, on every page: what is not saved yet."""
    with st.sidebar:
        guard()
        reference = st.session_state.get(STUDY)
        for (of_study, _), draft in _drafts().items():
            if of_study == reference and draft.edits:
                st.caption(
                    f":material/edit: {t('editing.unsaved_in', n=len(draft.edits), transcript=draft.name)}"
                )


def _drafts() -> dict[tuple[str, str], TextDraft]:
    drafts: dict[tuple[str, str], TextDraft] = st.session_state.setdefault(DRAFTS, {})
    return drafts
