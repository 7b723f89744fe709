"""The `workbench` command: the same functions as the pages, for scripts and for those who prefer typing.

Exit codes: 0 done, 1 the request could not be met (the message says why), 2 wrong usage.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from workbench.cli import application, numbers, together, words
from workbench.errors import USER_ERRORS
from workbench.i18n import set_language
from workbench.settings import load_settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    help="Code interviews by theme, set the themes beside numbers, and write a report that can be traced.",
)
application.register(app)
words.register(app)
numbers.register(app)
together.register(app)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    try:
        set_language(load_settings().language or "en")
        app(args=arguments, prog_name="workbench", standalone_mode=True)
    except USER_ERRORS as error:
        _leave(" ".join(str(error).split()))
    except BrokenPipeError:
        # The reader of our output (head, less) has gone: nothing is left to say, and nobody to say it to.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        _leave(
            f"{error.filename or 'a file'} cannot be read or written ({error.strerror}); check the folder, "
            "or choose another"
        )
    except KeyboardInterrupt:
        _leave("stopped")


def _leave(message: str) -> NoReturn:
    print(f"workbench: {message}", file=sys.stderr)
    sys.exit(1)
