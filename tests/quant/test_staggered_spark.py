"""Starts that differ in a table of Spark in local mode: the same effects as from a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from quant.staggered import staggered
from tests.quant.spark import ON_SPARK
from tests.quant.test_effect_spark import COLUMNS, made

pytestmark = ON_SPARK


def test_spark_and_a_frame_give_the_same_effects_by_cohort_and_period(
    spark_table: Callable[[pd.DataFrame], Any],
) -> None:
    columns = {name: column for name, column in COLUMNS.items() if name != "gaps"}
    panels = made(), spark_table(made())
    frame, spark = (staggered(panel, **columns, cluster="town") for panel in panels)

    pd.testing.assert_frame_equal(spark.group_time, frame.group_time, check_dtype=False)
    pd.testing.assert_frame_equal(spark.overall.table, frame.overall.table)
    assert spark.notes == frame.notes
