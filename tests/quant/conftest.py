"""Two small questionnaires (one with pairs and rounds, one plain scale), and a local Spark session."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from quant import Instrument, Item, NamedFactor, Respondent, Rules


def label(text: str) -> dict[str, str]:
    return {"da": text, "en": text}


@pytest.fixture
def dyad() -> Instrument:
    """Two items a respondent, the first of each paired; both must answer in the same month."""
    return Instrument(
        id="dyad",
        version="1",
        label=label("Dyad"),
        source="made for the tests",
        respondents=(
            Respondent("citizen", {"da": "Borger", "en": "Citizen"}, "b_"),
            Respondent("caseworker", {"da": "Sagsbehandler", "en": "Caseworker"}, "s_"),
        ),
        items=(
            Item(
                "b_health", "citizen", 1, "health", {"da": "Helbred", "en": "Health"}, 1, 7, pair="s_health"
            ),
            Item("b_hope", "citizen", 2, "hope", {"da": "Jobtro", "en": "Job hope"}, 1, 7),
            Item(
                "s_health",
                "caseworker",
                1,
                "health",
                {"da": "Borgers helbred", "en": "Their health"},
                1,
                7,
                pair="b_health",
            ),
            Item(
                "s_trouble", "caseworker", 2, "hope", {"da": "Problemer", "en": "Trouble"}, 1, 7, direction=-1
            ),
        ),
        factors=(
            NamedFactor("wellbeing", "citizen", label("Wellbeing"), ("b_health", "b_hope")),
            NamedFactor("view", "caseworker", label("View"), ("s_health", "s_trouble")),
        ),
        rules=Rules(pairing="same_calendar_month", rounds=(1, 2), required_background=("gender",)),
    )


@pytest.fixture(scope="session")
def spark_table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[pd.DataFrame], Any]]:
    """A function that makes a frame an Ibis table of one local Spark session, which is stopped at the end."""
    import ibis
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    connection = ibis.pyspark.connect(session)

    def table(frame: pd.DataFrame) -> Any:
        path = tmp_path_factory.mktemp("spark_table") / "table.parquet"
        frame.to_parquet(path)
        return connection.read_parquet(str(path))

    try:
        yield table
    finally:
        session.stop()
        gc.collect()  # sockets that are left are complained about here, not in a later test
