from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from quant import Answers, AnswersError, Instrument, guess_mapping, read_answers, read_table
from quant.missing_data import incomplete_by_group, little_mcar, missing_by_item, missing_patterns

AIRQUALITY = Path(__file__).parents[1] / "reference" / "airquality.csv"
TEXT = """person;round;gender;citizen_date;caseworker_date;b_health;b_hope;s_health;s_trouble
p1;1;women;2017-03-02;2017-03-30;2;4;4;2
p2;1;women;2017-03-02;2017-03-30;4;;5;1
p3;1;men;2017-03-02;2017-03-30;6;;6;7
p4;1;men;2017-03-02;2017-03-30;7;1;;
"""


@pytest.fixture
def answers(dyad: Instrument) -> Answers:
    frame = read_table(TEXT.encode(), "svar.csv")
    return read_answers(frame, dyad, guess_mapping(frame.columns, dyad))


def test_littles_test_gives_what_r_gives_for_airquality() -> None:
    # naniar::mcar_test(airquality), as the package's own test records it
    found = little_mcar(pd.read_csv(AIRQUALITY))
    assert (found.df, found.patterns, found.n) == (14, 4, 153)
    assert found.statistic == pytest.approx(35.1061288689702, abs=1e-3)
    assert found.p_value == pytest.approx(0.00141778113856683, abs=1e-6)


def test_littles_test_holds_its_level_when_values_are_missing_at_random() -> None:
    draw = np.random.default_rng(11)
    rejected = 0
    for _ in range(200):
        values = draw.multivariate_normal([0, 0, 0], [[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]], size=150)
        values[draw.random(values.shape) < 0.15] = np.nan
        rejected += little_mcar(pd.DataFrame(values)).p_value < 0.05
    assert 2 <= rejected <= 20


def test_littles_test_needs_something_missing_and_items_that_vary() -> None:
    with pytest.raises(AnswersError, match="one pattern of missing values in 2"):
        little_mcar(pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}))
    with pytest.raises(AnswersError, match="same answer in every"):
        little_mcar(pd.DataFrame({"a": [1.0, 1.0, 1.0], "b": [2.0, 1.0, np.nan]}))
    x = [1.0, 2.0, 3.0, 4.0, 5.0]
    with pytest.raises(AnswersError, match="depend on each other"):
        little_mcar(pd.DataFrame({"a": x, "b": x, "c": [1.0, 5.0, 2.0, 2.0, np.nan]}))


def test_missing_answers_are_counted_by_item_with_an_interval(answers: Answers) -> None:
    table = missing_by_item(answers).set_index("item")
    assert table.loc["b_hope", ["due", "missing", "share"]].tolist() == [4, 2, 0.5]
    assert table.loc["s_health", ["due", "missing"]].tolist() == [3, 0]
    # Wilson for 2 of 4: .1500 to .8500
    assert table.loc["b_hope", ["ci_low", "ci_high"]].tolist() == pytest.approx([0.1500, 0.8500], abs=1e-4)


def test_who_left_something_out_by_background(answers: Answers) -> None:
    table = incomplete_by_group(answers, "gender").set_index(["respondent", "group"])
    assert table.loc[("citizen", "women"), ["due", "incomplete", "items_mean"]].tolist() == [2, 1, 0.5]
    assert table.loc[("caseworker", "men"), "due"] == 1


def test_patterns_tell_what_is_missing_together() -> None:
    data = pd.DataFrame({"a": [1, 2, 3, 4.0], "b": [1, 2, np.nan, 4], "c": [1, np.nan, np.nan, 4]})
    found = missing_patterns(data)
    assert found.frame.to_dict("records") == [
        {"missing_items": (), "n_missing": 0, "questionnaires": 2, "share": 0.5},
        {"missing_items": ("c",), "n_missing": 1, "questionnaires": 1, "share": 0.25},
        {"missing_items": ("b", "c"), "n_missing": 2, "questionnaires": 1, "share": 0.25},
    ]
    assert (found.monotone, found.order) == (True, ("a", "b", "c"))
    data.loc[0, "b"] = np.nan
    assert not missing_patterns(data).monotone
