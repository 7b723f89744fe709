"""Tables of indices: each person's values, and their change between two rounds."""

from __future__ import annotations

import math

import pandas as pd

from quant import Instrument
from workbench.display import Cell, Column, TableSpec, format_number
from workbench.i18n import Language, t
from workbench.services.factor_table_parts import factor_name


def changes_table(
    values: pd.DataFrame,
    changes: pd.DataFrame,
    instrument: Instrument,
    *,
    rounds: tuple[int, int],
    min_share: float,
    language: Language,
    source: str = "",
) -> TableSpec:
    """Mean of each index in two rounds and of its change, for those who have both.

    values : from `index_values`; changes : from `changes_of`; rounds : the two rounds.
    """
    rows: list[tuple[Cell, ...]] = []
    for index in dict.fromkeys(values["factor"]):
        mine = changes[changes["factor"] == index]
        means = [float(mine[name].mean()) if len(mine) else None for name in ("first", "last", "change")]
        spread = float(mine["change"].std(ddof=1)) if len(mine) > 1 else None
        rows.append((factor_name(instrument, str(index), language), len(mine), *means, spread))
    first, last = rounds
    return TableSpec(
        key="index_changes",
        title=t("factors.changes.title", language=language, first=first, last=last),
        columns=(
            Column("index", t("factors.changes.index", language=language), weight=2.6),
            Column("n", t("factors.changes.n", language=language), kind="integer"),
            Column("first", t("factors.changes.mean_first", language=language, first=first), kind="decimal"),
            Column("last", t("factors.changes.mean_last", language=language, last=last), kind="decimal"),
            Column("change", t("factors.changes.change", language=language), kind="decimal"),
            Column("std_dev", t("factors.changes.std_dev", language=language), kind="decimal"),
        ),
        rows=tuple(rows),
        notes=(
            t(
                "factors.changes.note",
                language=language,
                percent=format_number(100 * min_share, 0, language),
            ),
        ),
        source=source,
        language=language,
    )


def values_table(values: pd.DataFrame, instrument: Instrument, *, language: Language) -> TableSpec:
    """A row a person, round and index, as it is taken away."""
    rows = tuple(
        (
            str(row["person"]),
            int(row["round"]),
            factor_name(instrument, str(row["factor"]), language),
            None if math.isnan(row["value"]) else float(row["value"]),
            int(row["n_items"]),
        )
        for row in values.to_dict("records")
    )
    return TableSpec(
        key="index_values",
        title=t("factors.changes.values_title", language=language),
        columns=(
            Column("person", t("factors.changes.person", language=language)),
            Column("round", t("factors.changes.round", language=language), kind="integer"),
            Column("index", t("factors.changes.index", language=language), weight=2.4),
            Column("value", t("factors.changes.value", language=language), kind="decimal", decimals=4),
            Column("n_items", t("factors.changes.n_items", language=language), kind="integer"),
        ),
        rows=rows,
        language=language,
    )
