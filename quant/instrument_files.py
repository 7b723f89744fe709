"""Reading instruments from the shipped folder, a .toml file or an .xlsx workbook."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from quant.errors import InstrumentError, QuantError
from quant.instrument import Dimension, Instrument, Item, Label, NamedFactor, Pairing, Respondent, Rules
from quant.tables import read_sheets

SHIPPED = Path(__file__).parent / "instruments"
LANGUAGES_FIRST = ("da", "en")


def list_instruments() -> tuple[str, ...]:
    """Names of the shipped instruments."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load_instrument(name_or_path: str | Path) -> Instrument:
    """A shipped instrument by name, or one from a .toml or .xlsx file.

    Raises InstrumentError if the file is missing, unreadable or not coherent.
    Source: docs/methods/questionnaires.md (the layout of both file kinds)
    """
    shipped = str(name_or_path) in list_instruments()
    path = SHIPPED / f"{name_or_path}.toml" if shipped else Path(name_or_path)
    if not path.is_file():
        known = ", ".join(list_instruments())
        raise InstrumentError(
            "no instrument {given!r}: give a shipped name ({shipped}) or a .toml or .xlsx file",
            reason="no_such_instrument",
            given=str(name_or_path),
            shipped=known,
        )
    return parse_instrument(path.read_bytes(), path.name)


def parse_instrument(content: bytes, name: str) -> Instrument:
    """The instrument in a file's bytes; `name` decides between .toml and .xlsx and stands in errors."""
    if name.lower().endswith(".xlsx"):
        return _build(_from_workbook(content, name), name)
    try:
        entries = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InstrumentError(
            "{file}: expected an instrument in TOML (UTF-8), found: {detail}",
            reason="not_toml",
            file=name,
            detail=error,
        ) from error
    return _build(entries, name)


def _build(entries: Mapping[str, Any], name: str) -> Instrument:
    try:
        return Instrument(
            id=str(entries["id"]),
            version=str(entries.get("version", "1")),
            label=_label(entries.get("label"), entries["id"]),
            source=str(entries.get("source", "")),
            respondents=tuple(_respondent(entry) for entry in entries.get("respondents", ())),
            items=tuple(_item(entry, number) for number, entry in enumerate(entries.get("items", ()), 1)),
            factors=tuple(_factor(entry) for entry in entries.get("factors", ())),
            rules=_rules(entries.get("rules", {})),
            dimensions=tuple(
                Dimension(str(entry["id"]), _label(entry.get("label"), entry["id"]))
                for entry in entries.get("dimensions", ())
            ),
        )
    except KeyError as error:
        raise InstrumentError(
            "{file}: an entry lacks the key {key!r}", reason="entry_lacks_key", file=name, key=error.args[0]
        ) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise InstrumentError(
            "{file}: an entry has a value of the wrong kind ({detail})",
            reason="entry_wrong_kind",
            file=name,
            detail=error,
        ) from error
    except InstrumentError as error:
        raise InstrumentError("{file}: {problem}", reason="in_file", file=name, problem=error) from error


def _label(value: Any, fallback: object) -> Label:
    if isinstance(value, Mapping):
        return {str(k): str(v) for k, v in value.items()}
    return dict.fromkeys(LANGUAGES_FIRST, str(value or fallback))


def _respondent(entry: Mapping[str, Any]) -> Respondent:
    return Respondent(str(entry["id"]), _label(entry.get("label"), entry["id"]), str(entry.get("prefix", "")))


def _item(entry: Mapping[str, Any], number: int) -> Item:
    direction = int(entry.get("direction", 1))
    return Item(
        id=str(entry["id"]),
        respondent=str(entry["respondent"]),
        order=int(entry.get("order", number)),
        dimension=str(entry.get("dimension", "")),
        label=_label(entry.get("label"), entry["id"]),
        scale_min=int(entry["scale_min"]),
        scale_max=int(entry["scale_max"]),
        direction=direction,  # type: ignore[arg-type]  # the instrument checks it
        pair=str(entry["pair"]) if entry.get("pair") else None,
        wording=_label(entry["wording"], "") if entry.get("wording") else {},
    )


def _factor(entry: Mapping[str, Any]) -> NamedFactor:
    items = entry["items"]
    members = items.split() if isinstance(items, str) else [str(i) for i in items]
    solution = str(entry.get("solution", "main"))
    return NamedFactor(str(entry["id"]), solution, _label(entry.get("label"), entry["id"]), tuple(members))


def _rules(entry: Mapping[str, Any]) -> Rules:
    pairing = entry.get("pairing", "none")
    if pairing not in get_args(Pairing):
        raise InstrumentError(
            "rules: pairing {pairing!r} is unknown (use one of {known})",
            reason="unknown_pairing",
            pairing=pairing,
            known=", ".join(get_args(Pairing)),
        )
    return Rules(
        pairing=pairing,
        rounds=tuple(int(r) for r in _as_list(entry.get("rounds"))),
        complete_answers=str(entry.get("complete_answers", True)).lower() in ("true", "1", "yes", "ja"),
        required_background=tuple(str(b) for b in _as_list(entry.get("required_background"))),
    )


def _as_list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return value.replace(",", " ").split() if isinstance(value, str) else list(value)


def _from_workbook(content: bytes, name: str) -> dict[str, Any]:
    """Sheets `instrument` (key, value), `items`, and where wanted `respondents`, `dimensions`, `factors`."""
    try:
        sheets = {sheet.lower(): rows for sheet, rows in read_sheets(content, name).items()}
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
        str(row[0]).strip(): row[1]
        for row in sheets["instrument"]
        if len(row) > 1 and row[0] not in ("", None)
    }
    entries = _nest({key: value for key, value in settings.items() if key not in Rules.__dataclass_fields__})
    entries["rules"] = {key: value for key, value in settings.items() if key in Rules.__dataclass_fields__}
    for sheet in ("items", "respondents", "dimensions", "factors"):
        entries[sheet] = _records(sheets.get(sheet, []))
    if not entries["respondents"]:
        named = dict.fromkeys(str(entry.get("respondent", "")) for entry in entries["items"])
        entries["respondents"] = [{"id": respondent} for respondent in named if respondent]
    return entries


def _records(rows: list[list[Any]]) -> list[dict[str, Any]]:
    if not rows:
        return []
    header = [str(cell).strip() for cell in rows[0]]
    filled = [row for row in rows[1:] if any(cell not in ("", None) for cell in row)]
    return [_nest(dict(zip(header, row, strict=False))) for row in filled]


def _nest(record: Mapping[str, Any]) -> dict[str, Any]:
    """`label_da`, `label_en`, `wording_da` ... become one entry by language; blank cells are left out."""
    nested: dict[str, Any] = {}
    for key, value in record.items():
        if value in ("", None):
            continue
        stem, _, language = key.partition("_")
        if stem in ("label", "wording") and language:
            nested.setdefault(stem, {})[language] = value
        else:
            nested[key] = value
    return nested


def instrument_from_dict(content: Mapping[str, Any], *, name: str = "instrument") -> Instrument:
    """The instrument held by plain values, as `Instrument.as_dict` gives them."""
    return _build(content, name)
