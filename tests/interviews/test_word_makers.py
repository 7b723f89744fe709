"""Word files as people format them: who speaks, and every word of it; tables lose nothing."""

from __future__ import annotations

import pytest

import interviews
from interviews.layout import lay_out
from interviews.source import Paragraph, Source
from interviews.transcript import Transcript
from tests.interviews.word_makers import TALK, WAYS, written


def said(transcript: Transcript) -> list[tuple[str | None, str]]:
    return [(turn.speaker, transcript.said(turn)) for turn in transcript.turns if turn.kind == "speech"]


@pytest.mark.parametrize("name", WAYS)
def test_every_turn_of_a_word_file_is_right(name: str) -> None:
    data, talk = written(name)
    assert said(interviews.read_bytes(data, "a.docx")) == talk


def test_remarks_beside_the_words_become_a_comment_on_them() -> None:
    data, _ = written("table_with_remarks")
    transcript = interviews.read_bytes(data, "a.docx")
    [note] = transcript.annotations
    assert (note.text, note.kind) == ("Bemærkninger: ser væk", "comment")
    assert transcript.text[note.start : note.end] == TALK[3][1]
    assert [getattr(one, "reason", "") for one in transcript.warnings] == ["columns_as_comments"]


def test_a_row_without_words_keeps_what_stands_in_it_as_a_note() -> None:
    rows = [("Taler", "Tekst", "Kode"), ("Anna", "Hej.", "x"), ("Bo", "Ja.", ""), ("", "", "pause her")]
    paragraphs = tuple(Paragraph("", "row", cells=row, table=0) for row in rows)
    laid = lay_out(Source(paragraphs, "docx"))
    assert [(turn.kind, turn.speaker, laid.text[turn.start : turn.end]) for turn in laid.turns] == [
        ("speech", "Anna", "Hej."),
        ("speech", "Bo", "Ja."),
        ("note", None, "pause her"),
    ]
    assert [note.text for note in laid.annotations] == ["Kode: x"]


def test_an_ordinary_table_between_labelled_paragraphs_names_no_speakers() -> None:
    rows = [("Anna", "3 dage"), ("Bo", "4 dage"), ("Anna", "2 dage")]
    table = [Paragraph("", "row", cells=row, table=0) for row in rows]
    talk = [Paragraph(f"{who}: {words}") for who, words in TALK]
    laid = lay_out(Source((*talk[:6], *table, *talk[6:]), "docx"))
    assert [speaker.label for speaker in laid.speakers] == ["I", "L"]
    assert "Ja, og så gik det stærkt.\nAnna\t3 dage\nBo\t4 dage\nAnna\t2 dage\nHvad" in laid.text
