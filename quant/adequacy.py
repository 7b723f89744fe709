"""Whether correlations can bear a factor analysis: KMO, and tests on chi-square."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Kmo:
    """Kaiser-Meyer-Olkin measure of sampling adequacy, 0-1; items : one value an item."""

    overall: float
    items: pd.Series[float]


@dataclass(frozen=True)
class Bartlett:
    """A test that the items are uncorrelated, or (`FactorResult.fit`) that the factors suffice."""

    chi2: float
    df: int
    p_value: float


def kaiser_meyer_olkin(correlations: Array, items: Sequence[str]) -> Kmo:
    """Squared correlations against squared partial correlations, by item and overall.

    Source: Kaiser (1974), Psychometrika 39: 31-36.
    """
    inverse = np.linalg.inv(correlations)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    simple, partial = _without_diagonal(correlations**2), _without_diagonal(partial**2)
    by_item = simple.sum(axis=0) / (simple.sum(axis=0) + partial.sum(axis=0))
    overall = simple.sum() / (simple.sum() + partial.sum())
    return Kmo(float(overall), pd.Series(by_item, index=list(items), name="kmo"))


def bartlett_sphericity(correlations: Array, n: int) -> Bartlett:
    """Chi-square -(n - 1 - (2p + 5) / 6) ln|R|, p (p - 1) / 2 degrees of freedom. Source: Bartlett (1950)."""
    return _uncorrelated(correlations, n - 1)


def independence_test(correlations: Array, n: int) -> Bartlett:
    """The test Stata's `factor` prints, -(n - (2p + 5) / 6) ln|R|: n where Bartlett has n - 1."""
    return _uncorrelated(correlations, n)


def _uncorrelated(correlations: Array, n: int) -> Bartlett:
    p = len(correlations)
    _, log_determinant = np.linalg.slogdet(correlations)
    return _chi2_test(-(n - (2 * p + 5) / 6) * float(log_determinant), p * (p - 1) // 2)


def sufficiency_test(discrepancy: float | None, n: int, p: int, k: int) -> Bartlett | None:
    """Whether k factors suffice for p items, with Bartlett's (1951) correction.

    discrepancy : see `quant.extraction.Extracted`. None without it or without degrees of freedom.
    n : rows less one as in R's `factanal`, rows as in Stata's `factor`.
    """
    df = ((p - k) ** 2 - p - k) // 2
    if discrepancy is None or df < 1:
        return None
    return _chi2_test((n - (2 * p + 5) / 6 - 2 * k / 3) * discrepancy, df)


def _chi2_test(statistic: float, df: int) -> Bartlett:
    from scipy.stats import chi2

    return Bartlett(statistic, df, float(chi2.sf(statistic, df)))


def _without_diagonal(matrix: Array) -> Array:
    cleared = matrix.copy()
    np.fill_diagonal(cleared, 0.0)
    return cleared
