"""Before corrections are saved: the list of them, each with its undo, and what becomes of the codings."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from workbench.i18n import t
from workbench.services.editing import edit_turns, preview_edits
from workbench.services.studies import Study
from workbench.services.text_drafts import TextDraft
from workbench.ui import session
from workbench.ui.coding_material import read_codes
from workbench.ui.editing_corrections import correction_html
from workbench.ui.editing_fates import show_fates
from workbench.ui.editing_marks import STYLE
from workbench.ui.editing_state import draft_of, drop, keep

A_PAGE = 15


def show(study: Study, draft: TextDraft, *, close: Callable[[str], None]) -> None:
    """Corrections and fates beside each other, and the button that saves."""
    key = f"page.editing.preview.{draft.transcript_id}"
    unwritten = [
        edit for edit in draft.edits if edit.what == "insert" and edit.words == t("editing.new_words")
    ]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        pressed = st.button(
            t("editing.save", n=len(draft.edits)),
            type="primary",
            icon=":material/save:",
            disabled=bool(unwritten),
            key=f"{key}.save",
        )
        st.button(
            t("editing.back"),
            icon=":material/arrow_back:",
            key=f"{key}.back",
            on_click=close,
            args=(draft.transcript_id,),
        )
        st.caption(t("editing.save_explain"))
    if unwritten:
        st.warning(t("editing.unwritten"), icon=":material/info:")
    if pressed:
        with session.shown_errors():
            _save(study, draft, close)
    corrections, codings = st.columns(2, gap="large")
    with corrections:
        st.markdown(f"##### {t('editing.corrections')}")
        _show_corrections(study, draft, key)
    with codings:
        st.markdown(f"##### {t('editing.what_becomes')}")
        with session.shown_errors():
            change = preview_edits(study, draft.transcript_id, draft.edits, based_on=draft.version)
            show_fates(change, read_codes(study), key=key)
            if change.annotations_lost:
                st.caption(
                    t("texts.annotations_lost", n=change.annotations_lost, version=change.previous_version)
                )


def _save(study: Study, draft: TextDraft, close: Callable[[str], None]) -> None:
    change = edit_turns(
        study, draft.transcript_id, draft.edits, actor=session.coder(), based_on=draft.version
    )
    drop(study, draft.transcript_id)
    close(draft.transcript_id)
    counts = change.counts
    waiting = counts["changed"] + counts["lost"]
    said = t("editing.saved", version=change.version) if change.changed else t("editing.nothing_changed")
    session.notify(f"{said} {t('editing.now_wait', n=waiting)}" if waiting else said)
    st.rerun()


def _show_corrections(study: Study, draft: TextDraft, key: str) -> None:
    count = len(draft.edits)
    first = 0
    if count > A_PAGE:
        first = st.selectbox(
            t("editing.corrections_shown"),
            range(0, count, A_PAGE),
            format_func=lambda n: t("editing.from_to", first=n + 1, last=min(n + A_PAGE, count), count=count),
            key=f"{key}.corrections_page",
            width=260,
        )
    for place in range(first, min(first + A_PAGE, count)):
        st.html(STYLE + correction_html(draft, place))
        on_top = draft.on_top_of(place)
        st.button(
            t("editing.undo"),
            icon=":material/undo:",
            type="tertiary",
            key=f"{key}.undo.{count}.{place}",
            help=t("editing.undo_with", n=len(on_top)) if on_top else None,
            on_click=_take_back,
            args=(study, draft.transcript_id, place),
        )


def _take_back(study: Study, transcript_id: str, place: int) -> None:
    keep(study, draft_of(study, transcript_id).without(place), redraw=True)
