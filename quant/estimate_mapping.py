"""Which column of a file of estimates holds what: guessed from names, confirmed by a person, saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from quant.errors import AnswersError, EstimatesError
from quant.mapping import load_values, plain, save_values

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
    "std_error": (
        "std_error",
        "se",
        "std error",
        "standard error",
        "standardfejl",
        "std err",
        "s e",
        "stderr",
    ),
    "outcome": ("outcome", "dependent variable", "udfald", "udfaldsmål", "depvar", "y"),
    "subgroup": ("subgroup", "gruppe", "undergruppe", "group", "delgruppe"),
    "period": ("period", "periode", "quarter", "kvartal", "time", "year", "år"),
    "stars": ("stars", "stjerner", "significance", "signifikans", "sig"),
    "treated_mean": ("treated_mean", "mean", "gennemsnit", "mean of treated", "middelværdi"),
    "n": ("n", "observations", "antal", "nobs", "obs"),
    "ci_low": ("ci_low", "conf low", "lower", "ci lower", "nedre", "min95"),
    "ci_high": ("ci_high", "conf high", "upper", "ci upper", "øvre", "max95"),
    "p_value": ("p_value", "p value", "pvalue", "pval", "p", "p værdi"),
    "df": ("df", "dof", "degrees of freedom", "frihedsgrader", "df residual"),
    "outcome_sd": ("outcome_sd", "sd", "standard deviation", "standardafvigelse"),
    "statistic": ("statistic", "t", "z", "tstat", "t value", "z value", "t værdi"),
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
    "parm",
    "var",
    "coefficient name",
)
# A table in the long form says itself in which row of its file an estimate stands.
FILE_ROW = "file_row"


@dataclass(frozen=True)
class EstimateMapping:
    """Columns of a file of estimates.

    columns : field of Estimate -> column.   model : columns that are joined in order.
    constants : field -> text, for what the whole file is about and no column says.
    only : column -> values; rows with others are left out, such as other tables or control variables.
    scores : field -> 0-100 for what was guessed; empty if made by hand.
    """

    columns: Mapping[str, str]
    model: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        values = asdict(self)
        return {
            **values,
            "columns": dict(self.columns),
            "model": list(self.model),
            "scores": dict(self.scores),
            "constants": dict(self.constants),
            "only": {column: list(wanted) for column, wanted in self.only.items()},
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> EstimateMapping:
        """The mapping that `as_dict` wrote; EstimatesError if it names no estimate column."""
        if not isinstance(values.get("columns"), Mapping) or "estimate" not in values["columns"]:
            raise EstimatesError(
                "mapping: expected `columns` with at least the field estimate",
                reason="estimate_mapping_lacks",
            )
        return cls(
            columns=dict(values["columns"]),
            model=tuple(values.get("model", ())),
            scores=dict(values.get("scores", {})),
            constants={name: str(text) for name, text in values.get("constants", {}).items()},
            only={column: tuple(map(str, wanted)) for column, wanted in values.get("only", {}).items()},
        )

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


def check_columns(frame: pd.DataFrame, mapping: EstimateMapping) -> None:
    """Raise EstimatesError if the mapping names a column or field that does not exist, or no estimate."""
    present = [str(c) for c in frame.columns]
    for column in (*mapping.columns.values(), *mapping.model, *mapping.only):
        if column not in present:
            listed = ", ".join(present[:12])
            raise EstimatesError(
                "the mapping names the column {column!r}, which the file lacks (it has: {columns})",
                reason="mapping_lacks_column",
                column=column,
                columns=listed,
            )
    unknown = sorted({*mapping.columns, *mapping.constants} - {*COLUMN_NAMES, "model"})
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
