"""Weights of donors and of predictors: arrays in, arrays out; `synthetic_panel` says what they come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]
PredictorMethod = Literal["optimised", "regression", "equal"]
# Nelder-Mead ends where its corners are this close (loss as a share of that at the start), and begins again
# there until a round gains less than `_GAIN`: on a surface as flat as this one, one round stops early.
_X_TOLERANCE, _LOSS_TOLERANCE, _GAIN = 1e-3, 1e-5, 1e-3
_ROUNDS, _STEPS_A_PREDICTOR = 8, 200


@dataclass(frozen=True)
class Targets:
    """What a weighted mean of donors should be like.

    outcomes : (n_periods, n_units) in the periods that are matched.
    predictors : (n_predictors, n_units), or None where the outcomes themselves are matched.
    """

    outcomes: Array
    predictors: Array | None = None


@dataclass(frozen=True)
class Search:
    """How predictors are weighed.

    given : (n_predictors,) weights to use as they are; None finds them by `method`.
    random_starts : starts of the optimiser beside equal weights and those of a regression.
    """

    method: PredictorMethod = "optimised"
    given: Array | None = None
    random_starts: int = 0
    seed: int = 1


@dataclass(frozen=True)
class Match:
    """Weights of the donors, in their order, and of the predictors; both sum to 1."""

    donors: Array
    predictors: Array


def closest_weights(differences: Array) -> Array:
    """Weights, 0 or more and summing to 1, of the donors whose mean is closest to the treated unit.

    differences : (n_rows, n_donors) donors less the treated unit.

    Non-negative least squares on the differences and a row of ones with target 1 gives t w, where w is the
    answer and t = 1 / (1 + |differences w|^2), so that dividing by the sum is exact.
    Returns (n_donors,).
    Source: Lawson & Hanson (1974), Solving Least Squares Problems, ch. 23.
    """
    from scipy.optimize import nnls

    n_rows, n_donors = differences.shape
    size = float(np.sqrt(np.mean(differences**2))) or 1.0
    rows = np.vstack([differences / size, np.ones(n_donors)])
    target = np.append(np.zeros(n_rows), 1.0)
    found: Array = nnls(rows, target, maxiter=30 * (n_rows + n_donors))[0]
    weights: Array = found / found.sum()
    return weights


def match(targets: Targets, treated: int, donors: Places, search: Search) -> Match:
    """Weights of `donors` that match the unit at `treated`.

    treated, donors : places of units among the columns of the targets.

    Predictors are divided by their standard deviation over these units. "optimised" predictor weights are
    those whose donors come closest to the outcomes (mean squared gap).
    Source: Abadie, Diamond & Hainmueller (2010); docs/methods/synthetic_control.md
    """
    outcome_gaps = targets.outcomes[:, donors] - targets.outcomes[:, [treated]]
    if targets.predictors is None:
        n_periods = len(outcome_gaps)
        return Match(closest_weights(outcome_gaps), np.full(n_periods, 1 / n_periods))
    among = np.append(donors, treated)
    scaled = _scaled(targets.predictors, among)
    differences = scaled[:, donors] - scaled[:, [treated]]
    if search.given is not None:
        weights = search.given
    elif search.method == "equal":
        weights = np.full(len(scaled), 1 / len(scaled))
    else:
        start = regression_weights(scaled[:, among], targets.outcomes[:, among])
        weights = start
        if search.method == "optimised":
            weights = _optimised(differences, outcome_gaps, start, search)
    return Match(_donors(differences, weights), weights)


def regression_weights(predictors: Array, outcomes: Array) -> Array:
    """Weights of predictors by how well they predict outcomes: squared coefficients, summed over periods.

    predictors : (n_predictors, n_units) scaled; outcomes : (n_periods, n_units).

    Returns (n_predictors,) summing to 1.
    Source: Abadie, Diamond & Hainmueller (2011), Journal of Statistical Software 42(13); Stata's `synth`.
    """
    design = np.vstack([np.ones(predictors.shape[1]), predictors]).T
    coefficients = np.linalg.lstsq(design, outcomes.T, rcond=None)[0][1:]
    squares: Array = (coefficients**2).sum(axis=1)
    total = float(squares.sum())
    return squares / total if total > 0 else np.full(len(squares), 1 / len(squares))


def _scaled(predictors: Array, units: Places) -> Array:
    deviation = predictors[:, units].std(axis=1, ddof=1)
    return predictors / np.where(deviation > 0, deviation, 1.0)[:, None]


def _donors(differences: Array, weights: Array) -> Array:
    return closest_weights(np.sqrt(weights)[:, None] * differences)


def _optimised(differences: Array, outcome_gaps: Array, regression: Array, search: Search) -> Array:
    """The best end of searches from equal weights, those of the regression, and random ones."""

    def loss(values: Array) -> float:
        gaps = outcome_gaps @ _donors(differences, _normal(values))
        return float(np.mean(gaps**2))

    n_predictors = len(differences)
    chance = np.random.default_rng(search.seed)
    starts = [np.full(n_predictors, 1 / n_predictors), regression]
    starts += list(chance.dirichlet(np.full(n_predictors, 0.5), size=search.random_starts))
    ends = [_descended(loss, start) for start in starts]
    return min(ends, key=lambda end: end[0])[1]


def _descended(loss: Callable[[Array], float], start: Array) -> tuple[float, Array]:
    """Loss and weights where Nelder-Mead, begun again at its own end, gains no more."""
    from scipy.optimize import minimize

    first = loss(start)
    if first <= 0 or len(start) == 1:
        return first, start
    steps = _STEPS_A_PREDICTOR * len(start)
    limits = {"maxiter": steps, "maxfev": steps, "xatol": _X_TOLERANCE, "fatol": _LOSS_TOLERANCE}
    best, weights = 1.0, start
    for _ in range(_ROUNDS):
        end = minimize(lambda values: loss(values) / first, weights, method="Nelder-Mead", options=limits)
        gained = best - float(end.fun)
        if gained > 0:
            best, weights = float(end.fun), _normal(end.x)
        if gained < _GAIN * best:
            break
    return best * first, weights


def _normal(values: Array) -> Array:
    size = np.abs(values)
    total = float(size.sum())
    return size / total if total > 0 else np.full(len(size), 1 / len(size))
