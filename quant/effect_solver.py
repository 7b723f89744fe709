"""Least squares on cells of rows that share all regressors; equal to the fit of the rows themselves.

What a cell keeps of its outcomes comes from `quant.effect_cells`; what the coefficients mean from
`quant.effect_fit`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from quant.regression_solver import COLLINEAR, meat, solve

BLOCK_ROWS = 65_536
# Cross products keep half the digits of what is left of a column: under DEPENDENT nothing is, and between
# that and DELICATE the regressors are taken again by rotations, which keep all digits.
DEPENDENT, DELICATE = 3e-7, 1e-3


@dataclass(frozen=True)
class Cells:
    """(m,) cells, sorted by cluster and then by group; every sum is over the rows of a cell.

    groups : codes of units, or of patterns of units with the same regressors; None without unit effects.
    clusters : codes without gaps, or None.  places : place of the period.
    ever : whether treated at some time.  covariates : numbers, or text for categories.
    absorb : codes of levels.  n : rows, or sum of their weights.  total : sum of the outcome.
    moved : sum of the outcome less the mean of its unit (less a constant without unit effects).
    squares : sum of squares of that.  rows, units, treated_units : of the whole table.
    single_units : units with one row.
    weighted : whether n holds weights; then every row is a cell.
    further, further_counted : parameters taken out beside units, and those that clustered errors count.
    cluster_labels : what the codes of clusters stand for, in their order.
    """

    groups: np.ndarray | None
    clusters: np.ndarray | None
    places: np.ndarray
    ever: np.ndarray
    covariates: dict[str, np.ndarray]
    absorb: dict[str, np.ndarray]
    n: np.ndarray
    total: np.ndarray
    moved: np.ndarray
    squares: np.ndarray
    rows: int
    units: int
    treated_units: int
    single_units: int = 0
    weighted: bool = False
    further: int = 0
    further_counted: int = 0
    cluster_labels: tuple[Any, ...] = ()

    def __len__(self) -> int:
        return len(self.n)


@dataclass(frozen=True)
class Columns:
    """The regressors of cells, built block by block so that they never stand in memory at once.

    terms : (k,) names, later ones go where they are combinations of earlier ones.
    effect_of : (periods,) place of the effect that the treated have in a period, -1 for none.
    time_of : (periods,) code of the period's dummy, 0 for the one left out.
    constant : whether a constant and a dummy of the treated are regressors (no unit effects).
    matrix, scale : the regressors and their lengths, where they have been built already.
    """

    terms: tuple[str, ...]
    effect_of: np.ndarray
    n_effects: int
    time_of: np.ndarray
    n_times: int
    constant: bool
    absorb: tuple[tuple[str, int], ...]
    covariates: tuple[tuple[str, object], ...]
    matrix: np.ndarray | None = None
    scale: np.ndarray | None = None

    @property
    def first_absorbed(self) -> int:
        """Place of the first dummy of absorbed columns; those of one column follow each other."""
        return int(self.constant)

    @property
    def first_effect(self) -> int:
        """Place of the first effect."""
        absorbed = sum(levels - 1 for _, levels in self.absorb)
        return 2 * int(self.constant) + absorbed + self.n_times - 1

    def build(self, cells: Cells, rows: slice) -> np.ndarray:
        """(rows, k) regressors before unit effects are taken out."""
        if self.matrix is not None:
            return self.matrix[rows]
        places, ever = cells.places[rows], cells.ever[rows]
        x = np.zeros((len(places), len(self.terms)))
        at = 0
        if self.constant:
            x[:, 0] = 1
            at = 1
        for name, levels in self.absorb:
            _set_dummies(x, at, cells.absorb[name][rows])
            at += levels - 1
        _set_dummies(x, at, self.time_of[places])
        at += self.n_times - 1
        if self.constant:
            x[:, at] = ever
            at += 1
        _set_dummies(x, at, np.where(ever, self.effect_of[places] + 1, 0))
        at += self.n_effects
        for name, level in self.covariates:
            values = cells.covariates[name][rows]
            x[:, at] = values if level is None else values == level
            at += 1
        return x


@dataclass(frozen=True)
class Solution:
    """Coefficients of the terms kept, with what their errors are made of.

    x, y : (r, k), (r,) rows with the same cross products in every cluster as all rows.
    clusters : (r,) their clusters, or None.
    bread : inverse of x'x.  rss, tss : sums of squares of residuals and of outcomes, after unit effects.
    """

    kept: tuple[int, ...]
    coefficients: np.ndarray
    x: np.ndarray = field(repr=False)
    y: np.ndarray = field(repr=False)
    clusters: np.ndarray | None = field(repr=False)
    bread: np.ndarray = field(repr=False)
    rss: float
    tss: float

    @property
    def residuals(self) -> np.ndarray:
        """(r,) residuals of the reduced rows."""
        residuals: np.ndarray = self.y - self.x @ self.coefficients
        return residuals

    def cluster_meat(self) -> np.ndarray:
        """(k, k) sum over clusters of the outer products of their scores."""
        return meat(self.x, self.residuals, np.ones(len(self.y)), self.clusters, weight_power=2)


def solve_cells(cells: Cells, columns: Columns) -> Solution:
    """Least squares of the outcome on the columns, unit effects taken out where the cells have groups."""
    reduced, clusters, scale = _reduce(cells, columns, _root)
    triangle = _triangle(reduced)
    kept, left = _independent(triangle[:, :-1], scale, DEPENDENT)
    if ((left > DEPENDENT) & (left < DELICATE)).any():
        reduced, clusters, scale = _reduce(cells, columns, _triangle)
        triangle = _triangle(reduced)
        kept, _ = _independent(triangle[:, :-1], scale, COLLINEAR)
    bread, coefficients = solve(triangle[:, kept], triangle[:, -1], np.ones(len(triangle)))
    x, y = reduced[:, kept], reduced[:, -1]
    inside = _inside(cells)
    rest = y - x @ coefficients
    return Solution(
        kept=tuple(kept),
        coefficients=coefficients,
        x=x,
        y=y,
        clusters=clusters,
        bread=bread,
        rss=float(rest @ rest) + inside,
        tss=float(y @ y) + inside - (_mean_square(cells) if cells.groups is None else 0.0),
    )


def _reduce(
    cells: Cells, columns: Columns, factor: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
    """Few rows of regressors and outcome with the cross products of all; their clusters; (k,) own lengths.

    factor : turns the rows of a cluster into as many as there are columns.
    """
    pieces: list[np.ndarray] = []
    codes: list[np.ndarray] = []
    sums, squares = np.zeros(len(columns.terms)), np.zeros(len(columns.terms))
    for rows in blocks(cells):
        x = columns.build(cells, rows)
        n = cells.n[rows]
        sums += n @ x
        squares += n @ x**2
        wide = np.column_stack([within_groups(x, n, cells, rows), cells.moved[rows] / n])
        wide *= np.sqrt(n)[:, None]
        clusters = None if cells.clusters is None else cells.clusters[rows]
        for piece, code in _by_cluster(wide, clusters, factor):
            pieces.append(piece)
            codes.append(code)
    scale = columns.scale
    if scale is None:
        about = squares - sums**2 / cells.n.sum()
        scale = np.sqrt(np.where(about > 1e-13 * squares, about, squares))  # of a constant its own length
    return np.concatenate(pieces), None if cells.clusters is None else np.concatenate(codes), scale


def robust_meat(cells: Cells, columns: Columns, solution: Solution) -> np.ndarray:
    """(k, k) sum over rows of the outer products of their scores, from the squares that cells keep."""
    k = len(solution.kept)
    product = np.zeros((k, k))
    for rows in blocks(cells):
        n, moved = cells.n[rows], cells.moved[rows]
        x = within_groups(columns.build(cells, rows), n, cells, rows)[:, list(solution.kept)]
        fitted = x @ solution.coefficients
        squares = np.maximum(cells.squares[rows] - 2 * fitted * moved + n * fitted**2, 0)
        product += (x * (squares * n if cells.weighted else squares)[:, None]).T @ x
    return product


def blocks(cells: Cells) -> Iterator[slice]:
    """Slices of cells that keep groups whole and are not much longer than BLOCK_ROWS."""
    end = len(cells)
    groups = cells.groups
    first = np.arange(end) if groups is None else np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    starts = np.append(first, end)
    start = 0
    while start < end:
        stop = int(starts[np.searchsorted(starts, min(start + BLOCK_ROWS, end))])
        yield slice(start, stop)
        start = stop


def within_groups(x: np.ndarray, n: np.ndarray, cells: Cells, rows: slice) -> np.ndarray:
    """Columns less their means within the groups of a block."""
    if cells.groups is None:
        return x
    groups = cells.groups[rows]
    first = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    sizes = np.diff(np.r_[first, len(groups)])
    means = np.add.reduceat(x * n[:, None], first, axis=0) / np.add.reduceat(n, first)[:, None]
    moved: np.ndarray = x - np.repeat(means, sizes, axis=0)
    return moved


def _by_cluster(
    wide: np.ndarray, clusters: np.ndarray | None, factor: Callable[[np.ndarray], np.ndarray]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows with the same cross products by cluster: factors of long clusters, short ones as they are."""
    longest = 2 * wide.shape[1]
    if clusters is None:
        piece = factor(wide) if len(wide) > longest else wide
        yield piece, np.zeros(len(piece), dtype=np.int64)
        return
    first = np.flatnonzero(np.r_[True, clusters[1:] != clusters[:-1]])
    sizes = np.diff(np.r_[first, len(clusters)])
    short = np.repeat(sizes <= longest, sizes)
    if short.any():
        yield wide[short], clusters[short]
    for start, size in zip(first[sizes > longest], sizes[sizes > longest], strict=True):
        piece = factor(wide[start : start + size])
        yield piece, np.full(len(piece), clusters[start])


def _root(x: np.ndarray) -> np.ndarray:
    """Square matrix with the same cross products as the columns of x, to half the digits of small ones."""
    products = x.T @ x
    length = np.sqrt(np.diag(products))
    unit = np.where(length > 0, length, 1)
    values, vectors = np.linalg.eigh(products / np.outer(unit, unit))
    root: np.ndarray = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T * length
    return root


def _independent(x: np.ndarray, scale: np.ndarray, limit: float) -> tuple[list[int], np.ndarray]:
    """Places of the columns that earlier ones do not give, and what is left of each, as share of `scale`."""
    basis = np.zeros((len(x), 0))
    kept: list[int] = []
    left = np.zeros(x.shape[1])
    for place in range(x.shape[1]):
        rest = x[:, place]
        for _ in range(2):  # a second pass takes away what rounding left of the first
            rest = rest - basis @ (basis.T @ rest)
        length = float(np.linalg.norm(rest))
        left[place] = length / scale[place] if scale[place] > 0 else 0.0
        if left[place] > limit:
            basis = np.column_stack([basis, rest / length])
            kept.append(place)
    return kept, left


def _triangle(x: np.ndarray) -> np.ndarray:
    """Upper triangle with the same cross products as the columns of x."""
    triangle: np.ndarray = np.asarray(np.linalg.qr(x, mode="r"))
    return triangle


def _set_dummies(x: np.ndarray, at: int, codes: np.ndarray) -> None:
    """Write 1 in column `at` + code - 1 of every row; code 0 is the reference."""
    rows = np.flatnonzero(codes > 0)
    x[rows, at + codes[rows] - 1] = 1


def _inside(cells: Cells) -> float:
    """Sum of squares within cells, which no regressor explains; 0 where every row is a cell."""
    if len(cells) == cells.rows:
        return 0.0
    return float(np.maximum(cells.squares - cells.moved**2 / cells.n, 0).sum())


def _mean_square(cells: Cells) -> float:
    return float(cells.moved.sum() ** 2 / cells.n.sum())
