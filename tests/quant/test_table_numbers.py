"""Which columns of a csv are numbers."""

from __future__ import annotations

import pandas as pd

from quant.table_numbers import with_numbers


def test_columns_of_numbers_become_numbers_and_others_stay_text():
    frame = pd.DataFrame(
        {
            "year": ["2016", "2017"],
            "share": ["0,25", "0.5"],
            "gap": ["1", ""],
            "quarter": ["2017Q1", "2017Q2"],
            "code": ["0101", "0147"],
            "empty": ["", "NA"],
        }
    )
    read = with_numbers(frame)
    assert read["year"].dtype == "int64"
    assert list(read["year"]) == [2016, 2017]
    assert list(read["share"]) == [0.25, 0.5]
    assert read["gap"].isna().tolist() == [False, True]
    assert list(read["quarter"]) == ["2017Q1", "2017Q2"]
    assert list(read["code"]) == ["0101", "0147"]
    assert read["empty"].isna().all()


def test_what_is_typed_already_is_left_as_it_is():
    frame = pd.DataFrame({"day": pd.to_datetime(["2017-01-01"]), "n": [1.5]})
    pd.testing.assert_frame_equal(with_numbers(frame), frame)
