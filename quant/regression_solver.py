"""The arithmetic of least squares: absorbing groups, collinear columns, solving, scores by cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

COLLINEAR = 1e-8
TIED = 1e-9


@dataclass(frozen=True)
class Absorbed:
    """Groups of rows: `codes` (n,) from 0, `sizes` (n_groups,) rows, `weight` (n_groups,) summed weights."""

    codes: np.ndarray
    sizes: np.ndarray
    weight: np.ndarray

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.sizes)

    def sums(self, columns: np.ndarray, w: np.ndarray) -> np.ndarray:
        """Weighted sums of (n, k) columns by group, (n_groups, k)."""
        return sums_by(self.codes, columns * w[:, None], self.n_groups)

    def demean(self, columns: np.ndarray, w: np.ndarray) -> np.ndarray:
        """(n, k) columns less their weighted group means."""
        moved: np.ndarray = columns - (self.sums(columns, w) / self.weight[:, None])[self.codes]
        return moved


def absorb_groups(groups: np.ndarray | None, w: np.ndarray) -> Absorbed:
    """The groups of (n,) codes that run from 0 without gaps."""
    assert groups is not None
    return Absorbed(groups, np.bincount(groups), np.bincount(groups, weights=w))


def sums_by(codes: np.ndarray, columns: np.ndarray, n_groups: int) -> np.ndarray:
    """Sums of (n, k) columns by code, (n_groups, k)."""
    return (
        np.column_stack(
            [
                np.bincount(codes, weights=columns[:, place], minlength=n_groups)
                for place in range(columns.shape[1])
            ]
        )
        if columns.shape[1]
        else np.zeros((n_groups, 0))
    )


def independent_columns(
    x: np.ndarray, w: np.ndarray, *, scale: np.ndarray, order: Sequence[int] | None = None
) -> list[int]:
    """Places of the columns that no combination of others kept gives, in the order of the columns.

    scale : (k,) length of each column before absorption, against which what is left counts as nothing.
    order : places in the order in which columns are taken; a later one that earlier ones give goes. None
        takes them as they stand.
    """
    moved = x * np.sqrt(w)[:, None]
    basis = np.empty((len(x), 0))
    kept: list[int] = []
    for place in range(x.shape[1]) if order is None else order:
        rest = _rest(moved[:, place], basis)
        length = float(np.linalg.norm(rest))
        if length > COLLINEAR * scale[place] and length > 0:
            basis = np.column_stack([basis, rest / length])
            kept.append(place)
    return sorted(kept)


def largest_first(x: np.ndarray, w: np.ndarray) -> list[int]:
    """Places of the columns by pivoting: always the one of which most is left, the earlier of equals.

    The first column (the constant) is taken first. Stata's `regress` chooses so among columns that determine
    each other, where no term is a category.
    """
    rest = x * np.sqrt(w)[:, None]
    order: list[int] = []
    left = list(range(x.shape[1]))
    while left:
        sizes = [float(rest[:, place] @ rest[:, place]) for place in left]
        largest = max(sizes)
        place = left[0] if not order else left[int(np.argmax(np.array(sizes) >= largest * (1 - TIED)))]
        order.append(place)
        left.remove(place)
        if largest > 0 and (length := float(np.linalg.norm(rest[:, place]))) > 0:
            direction = rest[:, place] / length
            rest = rest - np.outer(direction, direction @ rest)
    return order


def _rest(column: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """What is left of a column; a second pass takes away what rounding left of the first."""
    for _ in range(2):
        column = column - basis @ (basis.T @ column)
    return column


def solve(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inverse of x'wx and the coefficients, through QR so that badly scaled columns keep their digits."""
    root = np.sqrt(w)
    q, r = np.linalg.qr(x * root[:, None])
    coefficients = np.linalg.solve(r, q.T @ (y * root))
    inverse = np.linalg.solve(r, np.eye(r.shape[0]))
    return inverse @ inverse.T, coefficients


def meat(
    x: np.ndarray, residuals: np.ndarray, w: np.ndarray, clusters: np.ndarray | None, *, weight_power: int
) -> np.ndarray:
    """Sum of outer products of scores, (k, k): by row, or by cluster where (n,) codes are given.

    weight_power : 2 for weights that scale a row, 1 for frequencies (so many equal rows).
    """
    if clusters is None:
        scores = x * (residuals * w ** (weight_power / 2))[:, None]
    else:
        scores = sums_by(clusters, x * (residuals * w)[:, None], int(clusters.max()) + 1)
    product: np.ndarray = scores.T @ scores
    return product
