"""Readings of estimates and differences, with the published examples and what must never change them."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workbench.errors import InvalidRequestError
from workbench.i18n import LANGUAGES, set_language
from workbench.triangulation import classify_estimate, subgroup_difference

numbers = st.floats(-100, 100, allow_nan=False)
errors = st.floats(0.001, 50)
means = st.floats(0.01, 100)
MIRRORED = {
    "positive": "negative",
    "negative": "positive",
    "not_positively_relevant": "not_negatively_relevant",
    "not_negatively_relevant": "not_positively_relevant",
}


# Published by Thuesen et al. (2020), tables 5.1 and 5.2; the readings are worked by hand.
@pytest.mark.parametrize(
    ("b", "se", "mean", "label"),
    [
        (-0.008, 0.007, 0.137, "not_positively_relevant"),
        (0.002, 0.009, 0.112, "inconclusive"),
        (0.031, 0.012, 0.120, "positive"),
    ],
)
def test_published_estimates_read_as_their_intervals_say(
    b: float, se: float, mean: float, label: str
) -> None:
    assert classify_estimate(b, se, mean).label == label


def test_employment_lies_between_minus_16_and_plus_4_percent_of_the_mean() -> None:
    reading = classify_estimate(-0.008, 0.007, 0.137)
    assert reading.ci == (pytest.approx(-0.02172), pytest.approx(0.00572))
    assert reading.ci_percent is not None
    assert [round(end) for end in reading.ci_percent] == [-16, 4]
    assert reading.sesoi == pytest.approx(0.0137)


@pytest.mark.parametrize(
    ("b", "se", "label"),
    [
        (2.0, 1.0, "positive"),
        (-2.0, 1.0, "negative"),
        (0.0, 0.4, "equivalent"),
        (-0.5, 0.7, "not_positively_relevant"),
        (0.5, 0.7, "not_negatively_relevant"),
        (0.0, 1.0, "inconclusive"),
    ],
)
def test_each_label_has_its_place_on_the_line(b: float, se: float, label: str) -> None:
    assert classify_estimate(b, se, sesoi=1.0).label == label


def test_an_interval_that_ends_at_the_smallest_effect_is_not_inside_it() -> None:
    assert classify_estimate(0.0, 0.5, sesoi=0.98).label == "inconclusive"
    assert classify_estimate(0.0, 0.5, sesoi=0.98001).label == "equivalent"


def test_without_mean_and_smallest_effect_nothing_is_called_small() -> None:
    reading = classify_estimate(0.0, 0.0001)
    assert (reading.label, reading.sesoi, reading.ci_percent) == ("inconclusive", None, None)


def test_a_smallest_effect_that_is_given_outranks_the_tenth_of_the_mean() -> None:
    assert classify_estimate(0.0, 0.004, 0.1).label == "equivalent"
    assert classify_estimate(0.0, 0.004, 0.1, sesoi=0.005).label == "inconclusive"


def test_better_depends_on_the_outcome_and_only_on_a_clear_interval() -> None:
    assert classify_estimate(2, 1, good="up").better_direction is True
    assert classify_estimate(2, 1, good="down").better_direction is False
    assert classify_estimate(-2, 1, good="down").better_direction is True
    assert classify_estimate(2, 1, good="open").better_direction is None
    assert classify_estimate(1, 1, good="up").better_direction is None


@given(b=numbers, se=errors, mean=means, factor=st.floats(0.01, 100))
def test_the_unit_of_the_outcome_does_not_change_the_reading(
    b: float, se: float, mean: float, factor: float
) -> None:
    plain = classify_estimate(b, se, mean)
    edges = [abs(end - at) for end in plain.ci for at in (0, plain.sesoi or 0, -(plain.sesoi or 0))]
    assume(min(edges) > 1e-6)
    scaled = classify_estimate(b * factor, se * factor, mean * factor)
    assert scaled.label == plain.label
    assert scaled.ci_percent == (
        pytest.approx(plain.ci_percent[0] if plain.ci_percent else None),
        pytest.approx(plain.ci_percent[1] if plain.ci_percent else None),
    )


@given(b=numbers, se=errors, mean=means)
def test_turning_the_sign_mirrors_the_reading(b: float, se: float, mean: float) -> None:
    label = classify_estimate(b, se, mean).label
    assert classify_estimate(-b, se, mean).label == MIRRORED.get(label, label)


@given(b=numbers, se=errors, mean=means, good=st.sampled_from(["up", "down", "open"]))
def test_the_good_direction_never_changes_the_label(b: float, se: float, mean: float, good: str) -> None:
    assert classify_estimate(b, se, mean, good=good).label == classify_estimate(b, se, mean).label  # type: ignore[arg-type]


@given(b=numbers, se=errors, mean=st.one_of(st.none(), means))
def test_no_sentence_claims_that_there_is_no_effect(b: float, se: float, mean: float | None) -> None:
    for language in LANGUAGES:
        sentence = classify_estimate(b, se, mean).sentence(language)
        assert not re.search(r"no effect|ingen effekt|without effect|uden effekt|no impact", sentence, re.I)
        assert sentence.endswith(".")


def test_the_sentence_gives_interval_and_percent_in_the_language_of_the_reader() -> None:
    reading = classify_estimate(-0.008, 0.007, 0.137)
    danish, english = reading.sentence("da"), reading.sentence("en")
    assert "−0,022 til 0,006" in danish
    assert "−16 til +4 pct." in danish
    assert "−0.022 to 0.006" in english
    assert "cannot be ruled out" in english


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((float("nan"), 1.0), "estimate is nan"),
        ((1.0, float("inf")), "standard error is inf"),
        ((1.0, -1.0), "is negative"),
        ((1.0, 1.0, None, 0.0), "above 0"),
        ((1.0, 1.0, None, None, "sideways"), "use up, down or open"),
    ],
)
def test_numbers_that_cannot_be_read_are_refused(arguments: tuple[float, ...], named: str) -> None:
    set_language("en")
    with pytest.raises(InvalidRequestError, match=named):
        classify_estimate(*arguments)


def test_men_and_women_on_internship_do_not_differ_although_their_stars_do() -> None:
    difference = subgroup_difference(0.038, 0.014, 0.023, 0.012)  # table 5.3, 2018: ** and #
    assert difference.difference == pytest.approx(0.015)
    assert difference.std_error == pytest.approx(0.01844, abs=5e-6)
    assert round(difference.p_value, 2) == 0.42
    assert difference.ci[0] < 0 < difference.ci[1]


@given(b1=numbers, se1=errors, b2=numbers, se2=errors)
def test_swapping_subgroups_turns_the_sign_only(b1: float, se1: float, b2: float, se2: float) -> None:
    one, other = subgroup_difference(b1, se1, b2, se2), subgroup_difference(b2, se2, b1, se1)
    assert (other.difference, other.z) == (-one.difference, -one.z)
    assert other.p_value == one.p_value


def test_two_standard_errors_of_zero_are_refused() -> None:
    set_language("en")
    with pytest.raises(InvalidRequestError, match="at least one above 0"):
        subgroup_difference(1, 0, 2, 0)


def test_a_reading_is_ready_for_json() -> None:
    plain = classify_estimate(0.031, 0.012, 0.120).as_dict("en")
    assert plain["label"] == "positive"
    assert plain["ci"] == [pytest.approx(0.00748), pytest.approx(0.05452)]
    assert "desired direction" in plain["sentence"]
