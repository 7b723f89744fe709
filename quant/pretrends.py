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
from quant.event_time import EventCoefficients, event_coefficients
from quant.normal_boxes import LARGEST_BOX, NORMAL_FROM, box_moments
from quant.notes import Note
from quant.pretrend_tests import PretrendTest, pretrend_test

Array = NDArray[np.float64]
PretestKind = Literal["joint", "slope", "individual"]
POWERS = (0.5, 0.8)
POWER_COLUMNS = (
    "test", "power", "slope", "slope_percent", "bias_first", "bias_average", "bias_average_percent",
    "bias_average_if_passed",
)  # fmt: skip
VIOLATION_COLUMNS = (
    "test", "power", "period", "relative", "kind", "estimate", "violation", "expected_if_passed",
)  # fmt: skip


@dataclass(frozen=True)
class PretrendPower:
    """What the pre-trend test can see.

    test : the test before the start; alpha : the level of the gate.
    table : one row a test ("joint" or "slope", as the test is; "individual": any coefficient significant on
        its own) and power (0-1): slope of the linear violation found with this probability, in units of the
        outcome a period, and in percent of the mean outcome of the treated after the start; bias that a trend
        of this slope adds to the first effect and to the average of the effects, the latter also in percent;
        and the bias of the average over those samples in which the test passes. Signs are those of a rising
        trend.
    violations : the same trends period by period: kind ("pre", "post"), estimate as found, violation (what
        the trend adds), expected_if_passed (mean of the coefficient where the test passes, without effects).
    false_alarm : probability, with parallel trends, that any coefficient is significant on its own.

    Where the coefficients have no covariance of full rank (more of them than clusters), the table holds only
    the test itself, and false_alarm is NaN.
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
    whole = _has_full_rank(events)
    kinds: tuple[PretestKind, ...] = (test.kind, "individual") if whole else (test.kind,)
    plans = [(kind, power) for kind in kinds for power in powers]
    for done, (kind, power) in enumerate(plans, start=1):
        if kind == "individual":
            slope = _individual_slope(events, alpha, power)
            shift = _individual_shift(events, alpha, slope)
        else:
            slope = _tested_slope(events, test, alpha, power)
            shift = _tested_shift(events, test, alpha, slope)
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
        false_alarm=individual_power(events, np.zeros(events.n_pre), alpha) if whole else np.nan,
        notes=_power_notes(test, alpha, table, events),
    )


def _has_full_rank(events: EventCoefficients) -> bool:
    """Whether the coefficients before the start have a covariance that a normal box can be drawn from."""
    errors = events.std_error[events.pre]
    correlation = events.covariance[events.pre, events.pre] / np.outer(errors, errors)
    return bool(np.linalg.matrix_rank(correlation, tol=1e-9, hermitian=True) == events.n_pre)


def pretest_power(
    events: EventCoefficients, test: PretrendTest, violation: Array, alpha: float = 0.05
) -> float:
    """Probability that the test before the start rejects.

    violation : (n_pre,) what the coefficients before the start truly are.
    """
    from scipy.stats import chi2, f, ncf, ncx2

    distance = _distance(events, test, violation)
    if distance == 0:
        return alpha
    if test.df_denominator > NORMAL_FROM:
        return float(ncx2.sf(chi2.isf(alpha, test.df), test.df, distance))
    critical = f.isf(alpha, test.df, test.df_denominator)
    return float(ncf.sf(critical, test.df, test.df_denominator, distance))


def _distance(events: EventCoefficients, test: PretrendTest, violation: Array) -> float:
    """How far a violation lies from none, in the metric of the test."""
    moved = test.weights.T @ violation
    return float(moved @ np.linalg.solve(_tested_covariance(events, test), moved))


def _tested_covariance(events: EventCoefficients, test: PretrendTest) -> Array:
    tested: Array = test.weights.T @ events.covariance[events.pre, events.pre] @ test.weights
    return tested


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


def _tested_slope(events: EventCoefficients, test: PretrendTest, alpha: float, power: float) -> float:
    direction = events.relative[events.pre]
    return _slope_for(lambda slope: pretest_power(events, test, slope * direction, alpha), events, power)


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


def _tested_shift(events: EventCoefficients, test: PretrendTest, alpha: float, slope: float) -> Array:
    """Mean move of the pre coefficients from their truth where the test passes, (n_pre,).

    For z ~ N(m, I) given z'z < c: E z = m P(chi2(k + 2, m'm) < c) / P(chi2(k, m'm) < c).
    """
    from scipy.stats import f, ncx2

    violation = slope * events.relative[events.pre]
    if slope == 0:
        return violation
    critical = f.isf(alpha, test.df, test.df_denominator) * test.df / test.scale
    distance = _distance(events, test, violation)
    share = ncx2.cdf(critical, test.df + 2, distance) / ncx2.cdf(critical, test.df, distance)
    moved = (share - 1) * (test.weights.T @ violation)
    pre = events.covariance[events.pre, events.pre]
    shift: Array = pre @ test.weights @ np.linalg.solve(_tested_covariance(events, test), moved)
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
    unseen = table[table["test"] == test.kind].sort_values("power").iloc[-1]
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
