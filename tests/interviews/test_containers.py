"""What a file holds decides, not its name; what is no transcript says what it is and what to do."""

from __future__ import annotations

import io

import docx
import pytest

import interviews
from interviews.zip_guard import OLE_MAGIC
from tests.interviews.test_odt import odt_file
from tests.interviews.test_rtf import rtf
from tests.interviews.word_files import packed, paragraph, word_file

SAID = "Anna: Hvordan?", "Bo: Godt.", "Anna: Ja", "Bo: Nej"
WORD = word_file("".join(map(paragraph, SAID)))
ODT = odt_file("".join(f"<text:p>{line}</text:p>" for line in SAID))
RTF = rtf("\\par ".join(SAID))
HTML = ("<html><body>" + "".join(f"<p>{line}</p>" for line in SAID) + "</body></html>").encode()
TEXT = "\n".join([*SAID, "Anna: Det er alt, hvad der skal stå her."]).encode()


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (RTF, "a.doc", "rtf"), (WORD, "a.doc", "docx"), (HTML, "a.doc", "html"), (ODT, "a.docx", "odt"),
        (WORD, "a.odt", "docx"), (RTF, "a.txt", "rtf"), (WORD, "a.rtf", "docx"), (ODT, "a.pdf", "odt"),
    ],
)  # fmt: skip
def test_a_wrong_name_is_said_and_the_content_read(data: bytes, name: str, found: str) -> None:
    transcript = interviews.read_bytes(data, name)
    assert [turn.speaker for turn in transcript.turns] == ["Anna", "Bo", "Anna", "Bo"]
    assert transcript.source_format == found
    warning = transcript.warnings[0]
    assert isinstance(warning, interviews.ReadingWarning)
    assert (warning.reason, warning.values["found"]) == ("named_otherwise", found)


@pytest.mark.parametrize("name", ["a.docx", "a.doc", "a.odt", "a.rtf"])
def test_plain_text_under_another_name_is_read_as_text(name: str) -> None:
    transcript = interviews.read_bytes(TEXT, name)
    assert [turn.speaker for turn in transcript.turns][:2] == ["Anna", "Bo"]
    warning = transcript.warnings[0]
    assert isinstance(warning, interviews.ReadingWarning)
    assert warning.reason == "named_but_text"


@pytest.mark.parametrize(
    ("name", "right"), [("a.docm", WORD), ("a.dotx", WORD), ("a.ott", ODT),
                      ("a.fodt", ODT), ("a", WORD), ("A.RTF", RTF)]
)  # fmt: skip
def test_sister_formats_are_read_without_a_warning(name: str, right: bytes) -> None:
    assert interviews.read_bytes(right, name).warnings == ()


def test_a_file_of_python_docx_is_read_without_a_warning() -> None:
    document = docx.Document()
    for line in SAID:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    assert interviews.read_bytes(stream.getvalue(), "a.docx").warnings == ()


OFFICE_2003 = b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="x"/>'


@pytest.mark.parametrize(
    ("data", "name", "reason", "remedy"),
    [
        (packed({"a.docx": WORD, "b.docx": WORD}), "alle.zip", "unsupported", "unpack it"),
        (packed({"Index/Document.iwa": b"x"}), "a.pages", "unsupported", "export it as Word"),
        (
            packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}),
            "a.ods", "unsupported", "save it as .xlsx",
        ),
        (packed({"ppt/presentation.xml": "<a/>"}), "a.pptx", "unsupported", "save the transcript as"),
        (OFFICE_2003, "a.xml", "unsupported", "save it as .docx"),
        (packed({"other.xml": "<a/>"}), "a.docx", "damaged", "save it as .docx"),
        (OLE_MAGIC + bytes(600), "a.doc", "unsupported", "save it as .docx"),
    ],
)  # fmt: skip
def test_other_containers_say_what_they_are(data: bytes, name: str, reason: str, remedy: str) -> None:
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(data, name)
    assert (refused.value.reason, refused.value.file) == (reason, name)
    assert remedy in refused.value.remedy
