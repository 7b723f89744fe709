"""How fast the coding surface is in headless Chromium: an interview of 10,000 words with 500 codings.

Run `python benchmarks/coding_surface.py [--json]`. Each figure stands beside its limit as a ratio (below 1 is
within), for seconds depend on the machine; peers are given as they were measured, on 2 shared cores.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from scripts.programs import find_chromium  # noqa: E402 - a script finds the project by its own place

HARNESS = ROOT / "tests" / "browser" / "surface_harness" / "app.py"
WORDS, CODINGS, REPEATS, BURST = 10_000, 500, 5, 20
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
PEERS = (
    "Taguette 1.5 opens a document of 10,067 words with 500 highlights in 12 s (0.4 s without highlights)",
    "one trigger a coding instead of an outbox: 12 to 17 of 20 quick codings stored",
)
# When the surface last got a document, and when that was first on the screen.
WATCH = """
window.marks = (name) => performance.getEntriesByName(`coding-surface:${name}`);
window.marked = (name) => window.marks(name).map((mark) => mark.startTime);
window.paintOfNewest = () => {
  const data = window.marked("document").at(-1);
  return { data, painted: window.marked("painted").find((time) => time > data) };
};
"""
SELECT_NEXT = """(place) => {
  const texts = [...document.querySelectorAll(".cs-doc p")].map((paragraph) => paragraph.firstChild);
  const node = texts.filter((text) => text?.data.length > 80)[place];
  document.querySelector(".cs-doc").focus({ preventScroll: true });
  document.getSelection().setBaseAndExtent(node, 0, node, 40 + place);
}"""
CODE_ONE = """() => new Promise((done) => {
  const root = document.querySelector(".cs");
  const before = Number(root.dataset.painted);
  const started = performance.now();
  let drawn = null;
  const watch = new MutationObserver(() => {
    if (Number(root.dataset.painted) > before) drawn ??= performance.now() - started;
    if (drawn !== null && root.dataset.unsaved === "0") {
      watch.disconnect();
      done({ drawn, answered: performance.now() - started });
    }
  });
  watch.observe(root, { attributes: true });
  const key = new KeyboardEvent("keydown", { key: "1", bubbles: true, cancelable: true });
  document.querySelector(".cs-doc").dispatchEvent(key);
})"""


@dataclass(frozen=True)
class Measure:
    """One figure beside its limit; `ratio` is value / limit."""

    name: str
    value: float
    limit: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.value / self.limit


def main() -> None:
    """Measure and print."""
    print_measures(measure, __doc__)


def print_measures(measured: Callable[[], list[Measure]], purpose: str | None) -> None:
    """Measure and print as the command line asks: a table, or one JSON document."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    arguments = parser.parse_args()
    measures = measured()
    if arguments.json:
        rows = [asdict(measure) | {"ratio": round(measure.ratio, 3)} for measure in measures]
        print(json.dumps({"words": WORDS, "codings": CODINGS, "measures": rows, "peers": PEERS}, indent=2))
        return
    print(f"{WORDS:,} words, {CODINGS} codings; median of {REPEATS}")
    print(f"{'':44}{'value':>9}{'limit':>9}{'ratio':>8}")
    for row in measures:
        print(f"{row.name:44}{row.value:>7.3f} {row.unit:1}{row.limit:>7.3g} {row.unit:1}{row.ratio:>8.2f}")
    for peer in PEERS:
        print(f"peer: {peer}")


def measure() -> list[Measure]:
    """All figures, from one server and one browser."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "harness.db"
        with harness(database) as address, browser_page() as page:
            page.add_init_script(WATCH)
            opened = [_open(page, address) for _ in range(REPEATS)]
            switched = [_switch(page, name) for name in ("bilal", "chen", "bilal", "amira", "chen")]
            coded = [code_by_key(page, place, database) for place in range(REPEATS)]
            stored = burst(page, database)
    middle = statistics.median
    return [
        Measure("paint after the data arrive, page loaded", middle(opened), 0.3),
        Measure(
            "paint after the data arrive, document switched", middle(row["paint"] for row in switched), 0.3
        ),
        Measure("paint after a document is chosen", middle(row["chosen"] for row in switched), 1.0),
        Measure("coding drawn", middle(row["drawn"] for row in coded), 0.1),
        Measure("coding stored", middle(row["stored"] for row in coded), 0.1),
        Measure("answer of the store back in the browser", middle(row["answered"] for row in coded), 1.0),
        Measure(f"seconds for {BURST} codings by key", stored["seconds"], 1.0),
        Measure(f"of them lost (of {BURST})", BURST - stored["stored"], 1.0, " "),
    ]


def _open(page: Page, address: str) -> float:
    page.goto(f"{address}/?words={WORDS}&codings={CODINGS}")
    page.wait_for_selector(f".cs[data-painted][data-codings='{CODINGS}']", timeout=60_000)
    return paint_seconds(page)


def paint_seconds(page: Page) -> float:
    """From the arrival of the newest document to its first drawing."""
    times = page.evaluate("window.paintOfNewest()")
    return float(times["painted"] - times["data"]) / 1000


def _switch(page: Page, name: str) -> dict[str, float]:
    page.evaluate(
        """(name) => {
          const labels = [...document.querySelectorAll("label")];
          window.chosenAt = performance.now();
          labels.find((label) => label.textContent.trim() === name).click();
        }""",
        name,
    )
    shown = f"document.querySelector('.cs').dataset.document.startsWith('{name}')"
    page.wait_for_function(shown, timeout=30_000)
    chosen = page.evaluate("window.paintOfNewest().painted - window.chosenAt")
    return {"paint": paint_seconds(page), "chosen": chosen / 1000}


def code_by_key(page: Page, place: int, database: Path, *, table: str = "change") -> dict[str, float]:
    """One coding by key; stored is when the store holds it, by the clock that both share."""
    if place == 0:
        _teach_recent(page)
    page.evaluate(SELECT_NEXT, place + 1)
    before = _rows(database, table)
    started = time.time()
    stored_at = [0.0]
    with _watching(database, table, before, stored_at):
        times = page.evaluate(CODE_ONE)
    return {
        "drawn": times["drawn"] / 1000,
        "answered": times["answered"] / 1000,
        "stored": stored_at[0] - started,
    }


@contextmanager
def _watching(database: Path, table: str, before: int, stored_at: list[float]) -> Iterator[None]:
    """Notes the time at which the table holds one row more."""

    def look() -> None:
        deadline = time.time() + 10
        with sqlite3.connect(database) as db:
            while time.time() < deadline:
                if db.execute(f"select count(*) from {table}").fetchone()[0] > before:
                    break
                time.sleep(0.002)
        stored_at[0] = time.time()

    thread = threading.Thread(target=look)
    thread.start()
    yield
    thread.join()


def _teach_recent(page: Page) -> None:
    """Choose one code from the palette, so that the key 1 applies it from now on."""
    page.evaluate(SELECT_NEXT, 0)
    page.keyboard.press("Enter")
    page.locator(".cs").get_by_role("combobox").fill("tolk")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.cs').dataset.unsaved === '0'")


def burst(page: Page, database: Path, *, table: str = "change") -> dict[str, float]:
    """Codings by key as fast as they go, and how many of them the store then holds."""
    before = _rows(database, table)
    started = time.perf_counter()
    for place in range(BURST):
        page.evaluate(SELECT_NEXT, place + 10)
        page.keyboard.press("1")
    seconds = time.perf_counter() - started
    page.wait_for_function("document.querySelector('.cs').dataset.unsaved === '0'", timeout=30_000)
    return {"seconds": seconds, "stored": _rows(database, table) - before}


def _rows(database: Path, table: str) -> int:
    with sqlite3.connect(database) as db:
        return int(db.execute(f"select count(*) from {table}").fetchone()[0])


@contextmanager
def browser_page() -> Iterator[Page]:
    executable = find_chromium()
    if executable is None:
        sys.exit("Chromium is not installed; install the package chromium to measure")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser.new_page(viewport={"width": 1440, "height": 900})
        browser.close()


def harness(database: Path) -> AbstractContextManager[str]:
    """A server around the surface alone, with a small store of its own."""
    environment = {"SURFACE_HARNESS_DB": str(database), "PYTHONPATH": str(ROOT)}
    return streamlit_server(HARNESS, environment)


@contextmanager
def streamlit_server(script: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """A Streamlit server for one script; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    flags += ["--server.fileWatcherType=none", "--browser.gatherUsageStats=false"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *flags]
    quiet, given = subprocess.DEVNULL, os.environ | environment
    process = subprocess.Popen(command, env=given, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/_stcore/health")
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


def _wait(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit("the measuring server did not come up")


if __name__ == "__main__":
    main()
