"""Extracting factors from a correlation matrix; the one place that speaks to factor_analyzer (minres)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from quant.errors import FactorError
from quant.notes import Note

Array = NDArray[np.float64]
Extraction = Literal["principal_factor", "iterated", "pcf", "minres", "ml"]
MIN_EIGENVALUE = 5e-6
LARGEST_CONDITION = 1e10
MAX_ITERATIONS = 5_000
STATAS_TOLERANCE = 1e-4  # what Stata's ipf stops at, as its printed digits show
SMALLEST_UNIQUENESS = 0.005
LARGEST_COMMUNALITY = 0.9999  # beyond it Stata calls a solution a Heywood case


@dataclass(frozen=True)
class Extracted:
    """Unrotated factors.

    eigenvalues : (items,) of the matrix that was factored, largest first; for ml (factors,), the sums of
        squared loadings.
    loadings : (items, factors); communalities : (items,).
    discrepancy : what maximum likelihood minimised, ln|Sigma| - ln|R| + tr(R Sigma^-1) - items; else None.
    """

    eigenvalues: Array
    loadings: Array
    communalities: Array
    notes: tuple[Note, ...] = ()
    discrepancy: float | None = None


def extract(
    correlations: Array,
    extraction: Extraction,
    *,
    n_factors: int | None = None,
    min_eigenvalue: float | None = None,
    tolerance: float = STATAS_TOLERANCE,
) -> Extracted:
    """Extract factors from an (items, items) correlation matrix.

    n_factors : at most this many; None keeps every factor whose eigenvalue exceeds `min_eigenvalue`.
    min_eigenvalue : default as Stata: 5e-6, for `pcf` without `n_factors` 1. For minres and ml, which must
        know the number before they start, the eigenvalues of the correlation matrix are counted against 1.
    tolerance : `iterated` stops once no communality moves by that much; the eigenvalues are then those of the
        step that gave the loadings.

    Source: docs/methods/factors.md
    """
    if extraction == "pcf":
        rule = 1.0 if n_factors is None else MIN_EIGENVALUE  # a number asked for stands over Kaiser's rule
        return _principal(correlations, np.ones(len(correlations)), n_factors, _limit(min_eigenvalue, rule))
    if extraction in ("minres", "ml"):
        if n_factors is None:
            over = np.linalg.eigvalsh(correlations) > _limit(min_eigenvalue, 1.0)
            n_factors = max(1, int(over.sum()))
        found = _minimum_residuals if extraction == "minres" else maximum_likelihood
        return _with_note_if_many(found(correlations, n_factors))
    start = squared_multiple_correlations(correlations)
    limit = _limit(min_eigenvalue, MIN_EIGENVALUE)
    first = _principal(correlations, start, n_factors, limit)
    if extraction == "iterated":
        again = _iterated(correlations, start, first.loadings.shape[1], tolerance=tolerance)
        return _with_note_if_many(replace(again, notes=(*first.notes, *again.notes)))
    heywood = _at_limit(int((first.communalities > LARGEST_COMMUNALITY).sum()))
    return replace(first, notes=(*first.notes, *heywood))


def _with_note_if_many(found: Extracted) -> Extracted:
    """A note where communalities and loadings are more than the correlations can tell."""
    p, k = found.loadings.shape
    if (p - k) ** 2 >= p + k:
        return found
    note = Note(
        "{factors} factors of {items} items have more parameters than there are correlations: the solution "
        "is one of many; ask for fewer factors",
        reason="too_many_parameters",
        factors=k,
        items=p,
    )
    return replace(found, notes=(*found.notes, note))


def extract_many(correlations: Array, extraction: Extraction, n_factors: int) -> Array:
    """(found, items, n_factors) loadings of (draws, items, items) correlations by principal_factor or pcf.

    Draws that are not finite, that determine an item by others or that have fewer positive eigenvalues than
    `n_factors` are left out.
    """
    matrices = correlations[np.isfinite(correlations).all(axis=(1, 2))].copy()
    if extraction == "principal_factor" and len(matrices):
        matrices = matrices[np.linalg.cond(matrices) < LARGEST_CONDITION]
        inverse = np.linalg.inv(matrices)
        place = np.arange(matrices.shape[1])
        matrices[:, place, place] = 1 - 1 / np.diagonal(inverse, axis1=1, axis2=2)
    values, vectors = np.linalg.eigh(matrices)
    values, vectors = values[:, ::-1][:, :n_factors], vectors[:, :, ::-1][:, :, :n_factors]
    enough = values[:, -1] > MIN_EIGENVALUE
    loadings: Array = vectors[enough] * np.sqrt(values[enough])[:, None, :]
    return loadings


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
    notes: tuple[Note, ...] = ()
    if n_factors is not None:
        if n_factors > kept:
            notes = (
                Note(
                    "{asked} factors asked for, {kept} kept: the other eigenvalues do not exceed {limit:g}",
                    reason="fewer_factors",
                    asked=n_factors,
                    kept=kept,
                    limit=limit,
                ),
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


def _iterated(correlations: Array, start: Array, n_factors: int, *, tolerance: float) -> Extracted:
    communalities = start
    for _ in range(MAX_ITERATIONS):
        values, vectors = _reduced(correlations, communalities)
        loadings = vectors[:, :n_factors] * np.sqrt(np.clip(values[:n_factors], 0, None))
        updated = (loadings**2).sum(axis=1)
        change, communalities = np.abs(updated - communalities).max(), updated
        if communalities.max() > 1:
            note = Note(
                "a communality exceeded 1 (Heywood case); extraction stopped there: ask for fewer factors",
                reason="heywood_stopped",
            )
            return Extracted(values, loadings, communalities, (note,))
        if change < tolerance:
            return Extracted(values, loadings, communalities)
    raise FactorError(
        "iterated extraction did not settle in {steps} steps; ask for fewer factors",
        reason="not_settled",
        steps=MAX_ITERATIONS,
    )


def maximum_likelihood(correlations: Array, n_factors: int) -> Extracted:
    """Maximum likelihood, the uniquenesses kept at or over 0.005 as R's `factanal` does.

    The loadings are those of the eigenvectors of the correlations scaled by the uniquenesses.
    Source: Joreskog (1967), Psychometrika 32: 443-482; Lawley & Maxwell (1971), chapter 4.
    """
    from scipy.optimize import minimize

    p = len(correlations)
    start = (1 - 0.5 * n_factors / p) / np.diag(np.linalg.inv(correlations))

    def discrepancy(uniqueness: Array) -> tuple[float, Array]:
        values, loadings = _scaled(correlations, uniqueness, n_factors)
        rest = np.maximum(values[n_factors:], 1e-12)
        residual = (loadings**2).sum(axis=1) + uniqueness - np.diag(correlations)
        return float((rest - np.log(rest)).sum() - (p - n_factors)), residual / uniqueness**2

    limits = [(SMALLEST_UNIQUENESS, 1.0)] * p
    options = {"maxiter": MAX_ITERATIONS, "maxfun": 10 * MAX_ITERATIONS, "ftol": 1e-15, "gtol": 1e-10}
    start = np.clip(start, SMALLEST_UNIQUENESS, 1.0)
    best = minimize(discrepancy, start, jac=True, method="L-BFGS-B", bounds=limits, options=options)
    uniqueness = np.asarray(best.x, dtype=float)
    loadings = _scaled(correlations, uniqueness, n_factors)[1]
    variances = (loadings**2).sum(axis=0)
    loadings = loadings[:, np.argsort(-variances, kind="stable")]
    notes = _at_limit(int((uniqueness <= SMALLEST_UNIQUENESS * 1.001).sum()))
    communalities = (loadings**2).sum(axis=1)
    return Extracted(np.sort(variances)[::-1], loadings, communalities, notes, max(float(best.fun), 0.0))


def _scaled(correlations: Array, uniqueness: Array, n_factors: int) -> tuple[Array, Array]:
    """Eigenvalues of the correlations scaled by 1 / sqrt(uniqueness), and the loadings they imply."""
    scale = np.sqrt(uniqueness)
    values, vectors = np.linalg.eigh(correlations / np.outer(scale, scale))
    values, vectors = values[::-1], vectors[:, ::-1]
    size = np.sqrt(np.maximum(values[:n_factors] - 1, 0))
    return values, scale[:, None] * vectors[:, :n_factors] * size


def _at_limit(n_items: int) -> tuple[Note, ...]:
    if not n_items:
        return ()
    return (
        Note(
            "{items} items reached the largest communality allowed (Heywood case)",
            reason="heywood_limit",
            items=n_items,
        ),
    )


def _minimum_residuals(correlations: Array, n_factors: int) -> Extracted:
    model = factor_analyzer_model()(
        n_factors=n_factors,
        rotation=None,
        method="minres",
        is_corr_matrix=True,
        bounds=(SMALLEST_UNIQUENESS, 1),
    )
    try:
        model.fit(correlations)
    except (ValueError, np.linalg.LinAlgError) as error:
        raise FactorError(
            "{extraction} found no solution with {factors} factors ({detail}); ask for fewer",
            reason="no_solution",
            extraction="minres",
            factors=n_factors,
            detail=error,
        ) from error
    loadings = np.asarray(model.loadings_, dtype=float)
    communalities = (loadings**2).sum(axis=1)
    notes = _at_limit(int((communalities > 0.994).sum()))
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
