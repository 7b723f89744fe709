"""Register records that live on Spark become the panel that DuckDB makes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from quant.errors import EffectError
from quant.panel_building import build_panel
from tests.quant.spark import ON_SPARK

pytestmark = ON_SPARK

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
def table(spark_table: Callable[[pd.DataFrame], Any]) -> Any:
    """The records as a table of Spark."""
    return spark_table(records())


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
