"""The coding page as one fragment: choice of interview, the surface, and what the interview holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from coding_schemes import Scheme
from workbench.i18n import t
from workbench.services.coding import OperationResult, apply_operations
from workbench.services.studies import Study
from workbench.services.transcripts import TranscriptFacts
from workbench.ui import coding_choice, coding_filter, coding_keys, coding_side, session
from workbench.ui.coding_material import CodeList, current_codings, document_of, read_codes, to_change
from workbench.ui.coding_surface import drain, mount

HEIGHT = 660
# The text and the names of its codes need the room that Streamlit leaves beside a page.
_WIDE = '<style>[data-testid="stMainBlockContainer"]{padding-inline:2.5rem}</style>'


def show(
    study: Study, scheme: Scheme, facts: Sequence[TranscriptFacts], *, interviews_page: Any = None
) -> None:
    """The whole page; a coding draws only this part of the application anew.

    interviews_page : where the text of the interview can be corrected, to link to.
    """
    _show_fragment(study, scheme, read_codes(study), facts, interviews_page)


@session.fragment
def _show_fragment(
    study: Study,
    scheme: Scheme,
    codes: CodeList,
    facts: Sequence[TranscriptFacts],
    interviews_page: Any,
) -> None:
    key = surface_key(study)
    coder = session.coder()
    answer = apply_operations(study, drain(key), actor=coder)
    st.html(_WIDE)
    bar = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with bar:
        st.subheader(t("pages.coding"), anchor=False, width="content")
        chosen = coding_choice.show(scheme, facts)
    with session.shown_errors():
        document = document_of(study, chosen)
        kept = current_codings(study, chosen.id, coder=coder, edit_others=coding_filter.edits_others())
        codings = kept.codings()
        narrowed = coding_filter.narrowed(codes)
        with bar:
            coding_filter.show(codes, codings, narrowed, coder=coder)
            coding_keys.show()
        _show_waiting(answer)
        left, right = st.columns([3, 1.15], gap="medium")
        with left:
            mount(
                key=key,
                document=document,
                codes=codes.surface_codes(codings),
                codings=kept.snapshot,
                operations=[to_change(change, kept) for change in kept.changes],
                acknowledged=answer.done,
                refused={operation: _in_words(answer, operation) for operation in answer.refused},
                coder=coder,
                language=session.language(),
                focus=coding_side.wanted_focus(),
                height=HEIGHT,
                filter=narrowed.for_surface(),
            )
        with right:
            coding_side.show(study, scheme, codes, chosen, codings, narrowed)
            if interviews_page is not None:
                coding_side.show_edit_link(interviews_page, chosen)


def surface_key(study: Study) -> str:
    """Each study has a surface of its own, and with it its own unsaved gestures and recent codes."""
    return f"coding-{study.study_id[:8]}"


def _in_words(answer: OperationResult, operation: str) -> str:
    return t(f"coding.refused.{answer.reasons[operation] or 'other'}")


def _show_waiting(answer: OperationResult) -> None:
    # The place is always there: one that comes and goes would move the surface to another index.
    place = st.container()
    if answer.waiting:
        place.warning(t("coding.waiting"), icon=":material/sync_problem:")
