"""Files of statistics programs: SPSS (.sav, .zsav), Stata (.dta) and parquet, with what they declare about
cells.

A code that the file declares as missing stays visible as its reason; labels of columns and values come along.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from quant.errors import AnswersError

# Keys of `frame.attrs`: column -> label; -> {text of the value: label}; -> texts that mean missing.
COLUMN_LABELS, VALUE_LABELS, MISSING_REASONS = "column_labels", "value_labels", "missing_reasons"
_SAV, _DTA, _PARQUET = (b"$FL2", b"$FL3"), b"<stata_dta>", b"PAR1"
_OLD_DTA = range(102, 116)


def is_statistics_file(content: bytes, name: str) -> bool:
    """Whether the content is an SPSS, Stata or parquet file."""
    return _kind(content, name) != ""


def read_statistics_file(content: bytes, name: str) -> pd.DataFrame:
    """The table of the file; index as `read_table` makes it, `attrs` with labels and missing reasons.

    Raises AnswersError if the file is damaged or holds no rows.
    """
    kind = _kind(content, name)
    try:
        frame = _parquet(content) if kind == "parquet" else _labelled(content, kind)
    except (ValueError, OSError, MemoryError) as error:
        raise _damaged(name, kind, error) from error
    except Exception as error:
        # pyreadstat's own errors share no class but Exception.
        if type(error).__module__.startswith("pyreadstat"):
            raise _damaged(name, kind, error) from error
        raise
    if frame.empty or not len(frame.columns):
        raise AnswersError(
            "{file}: there are column names and no rows below; expected one row a record",
            reason="no_rows",
            file=name,
        )
    return frame


def _damaged(name: str, kind: str, error: Exception) -> AnswersError:
    return AnswersError(
        "{file}: the {kind} file is damaged or of an unknown version ({detail}); save it again, or export "
        "csv",
        reason="statistics_file_damaged",
        file=name,
        kind=kind,
        detail=error,
    )


def _kind(content: bytes, name: str) -> str:
    if content.startswith(_SAV):
        return "sav"
    if content.startswith(_DTA):
        return "dta"
    if content.startswith(_PARQUET):
        return "parquet"
    ending = Path(name).suffix.lower()
    if ending == ".dta" and content[:1] and content[0] in _OLD_DTA:
        return "dta"
    return ending[1:] if ending in (".sav", ".zsav", ".dta", ".parquet") else ""


def _parquet(content: bytes) -> pd.DataFrame:
    frame = pd.read_parquet(io.BytesIO(content))
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    frame.columns = [str(column) for column in frame.columns]
    for column in frame.columns:
        if isinstance(frame[column].dtype, pd.CategoricalDtype):
            frame[column] = frame[column].astype(object)
    return frame.reset_index(drop=True)


def _labelled(content: bytes, kind: str) -> pd.DataFrame:
    import pyreadstat

    read = pyreadstat.read_dta if kind == "dta" else pyreadstat.read_sav
    # The reader takes a path only; it is made in a folder that goes when it is done.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{kind}"
        path.write_bytes(content)
        frame, meta = read(str(path), user_missing=True)
    frame.columns = [str(column) for column in frame.columns]
    labels: dict[str, dict[str, str]] = {}
    reasons: dict[str, list[str]] = {}
    for column in frame.columns:
        own = {_key(value): str(text) for value, text in meta.variable_value_labels.get(column, {}).items()}
        if own:
            labels[column] = own
        missing = _missing_codes(frame[column], meta, column)
        if missing:
            words = {code: _reason(_key(code), own) for code in missing}
            cells = frame[column].tolist()
            frame[column] = pd.Series([words.get(cell, cell) for cell in cells], dtype=object)
            reasons[column] = sorted(words.values())
    frame = frame.reset_index(drop=True)
    frame.attrs = {
        COLUMN_LABELS: {k: str(v) for k, v in meta.column_names_to_labels.items() if v},
        VALUE_LABELS: labels,
        MISSING_REASONS: reasons,
    }
    return frame


def _missing_codes(cells: pd.Series[Any], meta: Any, column: str) -> set[Any]:
    """Values in the column that the file declares as missing: ranges of SPSS, letters of Stata."""
    found = {value for value in meta.missing_user_values.get(column, []) if value in set(cells.dropna())}
    ranges = meta.missing_ranges.get(column, [])
    for value in cells.dropna().unique():
        for each in ranges:
            low, high = (each["lo"], each["hi"]) if isinstance(each, Mapping) else (each, each)
            if isinstance(value, str) or isinstance(low, str):
                inside = value in (low, high)
            else:
                inside = low <= value <= high
            if inside:
                found.add(value)
    return found


def _reason(code: str, labels: Mapping[str, str]) -> str:
    return f"{code} = {labels[code]}" if code in labels else code


def _key(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f".{value}" if isinstance(value, str) and len(value) == 1 and value.isalpha() else str(value)
