"""Whose words the turns of an interview hold: seen as a list, and changed for the rows that are selected."""

from __future__ import annotations

import streamlit as st

from workbench.i18n import t
from workbench.services.segments import STATUSES, list_segments, set_status
from workbench.services.studies import Study
from workbench.ui import session

KEY = "page.segments"
LIST_HEIGHT = 340
WORDS_SHOWN = 160


def show(study: Study, transcript_id: str) -> None:
    """The list of turns with their status, and below it what the selected ones are."""
    segments = list_segments(study, transcript_id)
    others = [segment for segment in segments if segment.status != "verbatim"]
    counts = [
        t(f"segments.count.{status}", n=count)
        for status in STATUSES
        if status != "verbatim" and (count := sum(segment.status == status for segment in others))
    ]
    title = " · ".join((t("segments.status_of"), *counts))
    with st.expander(title, icon=":material/record_voice_over:"):
        st.caption(t("segments.explain"))
        rows = [
            {
                "": segment.number,
                t("segments.column.speaker"): segment.speaker or "",
                t("segments.column.status"): t(f"segments.name.{segment.status}"),
                t("segments.column.speaks_for"): segment.speaks_for or "",
                t("segments.column.words"): _short(segment.words),
            }
            for segment in segments
        ]
        token = st.session_state.setdefault(f"{KEY}.token", 0)
        event = st.dataframe(
            rows,
            key=f"{KEY}.rows.{transcript_id}.{token}",
            hide_index=True,
            height=min(38 + 35 * len(rows), LIST_HEIGHT),
            on_select="rerun",
            selection_mode="multi-row",
            column_config={"": st.column_config.NumberColumn(width=50)},
        )
        chosen = {segments[row].number for row in event["selection"]["rows"] if row < len(segments)}
        _show_change(study, transcript_id, chosen)


def _show_change(study: Study, transcript_id: str, chosen: set[int]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        status = st.selectbox(
            t("segments.choose_status"),
            STATUSES,
            format_func=lambda name: t(f"segments.name.{name}"),
            key=f"{KEY}.status",
            width=240,
        )
        who = ""
        if status == "interpreted":
            who = st.text_input(
                t("segments.speaks_for"),
                key=f"{KEY}.speaks_for",
                help=t("segments.speaks_for_help"),
                width=240,
            )
        pressed = st.button(
            t("segments.save"), type="primary", disabled=not chosen, key=f"{KEY}.save.{transcript_id}"
        )
    if not chosen:
        st.caption(t("segments.select_rows"))
    if pressed:
        with session.shown_errors():
            changed = set_status(study, transcript_id, chosen, status, actor=session.coder(), speaks_for=who)
            st.session_state[f"{KEY}.token"] += 1  # the rows stand for what they were: begin anew
            session.notify(t("segments.changed", n=changed) if changed else t("segments.nothing_changed"))
            st.rerun()


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= WORDS_SHOWN else line[: WORDS_SHOWN - 1].rstrip() + "…"
