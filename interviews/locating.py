"""Where a quotation stands in a transcript, although it was shortened, tidied or misspelled on its way.

Words of the quotation that are rare in the text propose places; there the words of both are aligned. Left to
others: many transcripts at once (`quotation_index`), and what is done with what is found.
Source: docs/methods/locating_quotations.md
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from interviews.quotation_alignment import Alignment, align
from interviews.quotation_words import QuotedWord, lowered, quoted_words, text_words

# What a place must reach to be the quotation's, by the number of its words: short ones near-exact.
LEAST_SCORE = ((3, 0.99), (5, 0.9), (8, 0.8), (30, 0.74))
LEAST_SCORE_OF_LONG = 0.66
EQUALLY_GOOD = 0.02

_MOST_SEEDS = 18
_MOST_HITS = 60
_MOST_PLACES = 3
_MOST_SHORT_PLACES = 24
_SHORT = 6
_PHRASE = 8
_LONG = 320
_END = 120
_OMITTED_CHARACTERS = 1800
_GOOD = 0.9
_HALF = 0.25
_AS_MANY = 0.85


@dataclass(frozen=True, slots=True)
class Match:
    """A quotation found at `text[start:end]`, from its first word to its last.

    score : 0-1, the share of the quotation's words found in place, less what the text has between them; words
        with content count more than those that every interview is full of. 1 is word for word.
    others : further places that are as good; `start` is the first of them all.
    """

    start: int
    end: int
    score: float
    others: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a quotation and the words that stand there in the text; either may be empty.

    same : they are the same words, whatever their case and punctuation.
    said : with the punctuation behind them.
    """

    same: bool
    quoted: str
    said: str


@dataclass(frozen=True, slots=True)
class _Seed:
    form: str
    offset: int
    hits: tuple[int, ...]
    weight: float


def locate(quote: str, text: str) -> Match | None:
    """Return where a quotation stands in a text, or None where it does not.

    quote : as an earlier report or another program printed it. `[...]`, `(…)`, `...` and `/ ... /` stand for
        words left out; words in square brackets and speakers' labels need not be in the text; case,
        punctuation, line breaks, filled pauses and numbers as words make no difference.
    text : the transcript's text, which is not changed.

    A quotation of up to five words must be there word for word but for one slip of the pen. A sentence that
    says the opposite (a negation more or less) is not found.
    """
    words = quoted_words(quote)
    needed = [word for word in words if not word.optional]
    if not needed or not text:
        return None
    if len(needed) > _LONG:
        return _locate_long(words, text)
    if len(words) <= _PHRASE:
        spans = _word_for_word(words, text)
        if spans:
            return Match(*spans[0], 1.0, tuple(spans[1:]))
    least = least_score(len(needed))
    found = [
        place
        for place in _alignments(words, text)
        if not place.opposite and (place.score >= least or (place.slip and 3 < len(needed) <= _SHORT))
    ]
    if not found:
        return None
    best = max(place.score for place in found)
    equal = sorted({(place.start, place.end) for place in found if place.score >= best - EQUALLY_GOOD})
    equal = _apart(equal)
    return Match(*equal[0], round(best, 3), tuple(equal[1:]))


def _word_for_word(words: Sequence[QuotedWord], text: str) -> list[tuple[int, int]]:
    """Every place where a short quotation stands as it is, whatever is between its words."""
    small = _lowered(text)
    pattern = r"[\W_]{1,9}".join(re.escape(word.form) for word in words)
    spans = (found.span() for found in re.finditer(pattern, small))
    return _apart([span for span in spans if _whole(small, *span)])


def compare(quote: str, text: str, match: Match) -> tuple[Piece, ...]:
    """Return a quotation beside the words where it was found, in pieces that are the same or are not."""
    words = quoted_words(quote)
    passage = text_words(text, match.start, match.end)
    found = align(words, passage, text)
    # Stretches of words: whether they are the same, then from word to word of the quotation and of the text.
    runs: list[tuple[bool, int, int, int, int]] = []
    quoted = said = 0
    for pair in (*(found.pairs if found else ()), None):
        q = len(words) if pair is None else pair.quoted
        s = len(passage) if pair is None else pair.said
        if q > quoted or s > said:
            runs.append((False, quoted, q, said, s))
        if pair is not None:
            runs.append((pair.alike == 1, q, q + 1, s, s + 1))
            quoted, said = q + 1, s + 1
    pieces = []
    for same, run in groupby(runs, key=lambda each: each[0]):
        parts = list(run)
        q, q_end, s, s_end = parts[0][1], parts[-1][2], parts[0][3], parts[-1][4]
        following = passage[s_end].start if s_end < len(passage) else match.end
        pieces.append(
            Piece(
                same,
                quote[words[q].start : words[q_end - 1].end] if q < q_end else "",
                text[passage[s].start : following].rstrip() if s < s_end else "",
            )
        )
    return tuple(pieces)


def least_score(n_words: int) -> float:
    """The score that a quotation of so many words must reach."""
    return next((least for most, least in LEAST_SCORE if n_words <= most), LEAST_SCORE_OF_LONG)


def _alignments(words: Sequence[QuotedWord], text: str) -> list[Alignment]:
    """The quotation aligned at the places that its words propose."""
    small = _lowered(text)
    seeds = _seeds(words, small)
    if not seeds:
        return []
    short = len(words) <= _SHORT
    length = words[-1].end - words[0].start
    room = 60 + length // 4
    omitted = _OMITTED_CHARACTERS * words[-1].part

    def aligned(first: int, last: int, more: int) -> Alignment | None:
        return align(words, text_words(text, first - room - more, last + length + room + more), text)

    found: list[Alignment] = []
    best_votes = 0.0
    for votes, first, last in _places(seeds, length + room + omitted, short):
        if found and found[0].score > _GOOD and votes < _AS_MANY * best_votes:
            break
        best_votes = max(best_votes, votes)
        place = aligned(first, last, 0)
        if omitted and place is not None and _HALF < place.score < _GOOD:
            # A stretch before or after an omission may have no rare word of its own.
            place = aligned(first, last, omitted) or place
        if place is not None:
            found.append(place)
    return found


@lru_cache(maxsize=8)
def _lowered(text: str) -> str:
    return lowered(text)


def _seeds(words: Sequence[QuotedWord], small: str) -> list[_Seed]:
    """Words of the quotation with their places in the text, rare words first."""
    needed = [word for word in words if not word.optional]
    distinct: dict[str, QuotedWord] = {}
    for word in needed:
        distinct.setdefault(word.form, word)
    wanted = sorted(distinct.values(), key=lambda word: -len(word.form))[:_MOST_SEEDS]
    first = words[0].start
    seeds = []
    for word in wanted:
        if len(word.form) < 4:
            continue
        hits = _hits(small, word.form)
        if not hits and len(word.form) >= 8:
            half = len(word.form) // 2
            hits = _hits(small, word.form[:half]) or _hits(small, word.form[half:])
        if hits:
            seeds.append(_Seed(word.form, word.start - first, hits, 1 / math.sqrt(len(hits))))
    if len(seeds) < 2 or all(len(seed.hits) >= _MOST_HITS for seed in seeds):
        # Only words that are everywhere, or too short to search for: several beside each other are rarer.
        for length in (4, 3, 2):
            phrases = [needed[place : place + length] for place in range(len(needed) - length + 1)]
            for phrase in phrases[:_MOST_SEEDS]:
                form = " ".join(word.form for word in phrase)
                hits = _hits(small, form)
                if hits:
                    weight = length / math.sqrt(len(hits))
                    seeds.append(_Seed(form, phrase[0].start - first, hits, weight))
            if any(len(seed.hits) < _MOST_HITS for seed in seeds):
                break
    if not seeds:
        for word in wanted[:6]:
            hits = tuple(
                place
                for place in _hits(small, word.form, most=2000)
                if _whole(small, place, place + len(word.form))
            )
            if hits:
                seeds.append(_Seed(word.form, word.start - first, hits[:_MOST_HITS], 1.0))
    return seeds


def _hits(small: str, form: str, most: int = _MOST_HITS) -> tuple[int, ...]:
    hits: list[int] = []
    place = small.find(form)
    while place >= 0 and len(hits) < most:
        hits.append(place)
        place = small.find(form, place + len(form))
    return tuple(hits)


def _whole(small: str, start: int, end: int) -> bool:
    """Whether no word runs on at either end."""
    return not (start and small[start - 1].isalnum()) and not (end < len(small) and small[end].isalnum())


def _places(seeds: Sequence[_Seed], length: int, short: bool) -> list[tuple[float, int, int]]:
    """Where most of the seeds stand together: votes and the first and last estimated start, best first."""
    hits = sorted((place - seed.offset, which) for which, seed in enumerate(seeds) for place in seed.hits)
    votes: list[tuple[float, int, int]] = []
    counts = [0] * len(seeds)
    sum_, last = 0.0, 0
    for index, (begin, _) in enumerate(hits):
        while last < len(hits) and hits[last][0] - begin <= length:
            which = hits[last][1]
            sum_ += seeds[which].weight if counts[which] == 0 else 0.0
            counts[which] += 1
            last += 1
        # Nearer together is better where the sums are equal.
        spread = (hits[last - 1][0] - begin) / max(length, 1)
        votes.append((sum_ - 0.05 * spread, begin, hits[last - 1][0]))
        which = hits[index][1]
        counts[which] -= 1
        sum_ -= seeds[which].weight if counts[which] == 0 else 0.0
    best = max(vote[0] for vote in votes)
    chosen: list[tuple[float, int, int]] = []
    for vote, begin, end in sorted(votes, key=lambda each: (-each[0], each[1])):
        if vote < 0.5 * best or len(chosen) >= (_MOST_SHORT_PLACES if short else _MOST_PLACES):
            break
        if all(end < other[1] or begin > other[2] for other in chosen):
            chosen.append((vote, begin, end))
    return chosen


def _locate_long(words: Sequence[QuotedWord], text: str) -> Match | None:
    """A passage of pages: its beginning and its end are found, and they lie as far apart as they should."""
    ends = []
    for part in (words[:_END], words[-_END:]):
        least = least_score(len(part))
        found = [place for place in _alignments(part, text) if place.score >= least and not place.opposite]
        if not found:
            return None
        ends.append(max(found, key=lambda place: place.score))
    start, end = ends[0].start, ends[1].end
    length = words[-1].end - words[0].start
    if not 0.5 * length <= end - start <= 2 * length + _OMITTED_CHARACTERS * words[-1].part:
        return None
    return Match(start, end, round(min(place.score for place in ends), 3))


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that do not overlap an earlier one."""
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
