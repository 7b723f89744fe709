"""The check finds faults that were planted behind the services' back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from workbench.services import coding, importing, studies
from workbench.services.checking import check_study
from workbench.services.files import GivenFile
from workbench.store.engine import close_connections


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A study of one coded transcript with an emoji before the coded words, closed."""
    study = studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")
    said = "Interviewer: Ja 🌍?\nLeder: Nej tak.\n"
    importing.import_transcripts(study, [GivenFile("a.txt", said.encode())], actor="Ida")
    coding.add_coding(study, "a", start=6, end=9, code="language", actor="Ida", quote="Nej")
    assert check_study(study).problems == ()
    close_connections()
    return tmp_path / "s.workbench"


def _plant(path: Path, statement: str) -> tuple[str, ...]:
    with closing(sqlite3.connect(path)) as connection:
        for part in statement.split("; "):
            assert connection.execute(part).rowcount > 0
        connection.commit()
    report = check_study(studies.open_study(path))
    assert report.ok is not bool(report.problems)
    return report.problems


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE coding SET quote = 'Nix'", ["a: coding", "6-9", "Nix", "Nej"]),
        ("UPDATE coding SET start = 5", ["a: coding", "5-9"]),
        ("UPDATE transcript_version SET text = replace(text, 'Nej', 'Næ')", ["a: coding", "'Nej'"]),
        ('UPDATE turn SET "end" = 999 WHERE ordinal = 1', ["a: turn 1", "999"]),
        ("UPDATE turn SET start = 3 WHERE ordinal = 1", ["a: turn 1", "order"]),
        ("UPDATE coding SET review = 'changed', version_id = 'elsewhere'", ["coding", "not there"]),
        ("UPDATE transcript SET current_version = 2", ["a: version 2", "not there"]),
        (
            "INSERT INTO transcript_version (id, transcript_id, version, text, words, encoding, layout, "
            "warnings, origin, author, source_name, source_format, source_sha256, created_at) "
            "SELECT 'new', transcript_id, 2, text, words, '', '', '[]', 'edit', '', '', '', '', created_at "
            "FROM transcript_version; UPDATE transcript SET current_version = 2",
            ["a: coding", "not in use"],
        ),
        (
            'INSERT INTO annotation (id, version_id, start, "end", text, kind, author, written_at) '
            "SELECT 'n', id, 2, 999, 'note', 'comment', '', '' FROM transcript_version",
            ["a: comment", "outside"],
        ),
        ("DELETE FROM coder", ["coding", "coder"]),
        ("DELETE FROM code WHERE path = 'language'", ["coding", "code"]),
        ("DELETE FROM transcript_version", ["coding", "not there"]),
        ("DELETE FROM interview", ["interview"]),
    ],
)
def test_a_planted_fault_is_found_and_named(path: Path, statement: str, said: list[str]) -> None:
    problems = _plant(path, statement)
    assert problems
    assert any(all(word in problem for word in said) for problem in problems), problems


def test_a_whole_study_in_either_database_has_no_problem(study_reference: str) -> None:
    study = studies.create_study(study_reference, title="S", scheme="immi", instrument="fip", actor="Ida")
    importing.import_transcripts(study, [GivenFile("a.txt", b"Interviewer: Ja?\nLeder: Nej.\n")], actor="Ida")
    coding.add_coding(study, "a", start=0, end=2, code="health", actor="Ida")
    report = check_study(study)
    assert report.ok
    assert (report.checked["texts"], report.checked["turns"], report.checked["codings"]) == (1, 2, 1)
