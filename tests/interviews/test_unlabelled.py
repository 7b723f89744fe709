"""Interviews without labels: dashes and questions, what only looks like them, and how an interview ends."""

from __future__ import annotations

import pytest

import interviews
from interviews.source import reading_warning
from interviews.transcript import Transcript

Said = list[tuple[str | None, str]]
ASKED = ["Hvordan blev du frivillig?", "Hvad laver du?", "Hvad kunne være bedre?"]
ANSWERED = ["Min nabo spurgte mig.", "Jeg skænker kaffe. Nogle gange mere?", "Flere unge."]


def read(text: str) -> Transcript:
    return interviews.read_bytes(text.encode(), "interview.txt")


def said(transcript: Transcript) -> Said:
    return [(turn.speaker, transcript.said(turn)) for turn in transcript.turns if turn.kind == "speech"]


def reasons(transcript: Transcript) -> list[str]:
    return [getattr(warning, "reason", "") for warning in transcript.warnings]


def test_paragraphs_that_only_ask_are_the_interviewers() -> None:
    answers = [ANSWERED[0], "Jeg skænker kaffe.\n\nOg jeg læser breve.", ANSWERED[2]]
    found = read("\n\n".join(part for pair in zip(ASKED, answers, strict=True) for part in pair))
    wanted: Said = []
    for question, answer in zip(ASKED, answers, strict=True):
        wanted += [("Interviewer", question), ("Respondent", answer.replace("\n\n", "\n"))]
    assert said(found) == wanted
    assert reasons(found) == ["speakers_by_questions"]


@pytest.mark.parametrize(
    "text",
    [
        "Noter\n\nHun kom ind. Hvem var hun?\n\nVi talte.\n\nHvad ville hun?\n\nHun gik igen.\n\nSlut.",
        "Hvad nu?\nHvorfor?\nHvordan?\nHvem?\nIngen svarede.",
        "1. Hvad hedder du?\n2. Hvor bor du?\n3. Hvad laver du?\n4. Hvor gammel er du?",
        "- mælk\n- brød\n- smør\n- ost",
        "- Hvad er mål?\n- Hvad er midler?\n- Hvem gør hvad?\n- Hvornår?",
    ],
)
def test_notes_lists_and_guides_name_no_speakers(text: str) -> None:
    assert read(text).speakers == ()


def test_a_missing_dash_turns_nobody_round() -> None:
    lines = ["- Hvornår kom du?", "- I maj.", "- Med hvem?", "Med min bror.", "- Og nu?", "- Nu er jeg her."]
    lines += ["- Hvad laver du?", "- Jeg læser.", "- Hvor?", "- I Odense."]
    found = said(read("\n".join(lines)))
    assert [words for who, words in found if who == "Interviewer"] == [
        line[2:] for line in lines if line.endswith("?")
    ]
    assert ("Respondent", "Med min bror.") in found


@pytest.mark.parametrize(
    "line",
    ["END OF INTERVIEW", "Slut på interview", "Interview slut.", "[Optagelsen slutter]", "- slut -",
     "--- SLUT ---", "Interviewet slutter her", "End of recording", "Slut", "*** END OF TAPE 2 ***"],
)  # fmt: skip
def test_a_line_that_closes_the_interview_is_a_note(line: str) -> None:
    found = read(f"I: Hvordan gik det?\nK: Fint.\nI: Var det alt?\nK: Ja.\n{line}\nUdskrevet af KH\n")
    assert said(found)[-1] == ("K", "Ja.")
    assert [found.said(turn) for turn in found.turns if turn.kind == "note"] == [line, "Udskrevet af KH"]


@pytest.mark.parametrize("line", ["Slut.", "Stop så lige.", "Vi slutter samtalen her, sagde han."])
def test_such_words_inside_an_answer_stay_in_it(line: str) -> None:
    found = read(f"I: Hvordan gik det?\nK: Fint.\n{line}\nI: Var det alt?\nK: Ja.")
    assert said(found)[1] == ("K", f"Fint.\n{line}")


@pytest.mark.parametrize("label", ["Flere", "Alle", "Ukendt", "Several", "All", "Unknown", "Mand?", "D?"])
def test_voices_of_nobody_in_particular_have_no_role(label: str) -> None:
    found = read(
        f"I: Hvad siger I?\nAnna: Ja.\n{label}: Ja!\nI: Hvorfor?\n{label}: Nej!\nAnna: Det er svært."
    )
    assert {one.label: one.role for one in found.speakers} == {
        "I": "interviewer",
        "Anna": "respondent",
        label: "unknown",
    }


def test_signs_at_the_top_are_a_legend_only_where_they_are_labels_again() -> None:
    legend = read("I: Mette Holm\nP: Karen\n\nI: Hvad laver du?\nP: Jeg er smed.\nI: Hvor?\nP: I Vejle.")
    assert legend.header == {"I": "Mette Holm", "P": "Karen"}
    assert said(legend)[0] == ("I", "Hvad laver du?")
    spoken = read("A: Kaffe\nB: Te\nAnna: Hvad laver du?\nBo: Intet.\nAnna: Og nu?\nBo: Intet.")
    assert spoken.header == {}


def test_a_warning_says_one_and_several() -> None:
    words = [
        str(reading_warning("x", "{n:turn is|turns are} read as {what}", n=n, what="notes")) for n in (1, 2)
    ]
    assert words == ["1 turn is read as notes", "2 turns are read as notes"]
