"""Panels built of register records by declared rules: one row a unit and period, with treatment and start.

The records stay where they are (`quant.register_sources`); the rules are data (`quant.panel_rules`). A panel
is what `quant.did` and `quant.event_study` take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quant.errors import EffectError
from quant.notes import Note
from quant.panel_columns import kept
from quant.panel_records import make_cells
from quant.panel_rows import PanelRows, make_rows
from quant.panel_rules import PanelRules, check_panel_rules, load_panel_rules, panel_rules
from quant.panel_treatment import make_units
from quant.register_sources import MEMORY_LIMIT, Records, RecordsSource, engine_faults, open_records

if TYPE_CHECKING:
    import ibis.expr.types as ir

FLOW_COLUMNS = ("stage", "n_units", "n_rows", "dropped_units", "dropped_rows", "reason")
EXCLUDED_COLUMNS = ("outcome", "reason", "n")
STEPS = 5
OnStep = Callable[[int, int], None]


@dataclass(frozen=True)
class BuiltPanel:
    """A panel and how it came about.

    table : Ibis table, one row a unit and period, sorted: the unit, period ("2019Q2"), the outcomes, treated
        (1 for units that are treated within the panel), start (their first treated period, null for the
        others), subgroups (0/1, null where a value is missing), covariates, the cluster.
    flow : stage, n_units, n_rows (what is left after it: records, and from the stage "periods" on rows of
        the panel), dropped_units, dropped_rows, reason.
    excluded : outcome, reason ("no_record", "missing_periods"), n: rows without a value of that outcome.
    findings : (kind, count) of records: no_key, unreadable_period, repeated_record, open_spell, empty_spell,
        overlapping_spell (unit and periods covered twice).
    notes : what a reader must know, such as units that moved.
    """

    table: ir.Table = field(repr=False)
    flow: pd.DataFrame = field(repr=False)
    excluded: pd.DataFrame = field(repr=False)
    findings: tuple[tuple[str, int], ...]
    notes: tuple[Note, ...]
    rules: PanelRules = field(repr=False)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The panel in memory."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    def to_parquet(self, path: str | Path) -> Path:
        """Write the panel to a Parquet file, with DuckDB without reading it into memory; returns the path.

        A file of that name is replaced when the new one is complete. Raises OSError if it cannot be written.
        """
        path = Path(path)
        part = path.with_name(f"{path.name}.part")
        try:
            part.touch()
            if self.table.get_backend().name == "duckdb":
                with engine_faults(path.name):
                    self.table.to_parquet(part)
            else:  # an engine elsewhere writes files of its own side
                self.frame.to_parquet(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return path


def build_panel(
    rules: PanelRules | Mapping[str, Any] | str | Path,
    records: RecordsSource | None = None,
    *,
    table: str | None = None,
    memory_limit: str = MEMORY_LIMIT,
    threads: int | None = None,
    folder: str | Path | None = None,
    on_step: OnStep | None = None,
) -> BuiltPanel:
    """Build a panel of register records by rules.

    rules : the rules, their dict, or a .toml or .json file of them.
    records : where the records are, as `open_records` takes it; None reads the files that the rules name.
    table : which table of a database.
    memory_limit, threads : of DuckDB ("2GB").   folder : where it puts what does not fit.
    on_step : is told how many of the STEPS are done; what it raises ends the work.

    Nothing is dropped silently: every record, row and unit that is not in the panel is counted in `flow`,
    `excluded` or `findings`.
    Raises EffectError for rules or records that cannot be used, and if the panel has no treated units, no
    others to compare with, or no rows at all.
    Source: docs/methods/panels.md
    """
    name = "rules"
    if isinstance(rules, (str, Path)):
        name, rules = Path(rules).name, load_panel_rules(rules)
    elif not isinstance(rules, PanelRules):
        rules = panel_rules(rules)
    check_panel_rules(rules, file=name)
    if records is None and not rules.files:
        raise EffectError(
            "{file}: it is not said where the records are; name them as `files`, or hand them over",
            reason="panel_no_source",
            file=name,
        )
    opened = open_records(
        (rules.files[0] if len(rules.files) == 1 else rules.files) if records is None else records,
        rules.columns(),
        table=table or rules.table,
        memory_limit=memory_limit,
        threads=threads,
        folder=folder,
    )
    with engine_faults(opened.name):
        return _built(opened, rules, on_step or _untold)


def _untold(done: int, total: int) -> None:
    """Nobody asks how far it is."""


def _built(opened: Records, rules: PanelRules, on_step: OnStep) -> BuiltPanel:
    on_step(1, STEPS)
    cells = make_cells(opened, rules)
    on_step(2, STEPS)
    units = make_units(cells, rules)
    on_step(3, STEPS)
    made = make_rows(cells, units, rules)
    rows = kept(made.table, opened.table.get_backend())
    on_step(4, STEPS)
    last = len(made.stages)
    passed = rows.filter(rows["_left_at"] == last)
    facts = _facts(passed, made)
    flow = _flow(cells.stages, rows, made)
    _refuse_one_sided(facts, flow, rules)
    panel = kept(
        passed.order_by(made.columns[0], made.columns[1]).select(*made.columns), opened.table.get_backend()
    )
    on_step(STEPS, STEPS)
    return BuiltPanel(
        panel,
        flow,
        _excluded(rows, made, rules),
        cells.findings,
        (*cells.notes, *units.notes, *_notes(facts, made, rules)),
        rules,
    )


def _facts(passed: ir.Table, made: PanelRows) -> pd.DataFrame:
    """Units of the panel by treatment: treated, start, n, moved, late (treated after the panel only)."""
    by_unit = passed.group_by(made.columns[0]).aggregate(
        treated=passed.treated.max(),
        start=passed.start.min(),
        moved=passed["_moved"].max(),
        late=passed["_late"].max(),
    )
    counted = by_unit.group_by("treated", "start").aggregate(
        n=by_unit.count(), moved=by_unit.moved.sum(), late=by_unit.late.sum()
    )
    facts: pd.DataFrame = counted.to_pandas()
    return facts


def _flow(stages: Sequence[tuple[str, int, int, str]], rows: ir.Table, made: PanelRows) -> pd.DataFrame:
    """What is left after each stage; a row is lost at the first stage it does not pass."""
    unit = made.columns[0]
    by_row = rows.group_by("_left_at").aggregate(n=rows.count()).to_pandas()
    last = rows.group_by(unit).aggregate(_left_at=rows["_left_at"].max())
    by_unit = last.group_by("_left_at").aggregate(n=last.count()).to_pandas()
    table = [*stages, ("periods", int(by_unit["n"].sum()), int(by_row["n"].sum()), "")]
    for number, (stage, reason) in enumerate(made.stages):
        left = [int(each.loc[each["_left_at"] > number, "n"].sum()) for each in (by_unit, by_row)]
        table.append((stage, left[0], left[1], reason))
    flow = pd.DataFrame(table, columns=["stage", "n_units", "n_rows", "reason"])
    first = (flow["stage"] == "records") | (flow["stage"] == "periods")
    for name in ("units", "rows"):
        dropped = -flow[f"n_{name}"].diff()
        flow[f"dropped_{name}"] = dropped.mask(first, 0).astype(int)
    return flow[list(FLOW_COLUMNS)]


def _excluded(rows: ir.Table, made: PanelRows, rules: PanelRules) -> pd.DataFrame:
    """Rows of the panel, or lost for that alone, that lack a value of an outcome, by reason."""
    looked = rows.filter(rows["_left_at"] >= len(made.stages) - 1)
    made_of = {}
    for number, rule in enumerate(rules.outcomes):
        lacks, n = looked[rule.id].isnull(), looked[f"_n{number}"]
        made_of[f"no_record{number}"] = (lacks & (n == 0)).sum()
        made_of[f"missing_periods{number}"] = (lacks & (n > 0)).sum()
    found = looked.aggregate(**made_of).to_pandas().fillna(0).iloc[0]
    table = [
        (rule.id, reason, int(found[f"{reason}{number}"]))
        for number, rule in enumerate(rules.outcomes)
        for reason in ("no_record", "missing_periods")
    ]
    return pd.DataFrame([row for row in table if row[2]], columns=list(EXCLUDED_COLUMNS))


def _refuse_one_sided(facts: pd.DataFrame, flow: pd.DataFrame, rules: PanelRules) -> None:
    """Raise EffectError for a panel without rows, without treated units, or with nobody to compare with."""
    if facts.empty:
        worst = flow.iloc[int(flow["dropped_rows"].to_numpy().argmax())]
        raise EffectError(
            "no row is left in the panel; most ({n}) were lost at the stage '{stage}': look at that rule and "
            "at the periods that the records cover",
            reason="panel_nothing_left",
            n=int(worst["dropped_rows"]),
            stage=worst["stage"],
        )
    treated = facts["treated"] == 1
    if not treated.any():
        raise EffectError(
            "none of the {n} units in the panel is treated within it; look at [treatment] and at the "
            "stages that lost units",
            reason="panel_no_treated",
            n=int(facts["n"].sum()),
        )
    if treated.all() and facts["start"].nunique() == 1:
        raise EffectError(
            "all {n} units in the panel are treated from the same period, so there is nothing to compare "
            "with; add units that are not treated",
            reason="panel_no_controls",
            n=int(facts["n"].sum()),
        )


def _notes(facts: pd.DataFrame, made: PanelRows, rules: PanelRules) -> list[Note]:
    notes, total = [], int(facts["n"].sum())
    late, moved = int(facts["late"].sum()), int(facts["moved"].sum())
    if late:
        notes.append(
            Note(
                "{n} units are treated only after the last period {last}; in the panel they are not treated",
                reason="panel_start_later",
                n=late,
                last=made.last,
            )
        )
    if moved:
        notes.append(_moved(moved, total, rules))
    return notes


def _moved(moved: int, total: int, rules: PanelRules) -> Note:
    column = rules.treatment.column
    if rules.assigned == "current":
        return Note(
            "{n} of {total} units change '{column}'; treatment follows them from period to period, so that a "
            "move can begin or end it",
            reason="panel_moved_current",
            n=moved,
            total=total,
            column=column,
        )
    if rules.assigned == "first":
        return Note(
            "{n} of {total} units change '{column}'; each counts where its first record has it",
            reason="panel_moved_first",
            n=moved,
            total=total,
            column=column,
        )
    return Note(
        "{n} of {total} units change '{column}'; each counts where it was before treatment started "
        "(intention to treat)",
        reason="panel_moved_start",
        n=moved,
        total=total,
        column=column,
    )
