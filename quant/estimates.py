"""Effect estimates as evidence: one value each, with interval, sample and the place it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

import pandas as pd

from quant.errors import EstimatesError
from quant.estimate_mapping import (
    COLUMN_NAMES,
    FILE_ROW,
    EstimateMapping,
    check_columns,
    guess_estimate_mapping,
)
from quant.findings import FINDING_COLUMNS, Report
from quant.tables import as_numbers, cell_text

__all__ = [
    "COLUMN_NAMES",
    "ESTIMATE_KINDS",
    "Estimate",
    "EstimateMapping",
    "EstimateTable",
    "guess_estimate_mapping",
    "read_estimates",
]

Z_95 = 1.96
STAR_SIGNS = frozenset("*+#†°^")
NUMBERS = (
    "estimate", "std_error", "treated_mean", "n", "ci_low", "ci_high", "p_value", "df", "outcome_sd",
    "statistic",
)  # fmt: skip
TEXTS = ("outcome", "subgroup", "period", "stars", "place")
IDENTITY = ("place", "outcome", "subgroup", "period", "model")


@dataclass(frozen=True)
class Estimate:
    """One estimate as published or computed; empty texts and None stand for what the source does not say.

    treated_mean, outcome_sd : mean outcome of the treated, and standard deviation, in units of the outcome.
    ci_low, ci_high : as the source prints them; `ci` derives them from the standard error where it does not.
    source : file or publication; place : table and cell in it.
    p_value, df : as printed or computed; df may be a fraction.
    design : estimator, such as "event_study"; "" where the source does not say.
    computed : what was computed rather than printed, and from what: settings of a model run here, or
        `{"std_error": "estimate / statistic"}`.
    """

    outcome: str
    subgroup: str
    period: str
    model: str
    estimate: float
    std_error: float | None = None
    stars: str = ""
    treated_mean: float | None = None
    n: int | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    source: str = ""
    place: str = ""
    p_value: float | None = None
    df: float | None = None
    outcome_sd: float | None = None
    design: str = ""
    computed: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def ci(self, level: float = 0.95) -> tuple[float, float] | None:
        """The interval: as printed (taken for 95 %), else estimate +- z * standard error (1.96 for 95 %).

        None if there is neither, or if another level than 95 % is asked for and there is no standard error.
        """
        if level == 0.95 and self.ci_low is not None and self.ci_high is not None:
            return self.ci_low, self.ci_high
        if self.std_error is None:
            return None
        z = Z_95 if level == 0.95 else NormalDist().inv_cdf(0.5 + level / 2)
        return self.estimate - z * self.std_error, self.estimate + z * self.std_error

    @property
    def percent_of_mean(self) -> float | None:
        """The estimate as percent of the treated mean, None without a mean."""
        return 100 * self.estimate / self.treated_mean if self.treated_mean else None


@dataclass(frozen=True)
class EstimateTable:
    """Estimates of one file, in its order, and the findings (kinds: `ESTIMATE_KINDS`)."""

    estimates: tuple[Estimate, ...]
    findings: Report


ESTIMATE_KINDS: Mapping[str, str] = {
    "no_estimate": "the row holds no estimate and is left out",
    "not_a_number": "the cell is no number; the row is left out if it is the estimate, else the value",
    "no_std_error": "there is no standard error or interval: the estimate has no interval",
    "negative_std_error": "a standard error cannot be negative; the row is left out",
    "zero_std_error": "the standard error is 0, perhaps rounded away: the interval has no width",
    "interval_misses_estimate": "the printed interval does not contain the estimate; the row is kept",
    "duplicate_row": "a second row for this table, outcome, subgroup, period and model; the first one counts",
    "unread_stars": "the stars hold other signs than * + # †; they are kept as printed",
    "std_error_from_statistic": "the standard error is estimate / statistic, as the file prints no other",
}


def read_estimates(frame: pd.DataFrame, mapping: EstimateMapping, *, source: str) -> EstimateTable:
    """Check the rows of a table of estimates and take the valid ones.

    frame : text or numbers; decimal commas and stars behind the estimate are read. A column `file_row` says
        where a row stands in its file; without it the index does.
    source : what the estimates come from (publication or file); stored with each.

    Raises EstimatesError if the mapping names a column that does not exist, or no estimate remains.
    Source: docs/methods/estimates.md
    """
    check_columns(frame, mapping)
    frame = _wanted_rows(frame, mapping)
    texts = {name: _texts(frame, mapping, name) for name in (*TEXTS, *NUMBERS)}
    texts["model"] = _model(frame, mapping)
    _split_stars(texts)
    found = _EstimateFindings(frame, mapping)
    numbers = {name: found.numbers(name, texts[name]) for name in NUMBERS}
    derived = found.derive_std_error(numbers)
    keep = found.valid(texts, numbers)
    if not keep.any():
        raise EstimatesError(
            "{source}: no valid estimate was found; check the estimate column in the mapping",
            reason="no_valid_estimate",
            source=source,
        )
    records = pd.DataFrame({**texts, **numbers, "derived": derived})[keep]
    estimates = tuple(_estimate(record, source) for record in records.to_dict("records"))
    return EstimateTable(estimates, found.report())


class _EstimateFindings:
    """Checks of one file, with the findings they leave."""

    def __init__(self, frame: pd.DataFrame, mapping: EstimateMapping) -> None:
        self._columns = mapping.columns
        rows = frame[FILE_ROW] if FILE_ROW in frame.columns else [int(i) + 2 for i in frame.index]
        self._rows = pd.Series([int(row) for row in rows], index=frame.index)
        self._parts: list[pd.DataFrame] = []

    def note(
        self, kind: str, where: pd.Series[bool], name: str, values: pd.Series[Any] | None = None
    ) -> None:
        rows = self._rows[where]
        cells = [""] * len(rows) if values is None else list(values[where])
        part = pd.DataFrame(
            {"kind": kind, "row": rows, "column": self._columns.get(name, ""), "value": cells}
        )
        self._parts.append(part.reindex(columns=list(FINDING_COLUMNS)).astype(object))

    def numbers(self, name: str, text: pd.Series[str]) -> pd.Series[float]:
        number = as_numbers(text)
        self.note("not_a_number", (text != "") & number.isna(), name, text)
        return number

    def derive_std_error(self, numbers: dict[str, pd.Series[float]]) -> pd.Series[bool]:
        """Fill standard errors that are missing from the test statistic; which rows were filled."""
        estimate, statistic = numbers["estimate"], numbers["statistic"]
        bounded = numbers["ci_low"].notna() & numbers["ci_high"].notna()
        derived = numbers["std_error"].isna() & ~bounded & (estimate / statistic > 0) & (statistic != 0)
        numbers["std_error"] = numbers["std_error"].where(~derived, estimate / statistic)
        self.note("std_error_from_statistic", derived, "statistic")
        return derived

    def valid(
        self, texts: Mapping[str, pd.Series[str]], numbers: Mapping[str, pd.Series[float]]
    ) -> pd.Series[bool]:
        estimate, std_error = numbers["estimate"], numbers["std_error"]
        low, high = numbers["ci_low"], numbers["ci_high"]
        self.note("no_estimate", texts["estimate"] == "", "estimate")
        keep = estimate.notna()
        self.note("negative_std_error", keep & (std_error < 0), "std_error", texts["std_error"])
        keep &= ~(std_error < 0)
        identity = pd.DataFrame({name: texts[name] for name in IDENTITY})[keep]
        repeated = identity.duplicated().reindex(keep.index, fill_value=False)
        self.note("duplicate_row", repeated, "estimate", texts["estimate"])
        keep &= ~repeated
        self.note("no_std_error", keep & std_error.isna() & (low.isna() | high.isna()), "std_error")
        self.note("zero_std_error", keep & (std_error == 0), "std_error", texts["std_error"])
        self.note(
            "interval_misses_estimate",
            keep & ((low > estimate) | (high < estimate)),
            "ci_low",
            texts["ci_low"],
        )
        odd = texts["stars"].map(lambda signs: bool(set(signs) - STAR_SIGNS))
        self.note("unread_stars", keep & odd.astype(bool), "stars", texts["stars"])
        return keep

    def report(self) -> Report:
        frame = pd.concat(self._parts, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)
        return Report(frame)


def _wanted_rows(frame: pd.DataFrame, mapping: EstimateMapping) -> pd.DataFrame:
    keep = pd.Series(True, index=frame.index)
    for column, wanted in mapping.only.items():
        keep &= cell_text(frame[column]).isin(wanted)
    return frame[keep]


def _texts(frame: pd.DataFrame, mapping: EstimateMapping, name: str) -> pd.Series[str]:
    """The cells of a field; where they are empty, or no column holds it, what holds for the whole file."""
    column, constant = mapping.columns.get(name), mapping.constants.get(name, "")
    if not column:
        return pd.Series(constant, index=frame.index, dtype=object)
    text = cell_text(frame[column])
    return text.where(text != "", constant) if constant else text


def _model(frame: pd.DataFrame, mapping: EstimateMapping) -> pd.Series[str]:
    """One column as it stands; of several the later ones are named: `all citizen factors, term level`."""
    joined = pd.Series("", index=frame.index, dtype=object)
    if not mapping.model:
        return _texts(frame, EstimateMapping(mapping.columns, constants=mapping.constants), "model")
    for place, column in enumerate(mapping.model):
        text = cell_text(frame[column])
        part = text if place == 0 else (f"{column} " + text).where(text != "", "")
        joined = (joined + ", " + part).where((joined != "") & (part != ""), joined + part)
    return joined


def _split_stars(texts: dict[str, pd.Series[str]]) -> None:
    """`0,031**` is an estimate with two stars; a standard error in parentheses loses them."""
    pieces = texts["estimate"].str.extract(r"^(?P<number>.*?)\s*(?P<stars>[*+#†]*)$")
    texts["estimate"] = pieces["number"].fillna("").astype(object)
    texts["stars"] = texts["stars"].where(texts["stars"] != "", pieces["stars"].fillna("")).astype(object)
    bare = texts["std_error"].str.extract(r"^[(\[]?(.*?)[)\]]?$", expand=False)
    texts["std_error"] = bare.fillna("").astype(object)
    texts["p_value"] = texts["p_value"].str.lstrip("<> ").astype(object)


def _estimate(record: Mapping[Any, Any], source: str) -> Estimate:
    n = _number(record, "n")
    return Estimate(
        outcome=record["outcome"],
        subgroup=record["subgroup"] or "all",
        period=record["period"],
        model=record["model"],
        estimate=float(record["estimate"]),
        std_error=_number(record, "std_error"),
        stars=record["stars"],
        treated_mean=_number(record, "treated_mean"),
        n=None if n is None else round(n),
        ci_low=_number(record, "ci_low"),
        ci_high=_number(record, "ci_high"),
        source=source,
        place=_place(record),
        p_value=_number(record, "p_value"),
        df=_number(record, "df"),
        outcome_sd=_number(record, "outcome_sd"),
        computed={"std_error": "estimate / statistic"} if record["derived"] else {},
    )


def _number(record: Mapping[Any, Any], name: str) -> float | None:
    return None if pd.isna(record[name]) else float(record[name])


def _place(record: Mapping[Any, Any]) -> str:
    """Table and cell: `5.3 (men, internship, 2018)`."""
    cell = ", ".join(record[name] for name in ("subgroup", "outcome", "period", "model") if record[name])
    return f"{record['place']} ({cell})" if record["place"] and cell else record["place"] or cell
