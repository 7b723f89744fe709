"""How likely several correlated estimates all stay small, and where they lie on average if they do."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
POINTS = 2**14
# Degrees of freedom from which t and normal cannot be told apart.
NORMAL_FROM = 100_000
_PRIMES = (
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193,
    197, 199, 211, 223, 227, 229, 233, 239, 241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311,
)  # fmt: skip
LARGEST_BOX = len(_PRIMES) - 1


def box_moments(
    mean: Array, covariance: Array, half_width: Array, *, df: float = np.inf, points: int = POINTS
) -> tuple[float, Array]:
    """Probability that every |x| stays within its half width, and the mean of x given that it does.

    mean : (k,) of the normal x, k up to `LARGEST_BOX`.  covariance : (k, k), of full rank.
    half_width : (k,), above 0.
    df : finite where the widths are estimated: they are multiplied by sqrt(chi2(df) / df), as for t.

    Returns the probability and a (k,) mean. The same fixed points are used each time, so that both change
    smoothly with the arguments; the error is about 1e-4.
    Raises numpy.linalg.LinAlgError if the covariance is singular.
    Source: Genz (1992), Journal of Computational and Graphical Statistics 1: 141-149.
    """
    from scipy.special import ndtr, ndtri

    k = len(mean)
    root = np.linalg.cholesky(covariance)
    lattice, scale = _lattice(k + 1, points), _scale(df, k + 1, points)
    draws = np.zeros((k, points))
    weight = np.ones(points)
    for i in range(k):
        centre = mean[i] + root[i, :i] @ draws[:i]
        low = (-half_width[i] * scale - centre) / root[i, i]
        high = (half_width[i] * scale - centre) / root[i, i]
        # Turned to the lower tail, where the normal distribution function is exact.
        turned = low + high > 0
        below = ndtr(np.where(turned, -high, low))
        inside = ndtr(np.where(turned, -low, high)) - below
        drawn = ndtri(np.clip(below + lattice[i] * inside, 1e-300, 1 - 1e-16))
        draws[i] = np.where(turned, -drawn, drawn)
        weight *= inside
    total = weight.sum()
    if total == 0:
        return 0.0, mean * np.nan
    return float(total / points), mean + root @ (draws @ weight) / total


@lru_cache(maxsize=4)
def _lattice(dimensions: int, points: int) -> Array:
    """(dimensions, points) in 0-1: multiples of square roots of primes, folded so that ends meet."""
    steps = np.sqrt(np.array(_PRIMES[:dimensions], dtype=float))
    places = np.outer(steps, np.arange(1, points + 1)) % 1.0
    folded: Array = np.abs(2 * places - 1)
    return folded


@lru_cache(maxsize=4)
def _scale(df: float, dimensions: int, points: int) -> Array:
    """(points,) sqrt(chi2(df) / df) at the last dimension of the lattice; 1 where it hardly varies."""
    from scipy.stats import chi2

    if df > NORMAL_FROM:
        return np.ones(points)
    scale: Array = np.sqrt(chi2.ppf(_lattice(dimensions, points)[-1], df) / df)
    return scale
