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

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlmodel import Session, select

from workbench.errors import (
    StoreUnavailableError,
    StudyExistsError,
    StudyNotFoundError,
    StudyVersionError,
    WorkbenchError,
)
from workbench.i18n import t
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
            raise StudyExistsError(t("errors.study_exists", path=path))
        if not path.parent.is_dir():
            raise StudyNotFoundError(t("errors.no_folder", folder=path.parent))
    engine = _engine(url)
    try:
        migrate(engine)
    except OperationalError as error:
        raise WorkbenchError(
            t("errors.study_not_created", reference=_shown(reference), detail=error.orig)
        ) from error
    row = StudyRow(name=name, title=title or name, language=language)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        if session.exec(select(StudyRow).where(StudyRow.name == name)).first():
            raise StudyExistsError(t("errors.database_holds", study=name))
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
        raise StudyNotFoundError(
            t("errors.study_not_opened", reference=_shown(reference), detail=error.orig)
        ) from error
    except DatabaseError as error:
        raise StudyNotFoundError(_damaged(reference, error)) from error
    if study_id is None:
        raise StudyNotFoundError(t("errors.holds_no_study", reference=_shown(reference), study=name))
    return StudyStore(engine, study_id, reference)


def full_reference(reference: str | Path) -> str:
    """A reference as it is stored and compared: an absolute path with suffix, or the URL as given."""
    given = str(reference)
    if is_url(given):
        if "#" not in given or given.endswith("#"):
            raise StudyNotFoundError(t("errors.reference_without_name", reference=_shown(given)))
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
        raise StudyVersionError(t("errors.newer_workbench"))
    if current is not None and file is not None:
        copy_sqlite(file, file.with_name(f"{file.name}.before-{head}"))
    with (
        engine.execution_options(workbench_write=True).connect() as connection,
        _tables_replaceable(connection),
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _tables_replaceable(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: dropping the old one must not take the rows that refer to it.

    Foreign keys can only be turned off outside a transaction, so this speaks to the driver itself.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a study file while others may be writing to it (SQLite's online backup)."""
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)


def _require_study_file(path: Path) -> None:
    if not path.is_file():
        raise StudyNotFoundError(t("errors.no_study_at", path=path))
    with path.open("rb") as file:
        head = file.read(16)
    if head != b"SQLite format 3\x00":
        raise StudyNotFoundError(t("errors.not_a_study_file", path=path, ending=SUFFIX))
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            tables = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
        except sqlite3.DatabaseError as error:
            raise StudyNotFoundError(t("errors.study_damaged", reference=path, detail=error)) from error
    if "study" not in tables:
        raise StudyNotFoundError(t("errors.another_program", path=path))


def _split(reference: str) -> tuple[URL, str]:
    """Database address and study name of a full reference."""
    if not is_url(reference):
        # Built, not pasted: a file name may hold characters that mean something in a URL.
        return URL.create("sqlite", database=reference), Path(reference).stem
    address, _, name = reference.partition("#")
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise WorkbenchError(
            t("errors.no_database_url", reference=_shown(reference), detail=error)
        ) from error
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
        raise StoreUnavailableError(
            t("errors.not_available_now", reference=_shown(reference), detail=error.orig)
        ) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        raise StudyNotFoundError(_damaged(reference, error)) from error


def _damaged(reference: str, error: DatabaseError) -> str:
    return t("errors.study_damaged", reference=_shown(reference), detail=error.orig)


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
            raise WorkbenchError(t("errors.no_such_database", database=url.drivername))
        sqlite = url.get_backend_name() == "sqlite"
        return _sqlite_engine(url) if sqlite else create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise WorkbenchError(t("errors.database_package", package=error.name)) from error
    except ArgumentError as error:
        raise WorkbenchError(t("errors.database_url_unusable", detail=error)) from error


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
