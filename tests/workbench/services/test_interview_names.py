"""Names that mean the same interview, and names that do not; dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.services.interview_dates import read_date
from workbench.services.interview_names import SAME, SURE, likeness, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("leder_01.docx", "Leder 1"),
        ("LEDER-1 (udskrift).docx", "leder 1"),
        ("Odense, leder 1", "leder_1_odense.txt"),
        ("2019-05-03 borger 4.docx", "borger_4"),
        ("borger_4 (1).docx", "borger_4"),
        ("Interview 7.docx", "7"),
        ("André 2", "andre 2"),
        ("Sagsbehandler1", "sagsbehandler 1"),
        ("Interview.docx", "interview"),
    ],
)
def test_names_that_differ_in_writing_only_are_the_same(one: str, other: str) -> None:
    assert likeness(one, other) >= 99.0
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("sagsbehandler 3", "sagsbehandlr 3"), ("borger 4 vejle.docx", "borger 4")]
)
def test_a_slip_or_a_word_more_is_surely_alike_but_not_the_same(one: str, other: str) -> None:
    assert SURE <= likeness(one, other) < SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("borger_1", "borger_12"),
        ("borger 1", "borger 2"),
        ("leder 1", "borger 1"),
        ("leder", "leder 1"),
        ("Ali", "Ari"),
        ("Bår", "Bar"),
        ("Løvig", "Lovig"),
        ("", "a"),
    ],
)
def test_another_number_or_another_letter_is_another_name(one: str, other: str) -> None:
    assert likeness(one, other) < SURE


def test_a_full_stop_inside_a_name_is_no_ending() -> None:
    assert (stem("leder nr. 4"), stem("a.b.DOCX")) == ("leder nr. 4", "a.b")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2019-05-03", date(2019, 5, 3)),
        ("2019-05-03 00:00:00", date(2019, 5, 3)),
        ("3. maj 2019", date(2019, 5, 3)),
        ("den 3.5.2019 kl. 10", date(2019, 5, 3)),
        ("03/05-2019", date(2019, 5, 3)),
        ("3/5/19", date(2019, 5, 3)),
        ("May 3rd, 2019", date(2019, 5, 3)),
        ("3 May 2019", date(2019, 5, 3)),
        ("31.2.2019", None),
        ("i foråret", None),
        ("", None),
    ],
)
def test_dates_are_read_day_first(said: str, meant: date | None) -> None:
    assert read_date(said) == meant
