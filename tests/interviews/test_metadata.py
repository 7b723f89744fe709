"""What the name of a file tells, and from which words."""

from __future__ import annotations

import pytest

from interviews.metadata import facts_from_name

GROUPS = {
    "leader": ["leder", "chef"],
    "caseworker": ["sagsbehandler", "rådgiver"],
    "citizen": ["borger"],
    "company": ["virksomhed"],
}


def told(name: str) -> dict[str, str]:
    return {guess.kind: guess.value for guess in facts_from_name(name, groups_vocabulary=GROUPS)}


@pytest.mark.parametrize(
    "written",
    ["2019-05-03", "20190503", "2019_05_03", "2019.05.03", "03-05-2019", "3.5.2019", "03_05_19", "3-5-19",
     "3. maj 2019", "3maj2019", "3 May 2019", "May 3 2019", "03052019", "030519"],
)  # fmt: skip
def test_dates_are_read_in_many_shapes(written: str) -> None:
    assert told(f"Interview_{written}_leder.docx")["date"] == "2019-05-03"


@pytest.mark.parametrize("written", ["2019-13-45", "99-99-2019", "31-02-2019", "1234567"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert "date" not in told(f"Interview {written}.docx")


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("Leder_3_Kommune B_2019-05-03.docx",
         {"group": "leader", "number": "3", "place": "B", "date": "2019-05-03"}),
        ("sagsbehandlere fokusgruppe 02.txt", {"group": "caseworker", "kind": "group", "number": "2"}),
        ("Interview 12 borger (arabisk).pdf", {"number": "12", "group": "citizen", "language": "ar"}),
        ("P04_transcript_EN.docx", {"number": "4", "language": "en"}),
        ("Jobcenterchef Odense Kommune.docx", {"group": "leader", "place": "Odense"}),
        ("Feltnoter 3. maj 2021.txt", {"kind": "notes", "date": "2021-05-03"}),
        ("virksomhedsleder 1.docx", {"group": "company", "number": "1"}),
        ("P1.pdf", {"number": "1"}),
        ("udskrift.docx", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_names_of_files_tell_facts(name: str, facts: dict[str, str]) -> None:
    assert told(name) == facts


def test_every_guess_says_where_it_came_from() -> None:
    name = "Leder_3_2019-05-03.docx"
    for guess in facts_from_name(name, groups_vocabulary=GROUPS):
        assert name[guess.start : guess.end].strip() == guess.from_words
        assert 0 < guess.score <= 100


def test_a_spelling_mistake_in_a_group_is_a_less_sure_guess() -> None:
    (guess,) = facts_from_name("Sagsbehander.docx", groups_vocabulary=GROUPS)
    assert (guess.kind, guess.value) == ("group", "caseworker")
    assert guess.score < 97


def test_without_a_vocabulary_no_group_is_guessed() -> None:
    assert facts_from_name("Leder.docx") == ()
