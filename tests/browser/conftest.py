"""A browser and Streamlit servers for the tests that click. Without Chromium they are skipped by name."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.programs import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STREAMLIT_FLAGS = (
    "--server.address=127.0.0.1",
    "--server.headless=true",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
)
START_SECONDS = 60
ROOT = Path(__file__).parents[2]

ServerStarter = Callable[..., str]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the session."""
    executable = find_chromium()
    if executable is None:
        pytest.skip("browser: no Chromium here; install the package chromium")
    from playwright.sync_api import sync_playwright  # costs a second; not for those who skip

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page in a context of its own."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="da-DK")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def streamlit_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerStarter]:
    """A function that starts a server and gives back its address; all are stopped at the end.

    streamlit_server(script_or_command, env=None) takes a script for `streamlit run`, or a whole command in
    which `{port}` stands for the port.
    """
    running: list[subprocess.Popen[bytes]] = []

    def start(script_or_command: str | Path | Sequence[str], env: Mapping[str, str] | None = None) -> str:
        port = free_port()
        log = tmp_path_factory.mktemp("server") / "log.txt"
        with log.open("wb") as out:
            process = subprocess.Popen(
                _command(script_or_command, port),
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running.append(process)
        address = f"http://127.0.0.1:{port}"
        _wait_until_healthy(address, process, log)
        return address

    yield start
    for process in running:
        _stop(process)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(script_or_command: str | Path | Sequence[str], port: int) -> list[str]:
    if isinstance(script_or_command, str | Path):
        run = [sys.executable, "-m", "streamlit", "run", str(script_or_command)]
        return [*run, f"--server.port={port}", *STREAMLIT_FLAGS]
    return [part.replace("{port}", str(port)) for part in script_or_command]


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not come up:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
