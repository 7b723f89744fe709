"""Whether a factor solution would be found again: bootstrap intervals, likeness to a published solution."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.errors import FactorError
from quant.extraction import Extraction, extract, extract_many
from quant.factor_input import as_item_frame, item_numbers
from quant.factor_names import best_match, tucker_congruence
from quant.factors import FactorResult, factor_analysis
from quant.moments import resampled_correlations, unit_rows
from quant.rotation import Rotation, rotate, varimax_many

Array = NDArray[np.float64]
Likeness = Literal["equal", "similar", "different"]
EQUAL, SIMILAR = 0.95, 0.85
DRAWS = 1000
BATCH = 250
LOADING_COLUMNS = ("item", "factor", "loading", "std_error", "ci_low", "ci_high")
CONGRUENCE_COLUMNS = ("factor", "median", "p5", "share_equal", "share_similar")
MATCH_COLUMNS = ("factor", "match", "congruence", "likeness")


@dataclass(frozen=True)
class Stability:
    """A solution found again in resampled data.

    loadings : one row an item and factor: loading of all the data, std_error and percentile interval.
    congruence : by factor: median and 5th percentile of its congruence with itself over the draws, and the
        shares of draws (0-1) in which it is equal (.95) or at least similar (.85).
    draws : draws that gave a solution; failed : those that did not.
    units : persons (or rows) that were drawn.
    """

    result: FactorResult
    loadings: pd.DataFrame
    congruence: pd.DataFrame
    level: float
    draws: int
    failed: int
    units: int
    seed: int


def bootstrap_loadings(
    data: Any,
    n_factors: int | None = None,
    extraction: Extraction = "principal_factor",
    rotation: Rotation | None = "varimax",
    kaiser: bool = False,
    *,
    persons: Sequence[Hashable] | None = None,
    min_eigenvalue: float | None = None,
    draws: int = DRAWS,
    level: float = 0.95,
    seed: int = 1,
    on_step: Callable[[int, int], None] | None = None,
) -> Stability:
    """Bootstrap intervals of the loadings of a factor analysis of ordinary correlations.

    data, n_factors, extraction, rotation, kaiser : as `quant.factor_analysis`; rows with a missing item are
        left out. The number of factors is that of all the data.
    persons : (rows,) who each row belongs to; whole persons are drawn. None draws rows.
    draws, seed : the same seed gives the same draws.
    on_step : told how many draws are done; may raise to stop.

    Each draw is extracted and rotated by the same rule; varimax starts from the draw's loadings turned
    towards the solution of all the data (Procrustes). Its factors then get the order and signs that fit best.
    Raises FactorError as `factor_analysis`, and for under 2 draws or persons.
    Source: docs/methods/stability.md
    """
    frame = item_numbers(as_item_frame(data))
    result = factor_analysis(frame, n_factors, extraction, rotation, kaiser, min_eigenvalue=min_eigenvalue)
    complete = frame.notna().all(axis=1).to_numpy()
    units = None if persons is None else pd.factorize(np.asarray(persons, dtype=object)[complete])[0]
    rows = unit_rows(frame.to_numpy()[complete], units)
    if draws < 2 or rows.units < 2:
        raise FactorError(
            "{draws} draws of {units} persons; a bootstrap needs 2 or more of both",
            reason="too_few_draws",
            draws=draws,
            units=rows.units,
        )
    target = result.loadings.to_numpy()
    found, failed, done = [], 0, 0
    chance = np.random.default_rng(seed)
    while done < draws:
        size = min(BATCH, draws - done)
        correlations = resampled_correlations(rows, size, chance)
        loadings, missed = _solutions(correlations, result)
        found.append(_aligned(loadings, target))
        failed += missed
        done += size
        if on_step is not None:
            on_step(done, draws)
    drawn = np.concatenate(found)
    if len(drawn) < 2:
        raise FactorError(
            "{failed} of {draws} resamples gave no solution; ask for fewer factors",
            reason="resamples_failed",
            failed=failed,
            draws=draws,
        )
    return Stability(
        result=result,
        loadings=_loading_table(result, drawn, level),
        congruence=_congruence_table(result, drawn),
        level=level,
        draws=len(drawn),
        failed=failed,
        units=rows.units,
        seed=seed,
    )


def compare_with(result: FactorResult, published: pd.DataFrame) -> pd.DataFrame:
    """The published factor that fits each factor best, with Tucker's congruence and what it amounts to.

    published : loadings, items as index.

    Returns frame factor, match, congruence, likeness: "equal" from .95, "similar" from .85, else "different".
    Raises FactorError if the solutions share under 2 items.
    Source: Lorenzo-Seva & ten Berge (2006), Methodology 2: 57-64.
    """
    table = tucker_congruence(result.loadings, published)
    pairs = best_match(table)
    rows: list[tuple[str, str | None, float, str | None]] = []
    for factor in result.factors:
        match = pairs.get(factor)
        value = float(table[match][factor]) if match is not None else float("nan")
        rows.append((factor, match, value, likeness(value) if match is not None else None))
    return pd.DataFrame(rows, columns=list(MATCH_COLUMNS))


def likeness(congruence: float) -> Likeness:
    """Words for a congruence; a negative one is a factor turned round and counts by its size."""
    size = abs(congruence)
    return "equal" if size >= EQUAL else "similar" if size >= SIMILAR else "different"


def _solutions(correlations: Array, result: FactorResult) -> tuple[Array, int]:
    """(found, items, factors) loadings of (draws, items, items) correlations; how many draws have none."""
    k = len(result.factors)
    if result.extraction in ("principal_factor", "pcf"):
        unrotated = extract_many(correlations, result.extraction, k)
    else:
        unrotated = _extract_each(correlations, result.extraction, k)
    missed = len(correlations) - len(unrotated)
    if result.rotation is None or k == 1 or not len(unrotated):
        return unrotated, missed
    if result.rotation == "varimax":
        start = _procrustes(unrotated, result.loadings.to_numpy())
        lengths = np.sqrt((start**2).sum(axis=2, keepdims=True))
        lengths = np.where(lengths > 0, lengths, 1.0) if result.kaiser else np.ones_like(lengths)
        return varimax_many(start / lengths) * lengths, missed
    start = _procrustes(unrotated, result.unrotated_loadings.to_numpy())
    return np.array([rotate(each, result.rotation, kaiser=result.kaiser).loadings for each in start]), missed


def _extract_each(correlations: Array, extraction: Extraction, k: int) -> Array:
    found = []
    for matrix in correlations:
        if not np.isfinite(matrix).all():
            continue
        try:
            loadings = extract(matrix, extraction, n_factors=k).loadings
        except (FactorError, np.linalg.LinAlgError):
            continue
        if loadings.shape[1] == k:
            found.append(loadings)
    return np.array(found).reshape(-1, correlations.shape[1], k)


def _procrustes(loadings: Array, target: Array) -> Array:
    """(draws, items, factors) loadings, each turned (orthogonally) to be nearest to `target`."""
    left, _, right = np.linalg.svd(loadings.transpose(0, 2, 1) @ target)
    turned: Array = loadings @ (left @ right)
    return turned


def _aligned(loadings: Array, target: Array) -> Array:
    """Each draw's factors in the order and with the signs that are most congruent with `target`."""
    from scipy.optimize import linear_sum_assignment

    aligned = np.empty_like(loadings)
    for place, each in enumerate(loadings):
        likeness_table = _congruences(target, each)
        rows, columns = linear_sum_assignment(-np.abs(likeness_table))
        signs = np.where(likeness_table[rows, columns] < 0, -1.0, 1.0)
        aligned[place] = each[:, columns] * signs
    return aligned


def _congruences(a: Array, b: Array) -> Array:
    lengths = np.outer(np.sqrt((a**2).sum(axis=0)), np.sqrt((b**2).sum(axis=0)))
    table: Array = a.T @ b / np.where(lengths > 0, lengths, 1.0)
    return table


def _loading_table(result: FactorResult, drawn: Array, level: float) -> pd.DataFrame:
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    error, loadings = drawn.std(axis=0, ddof=1), result.loadings.to_numpy()
    rows = [
        (item, factor, loadings[i, j], error[i, j], low[i, j], high[i, j])
        for i, item in enumerate(result.items)
        for j, factor in enumerate(result.factors)
    ]
    return pd.DataFrame(rows, columns=list(LOADING_COLUMNS))


def _congruence_table(result: FactorResult, drawn: Array) -> pd.DataFrame:
    target = result.loadings.to_numpy()
    lengths = np.sqrt((drawn**2).sum(axis=1)) * np.sqrt((target**2).sum(axis=0))
    values = (drawn * target).sum(axis=1) / np.where(lengths > 0, lengths, 1.0)
    rows = [
        (
            factor,
            float(np.median(values[:, j])),
            float(np.quantile(values[:, j], 0.05)),
            float((values[:, j] >= EQUAL).mean()),
            float((values[:, j] >= SIMILAR).mean()),
        )
        for j, factor in enumerate(result.factors)
    ]
    return pd.DataFrame(rows, columns=list(CONGRUENCE_COLUMNS))
