"""What the command line prints: one JSON document, or tables and lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

from workbench.display import TableSpec, to_frame
from workbench.errors import InvalidRequestError
from workbench.i18n import LANGUAGES, Language, as_language, set_language, t
from workbench.services.analyses import plain
from workbench.services.studies import Study, describe_study, open_study
from workbench.settings import load_settings, remember_study

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
StudyArgument = Annotated[
    str, typer.Argument(metavar="STUDY", help="A study file, or a database URL with #study-name.")
]
CoderOption = Annotated[
    str, typer.Option("--coder", envvar="WORKBENCH_CODER", help="The name changes are stored under.")
]


def _known_language(value: str | None) -> str | None:
    if value and value not in LANGUAGES:
        raise typer.BadParameter(t("cli.usage.choices", given=value, known=", ".join(LANGUAGES)))
    return value


LanguageOption = Annotated[
    str | None,
    typer.Option("--language", help="da or en; the study's own if left out.", callback=_known_language),
]


def opened(reference: str) -> Study:
    """Open a study and speak its language unless the settings name one."""
    settings = load_settings()
    study = open_study(with_database(reference, settings.database_url))
    set_language(settings.language or describe_study(study).language)
    remember_study(settings, study.reference)
    return study


def with_database(reference: str, database_url: str | None) -> str:
    """`#name` means the study of that name in the database of the settings."""
    if not reference.startswith("#"):
        return reference
    if database_url is None:
        raise InvalidRequestError(t("errors.database_not_named", reference=reference))
    return f"{database_url}{reference}"


def actor(name: str) -> str:
    """Who acts: the name given, else the one in the settings, else the user of this computer."""
    import getpass

    return name or load_settings().coder or getpass.getuser()


def print_json(value: Any) -> None:
    """Print one JSON document; what is no number (NaN) becomes null."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2, default=str)
    sys.stdout.write(f"{text}\n")


def print_table(spec: TableSpec) -> None:
    """Print a table with its title and what stands below it."""
    from rich.console import Console
    from rich.table import Table

    frame = to_frame(spec)
    table = Table(title=spec.title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    # Section headings come as a column of their own, in front.
    sections = len(frame.columns) - len(spec.columns)
    for place, name in enumerate(frame.columns):
        left = place < sections or spec.columns[place - sections].alignment == "left"
        table.add_column(str(name), justify="left" if left else "right")
    for row in frame.itertuples(index=False):
        table.add_row(*(str(cell) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False, markup=False)
    console.print(table)
    for name, text in spec.below:
        console.print(f"{name} {text}")
    console.print()


def no_choice(given: str, known: Sequence[str], option: str) -> typer.BadParameter:
    """The error for an option with a value that is none of its choices."""
    said = t("cli.usage.choices", given=given, known=", ".join(known))
    return typer.BadParameter(said, param_hint=option)


def headings(*names: str) -> tuple[str, ...]:
    """Headings of columns in the language of the run, by their keys in the catalogue."""
    return tuple(t(f"cli.column.{name}") for name in names)


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print plain rows under their headings."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 160, highlight=False, markup=False).print(table)


def language_of(study: Study, wanted: str | None = None) -> Language:
    """The language asked for, else the study's own."""
    return as_language(wanted, describe_study(study).language)


def say(text: str) -> None:
    """A line about progress, apart from the output."""
    print(text, file=sys.stderr)
