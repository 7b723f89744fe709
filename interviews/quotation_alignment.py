"""The words of a quotation laid beside the words of a passage: which stand for which, and how well.

A fitting alignment (all of the quotation, some of the text) by dynamic programming, a row of numpy a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from interviews.quotation_words import NEGATIONS, QuotedWord, TextWord, weight_of

NEAR = 0.72  # two words at least this alike are one with a slip of the pen
_SHORTEST_NEAR = 4
_LEFT_OUT = 0.45  # cost of a text word between, as a share of its weight
_PUT_IN = 0.6  # cost of a word of the quotation that the text lacks
_EXCHANGED = 0.4  # cost of one word in place of another, as a share of both
_STEP = 0.02
_OMITTED_STEP = 0.002
_OPTIONAL = 0.05
_LONGEST_OPPOSITE = 25
_TELLING = 1.5  # weight from which a stretch between omissions must be found itself
_PART_BELOW = 0.2

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Word `quoted` of the quotation stands for word `said` of the passage. alike : 0-1, 1 the same word."""

    quoted: int
    said: int
    alike: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """A quotation aligned with `text[start:end]`.

    opposite : one of the two has a negation more.
    slip : word for word the same but for one slip of the pen.
    """

    start: int
    end: int
    score: float
    opposite: bool
    slip: bool
    pairs: tuple[Pair, ...]


def align(quote: Sequence[QuotedWord], passage: Sequence[TextWord], text: str) -> Alignment | None:
    """Return the best alignment of all of a quotation with a stretch of a passage; None if nothing fits.

    text : what the positions of the passage's words refer to.
    """
    if not quote or not passage:
        return None
    weights = np.array([0.0 if word.optional else weight_of(word.form) for word in quote])
    said = np.array([weight_of(word.form) for word in passage])
    alike = _likeness(quote, passage)
    pairs = _trimmed(_traced(quote, weights, said, alike), quote, passage, text)
    real = [pair for pair in pairs if pair.alike]
    if not real:
        return None
    return Alignment(
        start=passage[pairs[0].said].start,
        end=passage[pairs[-1].said].end,
        score=_score(quote, weights, said, pairs),
        opposite=_opposite(quote, passage, pairs),
        slip=_one_slip(quote, pairs),
        pairs=tuple(pairs),
    )


def _likeness(quote: Sequence[QuotedWord], passage: Sequence[TextWord]) -> _Floats:
    """(n, m) likeness of every word with every word, 0 below `NEAR`."""
    numbers: dict[str, int] = {}
    quoted = np.array([numbers.setdefault(word.form, len(numbers)) for word in quote])
    said = np.array([numbers.setdefault(word.form, len(numbers)) for word in passage])
    alike: _Floats = (quoted[:, None] == said[None, :]).astype(np.float64)
    lone = [
        place
        for place, word in enumerate(quote)
        if len(word.form) >= _SHORTEST_NEAR and not word.optional and not alike[place].any()
    ]
    if lone:
        near = cdist(
            [quote[place].form for place in lone],
            [word.form if len(word.form) >= _SHORTEST_NEAR - 1 else "" for word in passage],
            scorer=Indel.normalized_similarity,
            score_cutoff=NEAR,
            dtype=np.float64,
        )
        alike[lone] = near
    return alike


def _traced(quote: Sequence[QuotedWord], weights: _Floats, said: _Floats, alike: _Floats) -> list[Pair]:
    """The best path: pairs in the order of the quotation, exchanged words with likeness 0."""
    n, m = alike.shape
    optional = np.array([word.optional for word in quote])
    gain = alike * (weights[:, None] + _OPTIONAL)
    exchanged = -_EXCHANGED * 0.5 * (weights[:, None] + said[None, :]) - _STEP
    exchanged = np.where(optional[:, None], -np.inf, exchanged)
    gain = np.where(alike > 0, gain, exchanged)
    put_in = np.where(optional, 0.0, _PUT_IN * weights + _STEP)
    between = np.concatenate(([0.0], np.cumsum(_LEFT_OUT * said + _STEP)))
    omitted = _OMITTED_STEP * np.arange(m + 1)

    whole = np.zeros((n + 1, m + 1))
    before_gaps = np.zeros((n + 1, m + 1))
    for i in range(1, n + 1):
        above = whole[i - 1]
        row = above - put_in[i - 1]
        np.maximum(row[1:], above[:-1] + gain[i - 1], out=row[1:])
        before_gaps[i] = row
        if i == n:
            whole[i] = row
            break
        free = quote[i].part != quote[i - 1].part
        cost = omitted if free else between
        whole[i] = np.maximum.accumulate(row + cost) - cost
    pairs: list[Pair] = []
    i, j = n, int(np.argmax(whole[n]))
    while i > 0:
        while j > 0 and whole[i, j] > before_gaps[i, j] + 1e-9:
            j -= 1
        if j > 0 and before_gaps[i, j] <= whole[i - 1, j - 1] + gain[i - 1, j - 1] + 1e-9:
            pairs.append(Pair(i - 1, j - 1, float(alike[i - 1, j - 1])))
            j -= 1
        i -= 1
    return pairs[::-1]


def _trimmed(
    pairs: list[Pair], quote: Sequence[QuotedWord], passage: Sequence[TextWord], text: str
) -> list[Pair]:
    """The pairs without exchanged words at the ends that a sentence or more than two words set apart."""
    real = [place for place, pair in enumerate(pairs) if pair.alike]
    if not real:
        return []
    first, last = real[0], real[-1]
    start, end = first, last
    while start > 0 and first - start < 2 and _joined(pairs[start - 1], pairs[start], passage, text):
        start -= 1
    while end + 1 < len(pairs) and end - last < 2 and _joined(pairs[end], pairs[end + 1], passage, text):
        end += 1
    # More strange words in front or behind than may have been exchanged: they are somebody else's.
    if start > 0:
        start = first
    if end + 1 < len(pairs):
        end = last
    return pairs[start : end + 1]


def _joined(one: Pair, two: Pair, passage: Sequence[TextWord], text: str) -> bool:
    if two.said != one.said + 1 or two.quoted != one.quoted + 1:
        return False
    between = text[passage[one.said].end : passage[two.said].start]
    return not any(mark in between for mark in ".?!\n…")


def _score(quote: Sequence[QuotedWord], weights: _Floats, said: _Floats, pairs: Sequence[Pair]) -> float:
    """Share of the quotation found, less what is between; no stretch between omissions is far below it."""
    parts = np.array([word.part for word in quote])
    wanted = np.bincount(parts, weights)
    found, between = np.zeros_like(wanted), np.zeros_like(wanted)
    for pair in pairs:
        part = parts[pair.quoted]
        found[part] += weights[pair.quoted] * pair.alike**2
        between[part] += 0 if pair.alike else 0.25 * said[pair.said]
    for one, two in pairwise(pairs):
        if parts[one.quoted] == parts[two.quoted]:
            between[parts[one.quoted]] += 0.5 * float(said[one.said + 1 : two.said].sum())
    if not wanted.sum():
        return 0.0
    telling = wanted >= _TELLING
    weakest = (found[telling] / (wanted + between)[telling]).min(initial=1.0)
    return float(min(found.sum() / (wanted.sum() + between.sum()), weakest + _PART_BELOW))


def _one_slip(quote: Sequence[QuotedWord], pairs: Sequence[Pair]) -> bool:
    paired = {pair.quoted for pair in pairs if pair.alike}
    whole = all(word.optional or place in paired for place, word in enumerate(quote))
    in_a_row = pairs[-1].said - pairs[0].said == len(pairs) - 1
    return whole and in_a_row and sum(pair.alike < 1 for pair in pairs) <= 1


def _opposite(quote: Sequence[QuotedWord], passage: Sequence[TextWord], pairs: Sequence[Pair]) -> bool:
    """Whether a negation stands on one side only, in a stretch short enough for it to turn what is said."""
    matched_quote = {pair.quoted for pair in pairs if pair.alike}
    matched_said = {pair.said for pair in pairs if pair.alike}
    length: dict[int, int] = {}
    for word in quote:
        length[word.part] = length.get(word.part, 0) + (not word.optional)
    in_quote = [
        place
        for place, word in enumerate(quote)
        if word.form in NEGATIONS and not word.aside and not word.optional and place not in matched_quote
    ]
    in_said: list[tuple[int, int]] = []
    for one, two in pairwise(pairs):
        if quote[one.quoted].part != quote[two.quoted].part:
            continue
        for place in range(one.said, two.said + 1):
            spoken = passage[place]
            if spoken.form in NEGATIONS and not spoken.aside and place not in matched_said:
                in_said.append((place, quote[one.quoted].part))
    said_alone = [
        (place, part)
        for place, part in dict.fromkeys(in_said)
        if not any(
            passage[other].form == passage[place].form and other in matched_said
            for other in range(max(place - 4, 0), min(place + 5, len(passage)))
        )
    ]
    if in_quote and len(in_quote) == len(said_alone):
        return False  # one negation for another: `intet` for `ikke noget`
    parts = [quote[place].part for place in in_quote] + [part for _, part in said_alone]
    return any(length[part] <= _LONGEST_OPPOSITE for part in parts)
