"""What a format reader hands to the layout: paragraphs as they stand in the file, nothing yet decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interviews.errors import TranscriptError

ParagraphKind = Literal["body", "heading", "row"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, line, table row or cue.

    bold : how many characters at its start are bold.      cells : of a table row, in order.
    table : which table a row belongs to (-1: none).
    speaker, time_seconds : where the format itself states them (cues).
    number : a paragraph number that stood apart from the text.
    continues : the line above may run on into this one (a wrapped line or the next cue), so that a space
        and not a line break joins them.
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


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: its paragraphs and what its format said about itself."""

    paragraphs: tuple[Paragraph, ...]
    source_format: str
    encoding: str | None = None
    warnings: tuple[str, ...] = field(default=())


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
    where = f"{file}, {place}" if place else file
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
