"""Makes `.venv` in the checkout and installs the locked dependencies and this project into it.

Standard library only, and readable by old interpreters: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
STAMP = FOLDER / "installed.json"
OLDEST = (3, 11)
BUILD_LOCK = "requirements-build.lock"
RUN_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"  # holds everything of RUN_LOCK in the same versions
CLUSTER_LOCK = "requirements-cluster.lock"  # adds Spark to what RUN_LOCK holds, in the same versions


class SetupError(Exception):
    """The environment cannot be made; the text says why and what to do."""


def require_python() -> None:
    """Raise SetupError if this interpreter is older than the project needs."""
    if sys.version_info >= OLDEST:
        return
    names = [f"python3.{minor}" for minor in range(20, OLDEST[1] - 1, -1)]
    newer = [name for name in names if shutil.which(name)]
    remedy = f"run this command with {newer[0]} instead" if newer else "install Python 3.11 or later"
    found = ".".join(map(str, sys.version_info[:2]))
    raise SetupError(f"this is Python {found}, and 3.11 or later is needed: {remedy}")


def interpreter() -> Path:
    """The interpreter inside `.venv`, made or not."""
    return FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def command(name: str) -> Path:
    """The command `name` that an installed distribution put into `.venv`."""
    return interpreter().with_name(f"{name}.exe" if os.name == "nt" else name)


def prepare(*, lock: str) -> Path:
    """Bring `.venv` in step with `lock` and return its interpreter; quick when it already is.

    lock : RUN_LOCK to use the application, DEV_LOCK to test it as well.

    Raises SetupError if Python is too old, or venv or pip cannot be had or fail.
    """
    require_python()
    wanted = _fingerprints()
    installed = _read_stamp()
    if interpreter().exists() and all(installed.get(name) == wanted[name] for name in (lock, "project")):
        return interpreter()
    if not _is_usable(interpreter()):
        _make_environment()
    _install(lock)
    covered = (RUN_LOCK, DEV_LOCK) if lock == DEV_LOCK else (RUN_LOCK,)
    STAMP.write_text(json.dumps({name: wanted[name] for name in (*covered, "project")}, indent=1))
    return interpreter()


def add(lock: str) -> None:
    """Install what `lock` holds beside what is there; quick when it already is. Raises SetupError."""
    wanted, installed = _fingerprints(), _read_stamp()
    if installed.get(lock) == wanted[lock]:
        return
    _install(lock)
    STAMP.write_text(json.dumps({**installed, lock: wanted[lock]}, indent=1))


def _fingerprints() -> dict[str, str]:
    """What an installation depends on: each lock, and the project file together with this Python."""
    locks = (RUN_LOCK, DEV_LOCK, CLUSTER_LOCK)
    prints = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in locks}
    project = (ROOT / "pyproject.toml").read_bytes() + (ROOT / BUILD_LOCK).read_bytes()
    project += f"{ROOT} {sys.version_info[:2]}".encode()
    return {**prints, "project": hashlib.sha256(project).hexdigest()}


def _read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _is_usable(python: Path) -> bool:
    """Whether `.venv` has a working interpreter of the same minor version as this one."""
    if not python.exists():
        return False
    question = "import sys; print(*sys.version_info[:2])"
    answer = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.split() == [str(part) for part in sys.version_info[:2]]


def _make_environment() -> None:
    """A new `.venv`, filled by this interpreter's pip: Debian, for one, leaves ensurepip out of Python."""
    print(f"Making a Python environment in {FOLDER}", flush=True)
    with_pip = not _has_pip() and _has_ensurepip()
    try:
        venv.EnvBuilder(clear=True, with_pip=with_pip, symlinks=os.name != "nt").create(FOLDER)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(f"cannot make {FOLDER}: {error}; check that the folder may be written") from error


def _has_pip() -> bool:
    """Whether this interpreter's pip can install into another environment (pip 22.3 and later)."""
    command = [sys.executable, "-c", "import pip; print(*pip.__version__.split('.')[:2])"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.returncode == 0 and [int(part) for part in answer.stdout.split()] >= [22, 3]


def _has_ensurepip() -> bool:
    return importlib.util.find_spec("ensurepip") is not None


def _pip() -> list[str]:
    """The start of a pip command that installs into `.venv`, with the user's own pip configuration."""
    own = subprocess.run([interpreter(), "-m", "pip", "--version"], capture_output=True, check=False)
    if own.returncode == 0:
        return [str(interpreter()), "-m", "pip"]
    if _has_pip():
        return [sys.executable, "-m", "pip", "--python", str(interpreter())]
    raise SetupError(
        "no pip was found: install it (Debian and Ubuntu: apt-get install python3-pip) and run this again"
    )


def _install(lock: str) -> None:
    """Build tools first, so that the few dependencies published as sources are built with locked ones."""
    locked = ["--require-hashes", "--no-build-isolation", "--use-pep517", "--requirement"]
    options = ["install", "--quiet", "--disable-pip-version-check"]
    for title, arguments in (
        ("pip and build tools", [*locked, BUILD_LOCK]),
        (f"the versions in {lock} (some minutes the first time)", [*locked, lock]),
        ("this project", ["--no-build-isolation", "--no-deps", "--editable", "."]),
    ):
        print(f"Installing {title}", flush=True)
        if subprocess.run([*_pip(), *options, *arguments], cwd=ROOT, check=False).returncode:
            raise SetupError(
                f"pip could not install {title}; its message is above (is the package index within reach, "
                "and is there 2 GB of free disk?). Running the command again goes on from here"
            )
