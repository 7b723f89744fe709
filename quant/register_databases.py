"""Tables of databases as register records: DuckDB in place, SQLite and PostgreSQL in batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd

from quant.errors import EffectError
from quant.register_sources import fill, one_line, quoted, require_columns

if TYPE_CHECKING:
    import ibis.expr.types as ir

BATCH_ROWS = 100_000
_POSTGRES_TYPES = {
    **dict.fromkeys((20, 21, 23), "BIGINT"), **dict.fromkeys((700, 701, 1700), "DOUBLE"),
    16: "BOOLEAN", 1082: "DATE", 1114: "TIMESTAMP", 1184: "TIMESTAMP",
}  # fmt: skip


def duckdb_table(
    connection: Any, path: Path, table: str | None, columns: Sequence[str]
) -> tuple[ir.Table, str]:
    """A table of a DuckDB file, read in place, and its name for messages."""
    import duckdb

    try:
        connection.con.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS register (READ_ONLY)")
    except duckdb.Error as error:
        raise _not_opened(path.name, error) from error
    found = connection.con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'register' ORDER BY 1"
    ).fetchall()
    name = _table_of([row[0] for row in found], table, path.name)
    records = connection.table(name, database=("register", "main"))
    require_columns(columns, records.columns, f"{path.name}#{name}")
    return records.select(*columns), f"{path.name}#{name}"


def read_sqlite(connection: Any, path: Path, table: str | None, columns: Sequence[str]) -> str:
    """Put the wanted columns of a SQLite table into `records`; returns its name for messages."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            listed = database.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
            ).fetchall()
            name = _table_of([row[0] for row in listed], table, path.name)
            known = [row[1] for row in database.execute(f"PRAGMA table_info({quoted(name)})")]
            require_columns(columns, known, f"{path.name}#{name}")
            types = {column: _sqlite_type(database, name, column) for column in columns}
            fill(connection, types, _sqlite_batches(database, name, types))
    except sqlite3.Error as error:
        raise _not_opened(path.name, error) from error
    return f"{path.name}#{name}"


def read_postgres(connection: Any, url: str, table: str | None, columns: Sequence[str]) -> str:
    """Put the wanted columns of a PostgreSQL table into `records`; returns its name for messages.

    url : as SQLAlchemy writes it, postgresql[+psycopg]://user:password@host/database; the table may follow #.
    """
    parts = urlsplit(url)
    name = f"{parts.hostname or ''}{parts.path}"
    wanted = table or parts.fragment
    if not parts.scheme.startswith("postgres") or not wanted:
        raise EffectError(
            "{file}: expected the address of a PostgreSQL database (postgresql://...) with the table after # "
            "or as `table`",
            reason="panel_database_address",
            file=name,
        )
    try:
        import psycopg
    except ImportError as error:
        raise EffectError(
            "{file}: reading from PostgreSQL needs psycopg; install the extra `postgres`",
            reason="panel_no_psycopg",
            file=name,
        ) from error
    address = parts._replace(scheme="postgresql", fragment="").geturl()
    try:
        with psycopg.connect(address) as database, database.cursor(name="records") as cursor:
            source = psycopg.sql.Identifier(*wanted.split("."))
            known = _postgres_columns(database, source)
            require_columns(columns, list(known), f"{name}#{wanted}")
            selected = psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, columns))
            cursor.execute(psycopg.sql.SQL("SELECT {} FROM {}").format(selected, source))
            types = {column: _POSTGRES_TYPES.get(known[column], "VARCHAR") for column in columns}
            fill(connection, types, _batches(cursor, types))
    except psycopg.Error as error:
        raise _not_opened(f"{name}#{wanted}", error) from error
    return f"{name}#{wanted}"


def without_password(source: str) -> str:
    """The address of a database without its password; a path as it is."""
    if "://" not in source:
        return source
    parts = urlsplit(source)
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{user}{parts.hostname or ''}{port}").geturl()


def _postgres_columns(database: Any, source: Any) -> dict[str, int]:
    """Type number of each column of a table."""
    import psycopg

    with database.cursor() as asked:
        asked.execute(psycopg.sql.SQL("SELECT * FROM {} LIMIT 0").format(source))
        return {column.name: column.type_code for column in asked.description}


def _sqlite_type(database: sqlite3.Connection, table: str, column: str) -> str:
    """The DuckDB type that holds every value; SQLite itself lets each row have its own."""
    name = quoted(column)
    kinds = {row[0] for row in database.execute(f"SELECT DISTINCT typeof({name}) FROM {quoted(table)}")}
    kinds -= {"null"}
    if kinds == {"integer"}:
        return "BIGINT"
    return "DOUBLE" if kinds and kinds <= {"integer", "real"} else "VARCHAR"


def _sqlite_batches(
    database: sqlite3.Connection, table: str, types: dict[str, str]
) -> Iterator[pd.DataFrame]:
    names = ", ".join(map(quoted, types))
    yield from _batches(database.execute(f"SELECT {names} FROM {quoted(table)}"), types)


def _batches(cursor: Any, types: dict[str, str]) -> Iterator[pd.DataFrame]:
    """Rows of a cursor as frames whose columns fit the types."""
    while rows := cursor.fetchmany(BATCH_ROWS):
        frame = pd.DataFrame(rows, columns=list(types), dtype=object)
        for name, kind in types.items():
            if kind == "DOUBLE":
                frame[name] = frame[name].astype(float)
            elif kind == "BIGINT":
                frame[name] = frame[name].astype("Int64")
            elif kind == "VARCHAR":
                frame[name] = [None if each is None else str(each) for each in frame[name]]
        yield frame


def _table_of(known: Sequence[str], wanted: str | None, file: str) -> str:
    """The wanted table, or the only one."""
    if wanted in known:
        return str(wanted)
    if wanted is None and len(known) == 1:
        return known[0]
    raise EffectError(
        "{file}: the table '{table}' is not there; name one of its tables as `table`: {known}",
        reason="panel_no_table",
        file=file,
        table=wanted or "",
        known=", ".join(known),
    )


def _not_opened(file: str, error: Exception) -> EffectError:
    return EffectError(
        "{file}: the database cannot be read ({detail}); check the address, and that the table may be read",
        reason="panel_database",
        file=file,
        detail=one_line(error),
    )
