"""Which estimates a passage is about: the tables, outcomes, groups and periods that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quant.estimates import Estimate
from quant.mapping import plain
from quant.prose_words import ProseWords
from quant.table_words import table_words

Labels = Mapping[str, Sequence[str]]
_TABLE = re.compile(r"^(?:tabel|table|tab\.)?\s*(?P<number>[A-Z]?\.?\d+(?:\.\d+)*[a-z]?)\b", re.IGNORECASE)
_QUARTER = re.compile(r"^(?P<year>(?:19|20)\d\d)\s*-?[QK](?P<quarter>[1-4])$", re.IGNORECASE)
_MODEL = re.compile(r"(?<!\w)model\w*\s+(?P<name>\d+)(?![\w.,]*\d)", re.IGNORECASE)
ENDING = 4  # letters that a language may add to a name: mænd, mændenes


@dataclass(frozen=True)
class Mentions:
    """What a passage names; ids of the estimates, numbers of tables."""

    tables: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    subgroups: frozenset[str] = frozenset()
    periods: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()

    def filled(self, other: Mentions) -> Mentions:
        """These mentions, with those of `other` for whatever is not named here."""
        return Mentions(*(mine or theirs for mine, theirs in zip(self._all(), other._all(), strict=True)))

    def _all(self) -> tuple[frozenset[str], ...]:
        return self.tables, self.outcomes, self.subgroups, self.periods, self.models


class Citations:
    """Finds the estimates that passages are about, by the names that a caller gives."""

    def __init__(self, estimates: Sequence[Estimate], labels: Labels, words: ProseWords) -> None:
        self._estimates = estimates
        self._words = words
        self._tables = [table_number(estimate.place) for estimate in estimates]
        self._outcomes = _patterns({e.outcome for e in estimates}, labels, words)
        self._subgroups = _patterns({e.subgroup for e in estimates}, labels, words)
        self._periods = _period_patterns({e.period for e in estimates}, labels, words)

    def mentions(self, passage: str) -> Mentions:
        """All that the passage names."""
        tables = {
            number.lower()
            for found in self._words.tables.finditer(passage)
            for number in (found["number"], found["other"])
            if number
        }
        left = self._words.tables.sub(lambda found: " " * len(found.group()), passage)
        left = _without_open_ends(left, self._words)
        left = self._words.level.sub(lambda found: " " * len(found.group()), left)
        return Mentions(
            frozenset(tables),
            _named(left, self._outcomes),
            _named(left, self._subgroups),
            _named(left, self._periods),
            frozenset(found["name"] for found in _MODEL.finditer(left)),
        )

    def cited(self, mentions: Mentions) -> list[int]:
        """The places of all estimates that fit what is named."""
        return [
            place
            for place, estimate in enumerate(self._estimates)
            if (not mentions.tables or self._tables[place] in mentions.tables)
            and (not mentions.outcomes or estimate.outcome in mentions.outcomes)
            and (not mentions.subgroups or estimate.subgroup in mentions.subgroups)
            and (not mentions.periods or estimate.period in mentions.periods)
            and (not mentions.models or estimate.model in mentions.models)
        ]

    @property
    def whole(self) -> frozenset[str]:
        """The subgroups that are everybody."""
        return frozenset(e.subgroup for e in self._estimates if plain(e.subgroup) in table_words().whole)


def table_number(place: str) -> str:
    """The number of the table that a place names, "" for none: `Tabel 5.3, r2c3 (men ...)` -> `5.3`."""
    found = _TABLE.match(place)
    return found["number"].lower() if found else ""


def _patterns(ids: Iterable[str], labels: Labels, words: ProseWords) -> list[tuple[str, re.Pattern[str]]]:
    """Names to look for, the longest first; an id counts as a name where it has none of its own."""
    names = [
        (name, one)
        for one in ids
        if one
        for name in (labels.get(one) or (one.replace("_", " "),))
        if name.strip() and plain(name) not in words.clause_words
    ]
    names.sort(key=lambda pair: len(pair[0]), reverse=True)
    return [(one, _name_pattern(name)) for name, one in names]


def _name_pattern(name: str) -> re.Pattern[str]:
    ending = rf"\w{{0,{ENDING}}}" if len(name) > 3 and name[-1].isalpha() else ""
    return re.compile(rf"(?<!\w){re.escape(name.strip())}{ending}(?!\w)", re.IGNORECASE)


def _period_patterns(
    ids: Iterable[str], labels: Labels, words: ProseWords
) -> list[tuple[str, re.Pattern[str]]]:
    patterns: list[tuple[str, str]] = []
    for period in ids:
        given = [re.escape(name) for name in labels.get(period, ())]
        patterns += [(period, form) for form in (*given, *_period_forms(period, words)) if form]
    patterns.sort(key=lambda pair: len(pair[1]), reverse=True)
    return [(one, re.compile(rf"(?<![\w.,]){form}(?!\w)", re.IGNORECASE)) for one, form in patterns]


def _without_open_ends(passage: str, words: ProseWords) -> str:
    """The passage without periods such as `before 2016`, which are no period of the table."""
    open_end = rf"(?<!\w)(?:{words.open_ended})\s+(?:[^\W\d]+\s+)?(?:19|20)\d\d(?!\s*[-–/]?\s*\d)"
    return re.sub(open_end, lambda found: " " * len(found.group()), passage, flags=re.IGNORECASE)


def _period_forms(period: str, words: ProseWords) -> list[str]:
    quarter = _QUARTER.match(period)
    if quarter is None:
        return [re.sub(r"\\?[-–]", r"\\s*(?:-|–|/|til|to)\\s*", re.escape(period))] if period else []
    year, number = quarter["year"], int(quarter["quarter"])
    named = "|".join(re.escape(name) for name in words.ordinals[number - 1])
    quarters = "|".join(re.escape(name) for name in sorted(words.quarters, key=len, reverse=True))
    spoken = rf"(?:{named})\s+(?:{quarters})\s+(?:i\s+|of\s+|in\s+)?{year}"
    return [spoken, rf"{year}\s*-?[QK]{number}", rf"[QK]{number}\s*-?{year}"]


def _named(passage: str, patterns: Sequence[tuple[str, re.Pattern[str]]]) -> frozenset[str]:
    """Ids whose names occur; what a longer name has used up is not read again."""
    found: set[str] = set()
    spans: list[tuple[int, int, str]] = []
    for one, pattern in patterns:
        for match in pattern.finditer(passage):
            start, end = match.span()
            name = match.group().lower()
            if all(end <= a or start >= b or (start, end, name) == (a, b, same) for a, b, same in spans):
                found.add(one)
                spans.append((start, end, name))
    return frozenset(found)
