"""Estimates through the store: ids that last, readings after the scheme, nothing lost by a bad file."""

from __future__ import annotations

import pandas as pd
import pytest

from quant import Estimate, EstimateTable, Report
from quant.findings import FINDING_COLUMNS
from tests.pages.numbers_material import ESTIMATES
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.services import effects
from workbench.services.files import GivenFile
from workbench.services.studies import Study, create_study

FILE = GivenFile("estimates.csv", ESTIMATES)


@pytest.fixture
def study(study_reference: str) -> Study:
    study = create_study(study_reference, title="S", scheme="immi", actor="anna")
    effects.save_estimates(
        study, effects.draft_estimates(FILE, label="Report"), actor="anna", nature="published", label="Report"
    )
    return study


def ids(study: Study) -> dict[tuple[str, str], str]:
    return {(s.value.outcome, s.value.subgroup): s.id for s in effects.list_estimates(study)}


def test_estimates_come_back_as_they_were_read(study: Study) -> None:
    read = effects.draft_estimates(FILE, label="Report").estimates
    assert read is not None
    assert tuple(stored.value for stored in effects.list_estimates(study)) == read.estimates


def test_the_same_file_again_keeps_the_ids(study: Study) -> None:
    before = ids(study)
    corrected = GivenFile("estimates.csv", ESTIMATES.replace(b"0.038,0.014", b"0.039,0.014"))
    effects.save_estimates(study, effects.draft_estimates(corrected), actor="anna")
    assert ids(study) == before
    assert next(
        s.value.estimate for s in effects.list_estimates(study) if s.value.subgroup == "men"
    ) == pytest.approx(0.039)
    assert len(effects.estimates_sources(study)) == 1


def test_a_file_of_another_name_stands_beside(study: Study) -> None:
    effects.save_estimates(study, effects.draft_estimates(GivenFile("other.csv", ESTIMATES)), actor="anna")
    assert [source.file_name for source in effects.estimates_sources(study)] == [
        "estimates.csv",
        "other.csv",
    ]
    assert len(effects.list_estimates(study)) == 8


def test_an_outcome_without_a_better_way_is_not_judged(study: Study) -> None:
    readings = {(s.value.outcome, s.value.subgroup): s.reading for s in effects.list_estimates(study)}
    internship = readings["internship", "all"]
    assert internship is not None
    assert (internship.label, internship.good, internship.better_direction) == ("positive", "open", None)
    employment = readings["employment", "all"]
    assert employment is not None
    assert (employment.label, employment.good) == ("not_positively_relevant", "up")


def test_a_file_without_estimates_changes_nothing(study: Study) -> None:
    draft = effects.draft_estimates(GivenFile("estimates.csv", b"outcome,estimate\na,b\n"))
    assert "ikke fundet ét gyldigt estimat" in draft.problem
    with pytest.raises(InvalidRequestError, match=r"estimates\.csv"):
        effects.save_estimates(study, draft, actor="anna")
    assert len(effects.list_estimates(study)) == 4


def test_a_file_is_removed_with_all_that_came_from_it(study: Study) -> None:
    [source] = effects.estimates_sources(study)
    effects.remove_estimates(study, source.id, actor="anna")
    assert effects.list_estimates(study) == []
    with pytest.raises(NotFoundError, match="ingen fil med estimater"):
        effects.remove_estimates(study, source.id, actor="anna")


def test_what_an_estimate_was_computed_with_is_stored_with_it(study: Study) -> None:
    given = Estimate(
        outcome="internship", subgroup="all", period="2018", model="did", estimate=0.031, std_error=0.012,
        p_value=0.0125, df=57.0, outcome_sd=0.32, source="run", design="did",
        computed={"clusters": 58, "base": ["2016Q4"]},
    )  # fmt: skip
    table = EstimateTable((given,), Report(pd.DataFrame(columns=list(FINDING_COLUMNS))))
    kept = effects.store_estimates(study, table, name="run", sha256="0", mapping={}, actor="anna")
    [stored] = [each.value for each in effects.list_estimates(study) if each.source_id == kept.id]
    assert stored == given
