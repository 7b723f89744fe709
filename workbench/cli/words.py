"""Commands about words: import, transcripts, show, scheme, code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import exports
from workbench.cli.output import (
    CoderOption,
    Json,
    StudyArgument,
    actor,
    headings,
    no_choice,
    opened,
    print_json,
    print_rows,
    say,
)
from workbench.cli.steps import FileProgress, stopped_by_ctrl_c
from workbench.i18n import label, t
from workbench.services import coding, coding_files, importing, schemes, transcripts
from workbench.services.files import GivenFile
from workbench.services.reading_warnings import warning_text

scheme_app = typer.Typer(help="The coding scheme: show, import, export.", no_args_is_help=True)
code_app = typer.Typer(help="Codings: list, add, import, export.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("import")(import_files)
    app.command("transcripts")(list_transcripts)
    app.command()(show)
    app.add_typer(scheme_app, name="scheme")
    app.add_typer(code_app, name="code")


def import_files(
    study: StudyArgument,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Transcripts to import.")],
    actor_group: Annotated[str | None, typer.Option(help="The actor group of all of them.")] = None,
    participants: Annotated[
        Path | None, typer.Option(help="A csv or xlsx: one row an interview or person.")
    ] = None,
    changed: Annotated[
        str | None,
        typer.Option(
            metavar="version|new|skip",
            help="What to do with a file of which the study has another state: make it the new version of "
            "that transcript, store an interview of its own, or leave it out (and say so).",
        ),
    ] = None,
    comments: Annotated[
        str,
        typer.Option(
            metavar="memos|keep",
            help="Comments of a file: keep them where they stand, or make them memos on the transcript too.",
        ),
    ] = "keep",
    unknown_codes: exports.UnknownOption = "leave",
    remove_missing: exports.RemoveOption = False,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Import transcripts; files that cannot be read are named and the rest are imported.

    A .docx or .html file that `export` wrote comes back with its codings, also when it was edited elsewhere.

    A file that the study has already is recognised by its content and not stored again. Ctrl+C stops after
    the file at hand, and the report names those that were left.
    """
    if changed is not None and changed not in importing.CHANGED_CHOICES:
        raise no_choice(changed, importing.CHANGED_CHOICES, "--changed")
    if comments not in importing.COMMENTS_CHOICES:
        raise no_choice(comments, importing.COMMENTS_CHOICES, "--comments")
    exported, files = exports.exported_among(files)
    open_study = opened(study)
    returned = exports.take_back_files(
        open_study, exported, actor=actor(coder), unknown=unknown_codes, remove_missing=remove_missing
    )
    progress = FileProgress(shown=sys.stderr.isatty() and not json)
    with stopped_by_ctrl_c() as stopped:
        report = importing.import_transcripts(
            open_study,
            list(files),
            actor=actor(coder),
            actor_group=actor_group,
            participants=GivenFile.from_path(participants) if participants is not None else None,
            changed=changed or "skip",
            comments=comments,
            on_step=progress.step,
            on_file=progress.file,
            is_cancelled=stopped.is_set,
        )
    if json:
        print_json([*returned, *(line.as_dict() for line in report)])
    else:
        exports.print_returned(returned)
    if report and not json:
        print_rows(
            headings("file", "result", "name", "turns", "words", "speakers", "look_at"),
            (
                (
                    line.file_name,
                    line.status,
                    line.name,
                    line.turns,
                    line.words,
                    ", ".join(str(speaker["label"]) for speaker in line.speakers[:6]),
                    "; ".join(warning_text(warning) for warning in line.warnings),
                )
                for line in report
            ),
        )
    left_out = {"failed", "cancelled"} if changed == "skip" else {"failed", "cancelled", "changed"}
    not_done = [line for line in report if line.status in left_out]
    for line in not_done:
        say(f"workbench: {line.message}")
    if not_done or any(line["status"] == "failed" for line in returned):
        raise typer.Exit(1)


def list_transcripts(study: StudyArgument, json: Json = False) -> None:
    """List the transcripts of a study."""
    listed = transcripts.list_transcripts(opened(study))
    if json:
        print_json(
            [
                facts.as_dict() | {"persons": len(facts.persons), "person_names": facts.persons}
                for facts in listed
            ]
        )
        return
    print_rows(
        headings("no", "name", "group", "type", "persons", "turns", "words", "codings", "warnings"),
        (
            (
                facts.number,
                facts.name,
                facts.actor_group,
                facts.type,
                len(facts.persons),
                facts.turns,
                facts.words,
                facts.codings,
                len(facts.warnings) or "",
            )
            for facts in listed
        ),
    )


def show(
    study: StudyArgument,
    transcript: Annotated[str, typer.Argument(metavar="TRANSCRIPT", help="Id, number or name.")],
    json: Json = False,
) -> None:
    """Print a whole transcript."""
    stored = transcripts.get_transcript(opened(study), transcript)
    if json:
        print_json(stored.as_dict())
        return
    for turn in stored.turns:
        head = f"{turn.speaker}: " if turn.speaker else ""
        print(f"[{turn.start}-{turn.end}] {head}{stored.text[turn.start : turn.end]}\n")


@scheme_app.callback()
def scheme(context: typer.Context, study: StudyArgument) -> None:
    """The coding scheme of a study."""
    context.obj = study


@scheme_app.command("show")
def show_scheme(context: typer.Context, json: Json = False) -> None:
    """Print the scheme."""
    found = schemes.require_scheme(opened(context.obj))
    if json:
        print_json(found.as_dict())
        return
    for code in found.codes:
        indent = "  " * code.path.count("/")
        print(f"{indent}{code.path}  {label(code.label)}")


@scheme_app.command("import")
def import_scheme(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A .toml, .xlsx, .csv or .qdc file, or a name.")
    ],
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Replace the scheme; codes in use that the new one lacks are retired, not lost."""
    change = schemes.import_scheme(opened(context.obj), file, actor=actor(coder))
    if json:
        print_json(vars(change))
        return
    print(
        f"{len(change.added)} codes added, {len(change.changed)} changed, "
        f"{len(change.retired)} retired, {len(change.removed)} removed"
    )


@scheme_app.command("export")
def export_scheme(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .toml, .xlsx, .csv or .qdc file.")],
    json: Json = False,
) -> None:
    """Write the scheme to a file."""
    written = schemes.export_scheme(opened(context.obj), file)
    print_json({"file": str(written)}) if json else print(written)


@code_app.callback()
def code(context: typer.Context, study: StudyArgument) -> None:
    """The codings of a study."""
    context.obj = study


@code_app.command("list")
def list_codings(
    context: typer.Context,
    transcript: Annotated[str | None, typer.Option(help="Only those of one transcript.")] = None,
    json: Json = False,
) -> None:
    """List the codings."""
    found = coding.list_codings(opened(context.obj), transcript=transcript)
    if json:
        print_json([each.as_dict() for each in found])
        return
    print_rows(
        headings("transcript", "start", "end", "code", "coder", "quote"),
        ((each.transcript, each.start, each.end, each.code, each.coder, each.quote[:70]) for each in found),
    )


@code_app.command("add")
def add_coding(
    context: typer.Context,
    transcript: Annotated[str, typer.Argument(metavar="TRANSCRIPT")],
    start: Annotated[int, typer.Argument(metavar="START")],
    end: Annotated[int, typer.Argument(metavar="END")],
    code: Annotated[str, typer.Argument(metavar="CODE")],
    coder: CoderOption = "",
    weight: Annotated[int | None, typer.Option(help="0 to 3.")] = None,
    memo: Annotated[str, typer.Option(help="A note on the coding.")] = "",
    json: Json = False,
) -> None:
    """Put a code on characters START to END (not included) of a transcript."""
    study = opened(context.obj)
    coding_id = coding.add_coding(
        study, transcript, start=start, end=end, code=code, actor=actor(coder), weight=weight, memo=memo
    )
    if json:
        added = next(
            each for each in coding.list_codings(study, transcript=transcript) if each.id == coding_id
        )
        print_json(added.as_dict())
    else:
        print(coding_id)


@code_app.command("import")
def import_codings(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv, .xlsx or .json file.")],
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Store the codings of a file: all of them or, if one does not fit, none."""
    stored = coding_files.import_codings(opened(context.obj), GivenFile.from_path(file), actor=actor(coder))
    print_json({"stored": stored}) if json else print(t("cli.stored_codings", n=stored))


@code_app.command("export")
def export_codings(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv, .xlsx or .json file.")],
    json: Json = False,
) -> None:
    """Write all codings to a file."""
    content = coding_files.export_codings(opened(context.obj), file.suffix.lstrip("."))
    file.write_bytes(content)
    print_json({"file": str(file), "bytes": len(content)}) if json else print(file)
