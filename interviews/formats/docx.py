"""Word files (.docx): what the page shows with all changes accepted, its notes, its comments beside it."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from interviews.formats.docx_chunks import read_chunk
from interviews.formats.docx_fields import Fields, are_balanced
from interviews.formats.docx_numbering import read_numbering
from interviews.formats.docx_styles import W, read_styles
from interviews.formats.docx_walk import Walk
from interviews.formats.flow import Flow, in_order, story_text
from interviews.source import (
    HIDDEN_TEXT,
    NoteKind,
    Paragraph,
    ReadingWarning,
    Source,
    SourceNote,
    reading_warning,
    refusal,
)
from interviews.zip_guard import open_zip, parse_xml, read_part

_STRICT = b"http://purl.oclc.org/ooxml/"
_USUAL = b"http://schemas.openxmlformats.org/"
_NAMESPACES = (
    (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
    (b"officeDocument/math", b"officeDocument/2006/math"),
    (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
)
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_NOT_NOTES = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def read_docx(data: bytes, *, file: str) -> Source:
    """Return the paragraphs and notes of a Word file (.docx, .docm, .dotx; also in the strict form).

    Tracked insertions are accepted and deletions left out, as are headers, footers and hidden text. Comments
    become notes; the words of footnotes and endnotes follow the body as paragraphs of kind "note".

    Raises TranscriptError as `zip_guard.open_zip`, and `damaged` where the document part is missing.
    """
    return _read(_Parts(open_zip(data, file=file), file), chunks=True)


def _read(parts: _Parts, *, chunks: bool) -> Source:
    root = parts.xml(parts.document)
    if root is None:
        raise refusal(
            parts.file,
            reason="damaged",
            detail="no_document",
            place=parts.document,
            found="the file has no document in it",
            remedy="open it in Word and save it as .docx",
        )
    walk = Walk(
        read_styles(parts.content("styles"), file=parts.file),
        read_numbering(parts.content("numbering"), file=parts.file),
        parts.file,
        fields=Fields(balanced=are_balanced(root)),
    )
    if chunks:
        walk.chunk = _chunk_reader(parts)
    body = root.find(f"{W}body")
    flow = walk.story(body) if body is not None else Flow(parts.file)
    notes = list(_footnotes(parts, walk, flow))  # first: a comment may stand in a footnote
    notes.extend(_comments(parts, walk, flow))
    return Source(tuple(flow.paragraphs), "docx", warnings=tuple(_warnings(walk)), notes=in_order(notes))


@dataclass(slots=True)
class _Parts:
    """The parts of a Word file, found by how the document refers to them."""

    archive: zipfile.ZipFile
    file: str
    document: str = "word/document.xml"
    relations: dict[str, tuple[str, str]] | None = None

    def __post_init__(self) -> None:
        for kind, target in self._relations("").values():
            if kind == "officeDocument":
                self.document = target
        self.relations = self._relations(self.document)

    def xml(self, name: str) -> etree._Element | None:
        content = self._bytes(name)
        return parse_xml(content, file=self.file, part=name) if content is not None else None

    def content(self, kind: str) -> bytes | None:
        """The part that the document relates to as `kind`, as bytes."""
        return self._bytes(self.name(kind))

    def name(self, kind: str) -> str:
        for own, target in (self.relations or {}).values():
            if own == kind:
                return target
        return posixpath.join(posixpath.dirname(self.document), f"{kind}.xml")

    def raw(self, relation: str) -> bytes | None:
        target = (self.relations or {}).get(relation)
        return read_part(self.archive, target[1], file=self.file) if target else None

    def _bytes(self, name: str) -> bytes | None:
        content = read_part(self.archive, name, file=self.file)
        if content is not None and _STRICT in content:
            for strict, usual in _NAMESPACES:
                content = content.replace(_STRICT + strict, _USUAL + usual)
        return content

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id -> (last word of its type, name of the part)."""
        folder, name = posixpath.split(part)
        own = posixpath.join(folder, "_rels", f"{name}.rels")
        content = read_part(self.archive, own, file=self.file)
        found: dict[str, tuple[str, str]] = {}
        for one in parse_xml(content, file=self.file, part=own) if content else ():
            if one.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/" + folder, str(one.get("Target", "")))).lstrip("/")
            kind = str(one.get("Type", "")).rsplit("/", 1)[-1]
            found[str(one.get("Id", len(found)))] = (kind, target)
        return found


def _chunk_reader(parts: _Parts) -> Callable[[str], Sequence[Paragraph] | None]:
    def read_one(relation: str) -> Sequence[Paragraph] | None:
        content = parts.raw(relation)
        return read_chunk(content, file=parts.file, read_word=_read_word_chunk) if content else None

    return read_one


def _read_word_chunk(data: bytes, file: str) -> Source:
    """A Word file inside a Word file; what is inside that one is left out."""
    return _read(_Parts(open_zip(data, file=file), file), chunks=False)


def _warnings(walk: Walk) -> Iterator[ReadingWarning]:
    if walk.hidden:
        yield reading_warning("hidden_text", HIDDEN_TEXT, n=walk.hidden)
    if walk.unread:
        yield reading_warning(
            "embedded_parts", "{n:part|parts} of the file in another format could not be read", n=walk.unread
        )


def _comments(parts: _Parts, walk: Walk, flow: Flow) -> Iterator[SourceNote]:
    """Comments with the stretch they stand on; a reply stands where the comment does that it answers."""
    root = parts.xml(parts.name("comments"))
    if root is None:
        return
    elements = {str(one.get(f"{W}id", "")): one for one in root.iter(f"{W}comment")}
    answered = _threads(parts, elements)
    for identity, element in elements.items():
        text = story_text(_story_of(walk, element), indented=True)
        above = identity
        if ("note", f"comment:{above}") not in flow.places and (
            "start",
            f"comment:{above}",
        ) not in flow.places:
            above = answered.get(above, above)  # answers all name the comment that opens the thread
        note = flow.note(
            f"comment:{above}",
            text,
            "comment",
            author=str(element.get(f"{W}author", "")).strip(),
            written_at=str(element.get(f"{W}date", "")).strip(),
        )
        if note and text:
            yield note


def _threads(parts: _Parts, elements: dict[str, etree._Element]) -> dict[str, str]:
    """Comment id -> id of the comment that it answers."""
    root = parts.xml(parts.name("commentsExtended"))
    if root is None:
        return {}
    last_paragraph = {
        str(paragraph.get(f"{W14}paraId")): identity
        for identity, element in elements.items()
        for paragraph in element.iter(f"{W}p")
    }
    found: dict[str, str] = {}
    for one in root:
        own = last_paragraph.get(str(one.get(f"{W15}paraId")))
        parent = last_paragraph.get(str(one.get(f"{W15}paraIdParent")))
        if own and parent and own != parent:
            found[own] = parent
    return found


def _footnotes(parts: _Parts, walk: Walk, flow: Flow) -> Iterator[SourceNote]:
    """Append the words of the notes that the text refers to, and yield them at their places."""
    stories: dict[tuple[NoteKind, str], etree._Element] = {}
    kinds: tuple[NoteKind, ...] = ("footnote", "endnote")
    for kind in kinds:
        root = parts.xml(parts.name(f"{kind}s"))
        if root is not None:
            for one in root.iter(f"{W}{kind}"):
                if one.get(f"{W}type") not in _NOT_NOTES:
                    stories[kind, str(one.get(f"{W}id", ""))] = one
    for kind in kinds:
        for reference in [one for one in walk.references if one[0] == kind]:
            element = stories.pop(reference, None)
            if element is None:
                continue
            story = _story_of(walk, element)
            note = flow.note(f"{kind}:{reference[1]}", story_text(story), kind)
            if note and note.text:
                flow.splice(story.as_note())
                yield note


def _story_of(walk: Walk, element: etree._Element) -> Flow:
    walk.fields = Fields(balanced=are_balanced(element))
    return walk.story(element)
