"""Outcomes from register records: what happened to each person in a window of weeks or months.

Records are one row a person and period; the rules are data (a .toml or .json file) and are kept with what
they made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from quant.errors import OutcomesError
from quant.outcome_rules import OutcomeRule, OutcomeRules, code_text, outcome_rules
from quant.periods import Unit, parse_periods, quarters

VALUE_COLUMNS = ("subject", "key", "period", "outcome", "value", "n")
EXCLUDED_COLUMNS = ("key", "period", "outcome", "reason", "n")


@dataclass(frozen=True)
class Outcomes:
    """What the rules made.

    frame : subject, key, period ("" or "2019Q2"), outcome, value, n (periods with a record).
    excluded : key, period, outcome, reason ("no_measurement", "no_record", "missing_periods"), n.
    findings : `(kind, count)` of records that could not be used.
    """

    frame: pd.DataFrame
    excluded: pd.DataFrame
    findings: tuple[tuple[str, int], ...]
    rules: OutcomeRules

    def summary(self) -> pd.DataFrame:
        """A row an outcome: outcome, n, mean, smallest, largest, excluded (by reason, as a dict)."""
        rows = []
        for rule in self.rules.outcomes:
            values = self.frame.loc[self.frame["outcome"] == rule.id, "value"]
            out = self.excluded[self.excluded["outcome"] == rule.id]["reason"].value_counts()
            reasons = {str(k): int(v) for k, v in out.items()}
            rows.append((rule.id, len(values), values.mean(), values.min(), values.max(), reasons))
        return pd.DataFrame(rows, columns=["outcome", "n", "mean", "smallest", "largest", "excluded"])


def build(
    records: pd.DataFrame,
    rules: OutcomeRules | OutcomeRule | Mapping[str, Any],
    *,
    measured: Mapping[str, date] | pd.Series | None = None,
) -> Outcomes:
    """Make the outcomes of all persons in `records` (or in `measured`) by the rules.

    records : long (a row a person and period) or wide (a row a person, a column a period, such as 2019-03,
        2019M3, 2019W14, or a date).
    measured : date of measurement by person; needed by windows of the kind "measurement". Persons in it
        without a record are counted as excluded, persons with records but without a date too.

    Two records of one person and period: the last counts, and they are counted among the findings.
    Raises OutcomesError if columns are missing or nothing can be read as a period.
    Source: docs/methods/outcomes.md
    """
    if isinstance(rules, OutcomeRule):
        rules = OutcomeRules((rules,))
    elif not isinstance(rules, OutcomeRules):
        rules = outcome_rules(rules if "outcomes" in rules else {"outcomes": [rules]})
    long, findings = _long(records, rules)
    dates = pd.Series(dict(measured) if measured is not None else {}, dtype=object)
    dates.index = dates.index.map(str)
    anchors = parse_periods(pd.to_datetime(dates, errors="coerce"), rules.unit)
    if measured is None and any(rule.window == "measurement" for rule in rules.outcomes):
        raise OutcomesError(
            "a window after the measurement needs dates of measurement; import answers first or use the "
            "window 'quarter' or 'all'",
            reason="outcome_no_dates",
        )
    parts = [_of_rule(long, rule, rules, anchors) for rule in rules.outcomes]
    return Outcomes(
        _stacked([made for made, _ in parts], VALUE_COLUMNS),
        _stacked([excluded for _, excluded in parts], EXCLUDED_COLUMNS),
        tuple(findings.items()),
        rules,
    )


@dataclass(frozen=True)
class _Windows:
    """Windows of a rule, and which of them each record lies in.

    keys, periods : of each window.   lengths : periods in it, 0 where a person has no date of measurement.
    of_record : (n_records,) number of the window, -1 for none.
    """

    keys: npt.NDArray[np.object_]
    periods: npt.NDArray[np.object_]
    lengths: npt.NDArray[np.int64]
    of_record: npt.NDArray[np.int64]


def _of_rule(
    long: pd.DataFrame, rule: OutcomeRule, rules: OutcomeRules, anchors: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The values of a rule and the windows it leaves out, in the order of the windows."""
    values = _values(long, rule)
    windows = _windows(long, rule, rules.unit, anchors)
    counts = values.notna().to_numpy() & (windows.of_record >= 0)
    # bincount adds in the order of the rows: by place within a window, as a sum by hand does
    order = np.flatnonzero(counts)[np.argsort(long["place"].to_numpy()[counts], kind="stable")]
    inside, numbers, size = windows.of_record[order], values.to_numpy()[order], len(windows.keys)
    n = np.bincount(inside, minlength=size)
    total = np.bincount(inside, weights=numbers, minlength=size)
    above = np.bincount(inside, weights=numbers > 0, minlength=size)
    reasons = _reasons(rule, n, windows.lengths)
    kept, out = reasons == "", reasons != ""
    over = windows.lengths if rule.missing == "zero" else n
    made = pd.DataFrame(
        {
            "subject": rules.subject,
            "key": windows.keys[kept],
            "period": windows.periods[kept],
            "outcome": rule.id,
            "value": _statistic(rule, total[kept], above[kept], over[kept]),
            "n": n[kept],
        }
    )
    excluded = pd.DataFrame(
        {
            "key": windows.keys[out],
            "period": windows.periods[out],
            "outcome": rule.id,
            "reason": reasons[out],
            "n": np.where(reasons == "missing_periods", n, 0)[out],
        }
    )
    return made, excluded


def _reasons(
    rule: OutcomeRule, n: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    """Why a window has no value; "" where it has one."""
    reasons = np.full(len(n), "", dtype=object)
    if rule.missing != "zero":
        short = n < (lengths if rule.missing == "exclude" else rule.min_periods)
        reasons[short] = "missing_periods"
        reasons[n == 0] = "no_record"
    reasons[lengths == 0] = "no_measurement"
    return reasons


def _statistic(
    rule: OutcomeRule,
    total: npt.NDArray[np.float64],
    above: npt.NDArray[np.float64],
    over: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    if rule.statistic in ("any", "at_least"):
        least = 1 if rule.statistic == "any" else rule.at_least
        return (above >= least).astype(float)
    return total if rule.statistic == "sum" else total / over


def _windows(long: pd.DataFrame, rule: OutcomeRule, unit: Unit, anchors: pd.Series) -> _Windows:
    """The windows of a rule: of each person after the measurement, or of each quarter and person."""
    codes, known = pd.factorize(long["key"])
    places = long["place"].to_numpy()
    if rule.window == "measurement":
        keys = np.array(list(dict.fromkeys([*known, *anchors.index])), dtype=object)
        first = pd.Series(keys).map(anchors).to_numpy(dtype=float) + rule.start
        after = places - first[codes]
        within = (after >= 0) & (after < rule.length)
        lengths = np.where(np.isnan(first), 0, rule.length)
        return _Windows(keys, np.full(len(keys), "", dtype=object), lengths, np.where(within, codes, -1))
    names, ranges = [""], [range(0)]
    if len(places):
        low, high = int(places.min()), int(places.max())
        ranges = [range(low, high + 1)]
        if rule.window == "quarter":
            names, ranges = (list(each) for each in zip(*quarters(low, high, unit), strict=True))
    starts = np.array([each.start for each in ranges])
    number = np.searchsorted(starts, places, side="right") - 1
    return _Windows(
        np.tile(np.asarray(known, dtype=object), len(names)),
        np.repeat(np.array(names, dtype=object), len(known)),
        np.repeat(np.array([len(each) for each in ranges]), len(known)),
        number * len(known) + codes,
    )


def _values(long: pd.DataFrame, rule: OutcomeRule) -> pd.Series:
    """What each record counts under a rule; NaN where its cell is empty."""
    columns = [name for name in long.columns if name not in ("key", "place")]
    column = rule.column or (columns[0] if len(columns) == 1 else None)
    if column is None or column not in columns:
        raise OutcomesError(
            "outcome '{id}' needs the column '{column}'; the records have: {known}",
            reason="outcome_no_value_column",
            id=rule.id,
            column=rule.column or "",
            known=", ".join(columns),
        )
    if rule.codes:
        wanted = {str(code) for code in rule.codes}
        return _read_once(long[column], lambda cell: float(code_text(cell) in wanted)).astype(float)
    numbers = _numbers(long[column])
    bad = long.loc[numbers.isna() & long[column].notna(), column]
    if len(bad):
        raise OutcomesError(
            "outcome '{id}': '{value}' in column '{column}' is no number; name the status codes "
            "that count under `codes`",
            reason="outcome_value_not_numeric",
            id=rule.id,
            value=str(bad.iloc[0]),
            column=column,
        )
    return numbers


def _numbers(cells: pd.Series) -> pd.Series:
    """Cells as numbers, with decimal point or comma; NaN where there is none."""
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        return cells.astype(float)
    texts = cells.map(str, na_action="ignore").astype(object)
    codes, different = pd.factorize(texts)
    points = pd.Series(different, dtype=object).map(lambda text: text.replace(",", "."))
    numbers = np.append(pd.to_numeric(points, errors="coerce").to_numpy(dtype=float), np.nan)
    return pd.Series(numbers[codes], index=cells.index)


def _read_once(cells: pd.Series, read: Callable[[Any], Any]) -> pd.Series:
    """`read` of every cell that is not missing; cells that are alike are read once."""
    if pd.api.types.infer_dtype(cells).startswith("mixed"):  # True would be taken for 1
        return cells.map(read, na_action="ignore")
    codes, different = pd.factorize(cells)
    texts = np.array([*map(read, different), None], dtype=object)
    return pd.Series(texts[codes], index=cells.index)


def _stacked(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Parts below each other; without any row the columns have no type."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame([], columns=list(columns))
    return pd.concat(filled, ignore_index=True)[list(columns)]


def _long(records: pd.DataFrame, rules: OutcomeRules) -> tuple[pd.DataFrame, dict[str, int]]:
    """Records as key, place (running number of the period) and value columns; and what could not be used."""
    key = _column(
        records, rules.key, ("key", "person", "id", "borger", "person_id", "unit", "kommune"), "key"
    )
    usual = ("period", "week", "month", "date", "periode", "uge", "måned", "maaned", "dato")
    period = _column(records, rules.period, usual, "period", needed=False)
    if period is None:
        wide = [name for name in records.columns if name != key]
        places = parse_periods(pd.Series([str(name) for name in wide], index=wide), rules.unit)
        if places.isna().all():
            raise OutcomesError(
                "no column holds the period and no heading is one; name it as `period`, or write headings as "
                "2019-03, 2019W14 or 2019-03-25",
                reason="outcome_no_period_column",
            )
        records = records.melt(
            id_vars=[key], value_vars=[n for n in wide if pd.notna(places[n])], var_name="period"
        )
        period = "period"
    long = records.rename(columns={key: "key", period: "_period"}).copy()
    places = parse_periods(long["_period"], rules.unit)
    without = long["key"].isna() | (_read_once(long["key"], lambda key: str(key).strip()) == "")
    findings = {"no_key": int(without.sum()), "unreadable_period": int((places.isna() & ~without).sum())}
    long = long.assign(place=places)[~without & places.notna()].drop(columns="_period")
    if long.empty:
        raise OutcomesError(
            "no record has a person and a readable period; write periods as 2019-03, 2019W14 or 2019-03-25",
            reason="outcome_no_records",
        )
    long["key"] = _read_once(long["key"], code_text)
    long["place"] = long["place"].astype(int)
    for name in long.columns.difference(["key", "place"]):
        if not pd.api.types.is_numeric_dtype(long[name]):
            long[name] = _read_once(long[name], lambda cell: None if str(cell).strip() == "" else cell)
    again = long.duplicated(["key", "place"], keep="last")
    findings["repeated_record"] = int(again.sum())
    return long[~again], {kind: count for kind, count in findings.items() if count}


def _column(
    records: pd.DataFrame, wanted: str | None, usual: Sequence[str], what: str, *, needed: bool = True
) -> str | None:
    lower = {str(name).strip().lower(): str(name) for name in records.columns}
    for name in (wanted.lower(),) if wanted else usual:
        if name in lower:
            return lower[name]
    if wanted or needed:
        raise OutcomesError(
            "the records lack a column for the {what} ('{column}'); their columns are: {known}",
            reason="outcome_no_record_column",
            what=what,
            column=wanted or what,
            known=", ".join(str(name) for name in records.columns),
        )
    return None
