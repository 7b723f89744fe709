"""Outcomes from register records: what happened to each person in a window of weeks or months.

Records are one row a person and period; the rules are data (a .toml or .json file) and are kept with what
they made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from quant.errors import OutcomesError
from quant.outcome_rules import OutcomeRule, OutcomeRules, code_text, outcome_rules
from quant.periods import Unit, parse_periods

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
    made: list[tuple[Any, ...]] = []
    excluded: list[tuple[Any, ...]] = []
    for rule in rules.outcomes:
        values = _values(long, rule, rules)
        for key, period, window in _windows(long, rule, rules.unit, anchors):
            if window is None:
                excluded.append((key, period, rule.id, "no_measurement", 0))
                continue
            _one(rule, rules.subject, key, period, window, values, made, excluded)
    return Outcomes(
        pd.DataFrame(made, columns=list(VALUE_COLUMNS)),
        pd.DataFrame(excluded, columns=list(EXCLUDED_COLUMNS)),
        tuple(findings.items()),
        rules,
    )


def _one(
    rule: OutcomeRule,
    subject: str,
    key: str,
    period: str,
    window: range,
    values: Mapping[str, Mapping[int, float]],
    made: list[tuple[Any, ...]],
    excluded: list[tuple[Any, ...]],
) -> None:
    """The outcome of one person in one window, or why there is none."""
    own = values.get(key, {})
    found = [own[place] for place in window if place in own]
    n = len(found)
    if not n and rule.missing != "zero":
        excluded.append((key, period, rule.id, "no_record", 0))
        return
    short = rule.missing == "exclude" and n < len(window)
    if short or (rule.missing == "available" and n < rule.min_periods):
        excluded.append((key, period, rule.id, "missing_periods", n))
        return
    if rule.missing == "zero":
        found += [0.0] * (len(window) - n)
    made.append((subject, key, period, rule.id, _statistic(rule, found), n))


def _statistic(rule: OutcomeRule, found: Sequence[float]) -> float:
    above = sum(value > 0 for value in found)
    if rule.statistic == "any":
        return float(above > 0)
    if rule.statistic == "at_least":
        return float(above >= rule.at_least)
    total = float(sum(found))
    return total if rule.statistic == "sum" else total / len(found)


def _windows(
    long: pd.DataFrame, rule: OutcomeRule, unit: Unit, anchors: pd.Series
) -> list[tuple[str, str, range | None]]:
    """`(key, period name, places)` of each window; None where a person has no date of measurement."""
    keys = (
        list(dict.fromkeys([*long["key"], *anchors.index]))
        if rule.window == "measurement"
        else list(dict.fromkeys(long["key"]))
    )
    if rule.window == "measurement":
        found: list[tuple[str, str, range | None]] = []
        for key in keys:
            anchor = anchors.get(key)
            if anchor is None or pd.isna(anchor):
                found.append((key, "", None))
            else:
                first = int(anchor) + rule.start
                found.append((key, "", range(first, first + rule.length)))
        return found
    if long.empty:
        return []
    from quant.periods import quarters

    low, high = int(long["place"].min()), int(long["place"].max())
    if rule.window == "all":
        return [(key, "", range(low, high + 1)) for key in keys]
    return [(key, name, places) for name, places in quarters(low, high, unit) for key in keys]


def _values(long: pd.DataFrame, rule: OutcomeRule, rules: OutcomeRules) -> dict[str, dict[int, float]]:
    """Values by person and period under one rule."""
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
    kept = long[long[column].notna()]
    if rule.codes:
        wanted = {str(code) for code in rule.codes}
        numbers = kept[column].map(code_text).isin(wanted).astype(float)
    else:
        numbers = pd.to_numeric(kept[column].astype(str).str.replace(",", ".", regex=False), errors="coerce")
        bad = kept.loc[numbers.isna(), column]
        if len(bad):
            raise OutcomesError(
                "outcome '{id}': '{value}' in column '{column}' is no number; name the status codes "
                "that count under `codes`",
                reason="outcome_value_not_numeric",
                id=rule.id,
                value=str(bad.iloc[0]),
                column=column,
            )
    values: dict[str, dict[int, float]] = {}
    for key, place, value in zip(kept["key"], kept["place"], numbers, strict=True):
        values.setdefault(key, {})[int(place)] = float(value)
    return values


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
    without = long["key"].isna() | (long["key"].astype(str).str.strip() == "")
    findings = {"no_key": int(without.sum()), "unreadable_period": int((places.isna() & ~without).sum())}
    long = long.assign(place=places)[~without & places.notna()].drop(columns="_period")
    if long.empty:
        raise OutcomesError(
            "no record has a person and a readable period; write periods as 2019-03, 2019W14 or 2019-03-25",
            reason="outcome_no_records",
        )
    long["key"] = long["key"].map(code_text)
    long["place"] = long["place"].astype(int)
    for name in long.columns.difference(["key", "place"]):
        long[name] = long[name].map(lambda cell: None if pd.isna(cell) or str(cell).strip() == "" else cell)
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
