"""Turns that begin inside a paragraph (`... ja. Interviewer: Og så?`), and times that stand between words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from interviews.labels import Candidate, ReadLine
from interviews.places import Placed, cut
from interviews.times import CLOCK, SPOKEN
from interviews.vocabulary import first_word, is_name_like, is_role

_MOST_LABELS = 60
_SENTENCE_END = r"(?<=[.!?…\])\"”»؟])"
_INSIDE = re.compile(rf"{_SENTENCE_END}\s+(?P<label>[^\W\d_][^\s:]{{0,30}}(?:\s[^\s:]{{1,30}}){{0,3}}?):\s")
_MARK_SIGN = re.compile(r"[#\[{<(]")
_TIME_BETWEEN = re.compile(
    rf"#\d{{1,2}}:\d{{2}}:\d{{2}}(?:-\d{{1,3}})?#|[\[{{<]\s*(?:{CLOCK}|{SPOKEN})\s*[\]}}>]"
    r"|\(\s*\d{1,2}:[0-5]\d:[0-5]\d(?:[.,]\d{1,3})?\s*\)"
)


def split_at_labels(lines: Sequence[ReadLine], chosen: Sequence[Candidate | None]) -> list[Placed] | None:
    """Return the paragraphs with a new one at every known label after the end of a sentence.

    Known is a label with a colon that opens two or more lines, or a role that opens one, or a name that
    stands so in a third of the lines. None where no paragraph holds one inside.
    """
    counts = Counter(one.label for one in chosen if one is not None and one.style == "colon")
    known = {label for label, count in counts.items() if count >= 2 or is_role(label)}
    if known:
        known |= _often_inside(lines)
    if not known or len(known) > _MOST_LABELS:
        return None
    written = "|".join(
        re.escape(label) for label in sorted(known, key=len, reverse=True) if first_word(label)
    )
    if not written:
        return None
    inside = re.compile(rf"{_SENTENCE_END}\s+(?=(?:{written})\.?\s?:\s+\S)")
    found = [list(_parts(line, inside)) for line in lines]
    if all(len(parts) == 1 for parts in found):
        return None
    return [part for parts in found for part in parts]


def _often_inside(lines: Sequence[ReadLine]) -> set[str]:
    counts = Counter(
        found["label"]
        for line in lines
        for found in _INSIDE.finditer(line.paragraph.text, line.start, line.end)
    )
    return {
        label for label, count in counts.items() if count >= max(3, len(lines) / 3) and is_name_like(label)
    }


def _parts(line: ReadLine, inside: re.Pattern[str]) -> Iterator[Placed]:
    paragraph, start = line.paragraph, 0
    if paragraph.kind == "body":
        label = max((one.start for one in line.candidates if is_name_like(one.label)), default=line.start)
        for found in inside.finditer(paragraph.text, label):
            yield cut(paragraph, start, found.start())
            start = found.end()
    yield cut(paragraph, start)


def times_between(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where time marks stand among the words `text[start:end]`, each with the blanks after it.

    Brackets or `#` tell a mark from a time that somebody says; a mark glued to words on both sides stays.
    """
    found: list[tuple[int, int]] = []
    if not _MARK_SIGN.search(text, start, end):
        return found
    for mark in _TIME_BETWEEN.finditer(text, start, end):
        low, high = mark.span()
        before = low == start or text[low - 1].isspace()
        after = high == end or text[high].isspace()
        while before and high < end and text[high] in " \t":
            high += 1
        if before or after:
            found.append((low, high))
    return found
