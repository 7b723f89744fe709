"""Opening and creating stores: one SQLite file a study, or PostgreSQL by URL with `#study-name`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
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
        with _faults_named(self.reference), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: all of it is stored when the block ends, nothing of it if the block fails."""
        writing = self.engine.execution_options(workbench_write=True)
        with (
            _faults_named(self.reference),
            Session(writing, expire_on_commit=False) as session,
            session.begin(),
        ):
            if self.engine.dialect.name == "postgresql":
                # One writer a study at a time, as SQLite has it: numbers are given out once, and events
                # become visible in the order of their sequence.
                session.execute(
                    text("SELECT pg_advisory_xact_lock(hashtextextended(:study, 0))"),
                    {"study": self.study_id},
                )
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
        raise StudyNotFoundError(_damaged(reference, error)) from error
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
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)


def _require_study_file(path: Path) -> None:
    if not path.is_file():
        raise StudyNotFoundError(
            f"there is no study at {path}; create it with `workbench new` or check the name"
        )
    with path.open("rb") as file:
        head = file.read(16)
    if head != b"SQLite format 3\x00":
        raise StudyNotFoundError(f"{path} is not a study file; choose a file that ends in {SUFFIX}")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            tables = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
        except sqlite3.DatabaseError as error:
            raise StudyNotFoundError(f"{path} is damaged ({error}); restore it from a backup copy") from error
    if "study" not in tables:
        raise StudyNotFoundError(f"{path} is a database of another program, not a study")


def _split(reference: str) -> tuple[URL, str]:
    """Database address and study name of a full reference."""
    if not is_url(reference):
        # Built, not pasted: a file name may hold characters that mean something in a URL.
        return URL.create("sqlite", database=reference), Path(reference).stem
    address, _, name = reference.partition("#")
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise WorkbenchError(f"{_shown(reference)} is no database URL: {error}") from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    return url, name


def _shown(reference: str) -> str:
    """A reference fit for a message: a URL without its password."""
    if not is_url(reference):
        return reference
    url, _, name = reference.partition("#")
    try:
        return f"{make_url(url).render_as_string(hide_password=True)}#{name}"
    except ArgumentError:
        return f"the database URL with #{name}"


@contextmanager
def _faults_named(reference: str) -> Iterator[None]:
    """Turn faults of the database into errors that say what to do."""
    try:
        yield
    except OperationalError as error:
        raise WorkbenchError(
            f"{_shown(reference)} cannot be read or written now ({error.orig}); try again, and see that "
            "the disk has room and the study is not held by another program"
        ) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        raise StudyNotFoundError(_damaged(reference, error)) from error


def _damaged(reference: str, error: DatabaseError) -> str:
    return f"{_shown(reference)} is damaged ({error.orig}); restore it from a backup copy"


# The process is part of the key: a forked child must not share its parent's connections.
_engines: dict[tuple[URL, int], Engine] = {}
_engines_lock = Lock()


def _engine(url: URL) -> Engine:
    key = (url, os.getpid())
    with _engines_lock:
        if key not in _engines:
            _engines[key] = _new_engine(url)
        return _engines[key]


def _new_engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() not in ("sqlite", "postgresql"):
            raise WorkbenchError(f"no study can be kept in {url.drivername}; use a file or PostgreSQL")
        sqlite = url.get_backend_name() == "sqlite"
        return _sqlite_engine(url) if sqlite else create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise WorkbenchError(
            f"the database needs the Python package {error.name}; install the extra `postgres`"
        ) from error
    except ArgumentError as error:
        raise WorkbenchError(f"the database URL cannot be used: {error}") from error


def _sqlite_engine(url: URL) -> Engine:
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
    _engine(url).dispose()


def close_connections() -> None:
    """Close the connections to all studies; each opens again when it is used."""
    with _engines_lock:
        engines = list(_engines.values())
    for engine in engines:
        engine.dispose()
