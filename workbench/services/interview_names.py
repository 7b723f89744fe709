"""Whether two names mean the same interview or person: `Leder 1.docx`, `leder_01`, `LEDER-1 (udskrift)`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

SURE = 86.0
SAME = 100.0
_ENDING = re.compile(
    r"\.(?:docx?|docm|dotx|odt|rtf|txt|text|md|markdown|html?|pdf|vtt|srt|json|csv|tsv|xlsx?)$",
    re.IGNORECASE,
)
_DATES = (
    re.compile(r"(?<!\d)(\d{4})[-_. ]?(\d{2})[-_. ]?(\d{2})(?!\d)"),
    re.compile(r"(?<!\d)\d{1,2}[-_./ ]\d{1,2}[-_./ ](?:\d{4}|\d{2})(?!\d)"),
)
_DOWNLOADED_AGAIN = re.compile(r"\s*(?:\(\d{1,2}\)|[-–] ?(?:kopi|copy))$", re.IGNORECASE)
# Words about the file and not about whom it is an interview with.
_FILE_WORDS = """
    interview interviewet interviews udskrift transskription transskriberet transskribering transcript
    transcription transcribed renskrevet renskrift final endelig version anonymiseret anonymised anonymized
    kopi copy af of med with og and the
"""
_ABOUT_THE_FILE = frozenset(_FILE_WORDS.split())
_KEPT_LETTERS = "æøåäöü"


@dataclass(frozen=True)
class _Parts:
    words: tuple[str, ...]
    numbers: tuple[int, ...]


def stem(name: str) -> str:
    """A file's name without the ending of a known kind; a full stop inside a name is no ending."""
    return _ENDING.sub("", name.strip()).strip()


def likeness(one: str, other: str) -> float:
    """How surely two names mean the same, 0-100.

    Case, punctuation, accents, the order of words, leading noughts and words such as "udskrift" do not count;
    æ, ø and å are letters of their own. Names whose numbers differ are never alike, and dates in them stand
    aside.
    """
    first, second = _parts(one), _parts(other)
    if first.numbers != second.numbers:
        return 0.0
    if not first.words or not second.words:
        if first.words == second.words:
            return SAME if first.numbers else 0.0
        return 80.0 if first.numbers else 0.0
    if sorted(first.words) == sorted(second.words):
        return SAME
    said, other_said = " ".join(first.words), " ".join(second.words)
    if "".join(first.words) == "".join(second.words):
        return 99.0
    ordered = fuzz.token_sort_ratio(said, other_said)
    few, many = sorted((set(first.words), set(second.words)), key=len)
    if few <= many and any(len(word) >= 3 for word in few):
        ordered = max(ordered, 88.0)
    elif min(len(said), len(other_said)) < 5:
        return 0.0  # a slip in a short name is another name: Ali and Ari
    return round(min(ordered, 98.0), 1)


@lru_cache(maxsize=4096)
def _parts(name: str) -> _Parts:
    said = _DOWNLOADED_AGAIN.sub("", stem(unicodedata.normalize("NFC", name)))
    without_dates = said
    for shape in _DATES:
        without_dates = shape.sub(" ", without_dates)
    if re.search(r"\w", without_dates):
        said = without_dates
    found = re.findall(r"\d+|[^\W\d_]+", _plain(said.casefold()))
    words = tuple(word for word in found if not word.isdigit())
    telling = tuple(word for word in words if word not in _ABOUT_THE_FILE)
    numbers = tuple(sorted(int(word) for word in found if word.isdigit()))
    return _Parts(telling or (words if not numbers else ()), numbers)


def _plain(text: str) -> str:
    """Without accents, but for the letters that are no accented ones."""
    return "".join(
        letter if letter in _KEPT_LETTERS else _base(letter) for letter in unicodedata.normalize("NFC", text)
    )


def _base(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
