"""Small Word and OpenDocument files made from their XML, for tests of the readers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W_URI = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W_URI}" xmlns:r="{RELATIONS}" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
)
_ROOTS = {
    "styles": "styles", "numbering": "numbering", "comments": "comments", "footnotes": "footnotes",
    "endnotes": "endnotes",
}  # fmt: skip


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def run(text: str, properties: str = "") -> str:
    """A run of Word text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    """A Word paragraph of runs; a piece that is no XML is a plain run."""
    inner = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def word_file(body: str, **parts: str) -> bytes:
    """A Word file with a body and, by name, the inside of other parts (`comments=...`, `footnotes=...`)."""
    files = {
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    for name, inner in parts.items():
        if name == "commentsExtended":
            files[f"word/{name}.xml"] = f"<w15:commentsEx {NAMESPACES}>{inner}</w15:commentsEx>"
        else:
            files[f"word/{name}.xml"] = f"<w:{_ROOTS[name]} {NAMESPACES}>{inner}</w:{_ROOTS[name]}>"
    return packed(files)


def openable_word_file(body: str, **parts: str) -> bytes:
    """A Word file that office programs open too: with content types and relations."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{main}{name}+xml"/>' for name in parts
    )
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{RELATIONS}/{name}" Target="{name}.xml"/>' for name in parts
    )
    with zipfile.ZipFile(io.BytesIO(word_file(body, **parts))) as archive:
        files: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    files["[Content_Types].xml"] = (
        f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}document.main+xml"/>{types}</Types>'
    )
    files["_rels/.rels"] = (
        f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    files["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>'
    )
    return packed(files)


def comment(identity: int, text: str, author: str = "Mette", extra: str = "") -> str:
    """One entry of the comments part."""
    return (
        f'<w:comment w:id="{identity}" w:author="{author}" w:date="2024-05-03T10:00:00Z">'
        f"<w:p {extra}><w:r><w:t>{text}</w:t></w:r></w:p></w:comment>"
    )


def comment_start(identity: int) -> str:
    """Where a comment begins."""
    return f'<w:commentRangeStart w:id="{identity}"/>'


def comment_end(identity: int) -> str:
    """Where a comment ends, with its mark."""
    return f'<w:commentRangeEnd w:id="{identity}"/><w:r><w:commentReference w:id="{identity}"/></w:r>'


def note_story(kind: str, identity: int, *texts: str, type_name: str = "") -> str:
    """One entry of the footnotes or endnotes part."""
    own = f' w:type="{type_name}"' if type_name else ""
    inner = "".join(paragraph(f"<w:r><w:{kind}Ref/></w:r>", f" {text}") for text in texts)
    return f'<w:{kind} w:id="{identity}"{own}>{inner}</w:{kind}>'


def numbering_part(*levels: tuple[str, str], restart: str = "") -> str:
    """List 1 with these levels, each a format and a text."""
    inner = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (style, text) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="0">{inner}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{restart}</w:num>'
    )


def in_list(number_id: int = 1, level: int = 0) -> str:
    """Properties of a list paragraph."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>'
