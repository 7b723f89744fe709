"""The test of trends before the start: all coefficients at once, or their slope where clusters are few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from quant.effect_results import EffectResult
from quant.errors import EffectError
from quant.event_time import EventCoefficients, event_coefficients
from quant.joint_tests import JointTest, cluster_df, joint_test
from quant.panel_refusals import refuse_no_pre

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PretrendTest:
    """Test that the groups moved alike before the start.

    kind : "joint": F test that all coefficients before the start are 0; "slope": F test that they lie on no
        slope with the base at 0, where the clusters are too few to test them all.
    statistic : F.   df : 1 for a slope, else the number of coefficients.
    df_residual : of the t statistics (clusters - 1 with clustered errors).
    df_clusters : degrees of freedom that the clusters give the covariance tested; None without clusters.
    p_value : adjusted for them, see `quant.joint_tests`.
    p_value_unadjusted : of F(df, df_residual), as Stata's `test` prints it.
    weights : (n_pre, df) the combinations of coefficients that are tested, earliest period first.
    """

    kind: Literal["joint", "slope"]
    statistic: float
    df: int
    df_residual: float
    df_clusters: float | None
    p_value: float
    p_value_unadjusted: float
    weights: Array
    terms: tuple[str, ...]

    @property
    def df_denominator(self) -> float:
        """Degrees of freedom of the denominator of the F distribution that the adjusted statistic follows."""
        return self.df_residual if self.df_clusters is None else self.df_clusters - self.df + 1

    @property
    def scale(self) -> float:
        """What the statistic is multiplied by before it is read as F(df, df_denominator)."""
        return 1.0 if self.df_clusters is None else self.df_denominator / self.df_clusters


def pretrend_test(result: EffectResult) -> PretrendTest:
    """Test jointly that the coefficients before the start are 0, or their slope where that cannot be done.

    Raises EffectError if there is no coefficient before the start.
    Source: docs/methods/pretrends.md
    """
    before = result.of_kind("pre")
    if before.empty:
        refuse_no_pre()
    terms = list(before["term"])
    places = [int(place) for place in np.flatnonzero(result.table["kind"] == "pre")]
    everything = np.eye(len(terms))
    estimate = before["estimate"].to_numpy(float)
    covariance = result.covariance.loc[terms, terms].to_numpy(float)
    found = _test(result, estimate, covariance, places, everything)
    if found is not None:
        return _as_test("joint", found, everything, terms)
    events = event_coefficients(result)
    slope = slope_weights(events)
    found = _test(result, estimate, covariance, places, slope)
    if found is None:
        raise EffectError(
            "{terms} coefficients before the start cannot be tested with errors of {df} degrees of freedom; "
            "use smaller clusters",
            reason="effect_pretrend_rank",
            terms=len(terms),
            df=result.df,
        )
    return _as_test("slope", found, slope, terms)


def slope_weights(events: EventCoefficients) -> Array:
    """(n_pre, 1) weights that give the least squares slope of the pre coefficients and the base at 0."""
    times = np.append(events.relative[events.pre], 0.0)
    centred = times - times.mean()
    weights: Array = (centred / (centred @ centred))[:-1, None]
    return weights


def _test(
    result: EffectResult, estimate: Array, covariance: Array, places: list[int], weights: Array
) -> JointTest | None:
    """The test of combinations of the coefficients; None where it is not possible."""
    b, v = weights.T @ estimate, weights.T @ covariance @ weights
    errors = np.sqrt(np.diag(v))
    if np.any(errors == 0):
        return None
    correlation = v / np.outer(errors, errors)
    if np.linalg.matrix_rank(correlation, tol=1e-9) < len(b):
        return None
    z = b / errors
    statistic = float(z @ np.linalg.solve(correlation, z)) / len(b)
    df_clusters = None
    if result.vcov == "cluster" and result.fit is not None:
        df_clusters = cluster_df(result.fit, places, weights)
    return joint_test(statistic, len(b), result.df, df_clusters)


def _as_test(
    kind: Literal["joint", "slope"], found: JointTest, weights: Array, terms: list[str]
) -> PretrendTest:
    return PretrendTest(kind=kind, weights=weights, terms=tuple(terms), **vars(found))
