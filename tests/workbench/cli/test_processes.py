"""The command as a shell sees it: real processes, their output, their exit codes, and the server's life."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 60
HEAVY = ("altair", "statsmodels", "sklearn", "spacy", "streamlit", "factor_analyzer", "scipy.stats")


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", "from workbench.cli import main; main()", *map(str, arguments)]


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def test_json_stands_alone_on_standard_output(study: Path) -> None:
    done = _run("transcripts", study, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line["name"] for line in json.loads(done.stdout)] == ["leder_01"]


def test_a_refusal_leaves_one_line_and_code_one(tmp_path: Path) -> None:
    done = _run("check", tmp_path / "absent")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("workbench: ")
    assert done.stderr.count("\n") == 1


def test_the_command_starts_without_libraries_it_does_not_need() -> None:
    code = f"import sys, workbench.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM that a program can answer")
def test_run_serves_the_application_and_stops_when_told(study: Path) -> None:
    port = _free_port()
    process = subprocess.Popen(
        _command("run", study, "--port", port, "--headless"),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    )
    try:
        assert _answer(f"http://127.0.0.1:{port}/_stcore/health", process) == "ok"
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2)
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answer(address: str, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    return f"no answer, exit code {process.poll()}"
