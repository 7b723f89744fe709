"""Did the groups move alike before the start, and which difference would the test not have seen?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.effect_results import EffectResult
from quant.errors import EffectError
from quant.event_study import PretrendTest, pretrend_test
from quant.event_time import EventCoefficients, event_coefficients
from quant.normal_boxes import LARGEST_BOX, box_moments
from quant.notes import Note

Array = NDArray[np.float64]
PretestKind = Literal["joint", "individual"]
POWERS = (0.5, 0.8)
POWER_COLUMNS = (
    "test", "power", "slope", "slope_percent", "bias_first", "bias_average", "bias_average_percent",
    "bias_average_if_passed",
)  # fmt: skip
VIOLATION_COLUMNS = (
    "test", "power", "period", "relative", "kind", "estimate", "violation", "expected_if_passed",
)  # fmt: skip
# Degrees of freedom from which F and chi-squared cannot be told apart.
_NORMAL_FROM = 100_000


@dataclass(frozen=True)
class PretrendPower:
    """What the pre-trend test can see.

    test : the F test that all coefficients before the start are zero; alpha : the level of the gate.
    table : one row a test ("joint": the F test; "individual": any coefficient significant on its own) and
        power (0-1): slope of the linear violation found with this probability, in units of the outcome a
        period, and in percent of the mean outcome of the treated after the start; bias that a trend of this
        slope adds to the first effect and to the average of the effects, the latter also in percent; and the
        bias of the average over those samples in which the test passes. Signs are those of a rising trend.
    violations : the same trends period by period: kind ("pre", "post"), estimate as found, violation (what
        the trend adds), expected_if_passed (mean of the coefficient where the test passes, without effects).
    false_alarm : probability, with parallel trends, that any coefficient is significant on its own.
    """

    test: PretrendTest
    alpha: float
    table: pd.DataFrame
    violations: pd.DataFrame
    false_alarm: float
    notes: tuple[Note, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the test does not reject at alpha. It does not say that the trends were parallel."""
        return self.test.p_value >= self.alpha


def pretrend_power(
    result: EffectResult,
    *,
    alpha: float = 0.05,
    powers: tuple[float, ...] = POWERS,
    on_step: Callable[[int, int], None] | None = None,
) -> PretrendPower:
    """The linear violations of parallel trends that the pre-trend test finds with the given probabilities.

    powers : probabilities of detection, above 0 and below 1.

    Raises EffectError as `pretrend_test`, and if the result has no base, too many coefficients before the
    start, or a power cannot be reached.
    Source: Roth (2022), American Economic Review: Insights 4: 305-322; docs/methods/pretrends.md
    """
    _check_powers(powers)
    test = pretrend_test(result)
    events = event_coefficients(result)
    if events.n_pre > LARGEST_BOX:
        raise EffectError(
            "the power of a pre-trend test is computed for up to {most} coefficients before the start; found "
            "{found} (use longer periods)",
            reason="effect_too_many_pre",
            most=LARGEST_BOX,
            found=events.n_pre,
        )
    lines, rows = [], []
    plans: list[tuple[PretestKind, float]] = [(kind, p) for kind in ("joint", "individual") for p in powers]
    for done, (kind, power) in enumerate(plans, start=1):
        slope = (_joint_slope if kind == "joint" else _individual_slope)(events, alpha, power)
        shift = (_joint_shift if kind == "joint" else _individual_shift)(events, alpha, slope)
        line = _violation(events, kind, power, slope, shift)
        lines.append(line)
        rows.append(_power_row(events, kind, power, slope, line))
        if on_step is not None:
            on_step(done, len(plans))
    table = pd.DataFrame(rows, columns=list(POWER_COLUMNS))
    return PretrendPower(
        test=test,
        alpha=alpha,
        table=table,
        violations=pd.concat(lines, ignore_index=True),
        false_alarm=individual_power(events, np.zeros(events.n_pre), alpha),
        notes=_power_notes(test, alpha, table, events),
    )


def joint_power(events: EventCoefficients, violation: Array, alpha: float = 0.05) -> float:
    """Probability that the F test rejects.

    violation : (n_pre,) what the coefficients before the start truly are.
    """
    from scipy.stats import chi2, f, ncf, ncx2

    k = events.n_pre
    distance = float(violation @ np.linalg.solve(events.covariance[events.pre, events.pre], violation))
    if distance == 0:
        return alpha
    if events.df > _NORMAL_FROM:
        return float(ncx2.sf(chi2.isf(alpha, k), k, distance))
    return float(ncf.sf(f.isf(alpha, k, events.df), k, events.df, distance))


def individual_power(events: EventCoefficients, violation: Array, alpha: float = 0.05) -> float:
    """Probability that any coefficient before the start is significant on its own.

    violation : (n_pre,) what the coefficients before the start truly are.
    """
    return 1 - _if_none_significant(events, violation, alpha)[0]


def _if_none_significant(events: EventCoefficients, violation: Array, alpha: float) -> tuple[float, Array]:
    """Probability that no pre coefficient is significant, and their mean given that."""
    from scipy.stats import t

    covariance = events.covariance[events.pre, events.pre]
    width = t.isf(alpha / 2, events.df) * events.std_error[events.pre]
    return box_moments(violation, covariance, width, df=events.df)


def _joint_slope(events: EventCoefficients, alpha: float, power: float) -> float:
    direction = events.relative[events.pre]
    return _slope_for(lambda slope: joint_power(events, slope * direction, alpha), events, power)


def _individual_slope(events: EventCoefficients, alpha: float, power: float) -> float:
    direction = events.relative[events.pre]
    return _slope_for(lambda slope: individual_power(events, slope * direction, alpha), events, power)


def _slope_for(power_of: Callable[[float], float], events: EventCoefficients, power: float) -> float:
    """The smallest slope, 0 or more, at which the power is reached."""
    from scipy.optimize import brentq

    if power_of(0.0) >= power:
        return 0.0
    high = float(np.min(events.std_error[events.pre] / np.abs(events.relative[events.pre])))
    while power_of(high) < power:
        high *= 2
    return float(brentq(lambda slope: power_of(slope) - power, 0.0, high, xtol=high * 1e-7))


def _joint_shift(events: EventCoefficients, alpha: float, slope: float) -> Array:
    """Mean move of the pre coefficients from their truth where the joint test passes, (n_pre,).

    For z ~ N(m, I) given z'z < c: E z = m P(chi2(k + 2, m'm) < c) / P(chi2(k, m'm) < c).
    """
    from scipy.stats import chi2, ncx2

    k = events.n_pre
    violation = slope * events.relative[events.pre]
    if slope == 0:
        return violation
    critical = chi2.isf(alpha, k)
    distance = float(violation @ np.linalg.solve(events.covariance[events.pre, events.pre], violation))
    share = ncx2.cdf(critical, k + 2, distance) / ncx2.cdf(critical, k, distance)
    shift: Array = violation * (share - 1)
    return shift


def _individual_shift(events: EventCoefficients, alpha: float, slope: float) -> Array:
    """The same where no coefficient is significant on its own."""
    violation = slope * events.relative[events.pre]
    shift: Array = _if_none_significant(events, violation, alpha)[1] - violation
    return shift


def _violation(
    events: EventCoefficients, kind: PretestKind, power: float, slope: float, shift: Array
) -> pd.DataFrame:
    """A linear violation period by period, and the mean of the coefficients given that the test passes."""
    pre = events.covariance[events.pre, events.pre]
    across = events.covariance[:, events.pre]
    violation = slope * events.relative
    return pd.DataFrame(
        {
            "test": kind,
            "power": power,
            "period": pd.Series(events.periods, dtype=object),
            "relative": events.relative.astype(int),
            "kind": ["pre"] * events.n_pre + ["post"] * (len(events.periods) - events.n_pre),
            "estimate": events.estimate,
            "violation": violation,
            "expected_if_passed": violation + across @ np.linalg.solve(pre, shift),
        },
        columns=list(VIOLATION_COLUMNS),
    )


def _power_row(
    events: EventCoefficients, kind: PretestKind, power: float, slope: float, line: pd.DataFrame
) -> dict[str, Any]:
    after = line[line["kind"] == "post"]
    mean = float(np.mean(events.treated_mean[events.post]))
    average = float(after["violation"].mean())
    return {
        "test": kind,
        "power": power,
        "slope": slope,
        "slope_percent": _percent(slope, mean),
        "bias_first": float(after["violation"].iloc[0]),
        "bias_average": average,
        "bias_average_percent": _percent(average, mean),
        "bias_average_if_passed": float(after["expected_if_passed"].mean()),
    }


def _percent(value: float, mean: float) -> float:
    return 100 * value / mean if mean and np.isfinite(mean) else float("nan")


def _check_powers(powers: tuple[float, ...]) -> None:
    if not powers or not all(0 < power < 1 for power in powers):
        raise EffectError(
            "powers are probabilities above 0 and below 1; found: {found}",
            reason="effect_powers",
            found=", ".join(map(str, powers)) or "-",
        )


def _power_notes(
    test: PretrendTest, alpha: float, table: pd.DataFrame, events: EventCoefficients
) -> tuple[Note, ...]:
    """Whether the test passed, and whether it could have seen a drift that matters."""
    joint = table[table["test"] == "joint"]
    unseen = joint.sort_values("power").iloc[-1]
    average = float(events.estimate[events.post].mean())
    notes = []
    if test.p_value >= alpha:
        notes.append(
            Note(
                "the pre-trend test does not reject (p = {p}); this is no proof that the groups moved alike",
                reason="pretrend_passed",
                p=round(test.p_value, 3),
            )
        )
    else:
        notes.append(
            Note(
                "the groups moved apart before the start (p = {p}); the estimates after it cannot be read as "
                "effects",
                reason="pretrend_failed",
                p=round(test.p_value, 3),
            )
        )
    if test.p_value >= alpha and unseen["bias_average"] >= abs(average):
        notes.append(
            Note(
                "a steady drift that alone gives the average estimate would go unseen in more than {missed} "
                "% of samples; the test says little here",
                reason="pretrend_weak",
                missed=round(100 * (1 - unseen["power"])),
            )
        )
    return tuple(notes)
