"""How long a quotation takes to find: in one interview, and among 1,000.

Run: python benchmarks/locating.py     Read the ratios to the limits: seconds depend on the machine.
"""

from __future__ import annotations

import random
import statistics
import time
import tracemalloc

from interviews import QuotationIndex, locate

ONE_MILLISECONDS = 1.0
MANY_SECONDS = 0.5
INTERVIEWS = 1_000
WORDS = 10_000
QUOTATIONS = 60


def interview(chance: random.Random, vocabulary: list[str], weights: list[float], words: int = WORDS) -> str:
    """Sentences of words as frequent as those of a language are, a turn of about 60 words a line."""
    drawn = chance.choices(vocabulary, cum_weights=weights, k=words)
    return "\n".join(" ".join(drawn[place : place + 60]) + "." for place in range(0, words, 60))


def vocabulary_of(chance: random.Random, size: int) -> tuple[list[str], list[float]]:
    """Made-up words, and how often each is used, summed up (Zipf)."""
    syllables = ("be", "da", "for", "ge", "hin", "ker", "la", "men", "nør", "op", "ri", "sa", "und", "ver")
    words = list({"".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(size)})
    total, sums = 0.0, []
    for place in range(len(words)):
        total += 1 / (place + 2.7)
        sums.append(total)
    return words, sums


def quotation(chance: random.Random, text: str) -> str:
    """About 25 words of a text, some left out with a mark, one misspelled."""
    words = text.split()
    first = chance.randrange(len(words) - 40)
    taken = [*words[first : first + 12], "[...]", *words[first + 17 : first + 30]]
    taken[4] = taken[4][::-1]
    return " ".join(taken)


def main() -> None:
    """Print one line a measurement."""
    chance = random.Random(3)
    vocabulary, weights = vocabulary_of(chance, 40_000)
    texts = {f"interview {n}": interview(chance, vocabulary, weights) for n in range(INTERVIEWS)}
    sources = [chance.choice(list(texts)) for _ in range(QUOTATIONS)]
    quotes = [quotation(chance, texts[name]) for name in sources]
    foreign = interview(chance, vocabulary, weights)
    absent = [quotation(chance, foreign) for _ in range(QUOTATIONS)]

    for label, pairs in (
        ("in its interview", [(quote, texts[name]) for quote, name in zip(quotes, sources, strict=True)]),
        ("not there", [(quote, texts[name]) for quote, name in zip(absent, sources, strict=True)]),
    ):
        taken, found = [], 0
        for quote, text in pairs:
            started = time.perf_counter()
            found += locate(quote, text) is not None
            taken.append(1000 * (time.perf_counter() - started))
        middle = statistics.median(taken)
        print(
            f"{label}, {WORDS:,} words: {middle:.2f} ms (most {max(taken):.1f}), "
            f"{middle / ONE_MILLISECONDS:.1f} of {ONE_MILLISECONDS:.0f} ms; {found} of {len(pairs)} found"
        )

    tracemalloc.start()
    small = QuotationIndex(dict(list(texts.items())[:100]))
    held = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    print(f"index of {len(small)} interviews holds {held:.0f} MB beside the texts")
    started = time.perf_counter()
    index = QuotationIndex(texts)
    built = time.perf_counter() - started
    print(f"index of {len(index):,} interviews built in {built:.1f} s")
    for label, asked in (("there", quotes), ("not there", absent)):
        taken, right = [], 0
        for quote, name in zip(asked, sources, strict=True):
            started = time.perf_counter()
            answer = index.locate(quote)
            taken.append(time.perf_counter() - started)
            right += bool(answer) and answer[0].name == name
        print(
            f"{label}, among {len(index):,}: {statistics.median(taken):.3f} s (most {max(taken):.3f}), "
            f"{max(taken) / MANY_SECONDS:.2f} of {MANY_SECONDS} s; {right} of {len(asked)} found"
        )


if __name__ == "__main__":
    main()
