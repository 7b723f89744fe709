"""How many factors to keep: parallel analysis, Velicer's minimum average partial, Kaiser's rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.extraction import squared_multiple_correlations
from quant.factor_input import Correlation, Missing, correlate

Array = NDArray[np.float64]
Basis = Literal["components", "factors"]
DRAWS = 1000
QUANTILE = 0.95
BATCH = 100


@dataclass(frozen=True)
class ParallelAnalysis:
    """Eigenvalues beside those of uncorrelated normal data of the same size.

    basis : "components" compares eigenvalues of the correlations, "factors" those with the squared multiple
        correlations in the diagonal.
    eigenvalues, random_mean, random_quantile : (items,), largest first.
    adjusted : eigenvalues less what chance adds (mean - 1 for components, mean for factors).
    by_mean, by_quantile : how many leading eigenvalues pass the mean and the quantile.
    """

    basis: Basis
    eigenvalues: Array
    random_mean: Array
    random_quantile: Array
    quantile: float
    adjusted: Array
    by_mean: int
    by_quantile: int
    draws: int
    seed: int


@dataclass(frozen=True)
class MinimumAveragePartial:
    """Velicer's test: (items - 1,) averages after 0, 1, 2 ... components are taken out.

    squared : of the squared partial correlations (1976); fourth : of their fourth powers (2000).
    n_squared, n_fourth : where each is smallest.
    """

    squared: Array
    fourth: Array
    n_squared: int
    n_fourth: int


@dataclass(frozen=True)
class Retention:
    """What each rule says about the number of factors; n, n_dropped : rows used and left out."""

    items: tuple[str, ...]
    n: int
    n_dropped: int
    components: ParallelAnalysis
    factors: ParallelAnalysis
    partial: MinimumAveragePartial
    kaiser: int

    def suggestions(self) -> pd.DataFrame:
        """One row a rule: rule, n_factors."""
        rows = [
            ("parallel_components_quantile", self.components.by_quantile),
            ("parallel_components_mean", self.components.by_mean),
            ("parallel_factors_quantile", self.factors.by_quantile),
            ("parallel_factors_mean", self.factors.by_mean),
            ("map_squared", self.partial.n_squared),
            ("map_fourth", self.partial.n_fourth),
            ("kaiser", self.kaiser),
        ]
        return pd.DataFrame(rows, columns=["rule", "n_factors"])


def retention(
    data: Any,
    *,
    draws: int = DRAWS,
    quantile: float = QUANTILE,
    seed: int = 1,
    missing: Missing = "listwise",
    correlation: Correlation = "pearson",
    on_step: Callable[[int, int], None] | None = None,
) -> Retention:
    """All rules on the columns of `data`.

    draws, quantile, seed : of the parallel analyses; the same seed gives the same numbers.
    Polychoric correlations are compared with chance in ordinary ones, which understates chance a little.

    Raises FactorError as `quant.factor_analysis`.
    Source: docs/methods/retention.md
    """
    given = correlate(data, missing=missing, correlation=correlation)
    matrix, n = given.matrix, given.n
    random_components, random_factors = random_eigenvalues(
        n, len(matrix), draws=draws, seed=seed, on_step=on_step
    )
    return Retention(
        items=given.items,
        n=n,
        n_dropped=given.n_dropped,
        components=_compared("components", _eigenvalues(matrix), random_components, quantile, seed),
        factors=_compared("factors", _eigenvalues(_reduced(matrix)), random_factors, quantile, seed),
        partial=minimum_average_partial(matrix),
        kaiser=int((_eigenvalues(matrix) > 1).sum()),
    )


def random_eigenvalues(
    n: int, items: int, *, draws: int, seed: int, on_step: Callable[[int, int], None] | None = None
) -> tuple[Array, Array]:
    """(draws, items) eigenvalues of correlations of `n` rows of chance numbers, and of the reduced ones.

    The correlations are drawn by Bartlett's decomposition of the Wishart distribution, which is exact and
    takes as long for a hundred rows as for a hundred thousand.
    Source: Horn (1965), Psychometrika 30: 179-185; Bartlett (1933), Proc. R. Soc. Edinburgh 53: 260-283.
    """
    chance = np.random.default_rng(seed)
    plain, reduced = np.empty((draws, items)), np.empty((draws, items))
    degrees = n - 1 - np.arange(items)
    below = np.tril_indices(items, -1)
    for start in range(0, draws, BATCH):
        stop = min(start + BATCH, draws)
        lower = np.zeros((stop - start, items, items))
        lower[:, below[0], below[1]] = chance.standard_normal((stop - start, len(below[0])))
        diagonal = np.arange(items)
        lower[:, diagonal, diagonal] = np.sqrt(chance.chisquare(degrees, (stop - start, items)))
        products = lower @ lower.transpose(0, 2, 1)
        scale = np.sqrt(np.diagonal(products, axis1=1, axis2=2))
        matrices = products / (scale[:, :, None] * scale[:, None, :])
        plain[start:stop] = np.linalg.eigvalsh(matrices)[:, ::-1]
        matrices[:, diagonal, diagonal] = 1 - 1 / np.diagonal(np.linalg.inv(matrices), axis1=1, axis2=2)
        reduced[start:stop] = np.linalg.eigvalsh(matrices)[:, ::-1]
        if on_step is not None:
            on_step(stop, draws)
    return plain, reduced


def minimum_average_partial(correlations: Array) -> MinimumAveragePartial:
    """Average partial correlations after the first components are taken out.

    Source: Velicer (1976), Psychometrika 41: 321-327; Velicer, Eaton & Fava (2000) for the fourth power.
    """
    p = len(correlations)
    values, vectors = np.linalg.eigh(correlations)
    loadings = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0))
    squared, fourth = [], []
    for taken in range(p - 1):
        rest = correlations - loadings[:, :taken] @ loadings[:, :taken].T
        scale = np.sqrt(np.maximum(np.diag(rest), 1e-12))
        partial = rest / np.outer(scale, scale)
        np.fill_diagonal(partial, 0)
        squared.append(float((partial**2).sum() / (p * (p - 1))))
        fourth.append(float((partial**4).sum() / (p * (p - 1))))
    return MinimumAveragePartial(
        np.array(squared), np.array(fourth), int(np.argmin(squared)), int(np.argmin(fourth))
    )


def _compared(basis: Basis, eigenvalues: Array, drawn: Array, quantile: float, seed: int) -> ParallelAnalysis:
    mean, high = drawn.mean(axis=0), np.quantile(drawn, quantile, axis=0)
    return ParallelAnalysis(
        basis=basis,
        eigenvalues=eigenvalues,
        random_mean=mean,
        random_quantile=high,
        quantile=quantile,
        adjusted=eigenvalues - (mean - 1 if basis == "components" else mean),
        by_mean=_leading(eigenvalues > mean),
        by_quantile=_leading(eigenvalues > high),
        draws=len(drawn),
        seed=seed,
    )


def _leading(passed: NDArray[np.bool_]) -> int:
    """How many are True before the first False."""
    return len(passed) if passed.all() else int(np.argmin(passed))


def _eigenvalues(matrix: Array) -> Array:
    return np.asarray(np.linalg.eigvalsh(matrix)[::-1], dtype=float)


def _reduced(correlations: Array) -> Array:
    matrix = correlations.copy()
    np.fill_diagonal(matrix, squared_multiple_correlations(correlations))
    return matrix
