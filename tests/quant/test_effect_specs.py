"""Declarations of effects: what is read, what is refused and why, and that they come back as they were."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from quant.effect_specs import (
    EffectSpec,
    PredictorSpec,
    SyntheticSpec,
    effect_spec,
    load_effect_spec,
    load_synthetic_spec,
    synthetic_spec,
)
from quant.errors import EffectError

DID: dict[str, Any] = {"outcomes": ["work"], "time": "year", "treated": "programme", "start": "2017"}
SYNTHETIC: dict[str, Any] = {
    "outcome": "work",
    "unit": "town",
    "time": "year",
    "treated_units": ["Aarhus"],
    "start": "2017",
}
FULL = """
title = "Work and school"
outcomes = ["work", "school"]
time = "quarter"
unit = "person"
treated = "programme"
start = "2017Q1"
base = "2016Q4"
cluster = "town"
covariates = ["age"]
fixed_effects = "group"
gate = 0.1
placebo_starts = ["2015Q1"]
subgroups = ["gender"]
bootstrap = true
draws = 999
panel = "panel.csv"

[windows]
first = ["2017Q1", "2017Q2"]

[columns]
work = "Employment"
"""


def refused(content: object) -> EffectError:
    """Why this is no declaration of a difference-in-differences."""
    with pytest.raises(EffectError) as caught:
        effect_spec(content, file="spec.toml")
    return caught.value


def test_a_toml_file_is_read_and_what_it_leaves_out_has_its_default(tmp_path: Path) -> None:
    file = tmp_path / "spec.toml"
    file.write_text(FULL, encoding="utf-8")
    spec = load_effect_spec(file)
    assert spec.outcomes == ("work", "school")
    assert (spec.design, spec.dof, spec.vcov, spec.seed) == ("did", "xtreg", None, 1)
    assert (spec.fixed_effects, spec.gate, spec.draws, spec.bootstrap) == ("group", 0.1, 999, True)
    assert spec.windows == {"first": ("2017Q1", "2017Q2")}
    assert spec.columns == {"work": "Employment"}


def test_json_says_the_same_as_toml() -> None:
    spec = load_effect_spec(FULL.encode(), "spec.toml")
    assert load_effect_spec(json.dumps(spec.as_dict()).encode(), "spec.json") == spec


def test_one_outcome_may_be_named_without_a_list() -> None:
    spec = effect_spec({"outcome": "work", "time": "year", "treated": "programme"})
    assert spec.outcomes == ("work",)
    assert effect_spec({**DID, "outcomes": ["a", "b"]}).outcomes == ("a", "b")


def test_outcome_beside_outcomes_is_refused_as_unknown() -> None:
    error = refused({**DID, "outcome": "school"})
    assert error.reason == "declaration_unknown_near"
    assert "perhaps 'outcomes'?" in str(error)


@pytest.mark.parametrize("start", [2017, 2017.0, "2017"])
def test_periods_are_read_as_text_however_they_are_written(start: object) -> None:
    assert effect_spec({**DID, "start": start}).start == "2017"


def test_a_date_of_toml_is_a_period() -> None:
    text = 'outcome = "work"\ntime = "day"\ntreated = "t"\nstart = 2017-01-01\n'
    assert load_effect_spec(text.encode(), "spec.toml").start == "2017-01-01"


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [
        ({"outcomes": []}, "effect_spec_no_outcomes", "spec.toml: 'outcomes' is empty"),
        ({"outcomes": None}, "declaration_missing", "spec.toml: 'outcomes' is missing"),
        ({"time": None}, "declaration_missing", "spec.toml: 'time' is missing"),
        ({"treated": None}, "effect_spec_no_treated", "spec.toml: 'treated' is missing"),
        ({"design": "event_study", "treated": ""}, "effect_spec_no_treated", "'treated' is missing"),
        ({"design": "staggered"}, "effect_spec_no_unit", "spec.toml: 'unit' is missing"),
        (
            {"design": "staggered", "unit": "town", "treated": None, "start": None},
            "effect_spec_no_start",
            "spec.toml: 'start' is missing",
        ),
        ({"gate": 1}, "effect_spec_gate", "spec.toml: gate is 1.0, expected a p-value"),
        ({"gate": -0.1}, "effect_spec_gate", "gate is -0.1"),
        ({"draws": 0}, "effect_spec_draws", "spec.toml: draws is 0, expected 1 or more"),
        ({"draws": 99.5}, "declaration_kind", "draws is '99.5'"),
        ({"draws": True}, "declaration_kind", "draws is 'True'"),
        ({"bootstrap": "yes"}, "declaration_kind", "bootstrap is 'yes', expected a value of this kind: true"),
        ({"design": "rdd"}, "declaration_choice", "design is 'rdd', expected one of: did, event_study"),
        ({"vcov": "hc3"}, "declaration_choice", "vcov is 'hc3'"),
        ({"clusters": "town"}, "declaration_unknown_near", "'clusters' is not known; perhaps 'cluster'?"),
        ({"zzz": 1}, "declaration_unknown", "'zzz' is not known; expected one of: absorb, anticipation"),
        ({"outcomes": "work"}, "declaration_kind", "outcomes is 'work', expected a value of this kind: ["),
        ({"windows": ["2017"]}, "declaration_kind", "expected a value of this kind: { name = ... }"),
        ({"windows": {"late": "2017"}}, "declaration_kind", "windows late is '2017'"),
        ({"time": ["year"]}, "declaration_kind", "time is '['year']'"),
    ],
)
def test_what_is_no_declaration_is_refused_with_its_place(
    changes: dict[str, Any], reason: str, said: str
) -> None:
    error = refused({name: value for name, value in {**DID, **changes}.items() if value is not None})
    assert error.reason == reason
    assert said in str(error)


@pytest.mark.parametrize("content", [[], "did", None, 3])
def test_a_file_without_names_is_no_declaration(content: object) -> None:
    with pytest.raises(EffectError, match=r"spec\.json") as caught:
        effect_spec(content, file="spec.json")
    assert caught.value.reason == "declaration_kind"


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"outcome = ", "spec.toml"), (b"{", "spec.json"), (b"outcome = '\xff'", "spec.toml")],
)
def test_a_file_that_cannot_be_parsed_is_named(content: bytes, name: str) -> None:
    with pytest.raises(EffectError, match=name) as caught:
        load_effect_spec(content, name)
    assert caught.value.reason == "declaration_unreadable"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EffectError, match=r"^gone\.toml: cannot be read"):
        load_synthetic_spec(tmp_path / "gone.toml")


@pytest.mark.parametrize(
    "changed", [{}, {"design": "event_study", "leave_one_out": False, "bootstrap": False}]
)
def test_a_full_declaration_comes_back_as_it_was(changed: dict[str, Any]) -> None:
    texts = ("time", "unit", "treated", "start", "title", "base", "cluster", "weights", "panel")
    lists = ("outcomes", "covariates", "absorb", "subgroups", "placebo_starts", "placebo_outcomes")
    chosen: dict[str, Any] = {
        "windows": {"w": ("1", "2")}, "columns": {"a": "A"}, "dof": "areg",
        "fixed_effects": "group", "vcov": "robust", "gate": 0.2, "draws": 99, "seed": 7, "anticipation": 1,
        "leave_one_out": True, "sensitivity": True, "bootstrap": True, "control": "not_yet", "method": "ipw",
        **changed,
    }  # fmt: skip
    given = {**{name: name for name in texts}, **{name: (name, "b") for name in lists}, **chosen}
    spec = EffectSpec(**given)
    assert all(getattr(spec, each.name) == given.get(each.name, each.default) for each in fields(EffectSpec))
    assert effect_spec(json.loads(json.dumps(spec.as_dict()))) == spec


@pytest.mark.parametrize("check", ["bootstrap", "randomisation", "leave_one_out"])
@pytest.mark.parametrize("changed", [{"cluster": None}, {"design": "event_study", "cluster": "town"}])
def test_checks_of_clusters_are_refused_where_they_would_not_be_made(
    check: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(EffectError, match=f"{check} need design 'did' and a cluster"):
        effect_spec({**DID, check: True, **changed})


def test_a_declaration_without_choices_leaves_out_what_is_not_said() -> None:
    written = effect_spec(DID).as_dict()
    assert None not in written.values()
    assert "unit" not in written
    assert effect_spec(written) == effect_spec(DID)


def test_predictors_are_columns_or_tables_with_periods() -> None:
    spec = synthetic_spec(
        {**SYNTHETIC, "predictors": ["income", {"column": "work", "periods": [2015, "2016"]}]}
    )
    assert spec.predictors == (PredictorSpec("income"), PredictorSpec("work", ("2015", "2016")))
    assert synthetic_spec(json.loads(json.dumps(spec.as_dict()))) == spec


def test_one_treated_unit_may_be_named_without_a_list() -> None:
    text = (
        'outcome = "work"\nunit = "town"\ntime = "year"\ntreated_unit = 101\nstart = 2017\nintervals = true\n'
    )
    spec = load_synthetic_spec(text.encode(), "spec.toml")
    assert (spec.treated_units, spec.start, spec.intervals) == (("101",), "2017", True)
    assert (spec.leave_one_out, spec.average_rows, spec.placebo_start) == (True, False, None)


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [
        ({"treated_units": []}, "synthetic_spec_no_treated", "spec.toml: 'treated_units' is empty"),
        ({"treated_units": "Aarhus"}, "declaration_kind", "treated_units is 'Aarhus'"),
        ({"start": None}, "declaration_kind", "start is 'None'"),
        ({"predictors": [{"periods": ["2015"]}]}, "declaration_missing", "'predictors 1, column' is missing"),
        ({"predictors": [{"column": "a", "years": []}]}, "declaration_unknown", "'predictors 1, years'"),
        ({"predictors": "income"}, "declaration_kind", "predictors is 'income'"),
        ({"predictors": [3.5, ["a"]]}, "declaration_kind", "predictors 1 is '3.5'"),
        ({"donor": ["B"]}, "declaration_unknown_near", "perhaps 'donors'?"),
        ({"average_rows": 1}, "declaration_kind", "average_rows is '1', expected a value of this kind: true"),
    ],
)
def test_what_is_no_synthetic_control_is_refused_with_its_place(
    changes: dict[str, Any], reason: str, said: str
) -> None:
    with pytest.raises(EffectError) as caught:
        synthetic_spec({**SYNTHETIC, **changes}, file="spec.toml")
    assert caught.value.reason == reason
    assert said in str(caught.value)


def test_a_synthetic_declaration_needs_its_unit_and_start() -> None:
    for name in ("outcome", "unit", "time", "start", "treated_units"):
        with pytest.raises(EffectError, match=f"'{name}' is missing"):
            synthetic_spec({key: value for key, value in SYNTHETIC.items() if key != name})


def test_a_full_synthetic_declaration_comes_back_as_it_was() -> None:
    spec = SyntheticSpec(
        **{**SYNTHETIC, "treated_units": ("A", "B")},
        title="T",
        predictors=(PredictorSpec("income", ("2015",)),),
        donors=("C", "D"),
        exclude=("E",),
        placebo_start="2014",
        intervals=True,
        leave_one_out=False,
        average_rows=True,
        seed=4,
        panel="panel.csv",
        columns={"work": "Employment"},
    )
    assert synthetic_spec(json.loads(json.dumps(spec.as_dict()))) == spec
