"""A group of tests knows whether its program is there, and says what to install if not."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest

from scripts import programs

ROOT = Path(__file__).parents[2]


def test_every_group_is_a_marker_of_pytest() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"][
        "ini_options"
    ]
    markers = [line.partition(":")[0] for line in options["markers"]]
    assert markers == [group.name for group in programs.GROUPS]


def test_a_missing_program_is_named_with_the_packages_that_bring_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs.shutil, "which", lambda name: None)
    browser = programs.GROUPS[0]
    assert browser.find() is None
    assert browser.remedy.startswith("Chromium not found (Debian: apt-get install chromium")
    assert browser in programs.missing_groups()


def test_where_installing_is_not_allowed_the_missing_groups_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(programs.shutil, "which", lambda name: None)
    named = [sentence.partition(":")[0] for sentence in programs.install_missing()]
    assert {"browser", "office"} <= set(named)


def test_another_chromium_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chromium = tmp_path / "my-chromium"
    chromium.write_text("#!/bin/sh\n")
    chromium.chmod(0o755)
    monkeypatch.setenv("WORKBENCH_TEST_CHROMIUM", str(chromium))
    assert programs.find_chromium() == chromium


@pytest.mark.parametrize(
    ("told", "fits"), [("17.0.15", True), ("21", True), ("11.0.2", False), ("1.8.0_392", False)]
)
def test_spark_needs_java_17_or_later(monkeypatch: pytest.MonkeyPatch, told: str, fits: bool) -> None:
    answer = subprocess.CompletedProcess([], 0, "", f'openjdk version "{told}" 2025-04-15')
    monkeypatch.setattr(programs.shutil, "which", lambda name: "java")
    monkeypatch.setattr(programs.subprocess, "run", lambda *arguments, **options: answer)
    assert programs.find_java() == (Path("java") if fits else None)


def test_the_newest_postgres_is_taken_by_number_and_not_by_letter() -> None:
    servers = [Path(f"/usr/lib/postgresql/{version}/bin/postgres") for version in ("9.6", "17", "15")]
    assert max(servers, key=programs._debian_version) == servers[1]
