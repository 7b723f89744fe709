"""When each unit's treatment begins, and which panels carry no comparison: rules on one row of facts a unit.

The facts come from a frame (`quant.panel`) or from an engine that holds the rows (`quant.effect_tables`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quant.effect_results import period_name
from quant.errors import EffectError

NEVER = -1
# count: units that share the row; the others are places of periods (0 = first), NEVER where there is none.
UNIT_FACTS = (
    "count", "example", "rows", "periods", "first", "last", "treated_rows", "first_treated", "last_untreated",
    "start", "start_last", "clusters",
)  # fmt: skip


@dataclass(frozen=True)
class Treatment:
    """How treatment is written down: column names for the messages, places of periods for the rules.

    start_column : column of each unit's first treated period, or None; start : place of the common start, or
    None; base : place of the last period before treatment where only that is known, or None.
    """

    treated: str
    time: str
    start_column: str | None = None
    start: int | None = None
    base: int | None = None


def find_starts(facts: pd.DataFrame, periods: list[Any], treatment: Treatment) -> np.ndarray:
    """Place of each unit's first treated period, NEVER for units without treatment; (len(facts),).

    facts : columns UNIT_FACTS, one row a unit or one row for all units that are alike.
    Raises EffectError where treatment and start contradict each other, or admit no comparison.
    """
    periods = [period_name(period) for period in periods]  # they serve the messages alone
    if treatment.start_column is not None:
        starts = _from_column(facts, periods, treatment)
    elif treatment.start is not None:
        starts = _from_value(facts, periods, treatment, treatment.start)
    else:
        starts = _from_rows(facts, periods, treatment)
    _check_comparison(facts, periods, starts, treatment)
    return starts


def _changes(facts: pd.DataFrame) -> np.ndarray:
    """Whether a unit is treated in some of its rows and not in others."""
    changes: np.ndarray = ((facts["treated_rows"] > 0) & (facts["treated_rows"] < facts["rows"])).to_numpy()
    return changes


def _from_value(facts: pd.DataFrame, periods: list[Any], treatment: Treatment, start: int) -> np.ndarray:
    ever = (facts["treated_rows"] > 0).to_numpy()
    if _changes(facts).any():  # the column says "treated now", so each row has to agree with the start
        early = ever & (facts["first_treated"] < start).to_numpy()
        if early.any():
            raise EffectError(
                "treatment starts in {start}, but '{treated}' is 1 before that in {found} unit(s), "
                "such as {example} in {period}; correct the column or the start",
                reason="effect_treated_before_start",
                start=periods[start],
                treated=treatment.treated,
                found=_number(facts, early),
                example=_example(facts, early),
                period=periods[int(facts.loc[early, "first_treated"].iloc[0])],
            )
        idle = ever & (facts["last_untreated"] >= start).to_numpy()
        if idle.any():
            raise EffectError(
                "treatment starts in {start}, but '{treated}' is 0 after that in {found} treated unit(s), "
                "such as {example} in {period}; leave `start` out if units start at different times",
                reason="effect_untreated_after_start",
                start=periods[start],
                treated=treatment.treated,
                found=_number(facts, idle),
                example=_example(facts, idle),
                period=periods[int(facts.loc[idle, "last_untreated"].iloc[0])],
            )
    return np.where(ever, start, NEVER)


def _from_rows(facts: pd.DataFrame, periods: list[Any], treatment: Treatment) -> np.ndarray:
    changes, ever = _changes(facts), (facts["treated_rows"] > 0).to_numpy()
    if not changes.any():
        if treatment.base is not None:
            return np.where(ever, treatment.base + 1, NEVER)
        raise EffectError(
            "'{treated}' never changes within a unit, so it cannot say when treatment starts; give `start`, "
            "a value of '{time}' or a column with each unit's first treated period",
            reason="effect_no_start",
            treated=treatment.treated,
            time=treatment.time,
        )
    first = facts["first_treated"].to_numpy(int)
    ended = changes & (facts["last_untreated"].to_numpy(int) > first)
    if ended.any():
        raise EffectError(
            "treatment may not end: '{treated}' goes from 1 back to 0 in {found} unit(s), such as {example}; "
            "end the panel there, or mark a unit as treated from its first treated period on",
            reason="effect_treatment_ends",
            treated=treatment.treated,
            found=_number(facts, ended),
            example=_example(facts, ended),
        )
    # Who was not seen right before may have started earlier: with all others, where that is one period.
    last = facts["last_untreated"].to_numpy(int)
    seen = changes & (last == first - 1)
    common = np.unique(first[seen])
    if len(common) == 1 and (first[ever] >= common[0]).all() and (last[ever] < common[0]).all():
        return np.where(ever, common[0], NEVER)
    begun = ever & ~changes
    if begun.any():
        raise EffectError(
            "{found} unit(s), such as {example}, are treated in every row they have, so nothing says when "
            "their treatment started; give `start`, or leave them out",
            reason="effect_enters_treated",
            found=_number(facts, begun),
            example=_example(facts, begun),
        )
    return np.where(ever, first, NEVER)


def _from_column(facts: pd.DataFrame, periods: list[Any], treatment: Treatment) -> np.ndarray:
    starts = facts["start"].to_numpy(int)
    moved = starts != facts["start_last"].to_numpy(int)
    if moved.any():
        raise EffectError(
            "'{column}' changes within {found} unit(s), such as {example}; "
            "a unit has one first treated period",
            reason="effect_start_changes",
            column=treatment.start_column,
            found=_number(facts, moved),
            example=_example(facts, moved),
        )
    later = starts >= len(periods)  # treated after the panel: not treated in it
    starts = np.where(later, NEVER, starts)
    first, last = facts["first_treated"].to_numpy(int), facts["last_untreated"].to_numpy(int)
    rows, treated = facts["rows"].to_numpy(int), facts["treated_rows"].to_numpy(int)
    group = np.where(starts == NEVER, (treated == 0) | later, treated == rows)
    now = np.where(starts == NEVER, treated == 0, ((treated == 0) | (first >= starts)) & (last < starts))
    wrong = ~group if group.sum() >= now.sum() else ~now
    if wrong.any():
        raise EffectError(
            "'{treated}' and '{column}' contradict each other in {found} unit(s), such as {example}; "
            "'{treated}' is 1 in all rows of a treated unit, or from its start on, and 0 elsewhere",
            reason="effect_start_contradicts",
            treated=treatment.treated,
            column=treatment.start_column,
            found=_number(facts, wrong),
            example=_example(facts, wrong),
        )
    return starts


def _check_comparison(
    facts: pd.DataFrame, periods: list[Any], starts: np.ndarray, treatment: Treatment
) -> None:
    treated = starts != NEVER
    if not treated.any():
        raise EffectError(
            "no unit is treated in the panel: '{treated}' is 1 for none of {units} units; look at the column",
            reason="effect_no_treated",
            treated=treatment.treated,
            units=int(facts["count"].sum()),
        )
    if treated.all() and len(np.unique(starts)) == 1:
        raise EffectError(
            "there is no control group: all {units} units are treated from the same period; "
            "add units that are never treated",
            reason="effect_no_control",
            units=int(facts["count"].sum()),
        )
    at_once = starts == 0
    if at_once.any():
        raise EffectError(
            "{found} unit(s), such as {example}, are treated from the first period ({period}) on, "
            "so nothing shows how they were before; start the panel earlier, or leave them out",
            reason="effect_no_period_before",
            found=_number(facts, at_once),
            example=_example(facts, at_once),
            period=periods[0],
        )
    if not (treated & (facts["first"].to_numpy(int) < starts)).any():
        raise EffectError(
            "no treated unit has a row before its treatment starts; add earlier rows"
            " ('{treated}' may mark the treated group in all periods, beside `start`)",
            reason="effect_no_rows_before",
            treated=treatment.treated,
        )
    if not (treated & (facts["last"].to_numpy(int) >= starts)).any():
        raise EffectError(
            "no treated unit has a row after its treatment starts; the last period is {period}",
            reason="effect_no_rows_after",
            period=periods[-1],
        )


def _number(facts: pd.DataFrame, chosen: np.ndarray) -> int:
    return int(facts.loc[chosen, "count"].sum())


def _example(facts: pd.DataFrame, chosen: np.ndarray) -> Any:
    return facts.loc[chosen, "example"].iloc[0]
