"""Placebos in space: every donor in turn as if it had been treated, and the rank of the treated unit then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from quant.errors import EffectError
from quant.synthetic_panel import SyntheticPanel
from quant.synthetic_results import PLACEBO_COLUMNS, SyntheticControlResult, rmspe, rmspe_ratio
from quant.synthetic_weights import Array, Match, Places, Search, match

OnStep = Callable[[int, int], None]


@dataclass(frozen=True)
class PlaceboRank:
    """The treated unit among the units that are matched about as well.

    table : as `SyntheticControlResult.placebo`, ranked anew.
    within : largest squared gap before treatment, in times of the treated unit's, with which a unit counts.
    """

    table: pd.DataFrame
    within: float
    rank: int
    units: int

    @property
    def p_value(self) -> float:
        """Rank as a share of the units."""
        return self.rank / self.units


@dataclass(frozen=True)
class DonorPlacebos:
    """gaps : (n_periods, n_donors).  predictors : (n_donors, n_predictors) weights of predictors found."""

    gaps: Array
    predictors: Array


def space_placebos(
    panel: SyntheticPanel, found: Match, search: Search, on_step: OnStep | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The placebo table and the gaps of all units (n_periods, n_units), the treated unit first.

    A donor's synthetic control is made of the other donors; the treated unit is in none, as what follows its
    start is not untreated.
    """
    return placebo_tables(panel, found, donor_placebos(panel, search, on_step).gaps)


def donor_placebos(panel: SyntheticPanel, search: Search, on_step: OnStep | None = None) -> DonorPlacebos:
    """Every donor as if it had been treated, against the other donors."""
    values, donors, targets = panel.values, panel.donor_places, panel.targets
    gaps, predictors = [], []
    for done, place in enumerate(donors, start=1):
        others = donors[donors != place]
        found = match(targets, int(place), others, search)
        gaps.append(values[:, place] - values[:, others] @ found.donors)
        predictors.append(found.predictors)
        if on_step is not None:
            on_step(done, len(donors))
    return DonorPlacebos(np.column_stack(gaps), np.array(predictors))


def placebo_tables(panel: SyntheticPanel, found: Match, others: Array) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The placebo table and the gaps of all units.

    others : (n_periods, n_donors) gaps of the donors.
    """
    values = panel.values
    gaps = np.column_stack([values[:, 0] - values[:, 1:] @ found.donors, others])
    table = _ranked(_summary(panel, gaps))
    return table, pd.DataFrame(gaps, index=panel.outcomes.index, columns=panel.outcomes.columns)


def placebo_gap(panel: SyntheticPanel, place: int, donors: Places, search: Search) -> Array:
    """(n_periods,) gap of one unit against the donors at these places."""
    values = panel.values
    weights = match(panel.targets, place, donors, search).donors
    gap: Array = values[:, place] - values[:, donors] @ weights
    return gap


def no_placebos() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The empty tables of a result without placebos."""
    return pd.DataFrame(columns=list(PLACEBO_COLUMNS)), pd.DataFrame()


def placebo_rank(result: SyntheticControlResult, within: float | None = None) -> PlaceboRank:
    """Rank of the treated unit by ratio, units left out whose own match before treatment is bad.

    within : a unit counts if its mean squared gap before treatment is at most this many times that of the
        treated unit (the published analyses use 20, 5 and 2); None counts all.

    Raises EffectError if the result has no placebos.
    Source: Abadie, Diamond & Hainmueller (2010), JASA 105: 493-505.
    """
    if result.placebo.empty:
        raise EffectError(
            "the result has no placebos; ask for them with placebo=True",
            reason="synthetic_no_placebos",
        )
    limit = float("inf") if within is None else within
    fits = result.placebo["pre_rmspe"] ** 2 <= limit * result.pre_rmspe**2
    table = _ranked(result.placebo[fits | result.placebo["treated"]].drop(columns="rank"))
    rank = int(table.loc[table["treated"], "rank"].iloc[0])
    return PlaceboRank(table, limit, rank, len(table))


def _summary(panel: SyntheticPanel, gaps: Array) -> pd.DataFrame:
    before, after = gaps[: panel.start], gaps[panel.start :]
    pre = [rmspe(column) for column in before.T]
    post = [rmspe(column) for column in after.T]
    return pd.DataFrame(
        {
            "unit": list(panel.outcomes.columns),
            "treated": np.arange(len(pre)) == 0,
            "pre_rmspe": pre,
            "post_rmspe": post,
            "ratio": [rmspe_ratio(*pair) for pair in zip(pre, post, strict=True)],
            "effect": after.mean(axis=0),
        }
    )


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Largest ratio first; a unit's rank counts all with a ratio as large."""
    table = table.assign(rank=table["ratio"].rank(ascending=False, method="max").astype(int))
    ordered = table.sort_values(["ratio", "treated"], ascending=False, kind="stable")
    return ordered.reset_index(drop=True)[list(PLACEBO_COLUMNS)]
