"""Extracting factors from a correlation matrix; the one place that speaks to factor_analyzer."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from quant.errors import FactorError

Array = NDArray[np.float64]
Extraction = Literal["principal_factor", "iterated", "pcf", "minres", "ml"]
MIN_EIGENVALUE = 5e-6
MAX_ITERATIONS = 5_000


@dataclass(frozen=True)
class Extracted:
    """Unrotated factors.

    eigenvalues : (items,) of the matrix that was factored, largest first.
    loadings : (items, factors); communalities : (items,).
    """

    eigenvalues: Array
    loadings: Array
    communalities: Array
    notes: tuple[str, ...] = ()


def extract(
    correlations: Array,
    extraction: Extraction,
    *,
    n_factors: int | None = None,
    min_eigenvalue: float | None = None,
) -> Extracted:
    """Extract factors from an (items, items) correlation matrix.

    n_factors : at most this many; None keeps every factor whose eigenvalue exceeds `min_eigenvalue`.
    min_eigenvalue : default as Stata: 5e-6, for `pcf` without `n_factors` 1. For minres and ml, which must
        know the number before they start, the eigenvalues of the correlation matrix are counted against 1.

    Source: docs/methods/factors.md
    """
    if extraction == "pcf":
        rule = 1.0 if n_factors is None else MIN_EIGENVALUE  # a number asked for stands over Kaiser's rule
        return _principal(correlations, np.ones(len(correlations)), n_factors, _limit(min_eigenvalue, rule))
    if extraction in ("minres", "ml"):
        return _by_factor_analyzer(correlations, extraction, n_factors, _limit(min_eigenvalue, 1.0))
    start = squared_multiple_correlations(correlations)
    limit = _limit(min_eigenvalue, MIN_EIGENVALUE)
    first = _principal(correlations, start, n_factors, limit)
    return (
        first if extraction == "principal_factor" else _iterated(correlations, start, first.loadings.shape[1])
    )


def _limit(chosen: float | None, default: float) -> float:
    return default if chosen is None else chosen


def squared_multiple_correlations(correlations: Array) -> Array:
    """(items,) share of each item's variance that the others predict: 1 - 1 / diagonal of the inverse."""
    result: Array = 1 - 1 / np.diag(np.linalg.inv(correlations))
    return result


def _reduced(correlations: Array, communalities: Array) -> tuple[Array, Array]:
    """Eigenvalues (largest first) and vectors of the correlations with communalities in the diagonal."""
    matrix = correlations.copy()
    np.fill_diagonal(matrix, communalities)
    values, vectors = np.linalg.eigh(matrix)
    return values[::-1], vectors[:, ::-1]


def _principal(correlations: Array, communalities: Array, n_factors: int | None, limit: float) -> Extracted:
    values, vectors = _reduced(correlations, communalities)
    kept = int((values > limit).sum())
    notes: tuple[str, ...] = ()
    if n_factors is not None:
        if n_factors > kept:
            notes = (
                f"{n_factors} factors asked for, {kept} kept: the other eigenvalues do not exceed {limit:g}",
            )
        kept = min(kept, n_factors)
    if kept == 0:
        raise FactorError(
            "no eigenvalue exceeds {limit:g}: the items share too little; choose other items",
            reason="no_eigenvalue",
            limit=limit,
        )
    loadings = vectors[:, :kept] * np.sqrt(values[:kept])
    return Extracted(values, loadings, (loadings**2).sum(axis=1), notes)


def _iterated(correlations: Array, start: Array, n_factors: int, *, tolerance: float = 1e-9) -> Extracted:
    communalities = start
    for _ in range(MAX_ITERATIONS):
        values, vectors = _reduced(correlations, communalities)
        loadings = vectors[:, :n_factors] * np.sqrt(np.clip(values[:n_factors], 0, None))
        updated = (loadings**2).sum(axis=1)
        change, communalities = np.abs(updated - communalities).max(), updated
        if communalities.max() > 1:
            note = "a communality exceeded 1 (Heywood case); extraction stopped there: ask for fewer factors"
            return Extracted(values, loadings, communalities, (note,))
        if change < tolerance:
            return Extracted(_reduced(correlations, communalities)[0], loadings, communalities)
    raise FactorError(
        "iterated extraction did not settle in {steps} steps; ask for fewer factors",
        reason="not_settled",
        steps=MAX_ITERATIONS,
    )


def _by_factor_analyzer(
    correlations: Array, extraction: Extraction, n_factors: int | None, limit: float
) -> Extracted:
    if n_factors is None:
        n_factors = max(1, int((np.linalg.eigvalsh(correlations) > limit).sum()))
    model = factor_analyzer_model()(
        n_factors=n_factors, rotation=None, method=extraction, is_corr_matrix=True, bounds=(0.005, 1)
    )
    try:
        model.fit(correlations)
    except (ValueError, np.linalg.LinAlgError) as error:
        raise FactorError(
            "{extraction} found no solution with {factors} factors ({detail}); ask for fewer",
            reason="no_solution",
            extraction=extraction,
            factors=n_factors,
            detail=error,
        ) from error
    loadings = np.asarray(model.loadings_, dtype=float)
    communalities = (loadings**2).sum(axis=1)
    at_bound = int((communalities > 0.994).sum())
    notes = (f"{at_bound} items reached the largest communality allowed (Heywood case)",) if at_bound else ()
    return Extracted(_reduced(correlations, communalities)[0], loadings, communalities, notes)


def factor_analyzer_model() -> Any:
    """factor_analyzer's model class, made to work with scikit-learn from 1.6 on.

    scikit-learn renamed `force_all_finite` of `check_array` to `ensure_all_finite` and later dropped the old
    name, which factor_analyzer 0.5.1 still uses.
    """
    from factor_analyzer import factor_analyzer as module

    if not hasattr(module.check_array, "renames_finite"):
        module.check_array = _renaming_finite(module.check_array)
    return module.FactorAnalyzer


def _renaming_finite(check_array: Callable[..., Any]) -> Callable[..., Any]:
    known = inspect.signature(check_array).parameters

    def check(*args: Any, force_all_finite: bool | str = True, **options: Any) -> Any:
        name = "ensure_all_finite" if "ensure_all_finite" in known else "force_all_finite"
        return check_array(*args, **{name: force_all_finite}, **options)

    check.renames_finite = True  # type: ignore[attr-defined]
    return check
