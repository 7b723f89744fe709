"""Numbers of headings, tables and figures, worked out before anything is written.

What Word shows after updating its fields (STYLEREF, SEQ, REF) is known here: cached results are right.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workbench.errors import ReportError
from workbench.i18n import Language, t
from workbench.word.blocks import (
    Block,
    FigureBlock,
    Heading,
    LandscapeSection,
    Quotation,
    Table,
    TraceTable,
)

MAX_BOOKMARK = 40


@dataclass(frozen=True)
class HeadingEntry:
    """A heading: its number (`2.1`, empty if unnumbered) and the bookmark the contents point to."""

    block: Heading
    number: str
    anchor: str


@dataclass(frozen=True)
class CaptionEntry:
    """A caption: `label` is the sequence (Tabel, Figur); `chapter` is empty before the first chapter."""

    label: str
    chapter: str
    number: int
    anchor: str

    @property
    def text(self) -> str:
        """`Tabel 4.1`."""
        return f"{self.label} {self.chapter}{'.' if self.chapter else ''}{self.number}"


Target = HeadingEntry | CaptionEntry


@dataclass
class Outline:
    """All numbers of a report, in the order of its blocks."""

    headings: list[HeadingEntry] = field(default_factory=list)
    captions: list[CaptionEntry] = field(default_factory=list)
    targets: dict[str, Target] = field(default_factory=dict)

    def target(self, name: str) -> Target:
        """What a reference points to; raises ReportError if no table, figure or heading has that bookmark."""
        if name not in self.targets:
            known = ", ".join(sorted(self.targets)) or "none"
            raise ReportError(t("errors.report_no_bookmark", bookmark=name, known=known))
        return self.targets[name]


def outline(blocks: Sequence[Block], language: Language) -> Outline:
    """Number the blocks as Word will: headings by level, captions by chapter and sequence.

    Raises ReportError if two blocks share a bookmark.
    """
    result = Outline()
    counters, chapter, sequences = [0, 0, 0], "", {"table": 0, "figure": 0}
    for block in flatten(blocks):
        if isinstance(block, Heading):
            number = _next_number(counters, block)
            if block.level == 1 and block.numbered:
                chapter, sequences = number, {"table": 0, "figure": 0}
            entry = HeadingEntry(block, number, f"_Toc{len(result.headings) + 1:08d}")
            result.headings.append(entry)
            _add_target(result, block.bookmark, entry)
        elif isinstance(block, Table | TraceTable | FigureBlock):
            kind = "figure" if isinstance(block, FigureBlock) else "table"
            sequences[kind] += 1
            label = t(f"word.{kind}", language=language)
            anchor = f"_Ref{len(result.captions) + 1:08d}"
            caption = CaptionEntry(label, chapter, sequences[kind], anchor)
            result.captions.append(caption)
            _add_target(result, block.bookmark, caption)
    return result


def flatten(blocks: Sequence[Block]) -> Iterator[Block]:
    """All blocks in reading order, those of landscape sections among them."""
    for block in blocks:
        if isinstance(block, LandscapeSection):
            yield from flatten(block.blocks)
        else:
            yield block


def anchor_name(name: str) -> str:
    """A bookmark name that Word accepts: letters, digits and underscores, at most 40 characters."""
    plain = re.sub(r"\W", "_", name, flags=re.ASCII)
    if plain == name and len(name) <= MAX_BOOKMARK and name[:1].isalpha():
        return name
    return f"b_{plain[:24]}_{hashlib.sha256(name.encode()).hexdigest()[:10]}"


def quotation_anchors(blocks: Sequence[Block]) -> list[str]:
    """Bookmarks of quotations, which mark a place but are not numbered."""
    return [block.bookmark for block in flatten(blocks) if isinstance(block, Quotation) and block.bookmark]


def _next_number(counters: list[int], heading: Heading) -> str:
    if not heading.numbered:
        return ""
    counters[heading.level - 1] += 1
    counters[heading.level :] = [0] * (3 - heading.level)
    return ".".join(str(count) for count in counters[: heading.level])


def _add_target(result: Outline, name: str | None, target: Target) -> None:
    if name is None:
        return
    if name in result.targets:
        raise ReportError(t("errors.report_two_bookmarks", bookmark=name))
    result.targets[name] = target
