"""Creating, opening and refusing stores: files and PostgreSQL, whole and damaged."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from workbench.errors import StudyExistsError, StudyNotFoundError, StudyVersionError, WorkbenchError
from workbench.i18n import set_language
from workbench.services import studies
from workbench.store.engine import close_connections, create_store, migrate, open_store
from workbench.store.tables import NAMING, CodeRow, Row


@pytest.fixture(autouse=True)
def _in_english() -> None:
    set_language("en")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _closed_study(path: Path) -> Path:
    """A study file that nobody holds open, with nothing beside it."""
    studies.create_study(path, title="T", scheme="immi", actor="Ida")
    close_connections()
    return path


def test_migrations_give_the_tables_as_declared(database_url: str) -> None:
    engine = create_engine(database_url)
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []
    engine.dispose()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    engine = create_engine(database_url)
    migrate(engine)
    first = sorted(inspect(engine).get_table_names())
    migrate(engine)
    assert sorted(inspect(engine).get_table_names()) == first
    engine.dispose()


def test_every_constraint_has_its_name(study_reference: str) -> None:
    engine = create_store(study_reference, title="", language="da").engine
    found = inspect(engine)
    names = {
        constraint["name"] or table
        for table in Row.metadata.tables
        for constraint in (
            found.get_pk_constraint(table),
            *found.get_foreign_keys(table),
            *found.get_unique_constraints(table),
            *found.get_check_constraints(table),
        )
    }
    if engine.dialect.name == "sqlite":
        names.remove("event")  # SQLite takes no name for a key that counts upwards
    prefixes = {pattern.partition("_")[0] for pattern in NAMING.values()} - {"ix"}
    assert {str(name).partition("_")[0] for name in names} == prefixes
    assert {"uq_code_study_id_path", "ck_coding_range", "fk_coding_code_id"} <= names


def test_a_file_store_holds_foreign_keys_and_writes_ahead(tmp_path: Path) -> None:
    store = create_store(tmp_path / "s", title="", language="da")
    with store.read() as session:
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    assert store.path == tmp_path / "s.workbench"


def test_a_row_without_its_parent_is_refused(study_reference: str) -> None:
    store = create_store(study_reference, title="", language="da")
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError), store.write() as session:
        session.add(CodeRow(study_id=store.study_id, scheme_id="no such scheme", path="a"))


def test_a_block_that_fails_stores_nothing(study_reference: str) -> None:
    study = studies.create_study(study_reference, title="before", scheme="immi", actor="Ida")

    def change_and_fail() -> None:
        with study.write() as session:
            session.execute(text("UPDATE study SET title = 'after'"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert studies.describe_study(study).title == "before"


def test_a_study_opens_again_as_it_was_left(study_reference: str) -> None:
    made = studies.create_study(study_reference, title="Æøå 👩🏽‍🏫", language="en", scheme="immi")
    close_connections()
    facts = studies.describe_study(studies.open_study(study_reference))
    assert (facts.title, facts.language, facts.scheme) == ("Æøå 👩🏽‍🏫", "en", "immi")
    assert open_store(study_reference).study_id == made.study_id


@pytest.mark.parametrize("name", ["æøå blåbær", "100 % rigtig", "a?b#c&d", "{x}'y'"])
def test_a_file_name_may_hold_any_characters(tmp_path: Path, name: str) -> None:
    create_store(tmp_path / f"{name}.workbench", title="T", language="da")
    close_connections()
    assert open_store(tmp_path / f"{name}.workbench").path == tmp_path / f"{name}.workbench"
    close_connections()
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.workbench"]


def test_creating_over_a_file_is_refused_and_leaves_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.workbench"
    path.write_text("my notes", encoding="utf-8")
    with pytest.raises(StudyExistsError, match="exists already"):
        create_store(path, title="", language="da")
    assert path.read_text(encoding="utf-8") == "my notes"


def test_creating_a_study_twice_is_refused(study_reference: str) -> None:
    studies.create_study(study_reference, title="first", scheme="immi", actor="Ida")
    with pytest.raises(StudyExistsError):
        studies.create_study(study_reference, title="second", actor="Ida")
    assert studies.describe_study(studies.open_study(study_reference)).title == "first"


def test_creating_in_a_folder_that_is_not_there_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(StudyNotFoundError, match="nowhere does not exist; create it"):
        create_store(tmp_path / "nowhere" / "s.workbench", title="", language="da")


def test_opening_nothing_says_how_to_create(tmp_path: Path) -> None:
    set_language("en")
    with pytest.raises(StudyNotFoundError, match="with `workbench new`"):
        open_store(tmp_path / "absent.workbench")
    with pytest.raises(StudyNotFoundError, match="with `workbench new`"):
        open_store(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"SQLite", b"PK\x03\x04 a docx", b"\x00" * 5000])
def test_a_file_of_another_kind_is_no_study_and_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.workbench"
    path.write_bytes(content)
    with pytest.raises(StudyNotFoundError, match=r"is not a study file; choose .* ends in \.workbench"):
        open_store(path)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_database_of_another_program_is_no_study_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "other.workbench"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER)")
        connection.commit()
    before = _hash(path)
    with pytest.raises(StudyNotFoundError, match="a database of another program"):
        open_store(path)
    assert _hash(path) == before


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_study_cut_short_is_reported_as_damaged_and_stays(tmp_path: Path, share: float) -> None:
    path = _closed_study(tmp_path / "s.workbench")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    before = _hash(path)
    with pytest.raises(StudyNotFoundError, match=r"damaged .* restore it from a backup copy"):
        studies.describe_study(studies.open_study(path))
    assert _hash(path) == before


def test_a_study_overwritten_in_its_middle_is_reported_as_damaged(tmp_path: Path) -> None:
    path = _closed_study(tmp_path / "s.workbench")
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StudyNotFoundError, match="damaged"):
        studies.describe_study(studies.open_study(path))


def test_a_study_of_a_newer_version_is_left_alone(study_reference: str) -> None:
    store = create_store(study_reference, title="", language="da")
    with store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StudyVersionError, match="a newer version of the workbench; install that version"):
        open_store(study_reference)
    with store.read() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"


def test_an_older_file_is_copied_before_its_tables_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    path = _closed_study(tmp_path / "s.workbench")
    # A program one revision ahead: its newest revision here is old to it.
    known = ScriptDirectory.walk_revisions
    monkeypatch.setattr(ScriptDirectory, "get_current_head", lambda _self: "0999")
    monkeypatch.setattr(ScriptDirectory, "walk_revisions", lambda self: [*known(self)])
    monkeypatch.setattr(command, "upgrade", lambda _config, _revision: None)
    open_store(path)
    close_connections()
    monkeypatch.undo()
    copy = tmp_path / "s.workbench.before-0999"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT title FROM study").fetchall() == [("T",)]


def test_a_url_without_a_study_name_is_refused() -> None:
    with pytest.raises(StudyNotFoundError, match="add #name at its end"):
        open_store("postgresql://u:secret@127.0.0.1:1/db")


@pytest.mark.parametrize("url", ["mysql://u:secret@host/db#s", "postgresql://u:secret@127.0.0.1:1/db#s"])
def test_a_database_that_cannot_be_used_is_named_without_its_password(url: str) -> None:
    with pytest.raises(WorkbenchError) as raised:
        open_store(url)
    assert "secret" not in str(raised.value)


@pytest.mark.postgres
def test_studies_in_one_database_do_not_see_each_other(postgres_url: str) -> None:
    one = studies.create_study(f"{postgres_url}#one", title="1", scheme="immi", instrument="fip", actor="Ida")
    two = studies.create_study(f"{postgres_url}#two", title="2", scheme="immi", actor="Bo")
    assert studies.describe_study(one).codes == studies.describe_study(two).codes > 20
    assert studies.describe_study(two).instrument is None
    assert {entry.actor for entry in studies.list_history(two)} == {"Bo"}
    with one.read() as session:
        ids = session.execute(text("SELECT study_id, id FROM code")).all()
    assert len({code for _, code in ids}) == len(ids)
    with pytest.raises(StudyNotFoundError, match="holds no study 'three'"):
        studies.open_study(f"{postgres_url}#three")
