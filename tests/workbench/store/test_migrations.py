"""A study that an earlier version of the workbench made opens whole, in either database."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

import workbench.store.engine as engine_module
from workbench.services import coding, editing
from workbench.services.checking import check_study
from workbench.services.studies import Study, open_study
from workbench.services.transcripts import get_transcript
from workbench.store.engine import close_connections
from workbench.store.tables import Row

SAID = "Hvordan går det?\nSproget er svært 🌍 for mange."
DAY = "2026-01-02 03:04:05"

ROWS: dict[str, list[dict[str, object]]] = {
    "study": [
        {"id": "s", "name": "study", "title": "Prøve", "language": "da", "settings": "{}", "created_at": DAY}
    ],
    "coder": [{"id": "anna", "study_id": "s", "name": "Anna"}],
    "interview": [{"id": "i", "study_id": "s", "name": "leder", "kind": "individual"}],
    "transcript": [
        {
            "id": "t",
            "study_id": "s",
            "interview_id": "i",
            "number": 1,
            "name": "leder",
            "source_name": "leder.docx",
            "source_format": "docx",
            "source_sha256": "abc",
            "current_version": 1,
        }
    ],
    "transcript_version": [
        {
            "id": "v",
            "transcript_id": "t",
            "version": 1,
            "text": SAID,
            "words": 8,
            "encoding": "",
            "layout": "colon",
            "warnings": '["en advarsel"]',
            "created_at": DAY,
        }
    ],
    "turn": [
        {
            "version_id": "v",
            "ordinal": 0,
            "start": 0,
            "end": 16,
            "speaker": "Interviewer",
            "role": "interviewer",
            "kind": "speech",
        },
        {
            "version_id": "v",
            "ordinal": 1,
            "start": 17,
            "end": len(SAID),
            "speaker": "Leder",
            "role": "respondent",
            "kind": "speech",
            "time_seconds": 4.5,
        },
    ],
    "scheme": [{"id": "sc", "study_id": "s", "key": "own", "version": "1", "content": "{}"}],
    "code": [
        {
            "id": "c",
            "study_id": "s",
            "scheme_id": "sc",
            "path": "language",
            "position": 0,
            "color": "#808080",
            "seed_words": "[]",
            "valence": 0,
            "retired": False,
            **dict.fromkeys(("label", "definition", "include", "exclude", "example"), "{}"),
        }
    ],
    "coding": [
        {
            "id": name,
            "study_id": "s",
            "transcript_id": "t",
            "version_id": "v",
            "start": start,
            "end": end,
            "quote": SAID[start:end],
            "code_id": "c",
            "coder_id": "anna",
            "weight": 2,
            "origin": "hand",
            "scheme_version": "1",
            "created_at": DAY,
        }
        for name, start, end in (("one", 17, 35), ("two", 8, 15))
    ],
    "memo": [
        {
            "id": "m",
            "study_id": "s",
            "coder_id": "anna",
            "kind": "note",
            "text": "hør båndet",
            "coding_id": "one",
            "created_at": DAY,
        }
    ],
    "pinned_quotation": [{"id": "p", "study_id": "s", "code_id": "c", "coding_id": "one"}],
}


def _insert(connection: Connection) -> None:
    for table, rows in ROWS.items():
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({values})'), row)
    # The log as the earlier version wrote it: its rows knew no review.
    added = {name: value for name, value in ROWS["coding"][1].items() if name != "created_at"}
    after = json.dumps({**added, "valence": None, "created_at": "2026-01-02T03:04:05Z"})
    columns = "study_id, at, actor, action, kind, action_id, entity, entity_id, transcript_id, after"
    values = "'s', :at, 'Anna', 'coding.add', 'do', 'a1', 'coding', 'two', 't', :after"
    connection.execute(text(f"INSERT INTO event ({columns}) VALUES ({values})"), {"at": DAY, "after": after})


@pytest.fixture
def older(study_reference: str) -> str:
    """Reference of a study with the tables of the first revision and a coded interview."""
    return _older(study_reference)


def _older(study_reference: str) -> str:
    url, _ = engine_module._split(study_reference)
    engine = engine_module._new_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(engine_module.__file__).parent / "migrations"))
    with engine.execution_options(workbench_write=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with engine.execution_options(workbench_write=True).begin() as connection:
        _insert(connection)
    engine.dispose()
    return study_reference


def test_an_older_study_opens_with_all_that_was_in_it(older: str) -> None:
    study = open_study(older)
    stored = get_transcript(study, "leder")
    assert (stored.text, [str(warning) for warning in stored.facts.warnings]) == (SAID, ["en advarsel"])
    assert [(turn.speaker, turn.role, turn.status, turn.speaks_for) for turn in stored.turns] == [
        ("Interviewer", "interviewer", "verbatim", None),
        ("Leder", "respondent", "verbatim", None),
    ]
    assert stored.turns[1].time_seconds == 4.5
    assert [(row.id, row.quote, row.weight, row.memo, row.review) for row in stored.codings] == [
        ("two", "går det", 2, "", None),
        ("one", "Sproget er svært 🌍", 2, "hør båndet", None),
    ]
    assert _count(study, "pinned_quotation") == 1
    [version] = editing.list_versions(study, "leder")
    assert (version.origin, version.source_name, version.current) == ("import", "leder.docx", True)
    assert check_study(study).problems == ()


def test_an_older_study_has_the_tables_of_a_new_one(older: str) -> None:
    study = open_study(older)
    with study.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []


def test_what_the_earlier_version_logged_can_be_taken_back(older: str) -> None:
    study = open_study(older)
    assert len(coding.undo(study, actor="Anna")) == 1
    assert [row.id for row in coding.list_codings(study)] == ["one"]
    assert len(coding.redo(study, actor="Anna")) == 1
    assert [row.id for row in coding.list_codings(study)] == ["two", "one"]
    assert check_study(study).problems == ()


def test_a_copy_of_an_older_file_is_kept_as_it_was(tmp_path: Path) -> None:
    open_study(_older(str(tmp_path / "study.workbench")))
    close_connections()
    [copy] = tmp_path.glob("study.workbench.before-*")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert connection.execute("SELECT quote FROM coding ORDER BY id").fetchall() == [
            ("Sproget er svært 🌍",),
            ("går det",),
        ]
        columns = {row[1] for row in connection.execute("PRAGMA table_info(coding)")}
        assert "review" not in columns


def _count(study: Study, table: str) -> int:
    with study.read() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
