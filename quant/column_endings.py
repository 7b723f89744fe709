"""Rounds side by side in the columns of a file: `b1_r1`, `b1_r2`; which endings stand for which round."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_ROUND_WORDS = "runde|round|måling|maaling|wave|bølge|tid|time|r|t|w|m"
_ENDING = re.compile(
    rf"(?P<base>.+?)(?P<ending>(?:[\s_.\-]+(?:{_ROUND_WORDS})?|(?:{_ROUND_WORDS}))[\s_.\-]*(?P<round>\d))",
    re.IGNORECASE,
)


def round_endings(columns: Sequence[str]) -> dict[str, str]:
    """Round -> ending, such as {"1": "_r1", "2": "_r2"}; empty where columns do not come in rounds.

    Taken are the endings that most columns share: two columns or more must occur with each of them.
    """
    bases: dict[str, dict[str, str]] = {}
    for column in columns:
        match = _ENDING.fullmatch(column)
        if match:
            bases.setdefault(match["base"], {})[match["round"]] = match["ending"]
    counts: dict[tuple[tuple[str, str], ...], int] = {}
    for found in bases.values():
        if len(found) > 1:
            key = tuple(sorted(found.items()))
            counts[key] = counts.get(key, 0) + 1
    if not counts:
        return {}
    best, n = max(counts.items(), key=lambda pair: pair[1])
    return dict(best) if n > 1 else {}


def without_endings(columns: Sequence[str], endings: Mapping[str, str]) -> list[str]:
    """Columns with the round's ending taken off, each once, in order."""
    bases = []
    for column in columns:
        ending = next((end for end in endings.values() if column.endswith(end) and column != end), "")
        bases.append(column[: -len(ending)] if ending else column)
    return list(dict.fromkeys(bases))
