"""Transcripts as files and back: the command `export`, and exported files that `import` is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.output import (
    Json,
    LanguageOption,
    StudyArgument,
    language_of,
    no_choice,
    opened,
    print_json,
    say,
)
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import t
from workbench.services import coded_returns, exporting
from workbench.services.coded_files import looks_exported
from workbench.services.files import GivenFile
from workbench.services.import_drafts import UnknownChoice
from workbench.services.studies import Study

UnknownOption = Annotated[
    str,
    typer.Option(
        metavar="leave|create|refuse",
        help="Codings of an exported file whose code the study lacks: leave them out and list the codes, "
        "create the codes, or refuse the file.",
    ),
]
RemoveOption = Annotated[
    bool,
    typer.Option(
        "--remove-missing",
        help="Remove codings whose comments were deleted in an exported file; they are listed if left out.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(export)


def export(
    study: StudyArgument,
    transcript: Annotated[
        str, typer.Argument(metavar="TRANSCRIPT", help="Id, number or name; leave it out with --all.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A .txt, .docx or .html file.")
    ] = None,
    every: Annotated[
        Path | None, typer.Option("--all", metavar="FOLDER", help="Write every transcript into a folder.")
    ] = None,
    file_format: Annotated[str, typer.Option("--format", help="With --all: txt, docx or html.")] = "docx",
    plain: Annotated[bool, typer.Option("--plain", help="Without codings.")] = False,
    coder: Annotated[
        list[str] | None, typer.Option("--coder", help="Only codings by this coder; may be repeated.")
    ] = None,
    code: Annotated[
        list[str] | None,
        typer.Option("--code", help="Only this code and those below it, as a path; may be repeated."),
    ] = None,
    times: Annotated[bool, typer.Option("--times/--no-times", help="The times of the turns.")] = True,
    comments: Annotated[
        bool, typer.Option("--comments/--no-comments", help="Comments of the transcript's own file.")
    ] = True,
    legend: Annotated[
        bool, typer.Option("--legend/--no-legend", help="A list of the codes in the file.")
    ] = True,
    language: LanguageOption = None,
    json: Json = False,
) -> None:
    """Write a transcript, with its codings where the format can hold them.

    A .docx or .html file can be edited elsewhere and imported again: its codings are recognised.
    """
    if bool(transcript) == (every is not None) or (every is None and output is None):
        raise typer.BadParameter(t("cli.usage.export"))
    open_study = opened(study)
    wanted = language_of(open_study, language)
    options = exporting.ExportOptions(
        codings=not plain,
        coders=tuple(coder or ()),
        codes=tuple(code or ()),
        annotations=comments,
        times=times,
        legend=legend,
    )
    if output is not None:
        content = exporting.export_transcript(
            open_study, transcript, output.suffix.lstrip("."), language=wanted, options=options
        )
        output.write_bytes(content)
        print_json({"file": str(output), "bytes": len(content)}) if json else print(output)
    elif every is not None:
        files = exporting.export_all(open_study, file_format, language=wanted, options=options)
        _write_all(every, files, json=json)


def _write_all(folder: Path, files: Iterable[tuple[str, bytes]], *, json: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files:
        (folder / name).write_bytes(content)
        written.append({"file": str(folder / name), "bytes": len(content)})
        if not json:
            print(folder / name)
    if json:
        print_json(written)


def exported_among(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Files that an export wrote, and all others."""
    exported = [path for path in files if path.is_file() and looks_exported(path)]
    return exported, [path for path in files if path not in exported]


def take_back_files(
    study: Study, files: Sequence[Path], *, actor: str, unknown: str, remove_missing: bool
) -> list[dict[str, Any]]:
    """Take exported files back; a line for each as `import` prints them, with the report as `returned`."""
    if unknown not in coded_returns.UNKNOWN_CHOICES:
        raise no_choice(unknown, coded_returns.UNKNOWN_CHOICES, "--unknown-codes")
    choice: UnknownChoice = unknown
    lines = []
    for path in files:
        line: dict[str, Any] = {"file_name": path.name, "status": "failed", "name": path.stem, "id": None}
        try:
            report = coded_returns.take_back(
                study,
                GivenFile.from_path(path),
                actor=actor,
                unknown=choice,
                remove_missing=remove_missing,
            )
        except USER_ERRORS as error:
            lines.append(line | {"message": error_text(error), "turns": 0, "words": 0})
            continue
        imported = report.imported.as_dict() if report.imported is not None else {}
        lines.append(
            line
            | imported
            | {"status": "returned", "name": report.transcript, "id": report.transcript_id}
            | {"message": coded_returns.returned_text(report), "returned": report.as_dict()}
        )
    return lines


def print_returned(lines: Sequence[dict[str, Any]]) -> None:
    """The lines for people: what came back on the output, what failed beside it."""
    for line in lines:
        if line["status"] == "failed":
            say(f"workbench: {line['message']}")
        else:
            print(f"{line['file_name']} -> {line['name']}: {line['message']}")
