"""Commands about a unit: its status note, goals, and stars to print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.numbers import Nature, NatureOption, fip_app
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
from workbench.errors import InvalidRequestError
from workbench.i18n import set_language, t
from workbench.services import goals
from workbench.services.files import GivenFile

ByOption = Annotated[str | None, typer.Option(help="The background column that names the unit.")]
LimitOption = Annotated[
    int | None, typer.Option(min=1, help="Hide numbers about fewer persons; the study's limit if left out.")
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="A .docx, or a .zip with --all.")
]


@fip_app.command("note")
def note(
    context: typer.Context,
    unit: Annotated[str | None, typer.Argument(help="The municipality or other unit.")] = None,
    output: OutputOption = None,
    by: ByOption = None,
    quarter: Annotated[str | None, typer.Option(help="Quarter of the goals, such as 2019Q2.")] = None,
    all_units: Annotated[bool, typer.Option("--all", help="A note for every unit, in one zip.")] = False,
    limit: LimitOption = None,
    language: LanguageOption = None,
    json: Json = False,
) -> None:
    """Write the status note of a unit: level, change and goals beside all the others."""
    # These bring the libraries of figures and Word, which other commands do not need.
    from workbench.services import note_documents, status_notes
    from workbench.services.reporting import write_report

    study = opened(context.obj)
    spoken = language_of(study, language)
    set_language(spoken)
    if all_units == (unit is not None):
        raise InvalidRequestError(t("errors.note_one_or_all"))
    column = by or (
        status_notes.find_column(study, unit) if unit else (*status_notes.unit_columns(study), "")[0]
    )
    made = status_notes.status_notes(
        study,
        by=column,
        units=None if unit is None else (unit,),
        quarter=quarter,
        limit=limit,
        language=spoken,
    )
    if output is not None:
        expected = ".zip" if all_units else ".docx"
        if output.suffix.lower() != expected:
            raise InvalidRequestError(t("errors.note_ending", path=output, ending=expected))
        content = note_documents.notes_zip(made) if all_units else note_documents.note_docx(made[0])
        write_report(output, content)
    if json:
        found = [each.as_dict() for each in made]
        print_json(found if all_units else found[0])
        return
    for each in made:
        print(note_documents.note_title(each))
        for sentence in each.sentences:
            print(f"- {sentence}")
        if output is None:
            for table in each.tables:
                print_table(table)
    if output is not None:
        say(str(output))


@fip_app.command("goals")
def study_goals(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="Goals as .toml or .xlsx; shows those there are if left out.")
    ] = None,
    register: Annotated[
        Path | None, typer.Option(help="Register records: person, week or month, status.")
    ] = None,
    person: Annotated[str | None, typer.Option(help="The register's column of persons.")] = None,
    period: Annotated[str | None, typer.Option(help="The register's column of weeks or months.")] = None,
    status: Annotated[str | None, typer.Option(help="The register's column of codes.")] = None,
    nature: NatureOption = Nature.measured,
    label: Annotated[str, typer.Option(help="The source line of the register.")] = "",
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Measure goals on register weeks or months and keep them, in place of those there were."""
    study = opened(context.obj)
    if file is not None:
        if register is None:
            raise InvalidRequestError(t("errors.goals_no_register"))
        given = {"person": person, "period": period, "status": status}
        goals.import_goals(
            study,
            GivenFile.from_path(file),
            GivenFile.from_path(register),
            actor=actor(coder),
            nature=nature.value,
            label=label,
            columns={name: column for name, column in given.items() if column},
        )
    found = goals.study_goals(study)
    if found is None:
        raise InvalidRequestError(t("errors.goals_none_yet"))
    if json:
        print_json(goals.goals_as_dict(found))
        return
    print_table(goals.goals_table(found, language=language_of(study)))


@fip_app.command("caseload")
def caseload(
    context: typer.Context,
    unit: Annotated[
        str | None, typer.Argument(help="The caseworker or other group; all if left out.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .docx.")] = Path(
        "stars.docx"
    ),
    by: ByOption = None,
    language: LanguageOption = None,
    json: Json = False,
) -> None:
    """Write stars to print: a sheet a caseworker, a small star a person."""
    from workbench.services import caseload_stars
    from workbench.services.reporting import write_report

    study = opened(context.obj)
    spoken = language_of(study, language)
    set_language(spoken)
    if output.suffix.lower() != ".docx":
        raise InvalidRequestError(t("errors.note_ending", path=output, ending=".docx"))
    sheets = caseload_stars.caseloads(study, by=by, unit=unit, language=spoken)
    write_report(output, caseload_stars.stars_docx(sheets, language=spoken))
    if json:
        print_json([{"unit": sheet.unit, "persons": list(sheet.persons)} for sheet in sheets])
        return
    say(str(output))
