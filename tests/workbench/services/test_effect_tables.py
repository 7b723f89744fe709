"""Tables of estimates: what stands in a cell, how rows are grouped, and what is said below."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.numbers_material import numbers_study
from workbench.display import to_records
from workbench.errors import InvalidRequestError
from workbench.services import effects
from workbench.services.effect_tables import estimates_matrix, estimates_table
from workbench.services.effects import StoredEstimate
from workbench.services.schemes import study_scheme
from workbench.services.terms import term_label


@pytest.fixture
def estimates(tmp_path: Path) -> list[StoredEstimate]:
    return effects.list_estimates(numbers_study(tmp_path))


def test_a_row_holds_estimate_interval_percent_of_mean_and_reading(estimates: list[StoredEstimate]) -> None:
    first = to_records(estimates_table(estimates, language="en"))[0]
    assert first["section"] == "employment"
    assert first["estimate"] == {"estimate": -0.008, "std_error": 0.007, "stars": ""}
    assert first["ci_low"] == pytest.approx(-0.008 - 1.96 * 0.007)
    assert first["percent_of_mean"] == pytest.approx(-100 * 0.008 / 0.137)
    assert first["reading"] == "Not positively relevant; a fall cannot be ruled out"


def test_rows_stand_under_outcome_and_subgroup_in_the_words_of_the_scheme(tmp_path: Path) -> None:
    study = numbers_study(tmp_path)
    table = estimates_table(effects.list_estimates(study), language="da", scheme=study_scheme(study))
    assert [name for _, name in table.sections] == [
        "Beskæftigelse",
        "Uddannelse",
        "Virksomhedspraktik",
        "Virksomhedspraktik, mænd",
    ]
    assert table.source == "Report (offentliggjort)"


def test_the_model_has_a_column_only_where_models_differ(estimates: list[StoredEstimate]) -> None:
    assert "model" not in [column.key for column in estimates_table(estimates, language="en").columns]


def test_the_matrix_has_a_row_a_period_and_a_column_an_outcome(estimates: list[StoredEstimate]) -> None:
    table = estimates_matrix(estimates, subgroup="all", model="2", language="en")
    assert to_records(table) == [
        {
            "period": "2017-2018",
            "employment": {"estimate": -0.008, "std_error": 0.007, "stars": "", "mean": 0.137},
            "education": {"estimate": 0.002, "std_error": 0.009, "stars": "", "mean": 0.112},
            "internship": None,
        },
        {
            "period": "2018",
            "employment": None,
            "education": None,
            "internship": {"estimate": 0.031, "std_error": 0.012, "stars": "**", "mean": 0.12},
        },
    ]


def test_a_matrix_of_nothing_is_refused(estimates: list[StoredEstimate]) -> None:
    with pytest.raises(InvalidRequestError):
        estimates_matrix(estimates, subgroup="nobody", model="2", language="en")


def test_a_name_that_no_scheme_words_stands_as_it_is() -> None:
    assert term_label(None, "age_18_29", "da") == "age 18 29"
