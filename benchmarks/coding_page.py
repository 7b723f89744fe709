"""How fast the coding page is with a real study file: interviews of 10,000 words with 500 codings.

Run `python benchmarks/coding_page.py [--json]`. As benchmarks/coding_surface.py, but through the whole
application: its page, its services and its SQLite store.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from coding_surface import (
    BURST,
    CODINGS,
    REPEATS,
    ROOT,
    WATCH,
    WORDS,
    Measure,
    browser_page,
    burst,
    code_by_key,
    paint_seconds,
    print_measures,
    streamlit_server,
)
from playwright.sync_api import Page

from workbench.services.coding import add_codings, apply_operations
from workbench.services.files import GivenFile
from workbench.services.importing import import_transcripts
from workbench.services.schemes import require_scheme
from workbench.services.studies import Study, create_study, open_study
from workbench.services.transcripts import get_transcript, list_transcripts
from workbench.settings import load_settings, remember_study

APP = ROOT / "workbench" / "app.py"
SENTENCES = (
    "Jeg havde svært ved at forstå det, de sagde på jobcentret.",
    "Så kom der en mentor, og hun hjalp mig med papirerne.",
    "Man vil jo gerne arbejde, det er ikke det, det handler om 🙂.",
    "Min mor sagde altid «الصبر مفتاح الفرج», og det tænkte jeg på.",
)
CHOOSE_NEXT = """(name) => {
  const buttons = [...document.querySelectorAll("button")];
  window.chosenAt = performance.now();
  buttons.find((button) => button.textContent.trim().endsWith(name)).click();
}"""

AT_REST = "document.querySelector('.stApp').dataset.testScriptState === 'notRunning'"


def main() -> None:
    """Measure and print."""
    print_measures(measure, __doc__)


def measure() -> list[Measure]:
    """All figures, from one study, one server and one browser."""
    with tempfile.TemporaryDirectory() as folder:
        # Settings are read here and by the server.
        os.environ |= {"WORKBENCH_HOME": folder, "WORKBENCH_CODER": "Anna", "WORKBENCH_LANGUAGE": "da"}
        database = Path(folder) / "study.workbench"
        study = _study(database)
        applied = [_apply(study, place) for place in range(BURST)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with streamlit_server(APP, environment) as address, browser_page() as page:
            page.add_init_script(WATCH)
            opened = [_open(page, address) for _ in range(REPEATS)]
            switched = [_switch(page, name) for name in ("Næste", "Forrige", "Næste", "Forrige", "Næste")]
            coded = [_code(page, place, database) for place in range(REPEATS)]
            quick = burst(page, database, table="coding")
    middle = statistics.median
    return [
        Measure("one operation applied by the service", middle(applied), 0.02),
        Measure("paint after the data arrive, page loaded", middle(opened), 0.3),
        Measure(
            "paint after the data arrive, interview switched", middle(row["paint"] for row in switched), 0.3
        ),
        Measure("paint after an interview is chosen", middle(row["chosen"] for row in switched), 1.0),
        Measure("coding drawn", middle(row["drawn"] for row in coded), 0.1),
        Measure("coding stored", middle(row["stored"] for row in coded), 0.1),
        Measure("answer of the store back in the browser", middle(row["answered"] for row in coded), 1.0),
        Measure(f"seconds for {BURST} codings by key", quick["seconds"], 1.0),
        Measure(f"of them lost (of {BURST})", BURST - quick["stored"], 1.0, " "),
    ]


def _study(database: Path) -> Study:
    create_study(database, scheme="immi", actor="Anna")
    study = open_study(database)
    for name in ("amira", "bilal"):
        lines, words = [], 0
        while words < WORDS:
            said = " ".join(SENTENCES[(len(lines) * 7 + place) % len(SENTENCES)] for place in range(5))
            lines.append(f"{'Interviewer' if len(lines) % 2 else name.title()}: {said}")
            words += len(said.split())
        import_transcripts(study, [GivenFile(f"{name}.txt", "\n".join(lines).encode())], actor="Anna")
        text = get_transcript(study, name).text
        codes = [code.path for code in require_scheme(study).codes]
        step = (len(text) - 400) // CODINGS
        codings = [
            {
                "transcript": name,
                "start": place * step,
                "end": place * step + 40 + place * 37 % 320,
                "code": codes[place % len(codes)],
                "coder": ("Anna", "Bo")[place % 2],
            }
            for place in range(CODINGS)
        ]
        add_codings(study, codings, actor="Anna", origin="hand")
    remember_study(load_settings(), study.reference)
    return study


def _apply(study: Study, place: int) -> float:
    """Seconds for one coding and its removal, halved: both are operations and nothing is left."""
    transcript = list_transcripts(study)[0]
    text = get_transcript(study, transcript.id).text
    common = {"document": transcript.id, "version": "1", "coding_id": f"measured-{place}"}
    span = {"start": place, "end": place + 30, "quote": text[place : place + 30]}
    adding = {"op_id": f"add-{place}", "kind": "add", "code": "language", "memo": "", **common, **span}
    removing = {"op_id": f"remove-{place}", "kind": "remove", **common}
    started = time.perf_counter()
    apply_operations(study, [adding], actor="Anna")
    apply_operations(study, [removing], actor="Anna")
    return (time.perf_counter() - started) / 2


def _open(page: Page, address: str) -> float:
    page.goto(f"{address}/coding?transcript=1")
    page.wait_for_selector(f".cs[data-painted][data-codings='{CODINGS}']", timeout=60_000)
    return paint_seconds(page)


def _switch(page: Page, name: str) -> dict[str, float]:
    before = page.evaluate("document.querySelector('.cs').dataset.document")
    page.evaluate(CHOOSE_NEXT, name)
    page.wait_for_function(f"document.querySelector('.cs').dataset.document !== {before!r}", timeout=30_000)
    chosen = page.evaluate("window.paintOfNewest().painted - window.chosenAt")
    page.wait_for_function(AT_REST)
    return {"paint": paint_seconds(page), "chosen": chosen / 1000}


def _code(page: Page, place: int, database: Path) -> dict[str, float]:
    """One coding once the page has drawn the one before; how they follow in haste is measured by `burst`."""
    page.wait_for_function(AT_REST)
    return code_by_key(page, place, database, table="coding")


if __name__ == "__main__":
    main()
