"""Themes counted by interview, small enough to check by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_schemes import (
    EmptySampleError,
    SchemeError,
    counts,
    coverage,
    load_scheme,
    presence,
    presence_by_group,
    theme_readings,
    wilson_interval,
)

INTERVIEWS = pd.DataFrame(
    {
        "interview": ["L1", "L2", "K1", "B1"],
        "group": ["leader", "leader", "caseworker", "citizen"],
        "asked": [None, {"language", "igu"}, None, {"language"}],
        "characters": [100, 100, 50, 0],
    }
)
CODINGS = pd.DataFrame(
    [
        ("L1", "language/lack_of_danish", "anna", 0, 10),
        ("L1", "language/lack_of_danish", "anna", 5, 20),
        ("L1", "language", "bo", 15, 25),
        ("L2", "language/progress", "anna", 0, 10),
        ("L2", "health/physical", "anna", 0, 10),
        ("K1", "language_school", "anna", 0, 10),
        ("K1", "igu/drop_out", "bo", 40, 50),
        ("gone", "language", "anna", 0, 10),
    ],
    columns=["interview", "code", "coder", "start", "end"],
)


def test_a_sub_code_counts_for_its_theme_and_a_like_named_code_does_not() -> None:
    frame = presence(CODINGS, INTERVIEWS, ["language"])
    assert frame["language"].to_list() == [True, True, False, False]


def test_what_was_not_asked_is_unknown_and_not_absent() -> None:
    frame = presence(CODINGS, INTERVIEWS, ["health", "health/physical"])
    assert frame.loc["L2"].isna().all()
    assert frame.loc["L1"].to_list() == [False, False]


def test_interviews_are_counted_and_not_segments() -> None:
    frame = presence_by_group(CODINGS, INTERVIEWS, ["language"]).set_index("group")
    assert frame["interviews_with"].to_dict() == {"leader": 2, "caseworker": 0, "citizen": 0}
    assert frame["interviews_asked"].to_dict() == {"leader": 2, "caseworker": 1, "citizen": 1}
    assert frame.loc["leader", "share"] == 1.0


def test_a_group_that_was_not_asked_has_no_share_and_its_mentions_are_shown_apart() -> None:
    frame = presence_by_group(CODINGS, INTERVIEWS, ["health"]).set_index("group")
    assert frame.loc["citizen", "interviews_asked"] == 0
    assert pd.isna(frame.loc["citizen", "share"])
    assert frame.loc["leader", ["interviews_with", "interviews_asked", "mentioned_unasked"]].to_list() == [
        0,
        1,
        1,
    ]


def test_one_coder_can_be_read_alone() -> None:
    frame = presence(CODINGS, INTERVIEWS, ["language"], coders=["bo"])
    assert frame["language"].to_list() == [True, False, False, False]


def test_counts_hold_every_coding_of_the_branch() -> None:
    assert counts(CODINGS, INTERVIEWS, ["language"])["language"].to_list() == [3, 1, 0, 0]


def test_coverage_counts_overlapping_characters_once() -> None:
    frame = coverage(CODINGS, INTERVIEWS, ["language"])
    assert frame.loc["L1", "language"] == 0.25
    assert frame.loc["L2", "language"] == 0.10
    assert pd.isna(frame.loc["B1", "language"])


def test_no_codings_at_all_give_a_frame_of_absences() -> None:
    frame = presence_by_group(CODINGS.iloc[:0], INTERVIEWS, ["language"])
    assert frame["interviews_with"].to_list() == [0, 0, 0]


def test_no_interviews_is_an_error_of_its_own() -> None:
    with pytest.raises(EmptySampleError, match="no interviews to count"):
        presence(CODINGS, INTERVIEWS.iloc[:0], ["language"])


def test_an_interview_twice_and_a_missing_column_are_refused() -> None:
    with pytest.raises(SchemeError, match="'L1' occurs twice"):
        presence(CODINGS, pd.concat([INTERVIEWS, INTERVIEWS.iloc[:1]]), ["language"])
    with pytest.raises(SchemeError, match="codings: no column code"):
        presence(CODINGS.drop(columns="code"), INTERVIEWS, ["language"])
    with pytest.raises(SchemeError, match="a collection of codes or None"):
        presence(CODINGS, INTERVIEWS.assign(asked="language"), ["language"])


def test_the_direction_of_a_theme_comes_from_interviews_with_barriers_and_resources() -> None:
    readings = {
        reading.theme: reading for reading in theme_readings(load_scheme("immi"), CODINGS, INTERVIEWS)
    }
    language = readings["language"]
    assert (language.interviews_negative, language.interviews_positive) == (1, 1)
    assert language.direction == "mixed"
    assert readings["igu"].direction == "negative"
    assert (readings["igu"].interviews_with, readings["igu"].interviews_asked) == (1, 3)
    assert readings["women"].direction == "none"


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(len(CODINGS))), doubled=st.integers(0, len(CODINGS) - 1))
def test_order_and_repetition_of_codings_change_no_share(order: list[int], doubled: int) -> None:
    shuffled = CODINGS.iloc[[*order, doubled]]
    codes = ["language", "igu", "health"]
    pd.testing.assert_frame_equal(
        presence_by_group(shuffled, INTERVIEWS, codes), presence_by_group(CODINGS, INTERVIEWS, codes)
    )


# Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval_equals_the_published_values(k: int, n: int, low: float, high: float) -> None:
    assert wilson_interval(k, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_share_over_nothing_has_no_interval() -> None:
    with pytest.raises(EmptySampleError):
        wilson_interval(0, 0)
