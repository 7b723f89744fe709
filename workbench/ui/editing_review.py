"""Codings that wait since the text was edited: old words beside new ones, and the answer to each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

import interviews
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import t
from workbench.services.coding import remove_coding, undo
from workbench.services.reviewing import CodingToReview, accept_changes, codings_to_review, place_again
from workbench.services.studies import Study
from workbench.services.transcripts import version_in_use, version_text
from workbench.ui import session
from workbench.ui.coding_material import CodeList, read_codes
from workbench.ui.editing_marks import (
    after_words,
    before_words,
    code_head,
    in_context,
    lines_html,
    marked,
)

KEY = "page.review"
TOLD = "page.review.told"
A_PAGE = 6
PLACES = 3

GoTo = Callable[[str], None]


@session.fragment
def show_on_page(study: Study, transcript_id: str) -> None:
    """The view of one interview's waiting codings on the page of interviews."""
    show(study, transcript_id, read_codes(study))


def show(study: Study, transcript_id: str, codes: CodeList, *, go_to: GoTo | None = None) -> None:
    """A page of the codings that wait, each with its answers.

    go_to : takes a coding's id and shows it in the text, where there is a text beside.
    """
    with session.shown_errors():
        waiting = codings_to_review(study, transcript_id)
        _show_told(study, transcript_id)
        if not waiting:
            st.caption(t("editing.nothing_waits"))
            return
        changed = [each.coding_id for each in waiting if each.status == "changed"]
        st.caption(t("editing.review_explain"))
        if len(changed) > 1:
            st.button(
                t("editing.accept_all", n=len(changed)),
                icon=":material/done_all:",
                key=f"{KEY}.accept_all.{transcript_id}",
                on_click=_accept,
                args=(study, changed),
            )
        text = version_text(study, transcript_id, version_in_use(study, transcript_id))
        first = _first(waiting, transcript_id)
        for coding in waiting[first : first + A_PAGE]:
            _show_one(study, coding, text, codes, go_to)


def _first(waiting: list[CodingToReview], transcript_id: str) -> int:
    if len(waiting) <= A_PAGE:
        return 0
    count = len(waiting)
    return int(
        st.selectbox(
            t("editing.codings_shown"),
            range(0, count, A_PAGE),
            format_func=lambda n: t("editing.from_to", first=n + 1, last=min(n + A_PAGE, count), count=count),
            key=f"{KEY}.page.{transcript_id}.{count}",
            width=260,
        )
    )


def _show_one(study: Study, coding: CodingToReview, text: str, codes: CodeList, go_to: GoTo | None) -> None:
    key = f"{KEY}.{coding.coding_id}"
    with st.container(border=True):
        st.html(_words_html(coding, codes))
        with st.container(horizontal=True, gap="small"):
            if coding.status == "changed":
                st.button(
                    t("editing.accept"),
                    icon=":material/check:",
                    type="primary",
                    key=f"{key}.accept",
                    on_click=_accept,
                    args=(study, [coding.coding_id]),
                )
                if go_to is not None:
                    st.button(
                        t("editing.show_in_text"),
                        icon=":material/my_location:",
                        key=f"{key}.go",
                        on_click=go_to,
                        args=(coding.coding_id,),
                    )
            st.button(
                t("editing.drop"),
                icon=":material/delete:",
                key=f"{key}.drop",
                on_click=_drop,
                args=(study, coding.coding_id),
            )
        for number, proposal in enumerate(coding.proposals):
            _show_place(study, coding, text, (proposal.start, proposal.end), f"{key}.{number}", go_to)
        with st.expander(t("editing.find_yourself"), icon=":material/search:"):
            words = st.text_area(
                t("editing.find_yourself_words"), key=f"{key}.words", height=80, placeholder=coding.old_quote
            )
            if words.strip():
                _show_found(study, coding, text, words.strip(), key, go_to)


def _show_found(
    study: Study, coding: CodingToReview, text: str, words: str, key: str, go_to: GoTo | None
) -> None:
    match = interviews.locate(words, text)
    if match is None:
        st.caption(t("editing.not_in_text"))
        return
    for number, place in enumerate(((match.start, match.end), *match.others)[:PLACES]):
        _show_place(study, coding, text, place, f"{key}.found.{number}", go_to)


def _show_place(
    study: Study,
    coding: CodingToReview,
    text: str,
    place: tuple[int, int],
    key: str,
    go_to: GoTo | None,
) -> None:
    """A place where the coding may belong, in its context."""
    start, end = place
    new = marked(coding.old_quote, text[start:end])[1]
    st.html(lines_html((t("texts.perhaps"), in_context(text, start, end, f"<mark>{new}</mark>"))))
    st.button(
        t("editing.place_here"),
        icon=":material/place:",
        key=f"{key}.place.{start}",
        on_click=_place,
        args=(study, coding.coding_id, start, end, go_to),
    )


def _words_html(coding: CodingToReview, codes: CodeList) -> str:
    status = t(f"transcripts.review.fate_{coding.status}")
    color = codes.colors.get(coding.code, "transparent")
    head = code_head(color, codes.label(coding.code), coding.coder, status)
    around = before_words(coding.before), after_words(coding.after)
    memo = [(t("coding.column.memo"), coding.memo)] if coding.memo else []
    if coding.status == "lost":
        old = f"{around[0]}{marked(coding.old_quote, coding.quote)[0]}{around[1]}"
        lines = [(t("texts.was"), old)]
    else:
        before, after = marked(coding.old_quote, coding.quote)
        lines = [(t("texts.was"), before), (t("texts.now"), f"{around[0]}{after}{around[1]}")]
    return lines_html(*lines, *((title, _plain(words)) for title, words in memo), head=head)


def _plain(words: str) -> str:
    return marked(words, words)[0]


# ---- answers


def _show_told(study: Study, transcript_id: str) -> None:
    """What the last answer did, with its undo."""
    told: tuple[str, bool] | None = st.session_state.get(TOLD)
    if told is None:
        return
    words, undoable = told
    if not undoable:
        st.info(words, icon=":material/info:")
        del st.session_state[TOLD]
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f":material/check: {words}", width="content")
        st.button(
            t("editing.undo"),
            icon=":material/undo:",
            type="tertiary",
            key=f"{KEY}.undo.{transcript_id}",
            on_click=_undo,
            args=(study, transcript_id),
        )


def _answered(words: str, change: Callable[[], object]) -> bool:
    """Callback: an answer; one that is refused says why."""
    try:
        change()
    except USER_ERRORS as error:
        st.session_state[TOLD] = (error_text(error), False)
        return False
    st.session_state[TOLD] = (words, True)
    return True


def _accept(study: Study, coding_ids: list[str]) -> None:
    said = t("editing.accepted", n=len(coding_ids))
    _answered(said, partial(accept_changes, study, coding_ids, actor=session.coder()))


def _drop(study: Study, coding_id: str) -> None:
    _answered(t("editing.dropped"), partial(remove_coding, study, coding_id, actor=session.coder()))


def _place(study: Study, coding_id: str, start: int, end: int, go_to: GoTo | None) -> None:
    change = partial(place_again, study, coding_id, start, end, actor=session.coder())
    if _answered(t("editing.placed"), change) and go_to is not None:
        go_to(coding_id)


def _undo(study: Study, transcript_id: str) -> None:
    _answered("", partial(undo, study, actor=session.coder(), only_own=True, transcript=transcript_id))
    told = st.session_state.get(TOLD)
    if told is not None and told[1]:
        st.session_state[TOLD] = (t("editing.undone"), False)
