"""Sentences of a report, and the clauses in them that say one thing each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from quant.prose_words import ProseWords

_END = re.compile(r"[.!?:]?[.!?][\"»”’)]*\s+(?=[\"»“(]?[A-ZÆØÅ0-9])")


def sentences(text: str, words: ProseWords) -> Iterator[str]:
    """The sentences of a paragraph; abbreviations and numbers such as `5.3` do not end one."""
    text = re.sub(r"\s+", " ", text).strip()
    start = 0
    for end in _END.finditer(text):
        before = text[start : end.end()].rstrip().lower()
        if before.endswith(words.never_last) or re.search(r"(?:^|\s)\d{1,2}\.$", before):
            continue
        yield text[start : end.end()].strip()
        start = end.end()
    if text[start:].strip():
        yield text[start:].strip()


def clauses(sentence: str, words: ProseWords) -> list[str]:
    """The parts of a sentence that words such as `but` and `while` set against each other."""
    starts = [0, *(found.start() for found in words.clause_breaks.finditer(sentence)), len(sentence)]
    parts = [sentence[a:b].strip() for a, b in pairwise(starts)]
    return [part for part in parts if part]
