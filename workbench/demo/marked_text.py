"""The demonstration's interviews: text with header lines and codings marked in it.

`{{code+code|words}}` marks a passage of the first coder, `{{B:code|words}}` one of the second,
`{{AB:code|words}}` one of both; `||memo` before the end adds a memo; marks may stand inside marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from workbench.errors import InvalidRequestError
from workbench.i18n import t

FIRST, SECOND = "A", "B"


@dataclass(frozen=True)
class MarkedPassage:
    """A coded passage: its paragraph (0 is the first), and where in that paragraph, label included."""

    paragraph: int
    start: int
    end: int
    code: str
    coder: str
    memo: str


@dataclass
class _OpenMark:
    start: int
    codes: list[str]
    coders: str


@dataclass(frozen=True)
class MarkedInterview:
    """One interview: header values, paragraphs without marks, and the passages that were marked."""

    header: Mapping[str, str]
    paragraphs: tuple[str, ...]
    passages: tuple[MarkedPassage, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """The transcript as a plain text file would hold it."""
        return "\n\n".join(self.paragraphs) + "\n"

    @property
    def roles(self) -> dict[str, str]:
        """Role by speaker label, as the header says."""
        parts = (part.partition("=") for part in self.header["persons"].split(";"))
        return {label.strip(): role.strip() for label, _, role in parts}

    @property
    def held_on(self) -> date:
        """The (invented) day of the interview."""
        return date.fromisoformat(self.header["date"])


def parse_marked(source: str, *, name: str) -> MarkedInterview:
    """Take header and marks out of an interview. Raises InvalidRequestError naming file and paragraph."""
    head, _, body = source.replace("\r\n", "\n").partition("\n\n")
    pairs = (line.removeprefix("#").partition(":") for line in head.splitlines())
    header = {key.strip(): value.strip() for key, _, value in pairs}
    paragraphs: list[str] = []
    passages: list[MarkedPassage] = []
    for line in (line.strip() for line in body.splitlines()):
        if line:
            plain, found = _parse_paragraph(line, len(paragraphs), name)
            paragraphs.append(plain)
            passages.extend(found)
    return MarkedInterview(header, tuple(paragraphs), tuple(passages))


def _parse_paragraph(line: str, paragraph: int, name: str) -> tuple[str, list[MarkedPassage]]:
    plain: list[str] = []
    length = 0
    open_marks: list[_OpenMark] = []
    found: list[MarkedPassage] = []
    position = 0
    while position < len(line):
        if line.startswith("{{", position):
            bar = line.find("|", position)
            if bar < 0:
                raise InvalidRequestError(t("errors.mark_without_bar", file=name, paragraph=paragraph + 1))
            coders, _, codes = line[position + 2 : bar].rpartition(":")
            open_marks.append(_OpenMark(length, codes.split("+"), coders or FIRST))
            position = bar + 1
        elif open_marks and (line.startswith("}}", position) or line.startswith("||", position)):
            memo, position = _memo(line, position)
            mark = open_marks.pop()
            # A memo belongs to the first of the coders who marked the passage.
            found.extend(
                MarkedPassage(
                    paragraph, mark.start, length, code, coder, memo if coder == mark.coders[0] else ""
                )
                for coder in mark.coders
                for code in mark.codes
            )
        else:
            plain.append(line[position])
            length += 1
            position += 1
    if open_marks:
        raise InvalidRequestError(t("errors.mark_without_end", file=name, paragraph=paragraph + 1))
    return "".join(plain), found


def _memo(line: str, position: int) -> tuple[str, int]:
    """The memo at `position` (empty at a plain end) and where the text goes on."""
    end = line.index("}}", position)
    return line[position:end].removeprefix("||").strip(), end + 2
