"""Codings as files: csv, xlsx or json, out and in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from quant import read_table
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services.coding import add_codings, list_codings
from workbench.services.files import GivenFile
from workbench.services.segments import statuses_of
from workbench.services.transcripts import get_transcript
from workbench.store.engine import StudyStore as Study

COLUMNS = ("id", "transcript", "start", "end", "quote", "code", "coder", "weight", "memo")
STATUS = "status"
FORMATS = ("csv", "xlsx", "json")


def export_codings(study: Study, file_format: str) -> bytes:
    """All codings as a file, one row each, with what the words are (`status`).

    Raises InvalidRequestError for an unknown format.
    """
    codings = [coding.as_dict() for coding in list_codings(study)]
    places = [(coding["transcript_id"], coding["start"], coding["end"]) for coding in codings]
    statuses = statuses_of(study, places)
    rows = [
        {**{name: coding[name] for name in COLUMNS}, STATUS: statuses.get(place, "verbatim")}
        for coding, place in zip(codings, places, strict=True)
    ]
    if file_format == "json":
        return json.dumps(rows, ensure_ascii=False, indent=2).encode()
    if file_format == "csv":
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, (*COLUMNS, STATUS))
        writer.writeheader()
        writer.writerows(rows)
        return b"\xef\xbb\xbf" + out.getvalue().encode()
    if file_format == "xlsx":
        return _xlsx(rows)
    raise InvalidRequestError(t("errors.codings_ending", ending=file_format, known=", ".join(FORMATS)))


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


def _xlsx(rows: list[dict[str, Any]]) -> bytes:
    """A sheet with the column names in its first row, so that it can be read back like the csv."""
    import xlsxwriter

    out = io.BytesIO()
    # No quotation may turn into a formula, a link or a number.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("codings")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, (*COLUMNS, STATUS), book.add_format({"bold": True}))
        for place, row in enumerate(rows, start=1):
            sheet.write_row(place, 0, [row[name] for name in (*COLUMNS, STATUS)])
    return out.getvalue()


def _json_rows(file: GivenFile) -> list[Mapping[str, Any]]:
    try:
        rows = json.loads(file.content)
    except ValueError as error:
        raise InvalidRequestError(t("errors.not_json", file=file.name, detail=error)) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidRequestError(
            t("errors.codings_not_a_list", file=file.name, fields=", ".join(COLUMNS[1:6]))
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
        raise InvalidRequestError(t("errors.coding_lacks", file=file, place=place, field=missing))
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
            t(
                "errors.quote_not_once",
                file=file,
                place=place,
                quote=quote[:40],
                times=text.count(quote),
                transcript=name,
            )
        )
    return coding | {"start": text.index(quote), "end": text.index(quote) + len(quote)}


def _whole(file: str, place: int, row: Mapping[str, Any], name: str) -> int:
    try:
        number = float(row[name])
    except (TypeError, ValueError) as error:
        raise InvalidRequestError(
            t("errors.coding_no_number", file=file, place=place, field=name, value=row[name])
        ) from error
    if not number.is_integer():
        raise InvalidRequestError(
            t("errors.coding_no_whole_number", file=file, place=place, field=name, value=row[name])
        )
    return int(number)
