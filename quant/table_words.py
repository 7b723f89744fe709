"""Words of printed tables, from `table_words.toml`: whole groups, totals, statistics below a regression."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quant.mapping import plain


@dataclass(frozen=True)
class TableWords:
    """Names in the plain form of `quant.mapping.plain`.

    whole : subgroups that are everybody.   sums : names of rows that are the sum of those beside them.
    halves : two groups that together are everybody.
    """

    whole: frozenset[str]
    sums: frozenset[str]
    halves: tuple[tuple[str, ...], ...]


@cache
def table_words() -> TableWords:
    """The words that are shipped."""
    read = tomllib.loads((Path(__file__).parent / "table_words.toml").read_text(encoding="utf-8"))
    groups = read["subgroups"]
    return TableWords(
        frozenset(map(plain, groups["whole"])),
        frozenset(map(plain, groups["sums"])),
        tuple(tuple(map(plain, pair)) for pair in groups["halves"]),
    )
