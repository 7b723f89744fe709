"""Commands about a unit: note, goals, stars."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.workbench.cli.conftest import Run
from tests.workbench.services.test_status_notes import GOALS, register_csv, store_answers
from workbench.services.studies import create_study


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A study with answers of four places; files of goals and register weeks lie beside it."""
    study = create_study(tmp_path / "notes", title="Notes", language="da", instrument="fip", actor="anna")
    store_answers(study)
    (tmp_path / "g.toml").write_bytes(GOALS)
    (tmp_path / "r.csv").write_bytes(register_csv())
    return tmp_path / "notes.workbench"


def test_goals_are_imported_and_a_note_is_written(run: Run, notes: Path) -> None:
    found = run(
        "fip", notes, "goals", notes.parent / "g.toml", "--register", notes.parent / "r.csv", "--json"
    ).json
    assert found["quarters"] == [{"goal": "work", "quarter": "2018Q1", "n": 69, "k": 27}]
    target = notes.parent / "nord.docx"
    note = run(
        "fip", notes, "note", "Nord", "-o", target, "--quarter", "2018Q1", "--language", "en", "--json"
    ).json
    assert (note["by"], note["unit"], note["persons"], note["quarter"]) == ("place", "Nord", 24, "2018Q1")
    assert note["sentences"][0] == "In round 2 there are answers about 24 citizens of Nord."
    assert zipfile.is_zipfile(target)
    together = notes.parent / "all.zip"
    assert run("fip", notes, "note", "--all", "--by", "place", "-o", together).code == 0
    assert len(zipfile.ZipFile(together).namelist()) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["note"], "--all"),
        (["note", "Nord", "--all"], "--all"),
        (["note", "Øst"], "Øst"),
        (["note", "Nord", "--by", "town"], "town"),
        (["note", "Nord", "-o", "note.pdf"], ".docx"),
        (["note", "Nord", "--quarter", "spring"], "spring"),
        (["goals"], "--register"),
        (["goals", "missing.toml"], "--register"),
        (["caseload", "-o", "stars.pdf"], ".docx"),
    ],
)
def test_what_cannot_be_met_is_said_in_a_sentence(
    run: Run, notes: Path, arguments: list[str], said: str
) -> None:
    outcome = run("fip", notes, *arguments)
    assert outcome.code == 1
    assert said in outcome.err
    assert "Traceback" not in outcome.err


def test_stars_are_written_for_one_group(run: Run, notes: Path) -> None:
    target = notes.parent / "stars.docx"
    found = run("fip", notes, "caseload", "Lille", "-o", target, "--json").json
    assert found == [{"unit": "Lille", "persons": ["Lille0", "Lille1", "Lille2"]}]
    assert zipfile.is_zipfile(target)
