"""How far trends may depart from parallel before an effect can no longer be told from zero."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.effect_results import EffectResult
from quant.errors import EffectError
from quant.event_time import EventCoefficients, based_on_last_pre, event_coefficients
from quant.notes import Note
from quant.sensitivity_magnitudes import (
    DRAWS,
    GRID,
    magnitude_interval,
    magnitude_problem,
    magnitude_set,
    pre_differences,
)
from quant.sensitivity_smoothness import (
    pre_slope_changes,
    smoothness_interval,
    smoothness_problem,
    smoothness_set,
)

Array = NDArray[np.float64]
Restriction = Literal["relative_magnitudes", "smoothness"]
Step = Callable[[int, int], None]
Pair = tuple[float, float]
SENSITIVITY_COLUMNS = (
    "bound", "ci_low", "ci_high", "set_low", "set_high", "excludes_zero", "ci_low_percent", "ci_high_percent",
)  # fmt: skip
MAGNITUDES = (0.5, 1.0, 1.5, 2.0)
FEW_CLUSTERS = 40
_DOUBLINGS, _BISECTIONS = 10, 14


@dataclass(frozen=True)
class Sensitivity:
    """An effect under bounded departures from parallel trends.

    restriction : "relative_magnitudes": between neighbouring periods after the start the trends differ by at
        most `bound` times the largest difference before it; "smoothness": the slope of the difference changes
        by at most `bound`, in units of the outcome, from one period to the next.
    target : which effect: "first", "average", "last", or the period; weights : by period after the start.
    estimate, std_error, ci_low, ci_high : of the target with parallel trends, normal distribution.
    treated_mean : mean outcome of the treated in the target's periods, NaN if not known.
    table : one row a bound: robust interval; identified set (what the estimates would give without sampling
        error; not a number where they contradict the restriction); whether the interval excludes zero; and
        the interval in percent of treated_mean.
    breakdown : the largest bound at which the interval still excludes zero: None if it holds zero even with
        parallel (smoothness: straight) trends, inf if no bound tried lets it hold zero.
    scale, scale_high : the largest difference (change of slope) found before the start, in units of the
        outcome, and the upper 95 % limit of it; NaN where one coefficient before the start shows no change.
    """

    restriction: Restriction
    outcome: str
    base: Any
    target: str
    weights: pd.Series
    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    treated_mean: float
    table: pd.DataFrame
    breakdown: float | None
    scale: float
    scale_high: float
    alpha: float
    notes: tuple[Note, ...] = ()


def relative_magnitudes(
    result: EffectResult,
    *,
    bounds: Sequence[float] = MAGNITUDES,
    target: Any = "first",
    alpha: float = 0.05,
    grid: int = GRID,
    draws: int = DRAWS,
    seed: int = 1,
    on_step: Step | None = None,
) -> Sensitivity:
    """Robust intervals of an event study's effect under Delta^RM(Mbar), by the C-LF hybrid test.

    bounds : values of Mbar, 0 or more.
    target : "first", "last" or "average" of the periods after the start, one of these periods, or weights of
        them all, earliest first.
    grid : values of the effect that are tried.  draws, seed : of the least favourable critical value.
    on_step : called with (done, total) after each bound and each step towards the breakdown value.

    Raises EffectError if the result is no event study with coefficients on both sides of the start, or if a
    bound or the target is not usable.
    Source: Rambachan & Roth (2023), Review of Economic Studies 90: 2555-2591; docs/methods/sensitivity.md
    """
    asked = _asked(result, target)
    events = asked.events
    problem = magnitude_problem(
        events.estimate, events.covariance, events.n_pre, asked.weights, draws=draws, seed=seed
    )
    restricted = _Restricted(
        "relative_magnitudes",
        interval=lambda bound: magnitude_interval(problem, bound, alpha=alpha, grid=grid),
        identified=lambda bound: magnitude_set(problem, bound),
        scale=_largest(pre_differences(len(events.estimate), events.n_pre), events),
        first_try=1.0,
    )
    return _sensitivity(result, asked, restricted, _checked(bounds), alpha, on_step)


def smoothness(
    result: EffectResult,
    *,
    bounds: Sequence[float] | None = None,
    target: Any = "first",
    alpha: float = 0.05,
    on_step: Step | None = None,
) -> Sensitivity:
    """Robust intervals of an event study's effect under Delta^SD(M), of fixed length and as short as can be.

    bounds : values of M in units of the outcome, 0 or more; None: 0 and five steps up to where the bias may
        be twice the estimate (or four of its standard errors, if that is more).

    Else as `relative_magnitudes`. Raises EffectError too if the covariance has no full rank.
    Source: Rambachan & Roth (2023); Armstrong & Kolesár (2018); docs/methods/sensitivity.md
    """
    asked = _asked(result, target)
    events = asked.events
    if np.linalg.matrix_rank(_correlations(events), hermitian=True) < len(events.estimate):
        raise EffectError(
            "bounds on changes of slope need a covariance of full rank; {k} coefficients of '{outcome}' "
            "stand against {clusters} clusters (use longer periods, or bounds on relative magnitudes)",
            reason="effect_covariance_singular",
            outcome=result.outcome,
            k=len(events.estimate),
            clusters=result.clusters if result.clusters is not None else "-",
        )
    problem = smoothness_problem(events.estimate, events.covariance, events.n_pre, asked.weights)
    top = 2 * max(abs(asked.estimate), 2 * asked.std_error) / problem.constant

    def interval(bound: float) -> Pair:
        found = smoothness_interval(problem, bound, alpha=alpha)
        return found.low, found.high

    restricted = _Restricted(
        "smoothness",
        interval=interval,
        identified=lambda bound: smoothness_set(problem, bound),
        scale=_largest(pre_slope_changes(len(events.estimate), events.n_pre), events),
        first_try=asked.std_error / problem.constant,
    )
    tried = _checked(np.linspace(0, top, 6) if bounds is None else bounds)
    return _sensitivity(result, asked, restricted, tried, alpha, on_step)


@dataclass(frozen=True)
class _Asked:
    """The coefficients from the last period before the start, and the target as weights of those after it."""

    events: EventCoefficients
    target: str
    weights: Array

    @property
    def estimate(self) -> float:
        return float(self.weights @ self.events.estimate[self.events.post])

    @property
    def std_error(self) -> float:
        post = self.events.post
        return float(np.sqrt(self.weights @ self.events.covariance[post, post] @ self.weights))

    @property
    def treated_mean(self) -> float:
        total = float(self.weights.sum())
        return float(self.weights @ self.events.treated_mean[self.events.post]) / total if total else np.nan


@dataclass(frozen=True)
class _Restricted:
    """What a restriction makes of a bound.

    scale : largest departure before the start, and its upper limit.  first_try : where the search for the
        breakdown value begins.
    """

    restriction: Restriction
    interval: Callable[[float], Pair]
    identified: Callable[[float], Pair]
    scale: Pair
    first_try: float

    def excludes_zero(self, bound: float) -> bool:
        low, high = self.interval(bound)
        return low > 0 or high < 0


def _sensitivity(
    result: EffectResult,
    asked: _Asked,
    restricted: _Restricted,
    bounds: list[float],
    alpha: float,
    on_step: Step | None,
) -> Sensitivity:
    from scipy.stats import norm

    total = len(bounds) + _DOUBLINGS + _BISECTIONS
    rows = []
    for done, bound in enumerate(bounds, start=1):
        rows.append((bound, *restricted.interval(bound), *restricted.identified(bound)))
        if on_step is not None:
            on_step(done, total)
    table = pd.DataFrame(rows, columns=list(SENSITIVITY_COLUMNS[:5]))
    table["excludes_zero"] = (table["ci_low"] > 0) | (table["ci_high"] < 0)
    mean = asked.treated_mean
    for end in ("ci_low", "ci_high"):
        table[f"{end}_percent"] = 100 * table[end] / mean if mean else np.nan
    breakdown = _breakdown(restricted, done=len(bounds), total=total, on_step=on_step)
    reach = float(norm.isf(alpha / 2)) * asked.std_error
    events = asked.events
    return Sensitivity(
        restriction=restricted.restriction,
        outcome=events.outcome,
        base=events.base,
        target=asked.target,
        weights=pd.Series(asked.weights, index=pd.Index(events.periods[events.post], name="period")),
        estimate=asked.estimate,
        std_error=asked.std_error,
        ci_low=asked.estimate - reach,
        ci_high=asked.estimate + reach,
        treated_mean=mean,
        table=table,
        breakdown=breakdown,
        scale=restricted.scale[0],
        scale_high=restricted.scale[1],
        alpha=alpha,
        notes=_notes(restricted.restriction, result, events, breakdown),
    )


def _breakdown(restricted: _Restricted, *, done: int, total: int, on_step: Step | None) -> float | None:
    """The largest bound at which zero is excluded: doubled until it is not, then halved in between."""

    def step() -> None:
        nonlocal done
        done += 1
        if on_step is not None:
            on_step(min(done, total), total)

    if not restricted.excludes_zero(0.0):
        return None
    low, high = 0.0, restricted.first_try
    for _ in range(_DOUBLINGS):
        step()
        if not restricted.excludes_zero(high):
            break
        low, high = high, 2 * high
    else:
        return float("inf")
    for _ in range(_BISECTIONS):
        step()
        middle = (low + high) / 2
        low, high = (middle, high) if restricted.excludes_zero(middle) else (low, middle)
    if on_step is not None:
        on_step(total, total)
    return low


def _asked(result: EffectResult, target: Any) -> _Asked:
    """The target of an event study. Raises EffectError if it is unknown, or the result is no event study."""
    events = based_on_last_pre(event_coefficients(result))
    if not np.all(events.std_error > 0):
        raise EffectError(
            "coefficients of '{outcome}' have no sampling error (the model fits them exactly), so there are "
            "no intervals to widen; look at the outcome",
            reason="effect_no_errors",
            outcome=result.outcome,
        )
    name, weights = _weights(events, target)
    return _Asked(events, name, weights)


def _weights(events: EventCoefficients, target: Any) -> tuple[str, Array]:
    """The target's name and its weights of the periods after the start."""
    periods = events.periods[events.post]
    n = len(periods)
    if isinstance(target, str) and target in ("first", "last", "average"):
        weights = np.full(n, 1 / n)
        if target != "average":
            weights = np.eye(n)[0 if target == "first" else n - 1]
        return target, weights
    if isinstance(target, (list, tuple, np.ndarray)):
        given = np.asarray(target, dtype=float)
        if given.shape == (n,) and np.any(given) and np.all(np.isfinite(given)):
            return "weights", given
    elif target in periods:
        return str(target), np.eye(n)[periods.index(target)]
    raise EffectError(
        "the target {target} is not known; expected first, last, average, {n} weights, or one of: {periods}",
        reason="effect_unknown_target",
        target=target,
        n=n,
        periods=", ".join(map(str, periods)),
    )


def _checked(bounds: Sequence[float] | Array) -> list[float]:
    values = [float(bound) for bound in bounds]
    if not values or not all(np.isfinite(value) and value >= 0 for value in values):
        raise EffectError(
            "bounds are numbers of 0 or more; found: {found}",
            reason="effect_bounds",
            found=", ".join(map(str, values)) or "-",
        )
    return values


def _correlations(events: EventCoefficients) -> Array:
    scale = np.where(events.std_error > 0, events.std_error, 1.0)
    correlations: Array = events.covariance / np.outer(scale, scale)
    return correlations


def _largest(rows: Array, events: EventCoefficients) -> Pair:
    """The largest absolute value of these combinations of the coefficients, and the largest 95 % limit."""
    from scipy.stats import norm

    if not len(rows):
        return float("nan"), float("nan")
    values = np.abs(rows @ events.estimate)
    errors = np.sqrt(np.diag(rows @ events.covariance @ rows.T))
    return float(values.max()), float((values + norm.isf(0.05) * errors).max())


def _notes(
    restriction: Restriction, result: EffectResult, events: EventCoefficients, breakdown: float | None
) -> tuple[Note, ...]:
    notes = [_breakdown_note(restriction, breakdown)]
    if events.base != result.base:
        notes.append(
            Note(
                "effects are counted from {period}, the last period before the start",
                reason="sensitivity_base",
                period=str(events.base),
            )
        )
    if result.clusters is not None and result.clusters < FEW_CLUSTERS:
        notes.append(
            Note(
                "the intervals rest on the normal distribution; with {clusters} clusters they are too narrow",
                reason="sensitivity_few_clusters",
                clusters=result.clusters,
            )
        )
    return tuple(notes)


def _breakdown_note(restriction: Restriction, breakdown: float | None) -> Note:
    if breakdown is None:
        return Note(
            "zero lies within the interval even without a departure, so there is no conclusion to lose",
            reason="sensitivity_no_conclusion",
        )
    if np.isinf(breakdown):
        return Note(
            "no departure that was tried makes the interval reach zero", reason="sensitivity_never_breaks"
        )
    if restriction == "relative_magnitudes":
        return Note(
            "the interval excludes zero as long as the trends differ after the start by at most {breakdown} "
            "times the largest difference before it",
            reason="sensitivity_breakdown_magnitudes",
            breakdown=round(breakdown, 2),
        )
    return Note(
        "the interval excludes zero as long as the slope of the difference in trends changes by at most "
        "{breakdown} from one period to the next",
        reason="sensitivity_breakdown_smoothness",
        breakdown=float(f"{breakdown:.2g}"),
    )
