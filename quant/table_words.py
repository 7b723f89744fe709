"""Words of printed tables, from `table_words.toml`: whole groups, totals, statistics below a regression."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quant.mapping import plain


@dataclass(frozen=True)
class TableWords:
    """Names in the plain form of `quant.mapping.plain`; `notes` and `parentheses` are as written.

    whole : subgroups that are everybody.   sums : names of rows that are the sum of those beside them.
    halves : two groups that together are everybody.   notes : beginnings of a line below a table.
    statistics, columns : name of a row or column -> what it holds ("other": nothing that is kept).
    headings : those that name no outcome.   parentheses : what may stand in parentheses -> how notes say it.
    """

    whole: frozenset[str]
    sums: frozenset[str]
    halves: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    statistics: Mapping[str, str]
    headings: frozenset[str]
    columns: Mapping[str, str]
    parentheses: Mapping[str, tuple[str, ...]]


@cache
def table_words() -> TableWords:
    """The words that are shipped."""
    read = tomllib.loads((Path(__file__).parent / "table_words.toml").read_text(encoding="utf-8"))
    groups = read["subgroups"]
    return TableWords(
        whole=frozenset(map(plain, groups["whole"])),
        sums=frozenset(map(plain, groups["sums"])),
        halves=tuple(tuple(map(plain, pair)) for pair in groups["halves"]),
        notes=tuple(read["notes"]["starts"]),
        statistics=_by_name(read["statistics"]),
        headings=frozenset(map(plain, read["headings"]["general"])),
        columns=_by_name(read["columns"]),
        parentheses={kind: tuple(words) for kind, words in read["parentheses"].items()},
    )


def _by_name(kinds: Mapping[str, list[str]]) -> dict[str, str]:
    return {plain(word): kind for kind, words in kinds.items() for word in words}
