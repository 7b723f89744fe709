"""Installs what the workbench needs into `.venv` and opens it in the browser. Safe to run again.

    python3 scripts/start.py [STUDY] [--port N] [--headless]

Arguments are passed on to `workbench run`. The very first start builds the demonstration study.
"""

from __future__ import annotations

import subprocess
import sys

import virtual_environment

DEMONSTRATION_IF_NONE = """
from workbench.settings import last_study, load_settings
settings = load_settings()
print("" if last_study(settings) else settings.home / "demonstration")
"""


def build_demonstration() -> None:
    """Build the demonstration study if this user has no study yet; without it the welcome page offers it."""
    python = virtual_environment.interpreter()
    answer = subprocess.run(
        [str(python), "-c", DEMONSTRATION_IF_NONE], stdout=subprocess.PIPE, text=True, check=False
    )
    folder = answer.stdout.strip()
    if answer.returncode or not folder:
        return
    print(f"Building the demonstration study in {folder} (less than a minute)", flush=True)
    subprocess.run([*workbench_command(), "demo", folder], check=False)


def workbench_command() -> list[str]:
    """The installed `workbench` command."""
    return [str(virtual_environment.command("workbench"))]


def main() -> int:
    try:
        virtual_environment.prepare(lock=virtual_environment.RUN_LOCK)
    except virtual_environment.SetupError as error:
        print(f"Cannot start: {error}.", file=sys.stderr)
        return 1
    arguments = sys.argv[1:]
    if not any(argument in ("--help", "-h") or not argument.startswith("-") for argument in arguments):
        build_demonstration()
    try:
        return subprocess.run([*workbench_command(), "run", *arguments], check=False).returncode
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
