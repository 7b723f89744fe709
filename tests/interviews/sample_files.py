"""One small sound file of each format, made in code: what the damaged and hostile ones are made from."""

from __future__ import annotations

import json

from tests.interviews.archives import archive

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TURNS = (
    ("Interviewer", "Hvordan gik det første møde på jobcentret?"),
    ("Amira", "Det gik fint nok, men jeg forstod ikke det hele. Æ, ø og å."),
    ("Interviewer", "Hvem hjalp dig?"),
    ("Amira", "Min mentor – hun læste brevene for mig 🙂."),
)
XLSX = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def docx(body: str | None = None, **parts: str | bytes) -> bytes:
    """A Word file. body : XML inside `w:body`; parts : further parts by name."""
    if body is None:
        body = "".join(word_paragraph(f"{speaker}: {said}") for speaker, said in TURNS)
    return archive(
        {
            "[Content_Types].xml": content_types("word/document.xml", "wordprocessingml.document.main"),
            "_rels/.rels": relations("word/document.xml"),
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            **parts,
        }
    )


def word_paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def content_types(part: str, kind: str) -> str:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        "</Types>"
    )


def relations(target: str, kind: str = "officeDocument") -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{R}/{kind}" Target="{target}"/></Relationships>'
    )


def odt(body: str | None = None, **parts: str | bytes) -> bytes:
    """An OpenDocument text. body : XML inside `office:text`."""
    if body is None:
        body = "".join(f"<text:p>{speaker}: {said}</text:p>" for speaker, said in TURNS)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:text="{space}:text:1.0" '
        f'xmlns:table="{space}:table:1.0" office:version="1.3"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return archive({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest, **parts})


def xlsx(rows: str | None = None, **parts: str | bytes) -> bytes:
    """A workbook with one sheet. rows : XML inside `sheetData`."""
    if rows is None:
        rows = "".join(sheet_row(speaker, said) for speaker, said in (("Speaker", "Text"), *TURNS))
    return archive(
        {
            "[Content_Types].xml": content_types("xl/workbook.xml", "spreadsheetml.sheet.main"),
            "_rels/.rels": relations("xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{XLSX}" xmlns:r="{R}"><sheets>'
            '<sheet name="Ark1" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations("worksheets/sheet1.xml", "worksheet"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{XLSX}"><sheetData>{rows}</sheetData>'
            "</worksheet>",
            **parts,
        }
    )


def sheet_row(*cells: str) -> str:
    inside = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f"<row>{inside}</row>"


def pdf(
    content: bytes | None = None, *, pages: int = 1, stream: bytes | None = None, extra: str = ""
) -> bytes:
    """A PDF whose pages all show the same words. stream : the whole content object, dictionary and all."""
    if content is None:
        lines = b" T* ".join(
            b"(" + f"{speaker}: {said}".encode("cp1252", "replace") + b") Tj" for speaker, said in TURNS
        )
        content = b"BT /F1 11 Tf 14 TL 60 780 Td " + lines + b" ET"
    if stream is None:
        stream = f"<</Length {len(content)}>>\nstream\n".encode() + content + b"\nendstream"
    kids = " ".join(f"{5 + page} 0 R" for page in range(pages))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{extra}>>".encode(),
        f"<</Type/Pages/Count {pages}/Kids[{kids}]/MediaBox[0 0 595 842]"
        "/Resources<</Font<</F1 4 0 R>>>>>>".encode(),
        stream,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *[b"<</Type/Page/Parent 2 0 R/Contents 3 0 R>>"] * pages,
    ]
    return pdf_of(objects)


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of these numbered objects; the first is the catalogue."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def txt() -> bytes:
    return "\n".join(f"{speaker}: {said}" for speaker, said in TURNS).encode()


def md() -> bytes:
    return "\n\n".join(f"**{speaker}:** {said}" for speaker, said in TURNS).encode()


def vtt() -> bytes:
    cues = [
        f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n<v {speaker}>{said}</v>\n"
        for n, (speaker, said) in enumerate(TURNS)
    ]
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def srt() -> bytes:
    cues = [
        f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{speaker}: {said}\n"
        for n, (speaker, said) in enumerate(TURNS, start=1)
    ]
    return "\n".join(cues).encode()


def rtf() -> bytes:
    said = "\\par\n".join(f"{speaker}: {words}" for speaker, words in TURNS)
    coded = "".join(
        sign if ord(sign) < 128 else "".join(f"\\u{_signed(unit)}?" for unit in _utf16(sign)) for sign in said
    )
    return (
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Calibri;}}\\f0\\fs22 " + coded + "\\par}"
    ).encode()


def _utf16(sign: str) -> list[int]:
    data = sign.encode("utf-16-le")
    return [int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2)]


def _signed(unit: int) -> int:
    return unit - 65536 if unit > 32767 else unit


def html() -> bytes:
    lines = "".join(f"<p><b>{speaker}:</b> {said}</p>" for speaker, said in TURNS)
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Interview</title></head>"
        f"<body><h1>Interview</h1>{lines}</body></html>"
    ).encode()


def json_segments() -> bytes:
    segments = [
        {"id": n, "start": float(n), "end": n + 1.0, "speaker": speaker, "text": said}
        for n, (speaker, said) in enumerate(TURNS)
    ]
    text = " ".join(said for _, said in TURNS)
    return json.dumps({"text": text, "language": "da", "segments": segments}, ensure_ascii=False).encode()


def csv() -> bytes:
    return "\n".join(["Speaker;Text", *(f'{speaker};"{said}"' for speaker, said in TURNS)]).encode()


def tsv() -> bytes:
    return "\n".join(["Speaker\tText", *(f"{speaker}\t{said}" for speaker, said in TURNS)]).encode()


def sound_files() -> dict[str, bytes]:
    """A sound file by extension."""
    return {
        "docx": docx(), "odt": odt(), "xlsx": xlsx(), "pdf": pdf(), "txt": txt(), "md": md(), "vtt": vtt(),
        "srt": srt(), "rtf": rtf(), "html": html(), "json": json_segments(), "csv": csv(), "tsv": tsv(),
    }  # fmt: skip
