"""Comments and notes of a file stand on the same words in the transcript's text."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

import interviews
from interviews.layout import Laid, lay_out
from interviews.source import Paragraph, Source, SourceNote


def laid_out(paragraphs: list[Paragraph], *notes: SourceNote) -> Laid:
    return lay_out(Source(tuple(paragraphs), "docx", notes=notes))


def note_on(paragraphs: list[Paragraph], index: int, words: str, kind: str = "comment") -> SourceNote:
    start = paragraphs[index].text.index(words)
    return SourceNote("se her", kind, index, start, index, start + len(words), "AB")  # type: ignore[arg-type]


TALK = [
    Paragraph("Interviewer: Hvordan går det?"),
    Paragraph("Bo: Det går fint, tak.  [00:01:12]"),
    Paragraph("Interviewer:   Og så?"),
    Paragraph("Bo: Så fik jeg en men\u00adtor."),
]


def test_a_comment_stands_on_its_words_without_label_and_time() -> None:
    laid = laid_out(TALK, note_on(TALK, 1, "fint, tak"), note_on(TALK, 3, "men\u00adtor"))
    assert [laid.text[one.start : one.end] for one in laid.annotations] == ["fint, tak", "mentor"]
    assert [(one.text, one.author) for one in laid.annotations] == [("se her", "AB")] * 2


def test_a_comment_over_several_turns_keeps_both_ends() -> None:
    start, end = TALK[0].text.index("går"), TALK[1].text.index("fint") + 4
    laid = laid_out(TALK, SourceNote("", "comment", 0, start, 1, end))
    assert laid.text[laid.annotations[0].start : laid.annotations[0].end] == "går det?\nDet går fint"


def test_a_comment_on_a_label_stands_before_the_words_of_that_turn() -> None:
    laid = laid_out(TALK, note_on(TALK, 2, "Interviewer"))
    one = laid.annotations[0]
    assert (one.start, one.end) == (laid.text.index("Og så?"),) * 2


def test_footnotes_are_note_turns_after_the_body_with_a_point_where_they_are_called() -> None:
    paragraphs = [
        *TALK,
        Paragraph("Anna: Navnet er ændret.", kind="note"),
        Paragraph("12:30 Se s. 3", "note"),
    ]
    at = TALK[1].text.index(", tak")
    laid = laid_out(paragraphs, SourceNote("Navnet er ændret.", "footnote", 1, at, 1, at))
    assert [(t.kind, t.speaker, laid.text[t.start : t.end]) for t in laid.turns[-2:]] == [
        ("note", None, "Anna: Navnet er ændret."),
        ("note", None, "12:30 Se s. 3"),
    ]
    one = laid.annotations[0]
    assert (one.kind, one.start, one.end) == ("footnote", *[laid.text.index(", tak")] * 2)


def test_a_comment_in_a_table_stands_on_its_words() -> None:
    rows = [
        Paragraph("", "row", cells=cells, table=0)
        for cells in [("Tid", "Taler", "Tekst"), ("0:01", "Anna", "Hvem?"), ("0:09", "Bo", "Mig.\nOg hun.")]
    ]
    joined = "\t".join(rows[2].cells)
    start = joined.index("Og hun")
    laid = laid_out(rows, SourceNote("", "comment", 2, start, 2, start + 6))
    assert laid.text == "Hvem?\nMig.\nOg hun."
    assert laid.text[laid.annotations[0].start : laid.annotations[0].end] == "Og hun"


def test_a_comment_in_a_table_of_facts_stands_on_its_words() -> None:
    rows = [
        Paragraph("", "row", cells=cells, table=0)
        for cells in [("Dato", "", "3. maj"), ("", "Sted", "Odense"), ("x" * 70, "", "y" * 70)]
    ]
    notes = [
        SourceNote("", "comment", 0, "Dato\t\t3. maj".index("3."), 0, len("Dato\t\t3. maj")),
        SourceNote("", "comment", 1, "\tSted\tOdense".index("Od"), 1, len("\tSted\tOdense")),
        SourceNote("", "comment", 2, 72, 2, 75),
    ]
    laid = laid_out(rows, *notes)
    assert [laid.text[one.start : one.end] for one in laid.annotations] == ["3. maj", "Odense", "yyy"]


def test_a_label_put_back_into_the_text_moves_comments_with_their_words() -> None:
    text = "Anna: Hvem?\nBo: Mig.\nAnna: Hvor?\nBo: Her.\nRadio: Slut nu.\nBo: Ja, slut."
    transcript = interviews.read_bytes(text.encode(), "a.txt")
    words = ["Mig", "Slut nu", "Ja", "Her.\nSlut"]
    notes = tuple(
        interviews.Annotation(start, start + len(word), word)
        for word in words
        if (start := transcript.text.index(word)) >= 0
    )
    changed = replace(transcript, annotations=notes).with_speakers({"Radio": None, "Anna": "A"})
    found = [changed.text[one.start : one.end] for one in changed.annotations]
    assert found == ["Mig", "Slut nu", "Ja", "Her.\nRadio: Slut"]


def test_renaming_a_respondent_renames_whom_the_interpreter_speaks_for() -> None:
    text = "I: Hvad?\nAmina: ...\nTolk: Godt.\nI: Og?\nTolk: Fint.\nI: Nå?\nAmina: Ja."
    transcript = interviews.read_bytes(text.encode(), "a.txt").with_speakers({"Amina": "Borger 1"})
    assert [turn.speaks_for for turn in transcript.turns if turn.speaker == "Tolk"] == ["Borger 1"] * 2


WORD = st.text("abcæøå\u00ad-", min_size=1, max_size=6)
LABELS = ["Anna: ", "Bo:\t", "[00:12] Anna: ", "12. Bo: ", "", "  ", "Anna (0:12): ", "- "]
LINES = st.lists(
    st.tuples(st.sampled_from(LABELS), st.lists(WORD, min_size=1, max_size=6), st.sampled_from(["", "  "])),
    min_size=1,
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(LINES, st.booleans(), st.data())
def test_words_that_are_in_the_text_are_found_where_the_comment_stood(
    lines: list[tuple[str, list[str], str]], wrapped: bool, data: st.DataObject
) -> None:
    """Each word is made unlike all others, so that where it stands is known."""
    paragraphs, stood = [], []
    for index, (label, words, end) in enumerate(lines):
        text = label
        for at, word in enumerate(words):
            mark = f"q{chr(97 + index)}{chr(97 + at)}{word}z"
            stood.append((index, len(text), mark))
            text += mark + " "
        paragraphs.append(Paragraph(text.rstrip() + end, continues=wrapped and index > 0 and not label))
    index, start, mark = data.draw(st.sampled_from(stood))
    laid = laid_out(paragraphs, SourceNote("", "comment", index, start, index, start + len(mark)))
    one = laid.annotations[0]
    assert laid.text[one.start : one.end] == mark.replace("\u00ad", "")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5), st.data())
def test_any_anchor_stays_within_the_text(texts: list[str], data: st.DataObject) -> None:
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(texts) - 1)] * 2)))
    start = data.draw(st.integers(0, len(texts[first])))
    end = data.draw(st.integers(0, len(texts[last])))
    laid = laid_out([Paragraph(text) for text in texts], SourceNote("", "comment", first, start, last, end))
    one = laid.annotations[0]
    assert 0 <= one.start <= one.end <= len(laid.text)
