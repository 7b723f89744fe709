"""What a clause claims of an estimate: a level of significance, a direction, a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from quant.printed import Printed, read_number
from quant.prose_words import ProseWords

ClaimKind = Literal["significance", "direction", "number"]
Measure = Literal["points", "percent_of_mean", "decimal"]
USUAL_LEVEL, LENIENT_LEVEL = 0.05, 0.10
WORDS_BETWEEN = 4  # a negation reaches so many words ahead
_P_VALUE = re.compile(r"(?<!\w)p\s*(?P<sign>[<≤>≥=])\s*(?P<number>0?[.,]\d+)", re.IGNORECASE)
_DECIMAL = re.compile(
    r"(?<![<>=≤≥]\s)(?<![\w.,<>=−–-])(?P<number>[+\-−–]?\d?[.,]\d{2,})(?![\w%]|[.,]\d|\s*(?:%|p(?:ct|roc|er)))"
)


_INTERVAL = re.compile(r"[\s.-]*(?:konfidens|confidence|interval|CI\b|KI\b)")


@dataclass(frozen=True)
class Claim:
    """One claim, in the words of the text.

    level : p-value below which (or, `negated`, not below which) the estimate is said to lie.
    sign : +1 or -1.   number, measure : what is said of the size; `about` if only roughly.
    """

    kind: ClaimKind
    words: str
    level: float = USUAL_LEVEL
    negated: bool = False
    sign: int = 0
    number: Printed | None = None
    measure: Measure = "decimal"
    about: bool = False


def claims(clause: str, words: ProseWords) -> list[Claim]:
    """All claims of a clause."""
    return [*_significance(clause, words), *_direction(clause, words), *_numbers(clause, words)]


def _significance(clause: str, words: ProseWords) -> Iterator[Claim]:
    level = _level(clause, words)
    insignificant = words.insignificant.search(clause)
    tendency = words.tendency.search(clause)
    significant = words.significant.search(clause)
    if insignificant is not None:
        yield Claim("significance", insignificant.group(), level or USUAL_LEVEL, negated=True)
    elif tendency is not None and (significant is not None or words.effect.search(clause)):
        if not _negated(clause, tendency.start(), words):
            yield Claim("significance", tendency.group(), level or LENIENT_LEVEL)
    elif significant is not None:
        negated = _negated(clause, significant.start(), words)
        usual = USUAL_LEVEL if negated else LENIENT_LEVEL
        yield Claim("significance", _around(clause, significant), level or usual, negated)
    elif level is not None:
        yield Claim("significance", clause, level)


def _level(clause: str, words: ProseWords) -> float | None:
    """The level named: `5 procent-niveau`, `the 5 percent level`, `p < 0.05`; the strictest of several."""
    found = []
    for match in words.level.finditer(clause):
        word = match["number"].lower()
        number = read_number(word)
        percent = words.levels.get(word, number.value if number else 0.0)
        found.append(percent / 100)
    for match in _P_VALUE.finditer(clause):
        number = read_number(match["number"])
        if number is not None and match["sign"] in "<≤":
            found.append(number.value)
    return min((level for level in found if level > 0), default=None)


def _negated(clause: str, start: int, words: ProseWords) -> bool:
    """Whether a denial stands shortly before, or `none of` anywhere before."""
    near = " ".join(re.split(r"\s+", clause[:start].strip())[-WORDS_BETWEEN:])
    return bool(words.negations.search(near) or words.none_of.search(clause[:start]))


def _around(clause: str, found: re.Match[str]) -> str:
    """The words from just before the claim to the end of the level, for showing."""
    start = clause.rfind(" ", 0, max(0, found.start() - 12)) + 1
    return clause[start : found.end() + 45].strip(" ,.;")


def _direction(clause: str, words: ProseWords) -> Iterator[Claim]:
    """A direction, where the clause names one only and denies nothing."""
    up, down = words.up.search(clause), words.down.search(clause)
    if words.negations.search(clause) or (up is None) == (down is None):
        return
    found = up or down
    assert found is not None
    yield Claim("direction", found.group(), sign=1 if up else -1)


def _numbers(clause: str, words: ProseWords) -> Iterator[Claim]:
    of_mean = words.of_mean.search(clause) is not None
    for match in words.points.finditer(clause):
        yield from _number(clause, match, "points", words)
    if of_mean:
        shares = (m for m in words.percent.finditer(clause) if not _is_level(clause, m, words))
        for match in islice(shares, 1):
            yield from _number(clause, match, "percent_of_mean", words)
    if words.effect.search(clause):
        for match in islice(
            _DECIMAL.finditer(clause), 1
        ):  # what follows is an error, an interval, a threshold
            yield from _number(clause, match, "decimal", words)


def _is_level(clause: str, match: re.Match[str], words: ProseWords) -> bool:
    """Whether a percentage is that of a level of significance or of an interval."""
    if _INTERVAL.match(clause, match.end()):
        return True
    return any(found.start() <= match.start() < found.end() for found in words.level.finditer(clause))


def _number(clause: str, match: re.Match[str], measure: Measure, words: ProseWords) -> Iterator[Claim]:
    number = read_number(match["number"])
    if number is not None:
        before = clause[max(0, match.start() - 15) : match.start()]
        about = words.about.search(before) is not None
        yield Claim("number", match.group().strip(), number=number, measure=measure, about=about)
