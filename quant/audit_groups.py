"""Checks between rows of a table of estimates: repeated rows, nested samples, totals, shares, means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from quant.audit_table import AuditTable, Flag
from quant.mapping import plain
from quant.table_words import table_words

Rows = NDArray[np.int64]
Partitions = Sequence[Sequence[str]]
CELL = ("subgroup", "outcome", "period", "model")
FEWEST_PERIODS = 4
SHARE_SUMS = (0.8, 1.25)  # shares that add up to something else are not the parts of one whole
_RANGE = re.compile(r"(\d+)\D+(\d+)")


def check_duplicates(table: AuditTable) -> Iterator[Flag]:
    """A second row for the same cell with other numbers, in a table whose columns tell cells apart."""
    found = [rows for _, rows in table.groups(table.identity)] if table.identity else []
    named = sum(column in CELL for column in table.identity)
    if named < len(CELL) - 1 and sum(len(rows) > 1 for rows in found) * 2 >= len(found):
        return
    for rows in found:
        for first, other in ((int(rows[0]), int(n)) for n in rows[1:]):
            shared = [c for c in ("estimate", "std_error", "n", "treated_mean", "r2") if c in table.numbers]
            differing = [c for c in shared if _differ(table, c, first, other)]
            if differing:
                column = differing[0]
                yield Flag(
                    other, "duplicate", "error", table.shown(column, first), table.shown(column, other)
                )


def check_one_sample(table: AuditTable) -> Iterator[Flag]:
    """Terms of one model have one N, and one R2."""
    if not table.has("term"):
        return
    same_model = [column for column in table.identity if column != "term"]
    for _, rows in table.groups(same_model):
        for column in ("n", "r2"):
            low, high = table.low(column)[rows], table.high(column)[rows]
            for at in np.flatnonzero((low > high[0]) | (high < low[0])):
                yield Flag(
                    int(rows[at]), f"{column}_within_model", "error",
                    table.shown(column, int(rows[0])), table.shown(column, int(rows[at])),
                )  # fmt: skip


def check_odd_sample(table: AuditTable) -> Iterator[Flag]:
    """One period whose N is unlike that of all others of its model, which agree (a warning)."""
    if not table.has("n", "period"):
        return
    for _, rows in table.groups(_but(table, "period", "term")):
        sizes = table.value("n")[rows]
        if len(rows) < FEWEST_PERIODS or np.isnan(sizes).any():
            continue
        usual = float(np.median(sizes))
        odd = np.flatnonzero(sizes != usual)
        if len(odd) == 1:
            at = int(rows[odd[0]])
            yield Flag(at, "n_within_model", "warning", f"{usual:.0f}", table.shown("n", at))


def check_subgroup_size(table: AuditTable) -> Iterator[Flag]:
    """A subgroup cannot be larger than the whole; in another table the samples may differ (a warning)."""
    if not table.has("n", "subgroup"):
        return
    for columns, severity in (((), "error"), (("table",), "warning")):
        for _, rows in table.groups(_but(table, "subgroup", *columns)):
            whole, parts = _whole_and_parts(table, rows)
            for total in whole:
                for n in parts:
                    elsewhere = table.shown("table", total) != table.shown("table", n)
                    if elsewhere == bool(columns) and table.value("n")[n] > table.value("n")[total]:
                        yield Flag(
                            n, "subgroup_above_total", "error" if severity == "error" else "warning",
                            f"≤ {table.shown('n', total)}", table.shown("n", n),
                        )  # fmt: skip


def check_totals(table: AuditTable, partitions: Partitions) -> Iterator[Flag]:
    """A total of N is the sum of its parts."""
    if not table.has("n", "subgroup"):
        return
    sizes, names = table.value("n"), table.text("subgroup")
    for _, rows in table.groups(_but(table, "subgroup")):
        whole, parts = _whole_and_parts(table, rows)
        for total in whole[:1]:
            for members, complete in _families(names, parts, partitions, _is_sum(names[total])):
                added = float(sizes[members].sum())
                over, under = added > sizes[total], added < sizes[total] and complete
                if not np.isnan(added) and (over or under):
                    yield Flag(total, "total", "error", f"{added:g}", table.shown("n", total))


def check_means(table: AuditTable, partitions: Partitions) -> Iterator[Flag]:
    """The mean of the whole lies between the means of its parts, and where N says so at one place."""
    if not table.has("treated_mean", "subgroup"):
        return
    names, low, high = table.text("subgroup"), table.low("treated_mean"), table.high("treated_mean")
    for _, rows in table.groups(_but(table, "subgroup")):
        whole, parts = _whole_and_parts(table, rows)
        for total in whole[:1]:
            for members, complete in _families(names, parts, partitions, False):
                if not complete or np.isnan(low[[*members, total]]).any():
                    continue
                least, most = _average(table, members)
                if low[total] > most or high[total] < least:
                    shown = table.shown("treated_mean", total)
                    yield Flag(total, "mean_of_parts", "error", f"{least:.3f}–{most:.3f}", shown)


def check_shares(table: AuditTable) -> Iterator[Flag]:
    """Shares lie in 0-1, and those of one whole add up to 1 (or 100)."""
    for column, whole in (("share", 1.0), ("percent", 100.0)):
        effects = column == "percent" and table.has("estimate")  # percent of something else than a whole
        if column not in table.numbers or effects:
            continue
        hundred = whole == 1 and float(np.nanmax(table.value(column), initial=0.0)) > 1.5
        target = 100.0 if hundred else whole
        if column == "share":
            for n in np.flatnonzero((table.low(column) > target) | (table.high(column) < 0)):
                yield Flag(int(n), "share_range", "error", f"0–{target:g}", table.shown(column, int(n)))
        for _, rows in table.groups(_but(table, "subgroup", "term")):
            yield from _share_sum(table, column, target, rows)


def group_checks(partitions: Partitions) -> tuple[Callable[[AuditTable], Iterator[Flag]], ...]:
    """All checks between rows.   partitions : subgroups that together are everybody, beside the halves."""
    return (
        check_duplicates,
        check_one_sample,
        check_odd_sample,
        check_subgroup_size,
        lambda table: check_totals(table, partitions),
        lambda table: check_means(table, partitions),
        check_shares,
    )


def _differ(table: AuditTable, column: str, first: int, other: int) -> bool:
    value, half = table.value(column), table.high(column) - table.value(column)
    return bool(abs(value[other] - value[first]) > 1.01 * max(half[first], half[other]))


def _but(table: AuditTable, *columns: str) -> list[str]:
    return [column for column in table.identity if column not in columns]


def _whole_and_parts(table: AuditTable, rows: Rows) -> tuple[list[int], list[int]]:
    names = table.text("subgroup")
    whole = [int(n) for n in rows if plain(names[n]) in table_words().whole or names[n] == ""]
    return whole, [int(n) for n in rows if int(n) not in whole]


def _is_sum(name: str) -> bool:
    return plain(name) in table_words().sums


def _families(
    names: list[str], parts: list[int], partitions: Partitions, summed: bool
) -> Iterator[tuple[list[int], bool]]:
    """Parts that do not overlap, and whether they are the whole: halves, declared, ranges, all of a sum."""
    by_name = {plain(names[n]): n for n in parts}
    known = [*table_words().halves, *(tuple(plain(name) for name in group) for group in partitions)]
    found = [
        [by_name[name] for name in group] for group in known if group and all(n in by_name for n in group)
    ]
    yield from ((members, True) for members in found)
    ranged = [members for members in _ranges(names, parts) if len(members) > 1]
    everything = summed and len(parts) > 1 and len(by_name) == len(parts) and not found
    if everything and all(len(members) == len(parts) for members in ranged):
        yield parts, True
        return
    yield from ((members, False) for members in ranged if members not in found)


def _ranges(names: list[str], parts: list[int]) -> list[list[int]]:
    """Groups such as `age_18_29`, `age_30_64`: the same words around two numbers, without overlap."""
    families: dict[str, list[tuple[float, float, int]]] = {}
    for n in parts:
        match = _RANGE.search(names[n])
        if match is not None:
            words = names[n][: match.start()] + names[n][match.end() :]
            families.setdefault(words, []).append((float(match[1]), float(match[2]), n))
    return [
        [n for _, _, n in members]
        for members in families.values()
        if all(a[1] <= b[0] or b[1] <= a[0] for a, b in combinations(members, 2))
    ]


def _average(table: AuditTable, members: list[int]) -> tuple[float, float]:
    """Smallest and largest mean of the whole that the parts allow."""
    low, high = table.low("treated_mean")[members], table.high("treated_mean")[members]
    weights = table.value("n")[members]
    if np.isnan(weights).any() or weights.sum() <= 0 or (weights < 0).any():
        return float(low.min()), float(high.max())
    return float(np.average(low, weights=weights)), float(np.average(high, weights=weights))


def _share_sum(table: AuditTable, column: str, target: float, rows: Rows) -> Iterator[Flag]:
    whole, parts = _whole_and_parts(table, rows) if table.has("subgroup") else ([], [int(n) for n in rows])
    low, high = table.low(column)[parts], table.high(column)[parts]
    total = float(table.value(column)[parts].sum())
    if len(parts) < 2 or np.isnan(total) or not SHARE_SUMS[0] <= total / target <= SHARE_SUMS[1]:
        return
    if low.sum() > target or high.sum() < target:
        at = whole[0] if whole else parts[-1]
        yield Flag(at, "share_sum", "error", f"{target:g}", f"{total:g}")
