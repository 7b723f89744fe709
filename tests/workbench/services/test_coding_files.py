"""Codings out to csv, xlsx and json and in again: all or none, with the place of what does not fit."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import InvalidCodingError, InvalidRequestError, NotFoundError
from workbench.i18n import set_language
from workbench.services import coding, coding_files, importing, studies
from workbench.services.files import GivenFile
from workbench.services.studies import Study

SAID = "Interviewer: Ja 🌍?\nLeder: =Nej tak, nej tak. +45 12\n"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    set_language("en")
    study = studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")
    importing.import_transcripts(study, [GivenFile("7.txt", SAID.encode())], actor="Ida")
    return study


def _codings(study: Study) -> list[dict[str, Any]]:
    return [each.as_dict() | {"origin": ""} for each in coding.list_codings(study)]


@pytest.mark.parametrize("file_format", coding_files.FORMATS)
def test_codings_come_back_as_they_went(study: Study, file_format: str) -> None:
    # Quotations that a spreadsheet would take for a formula and a number, a memo of two lines.
    coding.add_coding(study, "7", start=6, end=14, code="language", actor="Ida", memo='Husk\n"dette"; æ')
    coding.add_coding(study, "7", start=25, end=31, code="health", actor="Bo", weight=0)
    before = _codings(study)
    assert [each["quote"] for each in before] == ["=Nej tak", "+45 12"]
    content = coding_files.export_codings(study, file_format)
    for each in before:
        coding.remove_coding(study, each["id"], actor="Ida")
    given = GivenFile(f"codings.{file_format}", content)
    assert coding_files.import_codings(study, given, actor="Per") == 2
    assert _codings(study) == before
    assert coding_files.import_codings(study, given, actor="Per") == 0


def test_the_csv_opens_in_a_spreadsheet_with_danish_letters(study: Study) -> None:
    content = coding_files.export_codings(study, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    [header] = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    columns = ["id", "transcript", "start", "end", "quote", "code", "coder", "weight", "memo", "status"]
    assert header == columns


def test_a_quote_alone_is_enough_where_it_occurs_once(study: Study) -> None:
    rows = [{"transcript": "7", "quote": "+45 12", "code": "igu"}]
    given = GivenFile("c.json", json.dumps(rows).encode())
    assert coding_files.import_codings(study, given, actor="Ida") == 1
    [stored] = coding.list_codings(study)
    assert (stored.start, stored.end, stored.coder, stored.origin) == (25, 31, "Ida", "import")


@pytest.mark.parametrize(
    ("row", "error", "said"),
    [
        ({"quote": "ej tak"}, InvalidRequestError, "2 times"),
        ({"quote": "nowhere"}, InvalidRequestError, "0 times"),
        ({"start": 0, "end": 999}, InvalidCodingError, "coding 2"),
        ({"start": 0, "end": 2, "quote": "No"}, InvalidCodingError, "coding 2"),
        ({"start": "x", "end": 2}, InvalidRequestError, "no number"),
        ({"start": 0.5, "end": 2}, InvalidRequestError, "no whole number"),
        ({}, InvalidRequestError, "start and end, or quote"),
        ({"start": 0, "end": 2, "code": ""}, InvalidRequestError, "code"),
        ({"start": 0, "end": 2, "code": "nope"}, NotFoundError, "nope"),
        ({"start": 0, "end": 2, "weight": 7}, InvalidCodingError, "0, 1, 2 or 3"),
        ({"start": 0, "end": 2, "transcript": "8"}, NotFoundError, "8"),
    ],
)
def test_one_row_that_does_not_fit_stores_none_and_is_named(
    study: Study, row: dict[str, Any], error: type[Exception], said: str
) -> None:
    good = {"transcript": "7", "start": 0, "end": 2, "code": "igu"}
    bad = {"transcript": "7", "code": "igu"} | row
    given = GivenFile("c.json", json.dumps([good, bad]).encode())
    with pytest.raises(error, match=said):
        coding_files.import_codings(study, given, actor="Ida")
    assert coding.list_codings(study) == []


def test_files_of_another_kind_are_refused(study: Study) -> None:
    for content in (b"{", b'{"a": 1}', b"[1]"):
        with pytest.raises(InvalidRequestError, match=r"c\.json"):
            coding_files.import_codings(study, GivenFile("c.json", content), actor="Ida")
    with pytest.raises(InvalidRequestError, match="csv, xlsx, json"):
        coding_files.export_codings(study, "odt")


@pytest.mark.parametrize("position", ["NaN", "Infinity", "1e999", "2.5"])
def test_a_position_that_is_no_whole_number_is_named(study: Study, position: str) -> None:
    content = f'[{{"transcript": "7", "code": "language", "start": {position}, "end": 9}}]'
    with pytest.raises(InvalidRequestError, match=r"c\.json, coding 1: start is"):
        coding_files.import_codings(study, GivenFile("c.json", content.encode()), actor="Ida")
    assert coding.list_codings(study) == []


def test_codings_of_another_study_in_the_same_database_are_stored_once(tmp_path: Path) -> None:
    first, second = (
        studies.create_study(f"sqlite:///{tmp_path}/both.db#{name}", scheme="immi", actor="Ida")
        for name in ("first", "second")
    )
    for each in (first, second):
        importing.import_transcripts(each, [GivenFile("7.txt", SAID.encode())], actor="Ida")
    coding.add_coding(first, "7", start=6, end=14, code="language", actor="Ida")
    given = GivenFile("c.json", coding_files.export_codings(first, "json"))
    assert [coding_files.import_codings(second, given, actor="Ida") for _ in range(2)] == [1, 0]
    assert [each.quote for each in coding.list_codings(second)] == ["=Nej tak"]
    assert len(coding.list_codings(first)) == 1
