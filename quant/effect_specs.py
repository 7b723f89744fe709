"""Effects to estimate, declared as data: a difference-in-differences or a synthetic control from a file.

What a declaration asks for is computed by `quant.effect_runs` and `quant.synthetic_runs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from quant.declarations import declared, load_declaration
from quant.effect_results import json_value
from quant.errors import EffectError


@dataclass(frozen=True)
class EffectSpec:
    """A difference-in-differences, with the checks it should pass.

    outcomes : columns, each an outcome of its own.   unit, time, treated, start, cluster, covariates, absorb,
    fixed_effects, dof, vcov, weights, gaps : as `quant.did` takes them; periods as the time column has them.
    controls : untreated clusters (or units) to compare with, such as the donors of a synthetic control; empty
    for all.
    design : "did" pools the periods after the start (or each of `windows`) and shows each period beside it,
    "event_study" only shows each period, "staggered" is for units that start at different times.
    base : reference period of the effects by period; the last one before the start if empty.
    windows : name -> periods that are pooled.
    subgroups : columns whose values are subgroups.   gate : the p-value of the pre-trend test below which an
    effect is not interpreted.
    placebo_starts : periods before the start that pretend to be it.   placebo_outcomes : outcomes that the
    treatment cannot change.   leave_one_out : without each cluster in turn.
    sensitivity : bounds under violations of parallel trends.   bootstrap : wild cluster bootstrap of the
    pooled effects, with `draws` and `seed`.   randomisation : the effect among those of other clusters.
    control, method, anticipation : of the staggered design.
    panel : file of the panel, beside the declaration, where no other is named.
    columns : what the panel's columns mean, where a reader should see other words: column -> words.
    """

    outcomes: tuple[str, ...]
    time: str
    unit: str | None = None
    treated: str = ""
    start: str | None = None
    title: str = ""
    design: Literal["did", "event_study", "staggered"] = "did"
    base: str | None = None
    cluster: str | None = None
    controls: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    absorb: tuple[str, ...] = ()
    fixed_effects: Literal["unit", "group"] = "unit"
    dof: Literal["xtreg", "areg"] = "xtreg"
    vcov: Literal["iid", "robust"] | None = None
    weights: str | None = None
    gaps: Literal["refuse", "keep"] = "refuse"
    windows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subgroups: tuple[str, ...] = ()
    gate: float = 0.05
    placebo_starts: tuple[str, ...] = ()
    placebo_outcomes: tuple[str, ...] = ()
    leave_one_out: bool = False
    sensitivity: bool = False
    bootstrap: bool = False
    randomisation: bool = False
    draws: int = 9999
    seed: int = 1
    control: Literal["never", "not_yet"] = "never"
    method: Literal["regression", "ipw", "doubly_robust"] = "doubly_robust"
    anticipation: int = 0
    panel: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The declaration as JSON values, which `effect_spec` reads again."""
        return _written(self)


@dataclass(frozen=True)
class PredictorSpec:
    """What the synthetic unit should be like: a column, in its own periods or in all before the start."""

    column: str
    periods: tuple[str, ...] = ()


@dataclass(frozen=True)
class SyntheticSpec:
    """A synthetic control for one treated unit, or one for each of several.

    treated_units : values of the unit column.   start : first treated period.
    predictors : empty fits the outcome of every period before the start.   predictor_periods : of those
    without periods of their own.   optimise_periods : in which the gap is to be small.   Both are all
    periods before the start if empty.
    predictor_weights, random_starts : as `quant.synthetic_control` takes them.
    donors : units that may be drawn from; all that are not treated if empty.   exclude : donors left out.
    placebo_start : a period before the start that pretends to be it.
    intervals : prediction intervals by period.
    average_rows : rows are persons: their mean by unit and period is what is fitted.
    panel : file of the panel, beside the declaration, where no other is named.
    columns : what the panel's columns mean: column -> words.
    """

    outcome: str
    unit: str
    time: str
    treated_units: tuple[str, ...]
    start: str
    title: str = ""
    predictors: tuple[PredictorSpec, ...] = ()
    predictor_periods: tuple[str, ...] = ()
    optimise_periods: tuple[str, ...] = ()
    predictor_weights: Literal["optimised", "regression", "equal"] = "optimised"
    random_starts: int = 0
    donors: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    placebo_start: str | None = None
    intervals: bool = False
    leave_one_out: bool = True
    average_rows: bool = False
    seed: int = 1
    panel: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The declaration as JSON values, which `synthetic_spec` reads again."""
        return _written(self)


def load_effect_spec(source: str | Path | bytes, name: str = "") -> EffectSpec:
    """A declaration from a .toml or .json file, or its bytes. Raises EffectError that names what is wrong."""
    content, file = load_declaration(source, name)
    return effect_spec(content, file=file)


def effect_spec(content: object, *, file: str = "declaration") -> EffectSpec:
    """A declaration from its dict; `outcome = "y"` may stand for one outcome. Raises EffectError."""
    spec = declared(EffectSpec, _plural(content, "outcome", "outcomes"), file=file)
    if not spec.outcomes:
        raise EffectError(
            "{file}: 'outcomes' is empty; name one or more columns",
            reason="effect_spec_no_outcomes",
            file=file,
        )
    if spec.design != "staggered" and not spec.treated:
        raise EffectError(
            "{file}: 'treated' is missing; name the column of 0 and 1 that marks the treated",
            reason="effect_spec_no_treated",
            file=file,
        )
    if spec.design == "staggered" and not spec.unit:
        raise EffectError(
            "{file}: 'unit' is missing; staggered starts need the column of the units that start",
            reason="effect_spec_no_unit",
            file=file,
        )
    if spec.design == "staggered" and (spec.absorb or spec.weights or spec.windows):
        raise EffectError(
            "{file}: staggered starts take no absorb, weights or windows; leave them out",
            reason="effect_spec_staggered_options",
            file=file,
        )
    of_clusters = ("bootstrap", "randomisation", "leave_one_out")
    asked = [name for name in of_clusters if getattr(spec, name)]
    if asked and (spec.design != "did" or spec.cluster is None):
        raise EffectError(
            "{file}: {checks} need design 'did' and a cluster; name the column of clusters, or leave "
            "them out",
            reason="effect_spec_checks_of_clusters",
            file=file,
            checks=", ".join(asked),
        )
    if not (spec.treated or spec.start):
        raise EffectError(
            "{file}: 'start' is missing; name the column with the first treated period of each unit",
            reason="effect_spec_no_start",
            file=file,
        )
    if spec.controls and not (spec.treated and (spec.cluster or spec.unit)):
        raise EffectError(
            "{file}: 'controls' names clusters or units; name their column as 'cluster' or 'unit', and "
            "'treated'",
            reason="effect_spec_controls",
            file=file,
        )
    if not 0 <= spec.gate < 1:
        raise EffectError(
            "{file}: gate is {given}, expected a p-value from 0 up to 1, such as 0.05",
            reason="effect_spec_gate",
            file=file,
            given=spec.gate,
        )
    if spec.draws < 1:
        raise EffectError(
            "{file}: draws is {given}, expected 1 or more",
            reason="effect_spec_draws",
            file=file,
            given=spec.draws,
        )
    return spec


def load_synthetic_spec(source: str | Path | bytes, name: str = "") -> SyntheticSpec:
    """A declaration from a .toml or .json file, or its bytes. Raises EffectError that names what is wrong."""
    content, file = load_declaration(source, name)
    return synthetic_spec(content, file=file)


def synthetic_spec(content: object, *, file: str = "declaration") -> SyntheticSpec:
    """A declaration from its dict. Raises EffectError.

    `treated_unit = "A"` may stand for one unit, and the name of a column for a predictor.
    """
    given = _plural(content, "treated_unit", "treated_units")
    if isinstance(given, Mapping) and isinstance(given.get("predictors"), (list, tuple)):
        named = [{"column": each} if isinstance(each, str) else each for each in given["predictors"]]
        given = {**given, "predictors": named}
    spec = declared(SyntheticSpec, given, file=file)
    if not spec.treated_units:
        raise EffectError(
            "{file}: 'treated_units' is empty; name one or more values of the unit column",
            reason="synthetic_spec_no_treated",
            file=file,
        )
    return spec


def _plural(content: object, one: str, many: str) -> object:
    if not isinstance(content, Mapping) or one not in content or many in content:
        return content
    return {**{name: value for name, value in content.items() if name != one}, many: [content[one]]}


def _written(spec: EffectSpec | SyntheticSpec) -> dict[str, Any]:
    """All fields that say something; TOML knows no null."""
    return {name: json_value(value) for name, value in asdict(spec).items() if value is not None}
