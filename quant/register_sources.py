"""Register records where they are: csv, Parquet, Stata and SPSS files, databases, frames and Ibis tables.

Nothing is read into pandas as a whole: DuckDB reads the files or takes them in batches, with limited memory.
"""

from __future__ import annotations

import difflib
import glob
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from quant.errors import EffectError

if TYPE_CHECKING:
    import ibis.expr.types as ir

RecordsSource: TypeAlias = "str | Path | Sequence[str | Path] | pd.DataFrame | ir.Table"
MEMORY_LIMIT = "2GB"
CSV_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
STATISTICS_ENDINGS = (".dta", ".sav", ".zsav")
_PARQUET_ENDINGS = (".parquet", ".pq")
_SHEET_ENDINGS = (".xlsx", ".xls", ".ods")
_SQLITE, _DUCKDB = b"SQLite format 3\0", b"DUCK"


@dataclass(frozen=True)
class Records:
    """Opened records.

    table : Ibis table of the columns asked for; it reads when it is executed.
    name : of the source, for messages; no password.   ordered : whether rows stand in an order of their own.
    """

    table: ir.Table = field(repr=False)
    name: str
    ordered: bool = True


def open_records(
    source: RecordsSource,
    columns: Sequence[str],
    *,
    table: str | None = None,
    memory_limit: str = MEMORY_LIMIT,
    threads: int | None = None,
    folder: str | Path | None = None,
) -> Records:
    """The records of a source as an Ibis table with the wanted columns.

    source : path, glob or folder of .csv (.gz; usual delimiters; UTF-8 or Windows-1252) or .parquet files, a
        .dta, .sav or .xlsx file, a DuckDB or SQLite file, the address of a PostgreSQL database, several paths
        of one kind, a frame, or an Ibis table of any backend.
    columns : wanted columns; cells of a csv stay text.
    table : which table of a database; its only one if None.
    memory_limit, threads : of DuckDB.   folder : where it puts what does not fit; a temporary one if None.

    Raises EffectError for a file that is not there, empty, damaged, of an unknown kind, or lacks a column.
    """
    import ibis.expr.types as ir

    if isinstance(source, ir.Table):
        require_columns(columns, source.columns, "the table")
        ordered = source.get_backend().name == "duckdb"
        return Records(source.select(*columns), "the table", ordered)
    connection = _connect(memory_limit, threads, folder)
    if isinstance(source, pd.DataFrame):
        return _frame_records(connection, source, columns, "the frame")
    if isinstance(source, str) and "://" in source:
        from quant.register_databases import read_postgres

        name = read_postgres(connection, source, table, columns)
        return Records(connection.table("records"), name)
    given = [source] if isinstance(source, (str, Path)) else list(source)
    return _file_records(connection, [path for each in given for path in _paths(each)], columns, table)


@contextmanager
def engine_faults(file: str) -> Iterator[None]:
    """Say as EffectError what stops DuckDB: no room, or files that turn out to be damaged while it reads."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise EffectError(
            "{file}: the engine has no room left ({detail}); give it more memory, or a folder with "
            "room on disk",
            reason="panel_no_room",
            file=file,
            detail=one_line(error),
        ) from error
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.ConversionException) as error:
        raise damaged(file, error) from error


def damaged(file: str, error: Exception) -> EffectError:
    """The error of records that cannot be read."""
    return EffectError(
        "{file}: the records cannot be read ({detail}); save or export the file again",
        reason="panel_damaged_file",
        file=file,
        detail=one_line(error),
    )


def one_line(error: Exception) -> str:
    """The first paragraph of what an engine says, as one line."""
    return " ".join(str(error).split("\n\n")[0].split())[:300]


def fill(connection: Any, types: dict[str, str], batches: Iterator[pd.DataFrame]) -> None:
    """Put batches into the DuckDB table `records` with the given types of columns.

    connection : of Ibis.   types : DuckDB type by column.
    """
    duck = connection.con
    made = ", ".join(f"{quoted(name)} {kind}" for name, kind in types.items())
    duck.execute(f"CREATE OR REPLACE TEMP TABLE records ({made})")
    names = ", ".join(map(quoted, types))
    for batch in batches:
        duck.register("register_batch", batch)
        duck.execute(f"INSERT INTO records SELECT {names} FROM register_batch")
        duck.unregister("register_batch")


def quoted(name: str) -> str:
    """A name of a column or table as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def require_columns(columns: Sequence[str], known: Sequence[str], file: str) -> None:
    """Raise EffectError for the first column that is not among the known ones."""
    missing = [name for name in columns if name not in set(known)]
    if not missing:
        return
    near = difflib.get_close_matches(missing[0], known, n=1, cutoff=0.5)
    raise EffectError(
        "{file}: there is no column '{column}'; its columns are: {known}. Name one of them in the rules "
        "(nearest: '{near}')",
        reason="panel_no_column",
        file=file,
        column=missing[0],
        known=", ".join(map(str, known)),
        near=near[0] if near else known[0] if known else "",
    )


def _connect(memory_limit: str, threads: int | None, folder: str | Path | None) -> Any:
    """An Ibis connection to a DuckDB of its own; what it puts aside goes with it."""
    import ibis

    kept = Path(tempfile.mkdtemp(prefix="register-", dir=folder))
    options: dict[str, Any] = {"memory_limit": memory_limit, "temp_directory": str(kept)}
    if threads is not None:
        options["threads"] = threads
    connection = ibis.duckdb.connect(**options)
    weakref.finalize(connection, shutil.rmtree, str(kept), ignore_errors=True)
    return connection


def _paths(given: str | Path) -> list[Path]:
    """Files behind a path, a folder or a pattern, sorted."""
    path = Path(given)
    if path.is_dir():
        found = sorted(each for each in path.rglob("*") if _ending(each) in (*_PARQUET_ENDINGS, *CSV_ENDINGS))
    elif path.exists():
        found = [path]
    else:
        found = sorted(Path(each) for each in glob.glob(str(given), recursive=True))
    if not found:
        raise EffectError(
            "{file}: there is no such file, and no file fits it as a pattern; check the path",
            reason="panel_no_file",
            file=str(given),
        )
    for each in found:
        if not each.stat().st_size:
            raise EffectError(
                "{file}: the file is empty; export the records again",
                reason="panel_empty_file",
                file=each.name,
            )
    return found


def _ending(path: Path) -> str:
    """Last ending, or the last two where the file is compressed."""
    name = path.name.lower()
    return "".join(Path(name).suffixes[-2:]) if name.endswith(".gz") else Path(name).suffix


def _file_records(connection: Any, paths: list[Path], columns: Sequence[str], table: str | None) -> Records:
    from quant import register_databases as databases
    from quant import register_files as files

    endings = {_ending(path) for path in paths}
    first, name = paths[0], paths[0].name if len(paths) == 1 else f"{paths[0].name} (+{len(paths) - 1})"
    head = _head(first)
    if endings <= set(_PARQUET_ENDINGS):
        return Records(files.read_parquet(connection, paths, columns), name)
    if endings <= set(CSV_ENDINGS):
        files.read_csv(connection, paths, columns)
    elif endings <= set(STATISTICS_ENDINGS):
        files.read_statistics(connection, paths, columns)
    elif len(paths) == 1 and head.startswith(_SQLITE):
        name = databases.read_sqlite(connection, first, table, columns)
    elif len(paths) == 1 and head[8:12] == _DUCKDB:
        found, name = databases.duckdb_table(connection, first, table, columns)
        return Records(found, name)
    elif endings <= set(_SHEET_ENDINGS) and len(paths) == 1:
        from quant.tables import read_table

        return _frame_records(connection, read_table(first), columns, name)
    else:
        raise EffectError(
            "{file}: records of the kind '{kind}' cannot be read; expected csv, parquet, dta, sav, xlsx, a "
            "DuckDB or SQLite file, and several files only of one kind",
            reason="panel_unknown_kind",
            file=name,
            kind=", ".join(sorted(endings)),
        )
    return Records(connection.table("records"), name)


def _head(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(16)


def _frame_records(connection: Any, frame: pd.DataFrame, columns: Sequence[str], name: str) -> Records:
    """A frame in DuckDB; cells of mixed kinds become text."""
    from quant.outcome_rules import code_text

    known = {str(each): each for each in frame.columns}
    require_columns(columns, list(known), name)
    kept = pd.DataFrame(index=pd.RangeIndex(len(frame)))
    for column in columns:
        cells = frame[known[column]].reset_index(drop=True)
        if isinstance(cells.dtype, (pd.CategoricalDtype, pd.PeriodDtype)) or cells.dtype == object:
            texts = [None if pd.isna(cell) else code_text(cell) for cell in cells]
            cells = pd.Series(texts, dtype="str")
        kept[column] = cells
    connection.con.register("given_frame", kept)
    connection.con.execute("CREATE OR REPLACE TEMP TABLE records AS SELECT * FROM given_frame")
    connection.con.unregister("given_frame")
    return Records(connection.table("records"), name)
