"""Read a transcript from a file or an upload: find its format, read its paragraphs, lay out its turns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from interviews.bounded import BoundedError, bounded_refusal
from interviews.characters import decode, refuse_too_many
from interviews.errors import TranscriptError
from interviews.formats.closing_lines import with_closing_notes
from interviews.formats.doc import kind_of_ole, read_doc
from interviews.formats.docx import read_docx
from interviews.formats.html import is_web_archive, read_html
from interviews.formats.json_transcripts import looks_like_json, read_json
from interviews.formats.odt import read_odt
from interviews.formats.pdf import read_pdf
from interviews.formats.plain import read_markdown, read_text
from interviews.formats.rtf import read_rtf
from interviews.formats.sheets import read_csv, read_xlsx
from interviews.formats.subtitles import read_srt, read_vtt
from interviews.layout import lay_out
from interviews.paths import content_of
from interviews.source import ReadingWarning, Source, reading_warning, refusal
from interviews.speakers import guess_speakers, near_equal
from interviews.transcript import Transcript
from interviews.zip_guard import OLE_MAGIC, open_zip, read_part, refuse_too_large

Reader = Callable[..., Source]

READERS: dict[str, Reader] = {
    "docx": read_docx,
    "odt": read_odt,
    "rtf": read_rtf,
    "doc": read_doc,
    "txt": read_text,
    "md": read_markdown,
    "pdf": read_pdf,
    "vtt": read_vtt,
    "srt": read_srt,
    "html": read_html,
    "json": read_json,
    "csv": read_csv,
    "xlsx": read_xlsx,
}
EXTENSIONS: dict[str, str] = {
    **{name: name for name in READERS},
    "docm": "docx", "dotx": "docx", "dotm": "docx", "dot": "doc", "ott": "odt", "fodt": "odt",
    "text": "txt", "markdown": "md", "log": "txt", "asc": "txt",
    "htm": "html", "xhtml": "html", "mht": "html", "mhtml": "html",
    "jsonl": "json", "tsv": "csv", "tab": "csv", "xlsm": "xlsx",
}  # fmt: skip
_REMEDIES = {
    "xls": "open it in a spreadsheet program and save it as .xlsx or .csv",
    "ods": "open it in a spreadsheet program and save it as .xlsx or .csv",
    "zip": "unpack it and choose the files in it",
    "pages": "open it in Pages and export it as Word (.docx)",
    "msg": "open it in Outlook and copy the text into a Word file",
    "wordxml": "open it in Word and save it as .docx",
}
_ANOTHER_REMEDY = "save the transcript as .docx, .txt, .md, .pdf, .vtt or .srt"
_NO_TEXT = frozenset(
    {"mp3", "wav", "m4a", "mp4", "mov", "ogg", "aac", "wma", "jpg", "jpeg", "png", "gif", "zip"}
)
_FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx", "Index/": "pages", "OEBPS/": "epub"}
_SRT = re.compile(r"\A\s*(?:\d+\s*\n)?\d{1,2}:\d\d:\d\d[,.]\d{1,3}\s*-->\s*\d", re.MULTILINE)
_VTT = re.compile(r"\AWEBVTT(?:\s|\Z)")
_TEXT_FORMATS = frozenset({"txt", "md", "vtt", "srt", "html", "json", "csv"})
_HTML = re.compile(
    rb"\A(?:<\?xml[^>]{0,200}\?>|<!--.{0,900}?-->|\s)*<(?:!doctype\s+html|html\b)", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read. format : overrules what the file's name and content say, one of `READERS`."""

    format: str | None = None


def read(path: str | Path, *, name: str | None = None, options: ReadOptions | None = None) -> Transcript:
    """Read a transcript file of one of the formats in `READERS`.

    name : what to call the transcript; the file's name without its extension by default.

    Raises TranscriptError, which names the file, the place and the remedy, for a file that is missing, empty,
    broken, protected, too large or of another kind; its `reason` is stable.
    Source: docs/methods/reading_transcripts.md
    """
    path = Path(path)
    return read_bytes(content_of(path), path.name, name=name, options=options)


def read_bytes(
    data: bytes, file: str, *, name: str | None = None, options: ReadOptions | None = None
) -> Transcript:
    """Read a transcript from the content of a file, as an upload gives it. file : its name with extension.

    Raises TranscriptError as `read`.
    """
    refuse_too_large(len(data), file=file)
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise _empty(file)
    options = options or ReadOptions()
    source_format, warnings = _format_of(data, file, options.format)
    try:
        source = with_closing_notes(READERS[source_format](data, file=file))
        refuse_too_many(len(source.paragraphs), what="paragraphs", file=file)
        laid = lay_out(source)
    except TranscriptError:
        raise
    except RecursionError:
        raise refusal(
            file,
            reason="unsafe",
            detail="nested_too_deeply",
            found="the file is nested deeper than any transcript",
            remedy="open it in the program it comes from and save a copy",
        ) from None
    except MemoryError:
        raise bounded_refusal(BoundedError("memory"), file=file) from None
    except Exception as error:
        # a fault of the reader, not of the user: the other files of a batch are still read
        raise refusal(
            file,
            reason="damaged",
            detail="reader_failed",
            found="the file cannot be understood",
            remedy="open it in the program it comes from and save a copy, or save its text as .txt",
        ) from error
    if not laid.turns:
        raise _empty(file)
    speakers = laid.speakers or guess_speakers(laid.text, laid.turns)
    return Transcript(
        text=laid.text,
        turns=laid.turns,
        speakers=speakers,
        warnings=(*warnings, *source.warnings, *laid.warnings),
        name=name if name is not None else Path(file).stem,
        source_format=source.source_format,
        encoding=source.encoding,
        layout=laid.layout,
        speaker_merges=near_equal(speakers),
        annotations=laid.annotations,
        header=laid.header,
    )


def _empty(file: str) -> TranscriptError:
    return refusal(
        file,
        reason="empty",
        detail="empty",
        found="there is no text in the file",
        remedy="check that it is the right file and was saved completely",
    )


def _format_of(data: bytes, file: str, wanted: str | None) -> tuple[str, tuple[ReadingWarning, ...]]:
    """Return the format by content first and name second, and a warning where they disagree."""
    extension = Path(file).suffix.lower().lstrip(".")
    if wanted is not None:
        if wanted not in READERS:
            raise ValueError(f"no reader for {wanted!r}; there are {', '.join(READERS)}")
        return wanted, ()
    found = _by_content(data, file)
    named = EXTENSIONS.get(extension)
    if found in READERS and found != "txt":
        if found == named or (named is None and not extension):
            return found, ()
        return found, (
            reading_warning(
                "named_otherwise",
                "{file} is named .{extension} but holds {found}; it was read as {found}",
                file=file,
                extension=extension,
                found=found,
            ),
        )
    if found == "zip" and named in {"docx", "odt"}:
        return named, ()  # its reader says what is missing
    if found != "txt":
        raise _unsupported(file, found)
    if named in _TEXT_FORMATS:
        return str(named), ()
    if named is not None:
        if len(data) < 64 or data[:64].count(0):
            raise refusal(
                file,
                reason="damaged",
                detail="not_what_its_name_says",
                found="the file is named .{extension} but does not hold one",
                remedy="fetch it again, or open and save it in the program it comes from",
                extension=extension,
            )
        return "txt", (
            reading_warning(
                "named_but_text",
                "{file} is named .{extension} but holds plain text; it was read as text",
                file=file,
                extension=extension,
            ),
        )
    if extension in _NO_TEXT:
        raise _unsupported(file, extension)
    return "txt", ()


def _by_content(data: bytes, file: str) -> str:
    head = data[:1024].lstrip()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(OLE_MAGIC):
        return kind_of_ole(data, file=file)
    if data.startswith(b"PK"):
        return _kind_of_zip(data, file)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")) or is_web_archive(data):
        return "html"
    if head.startswith((b"<?xml", b"\xef\xbb\xbf<?xml", b"<office:")):
        kind = _kind_of_xml(data[:8192])
        if kind:
            return kind
    if _is_binary(data):
        return "binary"
    text = (
        decode(data[:4096], file=file)[0].replace("\r\n", "\n").replace("\r", "\n")
        if len(data) < 4096
        else _head(data)
    )
    if _VTT.match(text.lstrip("\ufeff")):
        return "vtt"
    if looks_like_json(text.lstrip("\ufeff")):
        return "json"
    return "srt" if _SRT.match(text.lstrip("\ufeff")) else "txt"


def _head(data: bytes) -> str:
    """The first characters for sniffing only: what does not decode does not matter here."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return data[:4096].decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def _kind_of_zip(data: bytes, file: str) -> str:
    archive = open_zip(data, file=file)
    names = set(archive.namelist())
    for folder, kind in _FOLDERS.items():
        if any(name.startswith(folder) for name in names):
            return kind
    if "content.xml" not in names:
        return "zip"
    mimetype = (read_part(archive, "mimetype", file=file) or b"").decode("ascii", "replace")
    kind = mimetype.strip().rsplit(".", 1)[-1].partition("-")[0]
    return {"spreadsheet": "ods", "presentation": "odp", "graphics": "odg"}.get(kind, "odt")


def _kind_of_xml(head: bytes) -> str | None:
    """Documents in one XML file: OpenDocument is read, the forms of Word are not."""
    if b"urn:oasis:names:tc:opendocument:xmlns:office:1.0" in head:
        return "odt"
    word = (b'progid="Word.Document"', b"http://schemas.microsoft.com/office/2006/xmlPackage")
    return "wordxml" if any(sign in head for sign in word) else None


def _is_binary(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    sample = data[:4096]
    strange = sum(1 for byte in sample if byte < 9 or 13 < byte < 27)
    nul_pattern = (
        sample[0::2].count(0) > 0.4 * len(sample) / 2 or sample[1::2].count(0) > 0.4 * len(sample) / 2
    )
    return strange > 0.05 * len(sample) and not nul_pattern


def _unsupported(file: str, kind: str) -> TranscriptError:
    if kind == "binary":
        return refusal(
            file,
            reason="unsupported",
            detail="no_text",
            found="the file is no text",
            remedy=_ANOTHER_REMEDY,
        )
    return refusal(
        file,
        reason="unsupported",
        detail=f"kind_{kind}" if kind in _REMEDIES else "another_kind",
        found="the file holds {kind}, which is not read here",
        remedy=_REMEDIES.get(kind, _ANOTHER_REMEDY),
        kind=kind,
    )
