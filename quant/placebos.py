"""Effects where there can be none: pretended starts, and outcomes that the treatment cannot change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from quant.did import did
from quant.effect_fit import Effect, FixedEffects
from quant.effect_model import common_start, effect_source, estimate
from quant.effect_request import EffectVcov, effect_request
from quant.effect_results import EffectResult, json_value, period_name
from quant.effect_solver import Cells
from quant.errors import EffectError
from quant.multiplicity import benjamini_hochberg
from quant.notes import Note
from quant.panel_refusals import find_period
from quant.regression import Dof

PLACEBO_DATE_COLUMNS = (
    "start", "periods_before", "periods_after", "estimate", "std_error", "p_value", "q_value", "ci_low",
    "ci_high", "treated_mean", "percent_of_mean",
)  # fmt: skip
PLACEBO_OUTCOME_COLUMNS = (
    "outcome", "estimate", "std_error", "p_value", "q_value", "ci_low", "ci_high", "treated_mean",
    "percent_of_mean", "n",
)  # fmt: skip
ALPHA = 0.05
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Placebos:
    """Effects that should be zero.

    table : one row a pretended start (PLACEBO_DATE_COLUMNS) or outcome (PLACEBO_OUTCOME_COLUMNS): the
        estimate in units of its outcome, and in percent of the mean outcome of the treated; q_value after
        Benjamini and Hochberg over all rows.
    results : what each row was read from.
    """

    kind: Literal["dates", "outcomes"]
    table: pd.DataFrame
    results: tuple[EffectResult, ...]
    notes: tuple[Note, ...] = ()

    @property
    def found(self) -> int:
        """Number of placebos whose p-value is below .05; one in twenty is expected to be."""
        return int((self.table["p_value"] < ALPHA).sum())


@dataclass(frozen=True)
class _PeriodsBefore:
    """The part of a panel before the start; see `quant.effect_model.EffectSource`."""

    periods: list[Any]
    start: Any
    notes: tuple[Note, ...]
    before: Cells

    def cells(self, kept: Sequence[int]) -> Cells:
        """The cells of the periods before the start, whatever is asked for."""
        return self.before


def placebo_dates(
    panel: Any,
    starts: Sequence[Any] | None = None,
    *,
    outcome: str,
    unit: str | None,
    time: str,
    treated: str,
    start: Any = None,
    base: Any = None,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    absorb: Sequence[str] = (),
    fixed_effects: FixedEffects = "unit",
    vcov: EffectVcov | None = None,
    dof: Dof = "xtreg",
    weights: str | None = None,
    on_step: Step | None = None,
) -> Placebos:
    """The effect of starts that never were, from the periods before the real one only.

    starts : periods that pretend to be the first treated one; None for every period before the start but
        the first. All periods from it up to the real start are its "after".
    base : last period before the real start, where nothing else says when treatment starts.
    The other options are those of `quant.did`.

    Raises EffectError as `did`, if fewer than two periods lie before the start, or if a pretended start is
    the first period or not before the real one.
    Source: docs/methods/subgroups_and_placebos.md
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
    places = _pretended(starts, periods, begun, time)
    early = _PeriodsBefore(periods, source.start, source.notes, source.cells(range(begun)))
    results = []
    for done, place in enumerate(places, start=1):
        results.append(
            estimate(
                "did",
                early,
                request,
                [Effect("placebo", tuple(range(place, begun)), periods[place], "pooled")],
                kept=range(begun),
                base=periods[:place],
                further_settings={"placebo_start": json_value(periods[place])},
            )
        )
        if on_step is not None:
            on_step(done, len(places))
    table = _table(results)
    table["start"] = pd.Series([periods[place] for place in places], dtype=object)
    table["periods_before"] = places
    table["periods_after"] = [begun - place for place in places]
    return Placebos("dates", table.loc[:, list(PLACEBO_DATE_COLUMNS)], tuple(results), _notes(table))


def placebo_outcomes(
    panel: Any,
    outcomes: Sequence[str],
    *,
    unit: str | None,
    time: str,
    treated: str,
    start: Any = None,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    absorb: Sequence[str] = (),
    base: Sequence[Any] | None = None,
    fixed_effects: FixedEffects = "unit",
    vcov: EffectVcov | None = None,
    dof: Dof = "xtreg",
    weights: str | None = None,
    on_step: Step | None = None,
) -> Placebos:
    """The effect on outcomes that the treatment cannot change.

    outcomes : columns, one or more. The other options are those of `quant.did`.

    Raises EffectError as `did`, and if no outcome is named.
    Source: docs/methods/subgroups_and_placebos.md
    """
    if not outcomes or isinstance(outcomes, str):
        raise EffectError(
            "placebo outcomes are a list of one or more columns; found {found}",
            reason="placebo_no_outcomes",
            found=repr(outcomes),
        )
    results = []
    for done, outcome in enumerate(outcomes, start=1):
        results.append(
            did(
                panel,
                outcome=outcome,
                unit=unit,
                time=time,
                treated=treated,
                start=start,
                cluster=cluster,
                covariates=covariates,
                absorb=absorb,
                base=base,
                fixed_effects=fixed_effects,
                vcov=vcov,
                dof=dof,
                weights=weights,
                gaps="keep",
            )
        )
        if on_step is not None:
            on_step(done, len(outcomes))
    table = _table(results).assign(outcome=list(outcomes), n=[result.n for result in results])
    return Placebos("outcomes", table.loc[:, list(PLACEBO_OUTCOME_COLUMNS)], tuple(results), _notes(table))


def _pretended(starts: Sequence[Any] | None, periods: list[Any], begun: int, time: str) -> list[int]:
    """Places of the pretended starts, in order."""
    if begun < 2:
        raise EffectError(
            "a pretended start needs two or more periods before the real one ({start}); found {found} (start "
            "the panel earlier)",
            reason="placebo_too_few_periods",
            start=period_name(periods[begun]),
            found=begun,
        )
    if starts is None:
        return list(range(1, begun))
    given = [starts] if isinstance(starts, str) or not isinstance(starts, Sequence) else list(starts)
    places = sorted({find_period(one, periods, time=time, role="start") for one in given})
    wrong = [place for place in places if not 0 < place < begun]
    if wrong or not places:
        raise EffectError(
            "a pretended start lies after the first period ({first}) and before the real start ({start}); "
            "found {found}",
            reason="placebo_start_outside",
            first=period_name(periods[0]),
            start=period_name(periods[begun]),
            found=", ".join(period_name(periods[place]) for place in wrong) or "-",
        )
    return places


def _table(results: Sequence[EffectResult]) -> pd.DataFrame:
    table = pd.concat([result.table for result in results], ignore_index=True)
    table["q_value"] = benjamini_hochberg(table["p_value"])
    return table


def _notes(table: pd.DataFrame) -> tuple[Note, ...]:
    found = int((table["p_value"] < ALPHA).sum())
    lasting = int((table["q_value"] < ALPHA).sum())
    if not found:
        return (
            Note(
                "none of {n} placebos differs from zero; the largest is {largest}",
                reason="placebo_none",
                n=len(table),
                largest=float(f"{np.abs(table['estimate']).max():.2g}"),
            ),
        )
    return (
        Note(
            "{found} of {n} placebos differ from zero at 5 % ({lasting} after correction for their number): "
            "something else than the treatment moves the groups apart, or chance",
            reason="placebo_found",
            found=found,
            n=len(table),
            lasting=lasting,
        ),
    )
