"""Shortest fixed-length intervals where the slope of a difference in trends changes by at most M a period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_SAME = 1e-12


@dataclass(frozen=True)
class SmoothnessProblem:
    """The estimators v'b that a straight line does not bias, by how much they lean on the pre-trend.

    With the base zero, a violation is a slope before the start and changes of slope u_t, |u_t| <= M. Let q_m
    be what v makes of the change m periods before the base; then v is given by q, q_0 = sum t l_t, and the
    worst bias is M (constant + sum |q|), q_0 left out.

    estimate : (k,).  target : l'b.
    constant : the share of the worst bias that no choice of q moves.
    offset, change : v = offset + change q, (k,) and (k, n_pre - 1).
    path : (steps, n_pre - 1): q from the smallest bias to the smallest variance, linear between the steps.
    """

    estimate: Array
    covariance: Array
    n_pre: int
    weights: Array
    constant: float
    offset: Array
    change: Array
    path: Array

    @property
    def target(self) -> float:
        """l'b, the target with parallel trends."""
        return float(self.weights @ self.estimate[self.n_pre :])


@dataclass(frozen=True)
class FixedLengthInterval:
    """v'b +- half_length; v are weights of the coefficients, (k,)."""

    low: float
    high: float
    half_length: float
    weights: Array


def smoothness_problem(estimate: Array, covariance: Array, n_pre: int, weights: Array) -> SmoothnessProblem:
    """The problem with the path of its best estimators.

    estimate : (k,) with the last period before the start as base, earliest first.
    weights : (k - n_pre,) of the effects after the start in the target l'tau.
    """
    after = len(weights)
    times = np.arange(1, after + 1)
    kinks = np.maximum(times[None, :] - np.arange(after)[:, None], 0) @ weights
    # v_-m = q_(m-1) - 2 q_m + q_(m+1), and the pre coefficients run from -n_pre to -1.
    second = _second_differences(n_pre)[::-1]
    offset = np.concatenate([second[:, 0] * float(times @ weights), weights])
    change = np.vstack([second[:, 1:], np.zeros((after, n_pre - 1))])
    return SmoothnessProblem(
        estimate=estimate,
        covariance=covariance,
        n_pre=n_pre,
        weights=weights,
        constant=float(np.abs(kinks).sum()),
        offset=offset,
        change=change,
        path=_lasso_path(change.T @ covariance @ change, change.T @ covariance @ offset),
    )


def smoothness_interval(
    problem: SmoothnessProblem, bound: float, *, alpha: float = 0.05
) -> FixedLengthInterval:
    """The shortest interval of fixed length that covers the target under Delta^SD(bound).

    bound : M, the largest change of slope from one period to the next, in units of the outcome.

    The half length is s cv(b / s): s the standard deviation of v'b, b its worst bias and cv(t) the 1 - alpha
    quantile of |N(t, 1)|.
    Source: Rambachan & Roth (2023), Review of Economic Studies 90: 2555-2591; docs/methods/sensitivity.md
    """
    from scipy.optimize import minimize_scalar

    def half_length(q: Array) -> float:
        v = problem.offset + problem.change @ q
        deviation = float(np.sqrt(v @ problem.covariance @ v))
        bias = bound * (problem.constant + float(np.abs(q).sum()))
        return deviation * folded_normal_quantile(bias / deviation, alpha)

    def between(start: Array, stop: Array) -> Array:
        found = minimize_scalar(
            lambda share: half_length(start + share * (stop - start)), bounds=(0.0, 1.0), method="bounded"
        )
        nearest: Array = start + found.x * (stop - start)
        return nearest

    path = problem.path if bound > 0 else problem.path[-1:]
    best = min([*path, *map(between, path[:-1], path[1:])], key=half_length)
    v = problem.offset + problem.change @ best
    centre, half = float(v @ problem.estimate), half_length(best)
    return FixedLengthInterval(centre - half, centre + half, half, v)


def smoothness_set(problem: SmoothnessProblem, bound: float) -> tuple[float, float]:
    """The target values that fit the estimates if they were the truth; not a number if none does.

    None does where the slope changes by more than `bound` before the start.
    """
    changes = pre_slope_changes(len(problem.estimate), problem.n_pre) @ problem.estimate
    if len(changes) and np.abs(changes).max() > bound + _SAME:
        return float("nan"), float("nan")
    times = np.arange(1, len(problem.weights) + 1)
    slope = -problem.estimate[problem.n_pre - 1]
    centre = problem.target - float(slope * (times @ problem.weights))
    return centre - bound * problem.constant, centre + bound * problem.constant


def pre_slope_changes(k: int, n_pre: int) -> Array:
    """(n_pre - 1, k): what takes the changes of slope before the start, the base zero."""
    rows = np.zeros((n_pre - 1, k))
    for row in range(n_pre - 1):
        rows[row, row], rows[row, row + 1] = 1, -2
        if row + 2 < n_pre:
            rows[row, row + 2] = 1
    return rows


def folded_normal_quantile(mean: float, alpha: float) -> float:
    """The 1 - alpha quantile of |N(mean, 1)|."""
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    t = abs(mean)
    low, high = t + ndtri(1 - alpha), t + ndtri(1 - alpha / 2)
    if t > 10:
        return float(low)
    return float(brentq(lambda x: ndtr(x - t) - ndtr(-x - t) - (1 - alpha), low - 1e-9, high, xtol=1e-14))


def _second_differences(n: int) -> Array:
    """(n, n): row m - 1 takes q_(m-1) - 2 q_m + q_(m+1) of q_0 ... q_(n-1), later q being 0."""
    return np.eye(n) - 2 * np.eye(n, k=1) + np.eye(n, k=2)


def _lasso_path(h: Array, g: Array) -> Array:
    """The minimisers of q'hq / 2 + g'q + penalty sum|q| as the penalty falls to 0, (steps, n), from q = 0.

    h : (n, n), positive definite.  g : (n,).
    Source: Osborne, Presnell & Turlach (2000), IMA Journal of Numerical Analysis 20: 389-403.
    """
    n = len(g)
    q, slope = np.zeros(n), -g
    steps = [q]
    penalty = float(np.abs(slope).max()) if n else 0.0
    active = [int(np.argmax(np.abs(slope)))] if penalty else []
    while penalty > 0:
        direction = np.zeros(n)
        direction[active] = np.linalg.solve(h[np.ix_(active, active)], np.sign(slope[active]))
        fall = h @ direction
        step, event = _next_event(q, slope, direction, fall, active, penalty)
        q, slope, penalty = q + step * direction, slope - step * fall, penalty - step
        if event is None:
            penalty = 0.0
        elif event in active:
            active.remove(event)
            q[event] = 0.0
        else:
            active.append(event)
        steps.append(q)
    return np.array(steps)


def _next_event(
    q: Array, slope: Array, direction: Array, fall: Array, active: list[int], penalty: float
) -> tuple[float, int | None]:
    """How far the penalty falls until an active q reaches 0 or another one becomes active, and which."""
    with np.errstate(divide="ignore", invalid="ignore"):
        leaves = -q / direction
        joins_up = (penalty - slope) / (1 - fall)
        joins_down = (penalty + slope) / (1 + fall)
    among = np.isin(np.arange(len(q)), active)
    reaches = np.vstack([np.where(among, leaves, joins_up), np.where(among, np.inf, joins_down)])
    reaches = np.where(reaches > _SAME * penalty, reaches, np.inf).min(axis=0)
    event = int(np.argmin(reaches))
    return (float(reaches[event]), event) if reaches[event] < penalty else (penalty, None)
