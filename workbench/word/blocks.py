"""What a report is made of: frozen blocks, composed elsewhere and written by `workbench.word.render`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from workbench.display import TableSpec

if TYPE_CHECKING:
    from workbench.figures.figure import Figure  # altair is slow to import


@dataclass(frozen=True)
class Reference:
    """A cross-reference inside a text to a table, figure or heading with that bookmark: `tabel 4.1`.

    At the beginning of a sentence set `capital`.
    """

    bookmark: str
    capital: bool = False


@dataclass(frozen=True)
class Strong:
    """Bold words."""

    text: str


@dataclass(frozen=True)
class Emphasis:
    """Words in italics."""

    text: str


Inline: TypeAlias = str | Strong | Emphasis | Reference
Text: TypeAlias = str | tuple[Inline, ...]
ParagraphStyle = Literal["body", "lead", "note", "caveat"]


@dataclass(frozen=True)
class Title:
    """The title block: title, subtitle and lines such as place and date of the material."""

    text: str
    subtitle: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contents:
    """The table of contents, down to heading level `levels`."""

    levels: int = 2


@dataclass(frozen=True)
class Heading:
    """A heading of level 1-3; unnumbered ones (summary, appendix) stay outside the chapter count."""

    level: int
    text: str
    bookmark: str | None = None
    numbered: bool = True

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"heading {self.text!r} has level {self.level}; expected 1, 2 or 3")


@dataclass(frozen=True)
class Paragraph:
    """Running text; `caveat` is a marked box with what the reader must not conclude."""

    text: Text
    style: ParagraphStyle = "body"


@dataclass(frozen=True)
class Quotation:
    """Words from an interview: an indented block, the attribution in parentheses after the full stop."""

    text: str
    attribution: str
    bookmark: str | None = None


@dataclass(frozen=True)
class BulletList:
    """Points without an order."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Table:
    """A captioned table."""

    spec: TableSpec
    bookmark: str | None = None


@dataclass(frozen=True)
class FigureBlock:
    """A captioned figure."""

    figure: Figure
    bookmark: str | None = None


@dataclass(frozen=True)
class TraceEntry:
    """Where one number or quotation of the report comes from."""

    what: str
    value: str
    source: str


@dataclass(frozen=True)
class TraceTable:
    """The list of sources of the report's numbers and quotations."""

    entries: tuple[TraceEntry, ...]
    title: str = ""
    bookmark: str | None = None


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class LandscapeSection:
    """Blocks on landscape pages, for wide tables only."""

    blocks: tuple[Block, ...]


Block: TypeAlias = (
    "Title | Contents | Heading | Paragraph | Quotation | BulletList | Table | FigureBlock | TraceTable"
    " | PageBreak | LandscapeSection"
)
