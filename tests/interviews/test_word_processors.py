"""One document in every format that LibreOffice writes: the same words, notes and comments come out of "
"each."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import interviews
from interviews.formats.doc import find_libreoffice, read_doc
from interviews.formats.docx import read_docx
from interviews.formats.odt import read_odt
from interviews.formats.rtf import read_rtf
from interviews.reading import READERS
from interviews.source import Source
from tests.interviews.test_docx import cell, table
from tests.interviews.test_docx_notes import marked
from tests.interviews.word_files import (
    comment,
    comment_end,
    comment_start,
    in_list,
    note_story,
    numbering_part,
    openable_word_file,
    paragraph,
    run,
)

CHANGED = "w:author='A' w:date='2024-01-01T00:00:00Z'"
SEPARATORS = {
    kind: note_story(kind, 0, "", type_name="separator") + note_story(kind, 1, "",
    type_name="continuationSeparator")
    for kind in ("footnote", "endnote")
}  # fmt: skip
LINES = [
    "Interviewer: Hvad hjalp dig?  To blanke\tog tab", "Borger: Min mentor – Æøå “citat” 😊.",
    "Og praktikken. Indsat", "Hele afsnittet er kursiv?", "synlig igen", "ny linje", "punkt et", "punkt to",
    "Taler|Tid|Tekst", "Anna|0:01|ja\nog nej", "Slut مرحبا ł ş İ", "En fodnote", "En slutnote",
]  # fmt: skip


def rich_file() -> bytes:
    body = (
        paragraph(run("Interviewer:", "<w:b/>"), " Hvad ", comment_start(1), "hjalp", comment_end(1),
        " dig?  To blanke",
                  "<w:r><w:tab/></w:r>", "og tab")
        + paragraph(run("Borger:", "<w:b/>"), " Min ", comment_start(2), "mentor – Æøå “citat” 😊.",
                    '<w:r><w:footnoteReference w:id="2"/></w:r>')
        + paragraph("Og ", comment_end(2), "praktikken.",
        f"<w:ins w:id='7' {CHANGED}>" + run(" Indsat") + "</w:ins>",
                    f"<w:del w:id='8' {CHANGED}><w:r><w:delText>SLETTET</w:delText></w:r></w:del>",
                    '<w:r><w:endnoteReference w:id="2"/></w:r>')
        + paragraph(run("Hele afsnittet er kursiv?", "<w:i/>"))
        + paragraph("synlig ", run("SKJULT", "<w:vanish/>"), "igen", "<w:r><w:br/></w:r>", "ny linje")
        + paragraph("punkt et", properties=in_list()) + paragraph("punkt to", properties=in_list())
        + table(cell("Taler") + cell("Tid") + cell("Tekst"),
                cell("Anna") + cell("0:01") + cell("ja", paragraph("og ", comment_start(3), "nej",
                comment_end(3))))
        + paragraph("Slut مرحبا ł ş İ") + "<w:sectPr/>"
    )  # fmt: skip
    return openable_word_file(
        body,
        comments=comment(1, "nøgleord") + comment(2, "hvem er det", "Bo") + comment(3, "afslag"),
        footnotes=SEPARATORS["footnote"] + note_story("footnote", 2, "En fodnote"),
        endnotes=SEPARATORS["endnote"] + note_story("endnote", 2, "En slutnote"),
        numbering=numbering_part(("decimal", "%1.")),
    )


def converted(data: bytes, to: str, folder: Path) -> bytes:
    office = find_libreoffice()
    assert office is not None
    (folder / "given.docx").write_bytes(data)
    command = [
        office,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        to,
    ]
    subprocess.run(
        [*command, "--outdir", str(folder / "out"), str(folder / "given.docx")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return next((folder / "out").iterdir()).read_bytes()


def words(source: Source) -> list[str]:
    return ["|".join(one.cells) if one.kind == "row" else one.text for one in source.paragraphs]


def assert_rich(source: Source) -> None:
    assert words(source) == LINES
    assert [one.kind for one in source.paragraphs] == ["body"] * 8 + ["row"] * 2 + ["body", "note", "note"]
    assert [one.number for one in source.paragraphs[6:8]] == [1, 2]
    assert [one.bold for one in source.paragraphs[:2]] == [13, 8]
    assert source.paragraphs[3].emphasis == "italic"
    assert [(one.kind, marked(source, one), one.text, one.author) for one in source.notes] == [
        ("comment", "hjalp", "nøgleord", "Mette"), ("comment", "mentor – Æøå “citat” 😊.\nOg ",
        "hvem er det", "Bo"),
        ("footnote", "", "En fodnote", ""), ("endnote", "", "En slutnote", ""), ("comment", "nej", "afslag",
        "Mette"),
    ]  # fmt: skip
    assert all(
        note.written_at.startswith("2024-05-03T10:00") for note in source.notes if note.kind == "comment"
    )
    assert [one.reason for one in source.warnings if isinstance(one, interviews.ReadingWarning)] == [
        "hidden_text"
    ]


def test_the_rich_document_is_read_whole() -> None:
    assert_rich(read_docx(rich_file(), file="a.docx"))


@pytest.mark.office
@pytest.mark.parametrize("to", ["docx", "odt", "fodt", "rtf", "doc"])
def test_it_is_the_same_in_every_format_that_libreoffice_writes(to: str, tmp_path: Path) -> None:
    reader = {"docx": read_docx, "odt": read_odt, "fodt": read_odt, "rtf": read_rtf, "doc": read_doc}[to]
    assert_rich(reader(converted(rich_file(), to, tmp_path), file=f"a.{to}"))


@pytest.mark.office
def test_the_words_are_those_of_another_program_to_the_character(tmp_path: Path) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK '
        '"http://x"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("linket") + '<w:r><w:fldChar '
        'w:fldCharType="end"/></w:r>'
    )  # fmt: skip
    body = (
        paragraph("Interview", properties='<w:outlineLvl w:val="0"/>')
        + paragraph(run("Anna:", "<w:b/>"), " Ja\u00a0altså, ", field, " – “det” 😀 مرحبا",
        "<w:r><w:tab/></w:r>", "100 %")
        + paragraph("<w:sdt><w:sdtContent>" + run("felt") + "</w:sdtContent></w:sdt>", " to  blanke ",
        "<w:r><w:br/></w:r>",
                    "ny")
        + table(cell("Bo") + cell("nej", "tak"), cell("Eva") + cell("jo"))
        + "<w:sdt><w:sdtContent>" + paragraph("i kontrol") + "</w:sdtContent></w:sdt>"
        + paragraph("e\u00ade æøåÆØÅ éüß ł") + paragraph("") + paragraph("slut") + "<w:sectPr/>"
    )  # fmt: skip
    data = openable_word_file(body)
    expected = converted(data, "txt:Text (encoded):UTF8", tmp_path).decode("utf-8-sig").replace("\r\n", "\n")
    said = "\n".join(words(read_docx(data, file="a.docx"))).replace("|", "\n")
    assert said == expected.rstrip("\n")


@pytest.mark.office
def test_a_password_and_another_program_are_told_from_the_old_container(tmp_path: Path) -> None:
    old = converted(openable_word_file(paragraph("Anna: ja") + "<w:sectPr/>"), "doc", tmp_path)
    start = old.index(b"\xec\xa5\x01")
    protected = old[: start + 11] + bytes([old[start + 11] | 1]) + old[start + 12 :]
    assert [turn.kind for turn in interviews.read_bytes(old, "a.doc").turns] == ["speech"]
    renamed = old.replace("WordDocument".encode("utf-16-le"), "Workbook\0\0\0\0".encode("utf-16-le"))
    for data, reason in [
        (protected, "encrypted"),
        (renamed, "unsupported"),
        (old[: len(old) // 3], "unsupported"),
    ]:
        with pytest.raises(interviews.TranscriptError) as refused:
            interviews.read_bytes(data, "a.doc")
        assert (refused.value.reason, refused.value.remedy != "") == (reason, True)


def test_without_libreoffice_a_doc_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interviews.formats.doc.find_libreoffice", lambda: None)
    with pytest.raises(interviews.TranscriptError) as refused:
        read_doc(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), file="gammel.doc")
    assert refused.value.reason == "unsupported"
    assert "save it as .docx" in refused.value.remedy


def test_every_reader_can_be_asked_for_by_name() -> None:
    assert {"docx", "odt", "rtf", "doc", "txt", "md", "pdf", "vtt", "srt", "html"} <= set(READERS)
