"""Installs what the workbench needs into `.venv` and opens it in the browser. Safe to run again.

    python3 scripts/start.py [STUDY] [--port N] [--headless]

Arguments are passed on to `workbench run`. The very first start builds the demonstration study.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

import virtual_environment

DEMONSTRATION_IF_NONE = """
from workbench.settings import last_study, load_settings
settings = load_settings()
print("" if last_study(settings) else settings.home / "demonstration")
"""


def opens_last_study(arguments: list[str]) -> bool:
    """Whether the arguments for `workbench run` name no study."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("study", nargs="?")
    parser.add_argument("--port")
    parser.add_argument("--help", "-h", action="store_true")
    known, _ = parser.parse_known_args(arguments)
    return known.study is None and not known.help


def build_demonstration() -> None:
    """Build the demonstration study if this user has no study yet; without it the welcome page offers it."""
    python = virtual_environment.interpreter()
    question = [str(python), "-c", DEMONSTRATION_IF_NONE]
    answer = subprocess.run(question, capture_output=True, text=True, check=False)
    folder = answer.stdout.strip()
    if answer.returncode or not folder:  # wrong settings are explained by `workbench run`, which comes next
        return
    print(f"Building the demonstration study in {folder} (less than a minute)", flush=True)
    subprocess.run([*workbench_command(), "demo", folder], check=False)


def workbench_command() -> list[str]:
    """The installed `workbench` command."""
    return [str(virtual_environment.command("workbench"))]


def open_workbench(command: list[str]) -> int:
    """Run the application in place of this process, so that what stops or ends this one stops the server."""
    if os.name == "posix":
        os.execv(command[0], command)
    try:  # Windows cannot replace a process and keep the console
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0


def main() -> int:
    arguments = sys.argv[1:]
    try:
        virtual_environment.prepare(lock=virtual_environment.RUN_LOCK)
        if opens_last_study(arguments):
            build_demonstration()
    except virtual_environment.SetupError as error:
        print(f"Cannot start: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; running the command again goes on from here.", file=sys.stderr)
        return 130
    return open_workbench([*workbench_command(), "run", *arguments])


if __name__ == "__main__":
    sys.exit(main())
