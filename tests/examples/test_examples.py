"""The examples run as they stand and print what they promise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from workbench.demo.build import Demonstration

ROOT = Path(__file__).resolve().parents[2]


def _output(name: str, *arguments: object) -> list[str]:
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / name, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_an_interview_is_coded_from_python() -> None:
    assert _output("code_an_interview.py") == [
        "guessed: citizen ('Borger',)",
        "borger_01 56-86 language/lack_of_danish: jeg tør ikke ringe til nogen 📞",
        "borger_01 102-118 health: Min ryg gør ondt",
        "all quotes equal their texts: True",
    ]


def test_factors_equal_statas() -> None:
    difference = float(_output("factors_like_stata.py")[-1].rpartition(" ")[2])
    assert difference < 1e-7


def test_a_joint_display_needs_no_streamlit(demonstration: Demonstration) -> None:
    lines = _output("joint_display.py", demonstration.study)
    verdicts = [line for line in lines if "proposed: " in line]
    assert len(verdicts) == 5
    assert "0 numbers, proposed: silence" in verdicts[-1]


def test_a_panel_of_register_records_gives_the_effect_it_was_made_with() -> None:
    lines = _output("panel_from_register.py")
    assert lines[0].split() == ["stage", "n_units", "n_rows", "dropped_units", "dropped_rows", "reason"]
    _, estimate, _, _, error, *_ = lines[-1].replace("),", "").split()
    assert abs(float(estimate) - 0.1) < 2 * float(error)
