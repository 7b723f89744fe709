"""A panel for effect estimates: one row a unit and period, checked before anything is estimated from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from quant.errors import EffectError
from quant.notes import Note
from quant.panel_refusals import (
    check_columns,
    check_counts,
    check_nested,
    check_periods,
    find_period,
    gap_notes,
    listed,
    missing_notes,
    refuse_constant,
    refuse_duplicates,
    refuse_infinite,
    refuse_no_unit,
    refuse_text,
    refuse_treated,
)
from quant.treatment_starts import NEVER, Treatment, find_starts


@dataclass(frozen=True)
class Panel:
    """A checked panel; every row has a value in every column used.

    frame : the rows used, under the columns' own names, index 0..n-1; outcome, treated and weights as floats.
    unit : None where every row is another unit (repeated cross-sections).
    periods : sorted values of the time column; places : (n,) place of each row's period among them.
    cohort : first treated period of each unit (index: unit; without units: index of `frame`); None or NaN for
        units that are never treated in the panel.
    row_starts : (n,) place of the first treated period of each row's unit, -1 for never.
    start : the first treated period that all treated units share, None where they differ.
    notes : rows left out, gaps.
    """

    frame: pd.DataFrame = field(repr=False)
    outcome: str
    unit: str | None
    time: str
    treated: str
    cluster: str | None
    covariates: tuple[str, ...]
    absorb: tuple[str, ...]
    weights: str | None
    periods: list[Any]
    places: np.ndarray = field(repr=False)
    cohort: pd.Series = field(repr=False)
    row_starts: np.ndarray = field(repr=False)
    start: Any
    notes: tuple[Note, ...] = ()

    @property
    def treated_units(self) -> pd.Index:
        """Units that are treated at some time in the panel."""
        return self.cohort.index[self.cohort.notna()]

    @property
    def control_units(self) -> pd.Index:
        """Units that are never treated in the panel."""
        return self.cohort.index[self.cohort.isna()]

    @property
    def ever(self) -> np.ndarray:
        """(n,) whether the row's unit is treated at some time in the panel."""
        ever: np.ndarray = self.row_starts != NEVER
        return ever


def check_panel(
    panel: pd.DataFrame,
    *,
    outcome: str,
    unit: str | None,
    time: str,
    treated: str,
    start: Any = None,
    base: Any = None,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    absorb: Sequence[str] = (),
    weights: str | None = None,
    repeated: bool = False,
) -> Panel:
    """The panel that these columns make, or a refusal that says what is wrong with it.

    treated : column of 0 and 1 (or bool): "ever treated" (the same in all rows of a unit) or "treated now" (0
        before, 1 from the start on).
    start : a value of `time`, or the name of a column with each unit's first treated period (missing, 0 or
        infinite for never), or None where `treated` is "treated now".
    base : last period before treatment; says when treatment starts where nothing else does.
    repeated : whether a unit may have several rows a period, as a municipality in repeated cross-sections of
        persons; only then may `unit` be None.

    Rows that lack a value in a column used are left out and counted in `notes`. Panels in which all units are
    treated pass where they start at different times: later ones can be compared with.
    Raises EffectError for columns that are missing, of the wrong kind or contradict each other, for duplicate
    rows, one period, a constant outcome, and where no comparison is possible.
    Source: docs/methods/difference_in_differences.md
    """
    covariates, absorb = tuple(covariates), tuple(absorb)
    start_column = start if isinstance(start, str) and start in panel.columns else None
    used = [outcome, time, treated, *covariates, *absorb]
    used += [name for name in (unit, cluster, weights) if name is not None]
    check_columns(list(panel.columns), used, outcome=outcome, treated=treated, covariates=covariates)
    columns = list(dict.fromkeys([*used, *([start_column] if start_column else [])]))
    frame, notes = _complete_rows(panel[columns], used, treated=treated)
    for name in (outcome, *([weights] if weights else [])):
        frame[name] = _numbers(frame[name])
    if weights is not None:
        _check_weights(frame[weights])
    for name in covariates:
        if pd.api.types.is_numeric_dtype(frame[name].dtype):
            _check_finite(frame[name])
    frame[treated] = _zero_one(frame[treated])
    periods, places = _periods(frame[time])
    codes, units = _units(frame, unit, treated, repeated=repeated)
    if unit is not None and not repeated:
        _check_duplicates(frame, codes, places, units, unit=unit, time=time)
    _check_outcome(frame[outcome])

    facts = _unit_facts(frame, codes, places, units, treated=treated, cluster=cluster if unit else None)
    if cluster is not None and unit is not None and not repeated:
        check_nested(facts, unit=unit, cluster=cluster)
    if start_column is not None:
        given = start_places(frame[start_column], periods, start_column)
        facts["start"] = pd.Series(given).groupby(codes).min().to_numpy()
        facts["start_last"] = pd.Series(given).groupby(codes).max().to_numpy()
    treatment = Treatment(
        treated=treated,
        time=time,
        start_column=start_column,
        start=None if start is None or start_column else find_period(start, periods, time=time, role="start"),
        base=None if base is None else find_period(base, periods, time=time, role="base"),
    )
    starts = find_starts(facts, periods, treatment)
    if unit is not None and not repeated:
        notes += gap_notes(facts, len(periods))
    row_starts = starts[codes]
    common = np.unique(starts[starts != NEVER])
    return Panel(
        frame=frame,
        outcome=outcome,
        unit=unit,
        time=time,
        treated=treated,
        cluster=cluster,
        covariates=covariates,
        absorb=absorb,
        weights=weights,
        periods=periods,
        places=places,
        cohort=_cohort(starts if unit is not None else row_starts, periods, units if unit else frame.index),
        row_starts=row_starts,
        start=periods[common[0]] if len(common) == 1 and common[0] < len(periods) else None,
        notes=tuple(notes),
    )


def start_places(column: pd.Series, periods: Sequence[Any], name: str) -> np.ndarray:
    """Places of first treated periods: NEVER where missing, 0 or infinite, len(periods) after the panel.

    A period before the panel counts as its first. Raises EffectError for a value between two periods, or one
    that cannot be compared with them.
    """
    found: dict[Any, int] = {}
    for value in pd.unique(column.dropna()):
        found[value] = _start_place(value, periods, name)
    places: np.ndarray = column.map(found).fillna(NEVER).to_numpy(int)
    return places


def _start_place(value: Any, periods: Sequence[Any], name: str) -> int:
    if value in periods:
        return list(periods).index(value)
    if (isinstance(value, (int, float, np.number)) and (value == 0 or np.isinf(value))) or value == "":
        return NEVER
    try:
        earlier = sum(period < value for period in periods)
        within = 0 < earlier < len(periods)
    except TypeError:  # text beside numbers
        earlier, within = 0, True
    if within:
        raise EffectError(
            "'{column}' holds {value}, which is no period of the panel; its periods are: {known}",
            reason="effect_start_not_in_panel",
            column=name,
            value=value,
            known=listed(periods),
        )
    return int(earlier)


def _complete_rows(
    panel: pd.DataFrame, used: Sequence[str], *, treated: str
) -> tuple[pd.DataFrame, list[Note]]:
    lacking = panel[list(dict.fromkeys(used))].isna()
    complete = ~lacking.any(axis=1)
    by_column = {str(name): int(count) for name, count in lacking.sum().items()}
    left_out = int((~complete).sum())
    check_counts(len(panel), left_out, by_column, treated=treated)
    frame = panel[complete].reset_index(drop=True)
    return frame, missing_notes(by_column, left_out)


def _numbers(column: pd.Series) -> pd.Series:
    if not pd.api.types.is_numeric_dtype(column.dtype):
        texts = column[column.map(lambda value: isinstance(value, str))]
        numbers = pd.to_numeric(column, errors="coerce")
        words = column[numbers.isna()]
        if len(texts) or len(words):
            refuse_text(str(column.name), (words if len(words) else texts).iloc[0])
        column = numbers.astype(float)
    _check_finite(column)
    return column.astype(float)


def _check_finite(column: pd.Series) -> None:
    infinite = int(np.isinf(column.to_numpy(float)).sum())
    if infinite:
        refuse_infinite(str(column.name), infinite)


def _check_weights(column: pd.Series) -> None:
    below = int((column <= 0).sum())
    if below:
        raise EffectError(
            "weights in '{column}' are 0 or below in {found} row(s); leave these rows out, or correct them",
            reason="effect_weights_not_positive",
            column=column.name,
            found=below,
        )


def _zero_one(column: pd.Series) -> pd.Series:
    values = list(pd.unique(column))
    kinds = (bool, np.bool_, int, float, np.number)
    if not all(isinstance(value, kinds) and value in (0, 1) for value in values):
        refuse_treated(str(column.name), values)
    return column.astype(float)


def _periods(column: pd.Series) -> tuple[list[Any], np.ndarray]:
    """Sorted periods and each row's place; an ordered category keeps its own order."""
    if isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.ordered:
        shown = column.cat.remove_unused_categories()
        periods, places = list(shown.cat.categories), shown.cat.codes.to_numpy(int)
    else:
        try:
            places, values = pd.factorize(column, sort=True)
            periods = values.tolist()
            sorted(periods)
        except TypeError as error:
            raise EffectError(
                "'{time}' mixes kinds of values, such as numbers and text; write all periods in one way",
                reason="effect_mixed_periods",
                time=column.name,
            ) from error
    check_periods(periods, str(column.name))
    return periods, places


def _units(
    frame: pd.DataFrame, unit: str | None, treated: str, *, repeated: bool
) -> tuple[np.ndarray, pd.Index]:
    """Codes of units and their labels; without units, the treated and the others stand for them."""
    if unit is not None:
        codes, labels = pd.factorize(frame[unit], sort=False)
        return codes, pd.Index(labels)
    if not repeated:
        refuse_no_unit()
    codes, labels = pd.factorize(frame[treated], sort=True)
    return codes, pd.Index(labels)


def _check_duplicates(
    frame: pd.DataFrame, codes: np.ndarray, places: np.ndarray, units: pd.Index, *, unit: str, time: str
) -> None:
    cells = codes.astype(np.int64) * (int(places.max()) + 1) + places
    again = pd.Series(cells).duplicated().to_numpy()
    if again.any():
        first = int(np.flatnonzero(again)[0])
        refuse_duplicates(int(again.sum()), unit, units[codes[first]], time, frame[time].iloc[first])


def _check_outcome(column: pd.Series) -> None:
    if column.nunique() < 2:
        refuse_constant(str(column.name), column.iloc[0])


def _unit_facts(
    frame: pd.DataFrame,
    codes: np.ndarray,
    places: np.ndarray,
    units: pd.Index,
    *,
    treated: str,
    cluster: str | None,
) -> pd.DataFrame:
    """UNIT_FACTS of every unit, in the order of its code."""
    on = frame[treated].to_numpy() > 0
    far = int(places.max()) + 1
    rows = pd.DataFrame(
        {"place": places, "on": np.where(on, places, far), "off": np.where(on, NEVER, places), "is_on": on}
    )
    by_unit = rows.groupby(codes)
    facts = pd.DataFrame(
        {
            "count": 1,
            "example": units,
            "rows": by_unit.size().to_numpy(),
            "periods": by_unit["place"].nunique().to_numpy(),
            "first": by_unit["place"].min().to_numpy(),
            "last": by_unit["place"].max().to_numpy(),
            "treated_rows": by_unit["is_on"].sum().to_numpy(int),
            "first_treated": by_unit["on"].min().replace(far, NEVER).to_numpy(),
            "last_untreated": by_unit["off"].max().to_numpy(),
            "start": NEVER,
            "start_last": NEVER,
            "clusters": 1,
        }
    )
    if cluster is not None:
        facts["clusters"] = frame[cluster].groupby(codes).nunique().to_numpy()
    return facts


def _cohort(starts: np.ndarray, periods: list[Any], index: pd.Index) -> pd.Series:
    values = [periods[place] if 0 <= place < len(periods) else None for place in starts]
    return pd.Series(values, index=index, name="cohort")
