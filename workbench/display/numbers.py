"""Numbers as text in Danish and English, and the stars of significance."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from workbench.i18n import Language, t

MINUS = "\u2212"
NO_BREAK = "\u00a0"
TEN_PERCENT_SYMBOLS = ("+", "#")

_SEPARATORS: dict[Language, tuple[str, str]] = {"da": (".", ","), "en": (",", ".")}
_STAR_LEVELS = ((0.001, "***"), (0.01, "**"), (0.05, "*"))


def format_number(value: float, decimals: int, language: Language) -> str:
    """`value` with a fixed number of decimals, thousands separator and a true minus sign.

    Halves are rounded away from zero on the written value (0.125 -> 0.13), as spreadsheets do; what rounds
    to zero has no sign. Infinite values are written as a symbol.
    """
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value)) if isinstance(value, float) else str(value)).quantize(
        step, rounding=ROUND_HALF_UP
    )
    thousands, point = _SEPARATORS[language]
    digits = f"{abs(rounded):,.{decimals}f}".translate(str.maketrans(",.", thousands + point))
    return f"{MINUS}{digits}" if rounded < 0 else digits


def format_percent(value: float, decimals: int, language: Language) -> str:
    """`value` (0-100) with its unit for running text: `12,5 pct.` or `12.5 per cent`."""
    return f"{format_number(value, decimals, language)}{NO_BREAK}{t('display.percent', language=language)}"


def format_p_value(value: float, decimals: int, language: Language) -> str:
    """A p-value; one below the last decimal is written as `<0,001`."""
    smallest = 10.0**-decimals
    if value < smallest:
        return f"<{format_number(smallest, decimals, language)}"
    return format_number(value, decimals, language)


def stars_for(p_value: float | None, *, ten_percent: str = "+") -> str:
    """Stars of a p-value: `***` < .001, `**` < .01, `*` < .05, `ten_percent` < .10, else nothing."""
    if p_value is None or math.isnan(p_value):
        return ""
    stars = next((symbol for level, symbol in _STAR_LEVELS if p_value < level), "")
    return stars or (ten_percent if p_value < 0.10 else "")


def restyle_stars(stars: str, *, ten_percent: str = "+") -> str:
    """Published stars with the document's own symbol for the 10 % level (a document uses one)."""
    return ten_percent if stars in TEN_PERCENT_SYMBOLS else stars


def stars_note(language: Language, *, ten_percent: str = "+", tested: str = "p") -> str:
    """The note that explains the stars and the parentheses of a table of estimates.

    tested : what the stars are of: "p", or "q" where p-values are adjusted for their number.
    """
    levels = [(0.10, ten_percent)] if ten_percent else []
    levels += [(level, symbol) for level, symbol in reversed(_STAR_LEVELS)]
    written = "; ".join(
        f"{symbol} {tested}{NO_BREAK}<{NO_BREAK}{format_number(level, 3 if level < 0.01 else 2, language)}"
        for level, symbol in levels
    )
    return t("display.stars_note", language=language, levels=written)
