"""Finding turns by words, speaker or time, and replacing words throughout with every place seen first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import streamlit as st

from workbench.i18n import t
from workbench.services.studies import Study
from workbench.services.text_drafts import DraftTurn, TextDraft
from workbench.ui.editing_state import draft_of, keep
from workbench.ui.editing_times import seconds_of, time_text

KEY = "page.editing.find"
HITS_LISTED = 200
AROUND = 45


def show_jump(draft: TextDraft, turns: Sequence[DraftTurn], *, go_to: Callable[[str, int], None]) -> None:
    """Fields for words, speaker and time, and the turns that fit, to go to one of them."""
    key = f"{KEY}.{draft.transcript_id}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        words = st.text_input(
            t("editing.find_words"), key=f"{key}.words", icon=":material/search:", width=220
        )
        speakers = list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker))
        speaker = st.selectbox(
            t("editing.find_speaker"),
            speakers,
            index=None,
            placeholder=t("editing.anybody"),
            key=f"{key}.speaker",
            width=180,
        )
        time = st.text_input(
            t("editing.find_time"), key=f"{key}.time", placeholder=t("editing.time_hint"), width=120
        )
        if not (words.strip() or speaker or time.strip()):
            return
        hits = found_turns(turns, words=words.strip(), speaker=speaker, seconds=seconds_of(time))
        if not hits:
            st.caption(t("editing.no_turn_found"))
            return
        listed = {turn.number: turn for turn in hits[:HITS_LISTED]}
        number = st.selectbox(
            t("editing.go_to", n=len(hits)),
            list(listed),
            format_func=lambda n: _line(listed[n], words.strip()),
            key=f"{key}.hit.{words}.{speaker}.{time}",
            width=360,
        )
        st.button(
            t("editing.go"),
            icon=":material/arrow_downward:",
            key=f"{key}.go",
            on_click=go_to,
            args=(draft.transcript_id, number),
        )


def found_turns(
    turns: Sequence[DraftTurn], *, words: str = "", speaker: str | None = None, seconds: float | None = None
) -> list[DraftTurn]:
    """The turns with these words (whatever their case) by this speaker; by time the last begun by then."""
    found = [
        turn
        for turn in turns
        if words.casefold() in turn.words.casefold() and (speaker is None or turn.speaker == speaker)
    ]
    if seconds is None:
        return found
    timed = [turn for turn in found if turn.time_seconds is not None]
    begun = [turn for turn in timed if (turn.time_seconds or 0.0) <= seconds]
    return begun[-1:] or timed[:1]


def show_replace(study: Study, draft: TextDraft, turns: Sequence[DraftTurn]) -> None:
    """Find and replace over the whole interview; every place is shown and can be left out."""
    key = f"{KEY}.replace.{draft.transcript_id}"
    with st.expander(t("editing.replace"), icon=":material/find_replace:", key=f"{key}.open"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            words = st.text_input(t("editing.replace_find"), key=f"{key}.find", width=240)
            wanted = st.text_input(t("editing.replace_with"), key=f"{key}.with", width=240)
            whole = st.checkbox(t("editing.whole_words"), value=True, key=f"{key}.whole")
            case = st.checkbox(t("editing.match_case"), value=True, key=f"{key}.case")
        if not words.strip():
            st.caption(t("editing.replace_explain"))
            return
        hits = places_of(turns, words, whole_words=whole, match_case=case)
        if not hits or words == wanted:
            st.caption(t("editing.nothing_to_replace"))
            return
        columns = {name: t(f"editing.hit_{name}") for name in ("take", "turn", "speaker", "before", "after")}
        rows = [
            {
                columns["take"]: True,
                columns["turn"]: turn.number,
                columns["speaker"]: turn.speaker or "",
                columns["before"]: _around(turn.words, start, end, turn.words[start:end]),
                columns["after"]: _around(turn.words, start, end, wanted),
            }
            for turn, start, end in hits
        ]
        edited = st.data_editor(
            rows,
            key=f"{key}.hits.{words}.{wanted}.{whole}.{case}.{len(draft.edits)}",
            hide_index=True,
            disabled=[title for name, title in columns.items() if name != "take"],
            height=min(38 + 35 * len(rows), 320),
        )
        taken = [hit for hit, row in zip(hits, edited, strict=True) if row[columns["take"]]]
        st.button(
            t("editing.replace_them", n=len(taken)),
            type="primary",
            disabled=not taken,
            key=f"{key}.do",
            on_click=_replace,
            args=(study, draft.transcript_id, taken, wanted),
        )


def places_of(
    turns: Sequence[DraftTurn], words: str, *, whole_words: bool, match_case: bool
) -> list[tuple[DraftTurn, int, int]]:
    """Every place of words in turns, as (turn, start, end) in the turn's own words."""
    wanted = re.escape(words)
    if whole_words:
        wanted = rf"(?<!\w){wanted}(?!\w)"
    pattern = re.compile(wanted, 0 if match_case else re.IGNORECASE)
    return [(turn, *found.span()) for turn in turns for found in pattern.finditer(turn.words)]


def _replace(
    study: Study, transcript_id: str, hits: Sequence[tuple[DraftTurn, int, int]], wanted: str
) -> None:
    """Callback: the places as corrections, from the last to the first of each turn."""
    draft = draft_of(study, transcript_id)
    words: dict[tuple[int, int, bool], str] = {}
    for turn, start, end in reversed(hits):
        said = words.get(turn.address, turn.words)
        words[turn.address] = f"{said[:start]}{wanted}{said[end:]}"
    addressed = {turn.address: turn for turn in draft.turns()}
    for address, said in words.items():
        at = addressed.get(address) if address[2] else draft.turn_at(address)
        if at is not None and said.strip():
            draft = draft.changed(at, words=said)
    keep(study, draft, redraw=True)


def _line(turn: DraftTurn, words: str) -> str:
    start = max(0, turn.words.casefold().find(words.casefold()))
    said = " ".join(
        _around(turn.words, start, start + len(words), turn.words[start : start + len(words)]).split()
    )
    parts = (str(turn.number), time_text(turn.time_seconds), turn.speaker or "", said)
    return " · ".join(part for part in parts if part)


def _around(text: str, start: int, end: int, words: str) -> str:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"{'…' if start > AROUND else ''}{before}{words}{after}{'…' if end + AROUND < len(text) else ''}"
