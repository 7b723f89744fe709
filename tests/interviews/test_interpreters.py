"""Whose words an interpreter renders."""

from __future__ import annotations

import pytest

import interviews
from interviews.transcript import Transcript


def read(text: str) -> Transcript:
    return interviews.read_bytes(text.encode(), "interview.txt")


def rendered(text: str) -> list[tuple[str | None, str | None]]:
    return [(turn.speaker, turn.speaks_for) for turn in read(text).turns if turn.status == "interpreted"]


@pytest.mark.parametrize("label", ["Tolk", "Tolken", "Interpreter", "TOLK", "Tolk (arabisk)"])
def test_an_interpreter_speaks_for_the_only_respondent(label: str) -> None:
    text = (
        f"Interviewer: Hvordan går det?\nAmina: ...\n{label}: Det går godt.\nInterviewer: Og?\n{label}: Fint."
    )
    assert rendered(text) == [(label, "Amina"), (label, "Amina")]
    reasons = [getattr(warning, "reason", "") for warning in read(text).warnings]
    assert reasons == ["read_as_interpreted"]


def test_a_label_names_whose_words_are_rendered() -> None:
    text = (
        "Interviewer: Hvad siger I?\nTolk (for Amina): Godt.\nTolk (for Hassan): Skidt.\nAmina: Tak.\n"
        "Hassan: Ja.\nInterviewer: Godt.\nTolk (for Amina): Ja."
    )
    assert rendered(text) == [
        ("Tolk (for Amina)", "Amina"), ("Tolk (for Hassan)", "Hassan"), ("Tolk (for Amina)", "Amina"),
    ]  # fmt: skip


def test_an_interpreter_is_neither_interviewer_nor_respondent() -> None:
    transcript = read("I: Hvad?\nTolk (for Amina): Godt?\nI: Og?\nTolk (for Amina): Ja.\nAmina: Tak.")
    assert [(speaker.label, speaker.role) for speaker in transcript.speakers] == [
        ("I", "interviewer"), ("Tolk (for Amina)", "unknown"), ("Amina", "respondent"),
    ]  # fmt: skip


def test_a_respondent_through_an_interpreter_is_named_as_in_the_file() -> None:
    text = "I: Hvad?\nR (via tolk): Ja.\nI: Og?\nR: Jeg sige selv.\nI: Godt?\nR (via tolk): Tak."
    assert rendered(text) == [("R (via tolk)", "R"), ("R (via tolk)", "R")]
    assert [turn.speaker for turn in read(text).turns][3] == "R"


def test_interviewee_and_interpreter_in_one_label() -> None:
    assert rendered("I: Hvad?\nIP/T: Ja.\nI: Og?\nIP/T: Nej.") == [("IP/T", "IP"), ("IP/T", "IP")]


def test_of_several_respondents_the_one_who_spoke_or_was_addressed_is_meant() -> None:
    text = (
        "Interviewer: Amina, hvad siger du?\nTolk: Det var svært.\nInterviewer: Og Hassan?\nHassan: ...\n"
        "Tolk: Det var let.\nInterviewer: Er I enige?\nTolk: Ja.\nAmina: Ja.\nHassan: Ja."
    )
    assert rendered(text) == [("Tolk", "Amina"), ("Tolk", "Hassan"), ("Tolk", None)]
    doubt = next(w for w in read(text).warnings if getattr(w, "reason", "") == "interpreted_for_whom")
    assert doubt.values == {"n": 1}  # type: ignore[attr-defined]


def test_a_question_passed_on_to_the_respondent_is_the_interviewers() -> None:
    text = (
        "Interviewer: Hvordan går det?\nTolk: Kayfa haluk?\nAmina: Bikhayr.\nTolk: Det går godt.\nAmina: Ja."
    )
    assert rendered(text) == [("Tolk", "Interviewer"), ("Tolk", "Amina")]


def test_the_header_says_who_the_respondent_is_called() -> None:
    facts = "Dato: 3. maj\nInformant: Amina\nTolk: Sara\n\n"
    text = f"{facts}Interviewer: Hvad?\nTolk: Ja.\nInterviewer: Og?\nTolk: Nej."
    assert rendered(text) == [("Tolk", "Amina"), ("Tolk", "Amina")]


def test_a_turn_marked_as_interpreted_keeps_its_speaker() -> None:
    text = "I: Hvad?\nAmina: [tolket] Det var svært.\nI: Og?\nAmina: Ja."
    assert rendered(text) == [("Amina", "Amina")]
    assert "[tolket] Det var svært." in read(text).text


def test_without_an_interpreter_nothing_is_marked() -> None:
    text = "I: Var der en tolk?\nR: Tolken: hun kom aldrig.\nI: Nå?\nR: Nej."
    assert rendered(text) == []
