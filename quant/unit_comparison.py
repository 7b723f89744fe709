"""One unit (a municipality, a caseload, any group) beside all the others together, small cells hidden.

What a unit's goals are, and how far they are met, is `quant.goals`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from quant.answers import Answers
from quant.errors import AnswersError
from quant.samples import Stage
from quant.scores import ScoreLevel, group_of_persons, scores

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
    rows = [_compared(levels, "level", confidence)]
    if start != end:
        pairs = levels.pivot(index=["person", "unit", "respondent", "name"], columns="round", values="value")
        if wanted <= set(pairs.columns):
            pairs = pairs.dropna(subset=[start, end]).reset_index()
            pairs["value"] = np.round(pairs[end] - pairs[start], 10)
            rows.append(_compared(pairs.assign(round=end), "change", confidence))
    return _hide(pd.concat(rows, ignore_index=True).loc[:, list(COMPARISON_COLUMNS)], limit)


def unit_name(value: Any) -> str:
    """A unit as text: a number that stood as 101.0 is 101."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def hidden_cells(
    sizes: pd.Series[Any], small: pd.Series[bool], pooled_is_small: Callable[[Any], bool]
) -> list[Any]:
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
    sides = [_moments(first), _moments(second)]
    n, mean, variance = (np.array(values, dtype=float) for values in zip(*sides, strict=True))
    low, high = _welch(n, mean, variance, confidence)
    return float(low), float(high)


def _moments(values: Values) -> tuple[int, float, float]:
    """Number, mean and variance; nan where there are too few."""
    n = len(values)
    return n, float(values.mean()) if n else np.nan, float(values.var(ddof=1)) if n > 1 else np.nan


def _welch(n: Values, mean: Values, variance: Values, confidence: float) -> tuple[Values, Values]:
    """Intervals of first less second; all three hold the first side's values and then the second's."""
    from scipy.stats import t

    with np.errstate(divide="ignore", invalid="ignore"):
        parts = variance / n
        error = np.sqrt(parts.sum(axis=0))
        df = parts.sum(axis=0) ** 2 / (parts**2 / (n - 1)).sum(axis=0)
        half = np.where(error > 0, t.ppf(0.5 + confidence / 2, df) * error, error)
    return mean[0] - mean[1] - half, mean[0] - mean[1] + half


def _mean_interval(n: Values, mean: Values, variance: Values, confidence: float) -> tuple[Values, Values]:
    from scipy.stats import t

    with np.errstate(divide="ignore", invalid="ignore"):
        half = t.ppf(0.5 + confidence / 2, n - 1) * np.sqrt(variance / n)
    return mean - half, mean + half


def _compared(table: pd.DataFrame, measure: Measure, confidence: float) -> pd.DataFrame:
    """Rows of all units; quantiles are looked up for all of them at once, one by one takes seconds."""
    heads: list[tuple[Any, ...]] = []
    found: list[tuple[tuple[int, float, float], tuple[int, float, float]]] = []
    units = sorted(table["unit"].unique())
    for key, part in table.groupby(["round", "respondent", "name"], sort=False):
        number, respondent, name = cast(tuple[int, str, str], key)
        values, owner = part["value"].to_numpy(float), part["unit"].to_numpy()
        for unit in units:
            mine = owner == unit
            heads.append((measure, unit, respondent, name, int(number)))
            found.append((_moments(values[mine]), _moments(values[~mine])))
    moments = (
        np.array(found, dtype=float).reshape(-1, 2, 3).transpose(2, 1, 0)
    )  # (n, mean, variance), side, row
    rows = pd.DataFrame(heads, columns=list(COMPARISON_COLUMNS[:5]))
    for side, prefix in enumerate(("", "others_")):
        rows[f"{prefix}n"], rows[f"{prefix}mean"] = moments[0, side], moments[1, side]
        ends = _mean_interval(moments[0, side], moments[1, side], moments[2, side], confidence)
        rows[f"{prefix}ci_low"], rows[f"{prefix}ci_high"] = ends
    rows["difference_low"], rows["difference_high"] = _welch(moments[0], moments[1], moments[2], confidence)
    return rows.assign(hidden=False)


def _hide(table: pd.DataFrame, limit: int) -> pd.DataFrame:
    for _, part in table.groupby(["measure", "round", "respondent", "name"], sort=False):
        table.loc[few_persons(part, limit), "hidden"] = True
    for column in _NUMBERS:
        table[column] = table[column].astype(float).where(~table["hidden"])
    return table


def few_persons(part: pd.DataFrame, limit: int) -> list[Any]:
    """Which rows of one cell over all units are hidden by their number of persons.

    part : rows with `n` and `others_n`, one a unit.
    """
    sizes = part["n"]

    def few(cells: Any) -> bool:
        return bool(0 < sizes[cells].sum() < limit)

    small = sizes.between(1, limit - 1) | part["others_n"].between(1, limit - 1)
    return hidden_cells(sizes, small, few)
