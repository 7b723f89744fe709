"""How long 44 Word files of 10,000 words take from file to study, beside a peer and beside python-docx.

Run: python benchmarks/importing.py     Read the ratios: seconds depend on the machine and its other work.

The peer is Taguette 1.5, which took 2.4 s for one file of 10,067 words on two shared cores; the yardstick of
the same run is python-docx opening the same files and joining their paragraphs.
"""

from __future__ import annotations

import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import docx

from workbench.services import importing, studies, transcripts
from workbench.services.files import GivenFile

FILES, WORDS, TURNS = 44, 10_000, 160
PEER_SECONDS_A_FILE = 2.4
ORDERED_RATIO = 10
SPOKEN = """
    sproget kommunen borgeren arbejde virksomhed praktik mentor tolk skole familie børn helbred uddannelse
    samtale sagsbehandler jobcenter dansk motivation økonomi bolig transport venner netværk hverdag fremtid
    måske egentlig altså fordi selvom derfor også ikke altid nogle gange og men der som har havde kunne skulle
"""


def interview(number: int) -> docx.document.Document:
    """A Word file of two speakers, bold labels and a comment in the margin."""
    rng = random.Random(number)
    document = docx.Document()
    for turn in range(TURNS):
        paragraph = document.add_paragraph()
        label = paragraph.add_run("Interviewer: " if turn % 2 == 0 else f"Borger {number}: ")
        label.bold = True
        words = rng.choices(SPOKEN.split(), k=WORDS // TURNS)
        said = paragraph.add_run(" ".join(words).capitalize() + ("?" if turn % 2 == 0 else "."))
        if turn == 7:
            document.add_comment([said], text="Spørg igen om dette.", author="Karen")
    return document


def main() -> None:
    """Print one line a measurement."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"borger_{number:02}.docx" for number in range(1, FILES + 1)]
        for number, path in enumerate(paths, start=1):
            interview(number).save(str(path))
        opened = time.perf_counter()
        for path in paths:
            "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
        yardstick = time.perf_counter() - opened

        study = studies.create_study(Path(folder) / "s", title="S", scheme="immi", actor="Ida")
        began = time.perf_counter()
        drafts = importing.draft_transcripts(study, paths)
        read = time.perf_counter()
        report = importing.save_transcripts(study, drafts, actor="Ida")
        stored = time.perf_counter()
        assert [line.status for line in report] == ["imported"] * FILES
        assert {line.turns for line in report} == {TURNS}
        total = stored - began
        peer = FILES * PEER_SECONDS_A_FILE
        print(
            f"read {FILES} files: {read - began:.2f} s; store: {stored - read:.2f} s; together {total:.2f} s"
        )
        print(f"peer / ours: {peer / total:.0f} (ordered: {ORDERED_RATIO})")
        print(f"ours / python-docx opening and joining: {total / yardstick:.2f} ({yardstick:.2f} s)")

        began = time.perf_counter()
        again = importing.draft_transcripts(study, paths)
        assert {draft.duplicate_of is not None for draft in again} == {True}
        print(f"the same files again: {(time.perf_counter() - began) / total:.2f} of the first time")
        changed = [
            GivenFile(f"x{number}.txt", f"A: Noget andet, nummer {number}.".encode()) for number in range(44)
        ]
        began = time.perf_counter()
        importing.draft_transcripts(study, changed)
        print(f"looking {len(changed)} other files up: {(time.perf_counter() - began) / total:.2f} of it")
        began = time.perf_counter()
        transcripts.list_transcripts(study)
        print(f"listing: {(time.perf_counter() - began) / total:.3f} of it")


if __name__ == "__main__":
    main()
