"""Tables of effect estimates: a list with readings, and the matrix of a regression table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from coding_schemes import Scheme
from workbench.display import (
    Cell,
    Column,
    EstimateCell,
    TableSpec,
    format_number,
    restyle_stars,
    stars_note,
)
from workbench.errors import InvalidRequestError
from workbench.i18n import Language, t
from workbench.services.effects import StoredEstimate
from workbench.services.terms import term_label

TEN_PERCENT = "+"
POOLED_SUBGROUP = "all"


def estimates_table(
    estimates: Sequence[StoredEstimate],
    *,
    language: Language,
    scheme: Scheme | None = None,
    reading: Literal["short", "sentence", "none"] = "short",
    ten_percent: str = TEN_PERCENT,
) -> TableSpec:
    """One row an estimate, under headings of outcome and subgroup, in the order given.

    reading : the reading by its interval as a few words, as a sentence, or left out.
    """
    ordered = group_estimates(estimates)
    with_model = len({stored.value.model for stored in ordered}) > 1
    columns = [Column("period", t("effects.period", language=language), weight=1.3, missing="–")]
    if with_model:
        columns.append(Column("model", t("effects.model", language=language)))
    columns += _number_columns(language)
    if reading != "none":
        columns.append(Column("reading", t("effects.reading_title", language=language), weight=3.0))
    columns.append(Column("place", t("effects.place", language=language), weight=1.4))
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for _, group in groupby(ordered, key=lambda stored: (stored.value.outcome, stored.value.subgroup)):
        members = list(group)
        sections.append((len(rows), heading(members[0], language, scheme)))
        for stored in members:
            models = (stored.value.model,) if with_model else ()
            words = (
                () if reading == "none" else (reading_text(stored, language, sentence=reading == "sentence"),)
            )
            numbers = _numbers(stored, ten_percent)
            rows.append((stored.value.period or None, *models, *numbers, *words, place_text(stored)))
    return TableSpec(
        key="estimates",
        title=t("effects.table_title", language=language),
        columns=tuple(columns),
        rows=tuple(rows),
        remarks=(stars_note(language, ten_percent=ten_percent),),
        notes=(t("effects.reading_note", language=language),),
        source=sources_text(ordered, language),
        sections=tuple(sections),
        language=language,
    )


def estimates_matrix(
    estimates: Sequence[StoredEstimate],
    *,
    subgroup: str,
    model: str,
    language: Language,
    scheme: Scheme | None = None,
    ten_percent: str = TEN_PERCENT,
) -> TableSpec:
    """The estimates of one subgroup and model as a regression table: periods down, outcomes across.

    The mean of the treated stands in brackets where it is known.
    Raises InvalidRequestError if there is no such estimate.
    """
    mine = [
        stored for stored in estimates if stored.value.subgroup == subgroup and stored.value.model == model
    ]
    if not mine:
        raise InvalidRequestError(t("errors.no_such_estimates", subgroup=subgroup, model=model))
    outcomes = list(dict.fromkeys(stored.value.outcome for stored in mine))
    periods = list(dict.fromkeys(stored.value.period for stored in mine))
    cells: dict[tuple[str, str], EstimateCell] = {}
    for stored in mine:
        # Two files may hold the same cell; the first one imported stands.
        cells.setdefault((stored.value.period, stored.value.outcome), _cell(stored, ten_percent, mean=True))
    brackets = any(cell.mean is not None for cell in cells.values())
    return TableSpec(
        key="estimates_matrix",
        title=t("effects.matrix_title", language=language, subgroup=term_label(scheme, subgroup, language)),
        columns=(
            Column("period", t("effects.period", language=language), weight=1.2, missing="–"),
            *(
                Column(outcome, term_label(scheme, outcome, language), kind="estimate", missing="–")
                for outcome in outcomes
            ),
        ),
        rows=tuple(
            (period or None, *(cells.get((period, outcome)) for outcome in outcomes)) for period in periods
        ),
        remarks=(
            stars_note(language, ten_percent=ten_percent),
            *((t("effects.brackets", language=language),) if brackets else ()),
        ),
        source=sources_text(mine, language),
        language=language,
    )


def heading(stored: StoredEstimate, language: Language, scheme: Scheme | None) -> str:
    """Outcome and subgroup in words; the whole group needs no naming."""
    outcome = term_label(scheme, stored.value.outcome, language) or t("effects.no_outcome", language=language)
    if stored.value.subgroup == POOLED_SUBGROUP:
        return outcome
    return f"{outcome}, {term_label(scheme, stored.value.subgroup, language).lower()}"


def reading_text(stored: StoredEstimate, language: Language, *, sentence: bool = False) -> str:
    """How the estimate reads: a few words, or the whole sentence with its interval."""
    if stored.reading is None:
        return t("effects.reading.none", language=language)
    if sentence:
        return stored.reading.sentence(language)
    words = t(f"effects.reading.{stored.reading.label}", language=language)
    if stored.reading.better_direction is None:
        return words
    way = "better" if stored.reading.better_direction else "worse"
    return f"{words} {t(f'effects.reading.{way}', language=language)}"


def place_text(stored: StoredEstimate) -> str:
    """Where the number stands in its source, without what the row says already."""
    return stored.value.place.split(" (")[0] if stored.value.place.endswith(")") else stored.value.place


def sources_text(estimates: Sequence[StoredEstimate], language: Language) -> str:
    """The sources of these estimates, each with its nature."""
    sources = dict.fromkeys((stored.value.source, stored.nature) for stored in estimates)
    return "; ".join(
        f"{source} ({t(f'effects.nature.{nature}', language=language).lower()})" for source, nature in sources
    )


def interval_text(stored: StoredEstimate, language: Language, *, decimals: int = 3) -> str:
    """The 95 % interval as `low; high`, empty where there is none."""
    interval = stored.value.ci()
    return "" if interval is None else "; ".join(format_number(end, decimals, language) for end in interval)


def group_estimates(estimates: Sequence[StoredEstimate]) -> list[StoredEstimate]:
    """Outcomes and subgroups together, each in the order of first appearance."""
    outcomes = list(dict.fromkeys(stored.value.outcome for stored in estimates))
    subgroups = list(dict.fromkeys(stored.value.subgroup for stored in estimates))
    return sorted(
        estimates, key=lambda s: (outcomes.index(s.value.outcome), subgroups.index(s.value.subgroup))
    )


def _number_columns(language: Language) -> list[Column]:
    interval = t("effects.interval", language=language)
    return [
        Column("estimate", t("effects.estimate", language=language), kind="estimate"),
        Column(
            "ci_low",
            t("effects.from", language=language),
            kind="decimal",
            decimals=3,
            group=interval,
            missing="–",
        ),
        Column(
            "ci_high",
            t("effects.to", language=language),
            kind="decimal",
            decimals=3,
            group=interval,
            missing="–",
        ),
        Column("treated_mean", t("effects.mean", language=language), kind="decimal", decimals=3, missing="–"),
        Column("percent_of_mean", t("effects.percent", language=language), kind="percent", missing="–"),
    ]


def _numbers(stored: StoredEstimate, ten_percent: str) -> tuple[Cell, ...]:
    low, high = stored.value.ci() or (None, None)
    return (
        _cell(stored, ten_percent),
        low,
        high,
        stored.value.treated_mean,
        stored.value.percent_of_mean,
    )


def _cell(stored: StoredEstimate, ten_percent: str, *, mean: bool = False) -> EstimateCell:
    value = stored.value
    stars = restyle_stars(value.stars, ten_percent=ten_percent)
    return EstimateCell(value.estimate, value.std_error, stars, value.treated_mean if mean else None)
