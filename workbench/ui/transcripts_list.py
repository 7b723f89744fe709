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
from workbench.services.transcript_notes import notes_of
from workbench.services.transcripts import (
    StoredTranscript,
    TranscriptFacts,
    get_transcript,
    remove_transcript,
    update_interview,
)
from workbench.ui import segments_panel, session
from workbench.ui.actor_groups import group_label, group_labels, group_options
from workbench.ui.attributes import attribute_label, attribute_texts
from workbench.ui.row_choice import choose_row
from workbench.ui.transcripts_export import show_exports
from workbench.ui.transcripts_notes import show_notes
from workbench.ui.turn_text import turns_html

LIST: Literal["list"] = "list"
IMPORT: Literal["import"] = "import"
LOCATE: Literal["locate"] = "locate"
QUESTIONS: Literal["questions"] = "questions"
VIEW = "page.transcripts.view"
SELECTION = "page.transcripts.selection"
REMOVALS = "page.transcripts.removals"
KINDS = ("individual", "group")
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
    rows = [
        {
            titles["name"]: row.name,
            titles["group"]: group_label(row.actor_group, labels),
            titles["type"]: t(f"transcripts.type.{row.type}"),
            titles["persons"]: len(row.persons),
            titles["turns"]: row.turns,
            titles["words"]: row.words,
            titles["codings"]: row.codings,
        }
        for row in facts
    ]
    return choose_row(rows, key=f"{SELECTION}.{st.session_state.get(REMOVALS, 0)}", most_height=360)


def _show_one(
    study: Study, transcript: StoredTranscript, labels: Mapping[str, str], page: Callable[[str], Any]
) -> None:
    facts = transcript.facts
    st.subheader(facts.name)
    st.caption(_description(facts, labels, study_scheme(study)))
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
        _show_correction(study, facts, labels)
        show_exports(study, transcript)
        _show_removal(study, facts)
    segments_panel.show(study, facts.id)


def _show_notes(study: Study, transcript: StoredTranscript) -> None:
    """Comments and notes that came with the file, if any did."""
    notes = notes_of(study, transcript.facts.id)
    if notes:
        with st.expander(t("transcripts.review.file_notes", n=len(notes)), icon=":material/comment:"):
            show_notes(transcript.text, notes)


def _description(facts: TranscriptFacts, labels: Mapping[str, str], scheme: Scheme | None) -> str:
    words = format_number(facts.words, 0, session.language())
    parts = [
        group_label(facts.actor_group, labels),
        t(f"transcripts.type.{facts.type}"),
        t("transcripts.n_words", n=facts.words, number=words),
        t("transcripts.n_codings", n=facts.codings),
        *attribute_texts(facts.attributes, scheme),
        t("transcripts.from_file", file=facts.source_name) if facts.source_name else "",
    ]
    return " · ".join(part for part in parts if part)


def _show_correction(study: Study, facts: TranscriptFacts, labels: Mapping[str, str]) -> None:
    with st.expander(t("transcripts.correct"), icon=":material/edit:"), st.form(f"page.correct.{facts.id}"):
        group = st.selectbox(
            t("transcripts.column.group"),
            options := group_options(labels, facts.actor_group),
            index=options.index(facts.actor_group or ""),
            format_func=lambda name: group_label(name, labels),
            key=f"page.correct.{facts.id}.group",
        )
        kind = st.selectbox(
            t("transcripts.column.type"),
            KINDS,
            index=KINDS.index(facts.type),
            format_func=lambda name: t(f"transcripts.type.{name}"),
            key=f"page.correct.{facts.id}.kind",
        )
        attributes = {
            name: st.text_input(attribute_label(name), value=value, key=f"page.correct.{facts.id}.{name}")
            for name, value in facts.attributes.items()
        }
        new_name = st.text_input(t("transcripts.new_attribute"), key=f"page.correct.{facts.id}.new_name")
        new_value = st.text_input(t("transcripts.its_value"), key=f"page.correct.{facts.id}.new_value")
        if st.form_submit_button(t("transcripts.save")):
            if new_name.strip():
                attributes[new_name.strip()] = new_value
            changed = {
                name: value.strip()
                for name, value in attributes.items()
                if value.strip() != facts.attributes.get(name, "")
            }
            update_interview(
                study,
                facts.id,
                actor=session.coder(),
                actor_group=group,
                kind=kind,
                attributes=changed,
            )
            session.notify(t("transcripts.saved", name=facts.name))
            st.rerun()


def _show_removal(study: Study, facts: TranscriptFacts) -> None:
    with st.expander(t("transcripts.remove"), icon=":material/delete:"):
        st.markdown(t("transcripts.remove_warning", n=facts.codings, name=facts.name))
        if st.button(t("transcripts.remove_button"), key=f"page.remove.{facts.id}", type="primary"):
            remove_transcript(study, facts.id, actor=session.coder())
            # The selection is a row number: kept, it would put the next interview up for removal.
            st.session_state[REMOVALS] = st.session_state.get(REMOVALS, 0) + 1
            session.notify(t("transcripts.removed", name=facts.name))
            st.rerun()
