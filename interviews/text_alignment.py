"""Which stretches of an earlier text a corrected text still has, in the same order.

Words are compared first, characters only inside words that changed. What the stretches mean for a passage is
left to `anchoring`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

WORD = re.compile(r"\S+")
SAME_WORD = 0.6  # share of a word's characters that must stay for it to be the same word, spelled otherwise

_EDGE_SIGNS = re.compile(r"^\W+|\W+$")
_SENTENCE_END = (".", "?", "!", "…", ":")
_LARGEST_TABLE = 2_000_000_000  # words times words: about a second
_LARGEST_CHARACTER_TABLE = 1_000_000
_LARGEST_PAIRING = 2_500
_LONGEST_SLIDE = 500

Run = tuple[int, int, int]  # first word in the earlier text, first word in the new one, number of words


@dataclass(frozen=True, slots=True)
class Stretch:
    """Signs that correspond one by one: `length` from `old` on in the earlier text, from `new` on in the new.

    They are the same signs, but for capitals.
    """

    old: int
    new: int
    length: int

    @property
    def old_end(self) -> int:
        return self.old + self.length

    @property
    def new_end(self) -> int:
        return self.new + self.length


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text (what stands between white space): their places, and keys to compare them by.

    Two words have one key if they differ in capitals, in signs at their edges or in how accents are stored.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        spans = tuple(found.span() for found in WORD.finditer(text))
        return cls(text, spans, tuple(map(word_key, WORD.findall(text))))

    def word(self, place: int) -> str:
        start, end = self.spans[place]
        return self.text[start:end]

    def gap_before(self, place: int) -> tuple[int, int]:
        """Where the white space before a word lies; that at the end for the place past the last."""
        start = self.spans[place - 1][1] if place else 0
        end = self.spans[place][0] if place < len(self.spans) else len(self.text)
        return start, end


@dataclass(frozen=True, slots=True)
class TextAlignment:
    """What two texts share.

    stretches : in the order of both texts, not overlapping.
    unsure : stretches of the earlier text of which it cannot be told whether they stayed or a like line did.
    """

    stretches: tuple[Stretch, ...]
    unsure: tuple[tuple[int, int], ...]


@lru_cache(maxsize=100_000)
def word_key(word: str) -> str:
    """The word without capitals, without signs at its edges and with accents stored one way."""
    folded = word.casefold() if word.isascii() else unicodedata.normalize("NFC", word).casefold()
    return _EDGE_SIGNS.sub("", folded) or folded


def align(old_text: str, new_text: str) -> TextAlignment:
    """Align two texts of any length; the time is bounded, however different they are.

    Words in common by mere chance, between much that differs, are not counted as shared.
    """
    old, new = Words.of(old_text), Words.of(new_text)
    runs = _without_chance(_runs(old, new), len(old.keys), len(new.keys))
    runs, unsure = _slid(runs, old, new)
    return TextAlignment(tuple(_joined(_stretches(runs, old, new), old_text, new_text)), tuple(unsure))


# ---- words


def _runs(old: Words, new: Words) -> list[Run]:
    """Runs of words with the same keys, in order."""
    if len(old.keys) * len(new.keys) <= _LARGEST_TABLE:
        return _equal_runs(old.keys, new.keys)
    old_lines, new_lines = _lines(old), _lines(new)
    if len(old_lines) * len(new_lines) > _LARGEST_TABLE:
        return _common_ends(old.keys, new.keys)
    runs: list[Run] = []
    for step in Levenshtein.opcodes(
        [old.keys[a:b] for a, b in old_lines], [new.keys[a:b] for a, b in new_lines]
    ):
        i1, i2, j1, j2 = step.src_start, step.src_end, step.dest_start, step.dest_end
        if i1 == i2 or j1 == j2:
            continue
        a, b, c, d = old_lines[i1][0], old_lines[i2 - 1][1], new_lines[j1][0], new_lines[j2 - 1][1]
        if step.tag == "equal":
            runs.append((a, c, b - a))
        elif (b - a) * (d - c) <= _LARGEST_TABLE // 100:
            runs += [(a + i, c + j, n) for i, j, n in _equal_runs(old.keys[a:b], new.keys[c:d])]
    return runs


def _equal_runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    return [
        (step.src_start, step.dest_start, step.src_end - step.src_start)
        for step in Levenshtein.opcodes(old, new)
        if step.tag == "equal"
    ]


def _common_ends(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    shorter = min(len(old), len(new))
    first = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    last = next((n for n in range(shorter - first) if old[-1 - n] != new[-1 - n]), shorter - first)
    return [(i, j, n) for i, j, n in ((0, 0, first), (len(old) - last, len(new) - last, last)) if n]


def _lines(words: Words) -> list[tuple[int, int]]:
    """First and last (half-open) word of each line."""
    lines, first = [], 0
    for place in range(1, len(words.spans)):
        start, end = words.gap_before(place)
        if "\n" in words.text[start:end]:
            lines.append((first, place))
            first = place
    return [*lines, (first, len(words.spans))] if words.spans else []


def _without_chance(runs: list[Run], n_old: int, n_new: int) -> list[Run]:
    """Drop runs that are short beside what differs on both sides of them."""
    while True:
        kept: list[Run] = []
        for place, (i, j, n) in enumerate(runs):
            i0, j0 = (kept[-1][0] + kept[-1][2], kept[-1][1] + kept[-1][2]) if kept else (0, 0)
            i1, j1 = runs[place + 1][:2] if place + 1 < len(runs) else (n_old, n_new)
            if 2 * n >= min(max(i - i0, j - j0), max(i1 - i - n, j1 - j - n)):
                kept.append((i, j, n))
        if len(kept) == len(runs):
            return kept
        runs = kept


# ---- where exactly something was put in or left out


def _slid(runs: list[Run], old: Words, new: Words) -> tuple[list[Run], list[tuple[int, int]]]:
    """Move pure insertions and deletions to the edges of lines or sentences where the words allow it.

    "x" put in beside "x" may be the first or the second: a whole line is likelier than pieces of two; else
    the earlier one is held to be the old one. Returns also where it cannot be told although lines differ.
    """
    ends = [(0, 0, 0), *runs, (len(old.keys), len(new.keys), 0)]
    unsure = []
    for place in range(len(ends) - 1):
        (i, j, n), (i1, j1, n1) = ends[place], ends[place + 1]
        a, c = i + n, j + n
        if (a == i1) == (c == j1):
            continue
        words, first, last = (new, c, j1) if a == i1 else (old, a, i1)
        right = _slide(words, first, last, min(n1, _LONGEST_SLIDE), 1)
        left = _slide(words, first, last, min(n, _LONGEST_SLIDE), -1)
        if not right and not left:
            continue
        grades = {by: min(_cut(words, first + by), _cut(words, last + by)) for by in range(-left, right + 1)}
        best = max(grades.values())
        equal = [by for by, grade in grades.items() if grade == best]
        by = equal[-1]
        if equal[0] < by:
            start, end = words.spans[first + equal[0]][0], words.spans[last + equal[0]][0]
            if "\n" in words.text[start:end]:
                unsure.append((old.spans[a + equal[0]][0], old.spans[a + by - 1][1]))
        ends[place] = (i, j, n + by)
        ends[place + 1] = (i1 + by, j1 + by, n1 - by)
    return [run for run in ends if run[2] > 0], unsure


def _slide(words: Words, first: int, last: int, most: int, step: int) -> int:
    """By how many words `words[first:last]` can be moved and still leave the same text around it."""
    for by in range(most):
        one, other = (first + by, last + by) if step > 0 else (first - 1 - by, last - 1 - by)
        if words.word(one) != words.word(other):
            return by
    return most


def _cut(words: Words, place: int) -> int:
    """How well a text can be cut before a word: 2 between lines, 1 between sentences."""
    start, end = words.gap_before(place)
    if start == 0 or end == len(words.text) or "\n" in words.text[start:end]:
        return 2
    return int(words.text[:start].endswith(_SENTENCE_END))


# ---- characters


def _stretches(runs: list[Run], old: Words, new: Words) -> Iterator[Stretch]:
    i, j = 0, 0
    for first, new_first, n in [*runs, (len(old.keys), len(new.keys), 0)]:
        yield from _in_edit(old, new, (i, first), (j, new_first))
        if n:
            yield from _in_run(old, new, first, new_first, n)
        i, j = first + n, new_first + n


def _in_run(old: Words, new: Words, i: int, j: int, n: int) -> Iterator[Stretch]:
    """The stretches of a run of words whose keys are the same."""
    start, end = old.spans[i][0], old.spans[i + n - 1][1]
    new_start, new_end = new.spans[j][0], new.spans[j + n - 1][1]
    if _lower(old.text[start:end]) == _lower(new.text[new_start:new_end]):
        yield Stretch(start, new_start, end - start)
    elif n > 1:
        yield from _in_run(old, new, i, j, n // 2)
        yield from _in_run(old, new, i + n // 2, j + n // 2, n - n // 2)
    else:
        yield from _in_characters(old.text, new.text, (start, end), (new_start, new_end))


def _in_edit(
    old: Words, new: Words, old_words: tuple[int, int], new_words: tuple[int, int]
) -> Iterator[Stretch]:
    """What words that were changed still share: their likeness as a whole, else word by word."""
    (i, i1), (j, j1) = old_words, new_words
    if i == i1 or j == j1:
        return
    span, new_span = (old.spans[i][0], old.spans[i1 - 1][1]), (new.spans[j][0], new.spans[j1 - 1][1])
    if (span[1] - span[0]) * (new_span[1] - new_span[0]) <= _LARGEST_CHARACTER_TABLE and _alike(
        _lower(old.text[slice(*span)]), _lower(new.text[slice(*new_span)])
    ):
        yield from _in_characters(old.text, new.text, span, new_span)
    elif (i1 - i) * (j1 - j) <= _LARGEST_PAIRING:
        pairs = _pairs([old.word(a) for a in range(i, i1)], [new.word(c) for c in range(j, j1)])
        if 2 * len(pairs) < min(i1 - i, j1 - j):
            return  # a few like words in a passage that was written anew
        for a, c in pairs:
            yield from _in_characters(old.text, new.text, old.spans[i + a], new.spans[j + c])


def _lower(text: str) -> str:
    """The text without capitals, as long as it was."""
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(low if len(low := c.lower()) == 1 else c for c in text)
    )


def _alike(one: str, other: str) -> float:
    if len(one) * len(other) > _LARGEST_CHARACTER_TABLE * 100:
        return 0.0
    return Levenshtein.normalized_similarity(one, other, score_cutoff=SAME_WORD)


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Words that are alike, in order, with the greatest likeness in all."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_alike(_lower(one), _lower(other)) for other in new] for one in old]
    for a in range(len(old) - 1, -1, -1):
        for c in range(len(new) - 1, -1, -1):
            best[a][c] = max(best[a + 1][c], best[a][c + 1], best[a + 1][c + 1] + alike[a][c])
    pairs, a, c = [], 0, 0
    while a < len(old) and c < len(new):
        if alike[a][c] and best[a][c] == best[a + 1][c + 1] + alike[a][c]:
            pairs.append((a, c))
            a, c = a + 1, c + 1
        elif best[a][c] == best[a + 1][c]:
            a += 1
        else:
            c += 1
    return pairs


def _in_characters(
    old_text: str, new_text: str, span: tuple[int, int], new_span: tuple[int, int]
) -> Iterator[Stretch]:
    (start, end), (new_start, new_end) = span, new_span
    old_signs, new_signs = _lower(old_text[start:end]), _lower(new_text[new_start:new_end])
    if len(old_signs) * len(new_signs) > _LARGEST_CHARACTER_TABLE * 100:
        runs = _common_ends(old_signs, new_signs)
    else:
        runs = _equal_runs(old_signs, new_signs)
    for i, j, n in runs:
        yield Stretch(start + i, new_start + j, n)


def _joined(stretches: Iterator[Stretch], old_text: str, new_text: str) -> Iterator[Stretch]:
    """Stretches with the white space around them where both texts have the same; neighbours made one."""
    last = Stretch(0, 0, 0)
    for following in [*stretches, Stretch(len(old_text), len(new_text), 0)]:
        old_gap = old_text[last.old_end : following.old]
        new_gap = new_text[last.new_end : following.new]
        head = _common_space(old_gap, new_gap)
        tail = _common_space(old_gap[head:][::-1], new_gap[head:][::-1])
        if head == len(old_gap) == len(new_gap):
            last = Stretch(last.old, last.new, following.old_end - last.old)
            continue
        if last.length + head:
            yield Stretch(last.old, last.new, last.length + head)
        last = Stretch(following.old - tail, following.new - tail, following.length + tail)
    if last.length:
        yield last


def _common_space(one: str, other: str) -> int:
    count = 0
    for sign, like in zip(one, other, strict=False):
        if sign != like or not sign.isspace():
            break
        count += 1
    return count
