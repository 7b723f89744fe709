"""What the set-up does before anything is installed: refuse old Pythons, know when nothing is to do."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The set-up module as a script sees it, working in a temporary checkout, with pip left out."""
    spec = importlib.util.spec_from_file_location("setup_under_test", SCRIPTS / "virtual_environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    locks = (module.BUILD_LOCK, module.RUN_LOCK, module.DEV_LOCK, module.CLUSTER_LOCK)
    for name in (*locks, "pyproject.toml"):
        (tmp_path / name).write_text(f"{name}\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "FOLDER", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "installed.json")
    installed: list[str] = []
    monkeypatch.setattr(module, "_install", installed.append)
    module.installed = installed  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize(
    ("newer", "remedy"),
    [([], "install Python 3.11 or later"), (["python3.12"], "run this command with python3.12")],
)
def test_an_old_python_is_refused_with_the_way_out(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, newer: list[str], remedy: str
) -> None:
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(setup.shutil, "which", lambda name: name if name in newer else None)
    with pytest.raises(setup.SetupError, match=rf"this is Python 3\.9.*{remedy}"):
        setup.require_python()


def test_the_second_run_installs_nothing(setup: ModuleType) -> None:
    python = setup.prepare(lock=setup.RUN_LOCK)
    assert python.exists()
    assert setup.prepare(lock=setup.RUN_LOCK) == python
    assert setup.installed == [setup.RUN_LOCK]


def test_an_environment_for_testing_is_good_for_starting_too(setup: ModuleType) -> None:
    setup.prepare(lock=setup.DEV_LOCK)
    setup.prepare(lock=setup.RUN_LOCK)
    assert setup.installed == [setup.DEV_LOCK]


def test_an_environment_for_starting_is_completed_for_testing(setup: ModuleType) -> None:
    setup.prepare(lock=setup.RUN_LOCK)
    setup.prepare(lock=setup.DEV_LOCK)
    assert setup.installed == [setup.RUN_LOCK, setup.DEV_LOCK]


def test_what_a_cluster_needs_is_added_once(setup: ModuleType) -> None:
    for _ in range(2):
        setup.prepare(lock=setup.DEV_LOCK)
        setup.add(setup.CLUSTER_LOCK)
    assert setup.installed == [setup.DEV_LOCK, setup.CLUSTER_LOCK]


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml", "requirements-build.lock"])
def test_a_changed_lock_or_project_file_is_installed_anew(setup: ModuleType, changed: str) -> None:
    setup.prepare(lock=setup.RUN_LOCK)
    (setup.ROOT / changed).write_text("changed\n")
    setup.prepare(lock=setup.RUN_LOCK)
    assert setup.installed == [setup.RUN_LOCK, setup.RUN_LOCK]


def test_a_failed_installation_is_not_taken_for_a_finished_one(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(lock: str) -> None:
        raise setup.SetupError("pip could not install")

    with monkeypatch.context() as broken:
        broken.setattr(setup, "_install", fail)
        with pytest.raises(setup.SetupError):
            setup.prepare(lock=setup.RUN_LOCK)
    setup.prepare(lock=setup.RUN_LOCK)
    assert setup.installed == [setup.RUN_LOCK]


def test_a_command_lies_beside_the_interpreter(setup: ModuleType) -> None:
    assert setup.command("workbench").parent == setup.interpreter().parent
    assert setup.command("workbench").stem == "workbench"
    assert setup.interpreter().suffix == (".exe" if sys.platform == "win32" else "")
