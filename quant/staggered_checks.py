"""What to know before reading effects by cohort and period: a test of trends before treatment, and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from quant.effect_results import period_name
from quant.joint_tests import joint_test
from quant.notes import Note
from quant.panel_refusals import listed
from quant.staggered_aggregation import average_by_event
from quant.staggered_comparisons import GroupTimeEffects, Sample

FEW_UNITS = 5
_SINGULAR = 1e-10


@dataclass(frozen=True)
class StaggeredPretrend:
    """Wald test that all effects before treatment (and its anticipation) are 0.

    statistic : Wald statistic of df effects.
    df_clusters : degrees of freedom that clusters give the covariance of these effects.
    p_value : F(df, df_clusters - df + 1) of Hotelling's T2, in the right size where few units start together.
    p_value_large_sample : chi-square(df) of the same statistic, as R's did prints it.
    tested : "effects" by cohort and period, or their "averages" by event time where effects are too many.
    """

    statistic: float
    df: int
    df_clusters: float
    p_value: float
    p_value_large_sample: float
    tested: Literal["effects", "averages"] = "effects"


def pretrend_test(
    effects: GroupTimeEffects, clusters: int, anticipation: int
) -> tuple[StaggeredPretrend | None, list[Note]]:
    """The test and a note if it is one of averages, or None and the note that says why there is none."""
    k = len(effects.comparisons)
    before = np.flatnonzero([each.event_time < -anticipation for each in effects.comparisons])
    if not before.size:
        return None, [
            Note(
                "no two periods before treatment can be compared, so parallel trends are not tested",
                reason="effect_staggered_no_pretrend",
            )
        ]
    test = _wald_test(
        effects, effects.estimates[before], np.eye(effects.covariance.shape[0])[before], clusters
    )
    if test is not None:
        return test, []
    averages = [each for each in average_by_event(effects, n_periods=k) if each.period < -anticipation]
    test = _wald_test(
        effects,
        np.array([each.estimate for each in averages]),
        np.array([each.gradient for each in averages]),
        clusters,
    )
    if test is not None:
        return replace(test, tested="averages"), [
            Note(
                "the {found} effects before treatment are too many to be tested together with {clusters} "
                "clusters or units; their averages by time before the start are tested",
                reason="effect_staggered_pretrend_averages",
                found=len(before),
                clusters=clusters,
            )
        ]
    return None, [
        Note(
            "the {found} effects before treatment cannot be tested together: {clusters} clusters or units, "
            "few of which start together, cannot tell how they vary together",
            reason="effect_staggered_pretrend_singular",
            found=len(before),
            clusters=clusters,
        )
    ]


def _wald_test(
    effects: GroupTimeEffects, estimates: np.ndarray, gradients: np.ndarray, clusters: int
) -> StaggeredPretrend | None:
    """Test that linear combinations of the effects are 0; None where their covariance is too poorly known."""
    from scipy.stats import chi2

    df = len(estimates)
    covariance = gradients @ effects.covariance @ gradients.T
    parts = gradients @ effects.parts @ gradients.T
    whole = np.tensordot(effects.counts, parts, axes=1)
    if _singular(covariance) or _singular(whole):
        return None
    statistic = float(estimates @ np.linalg.solve(covariance, estimates))
    df_clusters = min(_cluster_df(parts, whole, effects.together), clusters - 1.0)
    joint = joint_test(statistic / df, df, clusters - 1, df_clusters)
    if joint is None:
        return None
    return StaggeredPretrend(statistic, df, df_clusters, joint.p_value, float(chi2.sf(statistic, df)))


def _singular(covariance: np.ndarray) -> bool:
    values = np.linalg.eigvalsh(covariance)
    return bool(values[0] <= _SINGULAR * values[-1])


def _cluster_df(parts: np.ndarray, whole: np.ndarray, together: np.ndarray) -> float:
    """Degrees of freedom of the clustered covariance of some effects, as in `quant.joint_tests`.

    M_g, the part of cluster g if units are independent and alike within cohorts, is the sum over cohorts of
    its units n_gc times V_c; so the sum over g of tr(M_g)^2 + tr(M_g^2) needs only the sums of n_gc n_gd.
    """
    root = np.linalg.inv(np.linalg.cholesky(whole))
    standard = root @ parts @ root.T
    trace = np.trace(standard, axis1=1, axis2=2)
    products = np.einsum("cij,dij->cd", standard, standard)
    q = len(whole)
    return float((q * q + q) / (together * (np.outer(trace, trace) + products)).sum())


def left_out_notes(effects: GroupTimeEffects) -> list[Note]:
    reasons = [reason for _, reason in effects.left_out]
    notes = []
    if "no_units" in reasons:
        notes.append(
            Note(
                "{found} effects of a cohort and period are left out: no treated or no control unit has rows "
                "in both periods",
                reason="effect_staggered_no_units",
                found=reasons.count("no_units"),
            )
        )
    if "collinear" in reasons:
        notes.append(
            Note(
                "{found} effects of a cohort and period are left out: the controls are too few or too alike "
                "to tell the covariates apart",
                reason="effect_staggered_collinear",
                found=reasons.count("collinear"),
            )
        )
    if "no_overlap" in reasons:
        notes.append(
            Note(
                "{found} effects of a cohort and period are left out: the covariates tell treated units from "
                "controls with certainty, so they have no counterparts",
                reason="effect_staggered_no_overlap",
                found=reasons.count("no_overlap"),
            )
        )
    return notes


def size_notes(arrays: Sample, effects: GroupTimeEffects, periods: Sequence[Any]) -> list[Note]:
    """Cohorts, or their controls, too few for errors that rest on many units or clusters."""
    clusters = np.arange(len(arrays.cohort)) if arrays.cluster is None else arrays.cluster

    def found(cohorts: tuple[int, ...]) -> int:
        return len(np.unique(clusters[np.isin(arrays.cohort, cohorts)]))

    sizes = {cohort: found((cohort,)) for cohort in sorted({each.cohort for each in effects.comparisons})}
    single = [period_name(periods[cohort]) for cohort, n in sizes.items() if n == 1]
    few = [period_name(periods[cohort]) for cohort, n in sizes.items() if 1 < n < FEW_UNITS]
    controls = min(found(each) for each in {each.controls for each in effects.comparisons})
    notes = []
    if single:
        notes.append(
            Note(
                "only one unit or cluster starts in {cohorts}: the errors cannot tell how much such units "
                "differ, and are too small",
                reason="effect_staggered_single",
                cohorts=listed(single),
            )
        )
    if few:
        notes.append(
            Note(
                "fewer than {limit} units or clusters start in {cohorts}: their errors are uncertain and "
                "tend to be too small",
                reason="effect_staggered_few",
                cohorts=listed(few),
                limit=FEW_UNITS,
            )
        )
    if controls < FEW_UNITS:
        notes.append(
            Note(
                "some effects are compared with {found} control unit(s) or cluster(s) only: their errors are "
                "uncertain and tend to be too small",
                reason="effect_staggered_few_controls",
                found=controls,
            )
        )
    return notes
