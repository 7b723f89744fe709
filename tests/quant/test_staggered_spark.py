"""Starts that differ in a table of Spark in local mode: the same effects as from a frame."""

from __future__ import annotations

from typing import Any

import pandas as pd

from quant.staggered import staggered
from tests.quant.test_effect_spark import COLUMNS, made, pytestmark, table

__all__ = ["pytestmark", "table"]  # the marks and the fixture are those of the other Spark tests


def test_spark_and_a_frame_give_the_same_effects_by_cohort_and_period(table: Any) -> None:
    frame, spark = (staggered(panel, **COLUMNS, cluster="town") for panel in (made(), table))

    pd.testing.assert_frame_equal(spark.group_time, frame.group_time, check_dtype=False)
    pd.testing.assert_frame_equal(spark.overall.table, frame.overall.table)
    assert spark.notes == frame.notes
