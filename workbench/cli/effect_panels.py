"""Commands for panels: built of register records by rules, listed, and a file of rules to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.numbers import LabelOption, Nature, NatureOption
from workbench.cli.output import (
    CoderOption,
    Json,
    LanguageOption,
    actor,
    language_of,
    opened,
    print_json,
    print_table,
    say,
)
from workbench.i18n import t
from workbench.settings import load_settings


def register(effects_app: typer.Typer) -> None:
    """Add the commands of this module."""
    effects_app.command("panel")(panel)
    effects_app.command("panels")(panels)
    effects_app.command("panel-template")(panel_template)


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
    nature: NatureOption = Nature.measured,
    label: LabelOption = "",
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Build a panel of register records by declared rules, and keep it among the study's panels."""
    from workbench.services import panel_tables, panels

    study = opened(context.obj)
    made = panels.make_panel(rules, records=records, table=table, memory_limit=memory)
    saved = panels.save_panel(
        study,
        made,
        rules,
        actor=actor(coder),
        to=output,
        label=label,
        nature=nature.value,
        home=load_settings().home,
    )
    if json:
        print_json(vars(saved))
        return
    language = language_of(study)
    print_table(panel_tables.flow_table(made, language=language))
    found = panel_tables.found_table(made, language=language)
    if found.rows:
        print_table(found)
    say(t("panels.saved", path=saved.path, rows=saved.rows, units=saved.units))


def panels(context: typer.Context, json: Json = False) -> None:
    """List the panels of the study."""
    from workbench.services import panel_files, panel_tables

    study = opened(context.obj)
    listed = panel_files.study_panels(study)
    if json:
        print_json([each.as_dict() for each in listed])
        return
    print_table(panel_tables.panels_table(listed, language=language_of(study)))


def panel_template(
    context: typer.Context,
    output: Annotated[Path, typer.Option("-o", "--output", help="The .toml to write.")],
    language: LanguageOption = None,
    json: Json = False,
) -> None:
    """Write a file of rules to begin with, with a comment on every rule."""
    from workbench.services.panel_template import panel_template as template

    study = opened(context.obj)
    content = template(language=language_of(study, language)).content
    output.write_bytes(content)
    print_json({"file": str(output), "bytes": len(content)}) if json else print(output)
