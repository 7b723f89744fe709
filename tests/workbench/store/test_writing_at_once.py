"""Two processes that write to one study at the same time lose nothing and do not fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from workbench.services import coding, importing, studies
from workbench.services.files import GivenFile

EACH = 15
SCRIPT = """
import sys
from workbench.services import coding, importing, studies
from workbench.services.files import GivenFile

reference, coder, each = sys.argv[1], sys.argv[2], int(sys.argv[3])
study = studies.open_study(reference)
print("ready", flush=True)
sys.stdin.readline()
for number in range(each):
    coding.add_coding(study, "shared", start=number, end=number + 5, code="language", actor="the same coder")
    said = f"Interviewer: Hvad?\\nLeder: {coder} {number}.\\n"
    importing.import_transcripts(study, [GivenFile(f"{coder}-{number}.txt", said.encode())], actor=coder)
"""


def test_two_processes_writing_at_once_lose_nothing(study_reference: str) -> None:
    study = studies.create_study(study_reference, title="S", scheme="immi", actor="Ida")
    importing.import_transcripts(study, [GivenFile("shared.txt", b"word " * 50)], actor="Ida")
    root = Path(__file__).resolve().parents[3]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, study_reference, coder, str(EACH)],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for coder in ("Ida", "Bo")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
    facts = studies.describe_study(study)
    assert (facts.codings, facts.transcripts, facts.coders) == (2 * EACH, 2 * EACH + 1, ("the same coder",))
    assert len(coding.list_codings(study)) == 2 * EACH
    entries = studies.list_history(study, limit=None)
    assert [entry.action for entry in entries].count("coding.add") == 2 * EACH
    assert [entry.action for entry in entries].count("transcript.import") == 2 * EACH + 1
