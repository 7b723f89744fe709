"""Words, sentences and shortened quotations. spaCy's tokenizer does the cutting; no trained model is
needed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

OMISSION = "[...]"

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d"
_LETTERS = rf"[^\W_](?:[^\W_]|[{_MARKS}])*"
_WORD = re.compile(rf"{_LETTERS}(?:['’\-‑.,:/@&]{_LETTERS})*")
_INNER_STOP = re.compile(r"(?<=[^\W\d_])[.,:/](?=[^\W\d_]{2})")
_END = re.compile(r"^[.!?…]+$|^\?!$|^؟$|^。$")
_CLOSING = frozenset("\"'”’»)]}›")


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "da": _listed(
        """
        bl.a. f.eks. fx. dvs. d.v.s. m.fl. m.m. m.v. mv. o.l. o.lign. osv. o.s.v. ca. kl. nr. pct. stk.
        evt. inkl. ekskl.
        jf. jvf. pga. p.g.a. ift. i.f.t. ifm. ifbm. mht. m.h.t. vedr. hhv. iht. i.h.t. tlf. sek. mio. mia.
        kr. hr. fr. dr. prof.
        adm. afd. alm. ang. bem. cand. dir. eks. el. ell. enkl. etc. forb. frk. gns. gr. henv. kap. komm.
        lign. maks. max. min.
        mr. mrs. ms. ndr. nuv. obl. opr. p.t. pt. pr. s. sml. st. stud. sdr. t.o.m. t.eks. tidl. tilsv.
        ugtl. vha. v.h.a. årh.
        ang. sagsbeh. medarb. resp. int. bl. o.m.a. a.m. p.m. u. h.c. s.u. d.d. i.e. e.g.
        """
    ),
    "en": _listed(
        """
        e.g. i.e. etc. vs. mr. mrs. ms. dr. prof. st. no. nos. fig. figs. approx. dept. est. inc. ltd. co.
        jr. sr. p. pp. vol.
        a.m. p.m. u.s. u.k. ph.d. cf. al. ca. resp. gov. rep. sen. hon. rev. min. max. avg. hr. hrs.
        """
    ),
}


def words(text: str) -> int:
    """Return how many words a text has.

    A word is a run of letters or digits; a hyphen, apostrophe, decimal point or slash inside it belongs to it
    (`IGU-forløb`, `don't`, `3,5`, `og/eller` are one word each), and combining marks belong to their
    letter. Dashes,
    punctuation, emoji and omission marks are no words; filled pauses (`øh`, `mm`) are.
    """
    return len(_WORD.findall(text)) + len(_INNER_STOP.findall(text))


def sentences(text: str, language: str = "da") -> list[tuple[int, int]]:
    """Return the sentences of a text as half-open positions, without the blanks between them.

    language : "da" or "en" for the abbreviations that end in a full stop but end no sentence; other codes
        that spaCy knows use its own list. A line break always ends a sentence.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            spans.extend((start + a, start + b) for a, b in _in_line(line, language))
        start += len(line) + 1
    return spans


def excerpt(text: str, start: int, end: int, max_words: int = 60, language: str = "da") -> str:
    """Return `text[start:end]` for print: on one line, and whole sentences with `[...]` where it is long.

    As many sentences as fit within `max_words` are kept from the start. A first sentence that alone is longer
    is cut after its last whole word within the limit.

    Raises ValueError if the positions are not within the text or `max_words` is under 1.
    """
    if not 0 <= start <= end <= len(text) or max_words < 1:
        raise ValueError(
            f"positions {start}-{end} or {max_words} words do not fit a text of {len(text)} characters"
        )
    quote = text[start:end]
    if words(quote) <= max_words:
        return " ".join(quote.split())
    kept, count = 0, 0
    for _, stop in sentences(quote, language):
        count = words(quote[:stop])
        if count > max_words:
            break
        kept = stop
    if not kept:
        kept = _end_of_word(quote, max_words)
    return f"{' '.join(quote[:kept].split())} {OMISSION}"


def _end_of_word(quote: str, max_words: int) -> int:
    count = end = 0
    for found in _WORD.finditer(quote):
        count += 1 + len(_INNER_STOP.findall(found.group()))
        if count > max_words:
            break
        end = found.end()
    return end


@lru_cache(maxsize=8)
def _pipeline(language: str) -> Language:
    import spacy

    nlp = spacy.blank(language)
    tokenizer: Any = nlp.tokenizer
    for short in ABBREVIATIONS.get(language, ()):
        for spelling in {short, short.capitalize()}:
            tokenizer.add_special_case(spelling, [{"ORTH": spelling}])
    nlp.max_length = 50_000_000
    return nlp


def _in_line(line: str, language: str) -> list[tuple[int, int]]:
    doc = _pipeline(language)(line)
    spans: list[tuple[int, int]] = []
    start: int | None = None
    index = 0
    while index < len(doc):
        token = doc[index]
        if start is None and not token.is_space:
            start = token.idx
        if start is not None and _ends_sentence(doc, index):
            while index + 1 < len(doc) and doc[index + 1].text in _CLOSING and not doc[index].whitespace_:
                index += 1
            spans.append((start, doc[index].idx + len(doc[index])))
            start = None
        index += 1
    if start is not None:
        spans.append((start, len(line.rstrip())))
    return [(a, b) for a, b in spans if b > a]


def _ends_sentence(doc: Doc, index: int) -> bool:
    """A full stop ends a sentence unless a number stands before it or a small letter after it."""
    token = doc[index]
    if not _END.match(token.text):
        return False
    following = _next_word(doc, index)
    if following is None:
        return True
    if following[0].islower():
        return False
    after_digit = index > 0 and doc[index - 1].text.isdigit() and not doc[index - 1].whitespace_
    return not (token.text == "." and after_digit and following[0].islower())


def _next_word(doc: Doc, index: int) -> str | None:
    for token in doc[index + 1 :]:
        if not token.is_space and token.text not in _CLOSING:
            return (
                str(token.text)
                if any(c.isalnum() for c in token.text) or not _END.match(token.text)
                else None
            )
    return None
