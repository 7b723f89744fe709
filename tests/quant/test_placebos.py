"""Placebos in time and outcome, and effects without one cluster."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from quant.cluster_scores import cluster_influence, leave_one_cluster_out
from quant.did import did
from quant.errors import EffectError
from quant.event_study import event_study
from quant.placebos import placebo_dates, placebo_outcomes
from tests.quant.effect_panels import COLUMNS, START, register


def test_a_pretended_start_is_a_did_of_the_periods_before_the_real_one() -> None:
    panel = register(men=1.0, women=1.0)
    found = placebo_dates(panel, [2, 4], start=START, **COLUMNS)
    before = panel[panel["period"] < START]

    for row in found.table.itertuples():
        alone = did(before, **COLUMNS, start=row.start)
        assert (row.estimate, row.std_error) == (
            pytest.approx(alone.estimate, abs=1e-12),
            pytest.approx(alone.std_error, abs=1e-12),
        )
        assert row.percent_of_mean == pytest.approx(100 * row.estimate / row.treated_mean)
    assert list(found.table["periods_before"]) == [2, 4]
    assert list(found.table["periods_after"]) == [3, 1]


def test_all_periods_but_the_first_are_pretended_starts_by_default() -> None:
    steps: list[tuple[int, int]] = []
    found = placebo_dates(register(), start=START, on_step=lambda *at: steps.append(at), **COLUMNS)

    assert list(found.table["start"]) == [1, 2, 3, 4]
    assert steps[-1] == (4, 4)
    assert (found.table["q_value"] >= found.table["p_value"]).all()


def test_treated_now_gives_the_same_as_ever_treated_and_a_file_the_same_as_a_frame(tmp_path: Path) -> None:
    panel = register()
    ever = placebo_dates(panel, start=START, **COLUMNS).table["estimate"]
    panel["programme"] = panel["programme"] * (panel["period"] >= START)
    now = placebo_dates(panel, **COLUMNS).table["estimate"]
    panel.to_parquet(tmp_path / "register.parquet")
    from_file = placebo_dates(tmp_path / "register.parquet", **COLUMNS).table["estimate"]

    assert now.tolist() == pytest.approx(ever.tolist())
    assert from_file.tolist() == pytest.approx(ever.tolist())


def test_groups_that_drift_apart_show_an_effect_before_there_is_one() -> None:
    drifting = placebo_dates(register(drift=0.6), start=START, **COLUMNS)
    steady = placebo_dates(register(men=1.0, women=1.0), start=START, **COLUMNS)

    assert drifting.found == 4
    assert drifting.notes[0].reason == "placebo_found"
    assert steady.found == 0
    assert steady.notes[0].reason == "placebo_none"


def test_outcomes_that_cannot_change_are_estimated_as_the_outcome_itself() -> None:
    panel = register(men=1.0, women=1.0)
    columns = {name: value for name, value in COLUMNS.items() if name != "outcome"}
    found = placebo_outcomes(panel, ["height"], start=START, **columns)

    assert found.table["estimate"].iloc[0] == did(panel, start=START, outcome="height", **columns).estimate
    assert found.kind == "outcomes"
    with pytest.raises(EffectError) as error:
        placebo_outcomes(panel, [], start=START, **columns)
    assert error.value.reason == "placebo_no_outcomes"


def test_placebo_dates_need_two_periods_before_the_start() -> None:
    panel = register()
    with pytest.raises(EffectError) as few:
        placebo_dates(panel[panel["period"] >= START - 1], start=START, **COLUMNS)
    with pytest.raises(EffectError) as late:
        placebo_dates(panel, [6], start=START, **COLUMNS)
    with pytest.raises(EffectError) as first:
        placebo_dates(panel, [0], start=START, **COLUMNS)

    reasons = [error.value.reason for error in (few, late, first)]
    assert reasons == ["placebo_too_few_periods", "placebo_start_outside", "placebo_start_outside"]


@pytest.mark.parametrize("fixed_effects", ["unit", "group"])
def test_an_effect_without_a_cluster_is_that_of_the_panel_without_it(fixed_effects: str) -> None:
    panel = register(men=0.5, women=0.5).drop(range(0, 600, 7))
    options = {**COLUMNS, "start": START, "covariates": ["height"], "fixed_effects": fixed_effects}
    found = leave_one_cluster_out(did(panel, gaps="keep", **options))
    n, terms = len(panel), 9 if fixed_effects == "unit" else 11

    assert len(found.table) == 20
    for row in found.table.iloc[[0, 7, 19]].itertuples():
        rest = panel[panel["municipality"] != row.cluster]
        again = did(rest, gaps="keep", **options)
        # Of the small-sample factor only the number of clusters changes.
        ratio = np.sqrt((n - 1) / (n - terms) * (len(rest) - terms) / (len(rest) - 1))
        assert row.estimate == pytest.approx(again.estimate, rel=1e-8)
        assert row.std_error == pytest.approx(again.std_error * ratio, rel=1e-4)
        assert row.treated == (row.cluster < "M08")
    assert found.range == (found.table["estimate"].min(), found.table["estimate"].max())
    assert found.table["change"].abs().is_monotonic_decreasing
    assert found.most_influential == found.table["cluster"].iloc[0]


def test_the_average_of_an_event_study_is_left_out_from_too() -> None:
    panel = register(men=0.5, women=0.5)
    study = event_study(panel, base=4, **COLUMNS)
    found = leave_one_cluster_out(study)
    without = event_study(panel[panel["municipality"] != "M03"], base=4, **COLUMNS)
    row = found.table.set_index("cluster").loc["M03"]

    assert found.target == "average"
    assert found.estimate == pytest.approx(study.of_kind("post")["estimate"].mean())
    assert row["estimate"] == pytest.approx(without.of_kind("post")["estimate"].mean())
    assert leave_one_cluster_out(study, term="6").target == "6"


def test_parts_of_clusters_add_up_to_the_covariance() -> None:
    study = event_study(register(), base=4, **COLUMNS)
    parts = cluster_influence(study)

    assert study.fit is not None
    assert study.fit.factor * (parts.T @ parts).to_numpy() == pytest.approx(study.covariance.to_numpy())
    assert sorted(parts.index) == [f"M{code:02}" for code in range(20)]


def test_a_conclusion_that_rests_on_one_municipality_is_named() -> None:
    panel = register(seed=4)
    panel.loc[(panel["municipality"] == "M02") & (panel["period"] >= START), "employed"] += 9.0
    found = leave_one_cluster_out(did(panel, start=START, **COLUMNS))
    steps = [note for note in found.notes if note.reason == "leave_out_turns"]

    assert found.most_influential == "M02"
    assert len(steps) == 1


def test_the_only_treated_cluster_cannot_be_left_out() -> None:
    panel = register()
    panel["programme"] = (panel["municipality"] == "M02").astype(int)
    found = leave_one_cluster_out(did(panel, start=START, **COLUMNS))

    assert found.table.set_index("cluster")["estimate"].isna().sum() == 1
    assert found.notes[0].reason == "leave_out_not_identified"
    assert found.notes[0].values["clusters"] == "M02"


def test_clusters_and_terms_that_are_not_there_are_refused() -> None:
    columns = {**COLUMNS, "cluster": None}
    with pytest.raises(EffectError) as ordinary:
        leave_one_cluster_out(did(register(), start=START, **columns))
    with pytest.raises(EffectError) as unknown:
        leave_one_cluster_out(did(register(), start=START, **COLUMNS), term="effect of all")

    assert (ordinary.value.reason, unknown.value.reason) == ("leave_out_not_clustered", "effect_unknown_term")
