"""Confidence sets where trends after the start may differ by at most a multiple of those before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
GRID = 1000
DRAWS = 20_000
_REFINEMENTS, _REFINED = 3, 50
_SAME = 1e-9


@dataclass(frozen=True)
class MagnitudeProblem:
    """The coefficients with the last period before the start as base, and what is asked of them.

    estimate : (k,), earliest first, the first n_pre before the start.  covariance : (k, k).
    weights : (k - n_pre,) of the effects after the start in the target l'tau.
    draws : (k, n) errors of the coefficients, drawn once from N(0, covariance).
    """

    estimate: Array
    covariance: Array
    n_pre: int
    weights: Array
    draws: Array

    @property
    def target(self) -> float:
        """l'b, the target with parallel trends."""
        return float(self.weights @ self.estimate[self.n_pre :])


def magnitude_problem(
    estimate: Array, covariance: Array, n_pre: int, weights: Array, *, draws: int = DRAWS, seed: int = 1
) -> MagnitudeProblem:
    """The problem with its errors drawn; singular covariances are allowed."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    normal = np.random.default_rng(seed).standard_normal((len(estimate), draws))
    return MagnitudeProblem(estimate, covariance, n_pre, weights, root @ normal)


def pre_differences(k: int, n_pre: int) -> Array:
    """(n_pre, k): what takes the differences between neighbouring periods before the start, the base zero."""
    rows = np.zeros((n_pre, k))
    rows[np.arange(n_pre), np.arange(n_pre)] = -1
    rows[np.arange(n_pre - 1), np.arange(1, n_pre)] = 1
    return rows


def cumulative_weights(weights: Array) -> Array:
    """(T,): the weight in l'd of each difference between neighbouring periods, c_t = l_t + ... + l_T."""
    sums: Array = np.cumsum(weights[::-1])[::-1]
    return sums


def magnitude_set(problem: MagnitudeProblem, bound: float) -> tuple[float, float]:
    """The target values that fit the estimates if they were the truth, lowest and highest."""
    differences = pre_differences(len(problem.estimate), problem.n_pre) @ problem.estimate
    reach = bound * np.abs(differences).max() * np.abs(cumulative_weights(problem.weights)).sum()
    return problem.target - float(reach), problem.target + float(reach)


def magnitude_interval(
    problem: MagnitudeProblem, bound: float, *, alpha: float = 0.05, grid: int = GRID
) -> tuple[float, float]:
    """The robust confidence interval of the target; not a number if every value is rejected.

    bound : Mbar; no difference of the trends between neighbouring periods after the start is larger than Mbar
        times the largest before it.
    grid : values tried within the range that the least favourable test leaves; the ends are then refined.

    The hybrid of the conditional and the least favourable test (C-LF, first stage alpha / 10), over all
    choices of the largest difference and its sign; moments of coefficients before the start alone are left
    out.
    Source: Rambachan & Roth (2023), Review of Economic Studies 90: 2555-2591; Andrews, Roth & Pakes (2023);
    docs/methods/sensitivity.md
    """
    ends = [_interval(test, grid) for test in _tests(problem, bound, alpha)]
    found = np.array([end for end in ends if end is not None])
    if not len(found):
        return float("nan"), float("nan")
    return float(found[:, 0].min()), float(found[:, 1].max())


@dataclass(frozen=True)
class _Test:
    """The test for one choice of the largest difference and its sign: the largest of a few normal variables.

    The smallest eta with y - X t <= eta sd has the value max_j (level_j - slope_j theta): the vertices of its
    dual are known, so no linear program is solved.
    level, slope : (4,).  covariance : (4, 4).
    critical : of the least favourable test of size alpha / 10.  size : of the conditional test after it.
    """

    level: Array
    slope: Array
    covariance: Array
    critical: float
    size: float

    def accepts(self, theta: Array) -> NDArray[np.bool_]:
        """Whether each value of the target is not rejected, (n,)."""
        from scipy.special import log_ndtr, ndtri_exp

        values = self.level - np.multiply.outer(theta, self.slope)
        best = values.argmax(axis=1)
        eta = values.max(axis=1)
        variance = np.diag(self.covariance)[best]
        error = np.sqrt(variance)
        low, high = self._range(values, best, eta)
        high = np.minimum(high, self.critical)
        with np.errstate(divide="ignore", invalid="ignore"):
            z, z_low, z_high = eta / error, low / error, high / error
            # log of the share above: (1 - size) of what lies above z_high, size of what lies above z_low
            share = np.logaddexp(
                np.log(self.size) + log_ndtr(-z_low), np.log1p(-self.size) + log_ndtr(-z_high)
            )
            critical = np.maximum(0.0, -ndtri_exp(np.minimum(share, 0.0)))
            outside = (z < z_low) | (z > z_high)
            rejects = np.where(variance > 0, ~outside & (z > critical), eta > 0)
        accepted: NDArray[np.bool_] = ~(rejects | (eta > self.critical))
        return accepted

    def _range(self, values: Array, best: NDArray[np.intp], eta: Array) -> tuple[Array, Array]:
        """Between which values the best variable stays the best, given the rest of the data."""
        variance = np.diag(self.covariance)[best][:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(variance > 0, self.covariance[best] / variance, 0.0)
            edge = (values - share * eta[:, None]) / (1 - share)
        low = np.where(1 - share > _SAME, edge, -np.inf).max(axis=1)
        high = np.where(1 - share < -_SAME, edge, np.inf).min(axis=1)
        return low, high


def _tests(problem: MagnitudeProblem, bound: float, alpha: float) -> list[_Test]:
    k, n_pre = len(problem.estimate), problem.n_pre
    first = alpha / 10
    after = np.zeros((k - n_pre, k))
    after[np.arange(k - n_pre), np.arange(n_pre, k)] = 1
    after[np.arange(1, k - n_pre), np.arange(n_pre, k - 1)] = -1
    tests = []
    for largest in pre_differences(k, n_pre):
        for sign in (1.0, -1.0):
            vertices, slope = _vertices(problem, after, bound * sign * largest)
            drawn = (vertices @ problem.draws).max(axis=0)
            tests.append(
                _Test(
                    level=vertices @ problem.estimate,
                    slope=slope,
                    covariance=vertices @ problem.covariance @ vertices.T,
                    critical=_quantile(drawn, 1 - first),
                    size=(alpha - first) / (1 - first),
                )
            )
    return tests


def _vertices(problem: MagnitudeProblem, after: Array, allowed: Array) -> tuple[Array, Array]:
    """The combinations of moments that can bind, as weights of the coefficients, (4, k), and their slopes.

    With d_t the difference of the trends in t, v what is allowed and s the standard deviations of the
    moments d_t - v <= s+ eta and -d_t - v <= s- eta, there are differences that sum to l'b - theta, weighted
    by c, iff -2 v <= (s+ + s-) eta for each t, and |l'b - theta| - v sum|c| <= eta sum(|c| s), s of the
    signs of c.
    """
    up = _deviation(after - allowed, problem.covariance)
    down = _deviation(-after - allowed, problem.covariance)
    c = cumulative_weights(problem.weights)
    size = np.abs(c)
    toward, away = size @ np.where(c >= 0, up, down), size @ np.where(c >= 0, down, up)
    target = c @ after
    both = up + down
    vertices = np.array(
        [
            (target - size.sum() * allowed) / toward,
            (-target - size.sum() * allowed) / away,
            -2 * allowed / both.min(),
            -2 * allowed / both.max(),
        ]
    )
    return vertices, np.array([1 / toward, -1 / away, 0.0, 0.0])


def _quantile(values: Array, share: float) -> float:
    place = int(np.ceil(share * len(values))) - 1
    return float(np.partition(values, place)[place])


def _deviation(rows: Array, covariance: Array) -> Array:
    deviation: Array = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", rows, covariance, rows), 0))
    return deviation


def _interval(test: _Test, grid: int) -> tuple[float, float] | None:
    """Lowest and highest accepted value, None if all are rejected."""
    # Beyond these ends the least favourable test rejects.
    ends = (test.level[:2] - test.critical) / test.slope[:2]
    values = np.linspace(ends.min(), ends.max(), grid)
    places = np.flatnonzero(test.accepts(values))
    if not len(places):
        return None
    first, last = places[0], places[-1]
    lower = values[0] if first == 0 else _edge(test, values[first], values[first - 1])
    upper = values[-1] if last == grid - 1 else _edge(test, values[last], values[last + 1])
    return float(lower), float(upper)


def _edge(test: _Test, inside: float, outside: float) -> float:
    """The accepted value nearest to `outside`, by grids that grow finer."""
    for _ in range(_REFINEMENTS):
        values = np.linspace(outside, inside, _REFINED)
        first = int(np.argmax(test.accepts(values)))
        outside, inside = values[first - 1], values[first]
    return inside
