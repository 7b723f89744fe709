"""The expression that makes cells on DuckDB, run by Spark in local mode: the same coefficients and errors."""

from __future__ import annotations

import gc
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant.did import did
from quant.errors import EffectError
from quant.event_study import event_study

COLUMNS: dict[str, Any] = {
    "gaps": "keep",
    "outcome": "y",
    "unit": "person",
    "time": "quarter",
    "treated": "now",
}


def lacking() -> str:
    """What Spark needs and this machine does not have; empty if nothing."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed (extra `cluster`)"
    java = shutil.which("java")
    if java is None:
        return "java is not on PATH"
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    return "" if version and int(version.group(1)) >= 17 else "Java is older than 17"


# Names that ibis 12 and pyspark 4 use and pandas 3 is to drop, and sockets that Spark leaves to the garbage.
pytestmark = [
    pytest.mark.skipif(bool(lacking()), reason=lacking() or "Spark is there"),
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


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
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The panel as a table of a local Spark session, which is stopped afterwards."""
    import ibis
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    made().to_parquet(folder / "panel.parquet")
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    try:
        yield ibis.pyspark.connect(session).read_parquet(str(folder / "panel.parquet"))
    finally:
        session.stop()
        gc.collect()  # sockets that are left are complained about here, not in a later test


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
