"""Codings as files: csv, xlsx or json, out and in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from quant import read_table
from workbench.display import Column, TableSpec, to_xlsx
from workbench.errors import InvalidRequestError
from workbench.services.coding import add_codings, list_codings
from workbench.services.files import GivenFile
from workbench.services.transcripts import get_transcript
from workbench.store.engine import StudyStore as Study

COLUMNS = ("id", "transcript", "start", "end", "quote", "code", "coder", "weight", "memo")
FORMATS = ("csv", "xlsx", "json")


def export_codings(study: Study, file_format: str) -> bytes:
    """All codings as a file, one row each. Raises InvalidRequestError for an unknown format."""
    codings = [coding.as_dict() for coding in list_codings(study)]
    rows = [{name: coding[name] for name in COLUMNS} for coding in codings]
    if file_format == "json":
        return json.dumps(rows, ensure_ascii=False, indent=2).encode()
    if file_format == "csv":
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
        return b"\xef\xbb\xbf" + out.getvalue().encode()
    if file_format == "xlsx":
        columns = tuple(
            Column(name, name, kind="integer" if name in ("start", "end", "weight") else "text")
            for name in COLUMNS
        )
        cells = tuple(tuple(row[name] for name in COLUMNS) for row in rows)
        return to_xlsx(
            [TableSpec(key="codings", title="codings", columns=columns, rows=cells, language="en")]
        )
    raise InvalidRequestError(f"codings cannot be written as .{file_format}; use one of {', '.join(FORMATS)}")


def import_codings(study: Study, file: GivenFile, *, actor: str) -> int:
    """Store the codings of a file as one action: all or none; returns how many were new.

    Columns transcript and code, and start and end or, where the words occur once in the transcript, quote;
    optional id, coder, weight, memo. A row without coder is stored as `actor`'s.
    Raises InvalidRequestError, NotFoundError, InvalidCodingError with the place in the file.
    """
    rows = _json_rows(file) if file.name.lower().endswith(".json") else _table_rows(file)
    texts: dict[str, str] = {}
    return add_codings(
        study,
        [_coding(study, file.name, place, row, texts) for place, row in enumerate(rows, 1)],
        actor=actor,
    )


def _json_rows(file: GivenFile) -> list[Mapping[str, Any]]:
    try:
        rows = json.loads(file.content)
    except ValueError as error:
        raise InvalidRequestError(f"{file.name}: this is no JSON ({error})") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidRequestError(
            f"{file.name}: expected a list of codings, each with {', '.join(COLUMNS[1:6])}"
        )
    return rows


def _table_rows(file: GivenFile) -> list[Mapping[str, Any]]:
    table = read_table(file.content, file.name)
    return [
        {
            str(name): value
            for name, value in row.items()
            if str(value).strip() not in ("", "nan", "None", "<NA>")
        }
        for row in table.to_dict("records")
    ]


def _coding(
    study: Study, file: str, place: int, row: Mapping[str, Any], texts: dict[str, str]
) -> dict[str, Any]:
    absent = [name for name in ("transcript", "code") if not row.get(name)]
    if absent or not (row.get("quote") or ("start" in row and "end" in row)):
        missing = absent[0] if absent else "start and end, or quote"
        raise InvalidRequestError(f"{file}, coding {place}: {missing} is missing")
    coding: dict[str, Any] = {
        name: row.get(name) for name in ("id", "transcript", "code", "coder", "quote", "memo")
    }
    coding["transcript"] = str(row["transcript"]).removesuffix(".0")
    coding["weight"] = _whole(file, place, row, "weight") if row.get("weight") is not None else None
    if "start" in row and "end" in row:
        return coding | {name: _whole(file, place, row, name) for name in ("start", "end")}
    name, quote = str(coding["transcript"]), str(row["quote"])
    if name not in texts:
        texts[name] = get_transcript(study, name).text
    text = texts[name]
    if text.count(quote) != 1:
        raise InvalidRequestError(
            f"{file}, coding {place}: the words {quote[:40]!r} occur {text.count(quote)} times in {name}; "
            "give start and end"
        )
    return coding | {"start": text.index(quote), "end": text.index(quote) + len(quote)}


def _whole(file: str, place: int, row: Mapping[str, Any], name: str) -> int:
    try:
        number = float(row[name])
    except (TypeError, ValueError) as error:
        raise InvalidRequestError(f"{file}, coding {place}: {name} is {row[name]!r}, no number") from error
    if number != int(number):
        raise InvalidRequestError(f"{file}, coding {place}: {name} is {row[name]!r}, no whole number")
    return int(number)
