"""Panels that stay in their engine until a unit is one row: a file, a DuckDB relation or any Ibis table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from quant.effect_cells import Expression, StandardRows
from quant.effect_request import EffectRequest
from quant.effect_tables import EngineTable, TableSource, check_table, open_table, sorted_periods
from quant.notes import Note
from quant.panel import start_places
from quant.panel_refusals import check_columns
from quant.staggered_comparisons import NEVER_TREATED, Sample
from quant.treatment_starts import NEVER


def table_sample(
    panel: Any,
    *,
    outcome: str,
    unit: str,
    time: str,
    start: str | None,
    treated: str | None,
    cluster: str | None,
) -> tuple[Sample, list[Any], list[tuple[int, Any]], tuple[Note, ...]]:
    """The sample of a panel in an engine, its periods, units treated from the first period on, and notes.

    The engine checks the rows and turns them, so that only one row a unit comes into memory.
    Raises EffectError as `check_panel` does.
    """
    engine = open_table(panel)
    named = [name for name in (start, treated, cluster) if name is not None]
    check_columns(
        list(engine.table.columns),
        [outcome, unit, time, *named],
        outcome=outcome,
        treated=treated or start or "",
        covariates=(),
    )
    engine, treated, early = _prepared(engine, unit=unit, time=time, start=start, treated=treated)
    request = EffectRequest(
        outcome=outcome,
        unit=unit,
        time=time,
        treated=treated,
        start=start,
        base=None,
        cluster=cluster,
        covariates=(),
        absorb=(),
        weights=None,
        fixed_effects="unit",
        vcov="iid" if cluster is None else "cluster",
        dof="xtreg",
    )
    source = check_table(engine, request)
    assert (
        source is not None
    )  # without weights, covariates and units as clusters, rows can stay in the engine
    return _sample(source), source.periods, early, source.notes


def _prepared(
    engine: EngineTable, *, unit: str, time: str, start: str | None, treated: str | None
) -> tuple[EngineTable, str, list[tuple[int, Any]]]:
    """With a column "ever treated", and without units treated from the first period on, which are counted."""
    table = engine.table
    periods = sorted_periods(engine, table.filter(table[time].notnull()), time)
    if start is not None:
        given = engine.run(table.select(start).distinct())[start]
        places = start_places(given, periods, start)
        ever = _among(table[start], given[places != NEVER])
        early, others = _among(table[start], given[places == 0]), bool((places > 0).any())
        if treated is None:
            treated = f"{start} (treated)"
            table = table.mutate(**{treated: ever})
    else:
        assert treated is not None
        column = table[treated]
        if not (column.type().is_numeric() or column.type().is_boolean()):
            return engine, treated, []  # `check_table` says what is wrong
        on = column.cast("float64") == 1
        at_once = table.filter((table[time] == periods[0]) & on)
        early = table[unit].isin(at_once.select(unit).distinct()[unit]).fill_null(False)
        rest = table.filter(~early & on)
        others = int(engine.run(rest.agg(n=rest.count()))["n"].iloc[0]) > 0
    units = int(engine.run(table.filter(early).agg(n=table[unit].nunique()))["n"].iloc[0])
    if not units or not others:
        return replace(engine, table=table), treated, []
    return replace(engine, table=table.filter(~early)), treated, [(units, periods[0])]


def _among(column: Expression, values: pd.Series) -> Expression:
    """Whether a column holds one of the values; not where it is missing."""
    return column.isin(values.tolist()).fill_null(False)


def _sample(source: TableSource) -> Sample:
    """One row a unit, turned by the engine."""
    standard, t = source.standard, len(source.periods)
    found = source.engine.run(_wide_expression(standard))
    start = found["start"].to_numpy(int)
    if source.start is not None:  # a common start holds for units that were not seen in it, too
        start = np.where(start == NEVER, NEVER, source.periods.index(source.start))
    outcome = np.column_stack([found[f"y{place}"].to_numpy(float) for place in range(t)])
    return Sample(
        outcome=outcome,
        cohort=np.where((start == NEVER) | (start >= t), NEVER_TREATED, start),
        cluster=pd.factorize(found["cluster"])[0] if standard.cluster else None,
        covariates=np.empty((*outcome.shape, 0)),
    )


def _wide_expression(standard: StandardRows) -> Expression:
    """One row a unit: its outcome in each period, the place of its start, its cluster."""
    rows = standard.rows
    first = rows.place.min(where=rows.on == 1).fill_null(NEVER)
    measures = {f"y{place}": rows.y.max(where=rows.place == place) for place in range(standard.n_periods)}
    measures["start"] = rows.start.min() if standard.start else first
    if standard.cluster:
        measures["cluster"] = rows.cluster.min()
    return rows.group_by("unit").agg(**measures).order_by("unit")
