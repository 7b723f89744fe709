"""Analyses kept with the study: replaced, told stale, undone, and indices of chosen items among them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from quant import InstrumentError
from quant.regression_specs import RegressionSpec
from tests.workbench.services.regression_material import ITEM, answers_and_register, study_with_outcomes
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.services import (
    analyses,
    coding,
    goals,
    index_tables,
    index_values,
    regression_runs,
    regressions,
    surveys,
)
from workbench.services.files import GivenFile
from workbench.services.studies import Study, list_history

SPEC = RegressionSpec(outcomes=("employed",), predictors=(ITEM,), absorb="caseworker", title="Tabel 4")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return study_with_outcomes(tmp_path)


def import_answers(study: Study, content: bytes) -> None:
    draft = surveys.draft_answers(study, GivenFile("answers.csv", content))
    surveys.save_answers(study, draft, actor="anna")


def test_an_effect_estimate_is_kept_with_numbers_as_json_and_replaced_under_its_title(study: Study) -> None:
    result = {"estimate": np.float64(0.5), "std_error": math.nan, "periods": np.array([1, 2])[0]}
    first = analyses.save_analysis(
        study, "effect", title="DID", spec={"start": pd.Timestamp("2017-03-01").date()}, result=result,
        basis="abc", actor="anna",
    )  # fmt: skip
    analyses.save_analysis(study, "effect", title="DID", spec={"start": 4}, basis="def", actor="anna")
    [kept] = analyses.list_analyses(study, "effect")
    assert first.spec == {"start": "2017-03-01"}
    assert first.result == {"estimate": 0.5, "std_error": None, "periods": 1}
    assert (kept.id, kept.spec, kept.result, kept.stale) == (first.id, {"start": 4}, {}, False)


def test_a_run_is_stale_once_the_answers_change_and_not_by_the_same_file_or_goals(study: Study) -> None:
    found = regressions.regress_study(study, SPEC)
    regression_runs.keep_run(study, found, actor="anna")
    answers, register = answers_and_register()
    import_answers(study, answers)
    goal = (
        b'[[goals]]\nid = "w"\nlabel = { da = "J" }\nstatuses = ["111"]\n'
        b'period = "month"\nat_least = 1\nof = 3\n'
    )
    goals.import_goals(
        study, GivenFile("goals.toml", goal), GivenFile("register.csv", register), actor="anna"
    )
    assert [each.stale for each in regression_runs.kept_runs(study)] == [False]
    import_answers(study, answers.replace(b"women", b"men", 1))
    assert [each.stale for each in regression_runs.kept_runs(study)] == [True]


def test_a_kept_run_gives_the_same_numbers_again(study: Study) -> None:
    found = regressions.regress_study(study, replace(SPEC, errors="cluster", bootstrap=True, draws=199))
    kept = regression_runs.keep_run(study, found, title="Tabel 4", actor="anna")
    assert regression_runs.spec_of(kept) == found.run.spec
    again = regression_runs.run_again(study, kept)
    pd.testing.assert_frame_equal(again.run.estimates, found.run.estimates)
    assert again.bootstraps == found.bootstraps
    assert {each.draws for wild in again.bootstraps.values() for each in wild} == {512}  # 2^9 sign patterns
    assert regression_runs.run_again(study, kept) is again
    assert kept.result["estimates"][0]["estimate"] == found.run.estimates["estimate"].iloc[0]


def test_the_report_takes_named_runs_and_else_the_last(study: Study) -> None:
    found = regressions.regress_study(study, SPEC)
    regression_runs.keep_run(study, found, actor="anna")
    assert [each.title for each in regression_runs.reported_runs(study)] == [analyses.LAST_RUN]
    regression_runs.keep_run(study, found, title="Tabel 4", actor="anna")
    assert [each.title for each in regression_runs.reported_runs(study)] == ["Tabel 4"]
    assert len(regression_runs.kept_runs(study)) == 2


def test_undo_brings_a_removed_index_back_and_does_not_touch_the_last_run(study: Study) -> None:
    index_values.save_index(study, "Klar", [ITEM, "b_health"], min_share=0.5, actor="anna")
    index_values.remove_index(study, "Klar", actor="anna")
    regression_runs.keep_run(study, regressions.regress_study(study, SPEC), actor="anna")
    assert [entry.action for entry in list_history(study, limit=3)] == [
        "analysis.run",
        "analysis.remove",
        "analysis.save",
    ]
    coding.undo(study, actor="anna")
    assert index_values.own_indices(study) == [index_values.OwnIndex("Klar", (ITEM, "b_health"), 0.5)]
    assert len(regression_runs.kept_runs(study)) == 1
    coding.undo(study, actor="anna")
    assert index_values.own_indices(study) == []


def test_what_is_not_kept_cannot_be_removed(study: Study) -> None:
    index_values.save_index(study, "Klar", [ITEM], actor="anna")
    with pytest.raises(NotFoundError, match="Klar"):
        analyses.remove_analysis(study, "index", "Parat", actor="anna")


def test_an_own_index_is_the_mean_of_its_items_by_its_own_share(study: Study) -> None:
    index_values.save_index(study, "Klar", [ITEM, "b_health"], actor="anna")
    values = index_values.index_values(study, solution=index_values.OWN)
    answers = pd.read_csv(pd.io.common.BytesIO(answers_and_register()[0]))
    expected = answers[[ITEM, "b_health"]].mean(axis=1)
    assert values["value"].to_numpy() == pytest.approx(
        expected.set_axis(pd.MultiIndex.from_frame(answers[["person", "round"]]))
        .reindex(pd.MultiIndex.from_frame(values[["person", "round"]]))
        .to_numpy()
    )
    assert set(values["factor"]) == {"Klar"}


def test_an_own_index_can_explain_an_outcome(study: Study) -> None:
    index_values.save_index(study, "Klar nu", [ITEM], actor="anna")
    own = regressions.regress_study(study, replace(SPEC, predictors=("Klar nu",), models="joint"))
    item = regressions.regress_study(study, replace(SPEC, models="joint"))
    assert own.run.estimates["estimate"].to_list() == item.run.estimates["estimate"].to_list()


def test_changes_of_indices_stand_by_solution_with_their_interval(study: Study) -> None:
    index_values.save_index(study, "Klar", [ITEM], actor="anna")
    instrument = surveys.require_instrument(study)
    table = index_tables.every_change(study, instrument, language="da")
    assert table is not None
    assert [heading for _, heading in table.sections][-1] == "Egne indeks"
    name, n, first, last, change, low, high, spread = table.rows[-1]
    answers = pd.read_csv(pd.io.common.BytesIO(answers_and_register()[0]))
    wide = answers.pivot(index="person", columns="round", values=ITEM)
    moved = wide[2] - wide[1]
    assert (name, n) == ("Klar", 90)
    assert [first, last, change, spread] == pytest.approx(
        [wide[1].mean(), wide[2].mean(), moved.mean(), moved.std()]
    )
    half = 1.9869786885 * moved.std() / math.sqrt(90)  # the 97.5 % point of t with 89 degrees of freedom
    assert [low, high] == pytest.approx([moved.mean() - half, moved.mean() + half])


@pytest.mark.parametrize(
    ("name", "items", "share", "error", "words"),
    [
        (" ", [ITEM], 1.0, InvalidRequestError, "needs a name|skal have et navn"),
        ("b_health", [ITEM], 1.0, InvalidRequestError, "b_health"),
        ("b_danish", [ITEM], 1.0, InvalidRequestError, "b_danish"),
        ("overall_citizen", [ITEM], 1.0, InvalidRequestError, "overall_citizen"),
        ("Klar", [], 1.0, InvalidRequestError, "no items|ingen spørgsmål"),
        ("Klar", ["b_hope"], 1.0, InstrumentError, "b_hope"),
        ("Klar", [ITEM], 1.5, InvalidRequestError, "1.5"),
    ],
)
def test_an_index_that_cannot_be_is_refused(
    study: Study, name: str, items: list[str], share: float, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        index_values.save_index(study, name, items, min_share=share, actor="anna")
    assert index_values.own_indices(study) == []
