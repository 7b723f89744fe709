"""Averages of effects by cohort and period: overall, by event time, by cohort and by calendar period.

An average is a smooth function of the estimates and of the cohorts' shares of the units, so its error follows
from their covariance by the delta method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from quant.effect_results import EFFECT_COLUMNS, period_name
from quant.staggered_comparisons import GroupTimeEffects

BAND_COLUMNS = ("band_low", "band_high")
Kind = Literal["pre", "post", "pooled"]
_NO_ERROR = 1e-10


@dataclass(frozen=True)
class Average:
    """One average of K effects of G cohorts.

    weights : (K,) of the effects, sum 1.  gradient : (K + G,) by the effects and the shares.
    """

    term: str
    period: Any
    kind: Kind
    estimate: float
    weights: np.ndarray = field(repr=False)
    gradient: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Inference:
    """How errors become intervals.

    df : of the t statistics.  level : of the intervals, 0-1.
    draws : of the largest |t| for uniform bands, 0 for none; seed : of the draws.
    """

    df: int
    level: float
    draws: int
    seed: int


def average_all(effects: GroupTimeEffects) -> Average:
    """Mean of all effects after the start, weighted by the size of the cohorts."""
    return _by_share(effects, _event_times(effects) >= 0, "simple", None, "pooled")


def average_by_event(
    effects: GroupTimeEffects, *, n_periods: int, balance: int | None = None
) -> list[Average]:
    """An average by event time (0 = first treated period), weighted by the size of the cohorts.

    balance : only cohorts that are seen this many periods after their start, and event times up to it; so the
        cohorts behind event times 0 to `balance` are the same.
    """
    events = _event_times(effects)
    included = np.ones(len(events), dtype=bool)
    if balance is not None:
        first = min((each.period for each in effects.comparisons), default=0)
        cohort = np.array([each.cohort for each in effects.comparisons], dtype=int)
        included = (n_periods - 1 - cohort >= balance) & (events <= balance)
        included &= events >= balance - (n_periods - 1 - first)
    return [
        _by_share(effects, included & (events == event), str(event), event, "post" if event >= 0 else "pre")
        for event in map(int, np.unique(events[included]))
    ]


def average_by_cohort(effects: GroupTimeEffects, periods: Sequence[Any]) -> list[Average]:
    """A mean over the treated periods of each cohort."""
    averages = []
    for cohort in effects.cohorts:
        own = np.array([each.cohort == cohort and each.event_time >= 0 for each in effects.comparisons])
        if own.any():
            averages.append(
                _mean(
                    [_single(effects, place) for place in np.flatnonzero(own).tolist()],
                    periods[cohort],
                    "post",
                )
            )
    return averages


def average_by_period(effects: GroupTimeEffects, periods: Sequence[Any]) -> list[Average]:
    """An average over the cohorts treated in each period, weighted by their size."""
    after = _event_times(effects) >= 0
    at = np.array([each.period for each in effects.comparisons], dtype=int)
    return [
        _by_share(effects, after & (at == place), period_name(periods[place]), periods[place], "post")
        for place in np.unique(at[after])
    ]


def average_averages(
    effects: GroupTimeEffects,
    by_event: Sequence[Average],
    by_cohort: Sequence[Average],
    by_period: Sequence[Average],
) -> list[Average]:
    """One number out of each kind: means over event times and periods, the cohorts weighted by their size."""
    overall = [average_all(effects)]
    after = [each for each in by_event if each.kind == "post"]
    for term, averages in (("dynamic", after), ("period", by_period)):
        if averages:
            overall.append(_mean(averages, None, "pooled", term=term))
    if by_cohort:
        overall.append(_cohorts_by_share(effects, by_cohort))
    return overall


def effect_table(
    effects: GroupTimeEffects, averages: Sequence[Average], inference: Inference
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Table with EFFECT_COLUMNS (and BAND_COLUMNS with draws) and the covariance of its rows."""
    gradients = np.array([each.gradient for each in averages])
    terms = [each.term for each in averages]
    covariance = gradients @ effects.covariance @ gradients.T
    estimates = np.array([each.estimate for each in averages])
    means = np.array([each.weights @ effects.treated_mean for each in averages])
    columns = {
        "term": terms,
        **interval_columns(estimates, covariance, inference),
        "period": pd.Series([each.period for each in averages], dtype=object),
        "kind": [each.kind for each in averages],
        "treated_mean": means,
        "percent_of_mean": percent_of_mean(estimates, means),
    }
    table = pd.DataFrame(
        {name: columns[name] for name in (*EFFECT_COLUMNS, *BAND_COLUMNS) if name in columns}
    )
    return table, pd.DataFrame(covariance, index=terms, columns=terms)


def interval_columns(
    estimates: np.ndarray, covariance: np.ndarray, inference: Inference
) -> dict[str, np.ndarray]:
    """estimate, std_error, statistic, p_value, ci_low and ci_high, with draws also the uniform band.

    An error of 0, as of one treated unit against one control, is no error: it and what follows are missing.
    """
    from scipy.stats import t

    variance = np.diag(covariance)
    error = np.sqrt(np.where(variance > _NO_ERROR**2, variance, np.nan))
    statistic = estimates / error
    reach = t.ppf((1 + inference.level) / 2, inference.df) * error
    columns = {
        "estimate": estimates,
        "std_error": error,
        "statistic": statistic,
        "p_value": 2 * t.sf(np.abs(statistic), inference.df),
        "ci_low": estimates - reach,
        "ci_high": estimates + reach,
    }
    if inference.draws:
        wide = uniform_critical(covariance, inference) * error
        columns |= {"band_low": estimates - wide, "band_high": estimates + wide}
    return columns


def percent_of_mean(estimates: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Estimates in percent of the mean of the treated; missing where that is 0."""
    percent: np.ndarray = 100 * estimates / np.where(means == 0, np.nan, means)
    return percent


def uniform_critical(covariance: np.ndarray, inference: Inference) -> float:
    """What the largest |t| of all coefficients stays below with the probability of the level.

    With normal multipliers the multiplier bootstrap of the summed influences is a draw from the normal with
    their covariance, so that it needs no units; each draw is divided by the root of chi-square / df, as t is.
    """
    from scipy.stats import t

    pointwise = float(t.ppf((1 + inference.level) / 2, inference.df))
    variance = np.diag(covariance)
    kept = np.flatnonzero(variance > _NO_ERROR**2)
    if not kept.size:
        return pointwise
    error = np.sqrt(variance[kept])
    values, vectors = np.linalg.eigh(covariance[np.ix_(kept, kept)] / np.outer(error, error))
    root = vectors * np.sqrt(np.maximum(values, 0))
    rng = np.random.default_rng(inference.seed)
    drawn = np.abs(rng.standard_normal((inference.draws, kept.size)) @ root.T).max(axis=1)
    drawn /= np.sqrt(rng.chisquare(inference.df, inference.draws) / inference.df)
    return max(pointwise, float(np.quantile(drawn, inference.level)))


def _event_times(effects: GroupTimeEffects) -> np.ndarray:
    return np.array([each.event_time for each in effects.comparisons], dtype=int)


def _single(effects: GroupTimeEffects, place: int) -> Average:
    weights = np.zeros(len(effects.comparisons))
    weights[place] = 1.0
    gradient = np.concatenate([weights, np.zeros(len(effects.cohorts))])
    return Average("", None, "post", float(effects.estimates[place]), weights, gradient)


def _by_share(effects: GroupTimeEffects, chosen: np.ndarray, term: str, period: Any, kind: Kind) -> Average:
    """Average of the chosen effects by cohorts' shares p; a p moves it by (effect - average) / sum p."""
    place = np.searchsorted(effects.cohorts, [each.cohort for each in effects.comparisons])
    share = np.where(chosen, effects.shares[place], 0.0)
    weights = share / share.sum()
    estimate = float(weights @ effects.estimates)
    pull = np.where(chosen, effects.estimates - estimate, 0.0) / share.sum()
    by_share = np.bincount(place, weights=pull, minlength=len(effects.cohorts))
    return Average(term, period, kind, estimate, weights, np.concatenate([weights, by_share]))


def _mean(averages: Sequence[Average], period: Any, kind: Kind, *, term: str | None = None) -> Average:
    return Average(
        term=period_name(period) if term is None else term,
        period=period,
        kind=kind,
        estimate=float(np.mean([each.estimate for each in averages])),
        weights=np.mean([each.weights for each in averages], axis=0),
        gradient=np.mean([each.gradient for each in averages], axis=0),
    )


def _cohorts_by_share(effects: GroupTimeEffects, averages: Sequence[Average]) -> Average:
    place = np.array([int(np.argmax(each.gradient[: len(effects.comparisons)] > 0)) for each in averages])
    cohort = np.searchsorted(effects.cohorts, [effects.comparisons[first].cohort for first in place])
    share = effects.shares[cohort] / effects.shares[cohort].sum()
    estimates = np.array([each.estimate for each in averages])
    estimate = float(share @ estimates)
    gradient = share @ np.array([each.gradient for each in averages])
    gradient[len(effects.comparisons) + cohort] += (estimates - estimate) / effects.shares[cohort].sum()
    weights = share @ np.array([each.weights for each in averages])
    return Average("group", None, "pooled", estimate, weights, gradient)
