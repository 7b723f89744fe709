"""Effect estimates as evidence: one value each, with interval, sample and the place it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pandas as pd

from quant.errors import AnswersError, EstimatesError
from quant.findings import FINDING_COLUMNS, Report
from quant.mapping import load_values, plain, save_values
from quant.tables import as_numbers, cell_text

Z_95 = 1.96
STAR_SIGNS = frozenset("*+#†°^")
NUMBERS = ("estimate", "std_error", "treated_mean", "n", "ci_low", "ci_high")
TEXTS = ("outcome", "subgroup", "period", "stars", "place")
IDENTITY = ("place", "outcome", "subgroup", "period", "model")
COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "estimate": (
        "estimate",
        "b",
        "coef",
        "coefficient",
        "effect",
        "att",
        "estimat",
        "koefficient",
        "effekt",
        "beta",
    ),
    "std_error": ("std_error", "se", "std error", "standard error", "standardfejl", "std err", "s e"),
    "outcome": ("outcome", "dependent variable", "udfald", "udfaldsmål", "depvar", "y"),
    "subgroup": ("subgroup", "gruppe", "undergruppe", "group", "delgruppe"),
    "period": ("period", "periode", "quarter", "kvartal", "time", "year", "år"),
    "stars": ("stars", "stjerner", "significance", "signifikans", "sig"),
    "treated_mean": ("treated_mean", "mean", "gennemsnit", "mean of treated", "middelværdi"),
    "n": ("n", "observations", "antal", "nobs", "obs"),
    "ci_low": ("ci_low", "conf low", "lower", "ci lower", "nedre"),
    "ci_high": ("ci_high", "conf high", "upper", "ci upper", "øvre"),
    "place": ("table", "tabel", "place", "cell"),
}
MODEL_NAMES = (
    "model",
    "specification",
    "specifikation",
    "predictor",
    "term",
    "led",
    "variable",
    "controls",
    "kontrol",
)


@dataclass(frozen=True)
class Estimate:
    """One estimate as published or computed; empty texts and None stand for what the source does not say.

    treated_mean : mean outcome of the treated, in units of the outcome.
    ci_low, ci_high : as the source prints them; `ci` derives them from the standard error where it does not.
    source : file or publication; place : table and cell in it.
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
class EstimateMapping:
    """Columns of a file of estimates: field of Estimate -> column; `model` columns are joined in order."""

    columns: Mapping[str, str]
    model: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        values = asdict(self)
        return {
            **values,
            "columns": dict(self.columns),
            "model": list(self.model),
            "scores": dict(self.scores),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> EstimateMapping:
        """The mapping that `as_dict` wrote; EstimatesError if it names no estimate column."""
        if not isinstance(values.get("columns"), Mapping) or "estimate" not in values["columns"]:
            raise EstimatesError(
                "mapping: expected `columns` with at least the field estimate",
                reason="estimate_mapping_lacks",
            )
        return cls(dict(values["columns"]), tuple(values.get("model", ())), dict(values.get("scores", {})))

    def save(self, path: str | Path) -> None:
        """Write the mapping as .toml or .json."""
        save_values(self.as_dict(), Path(path))

    @classmethod
    def load(cls, path: str | Path) -> EstimateMapping:
        """Read a mapping from .toml or .json."""
        try:
            return cls.from_dict(load_values(Path(path)))
        except AnswersError as error:
            raise EstimatesError("{problem}", reason="problem", problem=error) from error


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
}


def guess_estimate_mapping(columns: Iterable[str]) -> EstimateMapping:
    """The most likely mapping of a file of estimates, each guess scored 0-100.

    All columns that tell specifications apart (model, predictor, term, controls) together become the model.
    Raises EstimatesError if no column can be the estimate.
    """
    from rapidfuzz import fuzz

    names = [str(c) for c in columns]
    options = [
        (float(fuzz.ratio(plain(name), plain(word))), -place, wanted, name)
        for wanted, words in COLUMN_NAMES.items()
        for place, word in enumerate(words)
        for name in names
    ]
    chosen: dict[str, str] = {}
    scores: dict[str, float] = {}
    for score, _, wanted, name in sorted(options, reverse=True):
        at_least = 85 if len(plain(name)) > 3 else 100
        if score >= at_least and wanted not in chosen and name not in chosen.values():
            chosen[wanted], scores[wanted] = name, round(score, 1)
    if "estimate" not in chosen:
        listed = ", ".join(names[:12])
        raise EstimatesError(
            "no column looks like the estimate (columns: {columns}); name it in the mapping",
            reason="no_estimate_column",
            columns=listed,
        )
    left = [name for name in names if name not in chosen.values()]
    model = tuple(name for name in left if plain(name) in MODEL_NAMES)
    ordered = {wanted: chosen[wanted] for wanted in COLUMN_NAMES if wanted in chosen}
    return EstimateMapping(ordered, model, scores)


def read_estimates(frame: pd.DataFrame, mapping: EstimateMapping, *, source: str) -> EstimateTable:
    """Check the rows of a table of estimates and take the valid ones.

    frame : text or numbers; decimal commas and stars behind the estimate are read.
    source : what the estimates come from (publication or file); stored with each.

    Raises EstimatesError if the mapping names a column that does not exist, or no estimate remains.
    Source: docs/methods/estimates.md
    """
    _check_columns(frame, mapping)
    texts = {name: _texts(frame, mapping.columns.get(name)) for name in (*TEXTS, *NUMBERS)}
    texts["model"] = _model(frame, mapping)
    _split_stars(texts)
    found = _EstimateFindings(frame, mapping)
    numbers = {name: found.numbers(name, texts[name]) for name in NUMBERS}
    keep = found.valid(texts, numbers)
    if not keep.any():
        raise EstimatesError(
            "{source}: no valid estimate was found; check the estimate column in the mapping",
            reason="no_valid_estimate",
            source=source,
        )
    records = pd.DataFrame({**texts, **numbers})[keep]
    estimates = tuple(_estimate(record, source) for record in records.to_dict("records"))
    return EstimateTable(estimates, found.report())


class _EstimateFindings:
    """Checks of one file, with the findings they leave."""

    def __init__(self, frame: pd.DataFrame, mapping: EstimateMapping) -> None:
        self._columns = mapping.columns
        self._rows = pd.Series([int(i) + 2 for i in frame.index], index=frame.index)
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


def _check_columns(frame: pd.DataFrame, mapping: EstimateMapping) -> None:
    present = [str(c) for c in frame.columns]
    for column in (*mapping.columns.values(), *mapping.model):
        if column not in present:
            listed = ", ".join(present[:12])
            raise EstimatesError(
                "the mapping names the column {column!r}, which the file lacks (it has: {columns})",
                reason="mapping_lacks_column",
                column=column,
                columns=listed,
            )
    unknown = sorted(set(mapping.columns) - set(COLUMN_NAMES))
    if unknown:
        raise EstimatesError(
            "mapping: unknown field {field!r}; fields are {known}",
            reason="estimate_mapping_unknown_field",
            field=unknown[0],
            known=", ".join(COLUMN_NAMES),
        )
    if "estimate" not in mapping.columns:
        raise EstimatesError(
            "mapping: no column for the estimate; fields are {known}",
            reason="estimate_mapping_no_estimate",
            known=", ".join(COLUMN_NAMES),
        )


def _texts(frame: pd.DataFrame, column: str | None) -> pd.Series[str]:
    return cell_text(frame[column]) if column else pd.Series("", index=frame.index, dtype=object)


def _model(frame: pd.DataFrame, mapping: EstimateMapping) -> pd.Series[str]:
    """One column as it stands; of several the later ones are named: `all citizen factors, term level`."""
    joined = pd.Series("", index=frame.index, dtype=object)
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


def _estimate(record: Mapping[Any, Any], source: str) -> Estimate:
    optional = {name: None if pd.isna(record[name]) else float(record[name]) for name in NUMBERS[1:]}
    n = optional.pop("n")
    return Estimate(
        outcome=record["outcome"],
        subgroup=record["subgroup"] or "all",
        period=record["period"],
        model=record["model"],
        estimate=float(record["estimate"]),
        stars=record["stars"],
        n=None if n is None else round(n),
        source=source,
        place=_place(record),
        **optional,
    )


def _place(record: Mapping[Any, Any]) -> str:
    """Table and cell: `5.3 (men, internship, 2018)`."""
    cell = ", ".join(record[name] for name in ("subgroup", "outcome", "period", "model") if record[name])
    return f"{record['place']} ({cell})" if record["place"] and cell else record["place"] or cell
