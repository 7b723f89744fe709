"""Whether the time to tell speakers grows in step with the length of the file, in every layout.

Run: python benchmarks/layouts.py     Four times the text may take at most LIMIT times as long; the exit code
is 1 where one takes longer.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import interviews

PARAGRAPHS = 2_000
LIMIT = 7.0
LAYOUTS: dict[str, Callable[[int], str]] = {
    "labels": lambda n: "\n".join(f"{'Anna' if i % 2 else 'Bo'}: Sætning {i}. Og en til." for i in range(n)),
    "no labels": lambda n: "\n\n".join(f"Sætning {i} {'x' * (i % 90)}. Og en til." for i in range(n)),
    "dashes": lambda n: "\n".join(f"- Det er nummer {i}{'?' if i % 2 else '.'}" for i in range(n)),
    "names after times": lambda n: "\n".join(
        f"00:{i % 60:02d} {'Anna' if i % 2 else 'Bo'} Det er nummer {i}" for i in range(n)
    ),
    "a new label on each line": lambda n: "\n".join(f"Navn{i}x: ord" for i in range(n)),
    "labels inside one paragraph": lambda n: "Anna: ja\nBo: " + "Ja. Anna: nej. " * n + "\nAnna: a\nBo: b",
    "times inside one paragraph": lambda n: "Anna: ja\nBo: " + "[00:01:02] ja " * 10 * n + "\nAnna: a\nBo: b",
    "one paragraph": lambda n: "Anna: ja\nBo: " + "Ja. Det sagde hun. " * 20 * n + "\nAnna: a\nBo: b",
    "blanks": lambda n: "Anna: ja\nBo: " + " " * 40 * n + "x\nAnna: a",
}


def seconds(text: str) -> float:
    """Processor time of the quicker of two readings."""
    data, times = text.encode(), []
    for _ in range(2):
        start = time.process_time()
        interviews.read_bytes(data, "interview.txt")
        times.append(time.process_time() - start)
    return min(times)


def main() -> int:
    """Print one line a layout; return 1 where one grows faster than its text."""
    seconds("Anna: ja\nBo: nej")
    slow = 0
    for name, text in LAYOUTS.items():
        short, long = seconds(text(PARAGRAPHS)), seconds(text(4 * PARAGRAPHS))
        ratio = long / max(short, 0.01)
        slow += ratio > LIMIT
        print(f"{name:30} {short:7.2f} s {long:7.2f} s   4 times the text: {ratio:4.1f} times the time")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
