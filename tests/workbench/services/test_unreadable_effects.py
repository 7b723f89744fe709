"""An effect whose gate failed is shown as one nowhere: in no table of its checks, and in no figure."""

from __future__ import annotations

from typing import Any

import pytest

from quant.effect_specs import effect_spec, synthetic_spec
from workbench.services.effect_check_tables import left_out_table, randomisation_table
from workbench.services.effect_run_figures import subgroups_figure
from workbench.services.effect_run_tables import EffectTables
from workbench.services.effect_runs import Findings, estimate_effects, open_panel
from workbench.services.effect_trend_tables import sensitivity_table
from workbench.services.synthetic_runs import estimate_synthetic
from workbench.services.synthetic_tables import SyntheticTables

from .panel_material import DID, SYNTHETIC, YEARS, panel, panel_file


def estimated(**asked: Any) -> Findings:
    return estimate_effects(open_panel(panel_file()), effect_spec({**DID, **asked}))


@pytest.fixture(scope="module")
def found() -> Findings:
    """Of `work`, whose gate is passed, and of `pay`, which drifts before the start."""
    run = estimated(outcomes=["work", "pay"], randomisation=True, leave_one_out=True)
    assert [each["status"] for each in run.outcomes] == ["passed", "failed"]
    return run


def test_other_clusters_as_if_treated_are_shown_for_readable_effects_only(found: Findings) -> None:
    assert found.outcomes[1]["randomisation"]["estimate"] > 0
    table = randomisation_table(EffectTables(found, language="en"))
    assert table is not None
    shown: list[tuple[object, ...]] = [row[:3] for row in table.rows]
    assert shown == [
        ("work", pytest.approx(found.outcomes[0]["effect"]["table"][0]["estimate"]), pytest.approx(1 / 56))
    ]


def test_effects_without_one_cluster_are_shown_for_readable_effects_only(found: Findings) -> None:
    table = left_out_table(EffectTables(found, language="en"))
    assert table is not None
    assert [name for _, name in table.sections] == ["work"]
    assert [row[1] for row in table.rows] == [found.outcomes[0]["left_out"][0]["estimate"]]
    alone = estimated(outcomes=["pay"], randomisation=True, leave_one_out=True)
    tables = EffectTables(alone, language="en")
    assert randomisation_table(tables) is None
    assert left_out_table(tables) is None


def test_a_subgroup_whose_trends_could_not_be_tested_is_drawn_as_one_that_may_not_be_read() -> None:
    short = panel()[lambda rows: rows["year"] >= YEARS.start + 9]
    run = estimate_effects(open_panel(panel_file(frame=short)), effect_spec({**DID, "subgroups": ["size"]}))
    [work] = run.outcomes
    assert {row["gate"] for row in work["subgroups"]["table"]} == {"not_tested"}
    forest = subgroups_figure(run, work, language="en")
    assert forest is not None
    assert forest.alt_text.count("not interpretable") >= 2


def test_bounds_say_that_the_clusters_are_few() -> None:
    table = sensitivity_table(EffectTables(estimated(sensitivity=True), language="en"))
    assert table is not None
    assert any("with 8 clusters they are too narrow" in note for note in table.notes)


def test_units_that_no_donors_resemble_have_no_effect_alone_or_together() -> None:
    frame = panel()
    jumps = [100.0 * (place % 3) for place in range(len(YEARS))]
    for town in ("Assens", "Greve"):
        frame.loc[frame["town"] == town, "work"] = jumps
    asked = {**SYNTHETIC, "treated_units": ["Assens", "Greve"], "exclude": ["Køge"]}
    run = estimate_synthetic(open_panel(panel_file(frame=frame)), synthetic_spec(asked))
    assert [unit["fit"] for unit in run.units] == ["poor", "poor"]
    tables = SyntheticTables(run, language="en")
    assert run.units[0]["match"]["explained"] < 0
    assert ": 0 % of the variation is matched" in tables.fit_sentence(run.units[0])
    for row in tables.summary().rows:
        assert (row[1], row[2], row[-1]) == ("not interpretable", None, None)
    assert [row[2] for row in tables.donors(run.units[0]).rows] == [None] * len(run.units[0]["weights"])


def test_robust_errors_that_cluster_on_the_units_say_so() -> None:
    tables = EffectTables(estimated(cluster=None, vcov="robust"), language="en")
    assert "clustered by town (8 clusters" in tables.method(tables.found.outcomes[0])
