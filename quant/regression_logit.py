"""Logit as a sensitivity of a linear model with a 0/1 outcome: average marginal effects, separation told."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quant.errors import RegressionError
from quant.regression import TABLE_COLUMNS
from quant.regression_design import INTERCEPT, design_matrices
from quant.regression_solver import independent_columns


@dataclass(frozen=True)
class LogitResult:
    """A logit and its average marginal effects.

    table : coefficients; effects : average marginal effects with errors by the delta method; both with term,
        estimate, std_error, statistic, p_value, ci_low, ci_high (normal).
    separated : terms of which a combination predicts the outcome perfectly in some rows; then the estimates
        do not exist and both tables are empty.
    n_constant : rows left out because the outcome does not vary in their absorbed group; n_groups : groups
        that are left.
    """

    outcome: str
    table: pd.DataFrame
    effects: pd.DataFrame
    n: int
    n_dropped: int
    n_constant: int
    n_groups: int | None
    n_clusters: int | None
    pseudo_r2: float
    log_likelihood: float
    separated: tuple[str, ...]
    omitted: tuple[str, ...]


def logit(
    formula: str, data: pd.DataFrame, absorb: str | None = None, cluster: str | None = None
) -> LogitResult:
    """Logit of a 0/1 outcome with average marginal effects.

    absorb : column whose groups get a dummy each; groups in which all have the same outcome say nothing and
        are left out. With few rows a group these dummies bias a logit: read the effects as a check, not as
        a result.
    cluster : column of clusters for the errors; else they are those of maximum likelihood.

    Raises RegressionError if the outcome is not 0/1 or does not vary.
    Source: statsmodels' Logit and get_margeff; separation by linear programming as in Konis (2007);
    docs/methods/regressions.md
    """
    import statsmodels.api as sm

    design = design_matrices(formula, data, absorb=absorb, cluster=cluster, weights=None)
    y, x, terms = design.y, design.x, list(design.terms)
    if not set(np.unique(y)) <= {0.0, 1.0}:
        raise RegressionError(
            "the outcome '{outcome}' is not 0 or 1 in every row; a logit needs that",
            reason="regression_not_binary",
            outcome=design.outcome,
        )
    keep = np.ones(len(y), dtype=bool)
    if design.groups is not None:
        share = np.bincount(design.groups, weights=y) / np.bincount(design.groups)
        keep = ((share > 0) & (share < 1))[design.groups]
    if not keep.any() or len(np.unique(y[keep])) < 2:
        raise RegressionError(
            "the outcome '{outcome}' does not vary in the rows that can be used",
            reason="regression_no_variation",
            outcome=design.outcome,
        )
    groups = None if design.groups is None else pd.factorize(design.groups[keep])[0]
    y, x = y[keep], x[keep]
    if groups is not None:
        x = np.column_stack([x, (groups[:, None] == np.arange(1, groups.max() + 1)).astype(float)])
    names = terms + [""] * (x.shape[1] - len(terms))
    kept = independent_columns(x, np.ones(len(y)), scale=np.linalg.norm(x, axis=0))
    x, names = x[:, kept], [names[place] for place in kept]
    clusters = None if design.clusters is None else pd.factorize(design.clusters[keep])[0]
    common: dict[str, Any] = {
        "outcome": design.outcome,
        "n": len(y),
        "n_dropped": design.n_dropped,
        "n_constant": int((~keep).sum()),
        "n_groups": None if groups is None else int(groups.max()) + 1,
        "n_clusters": None if clusters is None else int(clusters.max()) + 1,
        "omitted": tuple(term for term in terms if term not in names),
    }
    separated = _separating(x, y)
    if separated.size:
        blamed = tuple(names[place] for place in separated if names[place] not in ("", INTERCEPT))
        empty = pd.DataFrame(columns=list(TABLE_COLUMNS))
        missing = float("nan")
        return LogitResult(
            table=empty, effects=empty, pseudo_r2=missing, log_likelihood=missing,
            separated=blamed or (absorb or INTERCEPT,), **common,
        )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options = {} if clusters is None else {"cov_type": "cluster", "cov_kwds": {"groups": clusters}}
        fitted = sm.Logit(y, x).fit(disp=0, maxiter=200, **options)
        margins = fitted.get_margeff(at="overall", method="dydx")
    # The margins leave the constant out.
    shown = [place for place, name in enumerate(names) if name]
    slopes = [name for place, name in enumerate(names) if not np.all(x[:, place] == x[0, place])]
    wanted = [place for place, name in enumerate(slopes) if name]
    return LogitResult(
        table=_normal_table([names[p] for p in shown], fitted.params[shown], fitted.bse[shown]),
        effects=_normal_table(
            [slopes[p] for p in wanted], margins.margeff[wanted], margins.margeff_se[wanted]
        ),
        pseudo_r2=float(fitted.prsquared),
        log_likelihood=float(fitted.llf),
        separated=(),
        **common,
    )


def _separating(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Places of the columns in a direction that separates zeros from ones; empty if there is none."""
    from scipy.optimize import linprog

    signed = x * (2 * y - 1)[:, None]
    scale = np.maximum(np.abs(signed).max(axis=0), 1e-300)
    found = linprog(
        -(signed / scale).sum(axis=0),
        A_ub=-(signed / scale),
        b_ub=np.zeros(len(y)),
        bounds=(-1, 1),
        method="highs",
    )
    if not found.success or -found.fun < 1e-7:
        return np.array([], dtype=int)
    places: np.ndarray = np.flatnonzero(np.abs(found.x) > 1e-7)
    return places


def _normal_table(names: list[str], estimates: np.ndarray, errors: np.ndarray) -> pd.DataFrame:
    from scipy.stats import norm

    z = estimates / errors
    reach = norm.ppf(0.975) * errors
    values = (names, estimates, errors, z, 2 * norm.sf(np.abs(z)), estimates - reach, estimates + reach)
    return pd.DataFrame(dict(zip(TABLE_COLUMNS, values, strict=True)))
