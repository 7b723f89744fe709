"""OpenDocument text (.odt, .ott, .fodt): what the page shows with changes accepted, notes and comments."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from interviews.formats.flow import Flow
from interviews.formats.odt_styles import OFFICE, TEXT, read_styles
from interviews.formats.odt_walk import Walk
from interviews.source import HIDDEN_TEXT, ReadingWarning, Source, reading_warning, refusal
from interviews.zip_guard import open_zip, parse_xml, read_part

_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_ENCRYPTION = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}encryption-data"


def read_odt(data: bytes, *, file: str) -> Source:
    """Return the paragraphs and notes of an OpenDocument text, packed or as one flat XML file.

    Tracked insertions are accepted and deletions left out, as are headers, footers and hidden text. Comments
    become notes; the words of footnotes and endnotes follow the body as paragraphs of kind "note".

    Raises TranscriptError as `zip_guard.open_zip`, `encrypted` for a password, and `damaged` where the
    content is missing.
    """
    roots = list(_roots(data, file))
    body = next(
        (found for root in roots if (found := root.find(f"{OFFICE}body/{OFFICE}text")) is not None), None
    )
    if body is None:
        raise refusal(
            file,
            reason="damaged",
            detail="no_document",
            place="content.xml",
            found="the file has no document in it",
            remedy="open it in LibreOffice and save it as .docx",
        )
    walk = Walk(read_styles(roots), file, deletions=frozenset(_deletions(body)))
    flow: Flow = walk.story(body)
    notes = walk.finished(flow)
    return Source(tuple(flow.paragraphs), "odt", warnings=tuple(_warnings(walk)), notes=notes)


def _roots(data: bytes, file: str) -> Iterator[etree._Element]:
    """The styles of the document first, then its content."""
    if not data.startswith(b"PK"):
        yield parse_xml(data, file=file, part="document")
        return
    archive = open_zip(data, file=file)
    manifest = read_part(archive, "META-INF/manifest.xml", file=file)
    if manifest and b"encryption-data" in manifest:
        root = parse_xml(_without_doctype(manifest), file=file, part="META-INF/manifest.xml")
        if next(root.iter(_ENCRYPTION), None) is not None:
            raise refusal(
                file,
                reason="encrypted",
                detail="odt_password",
                found="the file is protected by a password",
                remedy="open it in LibreOffice, save it without a password and import it again",
            )
    for name in ("styles.xml", "content.xml"):
        content = read_part(archive, name, file=file)
        if content:
            yield parse_xml(content, file=file, part=name)


def _deletions(body: etree._Element) -> Iterator[str]:
    for region in body.iter(f"{TEXT}changed-region"):
        if region.find(f"{TEXT}deletion") is not None:
            yield from {str(region.get(name)) for name in (f"{TEXT}id", _XML_ID) if region.get(name)}


def _without_doctype(manifest: bytes) -> bytes:
    """Older programs write a document type into the manifest, and nowhere else."""
    start = manifest.find(b"<!DOCTYPE")
    return manifest[: max(start, 0)] + manifest[manifest.find(b">", start) + 1 :] if start >= 0 else manifest


def _warnings(walk: Walk) -> Iterator[ReadingWarning]:
    if walk.hidden:
        yield reading_warning("hidden_text", HIDDEN_TEXT, n=walk.hidden)
