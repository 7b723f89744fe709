"""Answers through the store: what comes back equals what was read; computations equal the core package's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from quant import factor_analysis, guess_mapping, load_instrument, read_answers, read_table
from tests.pages.numbers_material import answers_csv
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.services import factors, surveys
from workbench.services.files import GivenFile
from workbench.services.studies import Study, create_study, list_history

FILE = GivenFile("answers.csv", answers_csv())


@pytest.fixture
def study(study_reference: str) -> Study:
    return create_study(study_reference, title="S", instrument="fip", actor="anna")


@pytest.fixture
def filled(tmp_path: Path) -> Study:
    study = create_study(tmp_path / "filled", instrument="fip", actor="anna")
    surveys.save_answers(study, surveys.draft_answers(study, FILE), actor="anna")
    return study


def sorted_answers(frame: pd.DataFrame) -> pd.DataFrame:
    ordered = frame.sort_values(["person", "respondent", "round", "item"]).reset_index(drop=True)
    return ordered.astype({"person": str, "respondent": str, "round": int, "item": str, "value": float})


def test_stored_answers_equal_those_read(study: Study) -> None:
    instrument = load_instrument("fip")
    table = read_table(FILE.content, FILE.name)
    read = read_answers(table, instrument, guess_mapping(table.columns, instrument))
    surveys.save_answers(study, surveys.draft_answers(study, FILE), actor="anna")
    stored = surveys.require_answers(study)
    pd.testing.assert_frame_equal(sorted_answers(stored.frame), sorted_answers(read.frame), check_dtype=False)
    assert stored.flow.to_dict("records") == read.flow.to_dict("records")
    assert stored.persons.loc["P07"].to_dict() == {"gender": "women", "age": 30}


def test_a_second_file_takes_the_place_of_the_first(study: Study) -> None:
    surveys.save_answers(study, surveys.draft_answers(study, FILE), actor="anna")
    shorter = GivenFile("second.csv", b"\n".join(FILE.content.split(b"\n")[:21]))
    surveys.save_answers(study, surveys.draft_answers(study, shorter), actor="anna", nature="simulated")
    [source] = surveys.answers_sources(study)
    assert (source.file_name, source.nature, source.persons, source.responses) == (
        "second.csv",
        "simulated",
        10,
        40,
    )
    assert surveys.require_answers(study).frame["person"].nunique() == 10
    assert [entry.action for entry in list_history(study)][:2] == ["answers.import", "answers.import"]


def test_a_draft_that_could_not_be_read_changes_nothing(filled: Study) -> None:
    instrument = surveys.require_instrument(filled)
    mapping = guess_mapping(read_table(FILE.content, FILE.name).columns, instrument)
    bad = surveys.draft_answers(filled, GivenFile("bad.csv", b"person,b_health\nP1,9\n"), mapping=mapping)
    assert bad.answers is None
    assert "'round', som filen ikke har" in bad.problem
    with pytest.raises(InvalidRequestError, match=r"bad\.csv"):
        surveys.save_answers(filled, bad, actor="anna")
    assert surveys.answers_sources(filled)[0].file_name == "answers.csv"


def test_findings_are_stored_with_their_row(study: Study) -> None:
    content = b"person,round,b_health,s_health\nP1,1,9,4\nP2,1,3,x\n"
    source = surveys.save_answers(
        study, surveys.draft_answers(study, GivenFile("f.csv", content)), actor="anna"
    )
    found = surveys.findings_of(study, source.id)
    assert found.set_index("kind").loc["out_of_range", ["row", "column", "value"]].to_list() == [
        2,
        "b_health",
        "9",
    ]
    assert source.findings["not_a_number"] == 1


def test_factor_numbers_equal_a_direct_call(filled: Study) -> None:
    instrument, answers = surveys.require_instrument(filled), surveys.require_answers(filled)
    [found] = factors.factor_solutions(filled, solutions=("citizen",), round=2)
    data = answers.wide(instrument.solution_items("citizen"), stage="analysis_sample", round=2)
    direct = factor_analysis(data, 3)
    assert found.result.n == direct.n == 40
    assert found.result.eigenvalues == pytest.approx(direct.eigenvalues, abs=1e-12)
    pd.testing.assert_frame_equal(found.result.loadings, direct.loadings)
    assert found.as_dict()["kmo"] == direct.kmo.overall


def test_a_questionnaire_with_answers_cannot_be_exchanged_for_another(filled: Study) -> None:
    from dataclasses import replace

    other = replace(load_instrument("fip"), id="other")
    with pytest.raises(InvalidRequestError, match="svar på fip"):
        surveys.set_instrument(filled, other, actor="anna")


def test_nobody_has_a_star_under_an_unknown_id(filled: Study) -> None:
    assert {(s.respondent, s.round) for s in surveys.person_star(filled, "P00").series} == {
        ("citizen", 1),
        ("citizen", 2),
        ("caseworker", 1),
        ("caseworker", 2),
    }
    with pytest.raises(NotFoundError, match="P99"):
        surveys.person_star(filled, "P99")


def test_an_instrument_changed_under_the_same_version_is_read_anew(filled: Study) -> None:
    before = surveys.require_answers(filled)
    changed = replace(before.instrument, items=before.instrument.items[:-1], factors=())
    surveys.set_instrument(filled, changed, actor="anna")

    after = surveys.require_answers(filled)

    assert len(after.instrument.items) == len(before.instrument.items) - 1
