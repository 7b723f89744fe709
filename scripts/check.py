"""The one check command: formatting, style, types, the arrows between packages, and the tests.

    python3 scripts/check.py --install    on a fresh machine: installs everything first, then checks
    python scripts/check.py [--fast]      inside the environment; --fast: without the tests
                                          that need a program outside Python

Ends with one line a step and exits with 1 if any failed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import virtual_environment

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Step:
    """One check: its name and the command line that does it."""

    name: str
    command: list[str]


@dataclass(frozen=True)
class StepResult:
    step: Step
    passed: bool
    seconds: float


def steps(*, fast: bool) -> list[Step]:
    """All checks in the order in which they run, the quick ones first.

    Browser tests run by themselves at the end: other tests beside them would slow the browser down.
    """
    python = sys.executable
    pytest = [python, "-m", "pytest"]
    beside_each_other = [*pytest, "--numprocesses", "2", "--dist", "loadgroup", "-m"]
    checks = [
        Step("ruff check", [python, "-m", "ruff", "check", "."]),
        Step("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        Step("mypy", [python, "-m", "mypy"]),
        Step("mypy scripts", [python, "-m", "mypy", "scripts"]),
        Step("import-linter", [python, "-c", "from importlinter.cli import lint_imports_command as c; c()"]),
    ]
    if fast:
        return [
            *checks,
            Step(
                "pytest", [*beside_each_other, "not browser and not postgres and not office and not cluster"]
            ),
        ]
    return [
        *checks,
        Step("pytest", [*beside_each_other, "not browser"]),
        Step("pytest browser", [*pytest, "-m", "browser"]),
    ]


def run_step(step: Step) -> StepResult:
    """Run one check with its output shown."""
    print(f"\n--- {step.name}", flush=True)
    started = time.monotonic()
    passed = subprocess.run(step.command, cwd=ROOT, check=False).returncode == 0
    return StepResult(step, passed, time.monotonic() - started)


def print_summary(results: list[StepResult], notices: list[str]) -> None:
    """One line a step, then the groups of tests that could not run here."""
    print("\nSummary")
    for result in results:
        print(f"  {result.step.name:<16}{'passed' if result.passed else 'FAILED':<8}{result.seconds:7.1f} s")
    for notice in notices:
        print(f"  not run          {notice}")


def install() -> int:
    """Install programs and packages, then run this command again inside the environment; its exit code."""
    import programs

    for missing in programs.install_missing():
        print(f"Not installed here, its tests will be skipped: {missing}", flush=True)
    python = virtual_environment.prepare(lock=virtual_environment.DEV_LOCK)
    if programs.find_java():
        virtual_environment.add(virtual_environment.CLUSTER_LOCK)
    arguments = [argument for argument in sys.argv[1:] if argument != "--install"]
    return subprocess.run([str(python), str(Path(__file__).resolve()), *arguments], check=False).returncode


def check(*, fast: bool) -> int:
    """Run every step, print the summary, and return 1 if any failed."""
    import programs

    results = [run_step(step) for step in steps(fast=fast)]
    if fast:
        notices = [f"{group.name}: left out by --fast" for group in programs.GROUPS]
    else:
        notices = [f"{group.name}: {group.remedy}" for group in programs.missing_groups()]
    print_summary(results, notices)
    return 0 if all(result.passed for result in results) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the whole project.")
    parser.add_argument("--install", action="store_true", help="install what is missing first")
    parser.add_argument(
        "--fast", action="store_true", help="leave out tests that need a program outside Python"
    )
    options = parser.parse_args()
    try:
        virtual_environment.require_python()
        return install() if options.install else check(fast=options.fast)
    except virtual_environment.SetupError as error:
        print(f"Cannot check: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
