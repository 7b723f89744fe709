"""The same talk in every style comes back as the same turns."""

from __future__ import annotations

import pytest

import interviews
from interviews.layout import Laid, lay_out
from interviews.source import Source
from interviews.transcript import Transcript
from tests.interviews.rendered_talk import (
    DANISH,
    ENGLISH,
    PAIRS,
    PARAGRAPH_STYLES,
    TEXT_STYLES,
    UNNAMED_STYLES,
    Talk,
    talk,
)

SAID = {"da": DANISH, "en": ENGLISH}
SPOKEN = [*((pair, "da") for pair in PAIRS), ("roles", "en"), ("names", "en"), ("letters", "en")]


def spoken(read: Transcript | Laid) -> Talk:
    return [
        (turn.speaker or "", read.text[turn.start : turn.end]) for turn in read.turns if turn.kind == "speech"
    ]


@pytest.mark.parametrize(("pair", "language"), SPOKEN)
@pytest.mark.parametrize("style", TEXT_STYLES)
def test_every_turn_of_a_text_file_comes_back(style: str, pair: str, language: str) -> None:
    turns = talk(PAIRS[pair], SAID[language])
    name = "talk.md" if style.startswith("markdown") else "talk.txt"
    found = spoken(interviews.read_bytes(TEXT_STYLES[style](turns).encode(), name))
    wanted = [(who.upper() if style == "upper case" else who, words) for who, words in turns]
    assert [(who.rstrip("."), words) for who, words in found] == [
        (who.rstrip("."), words) for who, words in wanted
    ]


@pytest.mark.parametrize(("pair", "language"), SPOKEN)
@pytest.mark.parametrize("style", PARAGRAPH_STYLES)
def test_every_turn_of_a_document_comes_back(style: str, pair: str, language: str) -> None:
    turns = talk(PAIRS[pair], SAID[language])
    found = spoken(lay_out(Source(tuple(PARAGRAPH_STYLES[style](turns)), "docx")))
    assert [(who.rstrip("."), words) for who, words in found] == [
        (who.rstrip("."), words) for who, words in turns
    ]


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("style", UNNAMED_STYLES)
def test_turns_without_labels_come_back_with_a_warning(style: str, language: str) -> None:
    turns = talk(("Interviewer", "Respondent"), SAID[language])
    laid = lay_out(Source(tuple(UNNAMED_STYLES[style](turns)), "docx"))
    assert spoken(laid) == turns
    assert [warning.reason for warning in laid.warnings] in (["speakers_by_emphasis"], ["speakers_by_turns"])


def test_there_are_more_than_sixty_styles() -> None:
    assert len(TEXT_STYLES) + len(PARAGRAPH_STYLES) + len(UNNAMED_STYLES) > 60
