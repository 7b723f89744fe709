"""The programs outside Python that groups of tests need: where they are, and Debian's packages for them."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ProgramGroup:
    """Tests with the pytest marker `name` run only where `find` finds their program."""

    name: str
    program: str
    find: Callable[[], Path | None]
    debian_packages: tuple[str, ...]

    @property
    def remedy(self) -> str:
        packages = " ".join(self.debian_packages)
        return f"{self.program} not found{f' (Debian: apt-get install {packages})' if packages else ''}"


def find_chromium() -> Path | None:
    """Chromium or Chrome; `WORKBENCH_TEST_CHROMIUM` names another one."""
    if named := os.environ.get("WORKBENCH_TEST_CHROMIUM"):
        return _which(named)
    return _which("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's server programs; Debian keeps them off the PATH, a folder a version."""
    versions = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin/postgres"), key=_debian_version)
    server = versions[-1] if versions else _which("postgres")
    return server.parent if server and (server.parent / "initdb").exists() else None


def find_libreoffice() -> Path | None:
    """LibreOffice with its Writer, where poppler's `pdftoppm` can look at the pages too."""
    return _which("soffice", "libreoffice") if _which("pdftoppm") else None


def find_java() -> Path | None:
    """A Java of version 17 or later, which Spark needs."""
    java = _which("java")
    if java is None:
        return None
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    return java if version and int(version[1]) >= OLDEST_JAVA else None


def find_spark() -> Path | None:
    """Java, where this interpreter has the packages of the extra `cluster` as well."""
    return find_java() if importlib.util.find_spec("pyspark") else None


OLDEST_JAVA = 17
# Playwright's driver needs the library; the tests type and read emoji and Arabic.
BESIDE_CHROMIUM = ("libatomic1", "fonts-noto-color-emoji", "fonts-hosny-amiri")
OFFICE = ("libreoffice-writer-nogui", "poppler-utils")
GROUPS = (
    ProgramGroup("browser", "Chromium", find_chromium, ("chromium", *BESIDE_CHROMIUM)),
    ProgramGroup("postgres", "PostgreSQL", find_postgres, ("postgresql",)),
    ProgramGroup("office", "LibreOffice with poppler", find_libreoffice, OFFICE),
    # Nobody's Java is chosen here; where one is, `check.py --install` brings pyspark.
    ProgramGroup("cluster", "Java 17 or later, with pyspark,", find_spark, ()),
)


def missing_groups() -> list[ProgramGroup]:
    """The groups whose program is not installed."""
    return [group for group in GROUPS if group.find() is None]


def install_missing() -> list[str]:
    """Install the missing programs from Debian's packages where this user may.

    Returns one sentence for each group that stays without its program.
    """
    packages = [package for group in missing_groups() for package in group.debian_packages]
    if shutil.which("dpkg-query"):
        packages += [name for name in BESIDE_CHROMIUM if name not in packages and not _is_installed(name)]
    if packages and (apt_get := _apt_get()):
        _install_packages(apt_get, packages)
    return [f"{group.name}: {group.remedy}" for group in missing_groups()]


def _debian_version(server: Path) -> int:
    return int(server.parents[1].name.partition(".")[0])


def _which(*names: str) -> Path | None:
    found = next((path for name in names if (path := shutil.which(name))), None)
    return Path(found) if found else None


def _is_installed(package: str) -> bool:
    """Whether Debian's package database has `package` as installed."""
    question = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(question, capture_output=True, text=True, check=False).stdout == "installed"


def _apt_get() -> list[str]:
    """The start of an apt-get command that asks nothing, or an empty list where this user may not install."""
    if not shutil.which("apt-get"):
        return []
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    if os.geteuid() == 0:
        return quiet
    may = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n", *quiet] if may and may.returncode == 0 else []


def _install_packages(apt_get: list[str], packages: list[str]) -> None:
    """Refresh the package lists (twice if need be) and install; what fails is named by the caller."""
    print(f"Installing from Debian: {' '.join(packages)}", flush=True)
    if not any(_succeeds([*apt_get, "update"]) for _ in range(2)):
        print("apt-get update failed; trying with the package lists that are there", file=sys.stderr)
    install = [*apt_get, "install", "--no-install-recommends"]
    if not _succeeds([*install, *packages]):  # one unknown name fails them all: then one at a time
        for package in packages:
            _succeeds([*install, package])


def _succeeds(command: list[str]) -> bool:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(done.stdout[-2000:], file=sys.stderr)
    return done.returncode == 0
