"""Commands about the questionnaire itself: instrument, printed forms and stars, answers typed in."""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

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
from workbench.i18n import t
from workbench.services import entry, instruments, surveys

instrument_app = typer.Typer(
    help="The questionnaire: show it, exchange it for one in a file, write it to a file.",
    no_args_is_help=True,
)
OutputOption = Annotated[Path, typer.Option("-o", "--output", help="The .docx to write.")]


class FormKind(StrEnum):
    """What is printed."""

    questions = "questions"
    star = "star"


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `fip`."""
    app.add_typer(instrument_app, name="instrument")
    app.command("form")(print_form)
    app.command("stars")(print_stars)
    app.command("enter")(enter)
    app.command("undo-entry")(undo_entry)


@instrument_app.command("show")
def show_instrument(context: typer.Context, json: Json = False) -> None:
    """The questions with scale, direction, pair, and the simplified scales."""
    study = opened(context.obj)
    instrument = surveys.require_instrument(study)
    if json:
        print_json(instrument.as_dict())
        return
    print_table(instruments.items_table(instrument, language=language_of(study)))


@instrument_app.command("import")
def import_instrument(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .toml or .xlsx, or a shipped name.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where answers would be lost or mean something else.")
    ] = False,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Give the study the questionnaire in a file; what that does to its answers is said first."""
    from quant import load_instrument

    study = opened(context.obj)
    wanted = load_instrument(file)
    change = instruments.compare(study, wanted)
    lines = instruments.change_lines(change)
    if change.changes_answers and not replace:
        raise InvalidRequestError(t("errors.instrument_changes_answers", lines=" ".join(lines)))
    surveys.set_instrument(study, wanted, actor=actor(coder), keep_answers=True)
    if json:
        print_json(change.as_dict())
        return
    for line in lines:
        print(line)


@instrument_app.command("update")
def update_instrument(
    context: typer.Context,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where answers would be lost or mean something else.")
    ] = False,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Take the newer version of the questionnaire that is shipped with the program, if there is one."""
    change = instruments.update_instrument(opened(context.obj), actor=actor(coder), replace=replace)
    if json:
        print_json(change.as_dict())
        return
    for line in instruments.change_lines(change):
        print(line)


@instrument_app.command("export")
def export_instrument(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .toml or .xlsx.")],
    json: Json = False,
) -> None:
    """Write the study's questionnaire to a file that can be changed and imported again."""
    file.write_bytes(instruments.instrument_file(opened(context.obj), file.name).content)
    _say_written(file, json=json)


@instrument_app.command("template")
def write_template(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .toml or .xlsx.")],
    json: Json = False,
) -> None:
    """Write a small questionnaire to overwrite with your own."""
    file.write_bytes(instruments.template_file(file.name).content)
    _say_written(file, json=json)


def print_form(
    context: typer.Context,
    output: OutputOption,
    kind: Annotated[
        FormKind, typer.Option(help="The questions, or the star to draw on.")
    ] = FormKind.questions,
    respondent: Annotated[list[str] | None, typer.Option(help="Whose form; repeat for several.")] = None,
    wording: Annotated[str, typer.Option(help="Language of the questions, such as da or ar.")] = "",
    variant: Annotated[str, typer.Option(help="A simplified scale of the questionnaire.")] = "",
    language: LanguageOption = None,
    json: Json = False,
) -> None:
    """Print forms to fill in by hand, a page a respondent."""
    from workbench.services import forms  # brings the library of figures, which other commands do not need

    study = opened(context.obj)
    office = language_of(study, language)
    content = forms.printed_forms(
        surveys.require_instrument(study),
        kind=kind.value,
        respondents=tuple(respondent or ()),
        language=wording or office,
        variant=variant,
        office=office,
    )
    output.write_bytes(content)
    _say_written(output, json=json)


def print_stars(
    context: typer.Context,
    output: OutputOption,
    person: Annotated[list[str] | None, typer.Option(help="A person; repeat for several.")] = None,
    by: Annotated[str, typer.Option(help="A background column, such as caseworker.")] = "",
    value: Annotated[str, typer.Option(help="Which value of it.")] = "",
    language: LanguageOption = None,
    json: Json = False,
) -> None:
    """Print filled stars, a page a person: the persons named, or those of a caseload or municipality."""
    from workbench.services import forms

    study = opened(context.obj)
    persons = list(person or ()) + (forms.persons_of(study, by, value) if by else [])
    output.write_bytes(forms.printed_stars(study, persons, language=language_of(study, language)))
    _say_written(output, json=json, persons=len(persons))


def _say_written(file: Path, *, json: bool, **facts: int) -> None:
    if json:
        print_json({"file": str(file), **facts})
    else:
        say(" · ".join([*map(str, facts.values()), str(file)]))


def enter(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="The number or pseudonym on the form.")],
    respondent: Annotated[str, typer.Argument(help="Who answered, such as citizen.")],
    answers: Annotated[
        str, typer.Argument(help="Answers in the order of the form: 7653.212445; a full stop is no answer.")
    ],
    round: Annotated[int, typer.Option(min=1, help="Which round.")] = 1,  # noqa: A002  # the field's word
    date: Annotated[datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When.")] = None,
    variant: Annotated[str, typer.Option(help="The simplified scale on the form.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of what is there.")] = False,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Type in one questionnaire from paper."""
    study = opened(context.obj)
    instrument = surveys.require_instrument(study)
    values = entry.parse_answers(answers, instrument, respondent, variant=variant)
    when = date.date() if date is not None else None
    form = entry.TypedForm(person, respondent, round, values, when, variant)
    [saved] = entry.save_forms(study, [form], actor=actor(coder), replace=replace)
    if json:
        print_json(vars(saved))
        return
    print(t("entry.saved", person=saved.person, n=len(saved.values)))


def undo_entry(context: typer.Context, coder: CoderOption = "", json: Json = False) -> None:
    """Take back what you typed in last."""
    undone = entry.undo_last(opened(context.obj), actor=actor(coder))
    if not undone:
        raise InvalidRequestError(t("errors.entry_nothing_to_undo"))
    if json:
        print_json([vars(form) for form in undone])
        return
    for form in undone:
        print(t("entry.undone", person=form.person, round=form.round))
