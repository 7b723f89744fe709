"""Writes the lock files from pyproject.toml. Needs `uv`; run by hand when a dependency changes.

    python scripts/lock.py              what is locked stays as it is where it still fits
    python scripts/lock.py --upgrade    every dependency in its newest version that fits

Every line carries hashes and no address, so that an installation uses whatever index its user has set up.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Locked by scripts/lock.py from pyproject.toml, for Python 3.11 and later on every platform.\n"
# pip itself, and what builds this distribution and the dependencies that are published as sources only.
BUILD_TOOLS = "pip\nhatchling>=1.25,<2\neditables>=0.5,<1\nsetuptools>=77\n"


def compile_lock(name: str, sources: list[str], *, constraints: tuple[str, ...] = (), text: str = "") -> None:
    """Resolve `sources` (`-` reads `text`) within `constraints` and write the lock file `name`."""
    command = ["uv", "pip", "compile", *sources, "--universal", "--python-version", "3.11", "--quiet"]
    command += ["--generate-hashes", "--no-annotate", "--no-header", "--output-file", name]
    command += ["--upgrade"] if "--upgrade" in sys.argv else []
    for constraint in constraints:
        command += ["--constraint", constraint]
    subprocess.run(command, cwd=ROOT, input=text, text=True, check=True, stdout=subprocess.DEVNULL)
    resolved = (ROOT / name).read_text(encoding="utf-8")
    (ROOT / name).write_text(HEADER + resolved, encoding="utf-8")
    print(f"{name}: {resolved.count('==')} versions")


def main() -> int:
    compile_lock("requirements-build.lock", ["-"], text=BUILD_TOOLS)
    compile_lock(
        "requirements-dev.lock",
        ["pyproject.toml", "--extra", "dev"],
        constraints=("requirements-build.lock",),
    )
    compile_lock(
        "requirements.lock",
        ["pyproject.toml", "--extra", "postgres"],
        constraints=("requirements-build.lock", "requirements-dev.lock"),
    )
    compile_lock(
        "requirements-cluster.lock",
        ["pyproject.toml", "--extra", "cluster"],
        constraints=("requirements-build.lock", "requirements-dev.lock"),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
