"""How long 2,000 codings take out of a study as a file and back, beside the words and codings alone as JSON.

Run: python benchmarks/exporting.py     Read the ratios: seconds depend on the machine and its other work.

The yardstick of the same run is storing the same 2,000 codings from a file of codings: a way back that has to
recognise each of them in a document may take a few times as long, and a file may be a few times as large.
"""

from __future__ import annotations

import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from workbench.services import coding, coding_files, exporting, importing, studies
from workbench.services.coded_returns import take_back
from workbench.services.files import GivenFile
from workbench.services.schemes import code_uses
from workbench.services.transcripts import get_transcript

CODINGS, TURNS = 2_000, 400
MOST_BYTES_A_CODING = {"html": 2_000, "docx": 150}
MOST_TIMES_THE_YARDSTICK = 10
CODES = ("language", "language/lack_of_danish", "health", "motivation")
SPOKEN = """
    sproget kommunen borgeren arbejde virksomhed praktik mentor tolk skole familie børn helbred uddannelse
    samtale sagsbehandler jobcenter dansk motivation økonomi bolig transport venner netværk hverdag fremtid
"""


def interview() -> bytes:
    """Two speakers who take turns."""
    rng = random.Random(1)
    lines = [
        f"{'Interviewer' if turn % 2 == 0 else 'Borger'}: {' '.join(rng.choices(SPOKEN.split(), k=25))}."
        for turn in range(TURNS)
    ]
    return "\n".join(lines).encode()


def main() -> None:
    """Print one line a measurement."""
    rng = random.Random(2)
    with TemporaryDirectory() as folder:
        study = studies.create_study(Path(folder) / "s", title="S", scheme="immi", actor="Ida")
        importing.import_transcripts(study, [GivenFile("borger_01.txt", interview())], actor="Ida")
        length = len(get_transcript(study, "borger_01").text)
        known = {use.code.path for use in code_uses(study)}
        codes = [code for code in CODES if code in known]
        wanted = []
        for number in range(CODINGS):
            start = rng.randrange(length - 300)
            wanted.append(
                {
                    "transcript": "borger_01",
                    "start": start,
                    "end": start + rng.randrange(20, 300),
                    "code": codes[number % len(codes)],
                    "memo": "Se også det næste svar." if number % 5 == 0 else "",
                }
            )
        coding.add_codings(study, wanted, actor="Ida")
        listed = coding_files.export_codings(study, "json")
        other = studies.create_study(Path(folder) / "o", title="O", scheme="immi", actor="Ida")
        importing.import_transcripts(other, [GivenFile("borger_01.txt", interview())], actor="Ida")
        began = time.perf_counter()
        coding_files.import_codings(other, GivenFile("k.json", listed), actor="Ida")
        yardstick = time.perf_counter() - began
        print(
            f"yardstick: {CODINGS} codings from a file of codings: {yardstick:.2f} s, {len(listed):,} bytes"
        )
        for ending in ("html", "docx"):
            _measure(study, Path(folder), ending, yardstick)


def _measure(study: studies.Study, folder: Path, ending: str, yardstick: float) -> None:
    began = time.perf_counter()
    content = exporting.export_transcript(study, "borger_01", ending)
    written = time.perf_counter() - began
    file = GivenFile(f"borger_01.{ending}", content)
    began = time.perf_counter()
    same = take_back(study, file, actor="Ida")
    again = time.perf_counter() - began
    assert (same.same, same.added, same.changed) == (CODINGS, 0, 0)
    empty = studies.create_study(folder / f"to_{ending}", title="T", scheme="immi", actor="Ida")
    began = time.perf_counter()
    moved = take_back(empty, file, actor="Ida")
    fresh = time.perf_counter() - began
    assert moved.added == CODINGS
    print(
        f"{ending}: {len(content) / CODINGS:.0f} bytes a coding (ordered: {MOST_BYTES_A_CODING[ending]}); "
        f"out {written / yardstick:.2f}, back unchanged {again / yardstick:.2f}, "
        f"into another study {fresh / yardstick:.2f} of the yardstick (ordered: {MOST_TIMES_THE_YARDSTICK})"
    )


if __name__ == "__main__":
    main()
