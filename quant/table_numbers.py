"""Columns of numbers in a table whose cells are text, as they come from a csv."""

from __future__ import annotations

import pandas as pd

from quant.tables import as_numbers, cell_text


def with_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with columns of numbers as numbers (whole ones as integers), and empty cells as missing.

    A column is one of numbers if every filled cell is one, with decimal point or comma. Codes with a zero in
    front, such as 0101, stay text; so do columns without any value.
    """
    return frame.apply(_column)


def _column(column: pd.Series) -> pd.Series:
    if not (pd.api.types.is_object_dtype(column.dtype) or pd.api.types.is_string_dtype(column.dtype)):
        return column
    text = cell_text(column)
    filled = text[text != ""]
    empty = text.where(text != "", None)
    if filled.empty or filled.str.fullmatch(r"0\d+").any():
        return empty
    numbers = as_numbers(text)
    if numbers[filled.index].isna().any():
        return empty
    if numbers.notna().all() and (numbers == numbers.round()).all() and (numbers.abs() < 2**53).all():
        return numbers.astype("int64")
    return numbers
