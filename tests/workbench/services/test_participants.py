"""Sheets of participants: headings in two languages, groups of several rows, names that nearly fit."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
import xlsxwriter

from coding_schemes import load_scheme
from workbench.errors import InvalidRequestError
from workbench.i18n import set_language
from workbench.services.files import GivenFile
from workbench.services.participants import (
    ParticipantSheet,
    guess_columns,
    match_interviews,
    read_participants,
)

GROUPS = load_scheme("immi").actor_groups


def sheet_of(text: str) -> ParticipantSheet:
    return read_participants(GivenFile("deltagere.csv", text.encode()), GROUPS)


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (
            ["Filnavn", "Pseudonym", "Aktørgruppe", "Dato", "Type", "Køn"],
            ["interview", "person", "actor_group", "held_on", "kind"],
        ),
        (
            ["File name", "Participant", "Actor_group", "Interview date", "Kind", "Gender"],
            ["interview", "person", "actor_group", "held_on", "kind"],
        ),
        (["Interview nr.", "Navn", "Gruppe"], ["interview", "person", "actor_group"]),
        (["Navn", "Actor_group", "age"], ["interview", "actor_group"]),
        (["Filnvan", "Alder"], ["interview"]),  # a slip of the keyboard
        (["Kommune", "Alder"], []),
        (["Informant", "Alder"], ["person"]),
    ],
)
def test_columns_are_known_by_their_headings(headings: list[str], columns: list[str]) -> None:
    found = guess_columns(headings)
    assert [found[heading] for heading in headings if heading in found] == columns


def test_one_row_is_one_interview_with_group_date_and_attributes() -> None:
    sheet = sheet_of("fil;gruppe;dato;kommune;køn\nborger_1.docx;Borgere;3. maj 2019;Odense;kvinde\n")
    [interview] = sheet.interviews
    assert (interview.name, interview.actor_group, interview.held_on) == (
        "borger_1",
        "citizen",
        date(2019, 5, 3),
    )
    assert (interview.kind, dict(interview.attributes)) == (None, {"kommune": "Odense"})
    assert [(person.row, dict(person.attributes)) for person in interview.persons] == [(2, {"køn": "kvinde"})]


def test_several_rows_of_one_interview_are_its_persons() -> None:
    sheet = sheet_of(
        "interview,pseudonym,kommune,hold\nG1,Amina,Vejle,A\nG1,Omar,Vejle,B\nL1,Karin,Odense,A\n"
    )
    group, single = sheet.interviews
    assert [person.name for person in group.persons] == ["Amina", "Omar"]
    assert (group.kind, single.kind, group.rows) == ("group", None, (2, 3))
    # What differs between persons of one interview tells of persons, what is one for all of the interview.
    assert dict(group.attributes) == {"kommune": "Vejle"}
    assert [dict(person.attributes) for person in group.persons] == [{"hold": "A"}, {"hold": "B"}]


def test_dates_of_a_workbook_are_read() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(0, 0, ["Fil", "Dato"])
        sheet.write(1, 0, "borger 1")
        sheet.write_datetime(1, 1, datetime(2019, 5, 3), style)
    read = read_participants(GivenFile("deltagere.xlsx", out.getvalue()), GROUPS)
    assert read.interviews[0].held_on == date(2019, 5, 3)


def test_a_sheet_that_names_nobody_says_which_headings_it_has() -> None:
    set_language("en")
    with pytest.raises(InvalidRequestError, match="kommune, alder"):
        sheet_of("kommune;alder\nVejle;34\n")


def test_names_are_matched_whatever_their_case_order_and_punctuation() -> None:
    sheet = sheet_of("fil\nLeder 1 Odense\nborger-02\nsagsbehandlr 3\n")
    found = match_interviews(
        sheet,
        [("odense_leder_01", ()), ("Borger 2 (udskrift)", ()), ("sagsbehandler 3", ()), ("borger 12", ())],
    )
    assert [match.interview.name if match else None for match in found] == [
        "Leder 1 Odense",
        "borger-02",
        "sagsbehandlr 3",
        None,
    ]
    assert [match.score if match else None for match in found][:2] == [100.0, 100.0]
    assert found[2] is not None
    assert 86 <= found[2].score < 100


def test_a_name_that_fits_two_rows_equally_is_left_open() -> None:
    sheet = sheet_of("fil\nborger 1 odense\nborger 1 vejle\n")
    assert match_interviews(sheet, [("borger 1", ())]) == [None]


def test_an_interview_of_the_sheet_goes_to_one_transcript_and_the_surest() -> None:
    sheet = sheet_of("fil\nborger 1 odense\n")
    near, exact = match_interviews(sheet, [("borger 1", ()), ("borger 1 odense", ())])
    assert near is None
    assert exact is not None


def test_a_speaker_who_is_named_in_one_row_settles_what_the_file_name_leaves_open() -> None:
    sheet = sheet_of("nr;pseudonym\n1;Amina\n2;Omar\n")
    found = match_interviews(sheet, [("optagelse-a", ("Interviewer", "Omar")), ("optagelse-b", ("I", "X"))])
    assert [match.interview.name if match else None for match in found] == ["2", None]
    assert found[0] is not None
    assert found[0].said == "Omar"
