"""Paragraph numbers written in the text, as coding programs print them: tell them from words and set them
apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from interviews.places import Placed, cut

_NUMBER_FIRST = re.compile(r"^\s*[\[(¶]?\s?(\d{1,5})[\])]?[.:]?(?:\s+|$)")


def without_paragraph_numbers(paragraphs: Sequence[Placed]) -> list[Placed]:
    """Return the paragraphs with the number at their start in `number` instead of in the text.

    They are numbered when most paragraphs begin with a number and each number is the one before plus one.
    """
    found = [
        None if paragraph.continues else _NUMBER_FIRST.match(paragraph.text[:20]) for paragraph in paragraphs
    ]
    numbers = [int(match.group(1)) for match in found if match]
    starts = sum(1 for paragraph in paragraphs if paragraph.kind == "body" and not paragraph.continues)
    rising = sum(1 for before, after in itertools.pairwise(numbers) if after - before == 1)
    if len(numbers) < 3 or len(numbers) < 0.3 * starts or rising < 0.9 * (len(numbers) - 1):
        return list(paragraphs)
    numbered: list[Placed] = []
    waiting: int | None = None
    for paragraph, match in zip(paragraphs, found, strict=True):
        number = int(match.group(1)) if match else waiting
        rest = cut(paragraph, match.end()) if match else paragraph
        if match and not rest.text.strip():
            waiting = number
            continue
        numbered.append(replace(rest, number=paragraph.number or number))
        waiting = None
    return numbered
