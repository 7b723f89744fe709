"""All that a declaration of a difference-in-differences asks for: effects, periods, and their checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import pandas as pd

from quant.did import did
from quant.effect_controls import keep_controls
from quant.effect_findings import EffectRun, OutcomeEffects
from quant.effect_means import group_means
from quant.effect_model import CheckedPanel, common_start
from quant.effect_request import EffectRequest, effect_request
from quant.effect_results import EffectResult, period_name
from quant.effect_run_checks import checks_of, model_arguments, staggered_arguments
from quant.effect_specs import EffectSpec
from quant.errors import QuantError
from quant.event_study import event_study
from quant.staggered import staggered

Step = Callable[[int, int], None]


def run_effects(panel: Any, spec: EffectSpec, *, on_step: Step | None = None) -> EffectRun:
    """Estimate the effects that a declaration asks for.

    panel : as `quant.did` takes it: a frame, the path of a file, or a table of an engine.
    on_step : called with (done, total) as the work goes on; what it raises ends it.

    An outcome that cannot be estimated does not stop the others. Raises EffectError if none can.
    """
    if spec.controls:
        column = spec.cluster or spec.unit or ""
        panel = keep_controls(panel, spec.controls, column=column, treated=spec.treated)
    parts = checks_of(spec)
    found: list[OutcomeEffects] = []
    failed: list[tuple[str, QuantError]] = []
    for number, outcome in enumerate(spec.outcomes):
        try:
            result = _estimated(panel, spec, outcome)
            for place, (name, part) in enumerate(parts, start=1):
                if on_step is not None:
                    on_step(number * (len(parts) + 1) + place, len(spec.outcomes) * (len(parts) + 1))
                try:
                    result = part(panel, spec, result)
                except QuantError as error:
                    result = replace(result, failed=(*result.failed, (name, error)))
            found.append(result)
        except QuantError as error:
            failed.append((outcome, error))
        if on_step is not None:
            on_step((number + 1) * (len(parts) + 1), len(spec.outcomes) * (len(parts) + 1))
    if not found:
        raise failed[0][1]
    return EffectRun(spec, tuple(found), tuple(failed))


def _estimated(panel: Any, spec: EffectSpec, outcome: str) -> OutcomeEffects:
    """The effects themselves."""
    if spec.design == "staggered":
        return _staggered(panel, spec, outcome)
    arguments = model_arguments(spec)
    request = _request(spec, outcome)
    checked = CheckedPanel(panel, request)
    periods = checked.periods
    begun = common_start(checked)
    base = spec.base if spec.base is not None else periods[begun - 1]
    by_period = event_study(checked, outcome=outcome, base=base, gaps=spec.gaps, **arguments)
    effect = None
    if spec.design == "did":
        effect = did(checked, outcome=outcome, windows=spec.windows or None, gaps=spec.gaps, **arguments)
    return OutcomeEffects(
        outcome=outcome,
        by_period=by_period,
        periods=tuple(period_name(period) for period in periods),
        base=period_name(by_period.base),
        start=period_name(by_period.start),
        means=group_means(checked, request),
        effect=effect,
        gate=spec.gate,
    )


def _request(spec: EffectSpec, outcome: str) -> EffectRequest:
    return effect_request(outcome=outcome, base=spec.base, **model_arguments(spec))


def _staggered(panel: Any, spec: EffectSpec, outcome: str) -> OutcomeEffects:
    """Effects by time since the start; bounds on departures need all compared with one base."""
    base: Literal["universal", "varying"] = "universal" if spec.sensitivity else "varying"
    result = staggered(panel, outcome=outcome, base_period=base, seed=spec.seed, **staggered_arguments(spec))
    events = result.dynamic
    reference = "" if events.base is None else period_name(events.base)
    return OutcomeEffects(
        outcome=outcome,
        by_period=events,
        periods=_event_times(events),
        base=reference,
        start=period_name(0),
        means=pd.DataFrame(),
        effect=result.simple,
        staggered=result,
        gate=spec.gate,
    )


def _event_times(events: EffectResult) -> tuple[str, ...]:
    """Event times of the rows, with the base among them in its place."""
    times = list(events.table["period"])
    if events.base is not None and events.base not in times:
        times = sorted([*times, events.base])
    return tuple(period_name(time) for time in times)
