"""All that a declaration of a synthetic control asks for: the fit, its placebos, and what it leans on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from quant.effect_results import finite, records
from quant.effect_run_values import note_dicts, reason_dict
from quant.effect_specs import SyntheticSpec
from quant.errors import EffectError, QuantError
from quant.synthetic_checks import LeaveOneDonorOut, leave_one_donor_out, placebo_in_time
from quant.synthetic_control import synthetic_control
from quant.synthetic_groups import SyntheticGroupResult, synthetic_controls
from quant.synthetic_intervals import SyntheticIntervals, conformal_intervals
from quant.synthetic_predictors import Predictor
from quant.synthetic_results import SyntheticControlResult

Step = Callable[[int, int], None]


@dataclass(frozen=True)
class SyntheticUnit:
    """One treated unit with the checks asked for. failed : `(part, error)` of those it does not admit."""

    result: SyntheticControlResult
    left_out: LeaveOneDonorOut | None = None
    intervals: SyntheticIntervals | None = None
    earlier: SyntheticControlResult | None = None
    failed: tuple[tuple[str, QuantError], ...] = ()


@dataclass(frozen=True)
class SyntheticRun:
    """A declaration and what came of it. group : what several treated units have in common."""

    spec: SyntheticSpec
    units: tuple[SyntheticUnit, ...]
    group: SyntheticGroupResult | None = None

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON values. Of one treated unit, weights, path and effect stand on top too."""
        units = [_unit_dict(each) for each in self.units]
        return {
            **(units[0] if self.group is None else {}),
            "spec": self.spec.as_dict(),
            "units": units,
            "group": None
            if self.group is None
            else self.group.as_dict() | {"notes": note_dicts(self.group.notes)},
        }


def run_synthetic(panel: pd.DataFrame, spec: SyntheticSpec, *, on_step: Step | None = None) -> SyntheticRun:
    """The synthetic control of one treated unit, or of each of several with their mean gap.

    panel : one row a unit and period, or a row a person with `average_rows`.
    Raises EffectError as `quant.synthetic_control` does.
    """
    if spec.average_rows:
        panel = average_rows(panel, spec)
    treated = _as_written(spec.treated_units, panel, spec.unit)
    arguments: dict[str, Any] = {
        "outcome": spec.outcome,
        "unit": spec.unit,
        "time": spec.time,
        "predictors": _predictors(panel, spec) or None,
        "donors": _donors(panel, spec, treated),
        "predictor_periods": _as_written(spec.predictor_periods, panel, spec.time) or None,
        "optimise_periods": _as_written(spec.optimise_periods, panel, spec.time) or None,
        "predictor_weights": spec.predictor_weights,
        "random_starts": spec.random_starts,
        "seed": spec.seed,
        "on_step": on_step,
    }
    if len(treated) == 1:
        result = synthetic_control(panel, treated_unit=treated[0], start=spec.start, **arguments)
        return SyntheticRun(spec, (_checked(result, spec),))
    group = synthetic_controls(panel, treated_units=treated, start=spec.start, **arguments)
    return SyntheticRun(spec, tuple(_checked(one, spec) for one in group.results.values()), group)


def average_rows(panel: pd.DataFrame, spec: SyntheticSpec) -> pd.DataFrame:
    """Mean of outcome and predictors by unit and period. Raises EffectError for a column not there."""
    columns = list(dict.fromkeys([spec.outcome, *(each.column for each in spec.predictors)]))
    for name in (spec.unit, spec.time, *columns):
        if name not in panel.columns:
            raise EffectError(
                "there is no column '{column}'; the columns are: {known}",
                reason="effect_unknown_column",
                column=name,
                known=", ".join(map(str, panel.columns)),
            )
        if name in columns and not pd.api.types.is_numeric_dtype(panel[name].dtype):
            raise EffectError(
                "'{column}' holds text where numbers are expected, so it has no mean; convert it first",
                reason="synthetic_text_to_average",
                column=name,
            )
    return panel.groupby([spec.unit, spec.time], sort=True)[columns].mean().reset_index()


def _checked(result: SyntheticControlResult, spec: SyntheticSpec) -> SyntheticUnit:
    """The unit with its checks; one that its panel does not admit does not stop the others."""
    found: dict[str, Any] = {}
    failed: list[tuple[str, QuantError]] = []
    parts: dict[str, Callable[[], Any]] = {}
    if spec.leave_one_out:
        parts["left_out"] = lambda: leave_one_donor_out(result)
    if spec.intervals:
        parts["intervals"] = lambda: conformal_intervals(result, seed=spec.seed)
    if spec.placebo_start is not None:
        parts["earlier"] = lambda: placebo_in_time(result, spec.placebo_start)
    for name, part in parts.items():
        try:
            found[name] = part()
        except QuantError as error:
            failed.append((name, error))
    return SyntheticUnit(result, failed=tuple(failed), **found)


def _predictors(panel: pd.DataFrame, spec: SyntheticSpec) -> list[Predictor]:
    return [
        Predictor(each.column, tuple(_as_written(each.periods, panel, spec.time)) or None)
        for each in spec.predictors
    ]


def _donors(panel: pd.DataFrame, spec: SyntheticSpec, treated: list[Any]) -> list[Any] | None:
    if not (spec.donors or spec.exclude) or spec.unit not in panel.columns:
        return None
    excluded = [*_as_written(spec.exclude, panel, spec.unit), *treated]
    pool = _as_written(spec.donors, panel, spec.unit) or list(pd.unique(panel[spec.unit].dropna()))
    return [one for one in pool if one not in excluded]


def _as_written(texts: Iterable[str], panel: pd.DataFrame, column: str) -> list[Any]:
    """Values of a declaration, which are texts, as the column writes them; others as they are."""
    known = {str(value): value for value in pd.unique(panel[column])} if column in panel.columns else {}
    return [known.get(text, text) for text in texts]


def _unit_dict(found: SyntheticUnit) -> dict[str, Any]:
    result = found.result
    gaps = result.placebo_gaps
    return {
        **result.as_dict(),
        "notes": note_dicts(result.notes),
        "placebo_gaps": [
            {"period": str(period), "unit": str(unit), "gap": finite(gap)}
            for unit in gaps.columns
            for period, gap in gaps[unit].items()
        ],
        "left_out": None if found.left_out is None else records(found.left_out.table),
        "intervals": None if found.intervals is None else _interval_dict(found.intervals),
        "earlier": None if found.earlier is None else _earlier_dict(found.earlier),
        "failed": [{"part": part, **reason_dict(error)} for part, error in found.failed],
    }


def _interval_dict(found: SyntheticIntervals) -> dict[str, Any]:
    plain = ("p_value", "effect", "ci_low", "ci_high", "level", "attainable_p")
    return {
        **{name: finite(getattr(found, name)) for name in plain},
        "table": records(found.table),
        "notes": note_dicts(found.notes),
    }


def _earlier_dict(found: SyntheticControlResult) -> dict[str, Any]:
    values = found.as_dict()
    kept = ("start", "effect", "pre_rmspe", "post_rmspe", "ratio", "p_value", "fit")
    return {name: values[name] for name in kept}
