"""Numbers inside sentences. Tables are formatted by `workbench.display`."""

from __future__ import annotations

from workbench.display.numbers import MINUS
from workbench.i18n import Language, get_language


def number(value: float, digits: int, language: Language | None = None, *, sign: bool = False) -> str:
    """`value` with a fixed number of decimals; decimal comma in Danish; a true minus sign, never "−0"."""
    rounded = round(value, digits) + 0.0
    text = f"{rounded:+.{digits}f}" if sign and rounded else f"{rounded:.{digits}f}"
    text = text.replace("-", MINUS)
    return text.replace(".", ",") if (language or get_language()) == "da" else text
