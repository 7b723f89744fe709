"""What the name of a file tells about its interview: date, number, actor group, place, language. All of it is
guessed, and each guess says which words it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rapidfuzz import fuzz

FactKind = Literal["date", "number", "group", "place", "language", "kind"]

_MONTHS = (
    "januar|january|jan", "februar|february|feb", "marts|march|mar", "april|apr", "maj|may", "juni|june|jun",
    "juli|july|jul", "august|aug", "september|sept|sep", "oktober|october|okt|oct", "november|nov",
    "december|dec",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
_YEAR = r"(?P<year>(?:19|20)\d{2}|\d{2})"
_SEPARATOR = r"[-_. /]+"
_ISO = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<s>[-_. /]?)(?P<month>\d{2})(?P=s)(?P<day>\d{2})(?!\d)")
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}}){_SEPARATOR}(?P<month>\d{{1,2}}){_SEPARATOR}{_YEAR}(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)(?P<day>\d{2})(?P<month>\d{2})(?P<year>20\d{2}|\d{2})(?!\d)")
_WITH_MONTH = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\.?(?:{_SEPARATOR})?(?P<name>{_MONTH})\.?(?:{_SEPARATOR})?(?P<year>(?:19|20)\d{{2}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<![^\W\d_])(?P<name>{_MONTH})\.?(?:{_SEPARATOR})?(?P<day>\d{{1,2}}){_SEPARATOR}(?P<year>(?:19|20)\d{{2}})(?!\d)",
    re.IGNORECASE,
)
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_WORD = re.compile(
    r"(?<![^\W\d_])(?:interview|int|nr|no|number|nummer|case|informant|inf|ip|id|p|r|transskription|transcript)?"
    r"[-_. #]*(?P<number>\d{1,4})(?!\d)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?<![^\W_])(?:(?:kommune|municipality)[-_ ]+(?P<after>[A-ZÆØÅ][^\W\d_]*|\d{1,2})"
    r"|(?P<before>[A-ZÆØÅ][^\W\d_]*)[-_ ]?(?:kommune|municipality))(?![^\W_])",
    re.IGNORECASE,
)
_LANGUAGES = {
    "da": "dansk danish da dk",
    "en": "engelsk english en uk",
    "ar": "arabisk arabic ar",
    "so": "somali somalisk so",
    "ti": "tigrinya tigrinja ti",
    "fa": "farsi persisk persian dari fa",
    "de": "tysk german de",
    "sv": "svensk swedish sv",
    "no": "norsk norwegian",
    "uk": "ukrainsk ukrainian",
    "tr": "tyrkisk turkish",
    "fr": "fransk french",
}
_KINDS = {
    "group": "gruppe gruppeinterview fokusgruppe fokusgruppeinterview fg focus group focusgroup",
    "notes": "noter feltnoter notes fieldnotes",
    "summary": "referat resumé resume summary opsummering",
}
_GROUP_LIKENESS = 88.0


@dataclass(frozen=True, slots=True)
class FactGuess:
    """A fact that a file's name seems to tell.

    value : a date as ISO 8601, a number without leading noughts, the name of a group as in the vocabulary,
        a place as written, a language as its code, or the kind of document ("group", "notes", "summary").
    from_words : the words of the name it came from.     start, end : where they stand in the name.
    score : how sure, 0-100.
    """

    kind: FactKind
    value: str
    from_words: str
    start: int
    end: int
    score: float


def facts_from_name(
    file_name: str, *, groups_vocabulary: Mapping[str, Sequence[str]] | None = None
) -> tuple[FactGuess, ...]:
    """Return what the name of a file tells, in the order of the name; no stretch of it is used twice.

    groups_vocabulary : actor group -> words that mean it (`{"leader": ["leder", "chef"]}`); the group's own
        name always means it.
    A name that could be several dates is read with the day before the month.
    """
    name = _ENDING.sub("", file_name)
    taken: list[tuple[int, int]] = []
    found: list[FactGuess] = []
    ways = (
        _dates(name),
        _places(name),
        _groups(name, groups_vocabulary or {}),
        _kinds(name),
        _languages(name),
    )
    for guesses in (*ways, _numbers(name)):
        for guess in guesses:
            if all(guess.end <= start or end <= guess.start for start, end in taken):
                taken.append((guess.start, guess.end))
                found.append(guess)
    return tuple(sorted(_one_of_each(found), key=lambda guess: guess.start))


def _one_of_each(found: Sequence[FactGuess]) -> Iterator[FactGuess]:
    """The surest of each kind; of equally sure ones the first."""
    best: dict[str, FactGuess] = {}
    for guess in found:
        if guess.kind not in best or guess.score > best[guess.kind].score:
            best[guess.kind] = guess
    return iter(best.values())


def _dates(name: str) -> Iterator[FactGuess]:
    for form, score in (
        (_ISO, 98.0),
        (_WITH_MONTH, 98.0),
        (_MONTH_FIRST, 95.0),
        (_DAY_FIRST, 92.0),
        (_COMPACT, 75.0),
    ):
        for match in form.finditer(name):
            read = _date(match.groupdict())
            if read is not None:
                yield FactGuess("date", read.isoformat(), match.group(), *match.span(), score)


def _date(parts: Mapping[str, str | None]) -> date | None:
    year, word = int(parts["year"] or 0), (parts.get("name") or "").casefold()
    if word:
        month = next(index for index, names in enumerate(_MONTHS, 1) if word in names.split("|"))
    else:
        month = int(parts["month"] or 0)
    try:
        return date(year + 2000 if year < 100 else year, month, int(parts["day"] or 0))
    except ValueError:
        return None


def _places(name: str) -> Iterator[FactGuess]:
    for match in _PLACE.finditer(name):
        place = (match["after"] or match["before"]).strip("-_ ")
        yield FactGuess("place", place, match.group(), *match.span(), 85.0)


def _groups(name: str, vocabulary: Mapping[str, Sequence[str]]) -> Iterator[FactGuess]:
    for match in _WORD.finditer(name):
        said = match.group().casefold()
        if len(said) < 3:
            continue
        scores = [
            (_alike(said, word.casefold()), group)
            for group, words in vocabulary.items()
            for word in (group, *words)
        ]
        score, group = max(scores, default=(0.0, ""))
        if score >= _GROUP_LIKENESS:
            yield FactGuess("group", group, match.group(), *match.span(), round(score, 1))


def _alike(said: str, word: str) -> float:
    if said == word:
        return 100.0
    inflected = said.startswith(word) and said[len(word) :] in {
        "e",
        "n",
        "r",
        "s",
        "en",
        "er",
        "ne",
        "erne",
        "et",
    }
    compound = len(word) >= 4 and (said.endswith(word) or (len(word) >= 5 and said.startswith(word)))
    if inflected or compound:
        return 96.0 if inflected else 90.0 + min(len(word), 20) / 10
    return float(fuzz.ratio(said, word)) - 2.0 if min(len(said), len(word)) >= 5 else 0.0


def _kinds(name: str) -> Iterator[FactGuess]:
    for match in _WORD.finditer(name):
        for kind, words in _KINDS.items():
            if match.group().casefold() in words.split():
                yield FactGuess("kind", kind, match.group(), *match.span(), 85.0)


def _languages(name: str) -> Iterator[FactGuess]:
    for match in _WORD.finditer(name):
        said = match.group().casefold()
        for language, words in _LANGUAGES.items():
            if said in words.split() and (
                len(said) > 2 or (match.group() in {said, said.upper()} and _is_last(name, match))
            ):
                yield FactGuess(
                    "language", language, match.group(), *match.span(), 90.0 if len(said) > 2 else 60.0
                )


def _is_last(name: str, match: re.Match[str]) -> bool:
    """`_da` and `_EN` tell a language at the end of a name only."""
    return match.end() == len(name) and match.start() > 0 and name[match.start() - 1] in "-_. "


def _numbers(name: str) -> Iterator[FactGuess]:
    for match in _NUMBER_WORD.finditer(name):
        number = match["number"]
        year = len(number) == 4 and number.startswith(("19", "20"))
        worded = match.start("number") > match.start()
        if not year:
            value = str(int(number))
            yield FactGuess("number", value, match.group().strip(), *match.span(), 85.0 if worded else 70.0)
