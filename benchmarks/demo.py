"""How long the demonstration takes to build, and what a command costs beside an empty Python start.

Run: python benchmarks/demo.py     Read the ratios: seconds depend on the machine and on what else it does.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ORDERED_SECONDS = 60
COMMAND = "from workbench.cli import main; main()"


def seconds(*arguments: str) -> float:
    """Wall time of one Python process, the second of two runs: the first one compiles what is new."""
    for _ in range(2):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        taken = time.perf_counter() - started
    return taken


def main() -> None:
    """Print one line a measurement."""
    empty = seconds("-c", "pass")
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", COMMAND, "demo", folder], check=True, stdout=subprocess.DEVNULL)
        built = time.perf_counter() - started
        study = str(Path(folder) / "demonstration.workbench")
        print(f"demo: {built:.1f} s, {built / ORDERED_SECONDS:.2f} of the {ORDERED_SECONDS} s ordered")
        for arguments in (
            ("transcripts", study, "--json"),
            ("code", study, "list", "--json"),
            ("fip", study, "factors", "--json"),
            ("triangulate", study, "--json"),
        ):
            taken = seconds("-c", COMMAND, *arguments)
            name = " ".join(word for word in arguments if word != study and word != "--json")
            print(f"{name}: {taken:.1f} s, {taken / empty:.0f} times an empty Python")


if __name__ == "__main__":
    main()
