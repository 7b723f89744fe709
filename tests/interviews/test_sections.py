"""Sections by the interview guide, and the questions of a guide that the interviewer reads."""

from __future__ import annotations

import interviews
from interviews.sections import GuideMatch, Section, match_guide, sections
from interviews.transcript import Transcript

TALK = """Interview med borger

Tema 1: Baggrund

I: Vil du fortælle om dig selv?
R: Jeg er 34 og har to børn.

Spørgsmål 2: Hvad laver du nu?

I: Hvad laver du nu, altså lige nu?
R: Jeg er i praktik.
I: Hvor?
R: I Netto.

Tema 2: Sprog

I: Okay, så går vi videre. Hvordan synes du, at det går med at lære dansk?
R: Det går langsomt.
I: Tak.
R: Selv tak."""


def read(text: str, name: str = "interview.txt") -> Transcript:
    return interviews.read_bytes(text.encode(), name)


def answers(transcript: Transcript, section: Section) -> list[str]:
    return [transcript.text[span.start : span.end] for span in section.answers]


def test_headings_hold_the_answers_under_them() -> None:
    transcript = read(TALK)
    found = sections(transcript)
    assert [(one.title, one.level) for one in found] == [
        ("Tema 1: Baggrund", 1), ("Spørgsmål 2: Hvad laver du nu?", 2), ("Tema 2: Sprog", 1),
    ]  # fmt: skip
    assert answers(transcript, found[0]) == ["Jeg er 34 og har to børn.", "Jeg er i praktik.", "I Netto."]
    assert answers(transcript, found[1]) == ["Jeg er i praktik.", "I Netto."]
    assert [transcript.said(turn) for turn in found[2].questions][1] == "Tak."
    assert transcript.text[found[1].start : found[1].end].endswith("I Netto.\n")


def test_numbered_questions_of_the_interviewer_open_sections() -> None:
    transcript = read(
        "I: 1. Hvem er du?\nR: Bo.\nI: 2. Hvad laver du?\nR: Intet.\nI: 2a. Hvorfor?\nR: Derfor.\n"
        "I: 3. Slut?\nR: Ja."
    )
    found = sections(transcript)
    assert [(one.title, one.level, answers(transcript, one)) for one in found] == [
        ("1. Hvem er du?", 2, ["Bo."]),
        ("2. Hvad laver du?", 2, ["Intet.", "Derfor."]),
        ("2a. Hvorfor?", 3, ["Derfor."]),
        ("3. Slut?", 2, ["Ja."]),
    ]


def test_headings_of_a_document_without_speakers_hold_the_text_under_them() -> None:
    transcript = read("# Sprog\n\nHan siger, at det går.\n\n# Arbejde\n\nHan har intet.\n", "a.md")
    assert [(one.title, answers(transcript, one)) for one in sections(transcript)] == [
        ("Sprog", ["Han siger, at det går."]), ("Arbejde", ["Han har intet."]),
    ]  # fmt: skip


def test_an_interview_without_headings_has_no_sections() -> None:
    assert sections(read("I: Hvad?\nR: Ja.\nI: Og?\nR: Nej.")) == ()


def test_questions_of_a_guide_are_found_in_nearly_the_same_words() -> None:
    transcript = read(TALK)
    guide = [
        "1. Vil du fortælle lidt om dig selv?",
        "2. Hvordan synes du, det går med at lære dansk?",
        "3. Hvad betyder religion for dig i hverdagen?",
    ]
    found = match_guide(transcript, guide)
    assert [one.question for one in found.asked] == guide[:2]
    assert found.not_asked == (guide[2],)
    second = found.asked[1]
    assert transcript.text[second.start : second.end].startswith("Hvordan synes du, at det går")
    assert [transcript.text[span.start : span.end] for span in second.answers] == [
        "Det går langsomt.",
        "Selv tak.",
    ]


def test_a_short_answer_that_repeats_a_question_is_not_the_question() -> None:
    transcript = read("I: Hvem er du?\nR: Hvad laver du nu?\nI: Ja?\nR: Intet.")
    assert match_guide(transcript, ["Hvad laver du nu?"]) == GuideMatch((), ("Hvad laver du nu?",))
