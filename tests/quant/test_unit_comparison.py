"""A unit beside the others: means, changes, the interval of the difference, and what is hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import AnswersError, Instrument, answers_from_frame
from quant.answers import Answers
from quant.scores import mean_interval
from quant.unit_comparison import compare_units, hidden_cells, reading, unit_name, welch_interval


def answers_of(instrument: Instrument, sizes: dict[str, int], *, rounds: tuple[int, ...] = (1, 2)) -> Answers:
    """Units of so many persons; the n-th of a unit answers n % 3 + 2, one more in each later round."""
    rows, units = [], {}
    for unit, size in sizes.items():
        for n in range(size):
            units[f"{unit}{n}"] = unit
            for number in rounds:
                for item in instrument.items:
                    value = float(n % 3 + 1 + number)
                    rows.append((f"{unit}{n}", item.respondent, number, "2019-01-01", item.id, value))
    frame = pd.DataFrame(rows, columns=["person", "respondent", "round", "date", "item", "value"])
    persons = pd.DataFrame({"place": units, "gender": "women"}).rename_axis("person")
    return answers_from_frame(frame, persons, instrument)


def test_level_and_change_of_a_unit_and_of_all_the_others(dyad: Instrument) -> None:
    table = compare_units(answers_of(dyad, {"A": 6, "B": 9, "C": 12}), "place")
    row = table[(table["unit"] == "A") & (table["name"] == "health") & (table["respondent"] == "citizen")]
    level, change = row[(row["measure"] == "level") & (row["round"] == 2)], row[row["measure"] == "change"]
    expected = mean_interval([3, 4, 5, 3, 4, 5])
    found = level.iloc[0]
    assert (found["n"], found["others_n"]) == (6, 21)
    assert (found["mean"], found["ci_low"], found["ci_high"]) == pytest.approx(
        (4.0, expected.ci_low, expected.ci_high)
    )
    assert found["others_mean"] == pytest.approx(4.0)
    assert change.iloc[0][["n", "mean", "others_mean"]].to_list() == [6, 1.0, 1.0]


def test_items_where_low_is_good_are_turned(dyad: Instrument) -> None:
    table = compare_units(answers_of(dyad, {"A": 6, "B": 6}), "place")
    changes = table[(table["measure"] == "change") & (table["unit"] == "A") & (table["name"] == "hope")]
    assert changes.set_index("respondent")["mean"].to_dict() == {"citizen": 1.0, "caseworker": -1.0}


def test_one_round_has_levels_and_no_change(dyad: Instrument) -> None:
    table = compare_units(answers_of(dyad, {"A": 6, "B": 6}, rounds=(1,)), "place")
    assert set(table["measure"]) == {"level"}
    with pytest.raises(AnswersError) as wrong:
        compare_units(answers_of(dyad, {"A": 6}, rounds=(1,)), "place", last=2)
    assert wrong.value.reason == "no_such_round"


def test_a_small_unit_is_hidden_with_the_next_smallest_and_with_what_stands_beside_it(
    dyad: Instrument,
) -> None:
    table = compare_units(answers_of(dyad, {"A": 4, "B": 20, "C": 9, "D": 30}), "place")
    assert set(table.loc[table["hidden"], "unit"]) == {"A", "C"}
    numbers = ["n", "mean", "ci_low", "others_n", "others_mean", "difference_low"]
    assert table.loc[table["hidden"], numbers].isna().all().all()
    assert table.loc[~table["hidden"], numbers].notna().all().all()


def test_two_small_units_are_hidden_with_more_until_they_are_not_few_together(dyad: Instrument) -> None:
    table = compare_units(answers_of(dyad, {"A": 1, "B": 2, "C": 9, "D": 30}), "place")
    assert set(table.loc[table["hidden"], "unit"]) == {"A", "B", "C"}


def test_few_others_are_hidden_too(dyad: Instrument) -> None:
    table = compare_units(answers_of(dyad, {"A": 30, "B": 3}), "place")
    assert table["hidden"].all()


def test_a_limit_of_one_hides_nothing(dyad: Instrument) -> None:
    table = compare_units(answers_of(dyad, {"A": 1, "B": 3}), "place", limit=1)
    assert not table["hidden"].any()


def test_cells_without_persons_are_no_company_for_a_hidden_one() -> None:
    sizes = pd.Series({"a": 3, "b": 0, "c": 8})
    assert hidden_cells(sizes, sizes.between(1, 4), lambda cells: 0 < sizes[cells].sum() < 5) == ["a", "c"]


def test_the_interval_of_a_difference_is_the_one_of_t_test_in_r() -> None:
    # R 4, t.test(x, y); printed at statscodes.com, "Welch's two sample t-tests in R".
    x = np.array([5.1, 2.0, 4.1, 6.2, 7.1, 8.3])
    y = np.array([1.5, 6.4, 3.3, 5.8, 4.8, 7.2, 5.6, 4.5])
    assert welch_interval(x, y) == pytest.approx((-1.935420, 3.093754), abs=1e-6)


def test_a_difference_is_read_only_from_its_interval() -> None:
    assert [reading(*ends) for ends in ((0.1, 0.4), (-0.4, -0.1), (-0.1, 0.4), (np.nan, 0.4))] == [
        "higher",
        "lower",
        "same",
        "unknown",
    ]


def test_units_that_are_numbers_are_written_without_decimals() -> None:
    assert [unit_name(value) for value in (101.0, 101, "101", 1.5)] == ["101", "101", "101", "1.5"]
