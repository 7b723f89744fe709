"""What stands before a list paragraph on the page: a number to set apart, words that may be a label, or a
mark that says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"^\W*(\d{1,6})\W*$")
_WORDED = re.compile(r"[^\W\d_]{3,}|[^\W\d_][^:]{0,40}:$")
_ROMAN = re.compile(r"^[ivxlcdm]+$", re.IGNORECASE)
_SYMBOLS = str.maketrans("", "", " \t.)(]:[")


@dataclass(frozen=True, slots=True)
class ListMark:
    """number : set apart from the text.     prefix : words that stand in front of it, with their blank.
    bullet : a sign that counts nothing."""

    number: int | None = None
    prefix: str = ""
    bullet: bool = False


NO_MARK = ListMark()
BULLET = ListMark(bullet=True)


def list_mark(shown: str) -> ListMark:
    """Return what a list mark as shown on the page means.

    `12.` and `[12]` number the paragraph. `Interviewer:`, `I:` and `Spørgsmål 3` are words and stay before
    the text. Bullets, letters, Roman numbers and outline numbers (`2.1`) are marks only.
    """
    mark = shown.strip()
    number = _NUMBER.match(mark)
    if number:
        return ListMark(number=int(number.group(1)))
    if _WORDED.search(mark) and not _ROMAN.match(mark.translate(_SYMBOLS)):
        return ListMark(prefix=f"{mark} ")
    return NO_MARK


def counted(value: int, style: str) -> str:
    """Return a counter as a list shows it. style : the name of the number format in a Word file."""
    if style in {"lowerLetter", "upperLetter"}:
        if value < 1:
            return ""
        letter = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 20)
        return letter.upper() if style == "upperLetter" else letter
    if style in {"lowerRoman", "upperRoman"}:
        roman = _roman(value)
        return roman.upper() if style == "upperRoman" else roman
    if style in {"none", "bullet"}:
        return ""
    return f"{value:02d}" if style == "decimalZero" else str(value)


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    parts = (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
        (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    )  # fmt: skip
    said = ""
    for size, letters in parts:
        said += letters * (value // size)
        value %= size
    return said
