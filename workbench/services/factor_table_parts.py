"""Titles, columns and words that the tables of factor checks share."""

from __future__ import annotations

import math

from quant import Instrument
from workbench.display import Column, format_number
from workbench.i18n import Language, label, t
from workbench.services.factor_tables import solution_label
from workbench.services.factors import WHOLE_QUESTIONNAIRE


def factor_name(instrument: Instrument, factor: str, language: Language) -> str:
    """The label of a named factor; the whole questionnaire by its name."""
    if factor == WHOLE_QUESTIONNAIRE:
        return solution_label(instrument, factor, language)
    found = next((f for f in instrument.factors if f.id == factor), None)
    return label(found.label, language=language) if found is not None else factor


def table_title(key: str, instrument: Instrument, solution: str, language: Language) -> str:
    """The title `factors.<key>` for a solution."""
    return t(f"factors.{key}", language=language, solution=solution_label(instrument, solution, language))


def text_column(key: str, name: str, language: Language, weight: float | None = None) -> Column:
    """A column of words with the title `factors.<name>`."""
    return Column(key, t(f"factors.{name}", language=language), weight=weight)


def decimal_column(key: str, name: str, language: Language, decimals: int = 2, group: str = "") -> Column:
    """A column of numbers with the title `factors.<name>`."""
    title = t(f"factors.{name}", language=language)
    return Column(key, title, kind="decimal", decimals=decimals, group=group)


def likeness_word(likeness: str | None, language: Language) -> str:
    """A likeness in words."""
    return t(f"factors.published.{likeness or 'none'}", language=language)


def percent_text(share: float) -> str:
    """A share (0-1) as a whole percentage."""
    return format_number(100 * share, 0, "en")


def finite(value: float | None) -> float | None:
    """The value, None where there is none."""
    return None if value is None or math.isnan(value) else float(value)
