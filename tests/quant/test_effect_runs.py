"""Declarations of difference-in-differences computed: each part asked for, the same numbers as one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from quant.did import did
from quant.effect_bootstrap import effect_bootstrap
from quant.effect_run_values import run_dict
from quant.effect_runs import run_effects
from quant.effect_specs import EffectSpec
from quant.errors import EffectError
from quant.event_study import event_study
from quant.placebos import placebo_dates
from quant.pretrend_tests import pretrend_test
from quant.staggered import staggered
from quant.subgroups import subgroup_effects

from .effect_panels import COLUMNS, START, register

MODEL = {name: value for name, value in COLUMNS.items() if name != "outcome"}
YEARS = range(2010, 2016)


def spec(**given: Any) -> EffectSpec:
    """A declaration for `register`; a value of None leaves a part of the model out."""
    outcome = given.pop("outcome", "employed")
    return EffectSpec(**{"outcomes": (outcome,), "start": str(START), **MODEL, **given})


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return register(men=0.5, women=0.5)


def exact(effect: float = 2.0, drift: float = 0.0) -> pd.DataFrame:
    """Four towns and six years with known means: each treated town gains the effect from 2013 on."""
    rows = [
        (town, year, int(town in "AB"), place + (year - 2010) * (1 + drift * (town in "AB"))
         + effect * (town in "AB" and year >= 2013) + 0.1 * ((place + year) % 2))
        for place, town in enumerate("ABCD")
        for year in YEARS
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["town", "year", "treated", "y"])


EXACT = EffectSpec(outcomes=("y",), unit="town", time="year", treated="treated", start="2013")


def test_a_known_effect_is_found_pooled_and_by_period() -> None:
    [found] = run_effects(exact(), EXACT).outcomes
    assert found.effect is not None
    assert found.effect.estimate == pytest.approx(2.0)
    assert list(found.effect.table["term"]) == ["effect"]
    assert found.periods == ("2010", "2011", "2012", "2013", "2014", "2015")
    assert (found.base, found.start) == ("2012", "2013")
    after = found.by_period.of_kind("post")
    assert list(after["term"]) == ["2013", "2014", "2015"]
    assert list(after["estimate"]) == pytest.approx([2.0, 2.0, 2.0])
    assert list(found.by_period.of_kind("pre")["estimate"]) == pytest.approx([0.0, 0.0], abs=1e-12)


def test_the_means_are_those_of_the_rows() -> None:
    frame = exact()
    [found] = run_effects(frame, EXACT).outcomes
    by_hand = frame.groupby(["treated", "year"])["y"].mean()
    assert list(found.means["group"]) == ["treated"] * 6 + ["compared"] * 6
    assert list(found.means["mean"]) == pytest.approx([*by_hand[1], *by_hand[0]])
    assert list(found.means["n"]) == [2] * 12


def test_the_numbers_are_those_of_the_single_estimators(panel: pd.DataFrame) -> None:
    [found] = run_effects(panel, spec()).outcomes
    pooled = did(panel, **COLUMNS, start=START)
    by_period = event_study(panel, **COLUMNS, start=START, base=START - 1)
    assert found.effect is not None
    pd.testing.assert_frame_equal(found.effect.table, pooled.table)
    pd.testing.assert_frame_equal(found.by_period.table, by_period.table)
    assert found.pretrend_p == pretrend_test(by_period).p_value


def test_the_values_are_json_and_hold_the_same_numbers(panel: pd.DataFrame) -> None:
    values = run_dict(run_effects(panel, spec(subgroups=("gender",), placebo_starts=("3",))))
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    pooled = did(panel, **COLUMNS, start=START)
    assert (values["estimate"], values["std_error"]) == (pooled.estimate, pooled.std_error)
    assert (values["n"], values["clusters"], values["treated_clusters"]) == (1920, 20, 8)
    [outcome] = values["outcomes"]
    assert outcome["effect"]["table"][0]["estimate"] == pooled.estimate
    assert len(outcome["by_period"]["table"]) == 7
    assert values["spec"]["start"] == "5"


def test_of_several_outcomes_none_stands_on_top(panel: pd.DataFrame) -> None:
    values = run_dict(run_effects(panel, spec(outcomes=("employed", "height"))))
    assert "estimate" not in values
    assert [each["outcome"] for each in values["outcomes"]] == ["employed", "height"]


def test_the_gate_is_passed_failed_or_untested(panel: pd.DataFrame) -> None:
    [passed] = run_effects(panel, spec()).outcomes
    assert passed.pretrend_p is not None
    assert passed.pretrend_p > 0.05
    assert passed.status == "passed"
    [stricter] = run_effects(panel, spec(gate=0.9999)).outcomes
    assert (stricter.pretrend_p, stricter.status) == (passed.pretrend_p, "failed")
    [drifting] = run_effects(register(women=0.5, drift=1.0), spec()).outcomes
    assert drifting.status == "failed"
    [short] = run_effects(panel[panel["period"] >= START - 1], spec()).outcomes
    assert (short.pretrend_p, short.status) == (None, "untested")
    assert short.effect is not None
    assert {part for part, _ in short.failed} == {"pretrend", "power"}


def test_windows_are_pooled_each_for_itself(panel: pd.DataFrame) -> None:
    windows = {"early": ("5",), "late": ("6", "7")}
    [found] = run_effects(panel, spec(windows=windows)).outcomes
    apart = did(panel, **COLUMNS, start=START, windows={"early": [5], "late": [6, 7]})
    assert found.effect is not None
    assert list(found.effect.table["term"]) == ["early", "late"]
    pd.testing.assert_frame_equal(found.effect.table, apart.table)


def test_a_period_not_in_the_panel_is_refused_by_name(panel: pd.DataFrame) -> None:
    with pytest.raises(EffectError, match="2031"):
        run_effects(panel, spec(start="2031"))
    with pytest.raises(EffectError, match="77"):
        run_effects(panel, spec(windows={"late": ("77",)}))


def test_an_event_study_pools_nothing(panel: pd.DataFrame) -> None:
    values = run_dict(run_effects(panel, spec(design="event_study", base="2")))
    [outcome] = values["outcomes"]
    assert outcome["effect"] is None
    assert outcome["base"] == "2"
    assert values["table"] == outcome["by_period"]["table"]
    assert "2" not in [row["term"] for row in values["table"]]


def test_subgroups_and_pretended_starts_are_those_made_apart(panel: pd.DataFrame) -> None:
    [found] = run_effects(panel, spec(subgroups=("gender",), placebo_starts=("3",))).outcomes
    apart = subgroup_effects(panel, "gender", **COLUMNS, start=START, base=START - 1)
    assert found.subgroups is not None
    pd.testing.assert_frame_equal(found.subgroups.table, apart.table)
    [pretended] = found.placebos
    pd.testing.assert_frame_equal(pretended.table, placebo_dates(panel, [3], **COLUMNS, start=START).table)


def test_placebo_outcomes_stand_once_with_the_first_outcome(panel: pd.DataFrame) -> None:
    both = spec(outcomes=("employed", "height"), placebo_outcomes=("height",))
    first, second = run_effects(panel, both).outcomes
    assert [placebo.kind for placebo in first.placebos] == ["outcomes"]
    assert list(first.placebos[0].table["outcome"]) == ["height"]
    assert second.placebos == ()


def test_the_bootstrap_is_made_for_each_window_with_draws_and_seed(panel: pd.DataFrame) -> None:
    windows = {"early": ("5",), "late": ("6", "7")}
    [found] = run_effects(panel, spec(windows=windows, bootstrap=True, draws=99, seed=4)).outcomes
    assert [(each.term, each.draws, each.seed) for each in found.bootstraps] == [
        ("early", 99, 4),
        ("late", 99, 4),
    ]
    assert found.effect is not None
    again = effect_bootstrap(found.effect, "late", draws=99, seed=4)
    assert found.bootstraps[1].p_value == again.p_value


def test_staggered_starts_are_compared_with_those_who_have_not_begun() -> None:
    frame = register(men=0.5, women=0.5)
    later = frame["municipality"].isin(["M04", "M05", "M06", "M07"])
    frame["first"] = np.where(frame["programme"] == 1, np.where(later, 6, 4), np.nan)
    declared = spec(design="staggered", treated="", start="first")
    [found] = run_effects(frame, declared).outcomes
    apart = staggered(
        frame, outcome="employed", unit="person", time="period", start="first", cluster="municipality"
    )
    assert found.effect is not None
    assert found.effect.estimate == pytest.approx(apart.simple.estimate)
    assert found.status in ("passed", "failed")
    values = run_dict(run_effects(frame, declared))
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert {row["cohort"] for row in values["outcomes"][0]["group_time"]} == {4, 6}


def test_an_outcome_that_cannot_be_estimated_does_not_stop_the_others(panel: pd.DataFrame) -> None:
    run = run_effects(panel, spec(outcomes=("gender", "employed", "missing")))
    assert [found.outcome for found in run.outcomes] == ["employed"]
    assert [outcome for outcome, _ in run.failed] == ["gender", "missing"]
    failed = run_dict(run)["failed"]
    assert failed[0]["outcome"] == "gender"
    assert "gender" in failed[0]["text"]
    assert failed[1]["reason"] == run.failed[1][1].reason


def test_when_none_can_be_estimated_the_first_reason_is_raised(panel: pd.DataFrame) -> None:
    with pytest.raises(EffectError, match="gender"):
        run_effects(panel, spec(outcomes=("gender", "missing")))


def test_a_check_that_the_panel_does_not_admit_does_not_stop_the_others(panel: pd.DataFrame) -> None:
    [found] = run_effects(panel, spec(placebo_starts=("0",), subgroups=("gender", "person"))).outcomes
    assert {part for part, _ in found.failed} == {"placebo_starts", "subgroups"}
    assert found.effect is not None
    [outcome] = run_dict(run_effects(panel, spec(placebo_starts=("0",))))["outcomes"]
    assert [each["part"] for each in outcome["failed"]] == ["placebo_starts"]


def test_steps_rise_to_the_end_and_never_fall(panel: pd.DataFrame) -> None:
    steps: list[tuple[int, int]] = []
    declared = spec(outcomes=("employed", "gender", "height"), subgroups=("gender",))
    run_effects(panel, declared, on_step=lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert {total for _, total in steps} == {steps[-1][0]}
    assert steps[0][0] >= 1


def test_what_a_step_raises_ends_the_run(panel: pd.DataFrame) -> None:
    calls: list[int] = []

    def cancel(done: int, total: int) -> None:
        calls.append(done)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run_effects(panel, spec(outcomes=("employed", "height")), on_step=cancel)
    assert calls == [1]


@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning")
def test_a_frame_a_file_and_a_table_of_an_engine_give_the_same(panel: pd.DataFrame, tmp_path: Path) -> None:
    file = tmp_path / "panel.parquet"
    panel.to_parquet(file)
    declared = spec(subgroups=("gender",), placebo_starts=("3",), bootstrap=True, draws=99)
    rows = run_dict(run_effects(panel, declared))
    for other in (file, ibis.duckdb.connect().read_parquet(str(file))):
        assert_close(run_dict(run_effects(other, declared)), rows)


def assert_close(values: Any, expected: Any) -> None:
    """Equal JSON values, numbers within rounding; only how many cells were made of the rows may differ."""
    if isinstance(expected, dict):
        assert set(values) == set(expected)
        for name in set(expected) - {"cells"}:
            assert_close(values[name], expected[name])
    elif isinstance(expected, list):
        assert len(values) == len(expected)
        for one, other in zip(values, expected, strict=True):
            assert_close(one, other)
    elif isinstance(expected, float):
        assert values == pytest.approx(expected, rel=1e-7, abs=1e-9)
    else:
        assert values == expected


def test_the_panel_is_not_changed(panel: pd.DataFrame) -> None:
    before = panel.copy()
    run_effects(panel, spec(subgroups=("gender",), placebo_starts=("3",)))
    pd.testing.assert_frame_equal(panel, before)
