"""Predictors of a synthetic control as data, and the number that each unit has for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd

from quant.errors import EffectError
from quant.notes import Note
from quant.panel_refusals import listed

Statistic = Literal["mean", "median"]


@dataclass(frozen=True)
class Predictor:
    """A column by which donors are matched, as one number a unit.

    periods : those that count; None takes the predictor periods of the analysis.
    """

    column: str
    periods: tuple[Any, ...] | None = None
    statistic: Statistic = "mean"

    @property
    def label(self) -> str:
        """Name in tables: the column, with its own periods if it has any."""
        if self.periods is None:
            return self.column
        first, last = self.periods[0], self.periods[-1]
        return f"{self.column} {first}" if first == last else f"{self.column} {first}-{last}"


PredictorLike = str | Sequence[Any] | Mapping[str, Any] | Predictor
_PARTS = ("column", "periods", "statistic")


def as_predictor(given: PredictorLike) -> Predictor:
    """A predictor from its name, (column, periods), (column, periods, statistic) or a mapping of these.

    Periods are a value or several. Raises EffectError for anything else.
    """
    if isinstance(given, Predictor):
        return given
    if isinstance(given, str):
        return Predictor(given)
    parts = dict(given) if isinstance(given, Mapping) else dict(zip(_PARTS, given, strict=False))
    column, statistic = parts.get("column"), parts.get("statistic", "mean")
    if not isinstance(column, str) or statistic not in get_args(Statistic) or set(parts) - set(_PARTS):
        raise EffectError(
            "the predictor {given} cannot be read; expected a column, or a column with its periods and "
            "'mean' or 'median'",
            reason="synthetic_predictor_unreadable",
            given=str(given),
        )
    return Predictor(column, _as_periods(parts.get("periods")), statistic)


def predictor_table(
    source: pd.DataFrame,
    declared: Sequence[Predictor],
    before: Sequence[Any],
    unit: str,
    time: str,
    units: Sequence[Any],
) -> pd.DataFrame:
    """(n_predictors, n_units); refuses predictors that a unit lacks, that say nothing, or that come twice."""
    rows: dict[str, pd.Series] = {}
    for one in declared:
        periods = before if one.periods is None else one.periods
        part = source[source[time].isin(list(periods))].groupby(unit)[one.column]
        values = (part.mean() if one.statistic == "mean" else part.median()).reindex(list(units))
        lacking = list(values.index[values.isna()])
        if lacking:
            raise EffectError(
                "the predictor '{predictor}' has no value for {found} unit(s): {lacking}; leave these donors "
                "or the predictor out, or give it other periods",
                reason="synthetic_predictor_missing",
                predictor=one.label,
                found=len(lacking),
                lacking=listed(lacking),
            )
        if values.nunique() < 2:
            raise EffectError(
                "the predictor '{predictor}' is the same in all units, so it tells no donor from another; "
                "leave it out",
                reason="synthetic_predictor_constant",
                predictor=one.label,
            )
        if one.label in rows:
            raise EffectError(
                "the predictor '{predictor}' is named twice; name each once, with its own periods",
                reason="synthetic_predictor_twice",
                predictor=one.label,
            )
        rows[one.label] = values
    return pd.DataFrame(rows).T


def late_notes(
    declared: Sequence[Predictor],
    predictor_periods: Sequence[Any] | None,
    periods: Sequence[Any],
    start: int,
) -> list[Note]:
    """Predictors that look at periods from the start on."""
    after = set(periods[start:])
    late = [
        one.label
        for one in declared
        if after & set(one.periods if one.periods is not None else predictor_periods or ())
    ]
    if not late:
        return []
    return [
        Note(
            "predictors use periods from {start} on, which treatment may have changed: {predictors}",
            reason="synthetic_predictor_after_start",
            start=periods[start],
            predictors=", ".join(late),
        )
    ]


def _as_periods(given: Any) -> tuple[Any, ...] | None:
    if given is None:
        return None
    if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
        return (given,)
    periods = tuple(given)
    return periods or None
