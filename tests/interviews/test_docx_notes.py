"""Comments, footnotes and endnotes of a Word file stand where they stood."""

from __future__ import annotations

import interviews
from interviews.formats.docx import read_docx
from interviews.source import Source, SourceNote
from tests.interviews.test_docx import cell, read, table, texts
from tests.interviews.word_files import (
    comment,
    comment_end,
    comment_start,
    note_story,
    paragraph,
    run,
    word_file,
)


def marked(source: Source, note: SourceNote) -> str:
    """The words that a note stands on."""
    lines = texts(source)
    whole = [line.replace("|", "\t") for line in lines]
    if note.first == note.last:
        return whole[note.first][note.start : note.end]
    middle = whole[note.first + 1 : note.last]
    return "\n".join([whole[note.first][note.start :], *middle, whole[note.last][: note.end]])


def test_a_comment_may_run_over_several_paragraphs_and_overlap_another() -> None:
    body = paragraph(
        "Anna: ", comment_start(1), "Jeg ", comment_start(2), "lærte", comment_end(2)
    ) + paragraph("dansk", comment_end(1), " hurtigt")
    source = read(body, comments=comment(1, "sprog") + comment(2, "verbum", author="Bo"))
    assert texts(source) == ["Anna: Jeg lærte", "dansk hurtigt"]
    assert [(marked(source, note), note.text, note.author, note.written_at) for note in source.notes] == [
        ("Jeg lærte\ndansk", "sprog", "Mette", "2024-05-03T10:00:00Z"),
        ("lærte", "verbum", "Bo", "2024-05-03T10:00:00Z"),
    ]
    assert {note.kind for note in source.notes} == {"comment"}


def test_the_positions_hold_over_deletions_line_breaks_joined_paragraphs_and_controls() -> None:
    body = (
        paragraph("a\ufeffb", "<w:del w:id='1'><w:r><w:delText>væk</w:delText></w:r></w:del>",
        "<w:r><w:br/></w:r>",
                  "c", comment_start(1), "de", properties="<w:rPr><w:del w:id='2'/></w:rPr>")
        + paragraph("f", comment_end(1), "g")
    )  # fmt: skip
    source = read(body, comments=comment(1, "her"))
    assert texts(source) == ["ab", "cdefg"]
    assert marked(source, source.notes[0]) == "def"


def test_comments_between_blocks_stand_on_the_blocks() -> None:
    body = (
        paragraph("før") + comment_start(1) + paragraph("en") + paragraph("to") + '<w:commentRangeEnd '
        'w:id="1"/>'
        + paragraph("efter")
    )  # fmt: skip
    source = read(body, comments=comment(1, "begge"))
    assert marked(source, source.notes[0]) == "en\nto"


def test_a_comment_in_a_table_counts_in_the_row() -> None:
    first = paragraph(" ja ", comment_start(1), "tak", comment_end(1))
    body = table(
        cell("Anna") + cell("x", first), cell("Bo") + cell(paragraph(comment_start(2), "nej", comment_end(2)))
    )
    source = read(body, comments=comment(1, "høfligt") + comment(2, "afslag"))
    assert [marked(source, note) for note in source.notes] == ["tak", "nej"]


def test_a_comment_without_a_range_or_on_deleted_words_is_a_point() -> None:
    body = paragraph(
        "ja", '<w:r><w:commentReference w:id="1"/></w:r>', " nej",
        "<w:del w:id='9'>" + comment_start(2) + "<w:r><w:delText>x</w:delText></w:r>"
        + '<w:commentRangeEnd w:id="2"/></w:del>',
    )  # fmt: skip
    source = read(body, comments=comment(1, "punkt") + comment(2, "på slettet") + comment(3, "uden sted"))
    assert [(note.text, note.start, note.end) for note in source.notes] == [
        ("punkt", 2, 2), ("på slettet", 6, 6),
    ]  # fmt: skip


def test_an_answer_stands_where_the_comment_stands_that_it_answers() -> None:
    body = paragraph("a ", comment_start(1), "b", comment_end(1))
    extended = (
        '<w15:commentEx w15:paraId="0A"/><w15:commentEx w15:paraId="0B" w15:paraIdParent="0A" w15:done="1"/>'
    )
    comments = comment(1, "hvorfor?", extra='w14:paraId="0A"') + comment(2, "derfor", "Bo", 'w14:paraId="0B"')
    source = read(body, comments=comments, commentsExtended=extended)
    assert [(marked(source, note), note.text, note.author) for note in source.notes] == [
        ("b", "hvorfor?", "Mette"), ("b", "derfor", "Bo"),
    ]  # fmt: skip


def test_footnotes_and_endnotes_follow_the_body_and_stand_at_their_reference() -> None:
    def reference(kind: str, identity: int, mark: str = "") -> str:
        custom = ' w:customMarkFollows="1"' if mark else ""
        text = f"<w:t>{mark}</w:t>" if mark else ""
        return f'<w:r><w:{kind}Reference{custom} w:id="{identity}"/>{text}</w:r>'

    body = (
        paragraph("Anna: et", reference("endnote", 2), " to", reference("footnote", 3))
        + paragraph("Bo: tre", reference("footnote", 2, "*"))
    )  # fmt: skip
    source = read(
        body,
        footnotes=note_story("footnote", 0, "streg", type_name="separator") + note_story("footnote", 2,
        "sidst")
        + note_story("footnote", 3, "IGU er", "et forløb") + note_story("footnote", 4, "ingen henviser"),
        endnotes=note_story("endnote", 2, "til slut"),
    )  # fmt: skip
    assert [(one.kind, one.text) for one in source.paragraphs] == [
        ("body", "Anna: et to"), ("body", "Bo: tre"), ("note", "IGU er"), ("note", "et forløb"), ("note",
        "sidst"),
        ("note", "til slut"),
    ]  # fmt: skip
    assert [(note.kind, note.first, note.start, note.end, note.text) for note in source.notes] == [
        ("endnote", 0, 8, 8, "til slut"), ("footnote", 0, 11, 11, "IGU er\net forløb"), ("footnote", 1, 7,
        7, "sidst"),
    ]  # fmt: skip


def test_a_comment_inside_a_footnote_is_kept() -> None:
    inner = paragraph("se ", comment_start(1), "bilag", comment_end(1))
    source = read(
        paragraph("a", '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        footnotes=f'<w:footnote w:id="2">{inner}</w:footnote>',
        comments=comment(1, "hvilket?"),
    )
    assert [(marked(source, note), note.kind) for note in source.notes] == [
        ("", "footnote"),
        ("bilag", "comment"),
    ]


def test_comments_arrive_in_the_transcript_on_the_same_words() -> None:
    body = (
        paragraph(run("Interviewer:", "<w:b/>"), " Hvad ", comment_start(1), "hjalp", comment_end(1), " dig?")
        + paragraph(run("Borger:", "<w:b/>"), " Min ", comment_start(2), "mentor.")
        + paragraph("Og ", comment_end(2), "praktikken.")
    )  # fmt: skip
    data = word_file(body, comments=comment(1, "nøgleord") + comment(2, "hvem"))
    transcript = interviews.read_bytes(data, "a.docx")
    assert transcript.text == "Hvad hjalp dig?\nMin mentor.\nOg praktikken."
    assert [transcript.text[one.start : one.end] for one in transcript.annotations] == [
        "hjalp",
        "mentor.\nOg ",
    ]


def test_two_thousand_comments_are_read_in_one_pass() -> None:
    body = "".join(paragraph("a ", comment_start(i), "b", comment_end(i)) for i in range(2000))
    source = read_docx(
        word_file(body, comments="".join(comment(i, str(i)) for i in range(2000))), file="a.docx"
    )
    assert [note.text for note in source.notes] == [str(i) for i in range(2000)]
    assert {(note.start, note.end) for note in source.notes} == {(2, 3)}
