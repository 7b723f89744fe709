"""Look for files that break a reader: damage sound ones, read them, keep what goes wrong.

Run `python scripts/fuzz.py [--seconds 60] [--reader docx] [--seed N] [--keep FOLDER]`. Where `atheris`
is installed, `--atheris` lets it choose the damage by the lines of code that it reaches; it is no dependency.
Exit code 1 where a reader failed, broke a promise or took longer than the limit.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SLOW_SECONDS = 5.0


def main() -> int:
    """Fuzz one reader or all in turn."""
    from tests.interviews.sample_files import sound_files

    sound = sound_files()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="for each reader")
    parser.add_argument("--reader", action="append", choices=sorted(sound), help="may be given again")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for the files that went wrong")
    parser.add_argument("--atheris", action="store_true", help="guided by coverage; one reader, no end")
    given = parser.parse_args()
    readers = given.reader or sorted(sound)
    if given.atheris:
        return _guided(readers[0], sound[readers[0]])
    found = 0
    for reader in readers:
        found += _fuzz(reader, sound, given.seconds, given.seed, given.keep)
    return 1 if found else 0


def _fuzz(reader: str, sound: dict[str, bytes], seconds: float, seed: int, keep: Path | None) -> int:
    """Read damaged files for some seconds; print each new fault once. Returns how many there were."""
    from tests.interviews.mutations import mutated
    from tests.interviews.promises import judged

    others = [sound[name] for name in sorted(sound)]
    chance = random.Random(f"{reader} {seed}")
    pool = [sound[reader]]
    faults: set[str] = set()
    count, sound_count, slowest, end = 0, 0, 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        data = mutated(chance.choice(pool), others, chance)
        started = time.perf_counter()
        wrong, read = judged(data, f"a.{reader}")
        took = time.perf_counter() - started
        count, sound_count, slowest = count + 1, sound_count + read, max(slowest, took)
        if took > SLOW_SECONDS:
            wrong = wrong or f"took longer than {SLOW_SECONDS:.0f} s"
        if wrong and wrong[:120] not in faults:
            faults.add(wrong[:120])
            name = hashlib.sha256(data).hexdigest()[:12]
            print(f"{reader}: {wrong} [{name}, {len(data)} bytes, {took:.2f} s]", flush=True)
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{name}.{reader}").write_bytes(data)
        if read and not wrong and len(data) < 50_000 and chance.random() < 0.05:
            pool = [sound[reader], *pool[-40:], data]
    print(
        f"{reader}: {count} files, {sound_count} of them read, slowest {slowest:.2f} s, {len(faults)} faults",
        flush=True,
    )
    return len(faults)


def _guided(reader: str, seed: bytes) -> int:
    """Hand over to atheris, which runs until it finds a fault or is stopped."""
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        print("atheris is not installed (pip install atheris); without --atheris files are damaged at random")
        return 2
    with atheris.instrument_imports(include=["interviews"]):
        from tests.interviews.promises import fault

    def one(data: bytes) -> None:
        wrong = fault(data, f"a.{reader}", reader=reader)
        if wrong:
            raise AssertionError(wrong)

    folder = ROOT / ".fuzz" / reader
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sound").write_bytes(seed)
    atheris.Setup([sys.argv[0], str(folder)], one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
