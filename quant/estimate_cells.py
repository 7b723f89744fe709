"""One cell of a regression table taken apart: `0.031** (0.012) [0.120]`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quant.printed import STARS, plain_stars, read_number

_DIGITS = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d[\d.,]*|[.,]\d+)"
_NUMBER = rf"[+\-−–‒]?\s?{_DIGITS}(?:[eE][+-]?\d+)?"
_MAIN = re.compile(rf"^\s*(?P<number>{_NUMBER})\s*(?P<stars>{STARS})?")
_ENCLOSED = re.compile(rf"(?P<open>[(\[{{])\s*(?P<inside>[^()\[\]{{}}]*?)\s*[)\]}}]\s*(?P<stars>{STARS})?")
_PAIR = re.compile(rf"^\s*(?P<low>{_NUMBER})\s*(?:;|,\s|\s(?:to|til|[-–])\s|[–])\s*(?P<high>{_NUMBER})\s*$")
_TIGHT_PAIR = re.compile(r"^\s*(?P<low>[+\-−–]?\d*\.\d+),(?P<high>[+\-−–]?\d*\.\d+)\s*$")


@dataclass(frozen=True)
class CellParts:
    """What a cell holds, as printed; "" or None for what it does not.

    parentheses, brackets : the number inside.   pair : both ends of an interval.
    """

    number: str = ""
    stars: str = ""
    parentheses: str = ""
    brackets: str = ""
    pair: tuple[str, str] | None = None
    text: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing stands in the cell."""
        return self == CellParts()

    @property
    def enclosed(self) -> bool:
        """Whether a number stands in parentheses or brackets."""
        return bool(self.parentheses or self.brackets or self.pair)

    @property
    def enclosed_only(self) -> bool:
        """Whether all that stands in the cell is in parentheses or brackets."""
        return not self.number and not self.text and not self.blank

    @property
    def evident(self) -> bool:
        """Whether this is evidently an estimate: it has decimals, stars or something in parentheses."""
        if not self.number:
            return False
        has_decimals = bool(re.search(r"[.,]\d", self.number))
        return has_decimals or bool(self.stars) or self.enclosed


def _bare_number(text: str) -> bool:
    """Whether a number stands there, and no percentage, which is no measure of uncertainty."""
    return read_number(text) is not None and not re.search(r"[%a-df-zA-DF-Z]", text)


def read_cell(text: str) -> CellParts:
    """Take a cell apart; a cell that holds anything else than numbers, stars and parentheses is text."""
    flat = " ".join(text.split())
    if not flat or flat in {"-", "–", "—", ".", "−"}:
        return CellParts()
    main = _MAIN.match(flat)
    rest = flat[main.end() :] if main else flat
    inside: dict[str, str] = {}
    pair: tuple[str, str] | None = None
    stars = main["stars"] or "" if main else ""
    for part in _ENCLOSED.finditer(rest):
        ends = _PAIR.match(part["inside"]) or _TIGHT_PAIR.match(part["inside"])
        if ends is not None:
            pair = (ends["low"], ends["high"])
        elif _bare_number(part["inside"]):
            inside.setdefault("parentheses" if part["open"] == "(" else "brackets", part["inside"])
        else:
            return CellParts(text=flat)
        stars = stars or part["stars"] or ""
    left = _ENCLOSED.sub("", rest).strip()
    if left or (main is None and not inside and pair is None):
        return CellParts(text=flat)
    number = main["number"].strip() if main else ""
    if number and read_number(number) is None:
        return CellParts(text=flat)
    return CellParts(
        number, plain_stars(stars), inside.get("parentheses", ""), inside.get("brackets", ""), pair
    )
