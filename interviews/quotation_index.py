"""Quotations in many transcripts: which of them may hold one, before each is searched.

Pairs of neighbouring words are indexed by transcript; where a quotation stands in it is left to `locating`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interviews.locating import Match, locate
from interviews.quotation_words import WORD, QuotedWord, lowered, normal_form, quoted_words

_MOST_TEXTS = 12
_SHORT = 5
_MOST_TEXTS_OF_SHORT = 60
_SAME = 0.02


@dataclass(frozen=True, slots=True)
class Found:
    """A quotation found in the text called `name`, at `start:end`; score and others as in `Match`."""

    name: str
    start: int
    end: int
    score: float
    others: tuple[tuple[int, int], ...] = ()


class QuotationIndex:
    """Finds quotations in many texts; made once, then asked often.

    texts : name -> text. They are kept, not copied; beside them the index holds some 4 bytes a different pair
        of words and 2 a text that has it.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)
        self._names = list(self._texts)
        self._vocabulary: dict[str, int] = {}
        self._pairs, self._first, self._holders = self._indexed()

    def __len__(self) -> int:
        return len(self._names)

    def locate(self, quote: str) -> list[Found]:
        """Return where a quotation stands, best places first; nothing if it is in none of the texts.

        A phrase of five words or fewer may be in very many: of those the first 60 that seem to hold it are
        looked into.
        """
        words = [word for word in quoted_words(quote) if not word.optional]
        found = []
        for name in self._likely(words):
            match = locate(quote, self._texts[name])
            if match is not None:
                found.append(_found(name, match))
        order = {name: place for place, name in enumerate(self._names)}
        return sorted(found, key=lambda each: (-each.score, order[each.name]))

    def _indexed(self) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.uint32]]:
        """All pairs of words sorted, where each begins in the list of holders, and that list."""
        codes: list[NDArray[np.uint32]] = []
        holders: list[NDArray[np.uint32]] = []
        for place, text in enumerate(self._texts.values()):
            own = np.unique(self._codes(WORD.findall(lowered(text))))
            codes.append(own)
            holders.append(np.full(len(own), place, dtype=np.uint32))
        if not codes:
            return np.empty(0, np.uint32), np.zeros(1, np.int64), np.empty(0, np.uint32)
        every = np.concatenate(codes)
        order = np.argsort(every, kind="stable")
        every = every[order]
        pairs, first = np.unique(every, return_index=True)
        return pairs, np.append(first, len(every)), np.concatenate(holders)[order]

    def _codes(self, words: Sequence[str]) -> NDArray[np.uint32]:
        """A number for each word and each pair of neighbours; that two may share one does no harm."""
        known = self._vocabulary
        numbers = []
        for word in words:
            number = known.get(word)
            if number is None:
                form = normal_form(word)
                number = known[word] = known.setdefault(form, len(known) + 1)
            numbers.append(number)
        single = np.array(numbers, dtype=np.uint64)
        return np.concatenate((_mixed(single, np.zeros_like(single)), _mixed(single[:-1], single[1:])))

    def _likely(self, words: Sequence[QuotedWord]) -> list[str]:
        """Names of the texts that share most of a quotation's words and pairs, rare ones counting more."""
        known = self._vocabulary
        numbers = np.array([known.get(word.form, 0) for word in words], dtype=np.uint64)
        if not numbers.any():
            return []
        codes = [_mixed(numbers, np.zeros_like(numbers)), _mixed(numbers[:-1], numbers[1:])]
        votes = np.zeros(len(self._names))
        for code in np.unique(np.concatenate(codes)):
            place = int(np.searchsorted(self._pairs, code))
            if place < len(self._pairs) and self._pairs[place] == code:
                holders = self._holders[self._first[place] : self._first[place + 1]]
                votes[holders] += math.log(1 + len(self._names) / len(holders))
        short = len(words) <= _SHORT
        best = np.argsort(-votes, kind="stable")[: _MOST_TEXTS_OF_SHORT if short else _MOST_TEXTS]
        least = votes[best[0]] * (1 - _SAME if short else 0.4)
        return [self._names[place] for place in best if votes[place] >= max(least, 1e-9)]


def _mixed(one: NDArray[np.uint64], two: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """One 32-bit number of two."""
    factor, other = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
    mixed = (one * factor) ^ ((two + np.uint64(1)) * other)
    return (mixed >> np.uint64(31)).astype(np.uint32)


def _found(name: str, match: Match) -> Found:
    return Found(name, match.start, match.end, match.score, match.others)
