"""Schemes as tables: a workbook with one sheet a part, or a csv of the codes."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coding_schemes import places
from coding_schemes.errors import Phrase, SchemeError
from coding_schemes.scheme import Scheme
from coding_schemes.vocabulary import LANGUAGES, TEXT_FIELDS

LIST_SEPARATOR = "; "
LANGUAGE_COLUMNS = tuple(f"{name}_{language}" for name in TEXT_FIELDS for language in LANGUAGES)
CODE_COLUMNS = ("path", "uid", "color", "valence", *LANGUAGE_COLUMNS, "seed_words")
GROUP_COLUMNS = (
    "id",
    *(f"{name}_{language}" for name in ("label", "singular") for language in LANGUAGES),
    "words",
)
LINK_COLUMNS = ("theme", "kind", "target", "level", "by", *(f"note_{language}" for language in LANGUAGES))
CAVEAT_COLUMNS = tuple(f"text_{language}" for language in LANGUAGES)
TERM_COLUMNS = ("term", *(f"label_{language}" for language in LANGUAGES))
OUTCOME_COLUMNS = ("outcome", "good_direction")
PERIOD_COLUMNS = ("before",)
HEAD_COLUMNS = ("field", "value")

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
MOST_ENTRIES = 2_000
MOST_BYTES = 50_000_000
MOST_RATIO = 100
MOST_ROWS = 20_000

Row = Mapping[str, Any]


def write_csv(scheme: Scheme) -> str:
    """The codes as comma-separated text with a header line."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CODE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_code_row(code) for code in scheme.as_dict()["codes"])
    return out.getvalue()


def write_xlsx(scheme: Scheme) -> bytes:
    """A workbook with a sheet each for head, codes, groups, crosswalk, outcomes, periods, terms, caveats."""
    import xlsxwriter

    plain = scheme.as_dict()
    sheets: dict[str, tuple[Sequence[str], list[Row]]] = {
        "scheme": (HEAD_COLUMNS, _head_rows(plain)),
        "codes": (CODE_COLUMNS, [_code_row(code) for code in plain["codes"]]),
        "actor_groups": (GROUP_COLUMNS, [_group_row(group) for group in plain["actor_groups"]]),
        "crosswalk": (LINK_COLUMNS, [_link_row(link) for link in plain["crosswalk"]]),
        "outcomes": (OUTCOME_COLUMNS, _outcome_rows(plain["good_directions"])),
        "periods": (PERIOD_COLUMNS, [{"before": period} for period in plain["periods_before"]]),
        "terms": (TERM_COLUMNS, _term_rows(plain["terms"])),
        "caveats": (CAVEAT_COLUMNS, [_flat("text", caveat) for caveat in plain["caveats"]]),
    }
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, (columns, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, row in enumerate([{key: key for key in columns}, *rows]):
                for column, key in enumerate(columns):
                    sheet.write_string(place, column, str(row.get(key, "")))
    return out.getvalue()


def read_csv(path: Path) -> dict[str, Any]:
    """Plain scheme values from a csv of codes; the file's name gives id and label."""
    text = _decoded(path)
    delimiter = max(";,\t", key=text.partition("\n")[0].count)
    try:
        cells = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SchemeError(
            "{file}: not a readable csv ({detail}); save it again as csv UTF-8",
            reason="csv_broken",
            file=path.name,
            detail=error,
        ) from error
    codes = [_code_plain(row) for row in _rows(cells, CODE_COLUMNS, place=path.name, also=("label",))]
    return {"id": path.stem, "label": _named_after(path, codes), "codes": codes}


def read_xlsx(path: Path) -> dict[str, Any]:
    """Plain scheme values from a workbook; only the sheet `codes` (or one sheet of any name) is needed."""
    sheets = _sheets(path)
    code_sheet = "codes" if "codes" in sheets else next(iter(sheets))
    if code_sheet != "codes" and len(sheets) > 1:
        raise SchemeError(
            "{file}: no sheet 'codes' among {sheets}; rename the sheet of codes",
            reason="no_codes_sheet",
            file=path.name,
            sheets=", ".join(sheets),
        )

    def rows(sheet: str, columns: Sequence[str], also: Sequence[str] = ()) -> list[dict[str, str]]:
        return _rows(sheets.get(sheet, []), columns, place=places.sheet(path.name, sheet), also=also)

    codes = [_code_plain(row) for row in rows(code_sheet, CODE_COLUMNS, also=("label",))]
    head = {row["field"]: row["value"] for row in rows("scheme", HEAD_COLUMNS)}
    languages = _listed(head.get("languages", ""))
    label = _texts("label", head)
    plain: dict[str, Any] = {
        "id": head.get("id") or path.stem,
        "version": head.get("version") or "1",
        "label": label or _named_after(path, codes),
        "description": _texts("description", head),
        "codes": codes,
        "actor_groups": [_group_plain(row) for row in rows("actor_groups", GROUP_COLUMNS)],
        "crosswalk": [_link_plain(row) for row in rows("crosswalk", LINK_COLUMNS)],
        "good_directions": {
            row["outcome"]: row["good_direction"] for row in rows("outcomes", OUTCOME_COLUMNS)
        },
        "periods_before": [row["before"].strip() for row in rows("periods", PERIOD_COLUMNS)],
        "terms": {row["term"].strip(): _texts("label", row) for row in rows("terms", TERM_COLUMNS)},
        "caveats": [_texts("text", row) for row in rows("caveats", CAVEAT_COLUMNS)],
    }
    return plain | ({"languages": languages} if languages else {})


def guard_zip(path: Path) -> None:
    """Refuse what is no workbook, is locked, or would unpack to more than a scheme can be.

    Raises SchemeError. Declared sizes are checked first; then every part is read once, which stops at its
    declared size and shows by the check sum if the archive lied about it.
    """
    with path.open("rb") as stream:
        if stream.read(8) == OLE_MAGIC:
            raise SchemeError(
                "{file}: locked with a password or in the old .xls format; save it as .xlsx without password",
                reason="xlsx_locked",
                file=path.name,
            )
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive.infolist(), path.name)
            broken = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, RuntimeError) as error:
        raise SchemeError(
            "{file}: not an xlsx workbook ({detail}); save it again as .xlsx",
            reason="not_xlsx",
            file=path.name,
            detail=error,
        ) from error
    if broken is not None:
        raise SchemeError(
            "{file}: the part '{part}' is damaged; save the workbook again",
            reason="part_damaged",
            file=path.name,
            part=broken,
        )


def _check_sizes(entries: Sequence[zipfile.ZipInfo], file: str) -> None:
    names = {entry.filename for entry in entries}
    packed = max(1, sum(entry.compress_size for entry in entries))
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or len(names) != len(entries) or unpacked > MOST_BYTES:
        raise SchemeError(
            "{file}: refused, the archive holds too much or twice the same part",
            reason="archive_too_full",
            file=file,
        )
    if unpacked > 1_000_000 and unpacked / packed > MOST_RATIO:
        raise SchemeError(
            "{file}: refused, it would unpack to {times:.0f} times its size",
            reason="archive_unpacks",
            file=file,
            times=unpacked / packed,
        )


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    guard_zip(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        for name, sheet in sheets.items():
            if sheet.height > MOST_ROWS or sheet.width > 200:
                raise SchemeError(
                    "{file}, sheet '{sheet}': {rows} rows x {columns} columns are no scheme",
                    reason="sheet_too_large",
                    file=path.name,
                    sheet=name,
                    rows=sheet.height,
                    columns=sheet.width,
                )
        cells = {name: sheet.to_python(skip_empty_area=False) for name, sheet in sheets.items()}
    except (CalamineError, OSError, ValueError) as error:
        raise SchemeError(
            "{file}: the workbook cannot be read ({detail}); save it again",
            reason="xlsx_broken",
            file=path.name,
            detail=error,
        ) from error
    return {name: [[_cell(cell) for cell in row] for row in rows] for name, rows in cells.items() if rows}


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise SchemeError("{file}: not a text file; save it as csv UTF-8", reason="not_text", file=path.name)
    return text


def _rows(
    cells: Sequence[Sequence[str]], columns: Sequence[str], *, place: str | Phrase, also: Sequence[str] = ()
) -> list[dict[str, str]]:
    """Rows as dicts by column; the first column is required, unknown ones are refused."""
    if not cells:
        return []
    header = [name.strip() for name in cells[0]]
    for name in filter(None, header):
        if name not in columns and name not in also:
            raise SchemeError(
                "{place}: unknown column '{column}'; known are {known}",
                reason="unknown_column",
                place=place,
                column=name,
                known=", ".join((*columns, *also)),
            )
    if columns[0] not in header:
        raise SchemeError(
            "{place}: no column '{column}' in the first row; add the header row",
            reason="no_header",
            place=place,
            column=columns[0],
        )
    rows = []
    for row in cells[1:]:
        if any(cell.strip() for cell in row):
            full = dict.fromkeys((*columns, *also), "") | dict(zip(header, row, strict=False))
            rows.append(full)
    return rows


def _texts(name: str, row: Row) -> dict[str, str]:
    texts = {language: str(row.get(f"{name}_{language}", "")) for language in LANGUAGES}
    return {language: text for language, text in texts.items() if text}


def _flat(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_{language}": text for language, text in texts.items()}


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(LIST_SEPARATOR.strip()) if part.strip()]


def _head_rows(plain: Row) -> list[Row]:
    fields = {
        "id": plain["id"],
        "version": plain["version"],
        "languages": LIST_SEPARATOR.join(plain["languages"]),
        **_flat("label", plain["label"]),
        **_flat("description", plain["description"]),
    }
    return [{"field": name, "value": value} for name, value in fields.items()]


def _code_row(code: Row) -> Row:
    row = {key: code[key] for key in ("path", "uid", "color", "valence")}
    for name in TEXT_FIELDS:
        row |= _flat(name, code.get(name, {}))
    return row | {"seed_words": LIST_SEPARATOR.join(code["seed_words"])}


def _code_plain(row: Row) -> dict[str, Any]:
    valence = row["valence"].strip() or "0"
    texts: dict[str, Any] = {name: _texts(name, row) for name in TEXT_FIELDS}
    if row.get("label") and not texts["label"]:
        texts["label"] = {"en": row["label"]}
    return {
        "path": row["path"].strip(),
        "uid": row["uid"].strip(),
        "color": row["color"].strip(),
        "valence": int(valence) if valence.lstrip("+-").isdecimal() else valence,
        "seed_words": _listed(row["seed_words"]),
        **texts,
    }


def _group_row(group: Row) -> Row:
    return {
        "id": group["id"],
        **_flat("label", group["label"]),
        **_flat("singular", group.get("singular", {})),
        "words": LIST_SEPARATOR.join(group["words"]),
    }


def _group_plain(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"].strip(),
        "label": _texts("label", row),
        "singular": _texts("singular", row),
        "words": _listed(row["words"]),
    }


def _link_row(link: Row) -> Row:
    return {key: link.get(key, "") for key in LINK_COLUMNS[:5]} | _flat("note", link.get("note", {}))


def _link_plain(row: Row) -> dict[str, Any]:
    plain: dict[str, Any] = {key: row[key].strip() for key in LINK_COLUMNS[:5] if row[key].strip()}
    return plain | {"note": _texts("note", row)}


def _outcome_rows(directions: Mapping[str, str]) -> list[Row]:
    return [{"outcome": outcome, "good_direction": way} for outcome, way in directions.items()]


def _term_rows(terms: Mapping[str, Mapping[str, str]]) -> list[Row]:
    return [{"term": name, **_flat("label", words)} for name, words in terms.items()]


def _named_after(path: Path, codes: Iterable[Row]) -> dict[str, str]:
    languages = {language for code in codes for language in code["label"]} or {"en"}
    return dict.fromkeys(languages, path.stem)
