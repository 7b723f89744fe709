"""Code by question: the questions that interviews share, and a code on the answers to one of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.i18n import t
from workbench.services.locating import texts_stamp
from workbench.services.questions import GuideQuestion, code_answers, list_questions
from workbench.services.studies import Study
from workbench.services.transcripts import list_transcripts
from workbench.ui import session
from workbench.ui.code_choice import choose_code
from workbench.ui.row_choice import choose_row

KEY = "page.questions"
FOUND = "page.questions.found"
ANSWERS_SHOWN = 12


def show(study: Study) -> None:
    """The list of questions, and below it the answers to the one whose row is selected."""
    st.caption(t("questions.explain"))
    questions = _questions(study)
    if not questions:
        st.info(t("questions.none"), icon=":material/quiz:")
        return
    marked = any(each.only_here for each in questions)
    rows = [
        {
            t("questions.column.question"): each.wording,
            t("questions.column.interviews"): each.interviews,
            t("questions.column.answers"): len(each.answers),
            t("questions.column.words"): each.words,
        }
        | ({t("questions.column.note"): t("questions.only_here") if each.only_here else ""} if marked else {})
        for each in questions
    ]
    row = choose_row(rows, key=f"{KEY}.rows", most_height=360)
    if row is None:
        st.caption(t("questions.select_a_row"))
        return
    _show_one(study, questions[row])


def _questions(study: Study) -> list[GuideQuestion]:
    """The questions; found anew once a text, a speaker's role or a name has changed."""
    stamp = texts_stamp(study)
    kept: tuple[str, list[GuideQuestion]] | None = st.session_state.get(FOUND)
    if kept is None or kept[0] != stamp:
        kept = (stamp, list_questions(study))
        st.session_state[FOUND] = kept
    return kept[1]


def _show_one(study: Study, question: GuideQuestion) -> None:
    st.subheader(question.wording, anchor=False)
    if len(question.wordings) > 1:
        st.caption(t("questions.also", wordings=" · ".join(question.wordings[1:])))
    names = {facts.id: facts.name for facts in list_transcripts(study) if facts.id in question.transcripts}
    chosen: Sequence[str] = st.multiselect(
        t("questions.interviews"),
        list(names),
        default=list(names),
        format_func=lambda name: names[name],
        key=f"{KEY}.interviews.{question.wording}",
    )
    answers = [answer for answer in question.answers if answer.transcript_id in chosen]
    code = choose_code(study, action=t("questions.code_them", n=len(answers)), ready=bool(answers), key=KEY)
    mark = st.checkbox(t("questions.mark_asked"), key=f"{KEY}.mark", help=t("questions.mark_asked_help"))
    if code is not None:
        with session.shown_errors():
            coded = code_answers(
                study, question.wording, code, transcripts=chosen, mark_asked=mark, actor=session.coder()
            )
            session.notify(t("questions.coded", n=coded) if coded else t("questions.coded_before"))
            st.rerun()
    for answer in answers[:ANSWERS_SHOWN]:
        with st.container(border=True):
            st.caption(answer.transcript)
            st.text(answer.words)
    if len(answers) > ANSWERS_SHOWN:
        st.caption(t("questions.more", n=len(answers) - ANSWERS_SHOWN))
