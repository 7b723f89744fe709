"""How long it takes to carry codings over to a corrected text, as shares of the time allowed.

Run: python benchmarks/reanchoring.py [--json]     Each line is the best of five runs in this process.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable

from interviews import reanchor

ALLOWED_SECONDS = 0.2  # 10,000 words, 500 codings, 200 edited words
ALLOWED_AT_WORST = 2.0  # 20,000 words that have nothing in common
LETTERS = "abcdefghijklmnoprstuvyæøå"


def words(chance: random.Random, count: int) -> list[str]:
    """Words that are spread as in speech: a few very common, most of them rare."""
    known = ["".join(chance.choices(LETTERS, k=chance.randint(2, 10))) for _ in range(4000)]
    return [known[min(int(chance.paretovariate(0.6)) - 1, len(known) - 1)] for _ in range(count)]


def text_of(said: list[str]) -> str:
    """Words in lines of about forty."""
    return "".join(word + ("\n" if place % 40 == 39 else " ") for place, word in enumerate(said))


def spans_of(chance: random.Random, text: str, count: int) -> list[tuple[int, int]]:
    """Passages of up to sixty words, as they are coded: from the start of one word to the end of another."""
    starts = [place for place in range(len(text)) if not text[place].isspace() and text[place - 1].isspace()]
    spans = []
    for _ in range(count):
        first = chance.randrange(len(starts) - 61)
        last = first + chance.randint(1, 60)
        spans.append((starts[first], starts[last] - 1))
    return spans


def best_of_five(work: Callable[[], object]) -> float:
    """Seconds of the fastest run."""
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> None:
    """Print one line a measurement, or all as JSON."""
    chance = random.Random(1)
    said = words(chance, 10_000)
    edited = list(said)
    for place in chance.sample(range(len(said)), 200):
        edited[place] = chance.choice(["", said[place] + "en", "et andet ord", said[place].upper()])
    old, new = text_of(said), text_of(edited)
    spans = spans_of(chance, old, 500)
    apart, other = text_of(words(chance, 20_000)), text_of(words(random.Random(2), 20_000))
    far = spans_of(chance, apart, 500)
    moved = new[len(new) // 2 :] + new[: len(new) // 2]
    results = {}
    for name, allowed, work in (
        ("200 edits in 10,000 words", ALLOWED_SECONDS, (spans, old, new)),
        ("200 edits, and the halves changed places", ALLOWED_AT_WORST, (spans, old, moved)),
        ("20,000 words with nothing in common", ALLOWED_AT_WORST, (far, apart, other)),
    ):
        seconds = best_of_five(lambda work=work: reanchor(*work))
        statuses = dict(Counter(result.status for result in reanchor(*work)))
        results[name] = {
            "seconds": round(seconds, 3),
            "share_of_allowed": round(seconds / allowed, 2),
            **statuses,
        }
    if "--json" in sys.argv:
        print(json.dumps(results, indent=2))
        return
    for name, found in results.items():
        print(f"{name}: {found}")


if __name__ == "__main__":
    main()
