"""Intervals of a synthetic control by conformal inference: which effects make the residuals look alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from quant.errors import EffectError
from quant.notes import Note
from quant.synthetic_placebos import OnStep
from quant.synthetic_results import SyntheticControlResult
from quant.synthetic_weights import Array, closest_weights

Permutations = Literal["moving_block", "iid"]
INTERVAL_COLUMNS = ("period", "gap", "ci_low", "ci_high", "p_value")
DRAWS = 999
_WIDENINGS, _BISECTIONS = 24, 24
_ROUNDING = 1e-12  # 1 - .9 is a little less than .1, which a p-value of 2/20 is not
_EQUAL = 1e-9  # share of the statistic by which two orders may differ and still be equal


@dataclass(frozen=True)
class SyntheticIntervals:
    """Intervals of the effect, by period and on average.

    table : one row a period from the start on: period, gap, ci_low, ci_high, p_value (of no effect in it).
        Infinite ends where this many periods cannot reject on that side.
    p_value : of no effect in any period.
    effect, ci_low, ci_high : mean gap; the effects, the same in all periods, that are not rejected (nan where
        all are, because the effect changes).
    attainable_p : smallest p-value that a single period can have.
    """

    table: pd.DataFrame
    p_value: float
    effect: float
    ci_low: float
    ci_high: float
    level: float
    attainable_p: float
    permutations: Permutations
    seed: int
    notes: tuple[Note, ...] = ()


def conformal_intervals(
    result: SyntheticControlResult,
    *,
    level: float = 0.95,
    permutations: Permutations = "moving_block",
    draws: int = DRAWS,
    seed: int = 1,
    on_step: OnStep | None = None,
) -> SyntheticIntervals:
    """Prediction intervals by testing every effect: the weights are found anew as if the effect were true.

    permutations : "moving_block" shifts the residuals in a circle, which allows for dependence over time;
        "iid" draws `draws` orders.
    on_step : told how many intervals are done; may raise to stop.

    Under a hypothetical effect, it is taken off the treated unit and the weights are those that match the
    outcome in all periods used, after the start as well. p is the share of orders of the residuals with a
    mean absolute residual after the start that is no smaller. A period's own interval uses it and the periods
    before the start.
    Raises EffectError for a level outside 0-1 or unknown permutations.
    Source: Chernozhukov, Wuthrich & Zhu (2021), JASA 116: 1849-1864; docs/methods/synthetic_control.md
    """
    if not 0 < level < 1 or permutations not in ("moving_block", "iid"):
        raise EffectError(
            "level {level} with {permutations} permutations; the level lies between 0 and 1, and "
            "permutations are 'moving_block' or 'iid'",
            reason="synthetic_interval_options",
            level=level,
            permutations=permutations,
        )
    panel, alpha = result.panel, 1 - level + _ROUNDING
    values, start = panel.values, panel.start
    step = max(result.pre_rmspe, 1e-3 * float(values.std()))
    gaps = result.gap.to_numpy()
    rows = []
    n_after = len(values) - start
    for done, place in enumerate(range(start, len(values)), start=1):
        used = np.append(np.arange(start), place)
        test = _Test(values[used], start, "moving_block", 0, seed)
        low, high = _ends(test.p_value, gaps[place], step, alpha)
        rows.append((panel.periods[place], gaps[place], low, high, test.p_value(0.0)))
        if on_step is not None:
            on_step(done, n_after + 1)
    joint = _Test(values, start, permutations, draws, seed)
    low, high = _ends(joint.p_value, result.effect, step, alpha)
    if on_step is not None:
        on_step(n_after + 1, n_after + 1)
    attainable = 1 / (start + 1)
    return SyntheticIntervals(
        table=pd.DataFrame(rows, columns=list(INTERVAL_COLUMNS)),
        p_value=joint.p_value(0.0),
        effect=result.effect,
        ci_low=low,
        ci_high=high,
        level=level,
        attainable_p=attainable,
        permutations=permutations,
        seed=seed,
        notes=tuple(_notes(result, attainable, alpha)),
    )


class _Test:
    """p-values of effects that are the same in all periods from `start` on."""

    def __init__(self, values: Array, start: int, permutations: Permutations, draws: int, seed: int) -> None:
        self._values, self._start = values, start
        n = len(values)
        if permutations == "moving_block":
            places = (np.arange(start, n)[None, :] + np.arange(n)[:, None]) % n
        else:
            chance = np.random.default_rng(seed)
            orders = [np.arange(n), *(chance.permutation(n) for _ in range(draws))]
            places = np.array(orders)[:, start:]
        self._places = places

    def p_value(self, effect: float) -> float:
        untreated = self._values.copy()
        untreated[self._start :, 0] -= effect
        weights = closest_weights(untreated[:, 1:] - untreated[:, [0]])
        residuals = np.abs(untreated[:, 0] - untreated[:, 1:] @ weights)
        statistics = residuals[self._places].mean(axis=1)
        # An exact match leaves residuals of rounding only, which are all alike.
        slack = _EQUAL * max(float(statistics[0]), float(np.abs(self._values).max()))
        return float(np.mean(statistics >= statistics[0] - slack))


def _ends(p_value: Callable[[float], float], centre: float, step: float, alpha: float) -> tuple[float, float]:
    """The values around `centre` that are not rejected; nan if it is rejected itself."""
    if p_value(centre) <= alpha:
        return float("nan"), float("nan")
    return _end(p_value, centre, -step, alpha), _end(p_value, centre, step, alpha)


def _end(p_value: Callable[[float], float], centre: float, step: float, alpha: float) -> float:
    inside, outside = centre, centre + step
    for _ in range(_WIDENINGS):
        if p_value(outside) <= alpha:
            break
        inside, outside = outside, centre + 2 * (outside - centre)
    else:
        return float(np.copysign(np.inf, step))
    for _ in range(_BISECTIONS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if p_value(middle) <= alpha else (middle, outside)
    return inside


def _notes(result: SyntheticControlResult, attainable: float, alpha: float) -> list[Note]:
    notes = []
    if attainable > alpha:
        notes.append(
            Note(
                "with {found} periods before the start no effect of a single period can be rejected "
                "(smallest p {attainable:.3f}); ask for a lower level",
                reason="synthetic_interval_unbounded",
                found=result.panel.start,
                attainable=attainable,
            )
        )
    if result.panel.predictors is not None:
        notes.append(
            Note(
                "intervals match the outcome in every period, not the predictors",
                reason="synthetic_interval_outcomes",
            )
        )
    return notes
