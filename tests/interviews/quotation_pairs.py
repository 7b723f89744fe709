"""Quotations with the place they come from, made from interviews with fixed seeds; and pairs that are none.

Each way to change a quotation is one that reports and other programs are seen to use. Pairs of even number
were there to choose the limits of `locate` by; those of odd number were held out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

_WORD = re.compile(r"\S+")
_TRIM = " .,;:!?–-\"»«'()[]…"
_NUMBERS = {
    "to": "2", "tre": "3", "fire": "4", "fem": "5", "seks": "6", "syv": "7", "otte": "8", "tolv": "12",
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "ten": "10", "tyve": "20",
}  # fmt: skip
_NEGATIONS = {"ikke", "ikk", "aldrig", "ingen", "intet", "no", "not", "never", "none", "nej"}
NEGATION = {"da": "ikke", "en": "not"}


@dataclass(frozen=True)
class QuotationPair:
    """A quotation as printed, and `start:end` of its words in the text; None if they are not there."""

    kind: str
    quote: str
    text: str
    span: tuple[int, int] | None


@dataclass
class Passage:
    """Words of a text in a row, and what a report made of each (None where it was left out)."""

    words: list[str | None]
    spans: list[tuple[int, int]]

    @property
    def quote(self) -> str:
        return " ".join(word for word in self.words if word)

    @property
    def span(self) -> tuple[int, int]:
        kept = [span for word, span in zip(self.words, self.spans, strict=True) if word]
        return kept[0][0], kept[-1][1]


Change = Callable[[Passage, random.Random], None]


def passage_of(text: str, length: int, chance: random.Random, *, within_a_turn: bool = True) -> Passage:
    """Words in a row somewhere in the text, bare of punctuation at both ends."""
    words = [found.span() for found in _WORD.finditer(text) if found.group().strip(_TRIM)]
    for _ in range(4000):
        first = chance.randrange(len(words) - length)
        spans = words[first : first + length]
        crosses = "\n" in text[spans[0][0] : spans[-1][1]]
        if crosses != within_a_turn:
            break
    else:
        raise ValueError(f"no passage of {length} words in this text")
    given: list[str | None] = [text[start:end] for start, end in spans]
    spans[0] = _bare(text, spans[0])
    spans[-1] = _bare(text, spans[-1])
    given[0] = text[slice(*spans[0])]
    given[-1] = text[slice(*spans[-1])]
    return Passage(given, spans)


def _bare(text: str, span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return start, end


def as_it_is(passage: Passage, chance: random.Random) -> None:
    """Nothing is changed."""


def omission(passage: Passage, chance: random.Random) -> None:
    """Words are left out, and a mark stands in their place."""
    length = len(passage.words)
    first = chance.randrange(4, length // 2)
    last = first + chance.randrange(3, max(4, length - first - 4))
    mark = chance.choice(("[...]", "(…)", "...", "[…]", "/ ... /", "(...)"))
    for place in range(first, min(last, length - 4)):
        passage.words[place] = None
    passage.words[first] = mark


def silent_omission(passage: Passage, chance: random.Random) -> None:
    """A few words are left out, and nothing says so."""
    for place in range(2, len(passage.words) - 2):
        if chance.random() < 0.08 and not _negates(passage.words[place]):
            passage.words[place] = None


def clarification(passage: Passage, chance: random.Random) -> None:
    """A clarification in brackets is put in, or stands for a word."""
    place = chance.randrange(2, len(passage.words) - 2)
    word = passage.words[place]
    put_in = chance.choice(("[sagsbehandleren]", "[jobcentret, red.]", "[the case worker]", "[i kommunen]"))
    passage.words[place] = f"{word} {put_in}" if chance.random() < 0.6 or _negates(word) else put_in


def slips(passage: Passage, chance: random.Random) -> None:
    """Letters are exchanged, doubled or lost."""
    long = [place for place, word in enumerate(passage.words) if word and len(word.strip(_TRIM)) > 4]
    for place in chance.sample(long, min(len(long), max(1, len(passage.words) // 10))):
        word = passage.words[place] or ""
        at = chance.randrange(1, len(word) - 2)
        passage.words[place] = chance.choice(
            (
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
            )
        )


def other_words(passage: Passage, chance: random.Random) -> None:
    """A word in ten is another one."""
    for place in chance.sample(range(1, len(passage.words) - 1), max(1, len(passage.words) // 10)):
        if not _negates(passage.words[place]):
            passage.words[place] = chance.choice(
                ("ordningen", "stadig", "kommunen", "often", "project", "deres")
            )


def tidied(passage: Passage, chance: random.Random) -> None:
    """Case, quotation marks, punctuation and numbers as a proof-reader leaves them."""
    for place, word in enumerate(passage.words):
        bare = (word or "").strip(_TRIM).lower()
        if bare in _NUMBERS:
            passage.words[place] = _NUMBERS[bare]
        elif word and chance.random() < 0.2:
            passage.words[place] = word.strip(_TRIM) + chance.choice(("", ",", ".", ";"))
    passage.words[0] = f"”{(passage.words[0] or '').capitalize()}"
    passage.words[-1] = f"{passage.words[-1]}.”"


def broken_lines(passage: Passage, chance: random.Random) -> None:
    """Lines as a printed page breaks them, with hyphens, and blanks too many."""
    for place, word in enumerate(passage.words):
        if word and len(word) > 8 and word.isalpha() and chance.random() < 0.5:
            at = len(word) // 2
            passage.words[place] = f"{word[:at]}-\n{word[at:]}"
        elif word and chance.random() < 0.15:
            passage.words[place] = word + chance.choice(("\n", "  ", " \n "))


def filled_pauses(passage: Passage, chance: random.Random) -> None:
    """Filled pauses are put in, as the recording has them."""
    for place in range(1, len(passage.words) - 1):
        if passage.words[place] and chance.random() < 0.15:
            passage.words[place] = f"{passage.words[place]} {chance.choice(('øh,', 'øhm', 'um,', 'mm,'))}"


def several(passage: Passage, chance: random.Random) -> None:
    """What careless reports do all at once."""
    slips(passage, chance)
    tidied(passage, chance)
    omission(passage, chance)


CHANGES: dict[str, tuple[Change, int]] = {
    "as it is": (as_it_is, 18),
    "omission": (omission, 34),
    "silent omission": (silent_omission, 28),
    "clarification": (clarification, 22),
    "slips": (slips, 22),
    "other words": (other_words, 24),
    "tidied": (tidied, 20),
    "broken lines": (broken_lines, 26),
    "filled pauses": (filled_pauses, 22),
    "several": (several, 36),
    "short": (as_it_is, 4),
    "short and tidied": (tidied, 5),
}


def true_pairs(text: str, *, seed: int, each: int = 2) -> list[QuotationPair]:
    """Quotations of a text, `each` for every change, then some that go over two turns."""
    chance = random.Random(seed)
    pairs = []
    for kind, (change, length) in CHANGES.items():
        for _ in range(each):
            passage = passage_of(text, length, chance)
            change(passage, chance)
            pairs.append(QuotationPair(kind, passage.quote, text, passage.span))
    for _ in range(each):
        passage = passage_of(text, 26, chance, within_a_turn=False)
        for place in range(1, len(passage.words)):
            if "\n" in text[passage.spans[place - 1][1] : passage.spans[place][0]]:
                passage.words[place] = (
                    f"\n{chance.choice(('R:', 'Borger:', 'Interviewer:'))} {passage.words[place]}"
                )
        pairs.append(QuotationPair("over two turns", passage.quote, text, passage.span))
    return pairs


def absent_pairs(text: str, other: str, *, seed: int, each: int = 2) -> list[QuotationPair]:
    """Quotations of another interview on the same subject, changed or not, none of them in this text."""
    pairs = []
    for pair in true_pairs(other, seed=seed, each=each):
        assert pair.span is not None
        words = [word.strip(_TRIM).lower() for word in other[slice(*pair.span)].split()]
        phrases = [" ".join(words[place : place + 3]) for place in range(len(words) - 2)]
        spoken = " ".join(word.strip(_TRIM).lower() for word in text.split())
        if sum(phrase in spoken for phrase in phrases) <= len(phrases) // 3:
            pairs.append(QuotationPair(f"elsewhere, {pair.kind}", pair.quote, text, None))
    return pairs


def negated_pairs(text: str, *, seed: int, language: str, each: int = 6) -> list[QuotationPair]:
    """Sentences that say the opposite of what the text says."""
    chance = random.Random(seed)
    pairs = []
    while len(pairs) < each:
        passage = passage_of(text, 12, chance)
        if not any(_negates(word) for word in passage.words):
            place = chance.randrange(3, 9)
            passage.words[place] = f"{passage.words[place]} {NEGATION[language]}"
            pairs.append(QuotationPair("negated", passage.quote, text, None))
    return pairs


def _negates(word: str | None) -> bool:
    bare = (word or "").strip(_TRIM).lower().replace("’", "").replace("'", "")
    return bare in _NEGATIONS or bare.endswith("nt")
