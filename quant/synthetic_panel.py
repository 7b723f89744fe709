"""The panel of a synthetic control: outcomes of every unit in every period, and predictors, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd

from quant.errors import EffectError
from quant.notes import Note
from quant.panel_refusals import find_period, listed, refuse_constant, refuse_text
from quant.synthetic_predictors import Predictor, PredictorLike, as_predictor, late_notes, predictor_table
from quant.synthetic_weights import Array, Places, Targets


@dataclass(frozen=True)
class SyntheticPanel:
    """A checked panel for one treated unit.

    outcomes : (n_periods, n_units) index period; the treated unit first, then the donors.
    predictors : (n_predictors, n_units), index their labels; None where outcomes are matched.
    start : place of the first treated period among the periods.
    matched : (n_periods,) whether the gap in the period counts in the optimisation.
    source, declared, predictor_periods : the rows of these units and the predictors with the periods of those
        that name none, from which to build the panel anew.
    """

    outcome: str
    unit: str
    time: str
    outcomes: pd.DataFrame = field(repr=False)
    predictors: pd.DataFrame | None = field(repr=False)
    start: int
    matched: np.ndarray = field(repr=False)
    source: pd.DataFrame = field(repr=False)
    declared: tuple[Predictor, ...] = ()
    predictor_periods: tuple[Any, ...] | None = None
    notes: tuple[Note, ...] = ()

    @property
    def treated_unit(self) -> Any:
        """The unit whose outcome is matched."""
        return self.outcomes.columns[0]

    @property
    def donors(self) -> list[Any]:
        """The units other than the treated one."""
        return list(self.outcomes.columns[1:])

    @cached_property
    def periods(self) -> list[Any]:
        """All periods, in order."""
        return list(self.outcomes.index)

    @cached_property
    def donor_places(self) -> Places:
        """Places of the donors among the units."""
        return np.arange(1, self.outcomes.shape[1])

    @cached_property
    def values(self) -> Array:
        """(n_periods, n_units) outcomes."""
        return cast(Array, self.outcomes.to_numpy(float))

    @cached_property
    def targets(self) -> Targets:
        """What the weights are found from."""
        predictors = None if self.predictors is None else self.predictors.to_numpy(float)
        return Targets(self.values[self.matched], predictors)


def synthetic_panel(
    panel: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    time: str,
    treated_unit: Any,
    start: Any,
    predictors: Sequence[PredictorLike] | None = None,
    donors: Sequence[Any] | None = None,
    predictor_periods: Sequence[Any] | None = None,
    optimise_periods: Sequence[Any] | None = None,
    treated: str | None = None,
) -> SyntheticPanel:
    """The panel that these columns make for one treated unit, or a refusal that says what is wrong.

    Parameters are those of `quant.synthetic_control`.
    Raises EffectError for columns that are missing or hold text, repeated rows, units without an outcome in a
    period, a treated unit or start that is not there, under two periods before it, no donors, donors that are
    treated, predictors that a unit lacks or that are equal everywhere, a constant outcome.
    """
    given = [predictors] if isinstance(predictors, str) else predictors or ()
    declared = tuple(as_predictor(one) for one in given)
    columns = [outcome, unit, time, *(one.column for one in declared), *([treated] if treated else [])]
    _check_columns(panel, columns)
    if len({outcome, unit, time}) < 3:
        raise EffectError(
            "outcome '{outcome}', unit '{unit}' and time '{time}' must be three columns",
            reason="synthetic_column_twice",
            outcome=outcome,
            unit=unit,
            time=time,
        )
    units, notes = _units(panel, unit, treated_unit, donors, treated)
    source = panel.loc[panel[unit].isin(units), list(dict.fromkeys(columns))].reset_index(drop=True)
    for name in dict.fromkeys([outcome, *(one.column for one in declared)]):
        source[name] = _numbers(source[name])
    outcomes = _outcome_table(source, outcome, unit, time, units)
    periods = list(outcomes.index)
    place = find_period(start, periods, time=time, role="start")
    if place < 2:
        raise EffectError(
            "{found} period(s) before {start}; a synthetic control needs 2 or more, better ten (start the "
            "panel earlier)",
            reason="synthetic_few_periods",
            found=place,
            start=start,
        )
    matched = _matched(periods, place, optimise_periods, time)
    table = None
    if declared:
        before = periods[:place] if predictor_periods is None else list(predictor_periods)
        table = predictor_table(source, declared, before, unit, time, units)
        notes += late_notes(declared, predictor_periods, periods, place)
    return SyntheticPanel(
        outcome=outcome,
        unit=unit,
        time=time,
        outcomes=outcomes,
        predictors=table,
        start=place,
        matched=matched,
        source=source,
        declared=declared,
        predictor_periods=None if predictor_periods is None else tuple(predictor_periods),
        notes=tuple(notes),
    )


def refuse_treated_donors(wrong: Sequence[Any]) -> None:
    """Raise EffectError if there are donors that are treated."""
    if wrong:
        raise EffectError(
            "donor(s) that are treated themselves: {wrong}; leave them out of `donors`",
            reason="synthetic_treated_donor",
            wrong=listed(wrong),
        )


def _check_columns(panel: pd.DataFrame, columns: Sequence[str]) -> None:
    for name in columns:
        if name not in panel.columns:
            raise EffectError(
                "there is no column '{column}' for the synthetic control; the columns are: {known}",
                reason="synthetic_unknown_column",
                column=name,
                known=listed(list(panel.columns)),
            )
    if panel.empty:
        raise EffectError(
            "the panel of the synthetic control has no rows; look at the file or the filter",
            reason="synthetic_no_rows",
        )


def _numbers(column: pd.Series) -> pd.Series:
    """The column as floats, missing values kept. Raises EffectError for text and for infinite values."""
    if not pd.api.types.is_numeric_dtype(column.dtype):
        present = column[column.notna()]
        numbers = pd.to_numeric(present, errors="coerce")
        texts = present[present.map(lambda value: isinstance(value, str)) | numbers.isna()]
        if len(texts):
            words = present[numbers.isna()]
            refuse_text(str(column.name), (words if len(words) else texts).iloc[0])
        column = pd.to_numeric(column, errors="coerce")
    values = column.astype(float)
    if np.isinf(values.to_numpy()).any():
        raise EffectError(
            "'{column}' is infinite in {found} row(s), such as the log of 0; correct them or leave the "
            "units out",
            reason="synthetic_infinite",
            column=column.name,
            found=int(np.isinf(values.to_numpy()).sum()),
        )
    return values


def _units(
    panel: pd.DataFrame, unit: str, treated_unit: Any, donors: Sequence[Any] | None, treated: str | None
) -> tuple[list[Any], list[Note]]:
    """The treated unit and the donors."""
    known = list(pd.unique(panel[unit].dropna()))
    if treated_unit not in known:
        raise EffectError(
            "'{unit}' has no treated unit {given!r}; its units are: {known}",
            reason="synthetic_no_treated_unit",
            unit=unit,
            given=treated_unit,
            known=listed(known),
        )
    pool = [one for one in known if one != treated_unit] if donors is None else list(dict.fromkeys(donors))
    absent = [one for one in pool if one not in known]
    if absent:
        raise EffectError(
            "donor(s) that '{unit}' does not have: {absent}; its units are: {known}",
            reason="synthetic_unknown_donor",
            unit=unit,
            absent=listed(absent),
            known=listed(known),
        )
    others, notes = _treated_units(panel, unit, treated), []
    if donors is None and set(pool) & others:
        notes.append(
            Note(
                "{found} other treated unit(s) are no donors: {units}",
                reason="synthetic_treated_left_out",
                found=len(set(pool) & others),
                units=listed([one for one in pool if one in others]),
            )
        )
        pool = [one for one in pool if one not in others]
    refuse_treated_donors([one for one in pool if one in others or one == treated_unit])
    if len(pool) < 2:
        raise EffectError(
            "{found} donor(s) for {treated_unit}; a synthetic control needs 2 or more units that are never "
            "treated",
            reason="synthetic_no_donors",
            found=len(pool),
            treated_unit=treated_unit,
        )
    return [treated_unit, *pool], notes


def _treated_units(panel: pd.DataFrame, unit: str, treated: str | None) -> set[Any]:
    if treated is None:
        return set()
    ever = _numbers(panel[treated]).fillna(0).gt(0)
    return set(panel.loc[ever, unit])


def _outcome_table(
    source: pd.DataFrame, outcome: str, unit: str, time: str, units: Sequence[Any]
) -> pd.DataFrame:
    """(n_periods, n_units); refuses repeated rows, gaps, mixed periods and a constant outcome."""
    repeated = source.duplicated([unit, time])
    if repeated.any():
        first = source[repeated].iloc[0]
        raise EffectError(
            "{found} row(s) repeat a unit and period, such as {example} in {period}; a synthetic control "
            "needs one row each, such as the mean over persons",
            reason="synthetic_duplicate_rows",
            found=int(repeated.sum()),
            example=first[unit],
            period=first[time],
        )
    present = source[source[outcome].notna() & source[time].notna()]
    try:
        table = present.pivot(index=time, columns=unit, values=outcome).sort_index()
    except TypeError as error:
        raise EffectError(
            "'{time}' mixes numbers and text; write all periods of the synthetic control in one way",
            reason="synthetic_mixed_periods",
            time=time,
        ) from error
    _check_order(list(table.index), time)
    table = table.reindex(columns=list(units))
    lacking = table.isna().sum()
    lacking = lacking[lacking > 0]
    if len(lacking):
        raise EffectError(
            "{found} of {units} units lack '{outcome}' in a period: {examples}; leave these donors out, or "
            "use the periods that all units have",
            reason="synthetic_gaps",
            found=len(lacking),
            units=len(units),
            outcome=outcome,
            examples=listed([f"{name} ({count}/{len(table)})" for name, count in lacking.items()]),
        )
    if table.to_numpy().max() == table.to_numpy().min():
        refuse_constant(outcome, table.iloc[0, 0])
    return table


def _check_order(periods: Sequence[Any], time: str) -> None:
    """Raise EffectError for numbers as text that sort in the wrong order, such as 10 before 9."""
    if not all(isinstance(period, str) for period in periods):
        return
    numbers = pd.to_numeric(pd.Series(periods), errors="coerce")
    if numbers.notna().all() and not numbers.is_monotonic_increasing:
        raise EffectError(
            "'{time}' holds numbers as text, so its periods sort as {known}; convert the column to numbers",
            reason="synthetic_periods_as_text",
            time=time,
            known=listed(periods),
        )


def _matched(periods: Sequence[Any], start: int, wanted: Sequence[Any] | None, time: str) -> np.ndarray:
    matched = np.arange(len(periods)) < start
    if wanted is None:
        return matched
    chosen = np.zeros(len(periods), dtype=bool)
    chosen[[find_period(one, periods, time=time, role="optimise_periods") for one in wanted]] = True
    if not (chosen & matched).any() or (chosen & ~matched).any():
        raise EffectError(
            "the periods to optimise ({wanted}) must lie before the start ({start})",
            reason="synthetic_optimise_after_start",
            wanted=listed(list(wanted)),
            start=periods[start],
        )
    return chosen
