"""Files of register records into DuckDB: csv, Parquet and statistics files, several of a kind as one."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quant.errors import EffectError
from quant.register_sources import damaged, fill, quoted, require_columns
from quant.tables import DELIMITERS

if TYPE_CHECKING:
    import ibis.expr.types as ir

CHUNK_ROWS = 250_000
NOTHING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", ".", "-")
_SAMPLE_BYTES = 1 << 20


def read_parquet(connection: Any, paths: Sequence[Path], columns: Sequence[str]) -> ir.Table:
    """The wanted columns of Parquet files, in their order; read when the table is executed."""
    import duckdb

    try:
        table = connection.read_parquet([str(path) for path in paths])
    except (duckdb.Error, OSError) as error:
        raise damaged(paths[0].name, error) from error
    require_columns(columns, table.columns, paths[0].name)
    return table.select(*columns)


def read_csv(connection: Any, paths: Sequence[Path], columns: Sequence[str]) -> None:
    """Put the wanted columns of csv files into the table `records`, all as text.

    Raises EffectError with the line for a file that is not even, and for a heading without rows.
    """
    import duckdb

    made = ", ".join(f"{quoted(name)} VARCHAR" for name in columns)
    connection.con.execute(f"CREATE OR REPLACE TEMP TABLE records ({made})")
    for path in paths:
        delimiter, encoding, known = _layout(path)
        require_columns(columns, known, path.name)
        for each in dict.fromkeys([encoding, "latin-1"]):
            try:
                _insert(connection, path, columns, known, delimiter, each)
                break
            except duckdb.Error as error:
                if "unicode" not in str(error).lower() or each == "latin-1":
                    raise damaged(path.name, error) from error


def read_statistics(connection: Any, paths: Sequence[Path], columns: Sequence[str]) -> None:
    """Put the wanted columns of Stata or SPSS files into the table `records`, a chunk at a time.

    Stata's monthly dates become texts such as 2019-04; its weekly ones have no ISO week and stay numbers.
    """
    import pyreadstat

    types: dict[str, str] = {}
    for path in paths:
        read = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
        try:
            _, meta = read(str(path), metadataonly=True)
        except Exception as error:  # pyreadstat's own errors share no class but Exception
            raise damaged(path.name, error) from error
        require_columns(columns, meta.column_names, path.name)
        types = types or {name: _kind(meta, name) for name in columns}
    fill(connection, types, (batch for path in paths for batch in _chunks(path, columns)))


def _chunks(path: Path, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    import pyreadstat

    read = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    for chunk, meta in pyreadstat.read_file_in_chunks(
        read, str(path), chunksize=CHUNK_ROWS, usecols=list(columns)
    ):
        for name in columns:
            if _format(meta, name).startswith("%tm"):
                months = chunk[name] + 1960 * 12
                chunk[name] = [
                    None if pd.isna(each) else f"{int(each) // 12}-{int(each) % 12 + 1:02d}"
                    for each in months
                ]
        yield chunk


def _kind(meta: Any, name: str) -> str:
    shown = _format(meta, name)
    if meta.readstat_variable_types[name] == "string" or shown.startswith("%tm"):
        return "VARCHAR"
    if shown.startswith(("%td", "DATE", "ADATE", "EDATE", "SDATE")):
        return "TIMESTAMP" if shown.startswith("DATETIME") else "DATE"
    return "TIMESTAMP" if shown.startswith("%tc") else "DOUBLE"


def _format(meta: Any, name: str) -> str:
    return str(meta.original_variable_types.get(name) or "")


def _layout(path: Path) -> tuple[str, str, list[str]]:
    """Delimiter, encoding and column names of a csv file, from its beginning."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as opened:
            sample = opened.read(_SAMPLE_BYTES)
    except (OSError, EOFError) as error:
        raise damaged(path.name, error) from error
    encoding = _encoding(sample)
    text = sample.decode(encoding, errors="ignore").lstrip("\ufeff")
    lines = text.splitlines()
    if len(lines) < 2 or not any(line.strip() for line in lines[1:]):
        raise EffectError(
            "{file}: there is no row below the column names; expected one row a record",
            reason="panel_no_rows",
            file=path.name,
        )
    delimiter = max(DELIMITERS, key=lines[0].count)
    return delimiter, encoding, next(csv.reader(io.StringIO(lines[0]), delimiter=delimiter))


def _encoding(sample: bytes) -> str:
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:  # a letter cut at the end of the sample is none of its faults
            return "latin-1"
    return "utf-8"


def _insert(
    connection: Any, path: Path, columns: Sequence[str], known: Sequence[str], delimiter: str, encoding: str
) -> None:
    """Add a file whose layout is known, so that a line that does not fit it is an error."""
    places = ", ".join(f"c{known.index(name)}" for name in columns)
    kinds = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(known)))
    connection.con.execute(
        f"INSERT INTO records SELECT {places} FROM read_csv(?, auto_detect = false, columns = {{{kinds}}}, "
        "header = true, delim = ?, quote = '\"', escape = '\"', encoding = ?, nullstr = ?)",
        [str(path), delimiter, encoding, list(NOTHING)],
    )
