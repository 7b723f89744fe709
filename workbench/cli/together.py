"""Commands that join words and numbers: link, triangulate, report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import (
    CoderOption,
    Json,
    LanguageOption,
    StudyArgument,
    actor,
    headings,
    language_of,
    opened,
    print_json,
    print_rows,
    print_table,
)
from workbench.i18n import t
from workbench.services import linking, schemes, theme_tables, triangulating

link_app = typer.Typer(help="Links from themes to numbers: list, add, crosswalk.", no_args_is_help=True)


class Display(StrEnum):
    """Joint displays by name."""

    side_by_side = "side_by_side"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(link_app, name="link")
    app.command()(triangulate)
    app.command()(report)


@link_app.callback()
def link(context: typer.Context, study: StudyArgument) -> None:
    """The links of a study."""
    context.obj = study


@link_app.command("list")
def list_links(context: typer.Context, json: Json = False) -> None:
    """List the links."""
    found = linking.list_links(opened(context.obj))
    if json:
        print_json([each.as_dict() for each in found])
        return
    print_rows(
        headings("theme", "target", "level", "by", "origin", "in_the_study"),
        (
            (
                each.theme,
                each.target,
                each.level,
                each.by,
                each.origin,
                t("cli.yes" if each.known else "cli.no"),
            )
            for each in found
        ),
    )


@link_app.command("add")
def add_link(
    context: typer.Context,
    theme: Annotated[str, typer.Argument(metavar="THEME", help="The path of a theme or code.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="kind:id, such as factor:b_danish.")],
    level: Annotated[str, typer.Option(help=f"One of {', '.join(linking.levels())}.")],
    by: Annotated[str | None, typer.Option(help="A background column that splits a score.")] = None,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Link a theme with a number at a level."""
    study = opened(context.obj)
    link_id = linking.add_link(study, theme, target, level=level, by=by, actor=actor(coder))
    if json:
        print_json(next(each.as_dict() for each in linking.list_links(study) if each.id == link_id))
    else:
        print(link_id)


@link_app.command()
def crosswalk(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A scheme file with a crosswalk, or a name.")],
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Put in the crosswalk of a scheme; links made by hand stay."""
    count = linking.apply_crosswalk(opened(context.obj), file, actor=actor(coder))
    print_json({"links": count}) if json else print(t("cli.links", n=count))


def triangulate(
    study: StudyArgument,
    display: Annotated[Display, typer.Option(help="Which joint display.")] = Display.side_by_side,
    language: LanguageOption = None,
    json: Json = False,
) -> None:
    """Print a joint display: each theme's words and numbers with the proposed and confirmed verdict."""
    open_study = opened(study)
    wanted = language_of(open_study, language)
    found = triangulating.joint_display(open_study, language=wanted)
    if json:
        print_json(found.as_dict(wanted))
        return
    scheme = schemes.require_scheme(open_study)
    print_table(theme_tables.presence_table(found.presence, scheme, language=wanted))
    print_table(theme_tables.joint_table(found, scheme, language=wanted))
    for caveat in found.caveats:
        print(f"- {caveat}")


def report(
    study: StudyArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="The .docx file to write.")],
    language: LanguageOption = None,
    template: Annotated[Path | None, typer.Option(help="A house template (.docx).")] = None,
    sections: Annotated[
        str | None, typer.Option(help="Names of sections, separated by commas; all if left out.")
    ] = None,
    json: Json = False,
) -> None:
    """Write the Word report."""
    from workbench.services import reporting  # brings the drawing library, which no other command needs

    open_study = opened(study)
    content = reporting.build_report(
        open_study,
        language=language_of(open_study, language),
        sections=tuple(name.strip() for name in sections.split(",")) if sections else None,
        template=template,
    )
    reporting.write_report(output, content)
    print_json({"file": str(output), "bytes": len(content)}) if json else print(output)
