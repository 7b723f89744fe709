"""Exported files on their way back: which of their comments are codings, and what became of them outside.

Nothing is stored here (see `coded_returns`). The rules stand in docs/methods/exchange_of_coded_files.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import interviews
from interviews import Annotation, Transcript, TranscriptError
from interviews.zip_guard import open_zip, parse_xml, read_part
from workbench.services.coded_comments import (
    CodedComment,
    below_title,
    fingerprint,
    named_code,
    read_comment,
)
from workbench.services.exporting_return import Return, read_return, return_of_properties
from workbench.services.files import GivenFile

_CUSTOM = "docProps/custom.xml"
_HTML_MARK = b'class="transcript-'
_HEAD_BYTES = 200_000
_DATA_RETURN = re.compile(rb'<main data-return="([\w=-]{1,20000000})"')


@dataclass(frozen=True)
class FileCoding:
    """A coding as a file has it; positions in the text of the file.

    path : of its code.     mark : the beginning of its id, "" for a comment that somebody wrote by hand.
    title : the code in words, as the comment's first line says it.
    """

    start: int
    end: int
    quote: str
    path: str
    title: str
    coder: str
    weight: int | None
    memo: str
    mark: str

    @property
    def says(self) -> str:
        """The fingerprint of code, weight and memo, as it is when nobody changed them."""
        return fingerprint(below_title(CodedComment(self.path, self.weight, self.memo, self.mark)))


@dataclass(frozen=True)
class CodedFile:
    """An exported file, read.

    transcript : its annotations are the comments that are no codings.
    sent : where it is from and what went out with it; None where an office program dropped that.
    """

    file: GivenFile
    transcript: Transcript
    codings: tuple[FileCoding, ...]
    sent: Return | None


def looks_exported(file: GivenFile | Path) -> bool:
    """Whether a file seems to be one that an export wrote; quick, and wrong only for damaged files."""
    name = file.name.lower()
    try:
        content = file.content if isinstance(file, GivenFile) else _beginning(file)
        if content.startswith(b"PK"):
            styles = read_part(open_zip(_content(file), file=file.name), "word/styles.xml", file=file.name)
            return styles is not None and b'w:val="Transcript ' in styles
    except (TranscriptError, OSError):
        return False
    return name.endswith((".html", ".htm")) and _HTML_MARK in content


def _beginning(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_HEAD_BYTES)


def _content(file: GivenFile | Path) -> bytes:
    return file.content if isinstance(file, GivenFile) else file.read_bytes()


def read_coded(file: GivenFile, codes: Mapping[str, str] | None = None) -> CodedFile | None:
    """Read a file that an export wrote; None for any other file.

    codes : paths by what may name them in a comment that somebody wrote outside: path, label, labels joined
        by ›, in small letters.
    Raises TranscriptError as `interviews.read`.
    """
    return coded_file_of(file, interviews.read_bytes(file.content, file.name), codes or {})


def coded_file_of(file: GivenFile, transcript: Transcript, codes: Mapping[str, str]) -> CodedFile | None:
    """`transcript`, read from `file`, with codings and comments apart; None if no export wrote it."""
    codings: list[FileCoding] = []
    annotations: list[Annotation] = []
    for annotation in transcript.annotations:
        said = read_comment(annotation.text)
        if annotation.kind != "comment":
            annotations.append(annotation)
        elif isinstance(said, CodedComment):
            codings.append(_coding(transcript, annotation, said))
        elif said.text != annotation.text:
            annotations.append(replace(annotation, text=said.text, kind=said.kind))
        elif annotation.start < annotation.end and (named := named_code(said.text, codes)):
            codings.append(_coding(transcript, annotation, CodedComment(named[0], None, named[1], "")))
        else:
            annotations.append(annotation)
    sent = _sent(file, transcript.source_format)
    if transcript.layout != "stated" and sent is None and not any(coding.mark for coding in codings):
        return None
    return CodedFile(file, replace(transcript, annotations=tuple(annotations)), tuple(codings), sent)


def _coding(transcript: Transcript, annotation: Annotation, said: CodedComment) -> FileCoding:
    return FileCoding(
        start=annotation.start,
        end=annotation.end,
        quote=transcript.text[annotation.start : annotation.end],
        path=said.path,
        title=re.split(r" · ", annotation.text.split("\n")[0])[0].strip(),
        coder=annotation.author.strip(),
        weight=said.weight,
        memo=said.memo,
        mark=said.mark,
    )


def _sent(file: GivenFile, source_format: str) -> Return | None:
    if source_format == "html":
        found = _DATA_RETURN.search(file.content)
        return read_return(found[1].decode("ascii")) if found else None
    if source_format != "docx":
        return None
    content = read_part(open_zip(file.content, file=file.name), _CUSTOM, file=file.name)
    if content is None:
        return None
    root = parse_xml(content, file=file.name, part=_CUSTOM)
    return return_of_properties({str(one.get("name")): "".join(map(str, one.itertext())) for one in root})
