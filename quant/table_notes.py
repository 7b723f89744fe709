"""What the notes of a regression table say: levels of the stars, contents of parentheses and brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from quant.printed import STARS, plain_stars, read_number
from quant.table_words import table_words

_LEVEL = re.compile(
    rf"(?P<signs>{STARS})\s*:?\s*p\s*(?:-?(?:value|værdi)\s*)?[<≤]\s*(?P<level>\d*[.,]?\d+)\s*(?P<percent>%|pct)?"
)


@dataclass(frozen=True)
class TableNotes:
    """Levels of the stars, and what parentheses and brackets hold.

    parentheses, brackets : std_error, statistic, p_value, interval, treated_mean, other (not kept), or ""
        where no note says.
    """

    levels: dict[str, float]
    parentheses: str
    brackets: str


def read_notes(texts: Iterable[str]) -> TableNotes:
    """Read titles and notes of a table, Danish or English."""
    texts = list(texts)
    levels: dict[str, float] = {}
    meaning = {"parentheses": "", "brackets": ""}
    for text in texts:
        for found in _LEVEL.finditer(text.lower()):
            number = read_number(found["level"])
            if number is not None and number.value > 0:
                share = number.value / 100 if found["percent"] or number.value >= 1 else number.value
                levels[plain_stars(found["signs"])] = share
        for clause in re.split(r"[;\n]|\.\s|,\s", text.lower()):
            kind = _enclosure(clause)
            if kind and not meaning[kind]:
                meaning[kind] = _measure(clause)
    return TableNotes(levels, meaning["parentheses"], meaning["brackets"])


def _enclosure(clause: str) -> str:
    words = table_words().parentheses
    if any(word in clause for word in words["brackets"]):
        return "brackets"
    return "parentheses" if any(word in clause for word in words["parentheses"]) else ""


def _measure(clause: str) -> str:
    words = table_words().parentheses
    kinds = ("other", "std_error", "statistic", "p_value", "interval", "treated_mean")
    return next((kind for kind in kinds if any(word in clause for word in words[kind])), "")
