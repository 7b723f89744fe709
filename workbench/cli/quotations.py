"""Commands about quotations and what they may be taken from: locate, segments, questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import (
    CoderOption,
    Json,
    StudyArgument,
    actor,
    headings,
    opened,
    print_json,
    print_rows,
    say,
)
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services import earlier_reports, locating, questions, segments
from workbench.services.files import GivenFile

_SHOWN = 60


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(locate)
    app.command("segments")(list_segments)
    app.command("questions")(list_questions)


def locate(
    study: StudyArgument,
    quote: Annotated[str | None, typer.Argument(metavar="[QUOTE]", help="The words to find.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="A .docx, .txt, .csv or .xlsx file to take quotations from.")
    ] = None,
    code: Annotated[str | None, typer.Option(help="Code every place that is found, by this path.")] = None,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Find where quotations stand in the interviews; exit code 1 if one stands nowhere."""
    quotes = [quote] if quote else []
    if file is not None:
        quotes += earlier_reports.quotations_in(GivenFile.from_path(file))
    if not quotes:
        raise InvalidRequestError(t("errors.no_quotations_given"))
    open_study = opened(study)
    located = locating.locate_quotations(open_study, quotes)
    coded = None
    if code is not None:
        sure = [found.places[0] for found in located if found.state == "found"]
        coded = locating.code_places(open_study, sure, code, actor=actor(coder))
    if json:
        found = [each.as_dict() for each in located]
        print_json(found if coded is None else {"quotations": found, "coded": coded})
    else:
        print_rows(
            headings("state", "transcript", "start", "end", "score", "speaker", "quote"),
            (
                (
                    each.state,
                    *(
                        (place.transcript, place.start, place.end, f"{place.score:.2f}", place.speaker)
                        if place is not None
                        else ("", "", "", "", "")
                    ),
                    " ".join(each.quote.split())[:_SHOWN],
                )
                for each in located
                for place in (each.places or (None,))
            ),
        )
        if coded is not None:
            say(t("cli.stored_codings", n=coded))
    if any(each.state == "missing" for each in located):
        raise typer.Exit(1)


def list_segments(
    study: StudyArgument,
    transcript: Annotated[str, typer.Argument(metavar="TRANSCRIPT", help="Id, number or name.")],
    turns: Annotated[
        str | None, typer.Option(help="Turns to change, such as 3-7 or 1,4-6; all if left out.")
    ] = None,
    status: Annotated[str | None, typer.Option(help=f"One of {', '.join(segments.STATUSES)}.")] = None,
    speaks_for: Annotated[
        str | None, typer.Option(help="Whose words an interpreter renders; empty takes it away.")
    ] = None,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """List the turns of a transcript with their status, or say what some of them are."""
    open_study = opened(study)
    numbers = segments.turn_numbers(turns) if turns is not None else None
    changed = None
    if status is not None or speaks_for is not None:
        changed = segments.set_status(
            open_study, transcript, numbers, status, actor=actor(coder), speaks_for=speaks_for
        )
    listed = [
        each
        for each in segments.list_segments(open_study, transcript)
        if numbers is None or each.number in numbers
    ]
    if json:
        print_json([each.as_dict() for each in listed])
        return
    print_rows(
        headings("turn", "speaker", "kind", "status", "speaks_for", "words"),
        (
            (
                each.number,
                each.speaker,
                each.kind,
                each.status,
                each.speaks_for,
                " ".join(each.words.split())[:_SHOWN],
            )
            for each in listed
        ),
    )
    if changed is not None:
        say(t("cli.turns_changed", n=changed))


def list_questions(
    study: StudyArgument,
    code: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="QUESTION CODE", help="Code the answers to a question: its number, and a path."),
    ] = None,
    transcripts: Annotated[
        str | None, typer.Option(help="Only in these, by number or name, separated by commas.")
    ] = None,
    mark_asked: Annotated[
        bool, typer.Option(help="Note too that the code's theme was asked about where the question was put.")
    ] = False,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """List the questions of the interview guide across interviews, or code the answers to one."""
    open_study = opened(study)
    if code is None:
        found = questions.list_questions(open_study)
        if json:
            print_json([each.as_dict() for each in found])
        else:
            print_rows(
                headings("no", "question", "interviews", "answers", "words"),
                (
                    (each.number, each.wording, each.interviews, len(each.answers), each.words)
                    for each in found
                ),
            )
        return
    coded = questions.code_answers(
        open_study,
        code[0],
        code[1],
        transcripts=[name.strip() for name in transcripts.split(",")] if transcripts else None,
        mark_asked=mark_asked,
        actor=actor(coder),
    )
    print_json({"coded": coded}) if json else print(t("cli.answers_coded", n=coded))
