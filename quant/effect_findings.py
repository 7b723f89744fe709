"""What a run of effects found for each outcome, whether or not it may be read as an effect."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from quant.cluster_scores import LeaveOneOut
from quant.effect_results import EffectResult
from quant.effect_specs import EffectSpec
from quant.errors import QuantError
from quant.placebos import Placebos
from quant.pretrend_tests import PretrendTest
from quant.pretrends import PretrendPower
from quant.randomisation import RandomisationTest
from quant.regression_bootstrap import WildBootstrap
from quant.sensitivity import Sensitivity
from quant.staggered import StaggeredResult
from quant.subgroups import SubgroupEffects


@dataclass(frozen=True)
class OutcomeEffects:
    """What was found for one outcome; None or empty for what was not asked for or could not be computed.

    effect : pooled after the start, or a row a window; with the staggered design the mean of all effects.
    by_period : the event study; with the staggered design by event time.
    means : by period of treated and compared, see `group_means`; empty with the staggered design.
    periods : periods of `by_period` and its base as text, in order.   base, start : as text.
    sensitivity : effects under departures from parallel trends.   bootstraps : of the pooled effects.
    randomisation : the pooled effect among those of other clusters as if treated.
    left_out : each pooled effect without each cluster in turn.
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
    randomisation: RandomisationTest | None = None
    left_out: tuple[LeaveOneOut, ...] = ()
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
