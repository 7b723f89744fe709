"""Refusals and notes about panels, said in one way whoever looked at the rows: a frame or an engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NoReturn

import pandas as pd

from quant.effect_results import period_name
from quant.errors import EffectError
from quant.notes import Note

Gaps = Literal["refuse", "keep"]
_SHOWN = 12  # so many values are listed in a message


def check_columns(
    known: Sequence[Any], used: Sequence[str], *, outcome: str, treated: str, covariates: Sequence[str]
) -> None:
    """Raise EffectError for a column that is not there, or that has two tasks that exclude each other."""
    for name in used:
        if name not in known:
            raise EffectError(
                "there is no column '{column}'; the columns are: {known}",
                reason="effect_unknown_column",
                column=name,
                known=", ".join(str(one) for one in known[:40]),
            )
    for name in (outcome, treated, *covariates):
        if used.count(name) > 1:
            raise EffectError(
                "the column '{column}' is named for two tasks; outcome, treatment and covariates are "
                "columns of their own",
                reason="effect_column_twice",
                column=name,
            )


def check_counts(rows: int, left_out: int, by_column: dict[str, int], *, treated: str) -> None:
    """Raise EffectError for a panel without rows, or none that is complete, or a treatment with gaps."""
    if not rows:
        raise EffectError("the panel has no rows; look at the file or the filter", reason="effect_no_rows")
    if by_column[treated]:
        raise EffectError(
            "'{treated}' lacks a value in {found} row(s); write 0 for units without treatment",
            reason="effect_treated_missing",
            treated=treated,
            found=by_column[treated],
        )
    if left_out == rows:
        raise EffectError(
            "no row has a value in every column used; most are lacking in '{worst}'",
            reason="effect_no_complete_rows",
            worst=max(by_column, key=lambda name: by_column[name]),
        )


def check_periods(periods: Sequence[Any], time: str) -> None:
    """Raise EffectError for fewer than two periods, or numbers as text that sort in the wrong order."""
    if len(periods) < 2:
        raise EffectError(
            "'{time}' has 1 period ({period}); a difference-in-differences needs 2 or more",
            reason="effect_one_period",
            time=time,
            period=periods[0],
        )
    if not all(isinstance(period, str) for period in periods):
        return
    numbers = pd.to_numeric(pd.Series(periods), errors="coerce")
    if numbers.notna().all() and not numbers.is_monotonic_increasing:
        raise EffectError(
            "'{time}' holds numbers as text, which sort as {known}; convert the column to numbers",
            reason="effect_periods_as_text",
            time=time,
            known=listed(periods),
        )


def find_period(value: Any, periods: Sequence[Any], *, time: str, role: str) -> int:
    """Place of a period, also where it is written otherwise ("2017" for 2017, a date as text).

    Raises EffectError if the panel has no such period; role : "start", "base" or "window".
    """
    for place, period in enumerate(periods):
        if period == value or str(period) == str(value):
            return place
        if isinstance(period, pd.Timestamp) and period == pd.to_datetime(value, errors="coerce"):
            return place
    raise EffectError(
        "{role} is {value}, but '{time}' has no such period; its periods are: {known}",
        reason="effect_unknown_period",
        role=role,
        value=value,
        time=time,
        known=listed(periods),
    )


def check_nested(facts: pd.DataFrame, *, unit: str, cluster: str) -> None:
    """Raise EffectError if a unit has rows in two clusters."""
    moved = (facts["clusters"] > 1).to_numpy()
    if moved.any():
        raise EffectError(
            "{found} unit(s) of '{unit}' have rows in several clusters of '{cluster}', such as {example}; "
            "give each unit one cluster, such as the first it was in",
            reason="effect_unit_in_two_clusters",
            found=int(facts.loc[moved, "count"].sum()),
            unit=unit,
            cluster=cluster,
            example=facts.loc[moved, "example"].iloc[0],
        )


def refuse_text(column: str, example: Any) -> NoReturn:
    """Raise the EffectError for a column of numbers that holds something else."""
    raise EffectError(
        "'{column}' holds text, such as {example!r}, where numbers are expected; convert it, and look at "
        "decimal commas and words for missing values",
        reason="effect_text_for_numbers",
        column=column,
        example=example,
    )


def refuse_infinite(column: str, found: int) -> NoReturn:
    """Raise the EffectError for infinite values."""
    raise EffectError(
        "'{column}' is infinite in {found} row(s), such as the log of 0; mark them as missing or "
        "choose another measure",
        reason="effect_infinite",
        column=column,
        found=found,
    )


def refuse_no_unit() -> NoReturn:
    """Raise the EffectError for unit effects without a column of units."""
    raise EffectError(
        "unit effects need a `unit`; for persons who are seen once, ask for fixed_effects='group'",
        reason="effect_no_unit",
    )


def refuse_treated(column: str, values: Sequence[Any]) -> NoReturn:
    """Raise the EffectError for a treatment that is not written as 0 and 1."""
    raise EffectError(
        "'{treated}' holds {found}; expected the numbers 0 (no) and 1 (yes)",
        reason="effect_treated_not_binary",
        treated=column,
        found=listed([repr(value) if isinstance(value, str) else value for value in sorted(values, key=str)]),
    )


def refuse_duplicates(found: int, unit: str, example: Any, time: str, period: Any) -> NoReturn:
    """Raise the EffectError for units with two rows in one period."""
    raise EffectError(
        "{found} row(s) repeat a unit and period, such as '{unit}' {example} in '{time}' {period}; "
        "keep one row each, or ask for fixed_effects='group' where persons are the rows of a municipality",
        reason="effect_duplicate_rows",
        found=found,
        unit=unit,
        example=example,
        time=time,
        period=period_name(period),
    )


def refuse_constant(outcome: str, value: Any) -> NoReturn:
    """Raise the EffectError for an outcome without any variation."""
    raise EffectError(
        "the outcome '{outcome}' is {value:g} in every row, so there is nothing to explain; choose another",
        reason="effect_constant_outcome",
        outcome=outcome,
        value=float(value),
    )


def gap_notes(facts: pd.DataFrame, n_periods: int) -> list[Note]:
    """What is not there: units that lack a period between their first and last, and units that come or go."""
    span = facts["last"] - facts["first"] + 1
    holes = int(facts.loc[facts["periods"] < span, "count"].sum())
    short = int(facts.loc[(facts["periods"] == span) & (span < n_periods), "count"].sum())
    if not holes and not short:
        return []
    return [
        Note(
            "{units} units, {periods} periods: {holes} units lack a period between their first and last, "
            "{short} more come later or leave earlier",
            reason="effect_gaps",
            units=int(facts["count"].sum()),
            periods=n_periods,
            holes=holes,
            short=short,
        )
    ]


def refuse_gaps(notes: Sequence[Note]) -> None:
    """Raise EffectError if the notes of a panel count units that lack a period amid their records."""
    for note in notes:
        if note.reason == "effect_gaps" and note.values["holes"]:
            raise EffectError(
                "{holes} of {units} units lack a period between their first and last, so their records have "
                'gaps; fill the gaps, leave these units out, or choose gaps="keep" to use the rows there are',
                reason="effect_gaps_refused",
                holes=note.values["holes"],
                units=note.values["units"],
            )


def missing_notes(by_column: dict[str, int], rows: int) -> list[Note]:
    """How many rows were left out, and for which columns."""
    if not rows:
        return []
    return [
        Note(
            "{rows} rows were left out because they lack a value ({columns})",
            reason="effect_rows_left_out",
            rows=rows,
            columns=", ".join(f"{name}: {count}" for name, count in by_column.items() if count),
        )
    ]


def listed(values: Sequence[Any]) -> str:
    """Values for a message, the middle left out where there are many."""
    texts = [period_name(value) for value in values]
    return ", ".join(texts if len(texts) <= _SHOWN else [*texts[:6], "...", *texts[-3:]])


def refuse_no_pre() -> NoReturn:
    """Raise the EffectError for a result without a coefficient before the start."""
    raise EffectError(
        "the result has no coefficient before the start; a test of earlier trends needs an event study "
        "with two or more periods before it",
        reason="effect_no_pre_coefficients",
    )
