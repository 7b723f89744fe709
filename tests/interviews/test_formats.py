"""Each file format: what is kept, what is left out, and how broken files are refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

import interviews
from interviews.line_joins import join_lines

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def speech(transcript: interviews.Transcript) -> list[tuple[str | None, str]]:
    return [(turn.speaker, transcript.said(turn)) for turn in transcript.turns if turn.kind == "speech"]


def word_file(body: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    return stream.getvalue()


def saved(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_keeps_insertions_and_content_controls_and_drops_deletions() -> None:
    document = docx.Document()
    document.add_heading("Samtalen", 1)
    paragraph = document.add_paragraph("Anna: Ja ")._p
    paragraph.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1"><w:r><w:t>indsat</w:t></w:r></w:ins>'))
    paragraph.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="2"><w:r><w:delText>slettet</w:delText></w:r></w:del>')
    )
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Bo: Nej</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    paragraph.addnext(parse_xml(control))
    document.add_paragraph("Anna: Punkt", style="List Bullet").add_run("\nlinje\tto")
    document.add_paragraph("Bo: Slut 😀 æøå مرحبا")
    transcript = interviews.read_bytes(saved(document), "a.docx")
    assert (transcript.turns[0].kind, transcript.said(transcript.turns[0])) == ("heading", "Samtalen")
    assert speech(transcript) == [
        ("Anna", "Ja indsat"), ("Bo", "Nej"), ("Anna", "Punkt\nlinje\tto"), ("Bo", "Slut 😀 æøå مرحبا"),
    ]  # fmt: skip


def test_word_table_of_time_words_and_speaker_gives_turns() -> None:
    document = docx.Document()
    table = document.add_table(0, 3)
    rows = [
        ("Timespan", "Content", "Speaker"),
        ("0:00 - 0:09", "Hvordan?", "Anna"),
        ("0:10 - 0:19", "Godt.", "Bo"),
    ]
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    transcript = interviews.read_bytes(saved(document), "a.docx")
    assert speech(transcript) == [("Anna", "Hvordan?"), ("Bo", "Godt.")]
    assert [turn.time_seconds for turn in transcript.turns] == [0.0, 10.0]


def test_bold_start_of_a_word_paragraph_is_a_label() -> None:
    document = docx.Document()
    for label, words in [("Anna", " Hvordan?"), ("Bo", " Godt."), ("Anna", " Og så?"), ("Bo", " Hjem.")]:
        paragraph = document.add_paragraph()
        paragraph.add_run(label).bold = True
        paragraph.add_run(words)
    transcript = interviews.read_bytes(saved(document), "a.docx")
    assert speech(transcript) == [("Anna", "Hvordan?"), ("Bo", "Godt."), ("Anna", "Og så?"), ("Bo", "Hjem.")]


def test_teams_voices_are_merged_over_cues_with_the_time_of_the_first() -> None:
    content = (
        "WEBVTT\n\n00:00:01.500 --> 00:00:03.500\n<v Anna Holm>Hej &amp; velkommen</v>\n\n"
        "00:00:03.600 --> 00:00:05.000\n<v Anna Holm>til dig.</v>\n\n"
        "00:00:05.000 --> 00:00:06.000\n<v Bo>Tak.</v>\n"
    )
    transcript = interviews.read_bytes(content.encode(), "a.vtt")
    assert speech(transcript) == [("Anna Holm", "Hej & velkommen til dig."), ("Bo", "Tak.")]
    assert [turn.time_seconds for turn in transcript.turns] == [1.5, 5.0]


def test_subtitle_labels_hold_until_the_next_label() -> None:
    content = (
        "1\n00:00:01,000 --> 00:00:03,500\nAnna: Hej og\n\n2\n00:00:03,600 --> 00:00:05,000\nvelkommen.\n\n"
        "3\n00:00:05,250 --> 00:00:06,000\nBo: Tak.\n\n4\n00:00:06,100 --> 00:00:07,000\nBo: Det er fint.\n"
    )
    transcript = interviews.read_bytes(content.encode(), "a.srt")
    assert speech(transcript) == [("Anna", "Hej og velkommen."), ("Bo", "Tak. Det er fint.")]
    assert [turn.time_seconds for turn in transcript.turns] == [1.0, 5.25]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman"]
)
def test_danish_letters_survive_every_encoding(encoding: str) -> None:
    data = "Interviewer: Får du hjælp?\r\nBorger: Ja, æ ø å – “fint”.\r\n".encode(encoding)
    transcript = interviews.read_bytes(data, "a.txt")
    assert transcript.text == "Får du hjælp?\nJa, æ ø å – “fint”."
    assert bool(transcript.warnings) == (encoding in {"cp1252", "mac-roman"})


def test_line_ends_and_stray_characters_are_brought_into_one_form() -> None:
    transcript = interviews.read_bytes(
        "Anna: a\x00b\u2028c\x85Bo: d\ufeff\rAnna: e\r\nBo: f".encode(), "a.txt"
    )
    assert transcript.text == "ab\nc\nd\ne\nf"


def test_lines_wrapped_by_hand_are_joined() -> None:
    text = (
        "Interviewer: Kan du fortælle lidt om hvordan du oplevede det første møde med din\n"
        "sagsbehandler og hvad der egentlig skete efterfølgende i løbet af de allerførste\n"
        "uger i praktikken, hvor du jo var helt ny på arbejdspladsen og ikke kendte mange?\n"
        "Borger: Ja altså, jeg kom jo ind ad døren og jeg kendte slet ingen mennesker der,\n"
        "så jeg satte mig bare ned og ventede på at nogen ville sige noget til mig, og det\n"
        "gjorde de så heldigvis til sidst, og så kom min mentor.\n"
    )
    transcript = interviews.read_bytes(text.encode(), "a.txt")
    assert "\n" not in transcript.said(transcript.turns[0])
    assert "med din sagsbehandler" in transcript.text


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [("en medar-", "bejder", "en medarbejder"), ("et IGU-", "forløb", "et IGU-forløb"),
     ("dag-", "og natarbejde", "dag- og natarbejde"), ("en 3-", "årig", "en 3-årig"),
     ("god", "dag", "god dag"), ("et it-", "system", "et it-system"),
     ("en PhD-", "studerende", "en PhD-studerende"),
     ("face-to-", "face", "face-to-face"), ("ind-", "men ikke udbetalt", "ind- men ikke udbetalt"),
     ("en medar\ufffe", "bejder", "en medarbejder")],
)  # fmt: skip
def test_hyphens_at_line_ends(above: str, below: str, joined: str) -> None:
    assert join_lines(above, below) == joined


def test_a_word_that_the_document_writes_in_one_loses_its_hyphen() -> None:
    assert join_lines("jeg er self-", "ish", vocabulary={"selfish"}) == "jeg er selfish"


def test_a_hyphen_that_the_document_uses_elsewhere_is_kept() -> None:
    assert join_lines("in two-", "way plots", vocabulary={"two-way"}) == "in two-way plots"


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\t", "a.docx", "empty"),
        (b"%PDF-1.4\n1 0 obj", "a.pdf", "damaged"),
        (b"PK\x03\x04" + bytes(40), "a.docx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", "unsupported"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.docx", "encrypted"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 8, "a.txt", "unsupported"),
        (b"WEBVTT\n\n", "a.vtt", "damaged"),
        (b"a" * (100 * 1024 * 1024 + 1), "a.txt", "too_large"),
        (word_file("<w:p/>"), "a.docx", "empty"),
        (word_file("<w:p><w:r>")[:-30], "a.docx", "damaged"),
        (word_file("<w:p><w:r>"), "a.docx", "damaged"),
        (word_file("<w:p/>" + " " * 17_000_000), "a.docx", "unsafe"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_files_that_cannot_be_read_are_refused_with_one_reason(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(data, name)
    assert refused.value.reason == reason
    assert refused.value.file == name
    assert refused.value.remedy
    assert name in str(refused.value)


def test_a_document_type_definition_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "word/document.xml", f'<!DOCTYPE a [<!ENTITY x "y">]><w:document {W}><w:body/></w:document>'
        )
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(stream.getvalue(), "a.docx")
    assert refused.value.reason == "unsafe"


def test_a_wrong_extension_is_said_and_the_content_read() -> None:
    transcript = interviews.read_bytes(word_file("<w:p><w:r><w:t>Anna: Ja</w:t></w:r></w:p>"), "a.txt")
    assert transcript.source_format == "docx"
    assert "named .txt but holds docx" in transcript.warnings[0]


def test_a_missing_file_is_a_transcript_error(tmp_path: Path) -> None:
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read(tmp_path / "nowhere.txt")
    assert refused.value.reason == "missing"


def test_a_pdf_of_pictures_only_says_so() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(stream.getvalue(), "scan.pdf")
    assert refused.value.reason == "no_text"
