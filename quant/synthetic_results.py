"""What a synthetic control hands back: weights, balance, path and gap, placebos, and whether to trust it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from quant.effect_results import finite, records
from quant.notes import Note
from quant.synthetic_fit import Fit, FitLabel, fit_notes, judge_fit
from quant.synthetic_panel import SyntheticPanel
from quant.synthetic_weights import Array, Match, Search

PLACEBO_COLUMNS = ("unit", "treated", "pre_rmspe", "post_rmspe", "ratio", "rank", "effect")
PATH_COLUMNS = ("treated", "synthetic", "gap", "after")
BALANCE_COLUMNS = ("treated", "synthetic", "donor_mean", "weight")
SMALLEST_WEIGHT = 1e-6  # below this a donor counts as left out


@dataclass(frozen=True)
class SyntheticControlResult:
    """One treated unit and the weighted mean of donors that stands for it.

    weights : by donor, largest first, sums to 1.  predictor_weights : by predictor, sums to 1.
    balance : by predictor (by period where outcomes are matched): treated, synthetic, donor_mean, weight.
    path : by period: treated, synthetic, gap (treated less synthetic), after (whether treatment has started).
    pre_rmspe, post_rmspe : root mean squared gap before the start and from it on; `ratio` is post by pre.
    effect : mean gap from the start on.
    match : fit before the start; `fit` is its label ("good", "doubtful", "poor"). An effect whose fit is poor
        may not be read as one (`interpretable`).
    placebo : one row a unit, largest ratio first: unit, treated, pre_rmspe, post_rmspe, ratio, rank, effect.
    placebo_gaps : (n_periods, n_units) gap of every unit, as if it had been treated.
    p_value : rank of the treated unit by ratio, as a share of all units; nan without placebos.
    settings : what was asked for, as JSON values.  notes : what the reader must know.
    """

    outcome: str
    treated_unit: Any
    start: Any
    weights: pd.Series
    predictor_weights: pd.Series
    balance: pd.DataFrame
    path: pd.DataFrame
    pre_rmspe: float
    post_rmspe: float
    effect: float
    match: Fit
    placebo: pd.DataFrame
    placebo_gaps: pd.DataFrame = field(repr=False)
    p_value: float
    settings: dict[str, Any]
    panel: SyntheticPanel = field(repr=False)
    search: Search = field(repr=False)
    notes: tuple[Note, ...] = ()

    @property
    def gap(self) -> pd.Series:
        """Treated less synthetic, by period."""
        return self.path["gap"]

    @property
    def ratio(self) -> float:
        """Root mean squared gap from the start on, divided by that before."""
        return rmspe_ratio(self.pre_rmspe, self.post_rmspe)

    @property
    def fit(self) -> FitLabel:
        """Whether the time before treatment is matched: "good", "doubtful" or "poor"."""
        return self.match.label

    @property
    def interpretable(self) -> bool:
        """Whether the gap after the start may be read as an effect at all."""
        return self.fit != "poor"

    @property
    def donors(self) -> list[Any]:
        """Donors with weight, largest first."""
        return list(self.weights.index[self.weights > SMALLEST_WEIGHT])

    @property
    def percent(self) -> float:
        """The effect in percent of the mean synthetic outcome from the start on; nan where that is 0."""
        mean = float(self.path.loc[self.path["after"], "synthetic"].mean())
        return 100 * self.effect / mean if mean else float("nan")

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON values, placebo gaps left out."""
        numbers = ("pre_rmspe", "post_rmspe", "ratio", "effect", "percent", "p_value")
        return {
            "outcome": self.outcome,
            "treated_unit": finite(self.treated_unit),
            "start": finite(self.start),
            **{name: finite(getattr(self, name)) for name in numbers},
            "fit": self.fit,
            "interpretable": self.interpretable,
            "match": {name: finite(value) for name, value in vars(self.match).items()},
            "weights": [
                {"donor": finite(donor), "weight": weight}
                for donor, weight in self.weights[self.weights > SMALLEST_WEIGHT].items()
            ],
            "balance": records(self.balance.rename_axis("predictor").reset_index()),
            "path": records(self.path.rename_axis("period").reset_index()),
            "placebo": records(self.placebo),
            "settings": self.settings,
            "notes": [{"reason": note.reason, **note.values} for note in self.notes],
        }


def rmspe(gaps: Array) -> float:
    """Root mean squared gap."""
    return float(np.sqrt(np.mean(gaps**2)))


def rmspe_ratio(pre: float, post: float) -> float:
    """Post by pre; infinite for a gap after an exact match, 1 where there is no gap at all."""
    if pre > 0:
        return post / pre
    return float("inf") if post > 0 else 1.0


def build_result(
    panel: SyntheticPanel,
    search: Search,
    found: Match,
    placebo: pd.DataFrame,
    placebo_gaps: pd.DataFrame,
    settings: dict[str, Any],
) -> SyntheticControlResult:
    """The result of a match.

    placebo, placebo_gaps : as in the result; both without rows where none were made.
    """
    values, start = panel.values, panel.start
    synthetic = values[:, 1:] @ found.donors
    gaps = values[:, 0] - synthetic
    path = pd.DataFrame(
        {
            "treated": values[:, 0],
            "synthetic": synthetic,
            "gap": gaps,
            "after": np.arange(len(gaps)) >= start,
        },
        index=panel.outcomes.index,
    )
    pre = rmspe(gaps[:start])
    fit = judge_fit(values[:start, 0], values[:start, 1:], gaps[:start], _worse_than(placebo, pre))
    first = panel.periods[start]
    notes = [*panel.notes, *fit_notes(fit, panel.treated_unit, first, pre), *_caveats(panel, gaps, placebo)]
    weights = pd.Series(found.donors, index=pd.Index(panel.donors, name="donor"), name="weight")
    ranks = placebo.loc[placebo["treated"].astype(bool), "rank"]
    return SyntheticControlResult(
        outcome=panel.outcome,
        treated_unit=panel.treated_unit,
        start=first,
        weights=weights.sort_values(ascending=False, kind="stable"),
        predictor_weights=pd.Series(found.predictors, index=_matched_names(panel), name="weight"),
        balance=_balance(panel, found),
        path=path,
        pre_rmspe=pre,
        post_rmspe=rmspe(gaps[start:]),
        effect=float(gaps[start:].mean()),
        match=fit,
        placebo=placebo,
        placebo_gaps=placebo_gaps,
        p_value=float(ranks.iloc[0]) / len(placebo) if len(placebo) else float("nan"),
        settings=settings,
        panel=panel,
        search=search,
        notes=tuple(notes),
    )


def _matched_names(panel: SyntheticPanel) -> pd.Index:
    if panel.predictors is not None:
        return panel.predictors.index.rename("predictor")
    return panel.outcomes.index[panel.matched].rename("predictor")


def _balance(panel: SyntheticPanel, found: Match) -> pd.DataFrame:
    table = panel.outcomes[panel.matched] if panel.predictors is None else panel.predictors
    donors = table.iloc[:, 1:].to_numpy()
    columns = (table.iloc[:, 0].to_numpy(), donors @ found.donors, donors.mean(axis=1), found.predictors)
    return pd.DataFrame(dict(zip(BALANCE_COLUMNS, columns, strict=True)), index=_matched_names(panel))


def _exact_in_many_ways(panel: SyntheticPanel, gaps: Array) -> bool:
    """Whether the donors match all periods without a gap, and there are more donors than that needs."""
    if rmspe(gaps[panel.matched]) > 1e-6 * float(panel.values.std()):
        return False
    rows = np.vstack([panel.targets.outcomes[:, 1:], np.ones(len(panel.donors))])
    return int(np.linalg.matrix_rank(rows)) < len(panel.donors)


def _worse_than(placebo: pd.DataFrame, pre_rmspe: float) -> float | None:
    others = placebo.loc[~placebo["treated"].astype(bool), "pre_rmspe"]
    return float((others < pre_rmspe).mean()) if len(others) else None


def _caveats(panel: SyntheticPanel, gaps: Array, placebo: pd.DataFrame) -> list[Note]:
    notes = []
    if panel.predictors is None and _exact_in_many_ways(panel, gaps):
        notes.append(
            Note(
                "the donors match every period before {start} exactly, and other weights would do so as "
                "well; use more periods or fewer donors",
                reason="synthetic_exact_match",
                start=panel.periods[panel.start],
            )
        )
    if panel.start < _FEW_PERIODS:
        notes.append(
            Note(
                "{found} periods before {start} are few: a good fit there may be chance",
                reason="synthetic_short_before",
                found=panel.start,
                start=panel.periods[panel.start],
            )
        )
    if len(placebo) and 1 / len(placebo) > _SMALL_P:
        notes.append(
            Note(
                "with {units} units the smallest possible p-value is {smallest:.3f}; read the "
                "effect, not the test",
                reason="synthetic_attainable_p",
                units=len(placebo),
                smallest=1 / len(placebo),
            )
        )
    return notes


_FEW_PERIODS = 5
_SMALL_P = 0.05
