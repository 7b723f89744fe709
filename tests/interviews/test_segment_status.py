"""Summaries, notes and translations are told from the speakers' own words."""

from __future__ import annotations

import pytest

import interviews
from interviews.transcript import Transcript


def read(text: str, name: str = "interview.txt") -> Transcript:
    return interviews.read_bytes(text.encode(), name)


def told(transcript: Transcript) -> list[tuple[str | None, str, str]]:
    return [
        (turn.speaker, turn.status, transcript.said(turn))
        for turn in transcript.turns
        if turn.kind == "speech"
    ]


def reasons(transcript: Transcript) -> list[str]:
    return [getattr(warning, "reason", "") for warning in transcript.warnings]


@pytest.mark.parametrize(
    ("label", "status"),
    [("Referat", "summary"), ("Resumé", "summary"), ("Opsummering", "summary"), ("Summary", "summary"),
     ("Noter", "notes"), ("Feltnoter", "notes"), ("Field notes", "notes")],
)  # fmt: skip
def test_a_label_tells_the_status_until_somebody_speaks(label: str, status: str) -> None:
    text = f"I: Hvad?\nR: Det her.\n{label}: Vi talte om sprog.\nOg om løn.\nI: Og så?\nR: Ja."
    assert told(read(text)) == [
        ("I", "verbatim", "Hvad?"),
        ("R", "verbatim", "Det her."),
        (None, status, "Vi talte om sprog."),
        (None, status, "Og om løn."),
        ("I", "verbatim", "Og så?"),
        ("R", "verbatim", "Ja."),
    ]
    assert f"read_as_{status}" in reasons(read(text))


def test_a_heading_tells_the_status_until_somebody_speaks() -> None:
    text = "## Resumé\n\nHan er leder.\n\n## Interview\n\n**I:** Hvad?\n\n**R:** Ja.\n\n**I:** Og?\n"
    transcript = read(text, "a.md")
    assert [turn.kind for turn in transcript.turns[:3]] == ["heading", "speech", "heading"]
    assert [status for _, status, _ in told(transcript)] == ["summary", "verbatim", "verbatim", "verbatim"]


@pytest.mark.parametrize(
    ("title", "status"),
    [("Referat af interview med leder, kommune B", "summary"), ("Feltnoter, jobcenter F", "notes"),
     ("Summary of interview 4", "summary"), ("Noter fra besøg 3. maj", "notes")],
)  # fmt: skip
def test_a_title_tells_the_status_of_the_whole(title: str, status: str) -> None:
    transcript = read(f"{title}\n\nLederen siger, at det går godt.\n\nHun er ny.")
    assert {turn.status for turn in transcript.turns if turn.kind == "speech"} == {status}
    assert reasons(transcript) == [f"read_as_{status}"]


def test_a_transcription_with_a_summary_in_its_title_is_verbatim() -> None:
    transcript = read("Referat og transskription af interview\n\nI: Hvad?\nR: Ja.\nI: Og?\nR: Nej.")
    assert {turn.status for turn in transcript.turns} == {"verbatim"}


@pytest.mark.parametrize("tag", ["[oversat]", "(oversat fra arabisk)", "[Translation]", "(translated)"])
def test_a_tag_marks_a_translation_and_stays(tag: str) -> None:
    transcript = read(f"I: Hvad?\nR: {tag} Det var svært.\nI: Og?\nR: Ja.\nI: Så?\nR: Slut. {tag}")
    assert [status for _, status, _ in told(transcript)] == [
        "verbatim", "translation", "verbatim", "verbatim", "verbatim", "translation",
    ]  # fmt: skip
    assert f"{tag} Det var svært." in transcript.text


def test_a_label_can_say_that_words_are_translated() -> None:
    transcript = read("I: Hvad?\nR (oversat): Det var svært.\nI: Og?\nR: Ja.")
    assert [(speaker, status) for speaker, status, _ in told(transcript)] == [
        ("I", "verbatim"), ("R", "translation"), ("I", "verbatim"), ("R", "verbatim"),
    ]  # fmt: skip


def test_a_header_can_say_that_the_whole_is_translated() -> None:
    transcript = read("Dato: 3. maj\nOversat af: N.N.\n\nI: Hvad?\nR: Det var svært.\nI: Og?\nR: Ja.")
    assert {status for _, status, _ in told(transcript)} == {"translation"}


@pytest.mark.parametrize(
    "words",
    ["Jeg skrev et referat: det blev langt.", "Noten sagde nej.", "Det er (ikke oversat) min tekst her."],
)
def test_words_about_summaries_are_no_summaries(words: str) -> None:
    transcript = read(f"I: Hvad?\nR: {words}\nI: Og?\nR: Ja.")
    assert {turn.status for turn in transcript.turns} == {"verbatim"}
