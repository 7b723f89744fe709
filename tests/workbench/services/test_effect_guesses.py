"""The start of treatment is guessed from what a panel says of it."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.services import effect_guesses
from workbench.services.effect_runs import PanelFile

QUARTERS = ["2019Q1", "2019Q2", "2019Q3", "2019Q4"]


def panel(**columns: object) -> PanelFile:
    """A treated and an untreated unit over four quarters, with columns of eight cells beside them."""
    rows = pd.DataFrame({"person": [1] * 4 + [2] * 4, "quarter": QUARTERS * 2, **columns})
    return PanelFile("p.csv", "", rows)


def test_the_column_of_starts_says_when_treatment_starts() -> None:
    built = panel(treated=[1] * 4 + [0] * 4, start=["2019Q4"] * 4 + [None] * 4)
    assert effect_guesses.guess_columns(built).start == "start"
    assert effect_guesses.guess_start(built, QUARTERS, "quarter", "treated") == "2019Q4"


def test_a_column_of_starts_is_no_outcome() -> None:
    built = panel(treated=[1] * 4 + [0] * 4, cohort=[4.0] * 4 + [0.0] * 4, work=[0.5] * 8)
    assert effect_guesses.guess_columns(built).outcomes == ("work",)


def test_a_panel_built_of_records_says_what_its_columns_are() -> None:
    rows = pd.DataFrame(
        {
            "borger": [1, 2],
            "period": ["2019Q1", "2019Q1"],
            "work": [0.5, 1],
            "treated": [1, 0],
            "start": ["2019Q2", None],
            "young": [1, 0],
            "kommune": ["Aarhus", "Odense"],
        }
    )
    assert effect_guesses.guess_columns(PanelFile("p.parquet", "", rows)) == effect_guesses.ColumnGuess(
        time="period", treated="treated", unit="borger", cluster="kommune", start="start", outcomes=("work",)
    )


@pytest.mark.parametrize(
    ("treated", "start"),
    [([0, 1, 1, 1], "2019Q2"), ([0, 0, 0, 1], "2019Q4"), ([1, 1, 1, 1], "2019Q3"), ([0, 0, 0, 0], "2019Q3")],
)
def test_else_the_first_period_with_treatment_does(treated: list[int], start: str) -> None:
    now = panel(treated=treated + [0] * 4)
    assert effect_guesses.guess_start(now, QUARTERS, "quarter", "treated") == start


def test_without_any_sign_it_is_two_thirds_in() -> None:
    assert effect_guesses.guess_start(panel(), QUARTERS, "quarter", None) == "2019Q3"
