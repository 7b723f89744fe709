"""The drafts under review: where they stand in the session, and how a correction replaces one of them.

Every correction gives the widgets of the review new keys, so that they show what is now true.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st

from workbench.services.importing import ImportDraft, ParticipantSheet, correct_draft, needs_a_look

DRAFTS = "page.import.drafts"
SHEET = "page.import.sheet"
CURRENT = "page.import.current"
FILTER = "page.import.filter"
REVISION = "page.import.revision"

State = Literal["ready", "look", "changed", "same", "left_out", "unreadable"]
SURE_SHARE = 0.6


def begin_review(drafts: Sequence[ImportDraft], sheet: ParticipantSheet | None = None) -> None:
    """Put drafts up for review; a file that is surely another state of a transcript becomes its version."""
    st.session_state[DRAFTS] = [_with_first_decision(draft) for draft in drafts]
    st.session_state[SHEET] = sheet
    st.session_state[CURRENT] = next((i for i, draft in enumerate(drafts) if draft.transcript), 0)
    st.session_state[REVISION] = 0


def end_review() -> None:
    """Drop what was put up for review."""
    for key in (DRAFTS, SHEET, CURRENT, FILTER):
        st.session_state.pop(key, None)


def drafts_under_review() -> list[ImportDraft]:
    """All drafts, in the order of the files."""
    return list(st.session_state.get(DRAFTS, []))


def drafts_to_save() -> list[ImportDraft]:
    """The drafts that could be read and are not left out."""
    return [
        draft
        for draft in drafts_under_review()
        if draft.transcript is not None and draft.decision != "skip" and not is_stored(draft)
    ]


def drafts_to_report() -> list[ImportDraft]:
    """All drafts but those a person left out: what is stored, and what cannot be."""
    return [
        draft
        for draft in drafts_under_review()
        if draft.transcript is None or draft.match is not None or draft.decision != "skip"
    ]


def is_stored(draft: ImportDraft) -> bool:
    """Whether the study has this very file."""
    return draft.match is not None and draft.match.kind == "same_file"


def state_of(draft: ImportDraft) -> State:
    """What the overview says of a draft."""
    if draft.transcript is None:
        return "unreadable"
    if is_stored(draft) or (draft.duplicate_of is not None and draft.decision == "skip"):
        return "same"
    if draft.match is not None and draft.match.kind == "changed":
        return "changed"
    if draft.decision == "skip":
        return "left_out"
    return "look" if needs_a_look(draft) else "ready"


def key_of(index: int | str, *parts: str) -> str:
    """The key of a widget on a draft (or on several, by a name), new after every correction."""
    return ".".join(("page.import", str(st.session_state[REVISION]), str(index), *parts))


def value_of(index: int | str, *parts: str) -> Any:
    """What stands in a widget on a draft.

    Several fields may have changed before one run: the first correction gives new keys, under which the
    others do not stand yet.
    """
    for revision in range(st.session_state[REVISION], -1, -1):
        key = ".".join(("page.import", str(revision), str(index), *parts))
        if key in st.session_state:
            return st.session_state[key]
    raise KeyError(parts)


def draft_at(index: int) -> ImportDraft:
    """The draft as it is now."""
    draft: ImportDraft = st.session_state[DRAFTS][index]
    return draft


def correct(index: int, **values: Any) -> None:
    """Replace fields of a draft."""
    put(index, correct_draft(draft_at(index), **values))


def put(index: int, draft: ImportDraft) -> None:
    """Replace a draft."""
    change((index,), lambda _before: draft)


def change(indices: Sequence[int], corrected: Callable[[ImportDraft], ImportDraft]) -> None:
    """Replace several drafts by what `corrected` makes of them."""
    drafts = drafts_under_review()
    for index in indices:
        drafts[index] = corrected(drafts[index])
    st.session_state[DRAFTS] = drafts
    st.session_state[REVISION] += 1


def _with_first_decision(draft: ImportDraft) -> ImportDraft:
    if draft.match is None or draft.match.kind != "changed":
        return draft
    return correct_draft(draft, decision="version" if draft.match.share >= SURE_SHARE else "skip")
