"""Panels that stay where they are: a file, a DuckDB relation or any Ibis table, checked by its engine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from quant.effect_cells import (
    BITS,
    Expression,
    StandardRows,
    cells_expression,
    facts_expression,
    read_cells,
    read_facts,
    units_expression,
)
from quant.effect_projection import MANY_LEVELS
from quant.effect_request import EffectRequest
from quant.effect_solver import Cells
from quant.errors import EffectError
from quant.notes import Note
from quant.panel import start_places
from quant.panel_refusals import (
    check_columns,
    check_counts,
    check_nested,
    check_periods,
    find_period,
    gap_notes,
    missing_notes,
    refuse_constant,
    refuse_duplicates,
    refuse_infinite,
    refuse_no_unit,
    refuse_text,
    refuse_treated,
)
from quant.treatment_starts import NEVER, Treatment, find_starts

MEMORY_LIMIT = "2GB"
FEW_LEVELS = 40  # with more values of a covariate, cells would hardly be fewer than rows
MAX_MASKS = 60  # whole numbers that tell patterns of units apart
MAX_VALUES = 60_000_000  # rows times columns that are read into memory where cells are of no use


@dataclass(frozen=True)
class EngineTable:
    """An Ibis table and how its engine answers an expression."""

    table: Expression
    run: Callable[[Expression], pd.DataFrame]


def open_table(panel: Any) -> EngineTable:
    """The table of a .parquet or .csv file, a frame, a DuckDB relation, or an Ibis table as it is.

    Raises EffectError for a file that is not there, and for anything else.
    """
    import ibis

    if isinstance(panel, EngineTable):
        return panel
    if isinstance(panel, (str, Path)):
        return _of_relation(_open_file(Path(panel)))
    if isinstance(panel, ibis.Table):
        return EngineTable(panel, lambda expression: expression.execute())
    if isinstance(panel, pd.DataFrame):
        return _of_relation(_connection().from_df(panel))
    if type(panel).__name__ == "DuckDBPyRelation":
        return _of_relation(panel)
    raise EffectError(
        "a panel is a frame, a .parquet or .csv file, a DuckDB relation or an Ibis table; found {found}",
        reason="effect_unknown_panel",
        found=type(panel).__name__,
    )


def _open_file(path: Path) -> Any:
    """The DuckDB relation of a file."""
    if path.suffix.lower() not in (".parquet", ".csv"):
        raise EffectError(
            "{file}: a panel is read from .parquet or .csv; convert it, or read it into a frame",
            reason="effect_file_ending",
            file=str(path),
        )
    if not path.exists():
        raise EffectError(
            "{file}: there is no such file; look at the path", reason="effect_no_file", file=str(path)
        )
    connection = _connection()
    if path.suffix.lower() == ".csv":
        return connection.read_csv(str(path))
    return connection.read_parquet(str(path))


def can_reduce(frame: pd.DataFrame, request: EffectRequest) -> bool:
    """Whether a frame has the columns used, of kinds that DuckDB gives back as they were."""
    names = _used(request)
    if isinstance(request.start, str) and request.start in frame:
        names.append(request.start)
    kinds = [frame[name].dtype for name in names if name in frame]
    return len(kinds) == len(names) and all(
        isinstance(kind, pd.StringDtype)
        or (pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_extension_array_dtype(kind))
        for kind in kinds
    )


def _connection() -> Any:
    """A DuckDB of its own, which writes what exceeds its memory where temporary files go."""
    import duckdb

    return duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": tempfile.gettempdir()})


def _of_relation(relation: Any) -> EngineTable:
    """A relation as an Ibis table without a connection; expressions reach it as SQL."""
    import ibis
    from ibis.backends.sql.datatypes import DuckDBType

    kinds = zip(relation.columns, relation.types, strict=True)
    schema = {name: DuckDBType.from_string(str(kind)) for name, kind in kinds}

    def run(expression: Expression) -> pd.DataFrame:
        found: pd.DataFrame = relation.query("effect_panel", str(ibis.to_sql(expression, "duckdb"))).df()
        return found

    return EngineTable(ibis.table(schema, name="effect_panel"), run)


@dataclass(frozen=True)
class TableSource:
    """A checked panel in an engine; see `quant.effect_model.EffectSource`."""

    engine: EngineTable
    standard: StandardRows
    levels: dict[str, list[Any]]
    unit: str | None
    unit_effects: bool
    centre: float
    periods: list[Any]
    start: Any
    notes: tuple[Note, ...]

    def cells(self, kept: Sequence[int]) -> Cells:
        """Cells of the rows in these periods (places), made by the engine."""
        standard = self.standard
        found = self.engine.run(
            cells_expression(standard, kept, self.levels, unit_effects=self.unit_effects, centre=self.centre)
        )
        units = None if self.unit_effects else self._units(kept, found)
        return read_cells(found, standard, unit_effects=self.unit_effects, units=units)

    def _units(self, kept: Sequence[int], found: pd.DataFrame) -> tuple[int, int]:
        """Units and treated units with rows in these periods; rows where no column names units."""
        if self.unit is None:
            return int(found["n"].sum()), int(found.loc[found["ever"] == 1, "n"].sum())
        counts = self.engine.run(units_expression(self.standard, kept)).iloc[0]
        return int(counts["units"]), int(counts["treated"])


def check_table(engine: EngineTable, request: EffectRequest) -> TableSource | None:
    """The panel as `check_panel` would make it, without reading its rows.

    Returns None where cells would be as many as rows: with weights, continuous covariates, units as clusters.
    Raises EffectError as `check_panel` does.
    """
    table = engine.table
    start_column = _start_column(engine, request)
    used = _used(request)
    check_columns(
        list(table.columns),
        used,
        outcome=request.outcome,
        treated=request.treated,
        covariates=request.covariates,
    )
    if request.unit_effects and request.unit is None:
        refuse_no_unit()
    _check_types(engine, request)
    complete, notes, centre = _complete(engine, request, used)
    periods = sorted_periods(engine, complete, request.time)
    if _needs_rows(engine, complete, request, len(periods)):
        return None
    standard = _standard(engine, complete, request, periods, start_column)
    facts = read_facts(engine.run(facts_expression(standard, repeated=not request.unit_effects)))
    if request.unit is not None and request.unit_effects:
        _check_duplicates(engine, standard, facts, periods, request)
        if request.cluster is not None:
            check_nested(facts, unit=request.unit, cluster=request.cluster)
        notes += gap_notes(facts, len(periods))
    treatment = Treatment(
        treated=request.treated,
        time=request.time,
        start_column=start_column,
        start=None
        if request.start is None or start_column
        else find_period(request.start, periods, time=request.time, role="start"),
        base=None
        if request.base is None
        else find_period(request.base, periods, time=request.time, role="base"),
    )
    starts = find_starts(facts, periods, treatment)
    common = sorted(set(starts[starts != NEVER].tolist()))
    return TableSource(
        engine=engine,
        standard=standard,
        levels=_levels(engine, standard) if request.unit_effects else {},
        unit=request.unit,
        unit_effects=request.unit_effects,
        centre=centre,
        periods=periods,
        start=periods[common[0]] if len(common) == 1 and common[0] < len(periods) else None,
        notes=tuple(notes),
    )


def read_rows(engine: EngineTable, request: EffectRequest) -> pd.DataFrame:
    """The columns used of all rows, for a fit in memory.

    Raises EffectError if they are too many for it.
    """
    columns = _used(request)
    start_column = _start_column(engine, request)
    if start_column is not None:
        columns.append(start_column)
    table = engine.table.select(list(dict.fromkeys(columns)))
    rows = int(engine.run(table.agg(n=table.count()))["n"].iloc[0])
    if rows * len(table.columns) > MAX_VALUES:
        raise EffectError(
            "{rows} rows are too many for memory, and weights, continuous covariates or units as clusters "
            "leave no fewer cells than rows; use categories, or larger clusters",
            reason="effect_too_large",
            rows=rows,
        )
    return engine.run(table)


def _start_column(engine: EngineTable, request: EffectRequest) -> str | None:
    given = isinstance(request.start, str) and request.start in engine.table.columns
    return str(request.start) if given else None


def _used(request: EffectRequest) -> list[str]:
    used = [request.outcome, request.time, request.treated, *request.covariates, *request.absorb]
    return used + [name for name in (request.unit, request.cluster, request.weights) if name is not None]


def _check_types(engine: EngineTable, request: EffectRequest) -> None:
    for name in (request.outcome, request.treated, *([request.weights] if request.weights else [])):
        column = engine.table[name]
        kind = column.type()
        if kind.is_numeric() or kind.is_boolean():
            continue
        filled = engine.table.filter(column.notnull()).order_by(column.try_cast("float64").notnull())
        shown = engine.run(filled.select(name).limit(1))[name].tolist()
        if name == request.treated:
            refuse_treated(name, _values(engine, engine.table, name))
        refuse_text(name, shown[0] if shown else None)


def _complete(
    engine: EngineTable, request: EffectRequest, used: list[str]
) -> tuple[Expression, list[Note], float]:
    """The rows that lack nothing, what was left out, and the mean of the outcome."""
    import functools
    import operator

    table = engine.table
    names = list(dict.fromkeys(used))
    lacking = {name: _lacking(table[name]) for name in names}
    anything = functools.reduce(operator.or_, lacking.values())
    y, on = table[request.outcome].cast("float64"), table[request.treated].cast("float64")
    counts = {f"lacking{place}": lacking[name].sum() for place, name in enumerate(names)}
    found = engine.run(
        table.agg(
            rows=table.count(),
            left_out=anything.sum(),
            low=y.min(where=~anything),
            high=y.max(where=~anything),
            mean=y.mean(where=~anything),
            infinite=y.isinf().sum(where=~anything),
            odd=((on != 0) & (on != 1)).sum(where=~anything),
            **counts,
        )
    )
    counted = found.fillna(0).iloc[0]  # of no rows, sums are missing
    by_column = {name: int(counted[f"lacking{place}"]) for place, name in enumerate(names)}
    check_counts(int(counted["rows"]), int(counted["left_out"]), by_column, treated=request.treated)
    if counted["infinite"]:
        refuse_infinite(request.outcome, int(counted["infinite"]))
    if counted["odd"]:
        refuse_treated(request.treated, _values(engine, table, request.treated))
    if counted["low"] == counted["high"]:
        refuse_constant(request.outcome, counted["low"])
    return table.filter(~anything), missing_notes(by_column, int(counted["left_out"])), float(counted["mean"])


def _lacking(column: Expression) -> Expression:
    return column.isnull() | column.isnan() if column.type().is_floating() else column.isnull()


def sorted_periods(engine: EngineTable, complete: Expression, time: str) -> list[Any]:
    """The periods in order. Raises EffectError for fewer than two."""
    periods = sorted(_values(engine, complete, time))
    check_periods(periods, time)
    return periods


def _values(engine: EngineTable, table: Expression, name: str) -> list[Any]:
    """The values that occur in a column; grouped, since Spark loses a `distinct` through Ibis."""
    found: list[Any] = engine.run(table.group_by(name).agg(n=table.count()))[name].tolist()
    return found


def _needs_rows(engine: EngineTable, complete: Expression, request: EffectRequest, n_periods: int) -> bool:
    """Whether cells would hardly be fewer than rows."""
    if request.weights is not None or (request.unit_effects and request.cluster == request.unit):
        return True
    names = [*request.covariates, *request.absorb]
    if not names:
        return False
    found = engine.run(
        complete.agg(**{f"c{place}": complete[name].approx_nunique() for place, name in enumerate(names)})
    ).iloc[0]
    levels = [int(found[f"c{place}"]) for place in range(len(names))]
    for name, count in zip(names, levels, strict=True):
        if count > FEW_LEVELS and (name in request.covariates or count > MANY_LEVELS):
            return True
    return request.unit_effects and sum(levels) * (-(-n_periods // BITS)) > MAX_MASKS


def _standard(
    engine: EngineTable,
    complete: Expression,
    request: EffectRequest,
    periods: list[Any],
    start_column: str | None,
) -> StandardRows:
    on = complete[request.treated].cast("int64")
    place = {period: number for number, period in enumerate(periods)}
    columns = {
        "unit": on if request.unit is None else complete[request.unit],
        "place": complete[request.time].cases(*place.items()).cast("int64"),
        "on": on,
        "y": complete[request.outcome].cast("float64"),
    }
    if request.cluster is not None:
        columns["cluster"] = complete[request.cluster]
    covariates = {f"covariate{number}": name for number, name in enumerate(request.covariates)}
    absorb = {f"absorbed{number}": name for number, name in enumerate(request.absorb)}
    columns |= {name: complete[own] for name, own in {**covariates, **absorb}.items()}
    if start_column is not None:
        given = pd.Series(_values(engine, complete, start_column), dtype=object)
        places = start_places(given, periods, start_column)
        pairs = [(value, int(at)) for value, at in zip(given, places, strict=True) if at != NEVER]
        column = complete[start_column]
        columns["start"] = (
            column.cases(*pairs, else_=NEVER) if pairs else column.isnull().ifelse(NEVER, NEVER)
        ).cast("int64")
    return StandardRows(
        rows=complete.select(**columns),
        n_periods=len(periods),
        cluster=request.cluster is not None,
        start=start_column is not None,
        covariates=covariates,
        absorb=absorb,
    )


def _levels(engine: EngineTable, standard: StandardRows) -> dict[str, list[Any]]:
    names = [*standard.covariates, *standard.absorb]
    return {name: _values(engine, standard.rows, name) for name in names}


def _check_duplicates(
    engine: EngineTable,
    standard: StandardRows,
    facts: pd.DataFrame,
    periods: list[Any],
    request: EffectRequest,
) -> None:
    again = facts["rows"] > facts["periods"]
    if not again.any():
        return
    assert request.unit is not None
    example = facts.loc[again, "example"].iloc[0]
    rows = standard.rows
    cells = rows.group_by(["unit", "place"]).agg(n=rows.count())
    found = int(engine.run(cells.filter(cells.n > 1).agg(again=(cells.n - 1).sum()))["again"].iloc[0])
    own = engine.run(cells.filter((cells.unit == example) & (cells.n > 1)))
    refuse_duplicates(found, request.unit, example, request.time, periods[int(own["place"].min())])
