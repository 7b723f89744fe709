"""Commands about the application and studies as a whole: run, demo, new, check, history, undo."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.output import (
    CoderOption,
    Json,
    LanguageOption,
    StudyArgument,
    actor,
    headings,
    opened,
    print_json,
    print_rows,
    say,
    with_database,
)
from workbench.errors import InvalidRequestError
from workbench.i18n import as_language, t
from workbench.services import checking, coding, studies
from workbench.settings import load_settings, remember_study


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.callback(invoke_without_command=True)(start)
    app.command()(run)
    app.command()(demo)
    app.command()(new)
    app.command()(check)
    app.command()(history)
    app.command()(undo)


def start(context: typer.Context) -> None:
    """Open the application with the study opened last; see `workbench run` for options."""
    if context.invoked_subcommand is None:
        run()


def run(
    study: Annotated[str | None, typer.Argument(metavar="STUDY", help="The study to open.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Where to listen.")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Do not open a browser.")] = False,
) -> None:
    """Open the application in the browser."""
    from workbench.streamlit_options import streamlit_flags

    if study is not None:
        opened(study)
    script = Path(__file__).parents[1] / "app.py"
    flags = streamlit_flags(port=port, headless=headless)
    command = [sys.executable, "-m", "streamlit", "run", str(script), *flags]
    if os.name == "posix":
        # The server takes this process's place, so that stopping the command stops the server.
        os.execv(sys.executable, command)
    import subprocess

    raise typer.Exit(subprocess.run(command, check=False).returncode)


def demo(
    folder: Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help="Where to build it.")] = None,
    json: Json = False,
) -> None:
    """Build the demonstration study and its report; prints where they are."""
    from workbench.demo.build import build_demo

    settings = load_settings()
    target = folder or settings.home / "demonstration"
    show = sys.stderr.isatty()

    def on_step(done: int, total: int) -> None:
        if show:
            print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    built = build_demo(target, on_step=on_step)
    remember_study(settings, built.study)
    if json:
        print_json({"study": str(built.study), "report": str(built.report)})
    else:
        print(built.study)
        print(built.report)


def new(
    study: StudyArgument,
    title: Annotated[str, typer.Option(help="The title shown and printed.")] = "",
    language: LanguageOption = None,
    scheme: Annotated[str | None, typer.Option(help="A shipped coding scheme or a file.")] = None,
    instrument: Annotated[str | None, typer.Option(help="A shipped questionnaire or a file.")] = None,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Create an empty study."""
    settings = load_settings()
    created = studies.create_study(
        with_database(study, settings.database_url),
        title=title,
        language=as_language(language, settings.language or "da"),
        scheme=scheme,
        instrument=instrument,
        actor=actor(coder),
    )
    remember_study(settings, created.reference)
    _print_facts(created, json)


def check(study: StudyArgument, json: Json = False) -> None:
    """Check that everything stored holds together; exit code 1 if something does not."""
    report = checking.check_study(opened(study))
    if json:
        print_json(report.as_dict())
    else:
        for name, count in report.checked.items():
            print(f"{count:>8}  {t(f'cli.checked.{name}')}")
        for problem in report.problems:
            print(t("cli.problem", problem=problem))
        print(t("cli.ok") if report.ok else t("cli.problems", n=len(report.problems)))
    if not report.ok:
        raise typer.Exit(1)


def history(
    study: StudyArgument,
    limit: Annotated[int, typer.Option(min=1, help="How many changes, newest first.")] = 50,
    json: Json = False,
) -> None:
    """Print the log of changes."""
    entries = studies.list_history(opened(study), limit=limit)
    if json:
        print_json([entry.as_dict() for entry in entries])
        return
    print_rows(
        headings("no", "at", "who", "what", "kind"),
        (
            (entry.sequence, f"{entry.at:%Y-%m-%d %H:%M}", entry.actor, entry.action, entry.kind)
            for entry in entries
        ),
    )


def undo(
    study: StudyArgument,
    n: Annotated[int, typer.Argument(metavar="[N]", min=1, help="How many changes.")] = 1,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Take back the last N changes to codings, memos, links and verdicts."""
    open_study = opened(study)
    undone: list[dict[str, Any]] = []
    for _ in range(n):
        events = coding.undo(open_study, actor=actor(coder))
        if not events:
            break
        undone += [
            {"action": event.action, "entity": event.entity, "id": event.entity_id} for event in events
        ]
    if not undone:
        raise InvalidRequestError(t("errors.nothing_to_undo"))
    if json:
        print_json(undone)
    else:
        for change in undone:
            print(t("cli.took_back", action=change["action"], id=change["id"]))


def _print_facts(study: studies.Study, json: bool) -> None:
    facts = studies.describe_study(study)
    if json:
        print_json(facts.as_dict())
    else:
        print(facts.reference)
        scheme, questionnaire = facts.scheme or "–", facts.instrument or "–"
        say(
            t(
                "cli.created",
                language=facts.language,
                title=facts.title,
                scheme=scheme,
                questionnaire=questionnaire,
            )
        )
