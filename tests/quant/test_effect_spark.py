"""The expression that makes cells on DuckDB, run by Spark in local mode: the same coefficients and errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant.did import did
from quant.errors import EffectError
from quant.event_study import event_study
from tests.quant.spark import ON_SPARK

COLUMNS: dict[str, Any] = {
    "gaps": "keep",
    "outcome": "y",
    "unit": "person",
    "time": "quarter",
    "treated": "now",
}


pytestmark = ON_SPARK


def made() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    quarters = ["2016Q1", "2016Q2", "2016Q3", "2016Q4", "2017Q1", "2017Q2"]
    rows = [(p, q) for p in range(90) for q in quarters if rng.random() < 0.9]
    frame = pd.DataFrame(rows, columns=["person", "quarter"])
    frame["town"] = frame["person"] // 6
    frame["now"] = ((frame["town"] < 6) & (frame["quarter"] >= "2016Q4")).astype(int)
    frame["children"] = rng.integers(0, 3, len(frame))
    frame["sex"] = np.where(frame["person"] % 2, "man", "woman")
    frame["y"] = rng.normal(size=len(frame)) + frame["now"] - 0.2 * frame["children"]
    return frame


@pytest.fixture(scope="module")
def table(spark_table: Callable[[pd.DataFrame], Any]) -> Any:
    """The panel as a table of Spark."""
    return spark_table(made())


@pytest.mark.parametrize("fixed_effects", ["unit", "group"])
def test_spark_and_duckdb_give_the_same_event_study(table: Any, tmp_path: Path, fixed_effects: Any) -> None:
    given = {**COLUMNS, "base": "2016Q3", "cluster": "town", "fixed_effects": fixed_effects}
    given["covariates"] = ["children", "sex"]
    made().to_parquet(tmp_path / "panel.parquet")
    duck, spark = event_study(tmp_path / "panel.parquet", **given), event_study(table, **given)
    for column in ("estimate", "std_error", "treated_mean"):
        np.testing.assert_allclose(spark.table[column], duck.table[column], rtol=1e-9, atol=1e-12)
    assert spark.settings["cells"] == duck.settings["cells"]
    assert "effect_read_rows" not in [note.reason for note in spark.notes]
    assert (spark.n, spark.n_units, spark.clusters) == (duck.n, duck.n_units, duck.clusters)


def test_a_refusal_from_spark_is_that_from_a_frame(table: Any) -> None:
    texts = []
    for panel in (made(), table):
        with pytest.raises(EffectError) as refused:
            did(panel, **COLUMNS, start="2016Q2", cluster="town")
        texts.append((refused.value.reason, str(refused.value)[:60]))
    assert texts[0] == texts[1]
