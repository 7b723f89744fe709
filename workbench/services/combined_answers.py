"""The answers of a study from all that holds some: a file, and what was typed in on the screen.

A questionnaire that stands in both counts as it was typed in. Answers on a simplified scale are mapped onto
the instrument's own here, each time they are read, and stay marked in `CombinedAnswers.variants`.
Source: docs/methods/questionnaires.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from quant import Answers, Instrument, InstrumentError, answers_from_frame
from workbench.store.tables import SourceRow, SurveyPersonRow, SurveyResponseRow
from workbench.store.typed_answers import is_typed, variant_of

KEYS = ["person", "respondent", "round"]
VARIANT_COLUMNS = (*KEYS, "variant")

Rows = Sequence[tuple[SurveyPersonRow, SurveyResponseRow]]


@dataclass(frozen=True)
class CombinedAnswers:
    """Answers of all sources together.

    variants : one row a questionnaire on a simplified scale: person, respondent, round, variant.
    typed : questionnaires typed in.
    also_typed : questionnaires of the file that were typed in as well; these do not count.
    not_used : answers to items, or outside scales, that the instrument of today does not have.
    """

    answers: Answers
    variants: pd.DataFrame
    typed: int
    also_typed: pd.DataFrame
    not_used: int


def combine(sources: Sequence[tuple[SourceRow, Rows]], instrument: Instrument) -> CombinedAnswers:
    """Put the stored answers of all sources together.

    sources : each with its rows; the order does not matter.
    """
    ordered = sorted(sources, key=lambda each: not is_typed(each[0]))
    taken: dict[tuple[str, str, int], str] = {}
    records: list[tuple[Any, ...]] = []
    doubled: list[tuple[str, str, int]] = []
    variants: list[tuple[str, str, int, str]] = []
    backgrounds: dict[str, dict[str, Any]] = {}
    not_used = typed = 0
    for source, rows in ordered:
        variant = variant_of(source)
        for person, response in rows:
            _fill(backgrounds.setdefault(person.key, {}), person.background)
            key = (person.key, response.respondent, response.round)
            if key in taken:
                doubled.append(key)
                continue
            taken[key] = source.id
            typed += is_typed(source)
            values = mapped_values(response.values, variant, instrument)
            not_used += len([value for value in response.values.values() if value is not None]) - len(values)
            records += [(*key, response.answered_on, item, value) for item, value in values.items()]
            if variant:
                variants.append((*key, variant))
    frame = pd.DataFrame(records, columns=[*KEYS, "date", "item", "value"])
    persons = pd.DataFrame.from_dict(backgrounds, orient="index").rename_axis("person")
    return CombinedAnswers(
        answers=answers_from_frame(frame, persons, instrument),
        variants=pd.DataFrame(variants, columns=list(VARIANT_COLUMNS)),
        typed=typed,
        also_typed=pd.DataFrame(doubled, columns=KEYS),
        not_used=not_used,
    )


def mapped_values(
    values: Mapping[str, float | None], variant: str, instrument: Instrument
) -> dict[str, float]:
    """Answers on the instrument's scales; without those it has no item or no point for."""
    scales = {item.id: (item.scale_min, item.scale_max) for item in instrument.items}
    known = next((each for each in instrument.variants if each.id == variant), None)
    mapped: dict[str, float] = {}
    for item, value in values.items():
        if value is None or item not in scales or (variant and known is None):
            continue
        low, high = scales[item]
        try:
            answer = known.mapped(value, low, high) if known is not None else value
        except InstrumentError:
            continue
        if low <= answer <= high:
            mapped[item] = answer
    return mapped


def _fill(background: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if background.get(name) is None:
            background[name] = value
