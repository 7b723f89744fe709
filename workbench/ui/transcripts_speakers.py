"""The speakers of a file under review: names, roles, merges, interpreters, and whose words the turns are."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from interviews import SegmentStatus, SpeakerGuess, Transcript
from workbench.display import format_number
from workbench.i18n import t
from workbench.services.importing import correct_draft, correct_speakers
from workbench.ui import session
from workbench.ui.transcripts_drafts import draft_at, key_of, put, value_of

ROLES = ("respondent", "interviewer", "unknown")
NO_SPEAKER = "none"
STATUSES: tuple[SegmentStatus, ...] = ("verbatim", "summary", "interpreted", "translation", "notes")
MIXED, NOBODY = "mixed", ""
SPEAKERS_SHOWN = 12


def show_speakers(index: int, transcript: Transcript) -> None:
    """Every speaker with a name and a role to correct, the offered merges, and the status of the words."""
    if transcript.speakers:
        st.markdown(t("transcripts.review.speakers"))
    else:
        st.caption(t("transcripts.review.no_speakers_text"))
    for offer in transcript.speaker_merges:
        st.button(
            t("transcripts.review.merge", label=offer.label, into=offer.into),
            icon=":material/merge:",
            key=key_of(index, "merge", offer.label, offer.into),
            on_click=_relabel,
            args=(index, offer.label, offer.into),
        )
    for speaker in transcript.speakers[:SPEAKERS_SHOWN]:
        _show_speaker(index, speaker)
    more = len(transcript.speakers) - SPEAKERS_SHOWN
    if more > 0:
        st.caption(t("transcripts.review.more_speakers", n=more))
    if transcript.speakers:
        st.caption(t("transcripts.review.speakers_help"))
    _show_status(index, transcript)


def _show_speaker(index: int, speaker: SpeakerGuess) -> None:
    name, role, amount = st.columns([1.2, 1.2, 1], vertical_alignment="center")
    name.text_input(
        t("transcripts.review.label"),
        value=speaker.label,
        key=key_of(index, "label", speaker.label),
        label_visibility="collapsed",
        on_change=_rename,
        args=(index, speaker.label),
    )
    role.selectbox(
        t("transcripts.review.role"),
        (*ROLES, NO_SPEAKER),
        index=ROLES.index(speaker.role),
        format_func=lambda each: t(f"transcripts.role.{each}"),
        key=key_of(index, "role", speaker.label),
        label_visibility="collapsed",
        on_change=_set_role,
        args=(index, speaker.label),
    )
    spoken = format_number(speaker.words, 0, session.language())
    amount.caption(t("transcripts.review.amount", n=speaker.turns, words=spoken))


def _show_status(index: int, transcript: Transcript) -> None:
    """Of the whole file in one field; of single speakers, and for whom an interpreter speaks, below it."""
    statuses = _statuses(transcript, None)
    if not statuses:
        return
    _choose_status(index, t("transcripts.review.words_are"), statuses, None)
    others = [speaker for speaker in transcript.speakers if speaker.role != "interviewer"]
    if len(others) < 2:
        return
    special = any(turn.speaks_for or turn.status != "verbatim" for turn in transcript.turns)
    with st.expander(t("transcripts.review.status_more"), icon=":material/translate:", expanded=special):
        for speaker in others[:SPEAKERS_SHOWN]:
            left, right = st.columns(2)
            with left:
                _choose_status(
                    index,
                    t("transcripts.review.status_of", label=speaker.label),
                    _statuses(transcript, speaker.label),
                    speaker.label,
                )
            with right:
                _choose_whose(index, transcript, speaker.label)


def _choose_status(index: int, title: str, statuses: Counter[str], label: str | None) -> None:
    mixed = len(statuses) > 1
    options = (MIXED, *STATUSES) if mixed else STATUSES
    present = MIXED if mixed else next(iter(statuses), "verbatim")
    st.selectbox(
        title,
        options,
        index=options.index(present),
        format_func=lambda name: (
            t("transcripts.review.mixed") if name == MIXED else t(f"segments.name.{name}")
        ),
        key=key_of(index, "status", label or ""),
        on_change=_set_status,
        args=(index, label),
    )


def _choose_whose(index: int, transcript: Transcript, label: str) -> None:
    """For whom this speaker speaks."""
    others = [speaker.label for speaker in transcript.speakers if speaker.label != label]
    found = Counter(turn.speaks_for or NOBODY for turn in transcript.turns if turn.speaker == label)
    present = found.most_common(1)[0][0] if found else NOBODY
    options = [NOBODY, *dict.fromkeys([*others, *([present] if present else [])])]
    st.selectbox(
        t("transcripts.review.speaks_for", label=label),
        options,
        index=options.index(present),
        format_func=lambda name: name or t("transcripts.review.nobody"),
        key=key_of(index, "speaks_for", label),
        on_change=_set_speaks_for,
        args=(index, label),
    )


def _statuses(transcript: Transcript, label: str | None) -> Counter[str]:
    return Counter(
        turn.status
        for turn in transcript.turns
        if turn.kind == "speech" and (label is None or turn.speaker == label)
    )


def _rename(index: int, label: str) -> None:
    new = value_of(index, "label", label).strip()
    if new and new != label:
        _relabel(index, label, new)
    else:
        put(index, draft_at(index))


def _set_role(index: int, label: str) -> None:
    role = value_of(index, "role", label)
    if role == NO_SPEAKER:
        _relabel(index, label, None)
    else:
        put(index, correct_speakers(draft_at(index), roles={label: role}))


def _relabel(index: int, label: str, into: str | None) -> None:
    put(index, correct_speakers(draft_at(index), labels={label: into}))


def _set_status(index: int, label: str | None) -> None:
    status = value_of(index, "status", label or "")
    if status == MIXED:
        return
    draft = draft_at(index)
    if label is None:
        put(index, correct_draft(draft, status=status))
    else:
        put(index, correct_draft(draft, status_of={label: status}))


def _set_speaks_for(index: int, label: str) -> None:
    whose = value_of(index, "speaks_for", label) or None
    put(index, correct_draft(draft_at(index), speaks_for={label: whose}))
