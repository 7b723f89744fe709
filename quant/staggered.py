"""Effects where treatment starts at different times: each cohort against units that are not treated (yet).

A regression with unit and time effects would compare newly treated units with earlier treated ones, whose
own effects may still change; it is not offered for such panels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

import numpy as np
import pandas as pd

from quant.effect_results import EffectResult, period_name
from quant.errors import EffectError
from quant.notes import Note
from quant.staggered_aggregation import (
    BAND_COLUMNS,
    Average,
    Inference,
    average_all,
    average_averages,
    average_by_cohort,
    average_by_event,
    average_by_period,
    effect_table,
    interval_columns,
    percent_of_mean,
)
from quant.staggered_checks import StaggeredPretrend, left_out_notes, pretrend_test, size_notes
from quant.staggered_comparisons import (
    BasePeriod,
    ControlUnits,
    GroupTimeEffects,
    estimate_comparisons,
    list_comparisons,
)
from quant.staggered_fits import ChangeMethod
from quant.staggered_sample import Gaps, StaggeredSample, staggered_sample

GROUP_TIME_COLUMNS = (
    "term", "cohort", "period", "event_time", "estimate", "std_error", "statistic", "p_value", "ci_low",
    "ci_high", "kind", "base", "n_treated", "n_controls", "treated_mean", "percent_of_mean",
)  # fmt: skip


@dataclass(frozen=True)
class StaggeredResult:
    """Effects by cohort and period, and averages of them.

    group_time : one row a cohort and period, GROUP_TIME_COLUMNS (with draws band_low, band_high too); cohort
        and base are values of the time column; kind "pre" or "post".  covariance : of its rows, (k, k).
    simple : one row, the mean of all effects after the start weighted by the size of the cohorts.
    dynamic : by event time (0 = first treated period).  by_group : by cohort.
    by_period : by calendar period.
    overall : "simple", then the mean over event times ("dynamic"), over periods ("period"), and the mean of
        the cohorts weighted by their size ("group").
    pretrend : None where no effect before treatment can be tested; the notes say why.
    """

    group_time: pd.DataFrame
    covariance: pd.DataFrame = field(repr=False)
    simple: EffectResult
    dynamic: EffectResult
    by_group: EffectResult
    by_period: EffectResult
    overall: EffectResult
    pretrend: StaggeredPretrend | None
    notes: tuple[Note, ...] = ()


def staggered(
    panel: Any,
    *,
    outcome: str,
    unit: str,
    time: str,
    start: str | None = None,
    treated: str | None = None,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    control: ControlUnits = "never",
    base_period: BasePeriod = "varying",
    anticipation: int = 0,
    method: ChangeMethod = "regression",
    gaps: Gaps = "pairs",
    balance: int | None = None,
    draws: int = 0,
    level: float = 0.95,
    seed: int = 1,
) -> StaggeredResult:
    """Effects on the treated by cohort (units with the same start) and period, and their averages.

    panel : a frame, a .parquet or .csv file, a DuckDB relation or an Ibis table; without covariates the
        engine of the latter makes one row a unit of it.
    start : column with each unit's first treated period (missing, 0 or infinite for never); or None where
        `treated` is 0 before treatment and 1 from its start on.
    cluster : column of clusters of units for the errors; None for the units themselves.
    covariates : columns on which trends may depend; those of the earlier of two compared periods count.
    control : units that are never treated, or all that are not treated yet in either period.
    base_period : before treatment, "varying" compares with the period before, "universal" with the last
        period before treatment; after its start both use the latter.
    anticipation : so many periods before its start treatment may already have effects.
    method : what covariates are used for, see `fit_change`; without covariates all are the same.
    gaps : "pairs" compares the units seen in both periods, "drop" leaves out units that lack a period.
    balance : see `average_by_event`.
    draws : for uniform bands, which hold for all coefficients of a table at once; 0 for none.

    Raises EffectError as `check_panel` does, for unknown choices, and where nothing can be compared.
    Source: Callaway & Sant'Anna (2021); docs/methods/staggered_starts.md
    """
    _check_choices(
        control=control, base_period=base_period, method=method, gaps=gaps, level=level,
        anticipation=anticipation, draws=draws, balance=balance,
    )  # fmt: skip
    if isinstance(covariates, str):
        covariates = (covariates,)
    sample = staggered_sample(
        panel, outcome=outcome, unit=unit, time=time, start=start, treated=treated, cluster=cluster,
        covariates=covariates, control=control, anticipation=anticipation, gaps=gaps,
    )  # fmt: skip
    arrays, periods = sample.arrays, sample.periods
    comparisons = list_comparisons(
        [int(each) for each in np.unique(arrays.cohort)],
        arrays.n_periods,
        control=control,
        base_period=base_period,
        anticipation=anticipation,
    )
    effects = estimate_comparisons(arrays, comparisons, method)
    if not any(each.event_time >= 0 for each in effects.comparisons):
        raise EffectError(
            "no cohort can be compared with controls after its start ({found} comparisons were tried); "
            "look at gaps in the panel, or use fewer covariates",
            reason="effect_staggered_no_comparison",
            found=len(comparisons),
        )
    if arrays.n_clusters < 2:
        raise EffectError(
            "clustered errors need 2 or more clusters; found {found} (leave `cluster` out)",
            reason="effect_one_cluster",
            found=arrays.n_clusters,
        )
    inference = Inference(arrays.n_clusters - 1, level, draws, seed)
    test, test_notes = pretrend_test(effects, arrays.n_clusters, anticipation)
    notes = (
        *sample.notes,
        *left_out_notes(effects),
        *size_notes(arrays, effects, periods),
        *test_notes,
    )
    shell = _shell(
        sample,
        outcome=outcome,
        base=-1 - anticipation if base_period == "universal" else None,
        settings={
            "unit": unit, "time": time, "start": start, "treated": treated, "cluster": cluster,
            "covariates": list(covariates), "control": control, "base_period": base_period,
            "anticipation": anticipation, "method": method, "gaps": gaps, "balance": balance,
            "draws": draws, "level": level, "seed": seed,
        },
        notes=notes,
    )  # fmt: skip

    def result(averages: Sequence[Average]) -> EffectResult:
        table, covariance = effect_table(effects, averages, inference)
        return replace(shell, table=table, covariance=covariance)

    dynamic = average_by_event(effects, n_periods=arrays.n_periods, balance=balance)
    if not any(each.kind == "post" for each in dynamic):
        raise EffectError(
            "no cohort is seen {balance} periods after its start; choose a smaller balance",
            reason="effect_staggered_balance",
            balance=balance,
        )
    by_group, by_period = average_by_cohort(effects, periods), average_by_period(effects, periods)
    group_time, covariance = _group_time(effects, periods, inference)
    return StaggeredResult(
        group_time=group_time,
        covariance=covariance,
        simple=result([average_all(effects)]),
        dynamic=result(dynamic),
        by_group=result(by_group),
        by_period=result(by_period),
        overall=result(average_averages(effects, dynamic, by_group, by_period)),
        pretrend=test,
        notes=notes,
    )


def _check_choices(
    *,
    control: str,
    base_period: str,
    method: str,
    gaps: str,
    level: float,
    anticipation: int,
    draws: int,
    balance: int | None,
) -> None:
    for name, given, known in (
        ("control", control, get_args(ControlUnits)),
        ("base_period", base_period, get_args(BasePeriod)),
        ("method", method, get_args(ChangeMethod)),
        ("gaps", gaps, get_args(Gaps)),
    ):
        if given not in known:
            raise EffectError(
                "{name} is {given!r}, expected one of: {known}",
                reason="effect_unknown_choice",
                name=name,
                given=given,
                known=", ".join(known),
            )
    numbers = {"anticipation": anticipation, "draws": draws, "balance": balance or 0}
    wrong = {name: number for name, number in numbers.items() if number < 0}
    if wrong or not 0 < level < 1:
        name, number = next(iter(wrong.items()), ("level", level))
        raise EffectError(
            "{name} is {given}; anticipation, draws and balance are 0 or more, the level is between 0 and 1",
            reason="effect_staggered_number",
            name=name,
            given=number,
        )


def _shell(
    sample: StaggeredSample,
    *,
    outcome: str,
    base: int | None,
    settings: dict[str, Any],
    notes: tuple[Note, ...],
) -> EffectResult:
    """What all averages have in common; their tables come later."""
    arrays = sample.arrays
    return EffectResult(
        design="staggered",
        outcome=outcome,
        table=pd.DataFrame(),
        covariance=pd.DataFrame(),
        df=arrays.n_clusters - 1,
        n=int(np.isfinite(arrays.outcome).sum()),
        n_units=len(arrays.cohort),
        n_treated_units=sample.n_treated_units,
        clusters=arrays.n_clusters,
        treated_clusters=sample.treated_clusters,
        base=base,
        start=None,
        vcov="cluster",
        r2=None,
        settings=settings,
        notes=notes,
    )


def _group_time(
    effects: GroupTimeEffects, periods: Sequence[Any], inference: Inference
) -> tuple[pd.DataFrame, pd.DataFrame]:
    k = len(effects.comparisons)
    covariance = effects.covariance[:k, :k]
    cohorts = [periods[each.cohort] for each in effects.comparisons]
    at = [periods[each.period] for each in effects.comparisons]
    terms = [f"{period_name(g)}:{period_name(t)}" for g, t in zip(cohorts, at, strict=True)]
    columns = {
        "term": terms,
        "cohort": cohorts,
        "period": at,
        "event_time": [each.event_time for each in effects.comparisons],
        **interval_columns(effects.estimates, covariance, inference),
        "kind": ["post" if each.event_time >= 0 else "pre" for each in effects.comparisons],
        "base": [periods[each.base] for each in effects.comparisons],
        "n_treated": effects.n_treated,
        "n_controls": effects.n_controls,
        "treated_mean": effects.treated_mean,
        "percent_of_mean": percent_of_mean(effects.estimates, effects.treated_mean),
    }
    table = pd.DataFrame(
        {name: columns[name] for name in (*GROUP_TIME_COLUMNS, *BAND_COLUMNS) if name in columns}
    )
    return table, pd.DataFrame(covariance, index=terms, columns=terms)
