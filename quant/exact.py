"""Tests and intervals that hold for few observations; what leans on large samples says so."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from quant.errors import AnswersError
from quant.multiplicity import benjamini_hochberg as benjamini_hochberg

MOST_EXACT_PAIRS = 500

Numbers = npt.ArrayLike


@dataclass(frozen=True)
class ExactResult:
    """A test of two sets of numbers.

    statistic : what the method counts.   p_value : two-sided.
    effect : an effect size from -1 to 1, named in `effect_name`; ci : its interval at 95 %, or None.
    attainable_p : the smallest p value that so many observations can give.
    n : observations that count; n_zero : pairs without a difference, which do not.
    """

    statistic: float
    p_value: float
    effect: float
    ci: tuple[float, float] | None
    attainable_p: float
    method: str
    effect_name: str
    n: int
    n_zero: int = 0


def wilson(k: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Interval of a share `k` of `n`; (nan, nan) if `n` is 0.

    Source: Wilson (1927), Journal of the American Statistical Association 22: 209-212.
    """
    from statsmodels.stats.proportion import proportion_confint

    _check_share(k, n)
    if n == 0:
        return np.nan, np.nan
    low, high = proportion_confint(k, n, alpha=1 - level, method="wilson")
    return max(0.0, float(low)), min(1.0, float(high))


def newcombe(k1: int, n1: int, k2: int, n2: int, *, level: float = 0.95) -> tuple[float, float]:
    """Interval of the difference `k1/n1 - k2/n2` of two independent shares; (nan, nan) if one has no n.

    Source: Newcombe (1998), Statistics in Medicine 17: 873-890, method 10.
    """
    low1, high1 = wilson(k1, n1, level=level)
    low2, high2 = wilson(k2, n2, level=level)
    if not n1 or not n2:
        return np.nan, np.nan
    p1, p2 = k1 / n1, k2 / n2
    below = np.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    above = np.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return float(p1 - p2 - below), float(p1 - p2 + above)


def sign_test(x: Numbers, y: Numbers | None = None) -> ExactResult:
    """Whether more pairs rise than fall: exact binomial test of the signs of `x - y`.

    x, y : (n,) paired values, or the differences themselves if `y` is None; missing values are left out.
    The effect is (rising - falling) / (rising + falling), its interval from Wilson's of the share that rises.
    """
    from scipy.stats import binomtest

    differences, n_zero = _differences(x, y)
    n, rising = len(differences), int((differences > 0).sum())
    if n == 0:
        return ExactResult(0.0, 1.0, 0.0, None, 1.0, "sign test, exact", "sign difference", 0, n_zero)
    low, high = wilson(rising, n)
    return ExactResult(
        statistic=float(rising),
        p_value=float(binomtest(rising, n, 0.5).pvalue),
        effect=2 * rising / n - 1,
        ci=(2 * low - 1, 2 * high - 1),
        attainable_p=min(1.0, 2.0 ** (1 - n)),
        method="sign test, exact",
        effect_name="sign difference",
        n=n,
        n_zero=n_zero,
    )


def wilcoxon_signed_rank(x: Numbers, y: Numbers | None = None) -> ExactResult:
    """Signed-rank test of `x - y`; the statistic is the sum of ranks of the positive differences.

    x, y : (n,) paired values, or the differences themselves if `y` is None; missing values are left out.

    Exact for up to 500 differences, tied ones too: all 2^n signs of the ranks found are counted. Above that
    the normal approximation with correction for ties and continuity. Zero differences do not count
    (Wilcoxon's rule). The effect is the matched rank-biserial correlation (W+ - W-) / (W+ + W-), its
    interval by Fisher's z.
    Sources: Hollander & Wolfe (1999), Nonparametric statistical methods, ch. 3; Kerby (2014), Comprehensive
    Psychology 3.
    """
    from scipy.stats import rankdata

    differences, n_zero = _differences(x, y)
    n = len(differences)
    if n == 0:
        return ExactResult(0.0, 1.0, 0.0, None, 1.0, "signed-rank test, exact", "rank-biserial", 0, n_zero)
    ranks = rankdata(np.abs(differences))
    positive, total = float(ranks[differences > 0].sum()), float(ranks.sum())
    exact = n <= MOST_EXACT_PAIRS
    effect = 2 * positive / total - 1
    return ExactResult(
        statistic=positive,
        p_value=_exact_p(ranks, positive) if exact else _normal_p(ranks, positive),
        effect=effect,
        ci=_rank_biserial_interval(effect, n),
        attainable_p=min(1.0, 2.0 ** (1 - n)),
        method="signed-rank test, exact" if exact else "signed-rank test, normal approximation",
        effect_name="rank-biserial",
        n=n,
        n_zero=n_zero,
    )


def _check_share(k: int, n: int) -> None:
    if not 0 <= k <= n:
        raise AnswersError(
            "{k} of {n} is no share; the first may not be below 0 or above the second",
            reason="no_share",
            k=k,
            n=n,
        )


def _differences(x: Numbers, y: Numbers | None) -> tuple[npt.NDArray[np.float64], int]:
    first = np.asarray(x, dtype=float)
    second = np.zeros_like(first) if y is None else np.asarray(y, dtype=float)
    if first.ndim != 1 or first.shape != second.shape:
        raise AnswersError(
            "{first} and {second} values; paired values are two lists of the same length",
            reason="not_paired",
            first=first.size,
            second=second.size,
        )
    # Means of items differ by fractions that computers hold inexactly: equal ones must tie.
    found = np.round((first - second)[np.isfinite(first) & np.isfinite(second)], 10)
    return found[found != 0], int((found == 0).sum())


def _exact_p(ranks: npt.NDArray[np.float64], positive: float) -> float:
    """Share of all signings whose sum is as far from the middle as the one found, in half ranks."""
    doubled = np.rint(2 * ranks).astype(int)
    chances, reach = np.zeros(int(doubled.sum()) + 1), 0
    chances[0] = 1.0
    for rank in np.sort(doubled):
        chances[rank : reach + rank + 1] += chances[: reach + 1].copy()
        reach += int(rank)
        chances[: reach + 1] *= 0.5
    seen = round(2 * positive)
    tail = min(chances[: seen + 1].sum(), chances[seen:].sum())
    return float(min(1.0, 2 * tail))


def _normal_p(ranks: npt.NDArray[np.float64], positive: float) -> float:
    from scipy.stats import norm

    distance = abs(positive - ranks.sum() / 2)
    return float(min(1.0, 2 * norm.sf(max(0.0, distance - 0.5) / np.sqrt((ranks**2).sum() / 4))))


def _rank_biserial_interval(effect: float, n: int) -> tuple[float, float] | None:
    """Fisher's z with the standard error of the signed-rank sum; none where every pair goes one way."""
    if abs(effect) >= 1:
        return None
    error = np.sqrt((2 * n**3 + 3 * n**2 + n) / 6) / comb(n + 1, 2)
    middle = np.arctanh(effect)
    return float(np.tanh(middle - 1.959963984540054 * error)), float(
        np.tanh(middle + 1.959963984540054 * error)
    )
