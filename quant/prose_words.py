"""Words by which a report says what an estimate shows, from `prose_words.toml`; Danish and English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ProseLanguage = Literal["da", "en"]


@dataclass(frozen=True)
class ProseWords:
    """The words of one language, as the file names them; patterns ignore case."""

    tables: re.Pattern[str]
    never_last: tuple[str, ...]
    clause_breaks: re.Pattern[str]
    clause_words: frozenset[str]
    negations: re.Pattern[str]
    none_of: re.Pattern[str]
    significant: re.Pattern[str]
    insignificant: re.Pattern[str]
    tendency: re.Pattern[str]
    level: re.Pattern[str]
    levels: dict[str, float]
    up: re.Pattern[str]
    down: re.Pattern[str]
    comparison: re.Pattern[str]
    difference: re.Pattern[str]
    open_ended: str
    points: re.Pattern[str]
    percent: re.Pattern[str]
    of_mean: re.Pattern[str]
    effect: re.Pattern[str]
    about: re.Pattern[str]
    quarters: tuple[str, ...]
    ordinals: tuple[tuple[str, ...], ...]


@cache
def prose_words(language: ProseLanguage) -> ProseWords:
    """The words that are shipped for a language."""
    read = tomllib.loads((Path(__file__).parent / "prose_words.toml").read_text(encoding="utf-8"))[language]
    number = r"(?P<number>\d+(?:[.,]\d+)?|" + _any(read["levels"]) + ")"
    percent, level = _any(read["percent"]), _any(read["level_words"])
    beginnings = ("significant", "insignificant", "tendency", "up", "down", "of_mean", "effect", "difference")
    starts = {name: re.compile(rf"(?<!\w)(?:{_any(read[name])})\w*", re.IGNORECASE) for name in beginnings}
    whole = ("negations", "none_of", "comparison", "about")
    words = {name: re.compile(rf"(?<!\w)(?:{_any(read[name])})(?!\w)", re.IGNORECASE) for name in whole}
    amount = r"(?P<number>[+\-−–]?\d+(?:[.,]\d+)?)\s*-?"
    return ProseWords(
        tables=re.compile(
            rf"(?<!\w)(?:{_any(read['tables'])})\s*(?P<number>[A-Z]?\.?\d+(?:\.\d+)*[a-z]?)"
            r"(?:\s*(?:og|and|,|&|-|–)\s*(?P<other>\d+\.\d+[a-z]?))?",
            re.IGNORECASE,
        ),
        never_last=tuple(read["never_last"]),
        clause_breaks=re.compile(_any(read["clause_breaks"]), re.IGNORECASE),
        clause_words=frozenset(read["clause_words"]),
        level=re.compile(rf"(?<!\w){number}[\s-]*(?:{percent})s?[\s-]*(?:s-)?(?:{level})\w*", re.IGNORECASE),
        levels={word: float(percent) for word, percent in read["levels"].items()},
        points=re.compile(rf"{amount}(?:{_any(read['points'])})(?!\w)", re.IGNORECASE),
        percent=re.compile(rf"{amount}(?:{percent})(?!\w)", re.IGNORECASE),
        open_ended=_any(read["open_ended"]),
        quarters=tuple(read["quarters"]),
        ordinals=tuple(tuple(names) for names in read["ordinals"]),
        **starts,
        **words,
    )


def _any(words: Iterable[str]) -> str:
    """Alternatives of a pattern, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
