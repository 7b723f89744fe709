"""Numbers as text, checked by hand."""

import math

import pytest

from workbench.display import (
    format_number,
    format_p_value,
    format_percent,
    restyle_stars,
    stars_for,
    stars_note,
)


@pytest.mark.parametrize(
    ("value", "decimals", "danish", "english"),
    [
        (1234567, 0, "1.234.567", "1,234,567"),
        (0.031, 3, "0,031", "0.031"),
        (-0.008, 3, "−0,008", "−0.008"),
        (-0.0004, 3, "0,000", "0.000"),
        (0.125, 2, "0,13", "0.13"),
        (2.675, 2, "2,68", "2.68"),
        (-1234.5, 1, "−1.234,5", "−1,234.5"),
        (1e-12, 2, "0,00", "0.00"),
        (math.inf, 2, "∞", "∞"),
    ],
)
def test_number_has_the_signs_of_its_language(value, decimals, danish, english):
    assert format_number(value, decimals, "da") == danish
    assert format_number(value, decimals, "en") == english


def test_percent_names_its_unit_after_a_no_break_space():
    assert format_percent(12.46, 1, "da") == "12,5\u00a0pct."
    assert format_percent(12.46, 0, "en") == "12\u00a0per cent"


def test_p_value_below_the_last_decimal_is_written_as_a_bound():
    assert format_p_value(0.0004, 3, "da") == "<0,001"
    assert format_p_value(0.001, 3, "en") == "0.001"


@pytest.mark.parametrize(
    ("p_value", "stars"),
    [(0.0009, "***"), (0.001, "**"), (0.01, "*"), (0.05, "+"), (0.1, ""), (None, ""), (math.nan, "")],
)
def test_a_p_value_on_a_bound_gets_the_weaker_stars(p_value, stars):
    assert stars_for(p_value) == stars


def test_ten_percent_symbol_is_the_documents_own():
    assert stars_for(0.07, ten_percent="#") == "#"
    assert stars_for(0.07, ten_percent="") == ""
    assert [restyle_stars(stars, ten_percent="#") for stars in ("+", "#", "**", "")] == ["#", "#", "**", ""]


def test_stars_note_explains_every_symbol_in_use():
    note = stars_note("da", ten_percent="#").replace("\u00a0", " ")
    assert note == "# p < 0,10; * p < 0,05; ** p < 0,01; *** p < 0,001. Standardfejl i parentes."
    assert "0.10" not in stars_note("en", ten_percent="")
