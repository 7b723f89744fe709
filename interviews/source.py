"""What a format reader hands to the layout: paragraphs as they stand in the file, nothing yet decided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from interviews.errors import TranscriptError, shown_name

# said by several readers
HIDDEN_TEXT = "{n:passage of hidden text was|passages of hidden text were} left out"

_COUNTED = re.compile(r"\{(?P<name>\w+):(?P<one>[^|{}]*)\|(?P<several>[^|{}]*)\}")

ParagraphKind = Literal["body", "heading", "row", "note"]
NoteKind = Literal["comment", "footnote", "endnote"]
Emphasis = Literal["bold", "italic", "underline", "colour"]


class ReadingWarning(str):
    """What a reader of the transcript should check: an English sentence with a stable name.

    Attributes: `reason` (one stable word for this sentence) and `values` (the numbers and names in it), with
    which a caller can say it in another language.
    """

    reason: str
    values: Mapping[str, object]

    def __new__(
        cls, text: str, reason: str = "", values: Mapping[str, object] | None = None
    ) -> ReadingWarning:
        warning = super().__new__(cls, text)
        warning.reason = reason
        warning.values = dict(values or {})
        return warning


def reading_warning(reason: str, said: str, **values: object) -> ReadingWarning:
    """Return a warning. said : the sentence, with `{name}` where a value stands.

    `{name:turn is|turns are}` stands for a number with the words that go with one and with several.
    """

    def counted(found: re.Match[str]) -> str:
        count = values[found["name"]]
        return f"{count} {found['one'] if count == 1 else found['several']}"

    return ReadingWarning(_COUNTED.sub(counted, said).format(**values), reason, values)


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A comment, footnote or endnote on a stretch of the file.

    first, start : where the stretch begins: index in `Source.paragraphs` and offset in that paragraph's text.
    last, end : where it ends (half-open).     author, written_at : as the file states them, ISO 8601.
    In a table row, offsets count in its cells joined by tabs (`"\\t".join(paragraph.cells)`).
    """

    text: str
    kind: NoteKind
    first: int
    start: int
    last: int
    end: int
    author: str = ""
    written_at: str = ""


@dataclass(frozen=True, slots=True)
class StyledRun:
    """A stretch of a paragraph with a style that says what it is (`interviews.stated`). style : its name."""

    style: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, line, table row or cue.

    bold : how many characters at its start are bold (or italic, underlined, coloured where what follows is
        not).     cells : of a table row, in order.
    emphasis : what sets the whole paragraph apart, None where its parts differ or nothing does.
    table : which table a row belongs to (-1: none).
    speaker, time_seconds : where the format itself states them (cues).
    number : a paragraph number that stood apart from the text.
    continues : the line above may run on into this one (a wrapped line or the next cue), so that a space
        and not a line break joins them.
    style, runs : in a file that states what its parts are (`interviews.stated`), the name of the paragraph's
        style and its stretches with one; else empty.
    bullet : a list mark without a number stood before it, as before the lines of a dialogue.
    style_name : what its maker called the style of the paragraph (`Interviewer`); empty for styles that the
        program came with.
    """

    text: str
    kind: ParagraphKind = "body"
    bold: int = 0
    cells: tuple[str, ...] = ()
    table: int = -1
    speaker: str | None = None
    time_seconds: float | None = None
    number: int | None = None
    continues: bool = False
    style: str = ""
    runs: tuple[StyledRun, ...] = ()
    emphasis: Emphasis | None = None
    bullet: bool = False
    style_name: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: its paragraphs and what its format said about itself."""

    paragraphs: tuple[Paragraph, ...]
    source_format: str
    encoding: str | None = None
    warnings: tuple[ReadingWarning | str, ...] = field(default=())
    notes: tuple[SourceNote, ...] = ()


def refusal(
    file: str,
    *,
    reason: str,
    detail: str,
    found: str,
    remedy: str,
    place: str | None = None,
    **values: object,
) -> TranscriptError:
    """Return the error for a file that cannot be read: file, place, what is wrong, what to do.

    detail : one stable word for this sentence.     values : fill the `{name}` places of `found`.
    """
    where = f"{shown_name(file)}, {place}" if place else shown_name(file)
    values = {name: shown_name(value) if isinstance(value, str) else value for name, value in values.items()}
    said = found.format(**values) if values else found
    return TranscriptError(
        f"{where}: {said} ({remedy})",
        file=file,
        reason=reason,
        place=place,
        remedy=remedy,
        detail=detail,
        values=values,
    )
