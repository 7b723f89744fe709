"""Questions of the interview guide across interviews, and coding the answers to one."""

from __future__ import annotations

import pytest
from sqlmodel import select

from workbench.errors import NotFoundError
from workbench.services import coding, questions
from workbench.services.files import GivenFile
from workbench.services.importing import import_transcripts
from workbench.services.studies import Study, create_study
from workbench.store.tables import AskedRow

FIRST = (
    "Interviewer: Velkommen. Hvordan er det gået med at lære dansk?\nAmira: Langsomt. Meget langsomt.\n"
    "Interviewer: Hvordan?\nAmira: Skolen lå langt væk.\n"
    "Interviewer: Hvad har du selv gjort for at få arbejde?\nAmira: Jeg har søgt hver uge.\n"
)
SECOND = (
    "Interviewer: Hvordan er det gået med at lære dansk indtil nu?\nYonas: Godt, synes jeg.\n"
    "Interviewer: Hvad laver du om søndagen?\nYonas: Jeg sover.\n"
    "Interviewer: Hvad har du selv gjort for at få et arbejde?\n"
    "Yonas: Tre praktikker.\nYonas: Og et kursus.\n"
)
CODE = "language/lack_of_danish"


@pytest.fixture
def study(study_reference: str) -> Study:
    """A study with two interviews that share two questions."""
    made = create_study(study_reference, scheme="immi", actor="Anna")
    files = [GivenFile("amira.txt", FIRST.encode()), GivenFile("yonas.txt", SECOND.encode())]
    import_transcripts(made, files, actor="Anna")
    return made


def test_near_equal_questions_are_one_and_those_of_one_interview_are_none(study: Study) -> None:
    found = questions.list_questions(study)
    assert [(each.number, each.interviews) for each in found] == [(1, 2), (2, 2)]
    assert found[0].wordings == (
        "Hvordan er det gået med at lære dansk indtil nu?",
        "Hvordan er det gået med at lære dansk?",
    )


def test_answers_go_on_past_a_short_follow_up_and_end_at_the_next_question(study: Study) -> None:
    danish, work = questions.list_questions(study)
    assert [(each.transcript, each.words) for each in danish.answers] == [
        ("amira", "Langsomt. Meget langsomt."),
        ("amira", "Skolen lå langt væk."),
        ("yonas", "Godt, synes jeg."),
    ]
    assert [each.words for each in work.answers] == [
        "Jeg har søgt hver uge.",
        "Tre praktikker.\nOg et kursus.",
    ]


def test_answers_are_coded_in_chosen_interviews_as_one_action(study: Study) -> None:
    assert questions.code_answers(study, 1, CODE, actor="Ida", transcripts=["amira"]) == 2
    assert questions.code_answers(study, "hvordan er det gået med at lære dansk", CODE, actor="Ida") == 1
    assert len(coding.list_codings(study)) == 3
    coding.undo(study, actor="Ida")
    assert [each.transcript for each in coding.list_codings(study)] == ["amira", "amira"]
    coding.undo(study, actor="Ida")
    assert coding.list_codings(study) == []


def test_the_theme_is_marked_as_asked_only_where_wanted(study: Study) -> None:
    def asked() -> list[bool]:
        with study.read() as session:
            return [row.asked for row in session.exec(select(AskedRow))]

    questions.code_answers(study, 1, CODE, actor="Ida")
    assert asked() == []
    questions.code_answers(study, 1, CODE, actor="Ida", mark_asked=True)
    assert asked() == [True, True]


def test_an_unknown_question_code_or_interview_is_refused(study: Study) -> None:
    with pytest.raises(NotFoundError, match="7"):
        questions.code_answers(study, 7, CODE, actor="Ida")
    with pytest.raises(NotFoundError):
        questions.code_answers(study, 1, "language/klingon", actor="Ida")
    with pytest.raises(NotFoundError):
        questions.code_answers(study, 1, CODE, actor="Ida", transcripts=["nobody"])
    assert coding.list_codings(study) == []


def test_a_study_without_interviews_has_no_questions(study_reference: str) -> None:
    assert questions.list_questions(create_study(study_reference, scheme="immi", actor="Anna")) == []


def test_questions_with_other_numbers_stay_apart(study_reference: str) -> None:
    made = create_study(study_reference, scheme="immi", actor="Anna")
    said = "Interviewer: Hvad skete der i uge {n} af dit forløb?\nAmira: Ikke så meget.\n"
    files = [GivenFile(f"{n}.txt", said.format(n=n).encode()) for n in (1, 2)]
    import_transcripts(made, files, actor="Anna")
    assert questions.list_questions(made) == []


def test_a_numbered_question_of_one_interview_is_listed_and_marked(study_reference: str) -> None:
    made = create_study(study_reference, scheme="immi", actor="Anna")
    numbered = (
        "Interviewer: 1. Hvordan kom du til Danmark dengang?\nAmira: Med toget.\n"
        "Interviewer: 2. Fortæl om din første skole her.\nAmira: Den lå langt væk.\n"
        "Interviewer: Hvad synes du om maden i kantinen?\nAmira: Den er god.\n"
        "Interviewer: 3. Hvad håber du på om fem år?\nAmira: Et fast arbejde.\n"
    )
    other = (
        "Interviewer: Tak for sidst. Hvad håber du på om fem år? Du må gerne tænke lidt over det.\n"
        "Yonas: Et hus.\nInterviewer: Hvad laver du om søndagen?\nYonas: Sover.\n"
    )
    files = [GivenFile("amira.txt", numbered.encode()), GivenFile("yonas.txt", other.encode())]
    import_transcripts(made, files, actor="Anna")
    found = questions.list_questions(made)
    assert [(each.wording, each.interviews, each.only_here) for each in found] == [
        ("1. Hvordan kom du til Danmark dengang?", 1, True),
        ("2. Fortæl om din første skole her.", 1, True),
        ("3. Hvad håber du på om fem år?", 2, False),
    ]
    assert [each.words for each in found[2].answers] == ["Et fast arbejde.", "Et hus."]
    assert [each.words for each in found[1].answers] == ["Den lå langt væk."]


def test_a_mark_that_a_theme_was_asked_about_is_undone_with_the_codings(study: Study) -> None:
    questions.code_answers(study, 1, CODE, actor="Ida", mark_asked=True)
    with study.read() as session:
        assert len(session.exec(select(AskedRow)).all()) == 2
    undone = coding.undo(study, actor="Ida")
    assert {event.action for event in undone} == {"coding.add", "question.asked"}
    with study.read() as session:
        assert session.exec(select(AskedRow)).all() == []
    assert coding.list_codings(study) == []
    coding.redo(study, actor="Ida")
    with study.read() as session:
        assert [row.asked for row in session.exec(select(AskedRow))] == [True, True]
