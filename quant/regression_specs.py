"""Many regressions from one declaration: outcomes by predictors, one at a time and all together."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, NoReturn

import pandas as pd

from quant.diagnostics import Diagnosis, diagnose, sign_flips
from quant.errors import QuantError, RegressionError
from quant.multiplicity import benjamini_hochberg
from quant.regression import Dof, RegressionResult, Vcov, regression
from quant.regression_design import quoted

Mode = Literal["single", "joint"]
ESTIMATE_COLUMNS = (
    "outcome", "mode", "predictor", "term", "estimate", "std_error", "statistic", "p_value", "q_value",
    "ci_low", "ci_high", "n",
)  # fmt: skip
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "models": ("single", "joint", "both"),
    "errors": ("iid", "robust", "cluster"),
    "dof": ("areg", "xtreg"),
    "level": ("last", "first"),
}
LEVEL, CHANGE, VALUE = "level", "change", "value"
# With 99 draws the smallest p of a bootstrap is 0.01.
FEWEST_DRAWS, MOST_DRAWS = 99, 100_000


@dataclass(frozen=True)
class Control:
    """A column held constant; one with a reference, or whose values are words, enters as categories."""

    column: str
    reference: str | None = None


@dataclass(frozen=True)
class RegressionSpec:
    """What is regressed on what.

    outcomes : columns, each an outcome of its own.   predictors : one or more columns.
    change : each predictor enters as its level and its change, columns `level_<name>` and `change_<name>`;
        else as the column of its name.
    level : which measurement the level is, where level and change are made of rounds.
    suffixes : endings of the columns of a file that hold the first and the last measurement, such as
        ("_1", "_2").
    controls, absorb, errors, cluster, dof, weights : as in `quant.regression`.
    models : predictors one at a time ("single"), all together ("joint") or both.
    bootstrap : p-values of the predictors by wild cluster bootstrap beside those of t, from `draws` draws.
    false_discovery : stars follow the q-values of `RegressionRun.estimates`, not the p-values.
    logit : average marginal effects of a logit beside each model with a 0/1 outcome.
    formula : one model as a formula, instead of outcomes, predictors and controls.
    """

    outcomes: tuple[str, ...] = ()
    predictors: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    absorb: str | None = None
    errors: Literal["iid", "robust", "cluster"] = "iid"
    cluster: str | None = None
    dof: Dof = "areg"
    weights: str | None = None
    models: Literal["single", "joint", "both"] = "both"
    change: bool = True
    level: Literal["last", "first"] = "last"
    suffixes: tuple[str, ...] = ()
    bootstrap: bool = False
    draws: int = 9999
    false_discovery: bool = False
    logit: bool = False
    formula: str | None = None
    title: str = ""

    @property
    def vcov(self) -> Vcov:
        """The errors as `quant.regression` takes them; clusters are the absorbed groups if none are named."""
        if self.errors != "cluster":
            return self.errors
        column = self.cluster or self.absorb
        if column is None:
            raise RegressionError(
                "clustered errors need a column: give `cluster` or `absorb`",
                reason="regression_no_cluster_column",
            )
        return {"cluster": column}

    def as_dict(self) -> dict[str, Any]:
        """The declaration as JSON values, which `regression_spec` reads again."""
        return asdict(self)


@dataclass(frozen=True)
class ModelRun:
    """One model: predictor is "" where all are in it; terms maps each predictor to its `(kind, term)`."""

    outcome: str
    mode: Mode
    predictor: str
    formula: str
    terms: Mapping[str, tuple[tuple[str, str], ...]]
    result: RegressionResult


@dataclass(frozen=True)
class RegressionRun:
    """All models of a declaration, with what could not be estimated.

    estimates : a row a predictor and kind (level, change, value); q_value over the m of one mode together.
    failed : `(outcome, predictor, error)` of models that the data do not admit.
    told : `(outcome, mode, predictor, diagnosis)`.
    """

    spec: RegressionSpec
    models: tuple[ModelRun, ...]
    estimates: pd.DataFrame
    failed: tuple[tuple[str, str, QuantError], ...]
    told: tuple[tuple[str, str, str, Diagnosis], ...]

    def tests(self, mode: Mode) -> int:
        """Number of tests over which the q-values of a mode are made."""
        return int((self.estimates["mode"] == mode).sum())


def load_spec(source: str | Path | bytes, name: str = "") -> RegressionSpec:
    """A declaration from a .toml or .json file, or its bytes. Raises RegressionError."""
    label = name or (str(source) if not isinstance(source, bytes) else "")
    try:
        text = (source if isinstance(source, bytes) else Path(source).read_bytes()).decode("utf-8-sig")
        content = json.loads(text) if label.endswith(".json") else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise RegressionError(
            "{file}: cannot be read ({detail}); expected a .toml or .json file with outcomes and predictors",
            reason="regression_spec_unreadable",
            file=Path(label).name,
            detail=str(error).splitlines()[0],
        ) from error
    return regression_spec(content, file=Path(label).name)


def regression_spec(content: object, *, file: str = "spec") -> RegressionSpec:
    """A declaration from its dict. Raises RegressionError for what is unknown or of the wrong kind."""
    if not isinstance(content, Mapping):
        raise RegressionError(
            "{file}: expected names and values", reason="regression_spec_no_table", file=file
        )
    known = {each.name for each in fields(RegressionSpec)}
    for name in content:
        if name not in known:
            raise RegressionError(
                "{file}: '{name}' is not known; expected one of: {known}",
                reason="regression_spec_unknown",
                file=file,
                name=name,
                known=", ".join(sorted(known)),
            )
    values = {name: value for name, value in content.items() if value is not None}
    for name, choices in _CHOICES.items():
        if name in values and values[name] not in choices:
            _wrong(file, name, values[name], ", ".join(choices))
    for name in ("change", "bootstrap", "false_discovery", "logit"):
        if name in values and not isinstance(values[name], bool):
            _wrong(file, name, values[name], "true, false")
    draws = values.get("draws", FEWEST_DRAWS)
    if isinstance(draws, bool) or not isinstance(draws, int) or not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        _wrong(file, "draws", draws, f"a whole number from {FEWEST_DRAWS} to {MOST_DRAWS}")
    for name in ("outcomes", "predictors", "suffixes"):
        if name in values:
            given = [values[name]] if isinstance(values[name], str) else values[name]
            if not isinstance(given, Sequence) or not all(isinstance(each, str) for each in given):
                _wrong(file, name, given, "a list of names")
            values[name] = tuple(dict.fromkeys(given))
    if "controls" in values:
        values["controls"] = tuple(_control(each, file) for each in values["controls"])
    spec = RegressionSpec(**values)
    if spec.suffixes and len(spec.suffixes) != 2:
        _wrong(file, "suffixes", list(spec.suffixes), 'two endings, such as ["_1", "_2"]')
    if not spec.formula and not (spec.outcomes and spec.predictors):
        raise RegressionError(
            "{file}: there are no outcomes or no predictors; name one of each or more, or give a formula",
            reason="regression_spec_empty",
            file=file,
        )
    return spec


def with_changes(data: pd.DataFrame, spec: RegressionSpec) -> pd.DataFrame:
    """`data` with columns `level_x` and `change_x` of each predictor, made of two columns with `suffixes`.

    Raises RegressionError if one of them is missing.
    """
    first, last = spec.suffixes
    made: dict[str, pd.Series] = {}
    for name in spec.predictors:
        for ending in (first, last):
            if name + ending not in data.columns:
                raise RegressionError(
                    "there is no column '{column}'; the columns are: {known}",
                    reason="regression_unknown_column",
                    column=name + ending,
                    known=", ".join(str(column) for column in list(data.columns)[:40]),
                )
        before = pd.to_numeric(data[name + first], errors="coerce")
        after = pd.to_numeric(data[name + last], errors="coerce")
        made[f"level_{name}"] = after if spec.level == "last" else before
        made[f"change_{name}"] = after - before
    return data.assign(**made)


def run_models(
    spec: RegressionSpec, data: pd.DataFrame, *, on_step: Callable[[int, int], None] | None = None
) -> RegressionRun:
    """Estimate every model of a declaration; one that the data do not admit is told in `failed`.

    Raises the error of the first model if none can be estimated.
    """
    plans = _plans(spec, data)
    models: list[ModelRun] = []
    failed: list[tuple[str, str, QuantError]] = []
    for done, (outcome, mode, predictor, formula, terms) in enumerate(plans):
        try:
            result = regression(formula, data, spec.absorb, spec.vcov, spec.dof, spec.weights)
            models.append(ModelRun(outcome, mode, predictor, formula, terms, result))
        except QuantError as error:
            failed.append((outcome, predictor, error))
        if on_step is not None:
            on_step(done + 1, len(plans))
    if not models and failed:
        raise failed[0][2]
    return RegressionRun(spec, tuple(models), _estimates(models), tuple(failed), tuple(_told(models)))


def _plans(
    spec: RegressionSpec, data: pd.DataFrame
) -> list[tuple[str, Mode, str, str, dict[str, tuple[tuple[str, str], ...]]]]:
    if spec.formula:
        left = spec.formula.split("~")[0].strip()
        return [(left, "joint", "", spec.formula, {})]
    controls = [_written(control, data) for control in spec.controls]
    terms = {name: _terms(name, spec) for name in spec.predictors}
    plans: list[tuple[str, Mode, str, str, dict[str, tuple[tuple[str, str], ...]]]] = []
    for outcome in spec.outcomes:
        groups: list[tuple[Mode, str, Sequence[str]]] = []
        if spec.models != "joint":
            groups += [("single", name, [name]) for name in spec.predictors]
        if spec.models != "single":
            groups.append(("joint", "", spec.predictors))
        for mode, predictor, members in groups:
            columns = [quoted(column) for name in members for _, column in terms[name]]
            formula = f"{quoted(outcome)} ~ {' + '.join([*columns, *controls])}"
            plans.append((outcome, mode, predictor, formula, {name: terms[name] for name in members}))
    return plans


def _terms(name: str, spec: RegressionSpec) -> tuple[tuple[str, str], ...]:
    return ((LEVEL, f"level_{name}"), (CHANGE, f"change_{name}")) if spec.change else ((VALUE, name),)


def _written(control: Control, data: pd.DataFrame) -> str:
    name = quoted(control.column)
    if control.reference is not None:
        return f'C({name}, "{control.reference}")'
    words = control.column in data.columns and not pd.api.types.is_numeric_dtype(data[control.column])
    return f"C({name})" if words else name


def _estimates(models: Sequence[ModelRun]) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for run in models:
        table = run.result.table.set_index("term")
        wanted = run.terms or {term: ((VALUE, term),) for term in table.index if term != "Intercept"}
        for predictor, kinds in wanted.items():
            for kind, column in kinds:
                if column in table.index:
                    row: Any = table.loc[column]
                    numbers = [float(row[name]) for name in ("estimate", "std_error", "statistic", "p_value")]
                    interval = [float(row["ci_low"]), float(row["ci_high"])]
                    rows.append(
                        (
                            run.outcome,
                            run.mode,
                            predictor,
                            kind,
                            *numbers,
                            float("nan"),
                            *interval,
                            run.result.n,
                        )
                    )
    frame = pd.DataFrame(rows, columns=list(ESTIMATE_COLUMNS))
    for mode in ("single", "joint"):
        mine = frame["mode"] == mode
        if mine.any():
            frame.loc[mine, "q_value"] = benjamini_hochberg(frame.loc[mine, "p_value"])
    return frame


def _told(models: Sequence[ModelRun]) -> list[tuple[str, str, str, Diagnosis]]:
    told: list[tuple[str, str, str, Diagnosis]] = [
        (run.outcome, run.mode, run.predictor, each) for run in models for each in diagnose(run.result)
    ]
    for run in models:
        if run.mode != "joint":
            continue
        single = {
            term: (other.result.estimate(term), other.result.std_error(term))
            for other in models
            if other.mode == "single" and other.outcome == run.outcome
            for kinds in other.terms.values()
            for _, term in kinds
            if term in other.result.covariance.columns
        }
        joint = {
            term: (run.result.estimate(term), run.result.std_error(term))
            for term in single
            if term in run.result.covariance.columns
        }
        told += [(run.outcome, "joint", "", each) for each in sign_flips(single, joint)]
    return told


def _control(content: object, file: str) -> Control:
    if isinstance(content, str):
        return Control(content)
    known = {"column", "reference"}
    if (
        not isinstance(content, Mapping)
        or not set(content) <= known
        or not isinstance(content.get("column"), str)
    ):
        _wrong(file, "controls", content, 'names, or { column = "...", reference = "..." }')
    reference = content.get("reference")
    return Control(content["column"], None if reference is None else str(reference))


def _wrong(file: str, name: str, given: object, known: str) -> NoReturn:
    raise RegressionError(
        "{file}: {name} is {given}, expected: {known}",
        reason="regression_spec_value",
        file=file,
        name=name,
        given=given,
        known=known,
    )
