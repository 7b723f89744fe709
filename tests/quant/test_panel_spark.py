"""Register records that live on Spark become the panel that DuckDB makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from quant.errors import EffectError
from quant.panel_building import build_panel
from scripts.programs import find_spark

# Names that ibis 12 and pyspark 4 use and pandas 3 is to drop, and sockets that Spark leaves to the garbage.
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(find_spark() is None, reason="group cluster: Java 17 with pyspark not found"),
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

RULES: dict[str, Any] = {
    "unit": "person",
    "period": "month",
    "period_unit": "month",
    "outcomes": [{"id": "work", "statistic": "at_least", "at_least": 2, "missing": "available"}],
    "treatment": {"column": "town", "units": ["A"], "start": "2019Q2"},
    "order": "written",
}


def records() -> pd.DataFrame:
    made = [
        (person, f"2019-{month:02d}", "A" if person < 2 else "B", f"{(person * month) % 3},5", written)
        for person in range(4)
        for month in range(1, 7)
        for written in range(1 + (person * month) % 2)
    ]
    return pd.DataFrame(made, columns=["person", "month", "town", "work", "written"])


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The records as a table of a local Spark session, which is stopped afterwards."""
    import ibis
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    records().to_parquet(folder / "records.parquet")
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    try:
        yield ibis.pyspark.connect(session).read_parquet(str(folder / "records.parquet"))
    finally:
        session.stop()


def test_spark_and_duckdb_make_the_same_panel(table: Any) -> None:
    spark, duck = build_panel(RULES, table), build_panel(RULES, records())
    pd.testing.assert_frame_equal(spark.frame.astype(duck.frame.dtypes), duck.frame)
    pd.testing.assert_frame_equal(spark.flow, duck.flow)
    assert (spark.findings, spark.notes) == (duck.findings, duck.notes)
    assert dict(spark.findings) == {"repeated_record": 6}


def test_a_table_without_an_order_needs_a_column_that_gives_it(table: Any) -> None:
    rules = {name: value for name, value in RULES.items() if name != "order"}
    with pytest.raises(EffectError, match="name a column as `order`"):
        build_panel(rules, table)
