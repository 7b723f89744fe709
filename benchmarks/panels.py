"""A panel of 20 million person-weeks: processor time and memory as shares of limits, and of a pandas peer.

The peer groups a tenth of the records in memory; its time is counted ten times.
Run: python benchmarks/panels.py [ROWS]   (leaves with 1 above a limit)
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

LIMIT_SECONDS, LIMIT_GIGABYTES = 120.0, 4.0
WEEKS, MUNICIPALITIES, TREATED = 104, 58, 20
RULES = {
    "unit": "person",
    "period": "week",
    "cluster": "municipality",
    "outcomes": [
        {"id": "self_supporting", "column": "status", "codes": ["111", "112"], "missing": "available"},
        {"id": "job", "column": "work", "statistic": "at_least", "at_least": 5, "missing": "available"},
    ],
    "treatment": {
        "column": "municipality",
        "units": [str(101 + number) for number in range(TREATED)],
        "start": "2019Q1",
    },
    "subgroups": [{"id": "young", "where": [{"column": "born", "age": True, "lowest": 18, "highest": 29}]}],
}


def write_records(path: Path, rows: int) -> None:
    """Person-weeks of invented persons, in the order of weeks within persons."""
    import duckdb

    duckdb.sql(f"""
        COPY (
            SELECT lpad((n // {WEEKS})::VARCHAR, 10, '0') AS person,
                strftime(DATE '2018-01-01' + (7 * (n % {WEEKS}))::INTEGER, '%GW%V') AS week,
                ['111', '112', '200', '300'][1 + (hash(n) % 4)::INTEGER] AS status,
                (hash(n + 7) % 2)::TINYINT AS work,
                (101 + hash(n // {WEEKS}) % {MUNICIPALITIES})::VARCHAR AS municipality,
                (1955 + hash(n // {WEEKS} + 3) % 45)::SMALLINT AS born
            FROM range({rows}) made(n)
        ) TO '{path}' (FORMAT parquet)
    """)


def build(path: Path) -> tuple[float, float, int]:
    """Seconds of the clock, peak memory in GB and rows of the panel, in a process of its own."""
    from quant.panel_building import build_panel

    start = time.perf_counter()
    panel = build_panel(RULES, path, threads=2)
    panel.to_parquet(path.with_name("panel.parquet"))
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return seconds, memory, int(panel.flow["n_rows"].iloc[-1])


def peer(path: Path) -> tuple[float, float, int]:
    """The same shares by pandas."""
    import pandas as pd

    start = time.perf_counter()
    records = pd.read_parquet(path)
    weeks = pd.Series(records["week"].unique())
    days = pd.to_datetime(weeks.str.replace("W", "-W") + "-4", format="%G-W%V-%u")
    records["quarter"] = records["week"].map(
        dict(zip(weeks, days.dt.to_period("Q").astype(str), strict=True))
    )
    records = records.drop_duplicates(["person", "week"], keep="last")
    records["share"] = records["status"].isin(["111", "112"])
    grouped = records.groupby(["person", "quarter"])
    found = grouped.agg(share=("share", "mean"), job=("work", "sum"), at=("municipality", "last"))
    found["job"] = found["job"] >= 5
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return seconds, memory, len(found)


def measured(work, path: Path) -> tuple[float, float, int]:  # type: ignore[no-untyped-def]
    """Run in a fresh process, so that each has its own peak of memory."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (path,))


def main() -> int:
    """Print the times and their ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.parquet"
        write_records(path, rows)
        seconds, memory, made = measured(build, path)
        tenth = path.with_name("tenth.parquet")
        write_records(tenth, rows // 10)
        theirs, their_memory, _ = measured(peer, tenth)
    print(f"{rows:,} person-weeks to {made:,} person-quarters: {seconds / LIMIT_SECONDS:.2f} of the limit of")
    print(f"{LIMIT_SECONDS:g} s, {memory / LIMIT_GIGABYTES:.2f} of that of {LIMIT_GIGABYTES:g} GB")
    print(f"{seconds / (10 * theirs):.2f} of ten times the time of pandas with a tenth, which took", end=" ")
    print(f"{their_memory:.1f} GB")
    print(f"({seconds:.1f} s, {memory:.2f} GB)")
    return 0 if seconds <= LIMIT_SECONDS and memory <= LIMIT_GIGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
