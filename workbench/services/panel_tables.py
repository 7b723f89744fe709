"""How a panel came about as tables: what is left after each stage, and what was found in the records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from quant.notes import Note
from quant.panel_building import BuiltPanel
from workbench.display import Cell, Column, TableSpec
from workbench.i18n import Language, catalogue, t
from workbench.services.factor_tables import note_text
from workbench.services.panel_files import StudyPanel
from workbench.services.panels import SavedPanel

Made = BuiltPanel | SavedPanel
FIRST_ROWS = 5


def flow_table(made: Made, *, language: Language) -> TableSpec:
    """What is left of the records and then of the panel after each stage, and what left it."""
    names = ("n_units", "n_rows", "dropped_units", "dropped_rows")
    columns = [Column("stage", t("panels.flow.stage", language=language), weight=2.5)]
    columns += [Column(name, t(f"panels.flow.{name}", language=language), kind="integer") for name in names]
    columns.append(Column("reason", t("panels.flow.reason", language=language), weight=2.5, missing=""))
    rows: list[tuple[Cell, ...]] = [
        (
            stage_text(str(row["stage"]), language),
            *(int(row[name]) for name in names),
            t(f"panels.reason.{row['reason']}", language=language)
            if row["reason"] and (row["dropped_units"] or row["dropped_rows"])
            else None,
        )
        for row in _listed(made.flow)
    ]
    return TableSpec(
        key="panel_flow",
        title=t("panels.flow.title", language=language),
        columns=tuple(columns),
        rows=tuple(rows),
        notes=(t("panels.flow.note", language=language), *notes_text(made.notes, language)),
        language=language,
    )


def found_table(made: Made, *, language: Language) -> TableSpec:
    """Records that could not be used as they are, and rows without an outcome."""
    rows: list[tuple[Cell, ...]] = [
        (t(f"panels.finding.{kind}", language=language), count) for kind, count in dict(made.findings).items()
    ]
    rows += [
        (t(f"panels.excluded.{row['reason']}", language=language, outcome=row["outcome"]), int(row["n"]))
        for row in _listed(made.excluded)
    ]
    return TableSpec(
        key="panel_found",
        title=t("panels.found.title", language=language),
        columns=(
            Column("finding", t("panels.found.finding", language=language), weight=4.0),
            Column("count", t("panels.found.count", language=language), kind="integer"),
        ),
        rows=tuple(rows),
        language=language,
    )


def first_rows_table(made: BuiltPanel, *, language: Language, rows: int = FIRST_ROWS) -> TableSpec:
    """The first rows of a panel, with its own names of columns."""
    frame = made.table.limit(rows).to_pandas()
    shown = [_shown(frame[name]) for name in frame.columns]
    return TableSpec(
        key="panel_first_rows",
        title=t("panels.page.first_rows", language=language),
        columns=tuple(column for column, _ in shown),
        rows=tuple(zip(*(cells for _, cells in shown), strict=True)),
        language=language,
    )


def _shown(column: pd.Series) -> tuple[Column, list[Cell]]:
    """Text as it is, whole numbers without thousands separators (they may be years), others rounded."""
    name, cells = str(column.name), [None if pd.isna(cell) else cell for cell in column]
    if not pd.api.types.is_numeric_dtype(column):
        return Column(name, name, missing="–"), [None if cell is None else str(cell) for cell in cells]
    if all(cell is None or float(cell).is_integer() for cell in cells):
        whole: list[Cell] = [None if cell is None else str(int(cell)) for cell in cells]
        return Column(name, name, align="right", missing="–"), whole
    return Column(name, name, kind="decimal", decimals=3, missing="–"), cells


def stage_text(stage: str, language: Language) -> str:
    """The name of a stage; an entry rule has its own."""
    key = f"panels.stage.{stage}"
    return t(key, language=language) if key in catalogue(language) else stage


def notes_text(notes: Iterable[Note | dict[str, Any]], language: Language) -> tuple[str, ...]:
    """What a reader must know, in words of the language. notes : of a panel, or of its account."""
    return tuple(note_text(note if isinstance(note, Note) else _note(note), language) for note in notes)


def _note(kept: dict[str, Any]) -> Note:
    values = {name: value for name, value in kept.items() if name not in ("text", "reason")}
    return Note(kept["text"].replace("{", "{{").replace("}", "}}"), reason=kept["reason"], **values)


def _listed(rows: pd.DataFrame | list[dict[str, Any]]) -> list[dict[Any, Any]]:
    return rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows


def panels_table(panels: Iterable[StudyPanel], *, language: Language) -> TableSpec:
    """The panels of a study: file, rows, what they are, source, and whether they were built here."""
    return TableSpec(
        key="panels",
        title=t("panels.list.title", language=language),
        columns=(
            Column("name", t("panels.list.name", language=language), weight=2.0),
            Column("rows", t("panels.list.rows", language=language), kind="integer"),
            Column("nature", t("panels.list.nature", language=language)),
            Column("made", t("panels.list.made", language=language), weight=1.5),
            Column("label", t("panels.list.label", language=language), weight=2.0),
        ),
        rows=tuple(
            (
                panel.name,
                panel.rows,
                t(f"effects.nature.{panel.nature}", language=language).lower(),
                t(f"panels.list.{'built' if panel.built else 'added'}", language=language),
                panel.label,
            )
            for panel in panels
        ),
        language=language,
    )
