"""Polychoric correlations: what answers on a scale of few steps would correlate if they were continuous."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.errors import FactorError

Array = NDArray[np.float64]
MAX_CATEGORIES = 20
LARGEST = 0.9999
NODES = 48
REACHES = (0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, LARGEST)


@dataclass(frozen=True)
class Polychoric:
    """rho : the correlation; rows, columns : thresholds of the two variables; std_error : of rho.

    std_error takes the thresholds as known (expected information of rho alone); NaN at the limit.
    """

    rho: float
    rows: Array
    columns: Array
    std_error: float


def polychoric_correlations(data: pd.DataFrame, *, zero_cell: float = 0.0) -> pd.DataFrame:
    """Matrix of polychoric correlations of the columns, each pair over the rows that have both.

    zero_cell : put in the place of empty cells of a table; R's polycor uses 0, R's psych 0.5.

    Raises FactorError if a column has one value or over 20 different ones.
    Source: docs/methods/polychoric.md
    """
    codes = [_codes(data[column], str(column)) for column in data.columns]
    p = len(codes)
    matrix = np.eye(p)
    for i in range(p):
        for j in range(i):
            table = _table(codes[i], codes[j])
            matrix[i, j] = matrix[j, i] = polychoric(table, zero_cell=zero_cell).rho
    return pd.DataFrame(matrix, index=data.columns, columns=data.columns)


def polychoric(table: Array, *, zero_cell: float = 0.0) -> Polychoric:
    """Two-step maximum likelihood: thresholds from the margins, then the correlation.

    table : (rows, columns) counts; empty rows and columns are left out.

    Raises FactorError if fewer than two rows or columns are left.
    Source: Olsson (1979), Psychometrika 44: 443-460.
    """
    counts = np.asarray(table, dtype=float)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        raise FactorError(
            "a table of {rows} x {columns} used answers; a polychoric correlation needs 2 x 2 or more",
            reason="polychoric_table",
            rows=counts.shape[0],
            columns=counts.shape[1],
        )
    row_cuts, column_cuts = _thresholds(counts.sum(axis=1)), _thresholds(counts.sum(axis=0))
    counts = np.where(counts == 0, zero_cell, counts)
    rho = _most_likely(counts, row_cuts, column_cuts)
    cells, slopes = _cells(row_cuts, column_cuts, rho)
    information = counts.sum() * float((slopes**2 / np.maximum(cells, 1e-300)).sum())
    std_error = float("nan") if abs(rho) == LARGEST else float(information**-0.5)
    return Polychoric(rho, row_cuts, column_cuts, std_error)


def bivariate_normal(h: Array, k: Array, rho: float) -> Array:
    """P(X < h, Y < k) of standard normal X and Y with correlation `rho`; arrays of one shape.

    Gauss-Legendre quadrature of Plackett's integral over arcsin(rho). Source: Genz (2004), Statistics and
    Computing 14: 251-260.
    """
    from scipy.special import ndtr

    nodes, weights = _nodes()
    reach = np.arcsin(rho)
    angles = reach * (nodes + 1) / 2
    sine, cosine_squared = np.sin(angles), np.cos(angles) ** 2
    h, k = h[..., None], k[..., None]
    inside = np.exp(-(h**2 + k**2 - 2 * h * k * sine) / (2 * cosine_squared))
    result: Array = ndtr(h[..., 0]) * ndtr(k[..., 0]) + reach / (4 * np.pi) * (inside @ weights)
    return result


@cache
def _nodes() -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return nodes, weights


def _codes(column: pd.Series[float], name: str) -> NDArray[np.int64]:
    """0, 1, 2 ... by size, -1 where missing."""
    codes, values = pd.factorize(column.astype(float), sort=True)
    if not 2 <= len(values) <= MAX_CATEGORIES:
        raise FactorError(
            "column {column!r} has {found} different values; polychoric correlations are for scales of 2 to "
            "{most} steps: use ordinary correlations",
            reason="not_ordinal",
            column=name,
            found=len(values),
            most=MAX_CATEGORIES,
        )
    return codes.astype(np.int64)


def _table(a: NDArray[np.int64], b: NDArray[np.int64]) -> Array:
    width = int(b.max()) + 1
    both = (a >= 0) & (b >= 0)
    counts = np.bincount(a[both] * width + b[both], minlength=(int(a.max()) + 1) * width)
    return counts.reshape(-1, width).astype(float)


def _thresholds(margin: Array) -> Array:
    from scipy.special import ndtri

    cuts: Array = ndtri(np.cumsum(margin)[:-1] / margin.sum())
    return cuts


def _cells(row_cuts: Array, column_cuts: Array, rho: float) -> tuple[Array, Array]:
    """Probability of each cell, and its slope in rho (the density at its corners)."""
    from scipy.special import ndtr

    h, k = np.meshgrid(row_cuts, column_cuts, indexing="ij")
    shape = (len(row_cuts) + 2, len(column_cuts) + 2)
    below, density = np.zeros(shape), np.zeros(shape)
    below[1:-1, 1:-1] = bivariate_normal(h, k, rho)
    below[-1, 1:-1], below[1:-1, -1], below[-1, -1] = ndtr(column_cuts), ndtr(row_cuts), 1.0
    rest = 1 - rho**2
    density[1:-1, 1:-1] = np.exp(-(h**2 + k**2 - 2 * rho * h * k) / (2 * rest)) / (2 * np.pi * np.sqrt(rest))
    return np.diff(np.diff(below, axis=0), axis=1), np.diff(np.diff(density, axis=0), axis=1)


def _most_likely(counts: Array, row_cuts: Array, column_cuts: Array) -> float:
    """Where the likelihood's slope in rho crosses zero; +-0.9999 where it never does."""
    from scipy.optimize import brentq

    filled = counts > 0

    def slope(rho: float) -> float:
        cells, slopes = _cells(row_cuts, column_cuts, rho)
        return float((counts[filled] * slopes[filled] / np.maximum(cells[filled], 1e-300)).sum())

    # Outwards from 0, since far out the probabilities of cells are lost in the digits of the machine.
    direction = 1.0 if slope(0.0) >= 0 else -1.0
    inner = 0.0
    for outer in REACHES:
        if direction * slope(direction * outer) < 0:
            between = sorted((direction * inner, direction * outer))
            return float(brentq(slope, *between, xtol=1e-12))
        inner = outer
    return direction * LARGEST
