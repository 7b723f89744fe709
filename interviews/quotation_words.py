"""The words of a quotation and of a text, brought to one form so that they can be compared.

Left to others: where a quotation stands (`locating`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d\u00ad"


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_RUN = rf"[^\W_](?:[^\W_]|[{_MARKS}])*"
# A hyphen or apostrophe inside a word belongs to it, and so does one that a line break follows.
_JOINT = r"['’`´‑\-]|\ufffe|[\-\u00ad\u2010]\s*\n\s*"
WORD = re.compile(rf"{_RUN}(?:(?:{_JOINT}){_RUN})*")
_NO_LETTER = re.compile(r"[\W_]+")

_ELISION = re.compile(
    r"[\[(/]\s*(?:\.{2,}|…|(?:-\s*){2,}|–+)\s*[\])/]"  # [...] (…) / ... / [--]
    r"|\.{3,}|…|(?:\.\s){2,}\.",
)
_BRACKETS = re.compile(r"\[[^\[\]\n]{1,80}\]")
# A label within a quotation that goes over several turns: "Interviewer:", "R1:", "Amina (tolk):".
_LABEL = re.compile(
    r"(?:^|\n|(?<=[.?!…”\"»]\s))\s*[\"”“»«]?\s*([^\W\d_][\w .'’\-]{0,28}(?:\([^()\n]{1,20}\))?\s*:)(?=\s)"
)
# A word that a printed page broke: "medarbej- der". Not "sprog- og".
_BROKEN = re.compile(r"(?<=[^\W\d_]{2})-[ \t]+(?!(?:og|eller|samt|and|or)\b)(?=[a-zæøåäöü])")

FILLERS = _listed(
    """
    øh øhm øhh øøh æh æhm eh ehm hm hmm mm mmm mhm hmhm uh um uhm uhh umm ehh
    """
)
NEGATIONS = _listed(
    """
    ikke ikk aldrig ingen intet ingenting hverken næppe not never none nobody nothing neither nor cannot
    dont doesnt didnt cant couldnt wont wouldnt isnt arent wasnt werent hasnt havent hadnt shouldnt aint no
    """
)
# Words that every interview is full of: alone they say nothing of where a sentence comes from.
COMMON = _listed(
    """
    ad af aldrig alle alt altid altså andet andre at bare begge ben bliver blev blive da de dem den denne
    der deres derfor derhen det dette dig din dine disse dit dog du efter egentlig ej eller en end endda er
    et faktisk far fem fik for fordi fra frem få får før først gang gange gerne gik gjorde gjort god godt
    går gør gøre ham han hans har havde have hele helt hen hende hendes her hos hun hvad hver hvilken hvis
    hvor hvordan hvorfor i igen ikke ikk ind ingen intet ja jamen jeg jer jo kan kom komme kommer kun kunne
    lave laver ligesom lidt lige lissom man mange med meget mellem men mens mere mest mig min mine mit mod
    må måde måske måtte ned nej noget nok nogen nogle nu når næste og også om op os over på rigtig rigtigt
    sagt se ser selv set si sig siger sin sine sit sige skal ske skulle som synes så sådan sådant tage tager
    ting tror tit to til ud under var ved vel vi vil ville vores være været vigtigt a about after again all
    also always am an and any are as be because been before being but by can could did do does doing done
    down each even every few from get gets getting go goes going gone good got had has having he here hers
    him his how if in into is it its just kind know like little lot made make many may me mean more most
    much my no not now of off on one only or other our out people really right said same say says see she
    should so some something sort still such take than that thats the their them then there these they thing
    things think this those through time too two up us very want was way we well went were what when where
    which while who why will with would yeah yes you your important im ive dont didnt isnt
    """
)
COMMON_WEIGHT = 0.3

_UNITS_DA = (
    "nul en to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten "
    "nitten"
)
_UNITS_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS_DA = "tyve tredive fyrre halvtreds tres halvfjerds firs halvfems"
_TENS_EN = "twenty thirty forty fifty sixty seventy eighty ninety"


@lru_cache(maxsize=1)
def _numbers() -> dict[str, str]:
    """Number words of both languages as digits. `en` and `one` stay words: they are articles and pronouns."""
    numbers = {name: str(value) for value, name in enumerate(_UNITS_DA.split())}
    numbers |= {name: str(value) for value, name in enumerate(_UNITS_EN.split())}
    for units, tens, pattern in (
        (_UNITS_DA.split(), _TENS_DA.split(), "{unit}og{ten}"),
        (_UNITS_EN.split(), _TENS_EN.split(), "{ten}{unit}"),
    ):
        for place, ten in enumerate(tens, start=2):
            numbers[ten] = str(place * 10)
            for value in range(1, 10):
                numbers[pattern.format(unit=units[value], ten=ten)] = str(place * 10 + value)
    numbers |= {"hundrede": "100", "hundred": "100", "tusind": "1000", "tusinde": "1000", "thousand": "1000"}
    for article in ("en", "one"):
        del numbers[article]
    return numbers


@lru_cache(maxsize=60_000)
def normal_form(word: str) -> str:
    """A word as it is compared: small letters, composed, no hyphens or apostrophes, numbers as digits."""
    form = word.lower()
    if not form.isalnum():
        form = _NO_LETTER.sub("", unicodedata.normalize("NFC", form).replace("\u00ad", ""))
    return _numbers().get(form, form)


def lowered(text: str) -> str:
    """The text in small letters, every character in its place."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


@lru_cache(maxsize=60_000)
def weight_of(form: str) -> float:
    """How much a word says of where a sentence comes from: 0 of a filled pause, 1 of a word with content."""
    if form in FILLERS:
        return 0.0
    if form in COMMON or len(form) <= 2:
        return COMMON_WEIGHT
    return 1.0


class TextWord(NamedTuple):
    """A word at `text[start:end]`. aside : it stands between commas, as the question `ikke?` does."""

    form: str
    start: int
    end: int
    aside: bool = False


class QuotedWord(NamedTuple):
    """A word of a quotation, at `start:end` of the quotation as given.

    optional : put there by whoever quotes (a clarification in square brackets, a speaker's label).
    part : which stretch between two omissions it belongs to, counted from 0.
    """

    form: str
    start: int
    end: int
    optional: bool
    part: int
    aside: bool = False


def text_words(text: str, start: int, end: int) -> list[TextWord]:
    """The words of `text[start:end]`, whole at both ends."""
    start = _out_of_word(text, start, -1)
    end = _out_of_word(text, end, 1)
    found = []
    for word in WORD.finditer(text, start, end):
        form = normal_form(word.group())
        first, last = word.span()
        found.append(TextWord(form, first, last, form in NEGATIONS and _stands_aside(text, first, last)))
    return found


def quoted_words(quote: str) -> list[QuotedWord]:
    """The words of a quotation, with what was left out or put in marked as such."""
    omissions = [found.span() for found in _ELISION.finditer(quote)]
    optional = [found.span() for found in _BRACKETS.finditer(quote)]
    optional += [found.span(1) for found in _LABEL.finditer(quote)]
    # Same length, so that positions stay those of the quotation as given.
    joined = _BROKEN.sub(lambda found: "\u00ad" * len(found.group()), quote)
    words: list[QuotedWord] = []
    part = 0
    passed = 0
    for word in WORD.finditer(joined):
        start, end = word.span()
        while passed < len(omissions) and omissions[passed][0] < start:
            part += bool(words and words[-1].part == part)
            passed += 1
        form = normal_form(word.group())
        put_in = any(first <= start and end <= last for first, last in optional) or form in FILLERS
        aside = form in NEGATIONS and _stands_aside(quote, start, end)
        words.append(QuotedWord(form, start, end, put_in, part, aside))
    return words


def _out_of_word(text: str, place: int, step: int) -> int:
    """The nearest place in a direction that is not within a word."""
    place = min(max(place, 0), len(text))
    for _ in range(60):
        if not 0 < place < len(text) or not (text[place - 1].isalnum() and text[place].isalnum()):
            break
        place += step
    return place


def _stands_aside(text: str, start: int, end: int) -> bool:
    """Whether a negation only asks for agreement (`svært, ikke?`) or answers (`No, I ...`)."""
    before = text[max(start - 4, 0) : start].rstrip(" ")[-1:]
    after = text[end : end + 4].lstrip(" ")[:1]
    return before in ",;–-.?!…\n" and after in ",;–-.?!…\n"
