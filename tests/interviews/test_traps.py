"""What looks like a label and is none, and what looks like none and is one."""

from __future__ import annotations

import pytest

import interviews
from interviews.transcript import Transcript

TRAPS = [
    "Kl. 10:30: så kom bussen.",
    "Klokken 10:30 kom bussen.",
    "Eksempel: en mand med tre børn.",
    "Note: det var om sommeren.",
    "Konklusion: det gik ikke.",
    "Konklusionen: det gik ikke.",
    "Han sagde: nu går du.",
    "Min mor sagde: Gå nu.",
    "Ad 1: det har jeg svaret på.",
    "Ad 2: det samme.",
    "https://eksempel.dk/svar: se der.",
    "Forholdet er 2:1 og ikke 3:1.",
    "Johannes 3:16 kan jeg udenad.",
    "Matt. 5:9: salige er de.",
    "For det første: tid. For det andet: penge.",
    "Det vigtigste: sproget.",
    "Problemet: ingen tolk.",
    "Resultatet: nul.",
    "PS: ring til mig.",
    "OBS: ring til mig.",
    "Svaret: nej.",
    "Altså: ja.",
    "Mandag: møde. Tirsdag: fri.",
    "Emne: sprog",
    "Example: a man of forty.",
    "My mother said: go.",
    "The result: nothing.",
    "Problem: no interpreter.",
    "First: time.",
    "Remember: no union then.",
    "In short: no.",
    "1) tid 2) penge",
    "a) tid: den mangler",
    "- tid: den mangler",
    "• penge: de mangler",
]


def said(transcript: Transcript) -> list[tuple[str | None, str]]:
    return [(turn.speaker, transcript.said(turn)) for turn in transcript.turns if turn.kind == "speech"]


def read(text: str) -> Transcript:
    return interviews.read_bytes(text.encode(), "interview.txt")


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize(("asks", "answers"), [("Interviewer", "Karen"), ("I", "K"), ("Anna Holm", "Bo")])
def test_a_line_with_a_colon_inside_an_answer_stays_in_it(trap: str, asks: str, answers: str) -> None:
    turns = [(asks, "Hvordan gik det?"), (answers, "Fint, tak.")] * 3
    lines = [f"{who}: {words}" for who, words in turns]
    text = "\n".join([*lines[:4], trap, *lines[4:]])
    expected = [*turns[:3], (answers, f"Fint, tak.\n{trap}"), *turns[4:]]
    assert said(read(text)) == expected


@pytest.mark.parametrize("trap", TRAPS)
def test_a_text_of_such_lines_has_no_speakers(trap: str) -> None:
    text = (
        f"{trap}\n\nDet var en lang dag i maj, og der skete ikke så meget.\n\n{trap}\n\nSå gik vi hjem igen."
    )
    assert read(text).speakers == ()


@pytest.mark.parametrize(
    "label",
    ["Mand?", "??", "Kvinde 2", "Ukendt", "Leder (Odense)", "Dr. Ali Yassin", "A.M.", "Fadumo Xasan Cali",
     "el-Hassan", "Abu Bakr", "al-Sayed", "von Trier", "Anne-Marie", "O'Neill", "Åse", "Özlem Çelik", "P-01",
     "P01", "M1", "IP 3", "Tolk (arabisk)", "S2/S3", "Sagsbeh. 1", "Resp.", "أمينة", "ተስፋይ", "Łukasz",
     "Speaker 10", "Deltager 11", "Kvinde, 34", "Informant A", "HR-chef", "Leder/mentor", "Mr. K"]
)  # fmt: skip
def test_labels_of_every_kind_are_speakers(label: str) -> None:
    turns = [("Interviewer", "Hvordan gik det?"), (label, "Fint, tak.")] * 3
    found = said(read("\n".join(f"{who}: {words}" for who, words in turns)))
    assert [((who or "").rstrip("."), words) for who, words in found] == [
        (who.rstrip("."), words) for who, words in turns
    ]


@pytest.mark.parametrize(
    ("variant", "label"),
    [("S 1", "S1"), ("s1", "S1"), ("S1.", "S1"), ("S-1", "S1"), ("SAGSBEHANDLER 1", "Sagsbehandler 1"),
     ("Sagsbehandler1", "Sagsbehandler 1"), ("Anne Marie", "Anne-Marie"), ("ANNA", "Anna"),
     (" Anna ", "Anna")],
)  # fmt: skip
def test_variants_in_case_blanks_and_signs_are_one_speaker(variant: str, label: str) -> None:
    text = (
        f"Interviewer: Hvad?\n{label}: Ja.\nInterviewer: Og?\n{variant}: Nej.\nInterviewer: Så?\n{label}: Jo."
    )
    assert [speaker.label for speaker in read(text).speakers] == ["Interviewer", label]


@pytest.mark.parametrize(("one", "other"), [("P1", "P2"), ("Anna", "Hanna"), ("P1", "P11"), ("M1", "P1")])
def test_labels_of_different_people_stay_apart(one: str, other: str) -> None:
    text = f"Interviewer: Hvad?\n{one}: Ja.\nInterviewer: Og?\n{other}: Nej.\n{one}: Så.\n{other}: Jo."
    assert [speaker.label for speaker in read(text).speakers] == ["Interviewer", one, other]


def test_right_to_left_marks_around_labels_do_not_matter() -> None:
    turns = [("المحاور", "كيف حالك؟"), ("أمينة", "بخير، شكرا.")] * 2
    text = "\n".join(f"\u200f{who}\u200f: {words}" for who, words in turns)
    assert said(read(text)) == turns


def test_an_interviewer_who_continues_after_a_list_keeps_the_list() -> None:
    text = "I: Hvad mangler?\nB: Tre ting:\n- tid\n- penge\n- ro: især ro\nI: Tak?\nB: Ja.\nI: Slut?\nB: Ja."
    assert said(read(text))[1] == ("B", "Tre ting:\n- tid\n- penge\n- ro: især ro")


@pytest.mark.parametrize(
    "text",
    [
        "Feltnoter 3. oktober\n\nAnkom kl. 9:15. Fuldt.\n\nHun sagde: Jeg vil arbejde.\n\nBemærk: ingen.",
        "Fra: Anna Holm\nTil: Bo Jensen\nEmne: Interview\nDato: 3. maj\n\nKære Bo\n\nTak for sidst.\n\nAnna",
        "From: Anna <a@b.dk>\nTo: Bo\nSubject: Interview\nSent: May 3\n\nDear Bo\n\nThanks.\n\nAnna",
        "Indkøb\n\nMælk: 2\nBrød: 1\nSmør: 3",
        "Mandag: møde\nTirsdag: fri\nMandag: møde\nTirsdag: fri",
    ],
)
def test_notes_and_letters_have_no_speakers(text: str) -> None:
    assert read(text).speakers == ()
