"""Joint tests of coefficients with clustered errors, in the right size where clusters are few.

A Wald statistic read as F(q, clusters - 1) rejects far too often when many coefficients are tested with few
treated clusters: the covariance itself is estimated from them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quant.regression import Fit

FEWEST_LEFT = 2.0  # with fewer degrees of freedom a joint test could hardly ever reject


@dataclass(frozen=True)
class JointTest:
    """Wald test that q coefficients are zero.

    statistic : F = W / q of the Wald statistic W.   df : q.
    df_residual : degrees of freedom of the unadjusted F (clusters - 1 with clustered errors).
    df_clusters : degrees of freedom that the clusters give the covariance; None without clusters.
    p_value : adjusted for them (Hotelling's T2); without clusters the same as p_value_unadjusted.
    p_value_unadjusted : of F(q, df_residual), as Stata's `test` prints it.
    """

    statistic: float
    df: int
    df_residual: int
    df_clusters: float | None
    p_value: float
    p_value_unadjusted: float


def joint_test(statistic: float, df: int, df_residual: int, df_clusters: float | None) -> JointTest | None:
    """The test of an F = W / q; None where the clusters have too few degrees of freedom to test q at once.

    The adjusted test takes (v - q + 1) / v * F as F(q, v - q + 1), with v from `cluster_df`.
    Source: Pustejovsky & Tipton (2018), Journal of Business & Economic Statistics 36: 672-683.
    """
    from scipy.stats import f

    unadjusted = float(f.sf(statistic, df, df_residual))
    if df_clusters is None:
        return JointTest(statistic, df, df_residual, None, unadjusted, unadjusted)
    left = df_clusters - df + 1
    if left < FEWEST_LEFT and df > 1:
        return None
    adjusted = float(f.sf(statistic * left / df_clusters, df, left))
    return JointTest(statistic, df, df_residual, df_clusters, adjusted, unadjusted)


def cluster_df(fit: Fit, places: list[int], weights: np.ndarray | None = None) -> float | None:
    """Degrees of freedom of the clustered covariance of some coefficients; None without clusters.

    places : of the coefficients among the columns of `fit.x`.   weights : (places, q) combinations of them;
    None takes each by itself.

    M_g is the part of cluster g in the covariance of the standardised coefficients if errors were alike and
    independent; v = (q^2 + q) / sum_g (tr(M_g)^2 + tr(M_g^2)), as of a Wishart matrix that varies as much.
    """
    if fit.clusters is None:
        return None
    chosen: np.ndarray = np.eye(len(places)) if weights is None else weights
    moved = (fit.x @ (fit.bread[:, places] @ chosen)) * np.sqrt(fit.weights)[:, None]
    whole = np.linalg.cholesky(np.linalg.inv(chosen.T @ fit.bread[np.ix_(places, places)] @ chosen))
    standard = moved @ whole
    order = np.argsort(fit.clusters, kind="stable")
    ends = np.flatnonzero(np.diff(fit.clusters[order])) + 1
    spread = 0.0
    for rows in np.split(order, ends):
        part = standard[rows].T @ standard[rows]
        spread += float(np.trace(part) ** 2 + (part**2).sum())
    q = int(chosen.shape[1])
    return (q * q + q) / spread
