"""Instruments as .xlsx workbooks: reading (complaints name sheet, row and column) and the sheets to write.

Sheets: `instrument` (key, value), `items`, and where wanted `respondents`, `dimensions`, `factors`,
`scales`, `variants`. Texts stand in columns by language: `label_da`, `wording_ar`.
Source: docs/methods/questionnaires.md
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from quant.errors import InstrumentError, QuantError
from quant.instrument import Instrument, Rules
from quant.tables import read_sheets

Places = dict[tuple[str, str], int]
"""(sheet, id) -> row in the workbook, counted from 1."""

LISTS = ("items", "respondents", "dimensions", "factors", "scales", "variants")
_NEEDED = {
    "items": ("id", "respondent", "scale_min", "scale_max"),
    "respondents": ("id",),
    "dimensions": ("id",),
    "factors": ("id", "items"),
    "scales": ("id",),
    "variants": ("id", "scale_min", "scale_max"),
}
_WHOLE = ("scale_min", "scale_max", "order", "direction")
_TEXTS = ("label", "wording", "introduction", "low", "high")
# Which sheet holds the entry that an error of coherence names.
_NAMED_IN = {"item": "items", "factor": "factors", "variant": "variants", "scale": "scales"}


def from_workbook(content: bytes, name: str) -> tuple[dict[str, Any], Places]:
    """The entries of an instrument in a workbook, and where each stands.

    Raises InstrumentError that names sheet, row, column and what is expected there.
    """
    try:
        sheets = {sheet.strip().lower(): rows for sheet, rows in read_sheets(content, name).items()}
    except QuantError as error:
        raise InstrumentError("{problem}", reason="problem", problem=error) from error
    for needed in ("instrument", "items"):
        if needed not in sheets:
            raise InstrumentError(
                "{file}: sheet {sheet!r} is missing (found: {sheets})",
                reason="sheet_missing",
                file=name,
                sheet=needed,
                sheets=", ".join(sheets) or "none",
            )
    settings = {
        _word(row[0]): row[1] for row in sheets["instrument"] if len(row) > 1 and row[0] not in ("", None)
    }
    if settings.get("id") in ("", None):
        raise InstrumentError(
            "{file}, sheet 'instrument': no row has the key id; write id in column A and a short name "
            "in column B",
            reason="settings_lack_id",
            file=name,
        )
    entries = _nest({key: value for key, value in settings.items() if key not in Rules.__dataclass_fields__})
    entries["rules"] = {
        key: _word(value) if isinstance(value, float) else value
        for key, value in settings.items()
        if key in Rules.__dataclass_fields__
    }
    places: Places = {}
    for sheet in LISTS:
        entries[sheet] = list(_records(sheets.get(sheet, []), sheet, name, places))
    if not entries["respondents"]:
        named = dict.fromkeys(entry["respondent"] for entry in entries["items"])
        entries["respondents"] = [{"id": respondent} for respondent in named if respondent]
    return entries, places


@contextmanager
def in_workbook(name: str, places: Places) -> Iterator[None]:
    """Give an error of coherence the sheet and the row of the entry that it names."""
    try:
        yield
    except InstrumentError as error:
        for value, sheet in _NAMED_IN.items():
            row = places.get((sheet, str(error.values.get(value, ""))))
            if row is not None:
                raise InstrumentError(
                    "{file}, sheet {sheet!r}, row {row}: {problem}",
                    reason="in_row",
                    file=name,
                    sheet=sheet,
                    row=row,
                    problem=error,
                ) from error
        raise InstrumentError("{file}: {problem}", reason="in_file", file=name, problem=error) from error


def _records(rows: list[list[Any]], sheet: str, name: str, places: Places) -> Iterator[dict[str, Any]]:
    if not rows:
        return
    header = [_word(cell) for cell in rows[0]]
    for column in _NEEDED[sheet]:
        if column not in header:
            raise InstrumentError(
                "{file}, sheet {sheet!r}, row 1: column {column!r} is missing (found: {columns}); "
                "write it in the first row",
                reason="column_missing",
                file=name,
                sheet=sheet,
                column=column,
                columns=", ".join(filter(None, header)) or "none",
            )
    for number, row in enumerate(rows[1:], 2):
        if all(cell in ("", None) for cell in row):
            continue
        record = {column: cell for column, cell in zip(header, row, strict=False) if column}
        for column in _NEEDED[sheet]:
            if record.get(column) in ("", None):
                raise InstrumentError(
                    "{file}, sheet {sheet!r}, row {row}, column {column!r}: the cell is empty; write a value",
                    reason="cell_blank",
                    file=name,
                    sheet=sheet,
                    row=number,
                    column=column,
                )
        for column in _WHOLE:
            if record.get(column) not in ("", None):
                record[column] = _whole(record[column], name, sheet, number, column)
        record = {column: _word(cell) if isinstance(cell, float) else cell for column, cell in record.items()}
        record["id"] = _word(record["id"])
        entry = _nest(record)
        if sheet == "variants":
            entry["values"] = _numbers(entry.get("values", ""), name, sheet, number)
        places.setdefault((sheet, record["id"]), number)
        yield entry


def _whole(cell: Any, name: str, sheet: str, row: int, column: str) -> int:
    try:
        value = float(str(cell).strip().replace(",", "."))
    except ValueError:
        value = 0.5
    if value != int(value):
        raise InstrumentError(
            "{file}, sheet {sheet!r}, row {row}, column {column!r}: expected a whole number, found {found!r}",
            reason="cell_whole",
            file=name,
            sheet=sheet,
            row=row,
            column=column,
            found=str(cell),
        )
    return int(value)


def _numbers(cell: Any, name: str, sheet: str, row: int) -> dict[str, float]:
    """`1=1 2=4 3=7` as numbers by point."""
    try:
        pairs = [part.split("=") for part in str(cell or "").replace(";", " ").split()]
        return {point: float(value.replace(",", ".")) for point, value in pairs}
    except ValueError as error:
        raise InstrumentError(
            "{file}, sheet {sheet!r}, row {row}, column {column!r}: "
            "expected point=answer with blanks between, such as 1=1 2=4 3=7, found {found!r}",
            reason="cell_values",
            file=name,
            sheet=sheet,
            row=row,
            column="values",
            found=str(cell),
        ) from error


def _word(cell: Any) -> str:
    """A cell as text; spreadsheets hold 1 as 1.0."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell if cell is not None else "").strip()


def _nest(record: Mapping[str, Any]) -> dict[str, Any]:
    """`label_da`, `wording_en` ... become one entry by language; blank cells are left out."""
    nested: dict[str, Any] = {}
    for key, value in record.items():
        if value in ("", None):
            continue
        stem, _, language = key.partition("_")
        if stem in _TEXTS and language:
            nested.setdefault(stem, {})[language] = value
        elif stem == "point" and language.count("_") == 1:
            point, _, spoken = language.partition("_")
            nested.setdefault("points", {}).setdefault(point, {})[spoken] = value
        else:
            nested[key] = value
    return nested


def workbook_sheets(instrument: Instrument) -> dict[str, list[list[Any]]]:
    """The rows of every sheet, first row first, as `from_workbook` reads them back."""
    rules = instrument.rules
    settings: dict[str, Any] = {
        "id": instrument.id,
        "version": instrument.version,
        **{f"label_{language}": text for language, text in instrument.label.items()},
        **{f"introduction_{language}": text for language, text in instrument.introduction.items()},
        "source": instrument.source,
        "pairing": rules.pairing,
        "rounds": " ".join(map(str, rules.rounds)),
        "complete_answers": "yes" if rules.complete_answers else "no",
        "required_background": " ".join(rules.required_background),
    }
    content = instrument.as_dict()
    sheets: dict[str, list[list[Any]]] = {"instrument": [[key, value] for key, value in settings.items()]}
    for sheet in ("items", "respondents", "dimensions", "scales", "variants", "factors"):
        if content[sheet]:
            sheets[sheet] = _rows([_flat(entry) for entry in content[sheet]])
    return sheets


def _flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in entry.items():
        if key == "points":
            for point, words in value.items():
                flat.update({f"point_{point}_{language}": text for language, text in words.items()})
        elif key == "values":
            flat[key] = " ".join(f"{point}={answer:g}" for point, answer in value.items())
        elif isinstance(value, Mapping):
            flat.update({f"{key}_{language}": text for language, text in value.items()})
        elif isinstance(value, (tuple, list)):
            flat[key] = " ".join(map(str, value))
        else:
            flat[key] = value
    return flat


def _rows(records: list[dict[str, Any]]) -> list[list[Any]]:
    columns = list(dict.fromkeys(column for record in records for column in record))
    return [columns, *([record.get(column) for column in columns] for record in records)]
