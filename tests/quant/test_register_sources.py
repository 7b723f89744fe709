"""Register records in every kind of file and database give the same rows, and damage is told apart."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import ibis
import pandas as pd
import pyreadstat
import pytest

from quant.errors import EffectError
from quant.panel_building import build_panel
from quant.register_databases import without_password
from quant.register_sources import Records, open_records

pytestmark = [
    # Ibis 12 asks duckdb and pandas in a way that their newest versions call old.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
]

COLUMNS = ("borger", "måned", "timer")
ROWS = [("007", "2019-01", 37.5), ("007", "2019-02", None), ("åse", "2019-01", 0.0)]
FRAME = pd.DataFrame(ROWS, columns=list(COLUMNS))
DANISH = 'borger;måned;timer;"unused; one"\n007;2019-01;37,5;x\n007;2019-02;;x\nåse;2019-01;0,0;x\n'


def rows(opened: Records) -> list[tuple[str, str, float | None]]:
    from quant.panel_columns import number_of, text_of

    table = opened.table
    assert tuple(table.columns) == COLUMNS
    read = table.select(
        text_of(table.borger).name("a"), text_of(table["måned"]).name("b"), number_of(table.timer).name("c")
    )
    frame = read.to_pandas()
    return [(str(a), str(b), None if pd.isna(c) else float(c)) for a, b, c in frame.to_numpy().tolist()]


def written(kind: str, folder: Path) -> tuple[Path, str | None]:
    """The rows in a file of a kind, and the table in it."""
    path = folder / f"records.{kind}"
    if kind in ("csv", "txt"):
        path.write_bytes(DANISH.encode("utf-8-sig" if kind == "csv" else "cp1252"))
    elif kind == "csv.gz":
        path.write_bytes(gzip.compress(DANISH.replace(";", "\t").encode("utf-8")))
    elif kind == "utf16.csv":
        path.write_bytes(DANISH.encode("utf-16"))
    elif kind == "parquet":
        FRAME.to_parquet(path)
    elif kind == "xlsx":
        FRAME.to_excel(path, index=False)
    elif kind == "dta":
        pyreadstat.write_dta(FRAME, path)
    elif kind == "sav":
        pyreadstat.write_sav(FRAME, path)
    elif kind == "duckdb":
        with duckdb.connect(str(path)) as database:
            database.register("given", FRAME)
            database.execute("CREATE TABLE weeks AS SELECT * FROM given; CREATE TABLE other (a INTEGER)")
        return path, "weeks"
    else:
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE weeks (borger TEXT, måned TEXT, timer)")
            database.executemany("INSERT INTO weeks VALUES (?, ?, ?)", ROWS)
            database.commit()
    return path, None


@pytest.mark.parametrize(
    "kind",
    ["csv", "txt", "csv.gz", "utf16.csv", "parquet", "xlsx", "dta", "sav", "duckdb", "sqlite"],
)
def test_every_kind_of_file_gives_the_same_rows(kind: str, tmp_path: Path) -> None:
    path, table = written(kind, tmp_path)
    assert rows(open_records(path, COLUMNS, table=table)) == ROWS


def test_frames_and_tables_of_ibis_give_the_same_rows() -> None:
    assert rows(open_records(FRAME.assign(more=1), COLUMNS)) == ROWS
    mixed = FRAME.assign(borger=pd.Series([7, "007", "åse"], dtype=object))
    assert [row[0] for row in rows(open_records(mixed, COLUMNS))] == ["7", "007", "åse"]
    connection = ibis.duckdb.connect()
    connection.con.execute("CREATE TABLE weeks (borger VARCHAR, måned VARCHAR, timer DOUBLE)")
    connection.con.executemany("INSERT INTO weeks VALUES (?, ?, ?)", ROWS)
    assert rows(open_records(connection.table("weeks"), COLUMNS)) == ROWS


def test_a_folder_a_pattern_and_a_list_are_one_table_in_order(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        FRAME.iloc[number - 1 : number].to_parquet(tmp_path / f"y{number}.parquet")
    paths = [tmp_path / f"y{number}.parquet" for number in (1, 2, 3)]
    for source in (tmp_path, str(tmp_path / "y*.parquet"), paths):
        opened = open_records(source, COLUMNS)
        assert rows(opened) == ROWS
        assert opened.name == "y1.parquet (+2)"
    for number, delimiter in ((1, ";"), (2, ",")):
        text = DANISH if delimiter == ";" else DANISH.replace(";", delimiter).replace("37,5", "37.5")
        (tmp_path / f"y{number}.csv").write_text(text.replace("0,0", "0"), encoding="utf-8")
    assert rows(open_records([tmp_path / "y1.csv", tmp_path / "y2.csv"], COLUMNS)) == ROWS * 2


def test_a_csv_that_turns_out_to_be_no_utf8_is_read_as_latin(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    filler = "007;2019-01;1\n" * 100_000
    path.write_bytes(b"borger;maaned;timer\n" + filler.encode() + "åse;2019-01;0\n".encode("latin-1"))
    opened = open_records(path, ("borger",))
    assert opened.table.filter(opened.table.borger == "åse").count().to_pandas() == 1
    assert opened.table.count().to_pandas() == 100_001


def test_stata_months_and_days_are_read_as_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "months.dta"
    frame = pd.DataFrame({"id": [1.0, 2.0], "m": [708.0, None], "d": [21550.0, 21551.0]})
    pyreadstat.write_dta(frame, path, variable_format={"m": "%tm", "d": "%td"})
    read = open_records(path, ("id", "m", "d")).table.to_pandas()
    assert read["m"].tolist()[0] == "2019-01"
    assert read["m"].isna().tolist() == [False, True]
    assert [str(each)[:10] for each in read["d"]] == ["2019-01-01", "2019-01-02"]


@pytest.mark.parametrize(
    ("name", "content", "reason", "words"),
    [
        ("none.csv", None, "panel_no_file", "no such file"),
        ("empty.csv", b"", "panel_empty_file", "the file is empty"),
        ("head.csv", b"borger;m\xc3\xa5ned;timer\n", "panel_no_rows", "no row below the column names"),
        ("lacks.csv", b"borger;uge;timer\n1;2;3\n", "panel_no_column", "no column 'måned'"),
        ("ragged.csv", "borger;måned;timer\n1;2;3\n1;2;3;4;5\n".encode(), "panel_damaged_file", "Line: 3"),
        ("cut.csv.gz", b"\x1f\x8b\x08\x00broken", "panel_damaged_file", "cut.csv.gz"),
        ("bad.parquet", b"PAR1 and no more", "panel_damaged_file", "bad.parquet"),
        ("bad.dta", b"<stata_dta> and no more", "panel_damaged_file", "bad.dta"),
        ("bad.db", b"SQLite format 3\0" + b"x" * 200, "panel_database", "bad.db"),
        ("what.doc", b"words", "panel_unknown_kind", "kind '.doc'"),
    ],
)
def test_files_that_cannot_be_read_say_why(
    name: str, content: bytes | None, reason: str, words: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(EffectError, match=words) as refused:
        open_records(tmp_path / name, COLUMNS)
    assert refused.value.reason == reason


def test_the_nearest_column_and_the_tables_there_are_are_named(tmp_path: Path) -> None:
    with pytest.raises(EffectError, match=r"no column 'borgr'.*nearest: 'borger'"):
        open_records(FRAME, ("borgr",))
    path, _ = written("duckdb", tmp_path)
    with pytest.raises(EffectError, match=r"the table '' is not there.*other, weeks"):
        open_records(path, COLUMNS)


def test_addresses_of_databases_without_a_table_are_refused_without_showing_the_password() -> None:
    with pytest.raises(EffectError, match="with the table after #") as refused:
        open_records("postgresql://ida:secret@localhost:1/register", COLUMNS)
    assert "secret" not in str(refused.value)
    assert without_password("postgresql://ida:secret@db:5432/r#weeks") == "postgresql://ida@db:5432/r#weeks"
    assert without_password("folder/records.csv") == "folder/records.csv"


@pytest.mark.postgres
def test_a_table_in_postgres_gives_the_same_rows(postgres_url: str) -> None:
    import psycopg

    plain = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain) as database:
        database.execute('CREATE TABLE weeks (borger text, "måned" text, timer numeric, day date)')
        for borger, month, hours in ROWS:
            database.execute("INSERT INTO weeks VALUES (%s, %s, %s, '2019-01-31')", (borger, month, hours))
    opened = open_records(f"{postgres_url}#weeks", COLUMNS)
    assert rows(opened) == ROWS
    assert rows(open_records(postgres_url, COLUMNS, table="public.weeks")) == ROWS
    assert (
        str(open_records(postgres_url, ("day",), table="weeks").table.to_pandas()["day"][0])[:10]
        == "2019-01-31"
    )
    rules = {
        "files": [f"{postgres_url}#weeks"],
        "unit": "borger",
        "period": "måned",
        "period_unit": "month",
        "target": "month",
        "outcomes": [{"id": "timer", "missing": "zero"}],
        "treatment": {"units": ["007"], "start": "2019-02"},
    }
    assert build_panel(rules).frame["treated"].tolist() == [1, 1, 0, 0]
    with pytest.raises(EffectError, match="cannot be read"):
        open_records(postgres_url, COLUMNS, table="nowhere")


def test_a_million_records_become_a_panel_in_120_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "records.parquet"
    duckdb.sql(f"""
        COPY (SELECT 'person ' || (n // 52) AS person, 1 + n % 52 AS week, n % 4 AS work,
                     CASE WHEN n // 52 % 2 = 0 THEN 'A' ELSE 'B' END AS town
              FROM range(1040000) made(n)) TO '{path}'
    """)
    table = ibis.duckdb.connect(memory_limit="120MB", threads=1, temp_directory=str(tmp_path / "aside"))
    records = table.read_parquet(path)
    records = records.mutate(week="2019W" + records.week.cast("string"))
    rules = {
        "unit": "person",
        "period": "week",
        "outcomes": [{"id": "work", "statistic": "sum"}],
        "treatment": {"column": "town", "units": ["A"], "start": "2019Q3"},
    }
    panel = build_panel(rules, records)
    assert panel.flow.set_index("stage").loc["records", ["n_units", "n_rows"]].tolist() == [20_000, 1_040_000]
    assert panel.table.work.sum().to_pandas() == 1_040_000 / 4 * 6
