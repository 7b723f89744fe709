"""Tables of questionnaires and factor solutions: the numbers behind them, their words in both languages."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from quant import indices
from tests.pages.numbers_material import numbers_study
from workbench.display import to_records
from workbench.services import factors, surveys
from workbench.services.studies import Study
from workbench.services.survey_tables import (
    eigenvalues_table,
    findings_detail,
    findings_table,
    flow_table,
    indices_table,
    loadings_table,
    means_table,
    solution_label,
    summarise_indices,
)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return numbers_study(tmp_path)


def test_the_flow_counts_questionnaires_by_stage_and_round(study: Study) -> None:
    [source] = surveys.answers_sources(study)
    table = flow_table(source.flow, surveys.require_instrument(study), language="en")
    assert to_records(table)[0] == {"stage": "Collected", "round": 1, "citizen": 40, "caseworker": 40}
    assert [record["stage"] for record in to_records(table)][-1] == "Analysis sample"


def test_a_mean_in_the_table_is_the_mean_of_the_answers(study: Study) -> None:
    answers = surveys.require_answers(study)
    women = answers.persons.index[answers.persons["gender"] == "women"]
    mine = answers.frame[
        (answers.frame["item"] == "b_health")
        & (answers.frame["round"] == 2)
        & answers.frame["person"].isin(women)
    ]
    table = means_table(
        surveys.means_by_group(study, by="gender"), answers.instrument, language="en", by="gender"
    )
    row = next(
        record
        for record in to_records(table)
        if (record["name"], record["group"]) == ("Health in relation to work", "women")
    )
    assert row["section"] == "Citizen"
    assert (row["n_2"], row["mean_2"]) == (20, pytest.approx(mine["value"].mean()))
    assert [column.group for column in table.columns][2] == "Round 1"


def test_an_index_has_the_t_interval_of_its_mean() -> None:
    class Small:
        persons = pd.DataFrame(index=pd.Index(["a", "b", "c"], name="person"))

    table = pd.DataFrame(
        {"person": ["a", "b", "c"], "round": 1, "factor": "f", "value": [1.0, 2.0, None], "n_items": 2}
    )
    [row] = summarise_indices(table, Small()).to_dict("records")  # type: ignore[arg-type]
    # n = 2, mean 1.5, s = .7071; t(.975, 1) = 12.7062; half width = 12.7062 * .5
    assert (row["n"], row["mean"]) == (2, 1.5)
    assert row["ci_low"] == pytest.approx(1.5 - 6.3531, abs=1e-4)


def test_the_indices_table_names_factors_and_counts_persons(study: Study) -> None:
    answers = surveys.require_answers(study)
    summary = summarise_indices(indices(answers, answers.instrument, "citizen"), answers)
    first = to_records(indices_table(summary, answers.instrument, "citizen", language="da"))[0]
    assert (first["name"], first["n_1"]) == ("Selvtillid, målrettethed og helbred", 40)


def test_loadings_stand_under_their_factor_with_method_and_sample_in_the_note(study: Study) -> None:
    [solution] = factors.factor_solutions(study, solutions=("citizen",))
    table = loadings_table(solution, surveys.require_instrument(study), language="en")
    records = to_records(table)
    assert len(records) == 11
    by_name = {record["indicator"]: record for record in records}
    loaded = solution.result.loadings.loc["b_health"]
    assert [by_name["Health in relation to work"][factor] for factor in loaded.index] == list(loaded)
    assert table.notes[0].endswith("varimax without Kaiser normalisation (as Stata's rotate).")
    assert table.notes[1] == "Analysis sample, round 1, n = 40."
    assert table.notes[2].startswith("KMO = ")


def test_the_note_of_the_eigenvalues_names_the_divisor(study: Study) -> None:
    [solution] = factors.factor_solutions(study, solutions=("citizen",))
    table = eigenvalues_table(solution, surveys.require_instrument(study), language="da")
    records = to_records(table)
    total = sum(record["eigenvalue"] for record in records)
    assert records[0]["proportion"] == pytest.approx(records[0]["eigenvalue"] / total)
    assert records[0]["proportion_of_total"] == pytest.approx(records[0]["eigenvalue"] / 11)
    assert records[-1]["difference"] is None
    assert f"({total:.3f})".replace(".", ",") in table.notes[0]


def test_solutions_are_named_after_whose_answers_they_rest_on(study: Study) -> None:
    instrument = surveys.require_instrument(study)
    names = [solution_label(instrument, name, "en") for name in ("citizen", "caseworker", "joint")]
    assert names == ["Citizen", "Caseworker", "Citizen and caseworker"]


def test_in_a_joint_solution_each_indicator_says_who_answered(study: Study) -> None:
    [solution] = factors.factor_solutions(study, solutions=("joint",))
    table = loadings_table(solution, surveys.require_instrument(study), language="en")
    names = [record["indicator"] for record in to_records(table)]
    assert "Speaks Danish (citizen)" in names
    assert len(set(names)) == len(names)


def test_findings_are_told_in_words_with_row_and_respondent(study: Study) -> None:
    instrument = surveys.require_instrument(study)
    frame = pd.DataFrame(
        [
            {"kind": "out_of_range", "row": 7, "column": "b_health", "person": "P1", "respondent": "citizen",
             "round": 1, "value": "9"},
        ]
    )  # fmt: skip
    [detail] = to_records(findings_detail(frame, instrument, language="en"))
    assert (detail["row"], detail["respondent"], detail["value"]) == (7, "Citizen", "9")
    [counted] = to_records(findings_table({"out_of_range": 3}, language="da"))
    assert counted == {"finding": "Svaret ligger uden for skalaen og regnes som manglende", "count": 3}
