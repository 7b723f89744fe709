"""Four real interviews, exported as PDF with numbered paragraphs: every numbered paragraph is one turn."""

from __future__ import annotations

from pathlib import Path

import pytest

import interviews
from interviews.formats.pdf import read_pdf

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "transcripts"
COUNTS = {"P1": (95, 47, 47), "P2": (166, 81, 84), "P3": (122, 61, 60), "P4": (110, 54, 55)}

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the real transcripts are not beside the repository"
)


@pytest.mark.parametrize("name", COUNTS)
def test_every_numbered_paragraph_is_a_turn(name: str) -> None:
    transcript = interviews.read(FOLDER / f"{name}.pdf")
    turns, asked, answered = COUNTS[name]
    assert len(transcript.turns) == turns
    assert [turn.speaker for turn in transcript.turns].count("Dan") == asked
    assert [turn.speaker for turn in transcript.turns].count("Participant") == answered
    assert {speaker.label: speaker.role for speaker in transcript.speakers} == {
        "Dan": "interviewer",
        "Participant": "respondent",
    }
    first = transcript.turns[0]
    assert (first.kind, transcript.said(first)) == ("heading", "Interview")


@pytest.mark.parametrize("name", COUNTS)
def test_paragraph_numbers_run_without_gaps_and_stay_out_of_the_text(name: str) -> None:
    source = read_pdf((FOLDER / f"{name}.pdf").read_bytes(), file=f"{name}.pdf")
    numbers = [paragraph.number for paragraph in source.paragraphs if paragraph.number is not None]
    assert numbers == list(range(1, COUNTS[name][0] + 1))
    lines = interviews.read(FOLDER / f"{name}.pdf").text.split("\n")
    assert not [line for line in lines if line.strip().isdigit() or line.endswith(("1/5", "1/8", "1/6"))]
    assert len(lines) == COUNTS[name][0]


def test_a_line_printed_twice_at_a_page_break_is_read_once() -> None:
    text = interviews.read(FOLDER / "P1.pdf").text
    assert text.count("I was able to drill down") == 1
