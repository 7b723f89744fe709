"""What was recognised in the files, to be seen and corrected before anything is stored.

The drafts stand in the session; every correction replaces one of them and gives its widgets new keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from interviews import Role, Transcript, words
from workbench.display import format_number
from workbench.i18n import t
from workbench.services.importing import ImportDraft, correct_draft
from workbench.services.studies import Study
from workbench.ui import session
from workbench.ui.actor_groups import group_label, group_labels, group_options
from workbench.ui.attributes import attribute_texts
from workbench.ui.row_choice import choose_row
from workbench.ui.transcripts_problems import warning_text
from workbench.ui.turn_text import turns_html

DRAFTS = "page.import.drafts"
SKIPPED = "page.import.skipped"
SELECTION = "page.import.selection"
REVISION = "page.import.revision"
ROLES = ("respondent", "interviewer", "unknown")
NO_SPEAKER = "none"
KINDS = ("individual", "group")
TURNS_SHOWN = 8
SPEAKERS_SHOWN = 12


def begin_review(drafts: Sequence[ImportDraft]) -> None:
    """Put drafts up for review; files that the study has already are left out until chosen."""
    st.session_state[DRAFTS] = list(drafts)
    st.session_state[SKIPPED] = {i for i, draft in enumerate(drafts) if draft.duplicate_of is not None}
    st.session_state[REVISION] = 0


def end_review() -> None:
    """Drop what was put up for review."""
    for key in (DRAFTS, SKIPPED, SELECTION):
        st.session_state.pop(key, None)


def drafts_to_save() -> list[ImportDraft]:
    """The drafts that could be read and are not left out."""
    skipped = st.session_state.get(SKIPPED, set())
    return [
        draft
        for i, draft in enumerate(st.session_state.get(DRAFTS, []))
        if draft.transcript is not None and i not in skipped
    ]


def show_review(study: Study) -> None:
    """The table of files, and the one whose row is selected in detail."""
    labels = group_labels(study)
    drafts: list[ImportDraft] = st.session_state[DRAFTS]
    readable = [i for i, draft in enumerate(drafts) if draft.transcript is not None]
    st.subheader(t("transcripts.review.title"))
    st.caption(t("transcripts.review.text"))
    index = _select(drafts, readable, labels)
    draft = drafts[index]
    if draft.transcript is not None:
        _show_draft(index, draft, draft.transcript, labels)


def _select(drafts: Sequence[ImportDraft], readable: Sequence[int], labels: Mapping[str, str]) -> int:
    rows = [_row(i, drafts[i], labels) for i in readable]
    selected = choose_row(rows, key=SELECTION, most_height=290)
    return readable[selected if selected is not None else 0]


def _row(index: int, draft: ImportDraft, labels: Mapping[str, str]) -> dict[str, Any]:
    transcript = draft.transcript
    assert transcript is not None
    return {
        t("transcripts.column.file"): draft.file_name,
        t("transcripts.column.name"): draft.name,
        t("transcripts.column.group"): group_label(draft.actor_group, labels),
        t("transcripts.column.type"): t(f"transcripts.type.{draft.kind}"),
        t("transcripts.column.speakers"): len(transcript.speakers),
        t("transcripts.column.words"): words(transcript.text),
        t("transcripts.column.remark"): _remark(index, draft),
    }


def _remark(index: int, draft: ImportDraft) -> str:
    assert draft.transcript is not None
    remarks = []
    if draft.duplicate_of is not None:
        remarks.append(t("transcripts.review.has_it", name=draft.duplicate_of))
    elif index in st.session_state[SKIPPED]:
        remarks.append(t("transcripts.review.left_out"))
    if draft.transcript.warnings:
        remarks.append(t("transcripts.review.n_warnings", n=len(draft.transcript.warnings)))
    if draft.transcript.speaker_merges:
        remarks.append(t("transcripts.review.merges"))
    if not draft.transcript.speakers:
        remarks.append(t("transcripts.review.no_speakers"))
    return ", ".join(remarks)


def _show_draft(index: int, draft: ImportDraft, transcript: Transcript, labels: Mapping[str, str]) -> None:
    with st.container(border=True):
        st.markdown(f"**{draft.file_name}**")
        facts, reading = st.columns(2, gap="large")
        with facts:
            _show_facts(index, draft, labels)
            _show_speakers(index, transcript)
        with reading:
            for warning in transcript.warnings:
                st.caption(f":material/info: {warning_text(warning)}")
            st.caption(t("transcripts.review.first_turns"))
            with st.container(height=420, border=False):
                interviewers = {
                    speaker.label for speaker in transcript.speakers if speaker.role == "interviewer"
                }
                st.html(
                    turns_html(transcript.text, transcript.turns[:TURNS_SHOWN], interviewers=interviewers)
                )


def _show_facts(index: int, draft: ImportDraft, labels: Mapping[str, str]) -> None:
    st.checkbox(
        t("transcripts.review.keep"),
        value=index not in st.session_state[SKIPPED],
        disabled=draft.duplicate_of is not None,
        help=t("transcripts.review.has_it", name=draft.duplicate_of) if draft.duplicate_of else None,
        key=_key(index, "keep"),
        on_change=_keep,
        args=(index,),
    )
    st.text_input(
        t("transcripts.column.name"),
        value=draft.name,
        key=_key(index, "name"),
        on_change=_name,
        args=(index,),
    )
    left, right = st.columns(2)
    options = group_options(labels, draft.actor_group)
    left.selectbox(
        t("transcripts.column.group"),
        options,
        index=options.index(draft.actor_group or ""),
        format_func=lambda name: group_label(name, labels),
        key=_key(index, "group"),
        on_change=_group,
        args=(index,),
    )
    right.selectbox(
        t("transcripts.column.type"),
        KINDS,
        index=KINDS.index(draft.kind),
        format_func=lambda name: t(f"transcripts.type.{name}"),
        key=_key(index, "kind"),
        on_change=_kind,
        args=(index,),
    )
    if draft.attributes:
        st.caption(" · ".join(attribute_texts(draft.attributes, None)))


def _show_speakers(index: int, transcript: Transcript) -> None:
    if not transcript.speakers:
        st.caption(t("transcripts.review.no_speakers_text"))
        return
    st.markdown(t("transcripts.review.speakers"))
    for offer in transcript.speaker_merges:
        st.button(
            t("transcripts.review.merge", label=offer.label, into=offer.into),
            icon=":material/merge:",
            key=_key(index, "merge", offer.label, offer.into),
            on_click=_relabel,
            args=(index, offer.label, offer.into),
        )
    for speaker in transcript.speakers[:SPEAKERS_SHOWN]:
        name, role, amount = st.columns([1.2, 1.2, 1], vertical_alignment="center")
        name.text_input(
            t("transcripts.review.label"),
            value=speaker.label,
            key=_key(index, "label", speaker.label),
            label_visibility="collapsed",
            on_change=_rename,
            args=(index, speaker.label),
        )
        role.selectbox(
            t("transcripts.review.role"),
            (*ROLES, NO_SPEAKER),
            index=ROLES.index(speaker.role),
            format_func=lambda each: t(f"transcripts.role.{each}"),
            key=_key(index, "role", speaker.label),
            label_visibility="collapsed",
            on_change=_set_role,
            args=(index, speaker.label),
        )
        spoken = format_number(speaker.words, 0, session.language())
        amount.caption(t("transcripts.review.amount", n=speaker.turns, words=spoken))
    more = len(transcript.speakers) - SPEAKERS_SHOWN
    if more > 0:
        st.caption(t("transcripts.review.more_speakers", n=more))
    st.caption(t("transcripts.review.speakers_help"))


def _key(index: int, *parts: str) -> str:
    return ".".join(("page.import", str(st.session_state[REVISION]), str(index), *parts))


def _value(index: int, *parts: str) -> Any:
    return st.session_state[_key(index, *parts)]


def _keep(index: int) -> None:
    skipped = set(st.session_state[SKIPPED])
    st.session_state[SKIPPED] = skipped - {index} if _value(index, "keep") else skipped | {index}


def _name(index: int) -> None:
    name = _value(index, "name").strip()
    if name:
        _correct(index, name=name)


def _group(index: int) -> None:
    _correct(index, actor_group=_value(index, "group") or None)


def _kind(index: int) -> None:
    _correct(index, kind=_value(index, "kind"))


def _rename(index: int, label: str) -> None:
    new = _value(index, "label", label).strip()
    if new and new != label:
        _relabel(index, label, new)
    else:
        _correct(index)


def _set_role(index: int, label: str) -> None:
    role = _value(index, "role", label)
    if role == NO_SPEAKER:
        _relabel(index, label, None)
    else:
        _correct_speakers(index, roles={label: role})


def _relabel(index: int, label: str, into: str | None) -> None:
    _correct_speakers(index, labels={label: into})


def _correct_speakers(
    index: int, *, labels: Mapping[str, str | None] | None = None, roles: Mapping[str, Role] | None = None
) -> None:
    """Correct the speakers; whether it was a group follows from how many respondents there are now."""
    before = st.session_state[DRAFTS][index]
    after = correct_draft(before, labels=labels, roles=roles)
    if len(after.respondents) != len(before.respondents):
        after = correct_draft(after, kind="group" if len(after.respondents) > 1 else "individual")
    _replace(index, after)


def _correct(index: int, **values: Any) -> None:
    _replace(index, correct_draft(st.session_state[DRAFTS][index], **values))


def _replace(index: int, draft: ImportDraft) -> None:
    drafts = list(st.session_state[DRAFTS])
    drafts[index] = draft
    st.session_state[DRAFTS] = drafts
    st.session_state[REVISION] += 1
