"""Subgroups are read behind the gate of their earlier trends, and compared by tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f

from quant.did import did
from quant.errors import EffectError
from quant.event_study import event_study
from quant.pretrend_tests import pretrend_test
from quant.regression import regression
from quant.staggered import staggered
from quant.subgroup_differences import independent_differences
from quant.subgroups import staggered_subgroup_effects, subgroup_effects
from tests.quant.effect_panels import COLUMNS, START, register

BASE = START - 1


def test_each_subgroup_is_a_model_of_its_own() -> None:
    panel = register(men=0.2, women=0.8)
    found = subgroup_effects(panel, "gender", base=BASE, **COLUMNS)
    women = panel[panel["gender"] == "women"]
    alone = did(women, start=START, **COLUMNS)
    gate = pretrend_test(event_study(women, base=BASE, **COLUMNS))
    row = found.table.set_index("subgroup").loc["women"]

    assert list(found.table["subgroup"]) == ["men", "women"]
    assert (row["estimate"], row["std_error"]) == (alone.estimate, alone.std_error)
    assert (row["pretrend_p"], row["n"], row["clusters"]) == (gate.p_value, alone.n, 20)
    assert (row["gate"], bool(row["interpretable"])) == ("passed", True)


def test_a_subgroup_that_moved_apart_before_the_start_keeps_its_number_but_is_not_interpretable() -> None:
    found = subgroup_effects(register(drift=0.5), "gender", base=BASE, **COLUMNS)
    rows = found.table.set_index("subgroup")

    assert (rows.loc["women", "gate"], bool(rows.loc["women", "interpretable"])) == ("failed", False)
    assert rows.loc["women", "estimate"] > 1
    assert bool(rows.loc["men", "interpretable"])
    assert not found.differences["interpretable"].any()
    assert found.differences["q_value"].isna().all()
    assert found.equality.empty
    assert [(note.reason, note.values["subgroups"]) for note in found.notes] == [("subgroup_failed", "women")]


def test_a_difference_is_that_of_one_model_with_all_terms_interacted() -> None:
    panel = register(men=0.2, women=0.8)
    found = subgroup_effects(panel, "gender", base=BASE, **COLUMNS)
    panel["on"] = panel["programme"] * (panel["period"] >= START)
    panel["woman"] = (panel["gender"] == "women").astype(float)
    panel["on_woman"] = panel["on"] * panel["woman"]
    for period in range(1, 8):
        panel[f"w{period}"] = panel["woman"] * (panel["period"] == period)
    terms = " + ".join(f"w{period}" for period in range(1, 8))
    whole = regression(
        f"employed ~ C(period) + {terms} + on + on_woman",
        panel,
        absorb="person",
        vcov={"cluster": "municipality"},
        dof="xtreg",
    )
    row = found.differences.iloc[0]
    n, half = len(panel), len(panel) // 2
    # Small-sample factors: 17 terms and n rows in one model, 9 and n / 2 in each of the two.
    ratio = np.sqrt((half - 1) / (half - 9) * (n - 17) / (n - 1))

    assert (row["first"], row["second"]) == ("men", "women")
    assert row["difference"] == pytest.approx(-whole.estimate("on_woman"), abs=1e-10)
    assert row["std_error"] == pytest.approx(whole.std_error("on_woman") * ratio, rel=1e-9)
    assert row["df"] == 19


def test_the_equality_test_of_two_subgroups_is_their_difference() -> None:
    found = subgroup_effects(register(men=0.2, women=0.8), "gender", base=BASE, **COLUMNS)

    assert found.equality["p_value"].iloc[0] == pytest.approx(found.differences["p_value"].iloc[0], rel=1e-9)
    assert found.equality["statistic"].iloc[0] == pytest.approx(found.differences["statistic"].iloc[0] ** 2)


def test_subgroups_without_common_clusters_are_independent() -> None:
    found = subgroup_effects(register(), "region", base=BASE, **COLUMNS)
    errors = found.table["std_error"]

    assert found.differences["std_error"].iloc[0] == pytest.approx(np.hypot(errors[0], errors[1]))


def test_ordinary_errors_are_independent_between_subgroups() -> None:
    columns = {**COLUMNS, "cluster": None}
    found = subgroup_effects(register(), "gender", base=BASE, **columns)
    errors = found.table["std_error"]

    assert found.differences["std_error"].iloc[0] == pytest.approx(np.hypot(errors[0], errors[1]))


def test_errors_of_differences_are_as_large_as_the_differences_vary() -> None:
    rows = [
        subgroup_effects(register(seed=seed, persons=4), "gender", base=BASE, **COLUMNS).differences.iloc[0]
        for seed in range(24)
    ]
    spread = np.std([row["difference"] for row in rows])

    assert np.mean([row["std_error"] for row in rows]) == pytest.approx(spread, rel=0.3)


def test_windows_and_several_columns_make_one_family_of_tests() -> None:
    steps: list[tuple[int, int]] = []
    found = subgroup_effects(
        register(women=0.5),
        ["gender", "region"],
        base=BASE,
        windows={"first": [5], "later": [6, 7]},
        on_step=lambda *at: steps.append(at),
        **COLUMNS,
    )

    assert list(found.differences["term"]) == ["first", "later", "first", "later"]
    assert len(found.table) == 8
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    readable = found.differences[found.differences["interpretable"]]
    assert (readable["q_value"] >= readable["p_value"]).all()


def test_a_subgroup_without_treated_stays_in_the_table_and_says_why() -> None:
    panel = register()
    panel["island"] = np.where(panel["municipality"] == "M19", "yes", "no")
    found = subgroup_effects(panel, "island", base=BASE, **COLUMNS)
    row = found.table.set_index("subgroup").loc["yes"]

    assert (row["gate"], bool(row["interpretable"])) == ("not_estimated", False)
    assert np.isnan(row["estimate"])
    assert found.refusals["island", "yes"].reason == "effect_no_treated"
    assert found.notes[-1].reason == "subgroup_not_estimated"


def test_one_period_before_the_start_leaves_the_gate_untested() -> None:
    panel = register()
    found = subgroup_effects(panel[panel["period"] >= BASE], "gender", base=BASE, **COLUMNS)

    assert list(found.table["gate"]) == ["not_tested", "not_tested"]
    assert not found.table["interpretable"].any()
    assert found.notes[0].reason == "subgroup_not_tested"


def test_a_file_gives_the_same_as_a_frame(tmp_path: Path) -> None:
    panel = register(women=0.5)
    file = tmp_path / "register.parquet"
    panel.to_parquet(file)
    from_frame = subgroup_effects(panel, "gender", base=BASE, **COLUMNS)
    from_file = subgroup_effects(file, "gender", base=BASE, **COLUMNS)

    numbers = ["estimate", "std_error", "pretrend_p", "n"]
    assert from_file.table[numbers].to_numpy(float) == pytest.approx(
        from_frame.table[numbers].to_numpy(float)
    )
    assert from_file.differences["std_error"].tolist() == pytest.approx(
        from_frame.differences["std_error"].tolist()
    )


def test_men_and_women_on_internship_do_not_differ_although_their_stars_do() -> None:
    # Thuesen et al. (2020): internship 2018, men 0.038 (0.014), women 0.023 (0.012).
    published = pd.DataFrame(
        {"subgroup": ["men", "women"], "estimate": [0.038, 0.023], "std_error": [0.014, 0.012]}
    )
    row = independent_differences(published).iloc[0]

    assert row["difference"] == pytest.approx(0.015)
    assert row["std_error"] == pytest.approx(0.01844, abs=1e-5)
    assert round(row["p_value"], 2) == 0.42


def test_pairs_that_cannot_be_read_do_not_count_as_tests() -> None:
    published = pd.DataFrame(
        {
            "subgroup": ["a", "b", "c"],
            "estimate": [0.3, 0.0, 5.0],
            "std_error": [0.1, 0.1, 0.1],
            "interpretable": [True, True, False],
        }
    )
    found = independent_differences(published).set_index(["first", "second"])

    assert found.loc[("a", "b"), "q_value"] == found.loc[("a", "b"), "p_value"]
    assert found.loc[[("a", "c"), ("b", "c")], "q_value"].isna().all()


def test_differences_need_two_estimates() -> None:
    for frame in (
        pd.DataFrame({"subgroup": ["a"], "estimate": [1.0], "std_error": [0.1]}),
        pd.DataFrame({"subgroup": ["a", "b"], "estimate": [1.0, 2.0]}),
    ):
        with pytest.raises(EffectError) as error:
            independent_differences(frame)
        assert error.value.reason == "subgroup_no_estimates"


def test_columns_that_make_no_subgroups_are_refused() -> None:
    panel = register()
    panel["one"] = "all"
    panel["age"] = panel["period"] % 3
    for column, reason in (
        ("nothing", "effect_unknown_column"),
        ("one", "subgroup_number"),
        ("person", "subgroup_number"),
        ("age", "subgroup_changes"),
    ):
        with pytest.raises(EffectError) as error:
            subgroup_effects(panel, column, base=BASE, **COLUMNS)
        assert error.value.reason == reason


def test_many_subgroups_are_tested_at_once_in_the_size_that_clusters_allow() -> None:
    panel = register(persons=24)
    panel["school"] = "s" + (panel["person"] % 6).astype(str)
    found = subgroup_effects(panel, "school", base=BASE, gate=0.0, **COLUMNS)
    row = found.equality.iloc[0]

    assert (row["subgroups"], row["df_num"], row["df"]) == (6, 5, 19)
    assert row["p_value"] == pytest.approx(f.sf(row["statistic"] * 15 / 19, 5, 15))
    assert len(found.differences) == 15


def test_subgroups_with_different_starts_are_staggered_models_of_their_own() -> None:
    panel = register()
    place = panel["municipality"].str[1:].astype(int)
    panel["start"] = np.select([place < 4, place < 8], [4.0, 5.0], np.nan)
    panel.loc[panel["period"] >= panel["start"], "employed"] += 0.7
    options = {"outcome": "employed", "unit": "person", "time": "period", "start": "start"}
    clustered = staggered_subgroup_effects(panel, "gender", cluster="municipality", **options)
    women = staggered(panel[panel["gender"] == "women"], cluster="municipality", **options)
    row = clustered.table.set_index("subgroup").loc["women"]
    errors = clustered.table["std_error"]

    assert (row["estimate"], row["std_error"]) == (women.simple.estimate, women.simple.std_error)
    assert women.pretrend is not None
    assert row["pretrend_p"] == women.pretrend.p_value
    assert clustered.differences["std_error"].iloc[0] == pytest.approx(np.hypot(errors[0], errors[1]))
    assert clustered.notes[-1].reason == "subgroup_independent"
    alone = staggered_subgroup_effects(panel, "gender", **options)
    assert "subgroup_independent" not in [note.reason for note in alone.notes]
