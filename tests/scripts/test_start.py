"""The start command builds the demonstration only for someone who names no study and has none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.settings import Settings, remember_study

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture(autouse=True)
def _scripts_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))


@pytest.mark.parametrize(
    ("arguments", "names_none"),
    [
        ([], True),
        (["--port", "8800", "--headless"], True),
        (["--port=8800"], True),
        (["study.workbench"], False),
        (["--headless", "--port", "8800", "study.workbench"], False),
        (["--help"], False),
    ],
)
def test_a_study_is_told_from_the_value_of_an_option(arguments: list[str], names_none: bool) -> None:
    import start

    assert start.opens_last_study(arguments) is names_none


def test_the_demonstration_goes_to_the_home_folder_when_there_is_no_study_yet(tmp_path: Path) -> None:
    assert _folder_to_build(tmp_path) == str(tmp_path / "demonstration")
    study = tmp_path / "own.workbench"
    study.write_bytes(b"")
    remember_study(Settings(home=tmp_path), study)
    assert _folder_to_build(tmp_path) == ""


def _folder_to_build(home: Path) -> str:
    import start

    question = [sys.executable, "-c", start.DEMONSTRATION_IF_NONE]
    answer = subprocess.run(question, capture_output=True, text=True, check=True, env=_environment(home))
    return answer.stdout.strip()


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "WORKBENCH_HOME": str(home), "PYTHONPATH": str(SCRIPTS.parent)}
