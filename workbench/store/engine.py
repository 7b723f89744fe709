"""Opening and creating stores: one SQLite file a study, or PostgreSQL by URL with `#study-name`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session, select

from workbench.errors import StudyExistsError, StudyNotFoundError, StudyVersionError, WorkbenchError
from workbench.store.tables import StudyRow

SUFFIX = ".workbench"
LOCK_WAIT_SECONDS = 20
_MIGRATION_LOCK = 727_301_114  # any number, the same for all that open one PostgreSQL database


@dataclass(frozen=True)
class StudyStore:
    """One open study: the engine that holds it and its id there.

    `reference` is what opens it again: a file path, or a database URL with `#name`.
    """

    engine: Engine
    study_id: str
    reference: str

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent state and writes nothing."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: all of it is stored when the block ends, nothing of it if the block fails."""
        writing = self.engine.execution_options(workbench_write=True)
        with Session(writing, expire_on_commit=False) as session, session.begin():
            yield session

    @property
    def path(self) -> Path | None:
        """The study's file, or None on a database server."""
        return None if is_url(self.reference) else Path(self.reference)


def is_url(reference: str) -> bool:
    """Whether a study reference is a database URL rather than a file."""
    return "://" in reference


def create_store(reference: str | Path, *, title: str, language: str) -> StudyStore:
    """Create an empty study.

    reference : path of the file to make (the suffix `.workbench` is added if it has none), or `URL#name`.
    Raises StudyExistsError if there is one already; it is left untouched.
    """
    reference = full_reference(reference)
    url, name = _split(reference)
    if not is_url(reference):
        path = Path(reference)
        if path.exists():
            raise StudyExistsError(f"{path} exists already; choose another name, or open it as it is")
        if not path.parent.is_dir():
            raise StudyNotFoundError(f"the folder {path.parent} does not exist; create it or choose another")
    engine = _engine(url)
    try:
        migrate(engine)
    except OperationalError as error:
        raise WorkbenchError(f"the study cannot be created at {_shown(reference)}: {error.orig}") from error
    row = StudyRow(name=name, title=title or name, language=language)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        if session.exec(select(StudyRow).where(StudyRow.name == name)).first():
            raise StudyExistsError(f"the database holds a study {name!r} already; choose another name")
        session.add(row)
    return StudyStore(engine, row.id, reference)


def open_store(reference: str | Path) -> StudyStore:
    """Open a study, bringing its tables up to date first (a copy of the file is kept beside it).

    Raises StudyNotFoundError if there is none, StudyVersionError if a newer workbench wrote it.
    """
    reference = full_reference(reference)
    url, name = _split(reference)
    if not is_url(reference):
        _require_study_file(Path(reference))
    engine = _engine(url)
    try:
        migrate(engine, file=None if is_url(reference) else Path(reference))
        with Session(engine) as session:
            wanted = (
                select(StudyRow.id)
                if not is_url(reference)
                else select(StudyRow.id).where(StudyRow.name == name)
            )
            study_id = session.exec(wanted).first()
    except OperationalError as error:
        raise StudyNotFoundError(f"{_shown(reference)} cannot be opened: {error.orig}") from error
    except DatabaseError as error:
        raise StudyNotFoundError(
            f"{_shown(reference)} is damaged ({error.orig}); restore it from a backup copy"
        ) from error
    if study_id is None:
        raise StudyNotFoundError(
            f"{_shown(reference)} holds no study {name!r}; create it with `workbench new`"
        )
    return StudyStore(engine, study_id, reference)


def full_reference(reference: str | Path) -> str:
    """A reference as it is stored and compared: an absolute path with suffix, or the URL as given."""
    given = str(reference)
    if is_url(given):
        if "#" not in given or given.endswith("#"):
            raise StudyNotFoundError(f"{_shown(given)} names no study; add #name at its end")
        return given
    path = Path(given).expanduser().absolute()
    return str(path if path.suffix else path.with_suffix(SUFFIX))


def migrate(engine: Engine, *, file: Path | None = None) -> None:
    """Bring the tables to the newest revision.

    file : the study's file; a copy is kept beside it before older tables are changed.
    Raises StudyVersionError if the tables are newer than this program.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise StudyVersionError(
            "the study was written by a newer version of the workbench; install that version to open it"
        )
    if current is not None and file is not None:
        copy_sqlite(file, file.with_name(f"{file.name}.before-{head}"))
    with engine.execution_options(workbench_write=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a study file while others may be writing to it (SQLite's online backup)."""
    with sqlite3.connect(source) as reading, sqlite3.connect(target) as writing:
        reading.backup(writing)
    reading.close()
    writing.close()


def _require_study_file(path: Path) -> None:
    if not path.is_file():
        raise StudyNotFoundError(
            f"there is no study at {path}; create it with `workbench new` or check the name"
        )
    with path.open("rb") as file:
        head = file.read(16)
    if head != b"SQLite format 3\x00":
        raise StudyNotFoundError(f"{path} is not a study file; choose a file that ends in {SUFFIX}")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        try:
            tables = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
        except sqlite3.DatabaseError as error:
            raise StudyNotFoundError(f"{path} is damaged ({error}); restore it from a backup copy") from error
    connection.close()
    if "study" not in tables:
        raise StudyNotFoundError(f"{path} is a database of another program, not a study")


def _split(reference: str) -> tuple[str, str]:
    """Database URL and study name of a full reference."""
    if is_url(reference):
        url, _, name = reference.partition("#")
        return url, name
    return f"sqlite:///{reference}", Path(reference).stem


def _shown(reference: str) -> str:
    """A reference fit for a message: a URL without its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    if not is_url(reference):
        return reference
    url, _, name = reference.partition("#")
    try:
        return f"{make_url(url).render_as_string(hide_password=True)}#{name}"
    except ArgumentError:
        return f"the database URL with #{name}"


@cache
def _engine_for(url: str, process: int) -> Engine:
    # The process is part of the key: a forked child must not share its parent's connections.
    if url.startswith("sqlite"):
        return _sqlite_engine(url)
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    return create_engine(url, pool_pre_ping=True)


def _engine(url: str) -> Engine:
    try:
        return _engine_for(url, os.getpid())
    except ModuleNotFoundError as error:
        raise WorkbenchError(
            f"the database needs the Python package {error.name}; install the extra `postgres`"
        ) from error
    except Exception as error:
        raise WorkbenchError(f"the database URL cannot be used: {error}") from error


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": LOCK_WAIT_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # this module says BEGIN itself, below
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    # A transaction that will write takes the write lock at once: a reader that turns writer half-way would
    # fail as soon as somebody else had written in between.
    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("workbench_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def forget_engine(reference: str | Path) -> None:
    """Close the connections to a study, so that its file can be moved or replaced."""
    url, _ = _split(full_reference(reference))
    _engine_for(url, os.getpid()).dispose()


def table_names(engine: Engine) -> list[str]:
    """The names of all tables in the database, sorted."""
    return sorted(inspect(engine).get_table_names())
