"""Wild cluster bootstrap: tests and intervals of a coefficient where clusters are few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from quant.errors import RegressionError
from quant.regression import Fit
from quant.regression_solver import sums_by

WildWeights = Literal["rademacher", "webb", "mammen"]
Ties = Literal["counted", "left_out"]
ENUMERATED_CLUSTERS = 12
_BISECTIONS, _WIDENINGS = 60, 30


class BootstrapModel(Protocol):
    """What the bootstrap needs of a fitted model; the terms of `fit.x` are the columns of `covariance`."""

    @property
    def fit(self) -> Fit:
        """Rows, residuals, clusters and bread."""

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance of all terms."""

    @property
    def vcov(self) -> str:
        """Kind of errors."""

    def estimate(self, term: str) -> float:
        """The coefficient of a term."""

    def std_error(self, term: str) -> float:
        """The standard error of a term."""


@dataclass(frozen=True)
class WildBootstrap:
    """The bootstrap of one coefficient.

    p_value : two-sided, the null imposed.
    ci_low, ci_high : the values that a test at 1 - level does not reject; infinite where the draws cannot
        reject on that side, not a number where no interval was asked for.
    draws : sign patterns used; exact : whether these are all there are.
    """

    term: str
    p_value: float
    ci_low: float
    ci_high: float
    statistic: float
    level: float
    draws: int
    exact: bool
    weights: WildWeights
    n_clusters: int
    seed: int


def wild_bootstrap(
    result: BootstrapModel,
    term: str,
    *,
    null: float = 0.0,
    weights: WildWeights = "rademacher",
    draws: int = 9999,
    level: float = 0.95,
    seed: int = 1,
    interval: bool = True,
    ties: Ties = "counted",
) -> WildBootstrap:
    """Test `term` = `null` in a model with clustered errors by the wild cluster bootstrap-t.

    draws : at most so many; with Rademacher weights and no more than that many sign patterns, or 12 clusters
        or fewer, all 2^clusters patterns are used instead.
    ties : whether draws whose |t| equals the sample's count as no smaller. Counted, p is the share of such
        patterns or (1 + their number) / (1 + draws), and never 0; two of all patterns are the sample itself
        and its mirror image. "left_out" is the share that Stata's `boottest` prints, which can be 0.

    Raises RegressionError if the errors are not clustered, the term is not in the model, or the weights are
    unknown.
    Source: Cameron, Gelbach & Miller (2008); Roodman, Nielsen, MacKinnon & Webb (2019);
    docs/methods/regressions.md
    """
    fit, names = result.fit, list(result.covariance.columns)
    if fit.clusters is None or result.vcov != "cluster":
        raise RegressionError(
            "the wild bootstrap needs clustered errors; give vcov={{'cluster': column}}",
            reason="regression_not_clustered",
            term=term,
        )
    if term not in names:
        raise RegressionError(
            "the model has no term '{term}'; its terms are: {known}",
            reason="regression_unknown_term",
            term=term,
            known=", ".join(names),
        )
    if draws < 1:
        raise RegressionError(
            "{draws} draws; the wild bootstrap needs 1 or more (9999 is usual)",
            reason="regression_no_draws",
            draws=draws,
        )
    clusters = int(fit.clusters.max()) + 1
    exact = weights == "rademacher" and (clusters <= ENUMERATED_CLUSTERS or 2**clusters <= draws)
    v = _patterns(clusters) if exact else _draws(clusters, draws, weights, seed)
    place = names.index(term)
    restricted = np.delete(fit.x, place, axis=1)
    # Restricted residuals under term = b are those of y less b times those of the term.
    of_y = _residuals(restricted, fit.y, fit.weights)
    of_x = _residuals(restricted, fit.x[:, place], fit.weights)
    y, x = _Moments(result, place, of_y, v), _Moments(result, place, of_x, v)
    estimate, error = result.estimate(term), result.std_error(term)

    def p_value(value: float) -> float:
        variance = y.square - 2 * value * y.times(x) + value**2 * x.square
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = np.abs(y.shift - value * x.shift) / np.sqrt(fit.factor * np.maximum(variance, 0))
        seen = abs(estimate - value) / error
        drawn = np.nan_to_num(drawn, nan=0.0)
        if exact:
            drawn[[0, -1]] = seen  # all signs kept, or all turned: the sample, whatever rounding says
        if ties == "left_out":
            return float((drawn > seen * (1 + 1e-10)).mean())
        larger = int((drawn >= seen * (1 - 1e-10)).sum())
        return float(larger / v.shape[1]) if exact else (1 + larger) / (1 + v.shape[1])

    low = high = float("nan")
    if interval:
        low = _bound(p_value, estimate, error, -1, 1 - level)
        high = _bound(p_value, estimate, error, 1, 1 - level)
    return WildBootstrap(
        term,
        p_value(null),
        low,
        high,
        (estimate - null) / error,
        level,
        v.shape[1],
        exact,
        weights,
        clusters,
        seed,
    )


class _Moments:
    """What each draw makes of a vector of restricted residuals: shift of the coefficient, scores."""

    def __init__(self, result: BootstrapModel, place: int, residuals: np.ndarray, v: np.ndarray) -> None:
        fit = result.fit
        assert fit.clusters is not None
        clusters, n_clusters = fit.clusters, v.shape[0]
        row = fit.bread[place]
        # (n,): its product with the weighted residuals is the shift of the coefficient
        direction = fit.x @ row
        weighted = fit.weights * residuals
        scores = sums_by(clusters, fit.x * weighted[:, None], n_clusters)
        self.shift: np.ndarray = (scores @ row) @ v
        own = np.diag(scores @ row)
        inner = sums_by(clusters, fit.x * (fit.weights * direction)[:, None], n_clusters)
        linear = own - inner @ fit.bread @ scores.T
        if fit.groups is not None:
            linear -= _group_means(fit.groups, clusters, fit.weights, direction, residuals, n_clusters)
        self.scores: np.ndarray = linear @ v
        self.square: np.ndarray = (self.scores**2).sum(axis=0)

    def times(self, other: _Moments) -> np.ndarray:
        """Sum over clusters of the products with another's scores, a value a draw."""
        product: np.ndarray = (self.scores * other.scores).sum(axis=0)
        return product


def _group_means(
    groups: np.ndarray, clusters: np.ndarray, w: np.ndarray, direction: np.ndarray, u: np.ndarray, n: int
) -> np.ndarray:
    """What absorbing the groups takes from the scores of the drawn residuals, (n, n) clusters by clusters."""
    n_groups = int(groups.max()) + 1
    cell = groups * n + clusters
    by_direction = np.bincount(cell, weights=w * direction, minlength=n_groups * n).reshape(n_groups, n)
    by_residual = np.bincount(cell, weights=w * u, minlength=n_groups * n).reshape(n_groups, n)
    total = np.bincount(groups, weights=w, minlength=n_groups)
    means: np.ndarray = by_direction.T @ (by_residual / total[:, None])
    # The grand mean is added again, as the constant of an absorbed model stands for it.
    grand = np.outer(by_direction.sum(axis=0), by_residual.sum(axis=0)) / total.sum()
    taken: np.ndarray = means - grand
    return taken


def _residuals(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    root = np.sqrt(w)
    q, _ = np.linalg.qr(x * root[:, None])
    moved = y * root
    rest: np.ndarray = (moved - q @ (q.T @ moved)) / root
    return rest


def _patterns(clusters: int) -> np.ndarray:
    """All sign patterns, (clusters, 2^clusters)."""
    bits = (np.arange(2**clusters)[None, :] >> np.arange(clusters)[:, None]) & 1
    signs: np.ndarray = 1.0 - 2.0 * bits
    return signs


def _draws(clusters: int, draws: int, weights: WildWeights, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    if weights == "rademacher":
        return rng.choice([-1.0, 1.0], size=(clusters, draws))
    if weights == "webb":
        points = np.sqrt(np.array([0.5, 1.0, 1.5]))
        return rng.choice(np.concatenate([-points, points]), size=(clusters, draws))
    if weights == "mammen":
        root = np.sqrt(5)
        low, high = (1 - root) / 2, (1 + root) / 2
        chosen: np.ndarray = np.where(rng.random((clusters, draws)) < high / root, low, high)
        return chosen
    raise RegressionError(
        "{what} is {given}, expected one of: {known}",
        reason="regression_unknown_choice",
        what="weights",
        given=weights,
        known="rademacher, webb, mammen",
    )


def _bound(p_value: object, estimate: float, error: float, side: int, alpha: float) -> float:
    """Where the p-value falls to alpha on one side of the estimate; infinite where it never does."""
    assert callable(p_value)
    inside, step = estimate, error
    for _ in range(_WIDENINGS):
        outside = estimate + side * step
        if p_value(outside) < alpha:
            break
        inside, step = outside, step * 1.6
    else:
        return side * float("inf")
    for _ in range(_BISECTIONS):
        middle = (inside + outside) / 2
        if p_value(middle) < alpha:
            outside = middle
        else:
            inside = middle
    return float((inside + outside) / 2)
