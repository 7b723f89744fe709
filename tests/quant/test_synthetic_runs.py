"""Declarations of synthetic controls: units and periods as text, predictors, several units, persons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant.effect_specs import PredictorSpec, SyntheticSpec
from quant.errors import EffectError
from quant.synthetic_control import synthetic_control
from quant.synthetic_groups import synthetic_controls
from quant.synthetic_runs import run_synthetic

from .synthetic_panels import factors, mixture

TOBACCO = Path(__file__).parents[1] / "reference" / "data" / "california_tobacco.csv"
ASKED: dict[str, Any] = {
    "outcome": "y",
    "unit": "town",
    "time": "year",
    "treated_units": ("T",),
    "start": "2010",
}


def spec(**given: Any) -> SyntheticSpec:
    """A declaration for the panels of `synthetic_panels`."""
    return SyntheticSpec(**{**ASKED, "leave_one_out": False, **given})


def test_california_without_predictors_gives_the_weights_and_the_effect_known() -> None:
    # The fit of every year before 1989, as a quadratic program that pysyncon and scipy solve alike.
    declared = SyntheticSpec(
        outcome="cigsale", unit="state", time="year", treated_units=("California",), start="1989"
    )
    run = run_synthetic(pd.read_csv(TOBACCO), declared)
    [unit] = run.units
    assert unit.result.weights["Utah"] == pytest.approx(0.394, abs=5e-4)
    assert unit.result.effect == pytest.approx(-19.51, abs=5e-3)
    values = run.as_dict()
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert values["effect"] == unit.result.effect
    assert {row["donor"]: row["weight"] for row in values["weights"]}["Utah"] == pytest.approx(
        0.394, abs=5e-4
    )
    assert unit.left_out is not None
    heavy = {name for name, weight in unit.result.weights.items() if round(weight, 3) > 0}
    assert heavy <= set(unit.left_out.table["donor"])


def test_a_mixture_is_found_with_its_effect() -> None:
    [unit] = run_synthetic(mixture(effect=2.0), spec()).units
    assert unit.result.weights["A"] == pytest.approx(0.6, abs=1e-4)
    assert unit.result.weights["B"] == pytest.approx(0.4, abs=1e-4)
    assert unit.result.effect == pytest.approx(2.0, abs=1e-3)


def test_periods_and_units_that_are_numbers_are_found_by_their_text() -> None:
    frame = mixture()
    frame["town"] = frame["town"].map({"T": 101, "A": 147, "B": 151, "C": 153, "D": 155})
    declared = spec(treated_units=("101",), exclude=("153",), placebo_start="2006")
    [unit] = run_synthetic(frame, declared).units
    assert unit.result.weights[147] == pytest.approx(0.6, abs=1e-4)
    assert 153 not in unit.result.weights.index
    assert unit.earlier is not None
    assert unit.earlier.start == 2006
    assert run_synthetic(frame, declared).as_dict()["units"][0]["earlier"]["start"] == 2006


def test_the_numbers_are_those_of_the_single_estimator_with_its_predictors() -> None:
    frame = factors(3, units=8, n_periods=16, start=10)
    frame["x"] = frame["y"] * 0.5 + np.sin(np.arange(len(frame)))
    declared = spec(predictors=(PredictorSpec("x"), PredictorSpec("y", ("2005", "2009"))))
    [unit] = run_synthetic(frame, declared).units
    apart = synthetic_control(
        frame, outcome="y", unit="town", time="year", treated_unit="T", start=2010,
        predictors=["x", ("y", [2005, 2009])],
    )  # fmt: skip
    pd.testing.assert_series_equal(unit.result.weights, apart.weights)
    assert unit.result.effect == apart.effect


def test_several_units_are_fitted_each_and_as_a_group() -> None:
    frame = factors(5, units=10, n_periods=16, start=10, effect=3.0)
    run = run_synthetic(frame, spec(treated_units=("T", "d01"), exclude=("d02",)))
    apart = synthetic_controls(
        frame, outcome="y", unit="town", time="year", treated_units=["T", "d01"], start=2010,
        donors=[f"d{number:02d}" for number in range(3, 10)],
    )  # fmt: skip
    assert [unit.result.treated_unit for unit in run.units] == ["T", "d01"]
    assert run.group is not None
    assert run.group.effect == pytest.approx(apart.effect)
    values = run.as_dict()
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert values["group"]["effect"] == pytest.approx(np.mean([unit["effect"] for unit in values["units"]]))
    assert "weights" not in values


def test_each_of_several_units_has_the_checks_asked_for_and_the_periods_to_optimise() -> None:
    frame = factors(7, units=8, n_periods=16, start=10)
    asked: dict[str, Any] = {"intervals": True, "leave_one_out": True, "placebo_start": "2006"}
    optimised = ("2005", "2006", "2007", "2008", "2009")
    run = run_synthetic(frame, spec(treated_units=("T", "d01"), optimise_periods=optimised, **asked))
    for found in run.units:
        assert (found.left_out is not None, found.intervals is not None) == (True, True)
        assert found.earlier is not None
        assert found.earlier.start == 2006
        alone = synthetic_control(
            frame, outcome="y", unit="town", time="year", treated_unit=found.result.treated_unit, start=2010,
            donors=[f"d{place:02d}" for place in range(2, 8)], optimise_periods=list(map(int, optimised)),
        )  # fmt: skip
        assert found.result.effect == pytest.approx(alone.effect, abs=1e-6)


def test_donors_are_those_named_without_those_excluded() -> None:
    [unit] = run_synthetic(mixture(), spec(donors=("A", "B", "C"), exclude=("C",))).units
    assert sorted(unit.result.weights.index) == ["A", "B"]


def test_rows_of_persons_are_averaged_by_unit_and_period() -> None:
    frame = mixture()
    persons = pd.concat([frame.assign(y=frame["y"] + change) for change in (-1.0, 0.0, 1.0)])
    [unit] = run_synthetic(persons, spec(average_rows=True)).units
    [one] = run_synthetic(frame, spec()).units
    assert unit.result.effect == pytest.approx(one.result.effect)
    with pytest.raises(EffectError, match="repeat a unit and period"):
        run_synthetic(persons, spec())


def test_text_and_unknown_columns_have_no_mean() -> None:
    frame = mixture().assign(word="a")
    with pytest.raises(EffectError, match="'word' holds text") as caught:
        run_synthetic(frame, spec(average_rows=True, predictors=(PredictorSpec("word"),)))
    assert caught.value.reason == "synthetic_text_to_average"
    with pytest.raises(EffectError, match=r"no column 'z'; the columns are: .*town") as caught:
        run_synthetic(frame, spec(average_rows=True, outcome="z"))
    assert caught.value.reason == "effect_unknown_column"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"treated_units": ("Oslo",)}, "Oslo"),
        ({"start": "1950"}, "1950"),
        ({"outcome": "z"}, "'z'"),
        ({"unit": "z"}, "'z'"),
        ({"time": "z"}, "'z'"),
        ({"donors": ("A", "Oslo")}, "Oslo"),
        ({"predictors": (PredictorSpec("z"),)}, "'z'"),
        ({"predictors": (PredictorSpec("y", ("1950",)),)}, "1950"),
    ],
)
def test_what_is_not_in_the_panel_is_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(EffectError, match=said):
        run_synthetic(mixture(), spec(**changes))


def test_a_check_that_the_panel_does_not_admit_does_not_stop_the_others() -> None:
    run = run_synthetic(mixture(), spec(placebo_start="2000", leave_one_out=True, intervals=True))
    [unit] = run.units
    assert [part for part, _ in unit.failed] == ["earlier"]
    assert unit.left_out is not None
    assert unit.intervals is not None
    [failed] = run.as_dict()["failed"]
    assert failed["part"] == "earlier"
    assert "2000" in failed["text"]


def test_steps_rise_to_the_end_and_an_exception_ends_the_run() -> None:
    steps: list[tuple[int, int]] = []
    run_synthetic(mixture(), spec(), on_step=lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]

    def cancel(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run_synthetic(mixture(), spec(), on_step=cancel)
