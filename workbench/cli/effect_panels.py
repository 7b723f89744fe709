"""The command that builds a panel of register records; `register` adds it to `effects`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import CoderOption, Json, actor, language_of, opened, print_json, print_table, say
from workbench.i18n import t


def register(effects_app: typer.Typer) -> None:
    """Add the command of this module."""
    effects_app.command("panel")(panel)


def panel(
    context: typer.Context,
    rules: Annotated[Path, typer.Argument(metavar="RULES", help="A .toml or .json of rules.")],
    records: Annotated[
        str | None,
        typer.Argument(
            metavar="[RECORDS]", help="A file, folder, pattern or database; what the rules name if left out."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The Parquet file; beside the study if left out.")
    ] = None,
    table: Annotated[str | None, typer.Option(help="Which table of a database.")] = None,
    memory: Annotated[str, typer.Option(help="How much memory the engine may take.")] = "2GB",
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Build a panel of register records by declared rules, and write it as Parquet with its flow."""
    from workbench.services import panel_tables, panels

    study = opened(context.obj)
    made = panels.make_panel(rules, records=records, table=table, memory_limit=memory)
    saved = panels.save_panel(study, made, rules, actor=actor(coder), to=output)
    if json:
        print_json(vars(saved))
        return
    language = language_of(study)
    print_table(panel_tables.flow_table(made, language=language))
    found = panel_tables.found_table(made, language=language)
    if found.rows:
        print_table(found)
    say(t("panels.saved", path=saved.path, rows=saved.rows, units=saved.units))
