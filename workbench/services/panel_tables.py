"""How a panel came about as tables: what is left after each stage, and what was found in the records."""

from __future__ import annotations

from quant.notes import Note
from quant.panel_building import BuiltPanel
from workbench.display import Cell, Column, TableSpec
from workbench.i18n import Language, catalogue, t
from workbench.services.factor_tables import note_text


def flow_table(made: BuiltPanel, *, language: Language) -> TableSpec:
    """What is left of the records and then of the panel after each stage, and what left it."""
    names = ("n_units", "n_rows", "dropped_units", "dropped_rows")
    columns = [Column("stage", t("panels.flow.stage", language=language), weight=2.5)]
    columns += [Column(name, t(f"panels.flow.{name}", language=language), kind="integer") for name in names]
    columns.append(Column("reason", t("panels.flow.reason", language=language), weight=2.5, missing=""))
    rows: list[tuple[Cell, ...]] = [
        (
            stage_text(str(row["stage"]), language),
            *(int(row[name]) for name in names),
            t(f"panels.reason.{row['reason']}", language=language) if row["reason"] else None,
        )
        for row in made.flow.to_dict("records")
    ]
    return TableSpec(
        key="panel_flow",
        title=t("panels.flow.title", language=language),
        columns=tuple(columns),
        rows=tuple(rows),
        notes=(t("panels.flow.note", language=language), *notes_text(made.notes, language)),
        language=language,
    )


def found_table(made: BuiltPanel, *, language: Language) -> TableSpec:
    """Records that could not be used as they are, and rows without an outcome."""
    rows: list[tuple[Cell, ...]] = [
        (t(f"panels.finding.{kind}", language=language), count) for kind, count in made.findings
    ]
    rows += [
        (t(f"panels.excluded.{row['reason']}", language=language, outcome=row["outcome"]), int(row["n"]))
        for row in made.excluded.to_dict("records")
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


def stage_text(stage: str, language: Language) -> str:
    """The name of a stage; an entry rule has its own."""
    key = f"panels.stage.{stage}"
    return t(key, language=language) if key in catalogue(language) else stage


def notes_text(notes: tuple[Note, ...], language: Language) -> tuple[str, ...]:
    """What a reader must know, in words of the language."""
    return tuple(note_text(note, language) for note in notes)
