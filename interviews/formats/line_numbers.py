"""Numbers printed beside lines, as court reporters and editors do: recognise them and take them away."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_NUMBERED = re.compile(r"^\s*(\d{1,4})(?:\s(.*)|)$")
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Numbering:
    """Lines without their numbers. kind : "pages" (numbers begin again), "file" (they go on), None (none)."""

    lines: tuple[str, ...]
    kind: Literal["pages", "file"] | None


def without_line_numbers(lines: Sequence[str]) -> Numbering:
    """Return the lines without their numbers.

    Lines are numbered when four in five begin with a number, numbers go up by one, and either start again
    from 1 (a page) at least once or stand also before lines that go on inside a sentence; or when every fifth
    or tenth line has its number. Paragraph numbers, before capitals only, are left for the layout.
    """
    filled = [line for line in lines if line.strip()]
    found = [_NUMBERED.match(line[:_LOOKED_AT]) for line in filled]
    at = [index for index, match in enumerate(found) if match]
    numbers = [int(match.group(1)) for match in found if match]
    if len(numbers) >= 3 and _every_fifth(at, numbers):
        kind: Literal["pages", "file"] = "pages" if _restarts(numbers) else "file"
        numbered = set(at)
        bare = [_bare(line) if index in numbered else line.lstrip() for index, line in enumerate(filled)]
        return Numbering(tuple(_in_place(lines, bare)), kind)
    if len(numbers) < 10 or len(numbers) < 0.8 * len(filled):
        return Numbering(tuple(lines), None)
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    restarts = _restarts(numbers)
    if steps.count(1) + restarts < 0.9 * len(steps):
        return Numbering(tuple(lines), None)
    if restarts:
        return Numbering(tuple(_bare(line) for line in filled), "pages")
    inside = sum(1 for match in found if match and (match.group(2) or "").lstrip()[:1].islower())
    if inside < 0.15 * len(numbers):
        return Numbering(tuple(lines), None)
    return Numbering(tuple(_in_place(lines, [_bare(line) for line in filled])), "file")


def _restarts(numbers: Sequence[int]) -> int:
    return sum(1 for before, after in itertools.pairwise(numbers) if after <= 10 and before > after)


def _every_fifth(at: Sequence[int], numbers: Sequence[int]) -> bool:
    """Numbers 5, 10, 15 ... or 10, 20 ... that stand so many lines apart."""
    pace = 10 if all(number % 10 == 0 for number in numbers) else 5
    if any(number % pace for number in numbers):
        return False
    regular = [
        after - before == pace and below - above == pace
        for (before, after), (above, below) in zip(
            itertools.pairwise(numbers), itertools.pairwise(at), strict=True
        )
    ]
    return sum(regular) + _restarts(numbers) >= 0.8 * len(regular)


def _in_place(lines: Sequence[str], filled: Sequence[str]) -> list[str]:
    """The filled lines again among the blank ones, which part paragraphs."""
    following = iter(filled)
    return [next(following) if line.strip() else "" for line in lines]


def _bare(line: str) -> str:
    found = _NUMBERED.match(line)
    return (found.group(2) or "").lstrip() if found else line
