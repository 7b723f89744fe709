"""The coefficients of an event study in the order of time, counted in periods from its base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quant.effect_results import EffectResult
from quant.errors import EffectError
from quant.panel_refusals import refuse_no_pre

Array = NDArray[np.float64]


@dataclass(frozen=True)
class EventCoefficients:
    """Coefficients before and after the start, the base (zero by definition) left out.

    periods : (k,) values of the time column, earliest first; the first n_pre lie before the start.
    relative : (k,) periods from the base, negative before it.  covariance : (k, k).
    treated_mean : (k,) mean outcome of the treated, NaN where it is not known.
    df : degrees of freedom of the t statistics, inf for the normal distribution.
    """

    outcome: str
    base: Any
    periods: tuple[Any, ...]
    relative: Array
    estimate: Array
    covariance: Array
    treated_mean: Array
    n_pre: int
    df: float

    @property
    def pre(self) -> slice:
        """The coefficients before the start."""
        return slice(0, self.n_pre)

    @property
    def post(self) -> slice:
        """The coefficients from the start on."""
        return slice(self.n_pre, len(self.periods))

    @property
    def std_error(self) -> Array:
        """(k,) standard errors."""
        errors: Array = np.sqrt(np.diag(self.covariance))
        return errors


def event_coefficients(result: EffectResult) -> EventCoefficients:
    """The coefficients of an event study, earliest first.

    Periods are counted in steps of those that the result holds, whatever their distance in the calendar.
    Raises EffectError if the result has no base, or no coefficient before or after the start.
    """
    if result.base is None:
        raise EffectError(
            "a trend needs effects that are all compared with one base period; '{outcome}' was estimated "
            'without one (use event_study, or staggered with base_period="universal")',
            reason="effect_no_base",
            outcome=result.outcome,
        )
    rows = result.table[result.table["kind"].isin(("pre", "post"))]
    n_pre = int((rows["kind"] == "pre").sum())
    if n_pre == 0:
        refuse_no_pre()
    if n_pre == len(rows):
        raise EffectError(
            "the result has no coefficient after the start; there is no effect to judge",
            reason="effect_no_post_coefficients",
        )
    terms, periods = list(rows["term"]), tuple(rows["period"])
    places = np.arange(len(periods))
    before_base = _before_base(periods, result.base, n_pre)
    return EventCoefficients(
        outcome=result.outcome,
        base=result.base,
        periods=periods,
        relative=np.where(places < before_base, places - before_base, places - before_base + 1).astype(float),
        estimate=rows["estimate"].to_numpy(dtype=float),
        covariance=result.covariance.loc[terms, terms].to_numpy(dtype=float),
        treated_mean=rows["treated_mean"].to_numpy(dtype=float),
        n_pre=n_pre,
        df=result.df,
    )


def _before_base(periods: tuple[Any, ...], base: Any, n_pre: int) -> int:
    """How many of the periods lie before the base: all before the start where they cannot be compared."""
    try:
        if list(periods) == sorted(periods):
            return sum(period < base for period in periods)
    except TypeError:
        pass
    return n_pre


def based_on_last_pre(events: EventCoefficients) -> EventCoefficients:
    """The same coefficients with the last period before the start as base.

    Each becomes its difference to that period, which changes neither the model nor its fit.
    """
    k, place = len(events.periods), events.n_pre - 1
    if events.relative[place] < 0:
        return events
    # (k + 1) coefficients with the base as zero, less the last of them before the start.
    order = np.argsort(np.append(events.relative, 0.0), kind="stable")
    full = np.vstack([np.eye(k), np.zeros(k)])
    change = full - np.eye(k)[place]
    kept = [row for row in order if row != place]
    names = [*events.periods, events.base]
    relative = np.append(events.relative, 0.0) - events.relative[place]
    move = change[kept]
    return EventCoefficients(
        outcome=events.outcome,
        base=events.periods[place],
        periods=tuple(names[row] for row in kept),
        relative=relative[kept],
        estimate=move @ events.estimate,
        covariance=move @ events.covariance @ move.T,
        treated_mean=np.append(events.treated_mean, np.nan)[kept],
        n_pre=events.n_pre,
        df=events.df,
    )
