"""One unit (a municipality, a caseload, any group) beside all the others together, small cells hidden.

What a unit's goals are, and how far they are met, is `quant.goals`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from quant.answers import Answers
from quant.errors import AnswersError
from quant.samples import Stage
from quant.scores import ScoreLevel, group_of_persons, mean_interval, scores

COMPARISON_COLUMNS = (
    "measure",
    "unit",
    "respondent",
    "name",
    "round",
    "n",
    "mean",
    "ci_low",
    "ci_high",
    "others_n",
    "others_mean",
    "others_ci_low",
    "others_ci_high",
    "difference_low",
    "difference_high",
    "hidden",
)
SMALL_CELL = 5
_NUMBERS = COMPARISON_COLUMNS[5:-1]
Measure = Literal["level", "change"]
Values = npt.NDArray[np.float64]


def compare_units(
    answers: Answers,
    by: str,
    *,
    level: ScoreLevel = "dimensions",
    stage: Stage | None = None,
    first: int | None = None,
    last: int | None = None,
    limit: int = SMALL_CELL,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Level in each round and change from first to last, of every unit and of all the others together.

    by : the background column that names the unit; persons without one belong to none and are left out.
    first, last : the rounds; the first and the last there are if None. With one round there is no change.
    limit : cells with fewer persons (1 to limit - 1) are hidden, and others with them (see `hidden_cells`); 1
        hides nothing.

    Items where a low answer is good are turned. A change is of persons with the score in both rounds.
    Returns frame with `COMPARISON_COLUMNS`, a row a measure ("level", "change"), unit, respondent and score.
    `round` of a change is the last one. `difference_low` and `difference_high` hold the interval of unit less
    others (Welch). A hidden row has no number at all, the others' neither: all less the others is the unit.
    Raises AnswersError if there is no such column or round.
    Source: docs/methods/goals.md
    """
    rounds = answers.rounds()
    start = rounds[0] if first is None else first
    end = rounds[-1] if last is None else last
    absent = sorted({start, end} - set(rounds))
    if absent:
        raise AnswersError(
            "there are no answers in round {round} (rounds with answers: {rounds})",
            reason="no_such_round",
            round=absent[0],
            rounds=", ".join(map(str, rounds)),
        )
    table = scores(answers, level, stage=stage)
    units = group_of_persons(answers, by)
    table = table.assign(unit=table["person"].map(units)).dropna(subset=["unit"])
    table["unit"] = table["unit"].map(unit_name)
    wanted = {start, end}
    levels = table[table["round"].isin(wanted)]
    rows = _compared(levels, "level", confidence)
    if start != end:
        pairs = levels.pivot(index=["person", "unit", "respondent", "name"], columns="round", values="value")
        if wanted <= set(pairs.columns):
            pairs = pairs.dropna(subset=[start, end]).reset_index()
            pairs["value"] = np.round(pairs[end] - pairs[start], 10)
            rows += _compared(pairs.assign(round=end), "change", confidence)
    return _hide(pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS)), limit)


def unit_name(value: Any) -> str:
    """A unit as text: a number that stood as 101.0 is 101."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def hidden_cells(
    sizes: pd.Series[Any], small: pd.Series[bool], pooled_is_small: Callable[[Any], bool]
) -> Any:
    """Which of the cells that sum to a total must be hidden so that no small one can be found by subtraction.

    sizes : (n_cells,) persons in each.   small : which of them are small themselves.
    pooled_is_small : whether the given cells (an index of `sizes`), taken together, would be a small cell.

    While one cell stands alone among the hidden, or those hidden are small when taken together, the next
    smallest is hidden with them. A cell without persons says nothing and is not counted as hidden.
    Returns the index of the hidden cells.
    """
    hidden = list(sizes.index[small])
    waiting = [key for key in sizes.sort_values(kind="stable").index if key not in hidden and sizes[key] > 0]
    while hidden and waiting and (len(hidden) == 1 or pooled_is_small(hidden)):
        hidden.append(waiting.pop(0))
    return hidden


def reading(low: float, high: float) -> Literal["higher", "lower", "same", "unknown"]:
    """What an interval of a difference says: it is wholly above 0, wholly below it, or holds it."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return "unknown"
    return "higher" if low > 0 else "lower" if high < 0 else "same"


def welch_interval(first: Values, second: Values, confidence: float = 0.95) -> tuple[float, float]:
    """Interval of mean(first) - mean(second) without assuming equal variances; nan where a side has under 2.

    Source: Welch (1947), Biometrika 34: 28-35.
    """
    from scipy.stats import t

    if min(len(first), len(second)) < 2:
        return np.nan, np.nan
    parts = [float(side.var(ddof=1)) / len(side) for side in (first, second)]
    error = float(np.sqrt(sum(parts)))
    difference = float(first.mean() - second.mean())
    if error == 0:
        return difference, difference
    df = sum(parts) ** 2 / sum(p**2 / (len(s) - 1) for p, s in zip(parts, (first, second), strict=True))
    half = float(t.ppf(0.5 + confidence / 2, df)) * error
    return difference - half, difference + half


def _compared(table: pd.DataFrame, measure: Measure, confidence: float) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    units = sorted(table["unit"].unique())
    for (number, respondent, name), part in table.groupby(["round", "respondent", "name"], sort=False):
        values, owner = part["value"].to_numpy(float), part["unit"].to_numpy()
        for unit in units:
            mine, rest = values[owner == unit], values[owner != unit]
            own, others = (mean_interval(side, level=confidence) for side in (mine, rest))
            numbers = [(s.n, s.mean, s.ci_low, s.ci_high) for s in (own, others)]
            head = (measure, unit, respondent, name, int(number))
            rows.append((*head, *numbers[0], *numbers[1], *welch_interval(mine, rest, confidence), False))
    return rows


def _hide(table: pd.DataFrame, limit: int) -> pd.DataFrame:
    for _, part in table.groupby(["measure", "round", "respondent", "name"], sort=False):
        small = part["n"].between(1, limit - 1) | part["others_n"].between(1, limit - 1)
        hidden = hidden_cells(part["n"], small, lambda cells, n=part["n"]: 0 < n[cells].sum() < limit)
        table.loc[hidden, "hidden"] = True
    for column in _NUMBERS:
        table[column] = table[column].astype(float).where(~table["hidden"])
    return table
