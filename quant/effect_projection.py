"""Absorbed columns with more levels than dummies fit: taken out of outcome and regressors, without loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from quant.effect_solver import Cells, Columns, within_groups
from quant.errors import EffectError

MANY_LEVELS = 500  # columns with more levels get no dummies
MAX_LEVELS = 20_000
MAX_BYTES = 2 * 1024**3


def many_levels(cells: Cells) -> list[str]:
    """Absorbed columns with more levels than dummies are made for."""
    return [name for name, codes in cells.absorb.items() if int(codes.max()) >= MANY_LEVELS]


def check_levels(cells: Cells, names: list[str], n_columns: int) -> None:
    """Raise EffectError for two such columns, or one that takes too much memory."""
    levels = int(cells.absorb[names[0]].max()) + 1
    too_many = cells.groups is not None and levels > MAX_LEVELS
    if len(names) > 1 or too_many or len(cells) * n_columns * 16 > MAX_BYTES:
        raise EffectError(
            "{columns} cannot be absorbed: beside units one column may have more than {many} levels, and at "
            "most {most}, in a panel that fits into memory; use coarser groups",
            reason="effect_many_levels",
            columns=", ".join(names),
            many=MANY_LEVELS,
            most=MAX_LEVELS,
        )


def project(cells: Cells, columns: Columns, codes: np.ndarray) -> tuple[Cells, Columns]:
    """Cells and regressors less what the levels of a column (and units, where they have effects) explain.

    codes : (m,) levels. The regressors stand in memory afterwards.
    The coefficients of the levels solve the normal equations after units are taken out: exact, no iteration.
    """
    everything = slice(0, len(cells))
    x = columns.build(cells, everything)
    about = cells.n @ x**2 - (cells.n @ x) ** 2 / cells.n.sum()
    scale = np.sqrt(np.where(about > 0, about, cells.n @ x**2))
    wide = np.column_stack([x, cells.moved / cells.n])
    wide = within_groups(wide, cells.n, cells, everything)
    levels = int(codes.max()) + 1
    totals = np.zeros((levels, wide.shape[1]))
    np.add.at(totals, codes, wide * cells.n[:, None])
    if cells.groups is None:
        further = levels
        moved = wide - (totals / np.bincount(codes, cells.n)[:, None])[codes]
    else:
        coefficients, components = _beside_units(cells.groups, codes, cells.n, totals)
        further = levels - components
        moved = wide - within_groups(coefficients[codes], cells.n, cells, everything)
    nested = cells.clusters is not None and _nested(codes, cells.clusters)
    y = moved[:, -1]
    projected = replace(
        cells,
        moved=cells.n * y,
        squares=cells.n * y**2,
        further=further,
        further_counted=int(cells.groups is None) if nested else further,
    )
    return projected, replace(columns, matrix=moved[:, :-1], scale=scale)


def _beside_units(
    groups: np.ndarray, codes: np.ndarray, n: np.ndarray, totals: np.ndarray
) -> tuple[np.ndarray, int]:
    """(levels, k) coefficients of the levels, and into how many parts units and levels fall."""
    from scipy.sparse import bmat, csc_matrix, diags
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import splu

    units, levels = int(groups.max()) + 1, len(totals)
    together = csc_matrix((n, (groups, codes)), shape=(units, levels))
    graph = bmat([[None, together], [together.T, None]])
    components, parts = connected_components(graph, directed=False)
    # In each part one level is the reference: units take its place.
    reference = np.unique(parts[units:], return_index=True)[1]
    free = np.setdiff1d(np.arange(levels), reference)
    products = diags(np.bincount(codes, n)) - together.T @ diags(1 / np.bincount(groups, n)) @ together
    coefficients = np.zeros_like(totals)
    if len(free):
        coefficients[free] = splu(csc_matrix(products)[free][:, free].tocsc()).solve(totals[free])
    return coefficients, int(components)


def _nested(codes: np.ndarray, clusters: np.ndarray) -> bool:
    """Whether each level lies in one cluster."""
    pairs = np.unique(codes.astype(np.int64) * (int(clusters.max()) + 1) + clusters)
    return len(pairs) == int(codes.max()) + 1
