"""The rows of a checked panel as cells of one row each, in memory and without compression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from quant.effect_solver import Cells
from quant.panel import Panel


def row_cells(panel: Panel, kept: Sequence[int], *, unit_effects: bool) -> Cells:
    """Every row of the periods kept as a cell, sorted by cluster and unit.

    kept : places of periods.  unit_effects : whether unit means are taken out of the outcome.
    """
    frame, places = panel.frame, panel.places
    chosen = np.isin(places, np.asarray(kept))
    units = _codes(frame[panel.unit])[chosen] if panel.unit is not None else np.flatnonzero(chosen)
    clusters: np.ndarray | None = None
    labels: tuple[Any, ...] = ()
    if panel.cluster is not None:
        # in order of their names, as from an engine, so that draws of a bootstrap are the same
        codes, values = pd.factorize(frame[panel.cluster], sort=True)
        clusters = codes[chosen]
        labels = tuple(values[np.unique(clusters)].tolist())
    order = np.lexsort((units,) if clusters is None else (units, clusters))
    frame = frame[chosen].iloc[order]
    units = pd.factorize(units[order])[0]
    y = frame[panel.outcome].to_numpy(float)
    n = np.ones(len(y)) if panel.weights is None else _scaled(frame[panel.weights].to_numpy(float))
    ever = panel.ever[chosen][order]
    sizes = np.bincount(units)
    if unit_effects:
        moved = y - (np.bincount(units, n * y) / np.bincount(units, n))[units]
    else:
        moved = y - np.average(y, weights=n)
    return Cells(
        groups=units if unit_effects else None,
        clusters=None if clusters is None else pd.factorize(clusters[order])[0],
        places=places[chosen][order],
        ever=ever,
        covariates={name: covariate_values(frame[name]) for name in panel.covariates},
        absorb={name: _codes(frame[name]) for name in panel.absorb},
        n=n,
        total=n * y,
        moved=n * moved,
        squares=n * moved**2,
        rows=len(y),
        units=len(sizes),
        treated_units=len(np.unique(units[ever])),
        single_units=int((sizes == 1).sum()),
        weighted=panel.weights is not None,
        cluster_labels=labels,
    )


def covariate_values(column: pd.Series) -> np.ndarray:
    """Numbers about their mean, which keeps their digits; anything else as text, that is as categories."""
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        values = column.to_numpy(float)
        about: np.ndarray = values - values.mean()
        return about
    return column.astype(str).to_numpy(object)


def _codes(column: pd.Series) -> np.ndarray:
    codes: np.ndarray = pd.factorize(column)[0]
    return codes


def _scaled(weights: np.ndarray) -> np.ndarray:
    """Weights that sum to the number of rows, as analytic weights do."""
    scaled: np.ndarray = weights * (len(weights) / weights.sum())
    return scaled
