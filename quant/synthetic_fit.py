"""Whether a synthetic control follows the treated unit well enough before treatment to be read after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from quant.notes import Note
from quant.synthetic_weights import Array

FitLabel = Literal["good", "doubtful", "poor"]
# Shares (0-1). The rule is declared in docs/methods/synthetic_control.md.
EXPLAINED_GOOD, EXPLAINED_POOR = 0.8, 0.5
OUTSIDE_DOUBTFUL, OUTSIDE_POOR = 0.25, 0.5
WORSE_DOUBTFUL, WORSE_POOR = 0.9, 0.8


@dataclass(frozen=True)
class Fit:
    """How well the time before treatment is matched.

    explained : 1 less the mean squared gap over the treated unit's variance in the periods before the start;
        negative where its own mean would fit better.
    outside_share : share of these periods in which it lies outside the range of all donors, so that no
        weighted mean can reach it.
    worse_than : share of donors that their own synthetic control matches better; None without placebos.
    """

    label: FitLabel
    explained: float
    outside_share: float
    worse_than: float | None


def judge_fit(treated: Array, donors: Array, gaps: Array, worse_than: float | None) -> Fit:
    """The fit before treatment.

    treated, gaps : (n_periods,) outcome of the treated unit and its gap; donors : (n_periods, n_donors).
    """
    outside = float(np.mean((treated > donors.max(axis=1)) | (treated < donors.min(axis=1))))
    # A unit that never moves is measured against how donors differ from each other and over time.
    variance = float(treated.var()) or float(donors.var()) or 1.0
    explained = 1 - float(np.mean(gaps**2)) / variance
    worst = worse_than is None or worse_than >= WORSE_POOR
    unlike = explained < EXPLAINED_POOR and worst
    out_of_reach = outside > OUTSIDE_POOR and explained < EXPLAINED_GOOD
    label: FitLabel = "good"
    if unlike or out_of_reach:
        label = "poor"
    elif (
        explained < EXPLAINED_GOOD
        or outside > OUTSIDE_DOUBTFUL
        or (worse_than is not None and worse_than >= WORSE_DOUBTFUL)
    ):
        label = "doubtful"
    return Fit(label, explained, outside, worse_than)


def fit_notes(fit: Fit, treated_unit: Any, start: Any, pre_rmspe: float) -> list[Note]:
    """Why the fit is not good, with the numbers; empty where it is."""
    if fit.label == "good":
        return []
    notes = []
    if fit.label == "poor":
        notes.append(
            Note(
                "the synthetic control is too unlike {unit} before {start} (typical gap {rmspe:.3g}); "
                "the gap afterwards may not be read as an effect",
                reason="synthetic_poor_fit",
                unit=treated_unit,
                start=start,
                rmspe=pre_rmspe,
            )
        )
    if fit.explained < EXPLAINED_GOOD:
        notes.append(
            Note(
                "before {start} the synthetic control explains {percent:.0f} % of how {unit} moved; "
                "80 % or more is a good fit",
                reason="synthetic_little_explained",
                start=start,
                unit=treated_unit,
                percent=100 * max(fit.explained, 0.0),
            )
        )
    if fit.outside_share > OUTSIDE_DOUBTFUL:
        notes.append(
            Note(
                "{unit} lies outside the range of all donors in {percent:.0f} % of the periods before "
                "{start}; no weighted mean of them can reach it",
                reason="synthetic_outside_range",
                unit=treated_unit,
                start=start,
                percent=100 * fit.outside_share,
            )
        )
    if fit.worse_than is not None and fit.worse_than >= WORSE_DOUBTFUL:
        notes.append(
            Note(
                "{percent:.0f} % of the donors are matched better before {start} than {unit} is",
                reason="synthetic_worse_than_donors",
                unit=treated_unit,
                start=start,
                percent=100 * fit.worse_than,
            )
        )
    return notes
