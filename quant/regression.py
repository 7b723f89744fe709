"""Linear regression with absorbed groups, with the numbers of Stata's `regress`, `areg` and `xtreg, fe`.

The design comes from `quant.regression_design`, the solving from `quant.regression_solver`; wild bootstrap,
logit and diagnostics are modules of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from quant.errors import RegressionError
from quant.regression_design import INTERCEPT, Design, design_matrices
from quant.regression_solver import Absorbed, absorb_groups, meat, solve
from quant.regression_terms import check_varies, estimated_columns

Dof = Literal["areg", "xtreg"]
WeightKind = Literal["analytic", "frequency", "probability"]
Vcov = Literal["iid", "robust"] | Mapping[str, str]
NOTHING_LEFT = 1e-24
TABLE_COLUMNS = ("term", "estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high")


@dataclass(frozen=True)
class Fit:
    """What further computations need: everything in the rows used, after absorption, n rows and k kept terms.

    x : (n, k) design; residuals, weights : (n,), the weights scaled as the kind of weight asks.
    bread : (k, k), the inverse of x'wx; groups : (n,) absorbed group of each row, None without.
    clusters : (n,) or None; factor : small-sample factor of the errors.
    """

    x: np.ndarray
    y: np.ndarray
    residuals: np.ndarray
    weights: np.ndarray
    bread: np.ndarray
    groups: np.ndarray | None
    clusters: np.ndarray | None
    factor: float


@dataclass(frozen=True)
class RegressionResult:
    """A fitted linear regression.

    table : one row a term: term, estimate, std_error, statistic, p_value, ci_low, ci_high; terms that are
        omitted for collinearity are not in it but in `omitted`.
    r2 : with dof "areg" of the model with the absorbed groups, with "xtreg" within the groups.
    df : degrees of freedom of the t statistics: n - parameters, or clusters - 1.
    df_residual : n - parameters, absorbed groups counted.
    dropped : `(column, rows)` that lack a value; a row can lack several.
    n_dropped : rows left out in all.
    f_absorbed, f_absorbed_p : the test that the absorbed groups are equal, which `areg` prints for ordinary
        errors; degrees of freedom n_groups - 1 and df_residual. Else not a number.
    n_singletons : absorbed groups with one row; they stay in n and in the degrees of freedom, as in Stata.
    rows : index labels of the rows used; outcome_values : (n,) their outcome.
    """

    formula: str
    outcome: str
    table: pd.DataFrame
    n: int
    r2: float
    adjusted_r2: float
    df: int
    df_residual: int
    r2_within: float
    r2_overall: float
    f_statistic: float
    f_df: int
    f_p_value: float
    f_absorbed: float
    f_absorbed_p: float
    rmse: float
    rss: float
    outcome_mean: float
    vcov: str
    cluster: str | None
    n_clusters: int | None
    absorb: str | None
    n_groups: int | None
    n_singletons: int
    dof: Dof
    weights: str | None
    weight_kind: WeightKind | None
    omitted: tuple[str, ...]
    dropped: tuple[tuple[str, int], ...]
    n_dropped: int
    covariance: pd.DataFrame = field(repr=False)
    rows: pd.Index = field(repr=False)
    outcome_values: np.ndarray = field(repr=False)
    fit: Fit = field(repr=False)

    def estimate(self, term: str) -> float:
        """The coefficient of a term. Raises KeyError for one that is not in the table."""
        return float(self.table.set_index("term")["estimate"].loc[term])

    def std_error(self, term: str) -> float:
        """The standard error of a term. Raises KeyError for one that is not in the table."""
        return float(self.table.set_index("term")["std_error"].loc[term])

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON values, without the arrays."""
        left_out = {"table", "covariance", "rows", "fit", "dropped", "outcome_values"}
        values = {name: value for name, value in vars(self).items() if name not in left_out}
        return {**values, "dropped": dict(self.dropped), "table": self.table.to_dict("records")}


def regression(
    formula: str,
    data: pd.DataFrame,
    absorb: str | None = None,
    vcov: Vcov = "iid",
    dof: Dof = "areg",
    weights: str | None = None,
    *,
    weight_kind: WeightKind = "analytic",
) -> RegressionResult:
    """Least squares of `outcome ~ terms`, with the dummies of one column absorbed.

    formula : as `y ~ x + C(g, "reference") + x:z`; names are columns of `data`; see `regression_design`.
    absorb : column whose groups get a dummy each, as `areg, absorb()`.
    vcov : "iid", "robust" (HC1) or {"cluster": column}. With dof "xtreg", "robust" clusters on the absorbed
        groups, as Stata does.
    dof : what clustered errors count as parameters: "areg" the absorbed groups too, "xtreg" only the
        slopes and the constant (then every group must lie within one cluster).
    weights : column of weights; weight_kind as Stata's aweight, fweight, pweight (the last is always robust).

    Rows that lack any value used are left out and counted. The constant of an absorbed model is the mean of
    the outcome at the means of the terms, as Stata reports it. Of terms that determine each other those go
    that Stata omits: among numbers the ones of which least is left, else the later ones.
    Raises RegressionError if a column is missing, no row is left, or nothing is left to estimate.
    Source: docs/methods/regressions.md
    """
    cluster = _cluster_column(vcov)
    _check_choice(dof, ("areg", "xtreg"), "dof")
    _check_choice(weight_kind, ("analytic", "frequency", "probability"), "weight_kind")
    if weights is not None and weight_kind == "probability" and vcov == "iid":
        vcov = "robust"
    design = design_matrices(formula, data, absorb=absorb, cluster=cluster, weights=weights)
    w = _scaled_weights(design, weight_kind)
    n = round(float(w.sum())) if weight_kind == "frequency" and weights is not None else len(design.y)
    absorbed = absorb_groups(design.groups, w) if absorb is not None else None
    clusters = design.clusters
    kind = "cluster" if cluster is not None else str(vcov)
    if kind == "robust" and dof == "xtreg" and absorbed is not None:
        kind, cluster, clusters = "cluster", absorb, absorbed.codes
    if kind == "cluster" and dof == "xtreg" and absorbed is not None and clusters is not None:
        _check_nested(absorbed.codes, clusters, str(absorb), str(cluster))

    y, x = (design.y, design.x) if absorbed is None else _within(design, absorbed, w)
    kept = estimated_columns(design, x, w, absorbed=absorbed is not None)
    names = [design.terms[place] for place in kept]
    if not names:
        raise RegressionError(
            "no term of '{formula}' can be estimated: all are constant; choose other terms",
            reason="regression_no_terms",
            formula=formula,
        )
    x = x[:, kept]
    bread, coefficients = solve(x, y, w)
    residuals = y - x @ coefficients
    if float(w @ residuals**2) <= NOTHING_LEFT * float(w @ design.y**2):
        residuals = np.zeros_like(residuals)  # a perfect fit but for rounding

    rank = len(kept)
    n_groups = None if absorbed is None else absorbed.n_groups
    parameters = rank if absorbed is None else rank - 1 + absorbed.n_groups
    df_residual = n - parameters
    if df_residual <= 0:
        raise RegressionError(
            "{n} rows cannot hold {parameters} parameters; use fewer terms or more rows",
            reason="regression_too_few_rows",
            n=n,
            parameters=parameters,
        )
    check_varies(design, y, absorb)
    rss = float(w @ residuals**2)
    counted = rank if dof == "xtreg" else parameters
    factor, t_df, n_clusters = _factor(kind, n, parameters, counted, clusters)
    if kind == "iid":
        covariance = bread * (rss / df_residual)
    else:
        powers = 1 if weight_kind == "frequency" else 2
        covariance = factor * bread @ meat(x, residuals, w, clusters, weight_power=powers) @ bread

    tss = (
        _sum_of_squares(design.y, w)
        if INTERCEPT in design.terms or absorbed is not None
        else float(w @ design.y**2)
    )
    tss_within = float(w @ (y - np.average(y, weights=w)) ** 2) if absorbed is not None else tss
    r2_full, r2_within = 1 - rss / tss if tss else np.nan, 1 - rss / tss_within if tss_within else np.nan
    r2 = r2_within if dof == "xtreg" and absorbed is not None else r2_full
    constant = 1 if INTERCEPT in design.terms or absorbed is not None else 0
    # Stata's xtreg counts no absorbed group in the fit either, once the errors are clustered.
    fit_df = n - counted if kind == "cluster" else df_residual
    f_statistic, f_df = _wald(names, coefficients, covariance, t_df)
    f_absorbed = float("nan")
    if absorbed is not None and kind == "iid" and absorbed.n_groups > 1:
        f_absorbed = _absorbed_test(design, kept, w, rss, absorbed.n_groups - 1, df_residual)
    correlated = w if weight_kind == "frequency" else np.ones_like(w)
    return RegressionResult(
        formula=formula,
        outcome=design.outcome,
        table=_table(names, coefficients, covariance, t_df),
        n=n,
        r2=r2,
        adjusted_r2=1 - (1 - r2) * (n - constant) / fit_df,
        df=t_df,
        df_residual=df_residual,
        r2_within=r2_within,
        r2_overall=_squared_correlation(design.x[:, kept] @ coefficients, design.y, correlated),
        f_statistic=f_statistic,
        f_df=f_df,
        f_p_value=_f_tail(f_statistic, f_df, t_df),
        f_absorbed=f_absorbed,
        f_absorbed_p=_f_tail(f_absorbed, (n_groups or 1) - 1, df_residual),
        rmse=float(np.sqrt(rss / fit_df)),
        rss=rss,
        outcome_mean=float(np.average(design.y, weights=w)),
        vcov=kind,
        cluster=cluster,
        n_clusters=n_clusters,
        absorb=absorb,
        n_groups=n_groups,
        n_singletons=0 if absorbed is None else int((absorbed.sizes == 1).sum()),
        dof=dof,
        weights=weights,
        weight_kind=weight_kind if weights is not None else None,
        omitted=tuple(name for name in design.terms if name not in names),
        dropped=design.dropped,
        n_dropped=design.n_dropped,
        covariance=pd.DataFrame(covariance, index=names, columns=names),
        rows=design.rows,
        outcome_values=design.y,
        fit=Fit(x, y, residuals, w, bread, None if absorbed is None else absorbed.codes, clusters, factor),
    )


def _cluster_column(vcov: Vcov) -> str | None:
    if isinstance(vcov, Mapping):
        if set(vcov) != {"cluster"}:
            raise RegressionError(
                'vcov is {given}, expected "iid", "robust" or {{"cluster": column}}',
                reason="regression_vcov",
                given=dict(vcov),
            )
        return str(vcov["cluster"])
    _check_choice(vcov, ("iid", "robust"), "vcov")
    return None


def _check_choice(given: object, known: tuple[str, ...], what: str) -> None:
    if given not in known:
        raise RegressionError(
            "{what} is {given}, expected one of: {known}",
            reason="regression_unknown_choice",
            what=what,
            given=given,
            known=", ".join(known),
        )


def _scaled_weights(design: Design, kind: WeightKind) -> np.ndarray:
    if design.weights is None:
        return np.ones(len(design.y))
    w = design.weights
    if kind == "frequency":
        if np.any(w != np.round(w)):
            raise RegressionError(
                "frequency weights are whole numbers; found fractions (use analytic weights)",
                reason="regression_fraction_weights",
            )
        return w
    # Stata scales analytic and probability weights to sum to the number of rows.
    scaled: np.ndarray = w * (len(w) / w.sum())
    return scaled


def _within(design: Design, absorbed: Absorbed, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Outcome and design less their group means plus their grand means; a constant stands first."""
    columns = np.column_stack([design.y, design.x])
    means = np.average(columns, axis=0, weights=w)
    moved = absorbed.demean(columns, w) + means
    return moved[:, 0], moved[:, 1:]


def _factor(
    kind: str, n: int, parameters: int, counted: int, clusters: np.ndarray | None
) -> tuple[float, int, int | None]:
    """Small-sample factor, degrees of freedom of t, number of clusters."""
    if kind == "cluster":
        assert clusters is not None
        found = len(np.unique(clusters))
        if found < 2:
            raise RegressionError(
                "clustered errors need 2 or more clusters; found {found} (use robust errors)",
                reason="regression_one_cluster",
                found=found,
            )
        return found / (found - 1) * (n - 1) / (n - counted), found - 1, found
    return n / (n - parameters), n - parameters, None


def _check_nested(groups: np.ndarray, clusters: np.ndarray, absorb: str, cluster: str) -> None:
    pairs = pd.DataFrame({"group": groups, "cluster": clusters}).drop_duplicates()
    if pairs["group"].duplicated().any():
        raise RegressionError(
            "dof 'xtreg' needs each group of '{absorb}' within one cluster of '{cluster}'; use dof 'areg'",
            reason="regression_not_nested",
            absorb=absorb,
            cluster=cluster,
        )


def _sum_of_squares(values: np.ndarray, w: np.ndarray) -> float:
    return float(w @ (values - np.average(values, weights=w)) ** 2)


def _squared_correlation(fitted: np.ndarray, y: np.ndarray, w: np.ndarray) -> float:
    a, b = fitted - np.average(fitted, weights=w), y - np.average(y, weights=w)
    product = float((w @ a**2) * (w @ b**2))
    return float((w @ (a * b)) ** 2 / product) if product > 1e-300 else float("nan")


def _wald(names: list[str], b: np.ndarray, covariance: np.ndarray, t_df: int) -> tuple[float, int]:
    """F of all terms but the constant; not a number where the errors have too few clusters to test them."""
    slopes = [place for place, name in enumerate(names) if name != INTERCEPT]
    if not slopes:
        return float("nan"), 0
    v = covariance[np.ix_(slopes, slopes)]
    scale = np.sqrt(np.diag(v))
    if np.any(scale == 0):
        return float("nan"), len(slopes)
    correlation = v / np.outer(scale, scale)
    if np.linalg.matrix_rank(correlation, tol=1e-9) < len(slopes):
        return float("nan"), len(slopes)
    z = b[slopes] / scale
    return float(z @ np.linalg.solve(correlation, z)) / len(slopes), len(slopes)


def _absorbed_test(
    design: Design, kept: list[int], w: np.ndarray, rss: float, df: int, df_residual: int
) -> float:
    """F of the absorbed groups: what their dummies take from the residual sum of squares."""
    x = design.x[:, kept]
    residuals = design.y - x @ solve(x, design.y, w)[1]
    return float((w @ residuals**2 - rss) / df / (rss / df_residual)) if rss > 0 else float("nan")


def _f_tail(statistic: float, df: int, t_df: int) -> float:
    from scipy.stats import f

    return float(f.sf(statistic, df, t_df)) if df else float("nan")


def _table(names: list[str], b: np.ndarray, covariance: np.ndarray, t_df: int) -> pd.DataFrame:
    from scipy.stats import t

    errors = np.sqrt(np.diag(covariance))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = b / errors
    reach = t.ppf(0.975, t_df) * errors
    values = (names, b, errors, statistics, 2 * t.sf(np.abs(statistics), t_df), b - reach, b + reach)
    return pd.DataFrame(dict(zip(TABLE_COLUMNS, values, strict=True)))
