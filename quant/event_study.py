"""Event study: the effect by period against a base period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quant.effect_fit import Effect, FixedEffects
from quant.effect_model import common_start, effect_source, estimate
from quant.effect_request import EffectVcov, effect_request
from quant.effect_results import EffectResult, json_value, period_name
from quant.errors import EffectError
from quant.panel_refusals import Gaps, find_period, refuse_gaps
from quant.regression import Dof


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
    gaps: Gaps = "refuse",
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
    if gaps == "refuse":
        refuse_gaps(source.notes)
    periods, begun = source.periods, common_start(source)
    reference = find_period(base, periods, time=time, role="base")
    if reference >= begun:
        raise EffectError(
            "base is {base}, but treatment starts in {start}; compare with one or more periods before it",
            reason="effect_base_after_start",
            base=period_name(periods[reference]),
            start=period_name(periods[begun]),
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
