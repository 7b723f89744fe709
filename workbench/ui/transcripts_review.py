"""What was recognised in the files: the overview of all, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from interviews import words
from workbench.i18n import t
from workbench.services.importing import ImportDraft, correct_draft, facts_when_saved, needs_a_look
from workbench.services.studies import Study
from workbench.ui.actor_groups import group_label, group_labels, group_options
from workbench.ui.counts import count_text
from workbench.ui.row_choice import HEAD_HEIGHT, ROW_HEIGHT
from workbench.ui.transcripts_draft import show_draft
from workbench.ui.transcripts_drafts import (
    CURRENT,
    FILTER,
    SHEET,
    change,
    draft_at,
    drafts_under_review,
    is_stored,
    key_of,
    state_of,
    value_of,
)

SELECTION = "page.import.selection"
FILTERS: Mapping[str, tuple[str, ...]] = {
    "all": ("ready", "look", "changed", "same", "left_out", "unreadable"),
    "look": ("look", "changed"),
    "ready": ("ready",),
    "left_out": ("same", "left_out"),
    "unreadable": ("unreadable",),
}
MOST_HEIGHT = 330


def show_review(study: Study) -> None:
    """The overview with its filter, what can be done to several files, and the file in view."""
    labels = group_labels(study)
    st.subheader(t("transcripts.review.title"))
    st.caption(t("transcripts.review.text"))
    drafts = drafts_under_review()
    shown = _choose_filter(drafts)
    if not shown:
        st.caption(t("transcripts.review.none_here"))
        return
    if st.session_state[CURRENT] not in shown:
        st.session_state[CURRENT] = shown[0]
    selected = _overview(drafts, shown, labels)
    if len(selected) > 1:
        _show_actions(selected, labels)
    _show_way(drafts, shown)
    index = st.session_state[CURRENT]
    show_draft(study, index, draft_at(index), labels)


def _choose_filter(drafts: Sequence[ImportDraft]) -> list[int]:
    """The numbers of the drafts to show; only filters that hold any can be chosen."""
    states = [state_of(draft) for draft in drafts]
    groups = {
        name: [i for i, state in enumerate(states) if state in wanted] for name, wanted in FILTERS.items()
    }
    options = [name for name, members in groups.items() if members]
    if st.session_state.get(FILTER) not in options:
        st.session_state[FILTER] = "all"
    chosen = st.segmented_control(
        t("transcripts.review.filter"),
        options,
        key=FILTER,
        format_func=lambda name: t(f"transcripts.review.filter_{name}", n=len(groups[name])),
        label_visibility="collapsed",
        required=True,
    )
    return groups.get(str(chosen), [])


def _overview(drafts: Sequence[ImportDraft], shown: Sequence[int], labels: Mapping[str, str]) -> list[int]:
    """The table; the numbers of the selected drafts. A click in a row brings its file into view."""
    import pandas as pd

    rows = [_row(i, drafts[i], labels) for i in shown]
    counts = [t("transcripts.column.speakers"), t("transcripts.column.words")]
    frame = pd.DataFrame(rows).style.format(dict.fromkeys(counts, count_text))
    key = f"{SELECTION}.{st.session_state[FILTER]}"
    event = st.dataframe(
        frame,
        key=key,
        hide_index=True,
        placeholder="",
        height=min(HEAD_HEIGHT + ROW_HEIGHT * len(rows), MOST_HEIGHT),
        on_select="rerun",
        selection_mode=["multi-row", "single-cell"],
        column_config={t("transcripts.column.remark"): st.column_config.Column(width="large")},
    )
    selection = event["selection"]
    selected = [shown[row] for row in selection["rows"] if row < len(shown)]
    cells = [cell[0] for cell in selection.get("cells", []) if cell[0] < len(shown)]
    _bring_into_view(selected, [shown[row] for row in cells])
    return selected


def _bring_into_view(selected: Sequence[int], clicked: Sequence[int]) -> None:
    """Show the file whose row was clicked or selected last; an old selection changes nothing."""
    seen_key = f"{SELECTION}.seen"
    before, clicked_before = st.session_state.get(seen_key, ((), ()))
    if tuple(clicked) != clicked_before and clicked:
        st.session_state[CURRENT] = clicked[0]
    elif tuple(selected) != before:
        new = [index for index in selected if index not in before]
        if new:
            st.session_state[CURRENT] = new[-1]
    st.session_state[seen_key] = (tuple(selected), tuple(clicked))


def _row(index: int, draft: ImportDraft, labels: Mapping[str, str]) -> dict[str, Any]:
    transcript = draft.transcript
    return {
        t("transcripts.column.state"): t(f"transcripts.review.state_{state_of(draft)}"),
        t("transcripts.column.file"): draft.file_name,
        t("transcripts.column.group"): (
            group_label(facts_when_saved(draft).actor_group, labels) if transcript else ""
        ),
        t("transcripts.column.speakers"): len(transcript.speakers) if transcript else None,
        t("transcripts.column.words"): words(transcript.text) if transcript else None,
        t("transcripts.column.remark"): _remark(draft),
    }


def _remark(draft: ImportDraft) -> str:
    remarks = []
    if draft.transcript is None:
        return draft.problem.removeprefix(f"{draft.file_name}: ")
    if draft.match is not None:
        kind = "changed" if draft.match.kind == "changed" else "has_it"
        remarks.append(t(f"transcripts.review.{kind}", name=draft.match.name))
        if draft.match.kind == "changed":
            remarks.append(t(f"transcripts.review.decided_{draft.decision}"))
    reasons = needs_a_look(draft)
    if "warnings" in reasons:
        remarks.append(t("transcripts.review.n_warnings", n=len(draft.transcript.warnings)))
    remarks += [
        t(f"transcripts.review.{name}")
        for name in ("merges", "no_speakers", "many_speakers", "unsure_row")
        if name in reasons
    ]
    return ", ".join(remarks)


def _show_actions(selected: Sequence[int], labels: Mapping[str, str]) -> None:
    """What can be done to all selected files at once."""
    with st.container(border=True, horizontal=True, vertical_alignment="bottom"):
        st.markdown(t("transcripts.review.selected", n=len(selected)))
        st.selectbox(
            t("transcripts.review.selected_group"),
            group_options(labels, *(draft_at(i).actor_group for i in selected)),
            format_func=lambda name: group_label(name, labels),
            key=key_of("group_of_selected"),
            width=240,
        )
        st.button(
            t("transcripts.review.apply_group"),
            key="page.import.apply_group",
            on_click=_apply_group,
            args=(tuple(selected),),
        )
        for decision, name in (("skip", "leave_selected_out"), ("new", "take_selected")):
            st.button(
                t(f"transcripts.review.{name}"),
                key=f"page.import.{name}",
                on_click=_decide,
                args=(tuple(selected), decision),
            )


def _apply_group(selected: Sequence[int]) -> None:
    group = value_of("group_of_selected") or None
    change(selected, lambda draft: correct_draft(draft, actor_group=group))


def _decide(selected: Sequence[int], decision: str) -> None:
    def decided(draft: ImportDraft) -> ImportDraft:
        if draft.transcript is None or is_stored(draft):
            return draft
        changed = draft.match is not None and draft.match.kind == "changed"
        taken = "version" if changed and decision == "new" else decision
        return correct_draft(draft, decision=taken)

    change(selected, decided)


def _show_way(drafts: Sequence[ImportDraft], shown: Sequence[int]) -> None:
    """Previous and next, by button or key, and which file is in view."""
    place = shown.index(st.session_state[CURRENT])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("transcripts.review.previous"),
            key="page.import.previous",
            icon=":material/arrow_upward:",
            shortcut="Ctrl+Up",
            disabled=place == 0,
            on_click=_go_to,
            args=(shown[max(place - 1, 0)],),
        )
        st.button(
            t("transcripts.review.next"),
            key="page.import.next",
            icon=":material/arrow_downward:",
            shortcut="Ctrl+Down",
            disabled=place == len(shown) - 1,
            on_click=_go_to,
            args=(shown[min(place + 1, len(shown) - 1)],),
        )
        st.caption(t("transcripts.review.place", place=place + 1, total=len(shown)))


def _go_to(index: int) -> None:
    st.session_state[CURRENT] = index


def sheet_rows_left() -> list[str]:
    """Names in the sheet of participants that no file got."""
    sheet = st.session_state.get(SHEET)
    if sheet is None:
        return []
    used = {draft.sheet_row for draft in drafts_under_review()}
    return [interview.name for interview in sheet.interviews if interview.name not in used]
