"""Goals and their fulfilment by quarter: shares of persons, by declared rules on register records.

Reading goals from a file is `quant.goal_files`; outcomes of regressions are `quant.outcomes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from quant.errors import OutcomesError
from quant.exact import newcombe, wilson
from quant.instrument import Label
from quant.unit_comparison import SMALL_CELL, few_persons, hidden_cells, unit_name

PeriodKind = Literal["week", "month"]
REGISTER_COLUMNS = ("person", "period", "quarter", "status")
FULFILMENT_COLUMNS = ("person", "goal", "quarter", "recorded", "counted", "fulfilled")
SHARE_COLUMNS = (
    "goal",
    "unit",
    "quarter",
    "n",
    "k",
    "share",
    "ci_low",
    "ci_high",
    "others_n",
    "others_k",
    "others_share",
    "difference_low",
    "difference_high",
    "target",
    "hidden",
)
_HIDDEN = ("k", "share", "ci_low", "ci_high", "others_k", "others_share", "difference_low", "difference_high")
_WEEK = re.compile(r"^(\d{4})\s*-?\s*[WwUu](\d{1,2})$")
_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})$")
_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")
_QUARTER = re.compile(r"^\s*(\d{4})\s*[-.]?\s*[QqKk]([1-4])\s*$")


@dataclass(frozen=True)
class Goal:
    """What shall be reached, and the rule by which a person counts as having reached it in a quarter.

    statuses : register codes that fulfil the rule.
    at_least : periods in the quarter with such a code, out of `of` (13 weeks or 3 months).
    recorded : periods with any record that a person must have to stand in the denominator; `of` if None.
        It does not look at the codes, so who counts does not depend on who succeeds.
    target : share (0-1) to be reached by all units, or None; targets : by unit, where they differ.
    """

    id: str
    label: Label
    statuses: tuple[str, ...]
    at_least: int
    period: PeriodKind = "week"
    of: int = 13
    recorded: int | None = None
    target: float | None = None
    targets: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        least = self.least_recorded
        if not self.statuses:
            raise _wrong(self.id, "statuses", "none", "one register code or more")
        if not 1 <= self.at_least <= self.of:
            raise _wrong(self.id, "at_least", self.at_least, f"1 to {self.of}")
        if not 1 <= least <= self.of:
            raise _wrong(self.id, "recorded", least, f"1 to {self.of}")
        for value in (self.target, *self.targets.values()):
            if value is not None and not 0 <= value <= 1:
                raise _wrong(self.id, "target", value, "a share from 0 to 1")

    @property
    def least_recorded(self) -> int:
        """Periods with a record that a person must have to count."""
        return self.of if self.recorded is None else self.recorded

    def target_of(self, unit: str) -> float | None:
        """The target of a unit: its own, else the common one, else None."""
        return self.targets.get(unit, self.target)


def register_periods(
    frame: pd.DataFrame, *, person: str, period: str, status: str
) -> tuple[pd.DataFrame, PeriodKind]:
    """Register records in one form: (n_records, 4) frame with `REGISTER_COLUMNS`, and what the periods are.

    person, period, status : the columns. A period is a week (`2019-W14`, `2019u14`), a day (its week) or a
        month (`2019-04`); one file holds weeks or months. Several statuses in one period are several rows.

    A week belongs to the quarter of its Thursday (ISO 8601). Rows without person or status are left out.
    Raises OutcomesError that names the row and what is expected.
    """
    absent = [name for name in (person, period, status) if name not in frame.columns]
    if absent:
        raise OutcomesError(
            "the register has no column {column!r} (columns: {columns}); name person, period and status",
            reason="register_lacks_column",
            column=absent[0],
            columns=", ".join(map(str, frame.columns)),
        )
    given = frame.loc[:, [person, period, status]].set_axis(["person", "period", "status"], axis=1)
    text = given.astype("string").apply(lambda column: column.str.strip()).fillna("")
    kept = text[(text["person"] != "") & (text["status"] != "")]
    if kept.empty:
        raise OutcomesError("the register has no record with person and status", reason="register_empty")
    read = {value: _read_period(value) for value in kept["period"].unique()}
    kinds = {found[0] for found in read.values() if found is not None}
    for row, value in kept["period"].items():
        if read[value] is None or len(kinds) > 1:
            raise OutcomesError(
                "row {row}: the period {value!r} is not read; write all as weeks (2019-W14) or all as months "
                "(2019-04)",
                reason="register_period",
                row=int(row) + 2,
                value=value,
            )
    places = {value: found[1:] for value, found in read.items() if found is not None}
    records = pd.DataFrame(
        {
            "person": kept["person"].map(_plain_number),
            "period": kept["period"].map(lambda value: places[value][0]),
            "quarter": kept["period"].map(lambda value: places[value][1]),
            "status": kept["status"].map(_plain_number),
        }
    )
    return records.drop_duplicates(ignore_index=True), kinds.pop()


def fulfilment(records: pd.DataFrame, goals: Sequence[Goal], kind: PeriodKind) -> pd.DataFrame:
    """Whether each person fulfilled each goal in each quarter.

    records : from `register_periods`, with the `kind` of its periods.

    Returns frame with `FULFILMENT_COLUMNS`: `recorded` periods with a record, `counted` whether they suffice
    for the denominator, `fulfilled` whether the rule holds (False where it is not counted).
    Raises OutcomesError if a goal counts other periods than the register has, or a code that it never holds.
    """
    seen = records.drop_duplicates(["person", "period"]).groupby(["person", "quarter"]).size()
    parts = []
    for goal in goals:
        if goal.period != kind:
            raise _wrong(goal.id, "period", goal.period, kind)
        unknown = sorted(set(goal.statuses) - set(records["status"]))
        if len(unknown) == len(goal.statuses):
            raise OutcomesError(
                "goal {goal!r}: the register never holds {statuses} (it holds: {known})",
                reason="goal_unknown_status",
                goal=goal.id,
                statuses=", ".join(unknown),
                known=", ".join(sorted(set(records["status"]))[:20]),
            )
        hits = records[records["status"].isin(goal.statuses)].drop_duplicates(["person", "period"])
        met = hits.groupby(["person", "quarter"]).size().reindex(seen.index, fill_value=0)
        part = seen.rename("recorded").reset_index().assign(goal=goal.id)
        part["counted"] = (seen >= goal.least_recorded).to_numpy()
        part["fulfilled"] = ((met >= goal.at_least) & (seen >= goal.least_recorded)).to_numpy()
        parts.append(part)
    if not parts:
        return pd.DataFrame(columns=list(FULFILMENT_COLUMNS))
    return pd.concat(parts, ignore_index=True).loc[:, list(FULFILMENT_COLUMNS)]


def goal_shares(
    met: pd.DataFrame, units: pd.Series[Any], goals: Sequence[Goal], *, limit: int = SMALL_CELL
) -> pd.DataFrame:
    """Share that fulfils each goal by unit and quarter, beside all the other units together.

    met : from `fulfilment`.   units : unit of each person (index person); persons without one are left out.
    limit : where 1 to limit - 1 persons are counted, fulfil the goal or do not, k and shares are hidden, for
        unit and others, and other units too while the hidden could be found by subtraction (`hidden_cells`).

    Returns frame with `SHARE_COLUMNS`; intervals are Wilson's, of the difference Newcombe's.
    """
    names = units.dropna().map(unit_name).set_axis(units.dropna().index.map(unit_name))
    table = met[met["counted"]].assign(unit=met["person"].map(names)).dropna(subset=["unit"])
    rows: list[tuple[Any, ...]] = []
    for goal in goals:
        mine = table[table["goal"] == goal.id]
        for quarter, part in mine.groupby("quarter"):
            counts = part.groupby("unit")["fulfilled"].agg(["size", "sum"]).astype(int)
            all_n, all_k = int(counts["size"].sum()), int(counts["sum"].sum())
            for unit, n, k in counts.itertuples():
                others_n, others_k = all_n - n, all_k - k
                rows.append(
                    (
                        goal.id,
                        unit,
                        quarter,
                        n,
                        k,
                        k / n,
                        *wilson(k, n),
                        others_n,
                        others_k,
                        others_k / others_n if others_n else np.nan,
                        *newcombe(k, n, others_k, others_n),
                        goal.target_of(str(unit)),
                        False,
                    )
                )
    return _hide(pd.DataFrame(rows, columns=list(SHARE_COLUMNS)), limit)


def read_quarter(text: str) -> str:
    """A quarter as `2019Q2`; `2019K2` and `2019-q2` are read too. Raises OutcomesError."""
    found = _QUARTER.match(text)
    if found is None:
        raise OutcomesError("{value!r} is no quarter; write it as 2019Q2", reason="no_quarter", value=text)
    return f"{found[1]}Q{found[2]}"


def _hide(table: pd.DataFrame, limit: int) -> pd.DataFrame:
    gone: list[Any] = []
    for _, part in table.groupby(["goal", "quarter"], sort=False):
        table.loc[_few_on_a_side(part, limit), "hidden"] = True
        # The number counted is hidden only where it is small itself, or would give such a one away.
        gone += few_persons(part, limit)
    for column in _HIDDEN:
        table[column] = table[column].astype(float).where(~table["hidden"])
    table[["n", "others_n"]] = table[["n", "others_n"]].astype(float)
    table.loc[gone, ["n", "others_n"]] = np.nan
    return table


def _few_on_a_side(part: pd.DataFrame, limit: int) -> list[Any]:
    def few(n: Any, k: Any) -> bool:
        return any(0 < count < limit for count in (n, k, n - k))

    def pooled(cells: Any) -> bool:
        return few(part.loc[cells, "n"].sum(), part.loc[cells, "k"].sum())

    small = [
        few(n, k) or few(others_n, others_k)
        for n, k, others_n, others_k in part[["n", "k", "others_n", "others_k"]].itertuples(index=False)
    ]
    return hidden_cells(part["n"], pd.Series(small, index=part.index, dtype=bool), pooled)


def _read_period(value: str) -> tuple[PeriodKind, str, str] | None:
    if found := _WEEK.match(value):
        return _week(int(found[1]), int(found[2]))
    if found := _MONTH.match(value):
        month = int(found[2])
        return (
            ("month", f"{found[1]}-{month:02d}", _quarter(int(found[1]), month)) if 1 <= month <= 12 else None
        )
    if _DAY.match(value):
        day = pd.to_datetime(value, errors="coerce")
        return None if pd.isna(day) else _week(*day.isocalendar()[:2])
    return None


def _week(year: int, week: int) -> tuple[PeriodKind, str, str] | None:
    from datetime import date

    try:
        thursday = date.fromisocalendar(year, week, 4)
    except ValueError:
        return None
    return "week", f"{year}-W{week:02d}", _quarter(thursday.year, thursday.month)


def _quarter(year: int, month: int) -> str:
    return f"{year}Q{(month + 2) // 3}"


def _plain_number(value: str) -> str:
    return value.removesuffix(".0") if value.removesuffix(".0").isdigit() else value


def _wrong(goal: str, field_name: str, found: object, expected: str) -> OutcomesError:
    return OutcomesError(
        "goal {goal!r}: {field} is {found}; expected {expected}",
        reason="goal_wrong_value",
        goal=goal,
        field=field_name,
        found=found,
        expected=expected,
    )
