"""Correcting the text: a page of turns at a time. Corrections are gathered; saving is left to the preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

import interviews
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import t
from workbench.services.editing import list_versions
from workbench.services.segments import STATUSES
from workbench.services.studies import Study
from workbench.services.text_drafts import DraftTurn, TextDraft, moved_to, open_draft
from workbench.services.transcripts import version_in_use
from workbench.ui import editing_find, editing_preview, session
from workbench.ui.editing_corrections import correction_html
from workbench.ui.editing_marks import STYLE
from workbench.ui.editing_state import draft_of, drop, generation, guard, keep
from workbench.ui.editing_times import seconds_of, time_text

A_PAGE = 12
FIRST = "page.editing.first"
PREVIEW = "page.editing.preview"
PROBLEM = "page.editing.problem"
LEFT = "editing.left"
SENTENCE_SHOWN = 70

Address = tuple[int, int, bool]


@session.fragment
def show(study: Study, transcript_id: str) -> None:
    """The window of turns, or what saving them would do."""
    with session.shown_errors():
        draft = draft_of(study, transcript_id)
        guard()
        _show_left(transcript_id)
        if draft.version != version_in_use(study, transcript_id):
            _show_newer(study, draft)
            return
        if draft.edits and st.session_state.get(f"{PREVIEW}.{transcript_id}"):
            editing_preview.show(study, draft, close=_close_preview)
            return
        _show_window(study, draft)


def _show_window(study: Study, draft: TextDraft) -> None:
    turns = draft.turns()
    _show_bar(study, draft)
    editing_find.show_jump(draft, turns, go_to=_go_to)
    editing_find.show_replace(study, draft, turns)
    key = f"{FIRST}.{draft.transcript_id}"
    first = min(int(st.session_state.get(key, 0)), max(0, (len(turns) - 1) // A_PAGE * A_PAGE))
    _show_pages(key, first, len(turns), "above")
    problem = st.session_state.pop(PROBLEM, None)
    if problem:
        st.error(problem, icon=":material/error:")
    speakers = _speakers(turns)
    for turn in turns[first : first + A_PAGE]:
        _show_turn(study, draft, turn, speakers)
    if len(turns) > A_PAGE:
        _show_pages(key, first, len(turns), "below")


def _show_bar(study: Study, draft: TextDraft) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        number = len(draft.edits)
        if not number:
            st.caption(t("editing.explain"))
            return
        st.markdown(f"**{t('editing.unsaved', n=number)}**", width="content")
        st.button(
            t("editing.look_and_save"),
            type="primary",
            icon=":material/fact_check:",
            key=f"page.editing.look.{draft.transcript_id}",
            on_click=_open_preview,
            args=(draft.transcript_id,),
        )
        st.button(
            t("editing.undo_last"),
            icon=":material/undo:",
            key=f"page.editing.undo_last.{draft.transcript_id}",
            on_click=_apply,
            args=(study, draft.transcript_id, lambda current: current.without(len(current.edits) - 1)),
        )
        with st.popover(t("editing.discard"), icon=":material/delete:"):
            st.markdown(t("editing.discard_ask", n=number))
            st.button(
                t("editing.discard_all"),
                key=f"page.editing.discard.{draft.transcript_id}",
                on_click=drop,
                args=(study, draft.transcript_id),
            )


def _show_pages(key: str, first: int, count: int, where: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            t("editing.earlier"),
            icon=":material/chevron_left:",
            key=f"{key}.{where}.earlier",
            disabled=first == 0,
            on_click=_set,
            args=(key, max(0, first - A_PAGE)),
        )
        last = min(first + A_PAGE, count)
        st.markdown(t("editing.turns_shown", first=first + 1, last=last, count=count), width="content")
        st.button(
            t("editing.later"),
            icon=":material/chevron_right:",
            key=f"{key}.{where}.later",
            disabled=last >= count,
            on_click=_set,
            args=(key, first + A_PAGE),
        )


def _show_turn(study: Study, draft: TextDraft, turn: DraftTurn, speakers: Sequence[str]) -> None:
    key = _key(draft, turn)
    change = (study, draft.transcript_id, turn.address)
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            sign = ":material/edit:" if turn.edited else ""
            kind = "" if turn.kind == "speech" else f" · {t(f'editing.kind_{turn.kind}')}"
            st.markdown(f"**{turn.number}**{kind} {sign}", width=100 if kind else 50)
            if turn.kind == "speech":
                st.selectbox(
                    t("editing.speaker", number=turn.number),
                    ["", *speakers],
                    index=1 + speakers.index(turn.speaker) if turn.speaker else 0,
                    format_func=lambda name: name or t("editing.nobody"),
                    accept_new_options=True,
                    label_visibility="collapsed",
                    width=170,
                    key=f"{key}.speaker",
                    on_change=_change,
                    args=(*change, "speaker", f"{key}.speaker"),
                )
            st.text_input(
                t("editing.time", number=turn.number),
                value=time_text(turn.time_seconds),
                placeholder=t("editing.time_hint"),
                label_visibility="collapsed",
                width=84,
                key=f"{key}.time",
                on_change=_change_time,
                args=(*change, f"{key}.time"),
            )
            st.selectbox(
                t("editing.status", number=turn.number),
                STATUSES,
                index=[*STATUSES].index(turn.status) if turn.status in STATUSES else 0,
                format_func=lambda name: t(f"segments.name.{name}"),
                label_visibility="collapsed",
                width=140,
                key=f"{key}.status",
                on_change=_change,
                args=(*change, "status", f"{key}.status"),
            )
            if turn.status == "interpreted":
                st.text_input(
                    t("editing.speaks_for", number=turn.number),
                    value=turn.speaks_for or "",
                    placeholder=t("segments.speaks_for"),
                    label_visibility="collapsed",
                    width=150,
                    key=f"{key}.speaks_for",
                    on_change=_change,
                    args=(*change, "speaks_for", f"{key}.speaks_for"),
                )
            with st.popover(t("editing.more"), help=t("editing.more_help", number=turn.number)):
                _show_more(study, draft, turn, key)
        said = st.text_area(
            t("editing.words", number=turn.number),
            value=turn.words,
            height="content",
            label_visibility="collapsed",
            key=f"{key}.words",
            on_change=_change,
            args=(*change, "words", f"{key}.words"),
        )
        if said is not None and not said.strip():
            st.warning(t("editing.no_words"), icon=":material/info:")


def _show_more(study: Study, draft: TextDraft, turn: DraftTurn, key: str) -> None:
    """Splitting, joining, deleting, inserting, and taking back what was done to this turn."""
    target = (study, draft.transcript_id)
    places = _split_places(turn.words) if turn.inserted is None else []
    if places:
        chosen = st.selectbox(
            t("editing.split_after"),
            [place for place, _ in places],
            format_func=dict(places).__getitem__,
            key=f"{key}.split_place",
        )
        st.button(
            t("editing.split"),
            icon=":material/call_split:",
            key=f"{key}.split",
            on_click=_apply_at,
            args=(*target, turn.address, lambda current, at, place=chosen: current.split(at, place)),
        )
    if turn.joins:
        st.button(
            t("editing.join"),
            icon=":material/call_merge:",
            key=f"{key}.join",
            on_click=_apply_at,
            args=(*target, turn.address, lambda current, at: current.joined(at)),
        )
    for after in (False, True):
        if turn.takes_after if after else turn.takes_before:
            st.button(
                t("editing.insert_after" if after else "editing.insert_before"),
                icon=":material/add:",
                key=f"{key}.insert_{after}",
                on_click=_apply_at,
                args=(*target, turn.address, _insertion(after, turn.speaker)),
            )
    st.button(
        t("editing.delete"),
        icon=":material/delete:",
        key=f"{key}.delete",
        on_click=_apply_at,
        args=(*target, turn.address, lambda current, at: current.deleted(at)),
    )
    own = draft.corrections_of(turn)
    if own:
        st.html(STYLE + "".join(correction_html(draft, place) for place in own))
        st.button(
            t("editing.undo_here", n=len(own)),
            icon=":material/undo:",
            key=f"{key}.undo",
            on_click=_apply,
            args=(*target, lambda current: current.without(own[0])),
        )


def _insertion(after: bool, speaker: str | None) -> Callable[[TextDraft, DraftTurn], TextDraft]:
    return lambda current, at: current.inserted(at, t("editing.new_words"), after=after, speaker=speaker)


def _split_places(words: str) -> list[tuple[int, str]]:
    """Where a turn can be ended: after each sentence but the last, with the words it would end with."""
    ends = [end for _, end in interviews.sentences(words)][:-1]
    return [(end, f"… {words[max(0, end - SENTENCE_SHOWN) : end].strip()}") for end in ends]


def _speakers(turns: Sequence[DraftTurn]) -> list[str]:
    return list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker))


def _key(draft: TextDraft, turn: DraftTurn) -> str:
    place = ".".join(map(str, turn.address))
    # The browser sends what a choice is called: in another language the same field would seem changed.
    names = f"{session.language()}.{draft.version}.{generation()}"
    return f"page.editing.{draft.transcript_id}.{names}.{place}"


# ---- when somebody else was faster


def _show_newer(study: Study, draft: TextDraft) -> None:
    """The text was changed meanwhile: the corrections are offered on the new one."""
    newest = next(facts for facts in list_versions(study, draft.transcript_id) if facts.current)
    with st.container(border=True):
        st.warning(
            t("editing.newer", who=newest.author or "–", version=newest.version, n=len(draft.edits)),
            icon=":material/sync_problem:",
        )
        with st.container(horizontal=True):
            st.button(
                t("editing.take_along"),
                type="primary",
                key=f"page.editing.along.{draft.transcript_id}",
                on_click=_take_along,
                args=(study, draft.transcript_id),
            )
            st.button(
                t("editing.discard_all"),
                key=f"page.editing.leave.{draft.transcript_id}",
                on_click=drop,
                args=(study, draft.transcript_id),
            )
    st.html(STYLE + "".join(correction_html(draft, place) for place in range(len(draft.edits))))


def _take_along(study: Study, transcript_id: str) -> None:
    """Callback: the corrections on the text that is in use now; those that do not fit are kept to be read."""
    draft = draft_of(study, transcript_id)
    moved, left = moved_to(draft, open_draft(study, transcript_id))
    st.session_state[f"{LEFT}.{transcript_id}"] = [(each.was, each.edit.words or "") for each in left]
    keep(study, moved, redraw=True)


def _show_left(transcript_id: str) -> None:
    left: list[tuple[str, str]] = st.session_state.get(f"{LEFT}.{transcript_id}") or []
    if not left:
        return
    with st.container(border=True):
        st.warning(t("editing.left", n=len(left)), icon=":material/info:")
        for was, wanted in left:
            st.code(f"{was}\n→ {wanted}" if wanted else was, language=None, wrap_lines=True)
        st.button(
            t("editing.left_seen"),
            key=f"page.editing.left_seen.{transcript_id}",
            on_click=_set,
            args=(f"{LEFT}.{transcript_id}", []),
        )


# ---- callbacks


def _set(key: str, value: object) -> None:
    st.session_state[key] = value


def _go_to(transcript_id: str, number: int) -> None:
    """Callback: the page on which a turn stands."""
    st.session_state[f"{FIRST}.{transcript_id}"] = (number - 1) // A_PAGE * A_PAGE


def _open_preview(transcript_id: str) -> None:
    st.session_state[f"{PREVIEW}.{transcript_id}"] = True


def _close_preview(transcript_id: str) -> None:
    st.session_state[f"{PREVIEW}.{transcript_id}"] = False


def _change(study: Study, transcript_id: str, address: Address, name: str, key: str) -> None:
    value = st.session_state.get(key) or ""
    if name == "words" and not value.strip():
        return
    values = {name: value.strip() if name != "words" else value}
    _apply_at(study, transcript_id, address, lambda draft, at: draft.changed(at, **values), redraw=False)


def _change_time(study: Study, transcript_id: str, address: Address, key: str) -> None:
    written = str(st.session_state.get(key) or "").strip()
    seconds = seconds_of(written)
    if written and seconds is None:
        st.session_state[PROBLEM] = t("editing.no_time", written=written)
        return
    wanted = "" if seconds is None else seconds
    _apply_at(
        study,
        transcript_id,
        address,
        lambda draft, at: draft.changed(at, time_seconds=wanted),
        redraw=False,
    )


def _apply_at(
    study: Study,
    transcript_id: str,
    address: Address,
    step: Callable[[TextDraft, DraftTurn], TextDraft],
    redraw: bool = True,
) -> None:
    at = draft_of(study, transcript_id).turn_at(address)
    if at is not None:
        _apply(study, transcript_id, lambda draft: step(draft, at), redraw)


def _apply(
    study: Study, transcript_id: str, step: Callable[[TextDraft], TextDraft], redraw: bool = True
) -> None:
    """Callback: another state of the draft; a correction that does not fit is refused with the reason."""
    try:
        keep(study, step(draft_of(study, transcript_id)), redraw=redraw)
    except USER_ERRORS as error:
        st.session_state[PROBLEM] = error_text(error)
