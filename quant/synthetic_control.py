"""A synthetic control: the weighted mean of untreated units that is most like a treated one before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np
import pandas as pd

from quant.errors import EffectError
from quant.synthetic_panel import SyntheticPanel, synthetic_panel
from quant.synthetic_placebos import OnStep, no_placebos, space_placebos
from quant.synthetic_predictors import PredictorLike
from quant.synthetic_results import SMALLEST_WEIGHT, SyntheticControlResult, build_result
from quant.synthetic_weights import Array, PredictorMethod, Search, match

PredictorWeights = PredictorMethod | Mapping[str, float] | Sequence[float]


def synthetic_control(
    panel: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    time: str,
    treated_unit: Any,
    start: Any,
    predictors: Sequence[PredictorLike] | None = None,
    donors: Sequence[Any] | None = None,
    predictor_periods: Sequence[Any] | None = None,
    optimise_periods: Sequence[Any] | None = None,
    predictor_weights: PredictorWeights = "optimised",
    random_starts: int = 0,
    treated: str | None = None,
    placebo: bool = True,
    seed: int = 1,
    on_step: OnStep | None = None,
) -> SyntheticControlResult:
    """Weights of donors that reproduce a treated unit before `start`, and its gap to them afterwards.

    panel : one row a unit and period.
    treated_unit, start : a value of `unit`, and the first treated period, a value of `time`.
    predictors : None matches the outcome in every period before the start. Else columns to match: a name, a
        (column, periods), a (column, periods, statistic) or a `Predictor`; missing values are passed over.
    donors : units that may get weight; None takes all that are not treated.
    predictor_periods : periods of predictors without their own; None takes all before the start.
    optimise_periods : periods before the start in which the gap is to be small; None takes all of them.
    predictor_weights : "optimised" (those that make the gap smallest), "regression" (Stata's default),
        "equal", or the weights themselves, by label or in the order of `predictors`.
    random_starts : further starts of the optimiser, drawn with `seed`; the surface is flat and has many dips.
    treated : column of 0 and 1; units that are 1 in any period are no donors.
    placebo : whether every donor is treated in turn as well, which gives `placebo` and `p_value`.
    on_step : told how many placebos are done; may raise to stop.

    Raises EffectError for a panel that admits no synthetic control (see `synthetic_panel`) or weights that do
    not fit the predictors.
    Source: Abadie, Diamond & Hainmueller (2010); docs/methods/synthetic_control.md
    """
    checked = synthetic_panel(
        panel,
        outcome=outcome,
        unit=unit,
        time=time,
        treated_unit=treated_unit,
        start=start,
        predictors=predictors,
        donors=donors,
        predictor_periods=predictor_periods,
        optimise_periods=optimise_periods,
        treated=treated,
    )
    search = predictor_search(checked, predictor_weights, random_starts, seed)
    found = match(checked.targets, 0, checked.donor_places, search)
    table, gaps = space_placebos(checked, found, search, on_step) if placebo else no_placebos()
    return build_result(checked, search, found, table, gaps, analysis_settings(checked, search, placebo))


def prune_donors(
    result: SyntheticControlResult | pd.Series, *, share: float = 1.0, smallest: float = 0.0
) -> list[Any]:
    """Units to keep as controls of a difference-in-differences: donors with weight, largest first.

    result : a result, or weights by donor (for several treated units, their mean).
    share : keep the fewest donors that together have this share of the weight (0-1); 1 keeps all with weight.
    smallest : leave out donors with less weight than this.

    Raises EffectError if the share is not above 0 and at most 1, or nothing is left.
    Source: docs/methods/synthetic_control.md
    """
    weights = result if isinstance(result, pd.Series) else result.weights
    if not 0 < share <= 1:
        raise EffectError(
            "the share of weight to keep is {share}; it lies above 0 and is 1 at most",
            reason="synthetic_share",
            share=share,
        )
    ordered = weights.sort_values(ascending=False, kind="stable")
    ordered = ordered[ordered > SMALLEST_WEIGHT]
    reached = (ordered.cumsum() - ordered) / ordered.sum()
    kept = list(ordered.index[(reached < share - 1e-9) & (ordered >= smallest)])
    if not kept:
        raise EffectError(
            "no donor has a weight of {smallest} or more; the largest is {largest:.3f}",
            reason="synthetic_none_kept",
            smallest=smallest,
            largest=float(weights.max()),
        )
    return kept


def predictor_search(
    panel: SyntheticPanel, weights: PredictorWeights, random_starts: int, seed: int
) -> Search:
    """How the predictors of a panel are weighed. Raises EffectError for weights that do not fit them."""
    if isinstance(weights, str):
        if weights not in get_args(PredictorMethod):
            raise EffectError(
                "unknown predictor weights {given!r}; expected 'optimised', 'regression', 'equal' or numbers",
                reason="synthetic_predictor_method",
                given=weights,
            )
        return Search(weights, None, random_starts, seed)
    labels = [] if panel.predictors is None else [str(label) for label in panel.predictors.index]
    if isinstance(weights, Mapping):
        known = set(weights) == set(labels)
        values = [float(weights[label]) for label in labels] if known else []
    else:
        values = [float(value) for value in weights]
    given: Array = np.array(values)
    if len(given) != len(labels) or not len(labels) or (given < 0).any() or given.sum() <= 0:
        raise EffectError(
            "the predictor weights do not fit; expected one number, 0 or more, for each of: {labels}",
            reason="synthetic_predictor_weights",
            labels=", ".join(labels) or "(no predictors)",
        )
    return Search("optimised", given / given.sum(), random_starts, seed)


def analysis_settings(panel: SyntheticPanel, search: Search, placebo: bool) -> dict[str, Any]:
    """What an analysis was asked with, as JSON values."""
    return {
        "unit": panel.unit,
        "time": panel.time,
        "donors": len(panel.donors),
        "periods_before": panel.start,
        "periods_after": len(panel.periods) - panel.start,
        "predictors": None if panel.predictors is None else [str(one) for one in panel.predictors.index],
        "predictor_weights": "given" if search.given is not None else search.method,
        "random_starts": search.random_starts,
        "placebo": placebo,
        "seed": search.seed,
    }
