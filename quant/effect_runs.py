"""All that a declaration of a difference-in-differences asks for: effects, periods, and their checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from quant.did import did
from quant.effect_bootstrap import effect_bootstrap
from quant.effect_means import group_means
from quant.effect_model import common_start, effect_source
from quant.effect_request import EffectRequest, effect_request
from quant.effect_results import EffectResult, period_name
from quant.effect_specs import EffectSpec
from quant.errors import QuantError
from quant.event_study import event_study
from quant.placebos import Placebos, placebo_dates, placebo_outcomes
from quant.pretrend_tests import PretrendTest, pretrend_test
from quant.pretrends import PretrendPower, pretrend_power
from quant.regression_bootstrap import WildBootstrap
from quant.sensitivity import Sensitivity, relative_magnitudes, smoothness
from quant.staggered import StaggeredResult, staggered
from quant.subgroups import SubgroupEffects, subgroup_effects

Step = Callable[[int, int], None]


@dataclass(frozen=True)
class OutcomeEffects:
    """What was found for one outcome; None or empty for what was not asked for or could not be computed.

    effect : pooled after the start, or a row a window; with the staggered design the mean of all effects.
    by_period : the event study; with the staggered design by event time.
    means : by period of treated and compared, see `group_means`; empty with the staggered design.
    periods : periods of `by_period` and its base as text, in order.   base, start : as text.
    sensitivity : effects under departures from parallel trends.   bootstraps : of the pooled effects.
    placebos : pretended starts, then outcomes that the treatment cannot change.
    failed : `(part, error)` of checks that the panel does not admit.
    """

    outcome: str
    by_period: EffectResult
    periods: tuple[str, ...]
    base: str
    start: str
    means: pd.DataFrame = field(repr=False)
    effect: EffectResult | None = None
    pretrend: PretrendTest | None = None
    power: PretrendPower | None = None
    sensitivity: tuple[Sensitivity, ...] = ()
    staggered: StaggeredResult | None = None
    bootstraps: tuple[WildBootstrap, ...] = ()
    subgroups: SubgroupEffects | None = None
    placebos: tuple[Placebos, ...] = ()
    failed: tuple[tuple[str, QuantError], ...] = ()

    gate: float = 0.05

    @property
    def pretrend_p(self) -> float | None:
        """The p-value of the joint test before the start; None where nothing could be tested."""
        if self.pretrend is not None:
            return self.pretrend.p_value
        tested = None if self.staggered is None else self.staggered.pretrend
        return None if tested is None else tested.p_value

    @property
    def status(self) -> Literal["passed", "failed", "untested"]:
        """What the gate before the start says: an effect whose gate failed may not be interpreted."""
        if self.pretrend_p is None:
            return "untested"
        return "passed" if self.pretrend_p >= self.gate else "failed"


@dataclass(frozen=True)
class EffectRun:
    """A declaration and what came of it, one entry an outcome.

    failed : `(outcome, error)` of outcomes that could not be estimated at all.
    """

    spec: EffectSpec
    outcomes: tuple[OutcomeEffects, ...]
    failed: tuple[tuple[str, QuantError], ...] = ()


def run_effects(panel: Any, spec: EffectSpec, *, on_step: Step | None = None) -> EffectRun:
    """Estimate the effects that a declaration asks for.

    panel : as `quant.did` takes it: a frame, the path of a file, or a table of an engine.
    on_step : called with (done, total) as the work goes on; what it raises ends it.

    An outcome that cannot be estimated does not stop the others. Raises EffectError if none can.
    """
    parts = _parts(spec)
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


Part = Callable[[Any, EffectSpec, OutcomeEffects], OutcomeEffects]


def _parts(spec: EffectSpec) -> list[tuple[str, Part]]:
    """The further parts of a declaration, in the order in which they are shown."""
    parts: list[tuple[str, Part]] = []
    if spec.design != "staggered":
        parts += [("pretrend", _with_pretrend), ("power", _with_power)]
    if spec.bootstrap and spec.cluster and spec.design == "did":
        parts.append(("bootstrap", _with_bootstrap))
    if spec.subgroups and spec.design != "staggered":
        parts.append(("subgroups", _with_subgroups))
    if spec.placebo_starts and spec.design != "staggered":
        parts.append(("placebo_starts", _with_placebo_starts))
    if spec.placebo_outcomes and spec.design != "staggered":
        parts.append(("placebo_outcomes", _with_placebo_outcomes))
    if spec.sensitivity:
        parts.append(("sensitivity", _with_sensitivity))
    return parts


def _estimated(panel: Any, spec: EffectSpec, outcome: str) -> OutcomeEffects:
    """The effects themselves."""
    if spec.design == "staggered":
        return _staggered(panel, spec, outcome)
    arguments = model_arguments(spec)
    request = _request(spec, outcome)
    source = effect_source(panel, request)
    periods = source.periods
    base = spec.base if spec.base is not None else periods[common_start(source) - 1]
    by_period = event_study(panel, outcome=outcome, base=base, **arguments)
    effect = None
    if spec.design == "did":
        effect = did(panel, outcome=outcome, windows=spec.windows or None, **arguments)
    return OutcomeEffects(
        outcome=outcome,
        by_period=by_period,
        periods=tuple(period_name(period) for period in periods),
        base=period_name(by_period.base),
        start=period_name(by_period.start),
        means=group_means(panel, request),
        effect=effect,
        gate=spec.gate,
    )


def model_arguments(spec: EffectSpec) -> dict[str, Any]:
    """What `quant.did` and `quant.event_study` are called with, but for outcome, base and windows."""
    return {
        "unit": spec.unit,
        "time": spec.time,
        "treated": spec.treated,
        "start": spec.start,
        "cluster": spec.cluster,
        "covariates": spec.covariates,
        "absorb": spec.absorb,
        "fixed_effects": spec.fixed_effects,
        "vcov": spec.vcov,
        "dof": spec.dof,
        "weights": spec.weights,
    }


def _request(spec: EffectSpec, outcome: str) -> EffectRequest:
    return effect_request(outcome=outcome, base=spec.base, **model_arguments(spec))


def _staggered(panel: Any, spec: EffectSpec, outcome: str) -> OutcomeEffects:
    result = staggered(
        panel,
        outcome=outcome,
        unit=spec.unit or "",
        time=spec.time,
        start=spec.start,
        treated=spec.treated or None,
        cluster=spec.cluster,
        covariates=spec.covariates,
        control=spec.control,
        anticipation=spec.anticipation,
        method=spec.method,
        seed=spec.seed,
    )
    events = [period_name(period) for period in result.dynamic.table["period"]]
    return OutcomeEffects(
        outcome=outcome,
        by_period=result.dynamic,
        periods=tuple(events),
        base="",
        start=period_name(0),
        means=pd.DataFrame(),
        effect=result.simple,
        staggered=result,
        gate=spec.gate,
    )


def _with_pretrend(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    return replace(found, pretrend=pretrend_test(found.by_period))


def _with_power(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    return replace(found, power=pretrend_power(found.by_period, alpha=spec.gate))


def _with_bootstrap(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    if found.effect is None:
        return found
    drawn = tuple(
        effect_bootstrap(found.effect, term, draws=spec.draws, seed=spec.seed)
        for term in found.effect.table["term"]
    )
    return replace(found, bootstraps=drawn)


def _with_subgroups(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    by_group = subgroup_effects(
        panel,
        spec.subgroups,
        outcome=found.outcome,
        base=found.by_period.base,
        windows=spec.windows or None,
        gate=spec.gate,
        **model_arguments(spec),
    )
    return replace(found, subgroups=by_group)


def _with_placebo_starts(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    pretended = placebo_dates(
        panel, spec.placebo_starts, outcome=found.outcome, base=spec.base, **model_arguments(spec)
    )
    return replace(found, placebos=(*found.placebos, pretended))


def _with_placebo_outcomes(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    """The same for every outcome, so they stand with the first."""
    if found.outcome != spec.outcomes[0]:
        return found
    unaffected = placebo_outcomes(panel, spec.placebo_outcomes, **model_arguments(spec))
    return replace(found, placebos=(*found.placebos, unaffected))


def _with_sensitivity(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    bounds = (
        relative_magnitudes(found.by_period, target="average", seed=spec.seed),
        smoothness(found.by_period, target="average"),
    )
    return replace(found, sensitivity=bounds)
