"""Time and memory that hostile and oversized files take: refused at once, or read within bounds.

Run `python benchmarks/hostile_files.py [--json] [WORD ...]`; a word limits it to files with the word in their
names. Each file is read in a process of its own, whose largest memory is measured by the system; the child
that reads PDF files and workbooks is started before the clock is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

REFUSED_SECONDS = 0.2
REFUSED_MEGABYTES = 50.0
READ_SECONDS = 30.0
READ_MEGABYTES = 1_000.0
ENDED = ("/reader_ended", "/too_slow", "/too_much_memory")  # reading had begun, and ended at the limits
CHILD = """
import resource, sys, time
sys.path.insert(0, sys.argv[1])
import interviews
from interviews.bounded import run_bounded

def megabytes():
    try:
        status = open("/proc/self/status").read().split()
        own = int(status[status.index("VmHWM:") + 1])
    except OSError:  # elsewhere the system also counts what stood there before this program
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024

path, name = sys.argv[2:]
data = open(path, "rb").read()
warm = b"Anna: ja\\nBo: nej\\nAnna: ja", "warm.txt"
interviews.read_bytes(*warm)
run_bounded(interviews.read_bytes, *warm, seconds=20, memory_bytes=2**28)
before = megabytes()
started = time.perf_counter()
try:
    made = interviews.read_bytes(data, name)
    outcome = f"read: {len(made.turns)} turns"
except interviews.TranscriptError as error:
    outcome = f"refused: {error.reason}/{error.detail}: {error}"
seconds = time.perf_counter() - started
print(seconds, max(0.0, megabytes() - before), outcome.replace("\\n", " "), sep="\\t")
"""


@dataclass(frozen=True)
class Reading:
    """What became of one file. megabytes : memory beyond the program and the file itself."""

    name: str
    size: int
    seconds: float
    megabytes: float
    outcome: str
    kept: bool


def measure(name: str, file: str, data: bytes) -> Reading:
    """Read one file in a child process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "given"
        path.write_bytes(data)
        command = [sys.executable, "-c", CHILD, str(ROOT), str(path), file]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        except subprocess.TimeoutExpired:
            return Reading(name, len(data), 120.0, 0.0, "not done after 120 s", False)
    if done.returncode:
        return Reading(name, len(data), 0.0, 0.0, f"ended by itself: {done.stderr[-300:]}", False)
    seconds, megabytes, outcome = done.stdout.rstrip("\n").split("\t", 2)
    refused = outcome.startswith("refused") and not any(ended in outcome for ended in ENDED)
    kept = float(seconds) <= (REFUSED_SECONDS if refused else READ_SECONDS) and float(megabytes) <= (
        REFUSED_MEGABYTES if refused else READ_MEGABYTES
    )
    return Reading(name, len(data), float(seconds), float(megabytes), outcome, kept)


def main() -> None:
    """Measure and print; exit code 1 where a limit is not kept."""
    from tests.interviews.hostile_files import HOSTILE

    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    chosen = [hostile for hostile in HOSTILE if not words or any(word in hostile.name for word in words)]
    readings = []
    for hostile in chosen:
        reading = measure(hostile.name, hostile.file, hostile.make())
        readings.append(reading)
        if "--json" not in sys.argv:
            mark = "  " if reading.kept else "! "
            print(
                f"{mark}{reading.name:48} {reading.size / 1024**2:7.2f} MB {reading.seconds:7.3f} s "
                f"{reading.megabytes:6.0f} MB  {reading.outcome[:110]}",
                flush=True,
            )
    if "--json" in sys.argv:
        print(json.dumps([asdict(reading) for reading in readings], indent=2))
    sys.exit(any(not reading.kept for reading in readings))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    main()
