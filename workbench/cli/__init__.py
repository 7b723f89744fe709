"""The `workbench` command: the same functions as the pages, for scripts and for those who prefer typing.

Exit codes: 0 done, 1 the request could not be met (the message says why), 2 wrong usage.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from workbench.cli import (
    application,
    effect_panels,
    effect_runs,
    exports,
    numbers,
    quotations,
    texts,
    together,
    words,
)
from workbench.cli import fip_description as fip_description  # adds its commands to `fip`
from workbench.cli import fip_factors as fip_factors
from workbench.cli import fip_indices as fip_indices
from workbench.cli import fip_notes as fip_notes
from workbench.cli import fip_regressions as fip_regressions
from workbench.errors import USER_ERRORS, error_text, os_problem
from workbench.i18n import set_language, t
from workbench.settings import load_settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    help="Code interviews by theme, set the themes beside numbers, and write a report that can be traced.",
)
application.register(app)
words.register(app)
exports.register(app)
numbers.register(app)
together.register(app)
quotations.register(app)
texts.register(app)
fip_regressions.register(app)
effect_runs.register(app)
effect_panels.register(numbers.effects_app)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    try:
        set_language(load_settings().language or "en")
        app(args=arguments, prog_name="workbench", standalone_mode=True)
    except USER_ERRORS as error:
        _leave(" ".join(error_text(error).split()))
    except BrokenPipeError:
        # The reader of our output (head, less) has gone: nothing is left to say, and nobody to say it to.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        path = error.filename or t("errors.a_file")
        _leave(t("errors.file_fault", path=path, detail=os_problem(error)))
    except KeyboardInterrupt:
        _leave(t("errors.stopped"))


def _leave(message: str) -> NoReturn:
    print(f"workbench: {message}", file=sys.stderr)
    sys.exit(1)
