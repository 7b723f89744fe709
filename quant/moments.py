"""Correlations of resampled data from sums of products, without ever building the resampled data."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
CHUNK_UNITS = 4096


@dataclass(frozen=True)
class UnitRows:
    """Rows of numbers ordered by the unit they belong to.

    values : (rows, items), each item less its mean; starts : (units,) first row of each unit.
    """

    values: Array
    starts: NDArray[np.int64]

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.starts)

    def moments(self, first: int, last: int) -> Array:
        """(last - first, 1 + items + pairs) count, sums and sums of products of units first to last."""
        p = self.values.shape[1]
        end = len(self.values) if last >= self.units else int(self.starts[last])
        begin = int(self.starts[first])
        rows = self.values[begin:end]
        i, j = np.triu_indices(p)
        features = np.empty((len(rows), 1 + p + len(i)))
        features[:, 0], features[:, 1 : 1 + p] = 1.0, rows
        np.multiply(rows[:, i], rows[:, j], out=features[:, 1 + p :])
        if len(rows) == last - first:
            return features
        added: Array = np.add.reduceat(features, self.starts[first:last] - begin, axis=0)
        return added


def unit_rows(values: Array, units: NDArray[np.int64] | None = None) -> UnitRows:
    """Order rows by unit.

    values : (rows, items) without missing numbers; units : (rows,) 0, 1, 2 ...; None makes each row a unit.
    """
    centred = values - values.mean(axis=0)
    if units is None:
        return UnitRows(centred, np.arange(len(values)))
    order = np.argsort(units, kind="stable")
    _, starts = np.unique(units[order], return_index=True)
    return UnitRows(centred[order], starts.astype(np.int64))


def resampled_correlations(rows: UnitRows, draws: int, chance: np.random.Generator) -> Array:
    """(draws, items, items) correlations of `draws` samples of as many units, drawn with replacement.

    How often each unit is drawn is multinomial: first by chunk of units, then within the chunk. Where an item
    does not vary in a draw, its correlations are NaN.
    """
    u, p = rows.units, rows.values.shape[1]
    edges = np.append(np.arange(0, u, CHUNK_UNITS), u)
    shares = np.diff(edges) / u
    by_chunk = chance.multinomial(u, shares, size=draws)
    i, j = np.triu_indices(p)
    total = np.zeros((draws, 1 + p + len(i)))
    for place, (first, last) in enumerate(pairwise(edges.tolist())):
        size = last - first
        times = np.empty((draws, size))
        for draw in range(draws):
            picked = chance.integers(0, size, int(by_chunk[draw, place]))
            times[draw] = np.bincount(picked, minlength=size)
        total += times @ rows.moments(first, last)
    n, sums, products = total[:, 0], total[:, 1 : 1 + p], total[:, 1 + p :]
    scatter = np.empty((draws, p, p))
    scatter[:, i, j] = products - sums[:, i] * sums[:, j] / n[:, None]
    scatter[:, j, i] = scatter[:, i, j]
    variance = np.diagonal(scatter, axis1=1, axis2=2)
    scale = np.sqrt(np.where(variance > 1e-9 * n[:, None], variance, np.nan))
    correlations: Array = scatter / (scale[:, :, None] * scale[:, None, :])
    correlations[:, np.arange(p), np.arange(p)] = 1.0 + 0 * scale
    return correlations
