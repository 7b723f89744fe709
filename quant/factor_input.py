"""What goes into a factor analysis: a frame of numbers, checked, and the correlations of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.errors import FactorError
from quant.extraction import LARGEST_CONDITION
from quant.notes import Note
from quant.polychoric import polychoric_correlations
from quant.tables import as_numbers, cell_text

Array = NDArray[np.float64]
Missing = Literal["listwise", "pairwise"]
Correlation = Literal["pearson", "polychoric"]
SMALLEST_EIGENVALUE = 1e-4


@dataclass(frozen=True)
class Correlated:
    """Correlations of items with what they rest on.

    matrix : (items, items); n : rows used (pairwise: the fewest behind a correlation).
    n_dropped : rows left out (listwise: with any item missing; pairwise: with under two answers).
    means, std_devs : of the answers used, item by item.
    """

    items: tuple[str, ...]
    matrix: Array
    n: int
    n_dropped: int
    means: pd.Series[float]
    std_devs: pd.Series[float]
    notes: tuple[Note, ...] = ()


def correlate(
    data: Any, *, missing: Missing = "listwise", correlation: Correlation = "pearson"
) -> Correlated:
    """Correlations of the columns of `data`, checked for what a factor analysis cannot use.

    Raises FactorError: see `quant.factor_analysis`.
    """
    _check_choice("missing", missing, get_args(Missing))
    _check_choice("correlation", correlation, get_args(Correlation))
    numbers = item_numbers(as_item_frame(data))
    used = numbers.dropna() if missing == "listwise" else numbers[numbers.notna().sum(axis=1) >= 2]
    unanswered = numbers.isna().all() if len(numbers) else None
    check_sample(used, len(numbers), unanswered=unanswered, pairwise=missing == "pairwise")
    notes: list[Note] = []
    n = len(used)
    if missing == "pairwise":
        n = _fewest_pairs(used)
    if correlation == "polychoric":
        matrix = polychoric_correlations(used).to_numpy(dtype=float)
    else:
        matrix = used.corr().to_numpy(dtype=float)
    if missing == "pairwise" or correlation == "polychoric":
        matrix, note = positive_definite(matrix)
        notes += [note] if note is not None else []
    check_correlations(matrix, [str(c) for c in used.columns])
    items = tuple(str(c) for c in used.columns)
    means, std_devs = used.mean().set_axis(items), used.std(ddof=1).set_axis(items)
    return Correlated(items, matrix, n, len(numbers) - len(used), means, std_devs, tuple(notes))


def as_item_frame(data: Any) -> pd.DataFrame:
    """`data` as a frame with text headings; arrays get `item_1`, `item_2` ..."""
    if isinstance(data, pd.DataFrame):
        return data.set_axis([str(c) for c in data.columns], axis=1)
    array = np.asarray(data)
    if array.ndim != 2:
        raise FactorError(
            "expected a table of rows and items, found {dimensions} dimension(s)",
            reason="not_a_table",
            dimensions=array.ndim,
        )
    return pd.DataFrame(array, columns=[f"item_{n}" for n in range(1, array.shape[1] + 1)])


def item_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns as floats, decimal commas read; FactorError names the first column with anything else."""
    repeated = frame.columns[frame.columns.duplicated()]
    if len(repeated):
        raise FactorError(
            "two columns are called {column!r}; give every item its own name",
            reason="repeated_item",
            column=repeated[0],
        )
    return pd.DataFrame(
        {column: _column_numbers(frame[column]) for column in frame.columns}, index=frame.index
    )


def _column_numbers(column: pd.Series[Any]) -> pd.Series[float]:
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("Float64").astype(float).replace([np.inf, -np.inf], np.nan)
    text = cell_text(column)
    numbers = as_numbers(text)
    wrong = text[(text != "") & numbers.isna()]
    if len(wrong):
        raise FactorError(
            "column {column!r} holds {found!r}, which is no number; recode or leave it out",
            reason="not_a_number",
            column=column.name,
            found=wrong.iloc[0],
        )
    return numbers


def check_sample(
    used: pd.DataFrame,
    n_rows: int,
    *,
    unanswered: pd.Series[bool] | None = None,
    pairwise: bool = False,
    fewest_items: int = 3,
) -> None:
    """Refuse a column without answers or that does not vary, and too few items or rows.

    used : the rows that count; n_rows : all rows; unanswered : by column, whether no row has an answer.
    """
    n, p = used.shape
    empty = [] if unanswered is None else [str(c) for c in unanswered.index[unanswered]]
    if 0 < len(empty) < p:
        raise FactorError(
            "column {column!r} has no answers; leave it out", reason="empty_column", column=empty[0]
        )
    if p < fewest_items:
        raise FactorError(
            "{items} item(s); a factor analysis needs 3 or more", reason="too_few_items", items=p
        )
    if n <= p:
        raise FactorError(
            "{rows} complete rows ({dropped} dropped) for {items} items; more rows than items are needed",
            reason="too_few_rows",
            rows=n,
            dropped=n_rows - n,
            items=p,
        )
    constant = [str(c) for c in used.columns if used[c].nunique() <= 1]
    if constant:
        raise FactorError(
            "column {column!r} has the same value in every row; leave it out",
            reason="constant_column",
            column=constant[0],
        )
    if pairwise:
        _check_pairs(used)


def _answered_together(used: pd.DataFrame) -> Array:
    there = used.notna().to_numpy(dtype=float)
    together: Array = there.T @ there
    return together


def _fewest_pairs(used: pd.DataFrame) -> int:
    return int(_answered_together(used).min())


def _check_pairs(used: pd.DataFrame) -> None:
    together = _answered_together(used)
    if together.min() >= 3:
        return
    i, j = np.unravel_index(int(together.argmin()), together.shape)
    raise FactorError(
        "{rows} row(s) answer both {first!r} and {second!r}; a correlation needs 3 or more: leave one out",
        reason="too_few_pairs",
        rows=int(together.min()),
        first=str(used.columns[int(i)]),
        second=str(used.columns[int(j)]),
    )


def correlations_of(matrix: Array, n: int) -> Array:
    """(items, items) correlations of a matrix of correlations or covariances of n rows.

    Raises FactorError if it is not square and symmetric, a variance is not positive or a number is missing,
    or if n is no larger than the number of items.
    """
    square = matrix.ndim == 2 and matrix.shape[0] == matrix.shape[1] and np.allclose(matrix, matrix.T)
    if not square or not (np.diag(matrix) > 0).all():
        raise FactorError(
            "expected a square, symmetric matrix of correlations with 1 (or variances) on its diagonal and "
            "no gaps, found {rows} x {columns}",
            reason="not_a_correlation_matrix",
            rows=matrix.shape[0],
            columns=matrix.shape[-1],
        )
    if n <= len(matrix):
        raise FactorError(
            "{rows} complete rows ({dropped} dropped) for {items} items; more rows than items are needed",
            reason="too_few_rows",
            rows=n,
            dropped=0,
            items=len(matrix),
        )
    scale = np.sqrt(np.diag(matrix))
    correlations: Array = matrix / np.outer(scale, scale)
    return correlations


def check_correlations(correlations: Array, items: list[str]) -> None:
    """Refuse items that determine each other; the two most correlated are named."""
    if np.isfinite(correlations).all() and np.linalg.cond(correlations) < LARGEST_CONDITION:
        return
    off = np.abs(np.nan_to_num(correlations - np.diag(np.diag(correlations)), nan=2.0))
    i, j = np.unravel_index(int(off.argmax()), off.shape)
    raise FactorError(
        "the items are linearly dependent (correlation of {first!r} and {second!r}: "
        "{correlation:.3f}); leave out the item that repeats others",
        reason="dependent_items",
        first=items[int(i)],
        second=items[int(j)],
        correlation=float(correlations[i, j]),
    )


def positive_definite(matrix: Array) -> tuple[Array, Note | None]:
    """The matrix, or the nearest of its kind where an eigenvalue is not positive, with a note that says so.

    Eigenvalues under 1e-4 are raised to it and the diagonal is brought back to 1.
    """
    if not np.isfinite(matrix).all():
        return matrix, None
    values, vectors = np.linalg.eigh(matrix)
    if values[0] > 0:
        return matrix, None
    raised = (vectors * np.maximum(values, SMALLEST_EIGENVALUE)) @ vectors.T
    scale = np.sqrt(np.diag(raised))
    note = Note(
        "the correlations contradict each other (smallest eigenvalue {smallest:.4f}): they rest on different "
        "rows or on tables with empty cells, and were brought to the nearest matrix that data could have",
        reason="not_positive_definite",
        smallest=float(values[0]),
    )
    return raised / np.outer(scale, scale), note


def _check_choice(name: str, chosen: str, known: tuple[str, ...]) -> None:
    if chosen not in known:
        raise FactorError(
            "{name} is {chosen!r}; use one of {known}",
            reason="unknown_choice",
            name=name,
            chosen=chosen,
            known=", ".join(known),
        )
