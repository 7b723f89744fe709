"""Which interview is coded: chosen from the list, by stepping, or by `?transcript=N` in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from coding_schemes import Scheme
from workbench.display import format_number
from workbench.i18n import label, t
from workbench.services.transcripts import TranscriptFacts
from workbench.ui import session
from workbench.ui.actor_groups import group_label

CHOSEN = "page.coding.transcript"
SELECT = "page.coding.select"
ADDRESS = "page.coding.address"
QUERY = "transcript"


def show(scheme: Scheme, facts: Sequence[TranscriptFacts]) -> TranscriptFacts:
    """The list and the steps beside it; the interview that is chosen."""
    by_id = {row.id: row for row in facts}
    _follow_address(facts)
    ids = list(by_id)
    if st.session_state.get(CHOSEN) not in by_id:
        st.session_state[CHOSEN] = ids[0]
    place = ids.index(st.session_state[CHOSEN])
    groups = {group.id: label(group.label) for group in scheme.actor_groups}
    _step_button("previous", ids[place - 1] if place > 0 else None)
    st.session_state[SELECT] = ids[place]
    st.selectbox(
        t("coding.transcript"),
        ids,
        key=SELECT,
        format_func=lambda chosen: _line(by_id[chosen], groups),
        on_change=_take_selected,
        label_visibility="collapsed",
        filter_mode="contains",
    )
    _step_button("next", ids[place + 1] if place + 1 < len(ids) else None)
    chosen = by_id[ids[place]]
    _write_address(chosen)
    return chosen


def choose(transcript_id: str) -> None:
    """Callback: this interview from the next run on."""
    st.session_state[CHOSEN] = transcript_id


def _take_selected() -> None:
    choose(st.session_state[SELECT])


def _step_button(name: str, target: str | None) -> None:
    icons = {"previous": ":material/chevron_left:", "next": ":material/chevron_right:"}
    st.button(
        t(f"coding.{name}"),
        key=f"page.coding.{name}",
        icon=icons[name],
        disabled=target is None,
        on_click=choose,
        args=(target or "",),
    )


def _line(facts: TranscriptFacts, groups: Mapping[str, str]) -> str:
    language = session.language()
    parts = [
        facts.name,
        group_label(facts.actor_group, groups),
        t("coding.n_words", n=facts.words, number=format_number(facts.words, 0, language)),
        t("coding.n_codings", n=facts.codings, number=format_number(facts.codings, 0, language)),
    ]
    return " · ".join(parts)


def _follow_address(facts: Sequence[TranscriptFacts]) -> None:
    """An address that this page did not write itself chooses the interview."""
    asked = st.query_params.get(QUERY)
    if asked is None or asked == st.session_state.get(ADDRESS):
        return
    found = next((row.id for row in facts if asked in (str(row.number), row.id, row.name)), None)
    if found is None:
        st.toast(t("coding.unknown_transcript", number=asked), icon=":material/error:")
    else:
        choose(found)


def _write_address(chosen: TranscriptFacts) -> None:
    number = str(chosen.number)
    st.session_state[ADDRESS] = number
    if st.query_params.get(QUERY) != number:
        st.query_params[QUERY] = number
