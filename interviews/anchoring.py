"""Passages of a text found again in its corrected version: kept, moved, changed or lost, never guessed.

The rules, with their reasons: docs/methods/anchoring.md. How the two texts correspond is `text_alignment`'s.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Literal

from interviews.text_alignment import SAME_WORD, WORD, Stretch, TextAlignment, Words, align

AnchorStatus = Literal["kept", "moved", "changed", "lost"]
Span = tuple[int, int]

SURVIVING_WORDS = 0.5  # share of a passage's words that must be left of it
_FEWEST_WORDS = 3  # in a row, with the words beside the passage: fewer may stand elsewhere by mere chance
_FEWEST_SIGNS = 12
_MANY_WORDS = 5  # so many in a row are no chance, although the passage itself occurs more than once
_CONTEXT_WORDS = 12
_SHINGLE = 3
_FEWEST_HITS = 2
_MOST_PLACES = 20
_CLEARLY_LESS = 0.7
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Reanchored:
    """Where a passage stands in the corrected text.

    span : half-open positions in code points of the new text; None if the passage is lost.
    status : "kept" (the same words, in the same order among the others), "moved" (the same words, elsewhere),
        "changed" (words in it were edited; the span covers what became of them) or "lost" (fewer than half
        of its words are left, or they stand at two places and it cannot be told which is meant).
    """

    span: Span | None
    status: AnchorStatus


LOST = Reanchored(None, "lost")


def reanchor(spans: Iterable[Span], old_text: str, new_text: str) -> list[Reanchored]:
    """Find passages of a text again in its corrected version.

    spans : half-open positions in `old_text`; they may overlap, and a point (start equal to end) stays
        where the words beside it go.

    Returns one result a span, in their order. "kept" and "moved" promise that the words at the new place are
    exactly the old ones. What is put in right at an edge of a passage stays outside it.
    Raises ValueError for a span that does not lie in `old_text`.
    Source: docs/methods/anchoring.md
    """
    wanted = [(int(start), int(end)) for start, end in spans]
    for start, end in wanted:
        if not 0 <= start <= end <= len(old_text):
            raise ValueError(f"span {start}-{end} does not lie in the text of {len(old_text)} characters")
    if old_text == new_text:
        return [Reanchored(span, "kept") for span in wanted]
    finder = _Finder(old_text, new_text, align(old_text, new_text))
    return [finder.find(start, end) for start, end in wanted]


class _Placing:
    """Carries spans over along an alignment; it looks nowhere else."""

    def __init__(self, old: str, new: str, alignment: TextAlignment) -> None:
        self.old, self.new = old, new
        self.stretches = [
            Stretch(0, 0, 0),
            *alignment.stretches,
            Stretch(len(old), len(new), 0),
        ]
        self._starts = [stretch.old for stretch in self.stretches[:-1]]
        self._new_starts = [stretch.new for stretch in self.stretches[:-1]]

    def at(self, position: int) -> int:
        """Index of the last stretch that begins at or before a position."""
        return bisect_right(self._starts, position) - 1

    def exact(self, start: int, end: int) -> Span | None:
        """Where the same words stand, undivided, beside something that the alignment holds for shared."""
        for stretch in self._overlapping(start, end):
            shift = stretch.new - stretch.old
            if self.new[max(0, start + shift) : end + shift] != self.old[start:end] or start + shift < 0:
                continue
            shared = self.old[max(start, stretch.old) : min(end, stretch.old_end)]
            if not shared.strip() and len(shared) < end - start:
                continue
            placed = (start + shift, end + shift)
            if self.to_whole_words((start, end), placed) == placed:
                return placed
        return None

    def surviving(self, start: int, end: int) -> float:
        """Share of the words of `old[start:end]` that are left."""
        stretches = self._overlapping(start, end)
        count = left = first = 0
        for found in WORD.finditer(self.old, start, end):
            here, there = found.span()
            while first < len(stretches) and stretches[first].old_end <= here:
                first += 1
            shared, place = 0, first
            while place < len(stretches) and stretches[place].old < there:
                shared += min(there, stretches[place].old_end) - max(here, stretches[place].old)
                place += 1
            count += 1
            left += shared >= SAME_WORD * (there - here)
        return left / count if count else 0.0

    def edited(self, start: int, end: int) -> Span | None:
        """What became of `old[start:end]`; None if nothing is left in its place."""
        new_start, new_end = self._new_start(start, end), self._new_end(start, end)
        if new_start >= new_end:
            return None
        words = self.new[new_start:new_end]
        if not self.old[start].isspace():
            new_start += len(words) - len(words.lstrip())
        if not self.old[end - 1].isspace():
            new_end -= len(words) - len(words.rstrip())
        if new_start >= new_end:
            return None
        return self.to_whole_words((start, end), (new_start, new_end))

    def taken(self, start: int, end: int) -> int:
        """How many signs of `new[start:end]` correspond to something in the old text."""
        first = max(0, bisect_right(self._new_starts, start) - 1)
        count = 0
        for stretch in self.stretches[first:]:
            if stretch.new >= end:
                break
            count += max(0, min(end, stretch.new_end) - max(start, stretch.new))
        return count

    def _overlapping(self, start: int, end: int) -> list[Stretch]:
        found = []
        for stretch in self.stretches[self.at(start) :]:
            if stretch.old >= end:
                break
            if stretch.old_end > start and stretch.length:
                found.append(stretch)
        return found

    def _new_start(self, start: int, end: int) -> int:
        place = self.at(start)
        before, after = self.stretches[place], self.stretches[place + 1]
        if start < before.old_end:
            return before.new + start - before.old
        inside = _words_in(self.old, start, min(end, after.old), half="last")
        words = _words_in(self.new, before.new_end, after.new, half="last")
        if "\n" not in self.old[before.old_end : after.old]:
            # What became of some words of a line stands in that line: the rest was put in beside it.
            line = self.new.rfind("\n", before.new_end, after.new) + 1
            words = [word for word in words if word[0] >= line]
        if not inside or self.old[before.old_end : start].strip():
            words = words[-len(inside) :] if inside else []
        return words[0][0] if words else after.new

    def _new_end(self, start: int, end: int) -> int:
        place = self.at(end - 1)
        before, after = self.stretches[place], self.stretches[place + 1]
        if end <= before.old_end:
            return before.new + end - before.old
        inside = _words_in(self.old, max(start, before.old_end), end, half="first")
        words = _words_in(self.new, before.new_end, after.new, half="first")
        if "\n" not in self.old[before.old_end : after.old]:
            line = self.new.find("\n", before.new_end, after.new)
            words = [word for word in words if line < 0 or word[1] <= line]
        if not inside or self.old[end : after.old].strip():
            words = words[: len(inside)]
        return words[-1][1] if words else before.new_end

    def to_whole_words(self, span: Span, placed: Span) -> Span:
        """Widen a place that cuts a word which the old span did not cut."""
        (start, end), (new_start, new_end) = span, placed
        if not _cuts(self.old, start):
            while _cuts(self.new, new_start):
                new_start -= 1
        if not _cuts(self.old, end):
            while _cuts(self.new, new_end):
                new_end += 1
        return new_start, new_end


def _words_in(text: str, start: int, end: int, *, half: Literal["first", "last"]) -> list[Span]:
    """The words in a gap; not the first (or last) one if it is the rest of a word outside the gap."""
    words = [found.span() for found in WORD.finditer(text, start, end)]
    if words and half == "first" and 0 < start == words[0][0] and not text[start - 1].isspace():
        return words[1:]
    if words and half == "last" and len(text) > end == words[-1][1] and not text[end].isspace():
        return words[:-1]
    return words


def _cuts(text: str, position: int) -> bool:
    """Whether a cut at a position divides a word or a sign made of several characters."""
    if not 0 < position < len(text):
        return False
    before, after = text[position - 1], text[position]
    return (
        before == _JOINER or _hangs_on(after) or ((before.isalnum() or _hangs_on(before)) and after.isalnum())
    )


def _hangs_on(sign: str) -> bool:
    """Whether a sign is part of the one before it: a combining accent, a skin tone, a joiner."""
    return sign == _JOINER or "🏻" <= sign <= "🏿" or unicodedata.category(sign).startswith("M")


class _Finder:
    """Finds spans: along the alignment first, then among the words that the alignment found no match for."""

    def __init__(self, old: str, new: str, alignment: TextAlignment) -> None:
        self.old, self.new = old, new
        self.placing = _Placing(old, new, alignment)
        self.unsure = alignment.unsure

    def find(self, start: int, end: int) -> Reanchored:
        if start == end:
            return self._point(start)
        if any(first <= start and end <= last for first, last in self.unsure):
            return LOST
        exact = self.placing.exact(start, end)
        if exact is not None:
            return Reanchored(exact, "kept")
        left = self.placing.surviving(start, end)
        in_place = self.placing.edited(start, end) if left >= SURVIVING_WORDS else None
        if in_place is not None and left > 1 - (1 - SURVIVING_WORDS) / 2:
            return self._as_found(start, end, in_place, "kept")
        moved = self._same_words_elsewhere(start, end)
        if moved is not None:
            return Reanchored(moved, "moved")
        if in_place is not None:
            return self._as_found(start, end, in_place, "kept")
        near = self._like_words_elsewhere(start, end)
        return self._as_found(start, end, near, "moved") if near is not None else LOST

    def _as_found(self, start: int, end: int, placed: Span, same: AnchorStatus) -> Reanchored:
        unchanged = self.new[slice(*placed)] == self.old[start:end]
        return Reanchored(placed, same if unchanged else "changed")

    def _point(self, position: int) -> Reanchored:
        """A point stays behind the word before it, else before the word that follows."""
        before = next(reversed(list(WORD.finditer(self.old, max(0, position - 200), position))), None)
        after = WORD.search(self.old, position)
        if before is None and after is None:
            return Reanchored((0, 0), "kept") if not self.old[:position] else LOST
        same_line = before is not None and "\n" not in self.old[before.end() : position]
        if before is not None and (same_line or after is None):
            found = self.find(*before.span())
            if found.span is not None:
                place = found.span[1] + position - before.end()
                if self.new[found.span[1] : place].strip() or place > len(self.new):
                    place = found.span[1]
                return Reanchored((place, place), found.status)
        if after is not None:
            found = self.find(*after.span())
            if found.span is not None:
                place = found.span[0] - (after.start() - position)
                if place < 0 or self.new[place : found.span[0]].strip():
                    place = found.span[0]
                return Reanchored((place, place), found.status)
        return LOST

    # ---- elsewhere

    def _same_words_elsewhere(self, start: int, end: int) -> Span | None:
        """The one place among the unmatched words where the passage stands as it was."""
        words = self.old[start:end]
        if not words.strip():
            return None
        places: list[tuple[tuple[int, int], Span]] = []
        place = self.new.find(words)
        while place >= 0 and len(places) < _MOST_PLACES:
            span = (place, place + len(words))
            cut = self.placing.to_whole_words((start, end), span) != span
            if not cut and 2 * self.placing.taken(*span) < len(words):
                places.append((self._shared_around((start, end), span), span))
            place = self.new.find(words, place + 1)
        if not places:
            return None
        places.sort(reverse=True)
        (beside, signs), found = places[0]
        if len(places) > 1 and places[1][0][0] >= beside:
            return None
        in_a_row = len(words.split()) + beside
        if in_a_row < _FEWEST_WORDS or len(words) + signs < _FEWEST_SIGNS:
            return None
        only_one = self.old.count(words) == 1 == self.new.count(words)
        return found if only_one or in_a_row >= _MANY_WORDS else None

    def _shared_around(self, span: Span, placed: Span) -> tuple[int, int]:
        """How many words in a row before and after are the same at both places, and their signs."""
        reach = 400
        before = zip(
            reversed(self.old[max(0, span[0] - reach) : span[0]].split()),
            reversed(self.new[max(0, placed[0] - reach) : placed[0]].split()),
            strict=False,
        )
        after = zip(
            self.old[span[1] : span[1] + reach].split(),
            self.new[placed[1] : placed[1] + reach].split(),
            strict=False,
        )
        same = [
            word for pairs in (before, after) for word, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)
        ]
        return len(same), sum(map(len, same))

    @cached_property
    def _old_words(self) -> Words:
        return Words.of(self.old)

    @cached_property
    def _new_words(self) -> Words:
        return Words.of(self.new)

    @cached_property
    def _shingles(self) -> dict[tuple[str, ...], list[int]]:
        """Where each three words in a row stand among the unmatched words of the new text."""
        words = self._new_words
        free = [2 * self.placing.taken(*span) < span[1] - span[0] for span in words.spans]
        index: dict[tuple[str, ...], list[int]] = {}
        for place in range(len(words.keys) - _SHINGLE + 1):
            if sum(free[place : place + _SHINGLE]) * 2 > _SHINGLE:
                index.setdefault(words.keys[place : place + _SHINGLE], []).append(place)
        return index

    def _like_words_elsewhere(self, start: int, end: int) -> Span | None:
        """Where a passage that was moved and edited stands, found by it and the words beside it."""
        words = self._old_words
        first = bisect_right(words.spans, start, key=lambda span: span[1])
        last = max(first, bisect_right(words.spans, end - 1, key=lambda span: span[0]))
        low, high = max(0, first - _CONTEXT_WORDS), min(len(words.keys), last + _CONTEXT_WORDS)
        hits = {
            place: found
            for place in range(low, high - _SHINGLE + 1)
            if (found := self._shingles.get(words.keys[place : place + _SHINGLE]))
        }
        if len(hits) < _FEWEST_HITS:
            return None
        votes = Counter(other - place for place, found in hits.items() for other in found[:_MOST_PLACES])
        shift, most = votes.most_common(1)[0]
        if any(
            count >= _CLEARLY_LESS * most for other, count in votes.items() if abs(other - shift) > _SHINGLE
        ):
            return None
        pairs = [
            (place, other)
            for place, found in hits.items()
            for other in found
            if abs(other - place - shift) <= _CONTEXT_WORDS
        ]
        return self._in_window((start, end), (first, last), min(pairs), max(pairs))

    def _in_window(self, span: Span, own: Span, head: Span, tail: Span) -> Span | None:
        """The passage aligned with the new words around those that it and its context share with them.

        own : the passage's words.   head, tail : the first and last shared words, in both texts.
        """
        old, new = self._old_words, self._new_words
        low, high = min(own[0], head[0]), max(own[1], tail[0] + _SHINGLE)
        short_before, short_after = head[0] - low, high - tail[0] - _SHINGLE
        first = max(0, head[1] - (short_before + 2 if short_before else 0))
        last = min(len(new.spans), tail[1] + _SHINGLE + (short_after + 2 if short_after else 0))
        if first >= last:
            return None
        old_start, old_end = min(span[0], old.spans[low][0]), max(span[1], old.spans[high - 1][1])
        new_start, new_end = new.spans[first][0], new.spans[last - 1][1]
        old_part, new_part = self.old[old_start:old_end], self.new[new_start:new_end]
        placing = _Placing(old_part, new_part, align(old_part, new_part))
        start, end = span[0] - old_start, span[1] - old_start
        if placing.surviving(start, end) < SURVIVING_WORDS:
            return None
        placed = placing.exact(start, end) or placing.edited(start, end)
        if placed is None:
            return None
        found = (placed[0] + new_start, placed[1] + new_start)
        return found if 2 * self.placing.taken(*found) < found[1] - found[0] else None
