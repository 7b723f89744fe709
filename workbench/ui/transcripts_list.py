"""The interviews of the study as a list, and one of them to read, correct, export or remove."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from coding_schemes import Scheme
from workbench.display import format_number
from workbench.i18n import t
from workbench.services.reading_warnings import warning_text
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.services.transcript_notes import comments_left, memos_of, notes_of, take_comments
from workbench.services.transcripts import (
    StoredTranscript,
    TranscriptFacts,
    get_transcript,
    remove_transcript,
)
from workbench.ui import editing_screen, segments_panel, session
from workbench.ui.actor_groups import group_label, group_labels
from workbench.ui.attributes import attribute_texts
from workbench.ui.moments import date_text
from workbench.ui.row_choice import choose_row
from workbench.ui.transcripts_correct import show_correction
from workbench.ui.transcripts_export import show_exports
from workbench.ui.transcripts_notes import show_memos, show_notes
from workbench.ui.turn_text import turns_html

LIST: Literal["list"] = "list"
IMPORT: Literal["import"] = "import"
LOCATE: Literal["locate"] = "locate"
QUESTIONS: Literal["questions"] = "questions"
VIEW = "page.transcripts.view"
SELECTION = "page.transcripts.selection"
REMOVALS = "page.transcripts.removals"
ASKED = "page.transcripts.asked"
READING_HEIGHT = 560


def choose_view(*, has_transcripts: bool) -> str:
    """The list or the import; a study without interviews begins with the import."""
    if VIEW not in st.session_state:
        st.session_state[VIEW] = LIST if has_transcripts else IMPORT
    return str(
        st.segmented_control(
            t("transcripts.view"),
            (LIST, IMPORT, LOCATE, QUESTIONS) if has_transcripts else (LIST, IMPORT),
            key=VIEW,
            format_func=lambda view: t(f"transcripts.view_{view}"),
            label_visibility="collapsed",
            required=True,
        )
    )


def go_to_list() -> None:
    """Callback: show the list at the next run."""
    st.session_state[VIEW] = LIST


def open_row(place: int) -> None:
    """Show the list with this row selected at the next run."""
    go_to_list()
    st.session_state[ASKED] = place
    st.session_state[REMOVALS] = st.session_state.get(REMOVALS, 0) + 1


def show(study: Study, facts: Sequence[TranscriptFacts], *, page: Callable[[str], Any]) -> None:
    """The list, and below it the interview whose row is selected."""
    if not facts:
        st.info(t("transcripts.none_yet"), icon=":material/upload_file:")
        return
    labels = group_labels(study)
    number = _select(facts, labels)
    if number is None:
        st.caption(t("transcripts.select_a_row"))
        return
    with session.shown_errors():
        _show_one(study, get_transcript(study, facts[number].id), labels, page)


def _select(facts: Sequence[TranscriptFacts], labels: Mapping[str, str]) -> int | None:
    """Show the table; the row in view, None if there is none."""
    titles = {
        name: t(f"transcripts.column.{name}")
        for name in ("name", "group", "type", "persons", "turns", "words", "codings")
    }
    waiting = t("editing.column_waiting")
    any_waits = any(row.codings_changed or row.codings_lost for row in facts)
    rows = [
        {
            titles["name"]: row.name,
            titles["group"]: group_label(row.actor_group, labels),
            titles["type"]: t(f"transcripts.type.{row.type}"),
            titles["persons"]: len(row.persons),
            titles["turns"]: row.turns,
            titles["words"]: row.words,
            titles["codings"]: row.codings,
            **({waiting: row.codings_changed + row.codings_lost} if any_waits else {}),
        }
        for row in facts
    ]
    return choose_row(
        rows,
        key=f"{SELECTION}.{st.session_state.get(REMOVALS, 0)}",
        most_height=360,
        selected=st.session_state.get(ASKED),
    )


def _show_one(
    study: Study, transcript: StoredTranscript, labels: Mapping[str, str], page: Callable[[str], Any]
) -> None:
    facts = transcript.facts
    st.subheader(facts.name)
    st.caption(_description(facts, labels, study_scheme(study)))
    view = editing_screen.choose(study, facts)
    if view != editing_screen.READ:
        editing_screen.show(study, facts, view)
        return
    reading, about = st.columns([3, 1.4], gap="large")
    with reading.container(height=READING_HEIGHT, border=True):
        interviewers = {turn.speaker for turn in transcript.turns if turn.role == "interviewer"}
        st.html(
            turns_html(
                transcript.text,
                transcript.turns,
                interviewers={speaker for speaker in interviewers if speaker},
            )
        )
    with about:
        st.page_link(
            page("coding"),
            label=t("transcripts.code_it"),
            icon=":material/edit_note:",
            query_params={"transcript": str(facts.number)},
        )
        for warning in facts.warnings:
            st.caption(f":material/info: {warning_text(warning)}")
        _show_notes(study, transcript)
        show_correction(study, facts, labels)
        show_exports(study, transcript)
        _show_removal(study, facts)
    segments_panel.show(study, facts.id)


def _show_notes(study: Study, transcript: StoredTranscript) -> None:
    """Comments and notes that came with the file, which can become memos; and the memos there are."""
    facts = transcript.facts
    notes, memos = notes_of(study, facts.id), memos_of(study, facts.id)
    if notes:
        with st.expander(t("transcripts.review.file_notes", n=len(notes)), icon=":material/comment:"):
            left = comments_left(transcript.text, notes, memos)
            if left and st.button(
                t("transcripts.memos.take", n=left),
                icon=":material/sticky_note_2:",
                key=f"page.transcripts.{facts.id}.memos",
            ):
                with session.shown_errors():
                    take_comments(study, facts.id, actor=session.coder())
                    session.notify(t("transcripts.memos.taken"))
                    st.rerun()
            show_notes(transcript.text, notes)
    if memos:
        title = t("transcripts.memos.title", n=len(memos))
        with st.expander(title, icon=":material/sticky_note_2:"):
            show_memos(memos)


def _description(facts: TranscriptFacts, labels: Mapping[str, str], scheme: Scheme | None) -> str:
    words = format_number(facts.words, 0, session.language())
    parts = [
        group_label(facts.actor_group, labels),
        t(f"transcripts.type.{facts.type}"),
        t("transcripts.n_words", n=facts.words, number=words),
        t("transcripts.n_codings", n=facts.codings),
        date_text(facts.held_on) if facts.held_on else "",
        *attribute_texts(facts.attributes, scheme),
        t("transcripts.from_file", file=facts.source_name) if facts.source_name else "",
        t("transcripts.also_elsewhere", persons=", ".join(facts.shared_persons))
        if facts.shared_persons
        else "",
    ]
    return " · ".join(part for part in parts if part)


def _show_removal(study: Study, facts: TranscriptFacts) -> None:
    with st.expander(t("transcripts.remove"), icon=":material/delete:"):
        st.markdown(t("transcripts.remove_warning", n=facts.codings, name=facts.name))
        if st.button(t("transcripts.remove_button"), key=f"page.remove.{facts.id}", type="primary"):
            remove_transcript(study, facts.id, actor=session.coder())
            # The selection is a row number: kept, it would put the next interview up for removal.
            st.session_state[REMOVALS] = st.session_state.get(REMOVALS, 0) + 1
            st.session_state.pop(ASKED, None)
            session.notify(t("transcripts.removed", name=facts.name))
            st.rerun()
