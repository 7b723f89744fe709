"""Event study: the effect by period against a base period, and the joint test of the periods before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quant.effect_fit import Effect, FixedEffects
from quant.effect_model import common_start, effect_source, estimate
from quant.effect_request import EffectVcov, effect_request
from quant.effect_results import EffectResult, json_value, period_name
from quant.errors import EffectError
from quant.panel_refusals import find_period
from quant.regression import Dof


@dataclass(frozen=True)
class PretrendTest:
    """F test that all coefficients before the start are 0.

    df : coefficients tested; df_residual : of the t statistics (clusters - 1 with clustered errors).
    """

    statistic: float
    df: int
    df_residual: int
    p_value: float
    terms: tuple[str, ...]


def event_study(
    panel: Any,
    *,
    outcome: str,
    unit: str | None,
    time: str,
    treated: str,
    base: Any,
    start: Any = None,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    absorb: Sequence[str] = (),
    fixed_effects: FixedEffects = "unit",
    vcov: EffectVcov | None = None,
    dof: Dof = "xtreg",
    weights: str | None = None,
) -> EffectResult:
    """How the treated differ from the others in each period, less how they differed in the base period.

    base : a period before the start. Where `treated` marks the treated in all periods and no start is given,
    treatment starts in the period after the base. The other options are those of `quant.did`.

    Returns one row a period but the base (term: the period as text), kind "pre" or "post".
    Raises EffectError as `check_panel` does, if units start at different times, and if the base is not before
    the start or a period lacks rows of the treated or of the others.
    Source: docs/methods/difference_in_differences.md
    """
    request = effect_request(
        outcome=outcome,
        unit=unit,
        time=time,
        treated=treated,
        start=start,
        base=base,
        cluster=cluster,
        covariates=covariates,
        absorb=absorb,
        weights=weights,
        fixed_effects=fixed_effects,
        vcov=vcov,
        dof=dof,
    )
    source = effect_source(panel, request)
    periods, begun = source.periods, common_start(source)
    reference = find_period(base, periods, time=time, role="base")
    if reference >= begun:
        raise EffectError(
            "base is {base}, but treatment starts in {start}; compare with one or more periods before it",
            reason="effect_base_after_start",
            base=period_name(periods[reference]),
            start=periods[begun],
        )
    effects = [
        Effect(period_name(period), (place,), period, "pre" if place < begun else "post")
        for place, period in enumerate(periods)
        if place != reference
    ]
    return estimate(
        "event_study",
        source,
        request,
        effects,
        kept=range(len(periods)),
        base=periods[reference],
        further_settings={"base": json_value(periods[reference])},
    )


def pretrend_test(result: EffectResult) -> PretrendTest:
    """Test jointly that the coefficients before the start are 0.

    Raises EffectError if there is none, or if fewer clusters than coefficients leave no joint test.
    """
    from scipy.special import fdtrc

    before = result.of_kind("pre")
    if before.empty:
        raise EffectError(
            "the result has no coefficient before the start; a test of earlier trends needs an event study "
            "with two or more periods before it",
            reason="effect_no_pre_coefficients",
        )
    terms = list(before["term"])
    covariance = result.covariance.loc[terms, terms].to_numpy()
    errors = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(errors, errors)
    if np.linalg.matrix_rank(correlation, tol=1e-9) < len(terms):
        raise EffectError(
            "{terms} coefficients before the start cannot be tested jointly with errors of {df} degrees of "
            "freedom; test fewer periods, or use smaller clusters",
            reason="effect_pretrend_rank",
            terms=len(terms),
            df=result.df,
        )
    z = before["estimate"].to_numpy() / errors
    statistic = float(z @ np.linalg.solve(correlation, z)) / len(terms)
    return PretrendTest(
        statistic=statistic,
        df=len(terms),
        df_residual=result.df,
        p_value=float(fdtrc(len(terms), result.df, statistic)),
        terms=tuple(terms),
    )
