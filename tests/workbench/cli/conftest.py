"""Running the command line inside the test process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workbench.cli import main
from workbench.services import importing, studies
from workbench.services.files import GivenFile
from workbench.store.engine import copy_sqlite


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("check", study, "--json")` gives exit code and output of `workbench check ...`."""

    def command(*arguments: object) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        code = left.value.code
        return Outcome(code if isinstance(code, int) else 0, captured.out, captured.err)

    return command


SAID = "Interviewer: Hvordan går det?\nLeder: Sproget er svært 🌍 for mange.\n"
TEXT = "Hvordan går det?\nSproget er svært 🌍 for mange."


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "s.workbench"
    made = studies.create_study(path, title="Prøve", scheme="immi", instrument="fip", actor="Ida")
    importing.import_transcripts(made, [GivenFile("leder_01.txt", SAID.encode())], actor="Ida")
    return path


@pytest.fixture
def study(_template: Path, tmp_path: Path) -> Path:
    """A study with scheme, questionnaire and one transcript `leder_01`, whose file lies beside it."""
    copy_sqlite(_template, tmp_path / "s.workbench")
    (tmp_path / "leder_01.txt").write_text(SAID, encoding="utf-8")
    return tmp_path / "s.workbench"
