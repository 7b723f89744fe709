"""The checks of an effect that a declaration asks for, each adding what it found to the findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from quant.cluster_scores import leave_one_cluster_out
from quant.effect_bootstrap import effect_bootstrap
from quant.effect_findings import OutcomeEffects
from quant.effect_specs import EffectSpec
from quant.placebos import placebo_dates, placebo_outcomes
from quant.pretrend_tests import pretrend_test
from quant.pretrends import pretrend_power
from quant.randomisation import randomisation_test
from quant.sensitivity import relative_magnitudes, smoothness
from quant.subgroups import staggered_subgroup_effects, subgroup_effects

Part = Callable[[Any, EffectSpec, OutcomeEffects], OutcomeEffects]


def checks_of(spec: EffectSpec) -> list[tuple[str, Part]]:
    """The checks that a declaration asks for, by name, in the order in which they are made."""
    staggered_starts, pooled = spec.design == "staggered", spec.design == "did"
    clustered = pooled and spec.cluster is not None
    wanted: list[tuple[str, bool, Part]] = [
        ("pretrend", not staggered_starts, _with_pretrend),
        ("power", not staggered_starts or spec.sensitivity, _with_power),
        ("bootstrap", spec.bootstrap and clustered, _with_bootstrap),
        ("randomisation", spec.randomisation and clustered, _with_randomisation),
        ("leave_one_out", spec.leave_one_out and clustered, _with_left_out),
        ("subgroups", bool(spec.subgroups), _with_subgroups),
        ("placebo_starts", bool(spec.placebo_starts) and not staggered_starts, _with_placebo_starts),
        ("placebo_outcomes", bool(spec.placebo_outcomes) and not staggered_starts, _with_placebo_outcomes),
        ("sensitivity", spec.sensitivity, _with_relative_magnitudes),
        ("sensitivity", spec.sensitivity, _with_smoothness),
    ]
    return [(name, part) for name, asked, part in wanted if asked]


def staggered_arguments(spec: EffectSpec) -> dict[str, Any]:
    """What `quant.staggered` is called with, but for the outcome."""
    return {
        "unit": spec.unit or "",
        "time": spec.time,
        "start": spec.start,
        "treated": spec.treated or None,
        "cluster": spec.cluster,
        "covariates": spec.covariates,
        "control": spec.control,
        "anticipation": spec.anticipation,
        "method": spec.method,
    }


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


def _with_randomisation(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    left_out = ("dof", "vcov", "cluster")
    arguments = {name: value for name, value in model_arguments(spec).items() if name not in left_out}
    test = randomisation_test(
        panel,
        outcome=found.outcome,
        cluster=spec.cluster or "",
        base=spec.base,
        seed=spec.seed,
        **arguments,
    )
    return replace(found, randomisation=test)


def _with_left_out(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    if found.effect is None:
        return found
    each = tuple(leave_one_cluster_out(found.effect, term=term) for term in found.effect.table["term"])
    return replace(found, left_out=each)


def _with_subgroups(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    if spec.design == "staggered":
        arguments = staggered_arguments(spec)
        return replace(
            found,
            subgroups=staggered_subgroup_effects(
                panel, spec.subgroups, outcome=found.outcome, gate=spec.gate, **arguments
            ),
        )
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


def _with_relative_magnitudes(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    bounds = relative_magnitudes(found.by_period, target="average", seed=spec.seed)
    return replace(found, sensitivity=(*found.sensitivity, bounds))


def _with_smoothness(panel: Any, spec: EffectSpec, found: OutcomeEffects) -> OutcomeEffects:
    bounds = smoothness(found.by_period, target="average")
    return replace(found, sensitivity=(*found.sensitivity, bounds))
