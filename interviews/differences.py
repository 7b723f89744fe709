"""What differs between two texts, word by word, for a reader. Finding a passage again is `anchoring`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_TOKEN = re.compile(r"\n|[^\S\n]+|\S+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LARGEST_TABLE = 25_000_000  # tokens times tokens: some milliseconds


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of two texts: the same words in both, or the words of the one and of the other.

    old, new : as they stand, with their white space; either may be empty where `same` is False.
    """

    same: bool
    old: str
    new: str


def differences(old: str, new: str) -> tuple[Difference, ...]:
    """The two texts in stretches that are the same or differ, in order, by whole words.

    The `old` of all stretches joined is the old text, the `new` of all the new one. Capitals and signs count.
    Texts of many lines are compared by lines first, so that the time is bounded.
    """
    if old == new:
        return (Difference(True, old, new),) if old else ()
    return tuple(_joined(_by_lines(_LINE.findall(old), _LINE.findall(new))))


def _by_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    if len(old) * len(new) > _LARGEST_TABLE:
        yield Difference(False, "".join(old), "".join(new))
        return
    gone: list[str] = []
    come: list[str] = []
    for step in Levenshtein.opcodes(old, new):
        before, after = old[step.src_start : step.src_end], new[step.dest_start : step.dest_end]
        if step.tag != "equal":
            gone += before
            come += after
            continue
        yield from _by_words("".join(gone), "".join(come))
        gone, come = [], []
        yield Difference(True, "".join(before), "".join(after))
    yield from _by_words("".join(gone), "".join(come))


def _by_words(old_text: str, new_text: str) -> Iterator[Difference]:
    old, new = _TOKEN.findall(old_text), _TOKEN.findall(new_text)
    if len(old) * len(new) > _LARGEST_TABLE or not (old and new):
        if old or new:
            yield Difference(False, old_text, new_text)
        return
    for step in Levenshtein.opcodes(old, new):
        before = "".join(old[step.src_start : step.src_end])
        after = "".join(new[step.dest_start : step.dest_end])
        yield Difference(step.tag == "equal", before, after)


def _joined(pieces: Iterator[Difference]) -> Iterator[Difference]:
    """Neighbours of one kind as one; blanks alone between two differences belong to them."""
    waiting: list[Difference] = []
    for piece in pieces:
        if waiting and piece.same == waiting[-1].same:
            last = waiting[-1]
            waiting[-1] = Difference(last.same, last.old + piece.old, last.new + piece.new)
        elif len(waiting) == 2 and not piece.same and waiting[1].old.strip(" ") == "":
            first, blank = waiting
            waiting = [
                Difference(False, first.old + blank.old + piece.old, first.new + blank.new + piece.new)
            ]
        else:
            if len(waiting) == 2:
                yield waiting.pop(0)
            if waiting and waiting[0].same:
                yield waiting.pop(0)
            waiting.append(piece)
    yield from waiting
