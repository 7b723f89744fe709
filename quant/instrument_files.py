"""Reading instruments from the shipped folder, a .toml file or an .xlsx workbook."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from quant.errors import InstrumentError
from quant.instrument import Dimension, Instrument, Item, NamedFactor, Pairing, Respondent, Rules
from quant.instrument_workbook import from_workbook, in_workbook
from quant.scale_variants import Label, Scale, ScaleVariant

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
        entries, places = from_workbook(content, name)
        with in_workbook(name, places):
            return _built(entries)
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
        return _built(entries)
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


def _built(entries: Mapping[str, Any]) -> Instrument:
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
        scales=tuple(_scale(entry) for entry in entries.get("scales", ())),
        variants=tuple(_variant(entry) for entry in entries.get("variants", ())),
        introduction=_texts(entries.get("introduction")),
    )


def _texts(value: Any) -> Label:
    return _label(value, "") if value else {}


def _scale(entry: Mapping[str, Any]) -> Scale:
    points = {str(point): _label(words, point) for point, words in dict(entry.get("points", {})).items()}
    return Scale(str(entry["id"]), _texts(entry.get("low")), _texts(entry.get("high")), points)


def _variant(entry: Mapping[str, Any]) -> ScaleVariant:
    return ScaleVariant(
        id=str(entry["id"]),
        label=_label(entry.get("label"), entry["id"]),
        scale_min=int(entry["scale_min"]),
        scale_max=int(entry["scale_max"]),
        rule=entry.get("rule", "linear"),
        values={str(point): float(value) for point, value in dict(entry.get("values", {})).items()},
        points={str(point): _label(words, point) for point, words in dict(entry.get("points", {})).items()},
        respondents=tuple(str(respondent) for respondent in _as_list(entry.get("respondents"))),
        drawn=entry.get("drawn", "numbers"),
    )


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
        wording=_texts(entry.get("wording")),
        scale=str(entry.get("scale", "")),
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


def instrument_from_dict(content: Mapping[str, Any], *, name: str = "instrument") -> Instrument:
    """The instrument held by plain values, as `Instrument.as_dict` gives them."""
    return _build(content, name)
