"""Numbers printed beside every line, as court reporters do: recognise them and take them away."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

_NUMBERED = re.compile(r"^\s*(\d{1,3})(?:\s(.*)|)$")


def without_line_numbers(lines: Sequence[str]) -> tuple[list[str], bool]:
    """Return the lines without their numbers, and whether they had any.

    Lines are numbered when four in five begin with a number, numbers go up by one, and start again from 1
    (a page) at least once. Paragraph numbers never start again, and are left for the layout.
    """
    filled = [line for line in lines if line.strip()]
    numbers = [int(found.group(1)) for line in filled if (found := _NUMBERED.match(line[:200]))]
    if len(numbers) < 10 or len(numbers) < 0.8 * len(filled):
        return list(lines), False
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    restarts = sum(1 for before, after in itertools.pairwise(numbers) if after == 1 and before > 5)
    if not restarts or steps.count(1) + restarts < 0.9 * len(steps):
        return list(lines), False
    return [_bare(line) for line in filled], True


def _bare(line: str) -> str:
    found = _NUMBERED.match(line)
    return (found.group(2) or "") if found else line
