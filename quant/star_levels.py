"""What stars mean: the levels of a convention, which one a table follows, and which p-values fit a cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TEN_PERCENT_SIGNS = ("+", "#", "†", "°", "^")
Levels = Mapping[str, float]
# A printed table seldom says how many clusters it had: p may be of t with 30 degrees of freedom, or normal.
FEWEST_DF = 30

THREE_STARS: Levels = {**dict.fromkeys(TEN_PERCENT_SIGNS, 0.10), "*": 0.05, "**": 0.01, "***": 0.001}
ECONOMICS: Levels = {"*": 0.10, "**": 0.05, "***": 0.01}
TWO_STARS: Levels = {**dict.fromkeys(TEN_PERCENT_SIGNS, 0.10), "*": 0.05, "**": 0.01}
ONE_STAR: Levels = {"*": 0.05}
# Convention, and by how many contradictions it must beat the first one.
CONVENTIONS: tuple[tuple[Levels, int], ...] = (
    (THREE_STARS, 0),
    (ECONOMICS, 1),
    (TWO_STARS, 2),
    (ONE_STAR, 2),
)


@dataclass(frozen=True)
class PRange:
    """The p-values that printed numbers leave possible, (n,) each."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def at(self, place: int) -> tuple[float, float]:
        """Both ends for one row."""
        return float(self.low[place]), float(self.high[place])


def p_range(
    b_low: NDArray[np.float64],
    b_high: NDArray[np.float64],
    se_low: NDArray[np.float64],
    se_high: NDArray[np.float64],
    df: NDArray[np.float64],
) -> PRange:
    """Two-sided p of b / SE for all numbers within the rounding of both.

    df : degrees of freedom, NaN where they are not printed.

    The smallest p is of the normal distribution, the largest of t with `df`, or with `FEWEST_DF`.
    """
    from scipy import stats

    nearest = np.where((b_low <= 0) & (b_high >= 0), 0.0, np.minimum(np.abs(b_low), np.abs(b_high)))
    farthest = np.maximum(np.abs(b_low), np.abs(b_high))
    with np.errstate(divide="ignore", invalid="ignore"):
        z_low = nearest / se_high
        z_high = np.where(se_low > 0, farthest / se_low, np.inf)
    freedom = np.where(df >= 1, df, FEWEST_DF)
    low = 2 * stats.norm.sf(z_high)
    high = 2 * stats.t.sf(z_low, freedom)
    unknown = np.isnan(b_low) | np.isnan(se_high)
    return PRange(np.where(unknown, np.nan, low), np.where(unknown, np.nan, high))


def band(signs: str, levels: Levels, used: Iterable[str]) -> tuple[float, float] | None:
    """The p-values that `signs` claims, from (inclusive) and to (exclusive); None for an unknown sign.

    used : the signs found in the table. A 10 per cent sign that a table never uses says nothing about cells
        without stars, and a table without any stars says nothing at all.
    """
    seen = set(used)
    stated = {
        sign: level for sign, level in levels.items() if sign in seen or not set(sign) & {*TEN_PERCENT_SIGNS}
    }
    if signs == "":
        return (max(stated.values(), default=0.0) if seen - {""} else 0.0), math.inf
    if signs not in levels:
        return None
    upper = levels[signs]
    return max((level for level in levels.values() if level < upper), default=0.0), upper


def fits(signs: str, p_low: float, p_high: float, levels: Levels, used: Iterable[str]) -> bool:
    """Whether some p from `p_low` to `p_high` carries these signs; True where nothing can be said."""
    wanted = band(signs, levels, used)
    if wanted is None or math.isnan(p_low) or math.isnan(p_high):
        return True
    return p_low < wanted[1] and p_high >= wanted[0]


def expected_signs(p_low: float, p_high: float, levels: Levels, used: Iterable[str]) -> tuple[str, ...]:
    """The signs that fit, the most stars first; of several 10 per cent signs the one in use."""
    signs = sorted(levels, key=levels.__getitem__)
    seen = set(used)
    kept = [s for s in signs if s in seen or not set(s) & {*TEN_PERCENT_SIGNS}]
    return tuple(s for s in (*kept, "") if fits(s, p_low, p_high, levels, seen | {"*"}))


def infer_levels(stars: Iterable[str], p: PRange) -> Levels:
    """The convention that contradicts the fewest cells of a table; the common one of three stars if equal.

    stars : one a row, "" for none; `p` of the same rows. A single starred row makes no convention of its own.
    """
    signs = list(stars)
    best, first = CONVENTIONS[0][0], contradictions(signs, p, CONVENTIONS[0][0])
    fewest = first
    alone = sum(map(bool, signs)) == 1
    for levels, margin in CONVENTIONS[1:]:
        count = contradictions(signs, p, levels)
        if count < fewest and first - count >= (2 if alone else margin):
            best, fewest = levels, count
    return best


def contradictions(stars: Sequence[str], p: PRange, levels: Levels) -> int:
    """Number of rows whose signs do not fit a convention, or are none of it."""
    used = set(stars)
    bands = {sign: band(sign, levels, used) for sign in used}
    unknown = sum(bands[sign] is None for sign in stars)
    claimed = np.array([bands[sign] or (0.0, math.inf) for sign in stars], dtype=float).reshape(-1, 2)
    with np.errstate(invalid="ignore"):
        misfits = (p.low >= claimed[:, 1]) | (p.high < claimed[:, 0])
    return unknown + int(misfits.sum())


def fits_another(stars: Sequence[str], p: PRange) -> bool:
    """Whether some usual convention other than the common one fits every row."""
    return any(contradictions(stars, p, levels) == 0 for levels, _ in CONVENTIONS[1:])
