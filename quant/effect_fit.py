"""From cells to the coefficients of a two-way model: which regressors, which errors, which table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from quant.effect_projection import check_levels, many_levels, project
from quant.effect_results import EFFECT_COLUMNS
from quant.effect_solver import Cells, Columns, Solution, robust_meat, solve_cells
from quant.errors import EffectError
from quant.notes import Note
from quant.regression import Dof, Fit

FixedEffects = Literal["unit", "group"]
FEW_CLUSTERS, FEW_TREATED_CLUSTERS = 40, 10


@dataclass(frozen=True)
class Effect:
    """One coefficient asked for: the treated in these periods (places), against the periods without one."""

    term: str
    places: tuple[int, ...]
    period: Any
    kind: Literal["pre", "post", "pooled"]


@dataclass(frozen=True)
class EffectFit:
    """The fitted model: rows of the result's table and what further computations need."""

    table: pd.DataFrame
    covariance: pd.DataFrame
    fit: Fit  # the effects are its first terms, in the order of the table
    df: int
    r2: float
    clusters: int | None
    treated_clusters: int | None
    notes: tuple[Note, ...]


def fit_effects(
    cells: Cells,
    effects: Sequence[Effect],
    *,
    n_periods: int,
    vcov: Literal["iid", "robust", "cluster"],
    dof: Dof,
) -> EffectFit:
    """The coefficients of the effects and their errors.

    n_periods : periods of the panel, to which the places in cells and effects belong.
    Raises EffectError if a coefficient is not identified, or the rows or clusters are too few for errors.
    """
    many = many_levels(cells)
    few = replace(cells, absorb={name: codes for name, codes in cells.absorb.items() if name not in many})
    columns = effect_columns(few, effects, n_periods)
    if many:
        check_levels(cells, many, len(columns.terms))
        cells, columns = project(few, columns, cells.absorb[many[0]])
    solution = solve_cells(cells, columns)
    at = [columns.first_effect + number for number in range(len(effects))]
    for effect, place in zip(effects, at, strict=True):
        if place not in solution.kept:
            raise EffectError(
                "the effect '{term}' cannot be told from periods, units and covariates; it needs rows of the "
                "treated and of the others in its periods and in those it is compared with",
                reason="effect_not_identified",
                term=effect.term,
            )
    _check_variation(cells, solution)
    factor, df, parameters = _small_sample(cells, columns, solution, vcov, dof)
    if vcov == "iid":
        covariance = solution.bread * (solution.rss / (cells.rows - parameters))
    else:
        middle = solution.cluster_meat() if vcov == "cluster" else robust_meat(cells, columns, solution)
        covariance = factor * solution.bread @ middle @ solution.bread
    chosen = [solution.kept.index(place) for place in at]
    order = chosen + [place for place in range(len(solution.kept)) if place not in chosen]
    covariance = covariance[np.ix_(chosen, chosen)]
    clusters, treated_clusters = _cluster_counts(cells)
    terms = [effect.term for effect in effects]
    return EffectFit(
        table=_table(cells, effects, solution.coefficients[chosen], np.sqrt(np.diag(covariance)), df),
        covariance=pd.DataFrame(covariance, index=terms, columns=terms),
        fit=Fit(
            x=solution.x[:, order],
            y=solution.y,
            residuals=solution.residuals,
            weights=np.ones(len(solution.y)),
            bread=solution.bread[np.ix_(order, order)],
            groups=None,
            clusters=solution.clusters if vcov == "cluster" else None,
            factor=factor,
        ),
        df=df,
        r2=1 - solution.rss / solution.tss,
        clusters=clusters,
        treated_clusters=treated_clusters,
        notes=tuple(_notes(cells, columns, solution, clusters, treated_clusters, vcov)),
    )


def effect_columns(cells: Cells, effects: Sequence[Effect], n_periods: int) -> Columns:
    """The regressors of a two-way model with these effects."""
    seen = np.unique(cells.places)
    time_of = np.zeros(n_periods, dtype=np.int64)
    time_of[seen] = np.arange(len(seen))
    effect_of = np.full(n_periods, -1)
    for number, effect in enumerate(effects):
        effect_of[list(effect.places)] = number
    absorb = tuple((name, int(codes.max()) + 1) for name, codes in cells.absorb.items())
    covariates: list[tuple[str, object]] = []
    for name, values in cells.covariates.items():
        if values.dtype == object:
            covariates += [(name, level) for level in sorted(set(values))[1:]]
        else:
            covariates.append((name, None))
    group = cells.groups is None
    terms = [
        *(["Intercept"] if group else []),
        *(f"{name}[{code}]" for name, levels in absorb for code in range(1, levels)),
        *(f"period[{place}]" for place in seen[1:]),
        *(["treated"] if group else []),
        *(effect.term for effect in effects),
        *(name if level is None else f"{name}[{level}]" for name, level in covariates),
    ]
    return Columns(
        terms=tuple(terms),
        effect_of=effect_of,
        n_effects=len(effects),
        time_of=time_of,
        n_times=len(seen),
        constant=group,
        absorb=absorb,
        covariates=tuple(covariates),
    )


def _check_variation(cells: Cells, solution: Solution) -> None:
    """Raise EffectError for an outcome that units (and absorbed columns) explain wholly."""
    if solution.tss <= 1e-24 * float((cells.total**2 / cells.n).sum()):
        raise EffectError(
            "the outcome does not vary within units, so there is nothing to explain; choose another outcome, "
            "or fixed_effects='group'",
            reason="effect_no_variation",
        )


def _small_sample(
    cells: Cells, columns: Columns, solution: Solution, vcov: str, dof: Dof
) -> tuple[float, int, int]:
    """Small-sample factor, degrees of freedom of t, and parameters with the unit effects."""
    n, rank = cells.rows, len(solution.kept)
    parameters = rank + cells.further if cells.groups is None else rank + cells.units + cells.further
    if n <= parameters:
        raise EffectError(
            "{n} rows cannot hold {parameters} parameters; use fewer covariates or more rows",
            reason="effect_too_few_rows",
            n=n,
            parameters=parameters,
        )
    if vcov != "cluster":
        return n / (n - parameters), n - parameters, parameters
    assert cells.clusters is not None
    found = int(cells.clusters.max()) + 1
    if found < 2:
        raise EffectError(
            "clustered errors need 2 or more clusters; found {found} (leave `cluster` out)",
            reason="effect_one_cluster",
            found=found,
        )
    counted = parameters
    if dof == "xtreg":  # effects within clusters are not counted; a constant is, as Stata's xtreg has one
        counted = rank + cells.further_counted + (cells.groups is not None)
        counted -= _nested_absorbed(cells, columns, solution)
    return found / (found - 1) * (n - 1) / (n - counted), found - 1, parameters


def _nested_absorbed(cells: Cells, columns: Columns, solution: Solution) -> int:
    """Kept dummies of absorbed columns whose levels each lie in one cluster."""
    assert cells.clusters is not None
    kept, nested, at = np.asarray(solution.kept), 0, columns.first_absorbed
    for name, levels in columns.absorb:
        pairs = np.unique(np.column_stack([cells.absorb[name], cells.clusters]), axis=0)
        if len(pairs) == levels:
            nested += int(((kept >= at) & (kept < at + levels - 1)).sum())
        at += levels - 1
    return nested


def _cluster_counts(cells: Cells) -> tuple[int | None, int | None]:
    if cells.clusters is None:
        return None, None
    return int(cells.clusters.max()) + 1, len(np.unique(cells.clusters[cells.ever]))


def _table(
    cells: Cells, effects: Sequence[Effect], estimates: np.ndarray, errors: np.ndarray, df: int
) -> pd.DataFrame:
    from scipy.special import stdtr, stdtrit

    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = estimates / errors
    reach = stdtrit(df, 0.975) * errors
    n_periods = int(cells.places.max()) + 1
    n = np.bincount(cells.places[cells.ever], cells.n[cells.ever], minlength=n_periods)
    total = np.bincount(cells.places[cells.ever], cells.total[cells.ever], minlength=n_periods)
    means = np.array([total[list(one.places)].sum() / n[list(one.places)].sum() for one in effects])
    with np.errstate(divide="ignore", invalid="ignore"):
        percents = np.where(means != 0, 100 * estimates / means, np.nan)
    values = (
        [one.term for one in effects], estimates, errors, statistics, 2 * stdtr(df, -np.abs(statistics)),
        estimates - reach, estimates + reach, [one.period for one in effects], [one.kind for one in effects],
        means, percents,
    )  # fmt: skip
    return pd.DataFrame(dict(zip(EFFECT_COLUMNS, values, strict=True)))


def _notes(
    cells: Cells,
    columns: Columns,
    solution: Solution,
    clusters: int | None,
    treated_clusters: int | None,
    vcov: str,
) -> list[Note]:
    notes = []
    first = columns.first_effect + columns.n_effects
    omitted = [
        columns.terms[place] for place in range(first, len(columns.terms)) if place not in solution.kept
    ]
    if omitted:
        notes.append(
            Note(
                "left out because periods, units and other covariates already say it: {terms}",
                reason="effect_covariates_omitted",
                terms=", ".join(omitted),
            )
        )
    if cells.groups is not None and cells.single_units:
        notes.append(
            Note(
                "{units} units have one row; unit effects explain it wholly, so it adds nothing",
                reason="effect_single_rows",
                units=cells.single_units,
            )
        )
    if vcov == "cluster" and clusters is not None and treated_clusters is not None:
        smaller = min(treated_clusters, clusters - treated_clusters)
        if smaller == 1:
            notes.append(
                Note(
                    "of {clusters} clusters {treated} are treated: one cluster alone says nothing about "
                    "chance, and its errors are far too small; use placebos or quant.synthetic_control",
                    reason="effect_one_treated_cluster",
                    clusters=clusters,
                    treated=treated_clusters,
                )
            )
        elif clusters < FEW_CLUSTERS or smaller < FEW_TREATED_CLUSTERS:
            notes.append(
                Note(
                    "errors are clustered on {clusters} clusters, {treated} of them treated: intervals may "
                    "be too narrow; compare with the wild cluster bootstrap",
                    reason="effect_few_clusters",
                    clusters=clusters,
                    treated=treated_clusters,
                )
            )
    return notes
