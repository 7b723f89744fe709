"""One file under review: its facts and where each was guessed from, its speakers, and how it will read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from interviews import Transcript
from workbench.i18n import t
from workbench.services.importing import (
    ImportDraft,
    InterviewFacts,
    ParticipantSheet,
    correct_draft,
    facts_when_saved,
    with_row,
)
from workbench.services.reading_warnings import warning_text
from workbench.services.schemes import code_uses
from workbench.services.studies import Study
from workbench.ui.actor_groups import group_label, group_options
from workbench.ui.attributes import attribute_label
from workbench.ui.moments import EARLIEST, date_format, date_text
from workbench.ui.transcripts_changed import show_match
from workbench.ui.transcripts_drafts import SHEET, correct, draft_at, key_of, put, value_of
from workbench.ui.transcripts_notes import show_notes
from workbench.ui.transcripts_problems import problem_text
from workbench.ui.transcripts_speakers import show_speakers
from workbench.ui.turn_text import turns_html

KINDS = ("individual", "group")
TURNS_SHOWN = 10
CHARACTERS_SHOWN = 6_000


def show_draft(study: Study, index: int, draft: ImportDraft, labels: Mapping[str, str]) -> None:
    """The file in view, to be corrected."""
    with st.container(border=True):
        st.markdown(f"**{draft.file_name}**")
        if draft.transcript is None:
            st.error(problem_text(draft), icon=":material/error:")
            return
        facts, reading = st.columns(2, gap="large")
        with facts:
            show_match(study, index, draft)
            _show_coded(study, index, draft)
            known = facts_when_saved(draft)
            _show_facts(index, draft, known, labels)
            _show_attributes(index, draft, known)
            show_speakers(index, draft.transcript)
        with reading:
            for warning in draft.transcript.warnings:
                st.caption(f":material/info: {warning_text(warning)}")
            st.caption(t("transcripts.review.first_turns"))
            with st.container(height=460, border=False):
                st.html(_first_turns(draft.transcript))
            if draft.transcript.annotations:
                title = t("transcripts.review.file_notes", n=len(draft.transcript.annotations))
                with st.expander(title, icon=":material/comment:"):
                    _choose_comments(index, draft)
                    show_notes(draft.transcript.text, draft.transcript.annotations)


def _first_turns(transcript: Transcript) -> str:
    """The first turns, as they will be stored; of a very long one the beginning."""
    interviewers = {speaker.label for speaker in transcript.speakers if speaker.role == "interviewer"}
    shown, left = [], CHARACTERS_SHOWN
    for turn in transcript.turns[:TURNS_SHOWN]:
        shown.append(turn)
        left -= turn.end - turn.start
        if left < 0:
            break
    text = transcript.text[: shown[-1].end + left] if shown and left < 0 else transcript.text
    return turns_html(text, shown, interviewers=interviewers)


def _choose_comments(index: int, draft: ImportDraft) -> None:
    assert draft.transcript is not None
    if any(note.kind == "comment" for note in draft.transcript.annotations):
        st.checkbox(
            t("transcripts.review.comments_to_memos"),
            value=draft.comments == "memos",
            key=key_of(index, "comments"),
            on_change=_comments,
            args=(index,),
        )


def _show_coded(study: Study, index: int, draft: ImportDraft) -> None:
    """That the file holds codings, and what becomes of those whose code the study does not have."""
    if draft.coded is None or not draft.coded.codings:
        return
    st.info(t("transcripts.review.coded_file", n=len(draft.coded.codings)), icon=":material/label:")
    known = {use.code.path for use in code_uses(study) if not use.retired}
    unknown = sorted({coding.path for coding in draft.coded.codings} - known)
    if unknown:
        st.markdown(t("exporting.page.unknown", codes=", ".join(f"`{path}`" for path in unknown)))
        st.checkbox(
            t("exporting.page.create_codes"),
            value=draft.unknown_codes == "create",
            key=key_of(index, "unknown_codes"),
            on_change=_unknown_codes,
            args=(index,),
        )


def _show_facts(index: int, draft: ImportDraft, facts: InterviewFacts, labels: Mapping[str, str]) -> None:
    if draft.decision == "version":
        st.caption(t("transcripts.review.facts_of_version"))
    st.text_input(
        t("transcripts.column.name"),
        value=facts.name,
        key=key_of(index, "name"),
        on_change=_name,
        args=(index,),
    )
    left, right = st.columns(2)
    options = group_options(labels, facts.actor_group)
    left.selectbox(
        t("transcripts.column.group"),
        options,
        index=options.index(facts.actor_group or ""),
        format_func=lambda name: group_label(name, labels),
        key=key_of(index, "group"),
        on_change=_group,
        args=(index,),
    )
    right.selectbox(
        t("transcripts.column.type"),
        KINDS,
        index=KINDS.index(facts.kind),
        format_func=lambda name: t(f"transcripts.type.{name}"),
        key=key_of(index, "kind"),
        on_change=_kind,
        args=(index,),
    )
    date_field, row_field = st.columns(2)
    date_field.date_input(
        t("transcripts.review.held_on"),
        value=facts.held_on,
        min_value=EARLIEST,
        format=date_format(),
        key=key_of(index, "held_on"),
        on_change=_held_on,
        args=(index,),
    )
    with row_field:
        _show_row(index, draft)
    for name in ("actor_group", "held_on", "kind"):
        guess = draft.guesses.get(name)
        if guess is not None and guess.value == _plain_value(getattr(facts, name)):
            st.caption(
                t(
                    "transcripts.review.guessed",
                    name=t(f"transcripts.guess.{name}"),
                    value=_guessed_value(name, guess.value, labels),
                    source=t(f"transcripts.guess.from_{guess.source}", said=guess.said),
                )
            )


def _guessed_value(name: str, value: str, labels: Mapping[str, str]) -> str:
    if name == "actor_group":
        return group_label(value, labels)
    if name == "kind":
        return t(f"transcripts.type.{value}")
    return date_text(date.fromisoformat(value))


def _plain_value(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _show_row(index: int, draft: ImportDraft) -> None:
    """Which row of the sheet of participants is this interview's; another can be chosen."""
    sheet: ParticipantSheet | None = st.session_state.get(SHEET)
    if sheet is None:
        return
    persons = {
        each.name: ", ".join(person.name for person in each.persons if person.name)
        for each in sheet.interviews
    }
    options = ["", *persons]
    guess = draft.guesses.get("participants")
    st.selectbox(
        t("transcripts.review.row"),
        options,
        index=options.index(draft.sheet_row or ""),
        format_func=lambda name: (
            " · ".join(part for part in (name, persons[name]) if part)
            if name
            else t("transcripts.review.no_row")
        ),
        key=key_of(index, "row"),
        on_change=_row,
        args=(index,),
    )
    if guess is not None and guess.score is not None:
        st.caption(t("transcripts.review.row_score", said=guess.said, score=round(guess.score)))


def _show_attributes(index: int, draft: ImportDraft, facts: InterviewFacts) -> None:
    assert draft.transcript is not None
    header, known = draft.transcript.header, facts.attributes
    if not known and not header:
        return
    with st.expander(t("transcripts.review.attributes"), icon=":material/list:", expanded=bool(known)):
        columns = st.columns(2)
        for place, (name, value) in enumerate(known.items()):
            columns[place % 2].text_input(
                attribute_label(name),
                value=value,
                key=key_of(index, "attribute", name),
                on_change=_attribute,
                args=(index, name),
            )
        if header:
            st.multiselect(
                t("transcripts.review.header"),
                list(header),
                default=[name for name in header if name in draft.attributes],
                format_func=lambda name: f"{name}: {header[name]}",
                help=t("transcripts.review.header_help"),
                key=key_of(index, "header"),
                on_change=_header,
                args=(index,),
            )


def _name(index: int) -> None:
    name = value_of(index, "name").strip()
    if name:
        correct(index, name=name)


def _without_guess(index: int, name: str) -> dict[str, object]:
    """What a person has set is a guess no more."""
    return {key: guess for key, guess in draft_at(index).guesses.items() if key != name}


def _group(index: int) -> None:
    correct(index, actor_group=value_of(index, "group") or None, guesses=_without_guess(index, "actor_group"))


def _kind(index: int) -> None:
    correct(index, kind=value_of(index, "kind"), guesses=_without_guess(index, "kind"))


def _held_on(index: int) -> None:
    correct(index, held_on=value_of(index, "held_on"), guesses=_without_guess(index, "held_on"))


def _comments(index: int) -> None:
    correct(index, comments="memos" if value_of(index, "comments") else "keep")


def _unknown_codes(index: int) -> None:
    correct(index, unknown_codes="create" if value_of(index, "unknown_codes") else "leave")


def _row(index: int) -> None:
    sheet: ParticipantSheet = st.session_state[SHEET]
    name = value_of(index, "row")
    put(index, with_row(draft_at(index), sheet.find(name) if name else None))


def _attribute(index: int, name: str) -> None:
    draft, value = draft_at(index), value_of(index, "attribute", name).strip()
    if name in draft.person_attributes:
        put(index, correct_draft(draft, person_attributes={**draft.person_attributes, name: value}))
    else:
        put(index, correct_draft(draft, attributes={**draft.attributes, name: value}))


def _header(index: int) -> None:
    draft = draft_at(index)
    assert draft.transcript is not None
    header, chosen = draft.transcript.header, set(value_of(index, "header"))
    kept = {name: value for name, value in draft.attributes.items() if name not in header}
    correct(index, attributes={**kept, **{name: header[name] for name in header if name in chosen}})
