"""What to know before reading effects by cohort and period: a test of trends before treatment, and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quant.notes import Note
from quant.panel_refusals import listed
from quant.staggered_comparisons import GroupTimeEffects, Sample

FEW_TREATED = 5


@dataclass(frozen=True)
class PretrendTest:
    """Wald test that all effects before treatment (and its anticipation) are 0.

    p_value : F(df, clusters - df) of Hotelling's T2, which allows for an estimated covariance.
    p_value_large_sample : chi-square(df) of the same statistic, as R's did prints it.
    """

    statistic: float
    df: int
    p_value: float
    p_value_large_sample: float


def pretrend_test(
    effects: GroupTimeEffects, clusters: int, anticipation: int
) -> tuple[PretrendTest | None, list[Note]]:
    from scipy.stats import chi2, f

    before = np.flatnonzero([each.event_time < -anticipation for each in effects.comparisons])
    df = len(before)
    if not df:
        return None, [
            Note(
                "no two periods before treatment can be compared, so parallel trends are not tested",
                reason="effect_staggered_no_pretrend",
            )
        ]
    covariance = effects.covariance[np.ix_(before, before)]
    values = np.linalg.eigvalsh(covariance)
    if df >= clusters or values[0] <= 1e-10 * values[-1]:
        return None, [
            Note(
                "the {found} effects before treatment cannot be tested together: {clusters} clusters or "
                "units are too few to know how they vary together",
                reason="effect_staggered_pretrend_singular",
                found=df,
                clusters=clusters,
            )
        ]
    estimates = effects.estimates[before]
    statistic = float(estimates @ np.linalg.solve(covariance, estimates))
    scaled = statistic * (clusters - df) / (df * (clusters - 1))
    return PretrendTest(
        statistic, df, float(f.sf(scaled, df, clusters - df)), float(chi2.sf(statistic, df))
    ), []


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


def cohort_notes(arrays: Sample, effects: GroupTimeEffects, periods: Sequence[Any]) -> list[Note]:
    """Cohorts too small for errors that rest on many units."""
    clusters = np.arange(len(arrays.cohort)) if arrays.cluster is None else arrays.cluster
    found = {
        int(cohort): len(np.unique(clusters[arrays.cohort == cohort]))
        for cohort in sorted({each.cohort for each in effects.comparisons})
    }
    single = [periods[cohort] for cohort, n in found.items() if n == 1]
    few = [periods[cohort] for cohort, n in found.items() if 1 < n < FEW_TREATED]
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
                limit=FEW_TREATED,
            )
        )
    return notes
