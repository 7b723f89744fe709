"""A table of estimates prepared for checking: canonical columns, printed numbers as intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.errors import EstimatesError
from quant.estimate_mapping import COLUMN_NAMES
from quant.mapping import plain
from quant.printed import plain_stars, read_number, rounded, split_stars
from quant.star_levels import PRange, p_range
from quant.tables import cell_text

Severity = Literal["error", "warning"]
COUNTS = ("n", "df")
NUMBERS = (
    "estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high", "treated_mean", "percent_of_mean",
    "r2", "adjusted_r2", "share", "percent", *COUNTS,
)  # fmt: skip
KEYS = ("source", "table", "outcome", "period", "model")
NAMES: dict[str, tuple[str, ...]] = {
    **{name: COLUMN_NAMES[name] for name in COLUMN_NAMES if name != "place"},
    "table": ("table", "tabel"),
    "place": ("place", "cell", "sted"),
    "source": ("source", "kilde"),
    "model": ("model", "specification", "specifikation"),
    "term": ("term", "led", "variable", "variabel", "parm"),
    "statistic": ("statistic", "t", "z", "t value", "z value", "t stat", "tstat"),
    "p_value": ("p_value", "p", "pval", "p værdi"),
    "percent_of_mean": ("percent_of_mean", "percent_of_treated_mean", "effect_size", "pct of mean"),
    "r2": ("r2", "r squared", "rsquared", "r²"),
    "adjusted_r2": ("adjusted_r2", "adj r2", "adj r squared", "adjusted r squared", "justeret r2", "r2 a"),
    "df": ("df", "dof", "degrees of freedom", "frihedsgrader", "df residual", "df r"),
    "share": ("share", "andel"),
    "percent": ("percent", "pct", "procent"),
}


@dataclass(frozen=True)
class Flag:
    """One contradiction: `at` is the place of the row in the table."""

    at: int
    check: str
    severity: Severity
    expected: str
    found: str


@dataclass(frozen=True)
class AuditTable:
    """A frame of estimates by canonical columns.

    frame : the table with its columns renamed; index 0, 1, 2 ...   labels : the index it came with.
    numbers : column -> frame `value`, `low`, `high`.   texts : column -> cells as text.
    p : p-values that estimate and standard error leave possible.
    ranges : outcome -> smallest and largest value.
    identity : columns of `texts` that tell rows apart, those that the audit does not know included.
    """

    frame: pd.DataFrame
    labels: list[Any]
    numbers: dict[str, pd.DataFrame]
    texts: dict[str, pd.Series[str]]
    p: PRange
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    identity: tuple[str, ...] = ()

    def has(self, *columns: str) -> bool:
        """Whether the table has all of these columns."""
        return all(column in self.numbers or column in self.texts for column in columns)

    def value(self, column: str) -> NDArray[np.float64]:
        """The printed values, (n,), NaN where there is none or no such column."""
        return self._of(column, "value")

    def low(self, column: str) -> NDArray[np.float64]:
        """The smallest number that each cell can stand for."""
        return self._of(column, "low")

    def high(self, column: str) -> NDArray[np.float64]:
        """The largest number that each cell can stand for."""
        return self._of(column, "high")

    def text(self, column: str) -> list[str]:
        """The cells as text, "" where there is no such column."""
        if column not in self._lists:
            known = column in self.texts
            self._lists[column] = list(self.texts[column]) if known else [""] * len(self.frame)
        return self._lists[column]

    def shown(self, column: str, at: int) -> str:
        """A cell as it is printed."""
        return self.text(column)[at]

    def groups(self, columns: Sequence[str]) -> Iterator[tuple[dict[str, str], NDArray[np.int64]]]:
        """Rows that agree in these columns (those of them that there are), with what they agree in."""
        present = [column for column in columns if column in self.texts]
        if not present:
            yield {}, np.arange(len(self.frame))
            return
        keys = pd.DataFrame({column: self.texts[column] for column in present})
        for key, members in keys.groupby(present, sort=False).indices.items():
            values = key if isinstance(key, tuple) else (key,)
            yield dict(zip(present, map(str, values), strict=True)), np.asarray(members, dtype=np.int64)

    def place(self, at: int) -> str:
        """Table and cell of a row: `5.3 (men, internship, 2018, 2)`."""
        named = ("subgroup", "outcome", "period", "model", "term")
        cell = ", ".join(text for name in named if (text := self.shown(name, at)))
        table = self.shown("place", at) or self.shown("table", at)
        return f"{table} ({cell})" if table and cell and " (" not in table else table or cell

    def _of(self, column: str, part: str) -> NDArray[np.float64]:
        if (column, part) not in self._arrays:
            known = column in self.numbers
            cells = self.numbers[column][part] if known else np.full(len(self.frame), np.nan)
            self._arrays[column, part] = np.asarray(cells, dtype=float)
        return self._arrays[column, part]

    @cached_property
    def _lists(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _arrays(self) -> dict[tuple[str, str], NDArray[np.float64]]:
        return {}


def audit_table(frame: pd.DataFrame, *, ranges: dict[str, tuple[float, float]] | None = None) -> AuditTable:
    """Prepare a table for the checks.

    frame : columns under their names here or a usual other one (`se`, `b`, `adj. R2`); numbers, or text as
        printed, with stars behind the estimate and the standard error in parentheses.

    Raises EstimatesError if it has no column that can be checked.
    """
    renamed = _canonical(frame)
    if not any(column in renamed.columns for column in NUMBERS):
        raise EstimatesError(
            "nothing to audit: expected columns such as estimate, std_error, stars, n or r2, found {columns}",
            reason="nothing_to_audit",
            columns=", ".join(str(c) for c in frame.columns[:12]) or "none",
        )
    texts = {str(column): _text(renamed[column]) for column in renamed.columns}
    if "estimate" in texts:
        _take_stars(texts)
    by = _tables(texts, renamed.index)
    numbers = {
        column: rounded(_cells(renamed[column]), by=by, whole=column in COUNTS)
        for column in NUMBERS
        if column in renamed.columns
    }
    for column in COUNTS:
        if column in numbers:
            numbers[column] = _whole_as_read(renamed[column], numbers[column])
    identity = tuple(column for column in texts if column not in (*NUMBERS, "stars", "place"))
    table = AuditTable(renamed, list(frame.index), numbers, texts, _NO_P, dict(ranges or {}), identity)
    p = p_range(
        table.low("estimate"), table.high("estimate"),
        table.low("std_error"), table.high("std_error"), table.value("df"),
    )  # fmt: skip
    return replace(table, p=p)


_NO_P = PRange(np.array([]), np.array([]))


def _canonical(frame: pd.DataFrame) -> pd.DataFrame:
    columns = [str(column) for column in frame.columns]
    taken: dict[str, str] = {}
    for wanted, words in NAMES.items():
        names = {plain(word) for word in (wanted, *words)}
        exact = [column for column in columns if column == wanted]
        options = exact or [column for column in columns if plain(column) in names]
        free = [column for column in options if column not in taken]
        if free:
            taken[free[0]] = wanted
    renamed = frame.set_axis([taken.get(c, c) for c in columns], axis=1).reset_index(drop=True)
    once = renamed.loc[:, ~renamed.columns.duplicated()]
    plain_cells = [
        not once[c].map(lambda cell: isinstance(cell, dict | list | set)).any() for c in once.columns
    ]
    return once.loc[:, plain_cells]


def _text(column: pd.Series[Any]) -> pd.Series[str]:
    return cell_text(column.astype(object))


def _cells(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.astype(object)


def _take_stars(texts: dict[str, pd.Series[str]]) -> None:
    """Stars of the column of stars, else those behind the estimate."""
    behind = texts["estimate"].map(lambda cell: split_stars(cell)[1])
    texts["estimate"] = texts["estimate"].map(lambda cell: split_stars(cell)[0])
    if "stars" in texts:
        stars = texts["stars"].map(plain_stars)
        texts["stars"] = stars.where(stars != "", behind)
    elif (behind != "").any():
        texts["stars"] = behind


def _tables(texts: dict[str, pd.Series[str]], index: pd.Index[Any]) -> pd.Series[str]:
    """What was printed together, and so with the same decimals."""
    by = pd.Series("", index=index, dtype=object)
    for column in ("source", "table"):
        if column in texts:
            by = by + "\x1f" + texts[column]
    return by


def _whole_as_read(cells: pd.Series[Any], numbers: pd.DataFrame) -> pd.DataFrame:
    """A count is exact: it hides nothing by rounding."""
    if cells.map(lambda cell: isinstance(cell, str) and read_number(cell, whole=True) is None).all():
        return numbers
    return numbers.assign(low=numbers["value"], high=numbers["value"])
