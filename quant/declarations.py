"""Declarations as data: a .toml or .json file read strictly into frozen dataclasses.

The type hints of the dataclass say what is expected; what a declaration means is checked where it is used.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from quant.errors import EffectError
from quant.outcome_rules import code_text

Declared = TypeVar("Declared")


def load_declaration(source: str | Path | bytes, name: str = "") -> tuple[object, str]:
    """Content of a .toml or .json file (or its bytes with a `name`), and the name of the file.

    Raises EffectError if it cannot be read.
    """
    label = name or (str(source) if not isinstance(source, bytes) else "")
    try:
        text = (source if isinstance(source, bytes) else Path(source).read_bytes()).decode("utf-8-sig")
        content = json.loads(text) if label.endswith(".json") else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise EffectError(
            "{file}: cannot be read as a declaration ({detail}); expected a .toml or .json file in UTF-8",
            reason="declaration_unreadable",
            file=Path(label).name,
            detail=str(error).splitlines()[0],
        ) from error
    return content, Path(label).name


def declared(kind: type[Declared], content: object, *, file: str, place: str = "") -> Declared:
    """The dataclass `kind` filled from a table of a declaration.

    place : where the table stands, such as "outcomes 2"; "" is the whole file.

    Raises EffectError that names the file, the place and what was expected: a table that is none, a name that
    is not known (with the nearest one that is), a name that is missing, a value of another type or choice.
    """
    if not isinstance(content, Mapping):
        raise _other(content, "{ name = ... }", file, place or file)
    hints = get_type_hints(kind)
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(map(str, content)) - set(known))
    if unknown:
        raise _unknown(unknown[0], sorted(known), file, place)
    for name, each in known.items():
        if name not in content and each.default is MISSING and each.default_factory is MISSING:
            raise EffectError(
                "{file}: '{name}' is missing; write it",
                reason="declaration_missing",
                file=file,
                name=f"{place}, {name}" if place else name,
            )
    where = f"{place}, " if place else ""
    return kind(
        **{name: _value(hints[name], given, file, f"{where}{name}") for name, given in content.items()}
    )


def _unknown(name: str, known: Sequence[str], file: str, place: str) -> EffectError:
    near = difflib.get_close_matches(name, known, n=1)
    where = f"{place}, {name}" if place else name
    if near:
        return EffectError(
            "{file}: '{name}' is not known; perhaps '{near}'? Expected one of: {known}",
            reason="declaration_unknown_near",
            file=file,
            name=where,
            near=near[0],
            known=", ".join(known),
        )
    return EffectError(
        "{file}: '{name}' is not known; expected one of: {known}",
        reason="declaration_unknown",
        file=file,
        name=where,
        known=", ".join(known),
    )


def _value(hint: Any, given: object, file: str, place: str) -> Any:
    """`given` as the type hint wants it."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        inner = [part for part in parts if part is not NoneType]
        return None if given is None else _value(inner[0], given, file, place)
    if origin is Literal:
        if given not in parts:
            raise EffectError(
                "{file}: {place} is '{given}', expected one of: {known}",
                reason="declaration_choice",
                file=file,
                place=place,
                given=given,
                known=", ".join(map(str, parts)),
            )
        return given
    if origin is tuple:
        return _list(parts[0], given, file, place)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(given, Mapping):
            raise _other(given, "{ name = ... }", file, place)
        return {str(name): _value(parts[1], each, file, f"{place} {name}") for name, each in given.items()}
    if is_dataclass(hint):
        return declared(hint, given, file=file, place=place)  # type: ignore[arg-type]
    return _plain(hint, given, file, place)


def _list(part: Any, given: object, file: str, place: str) -> tuple[Any, ...]:
    if isinstance(given, (str, Mapping)) or not isinstance(given, Sequence):
        raise _other(given, "[ ... ]", file, place)
    return tuple(_value(part, each, file, f"{place} {number}") for number, each in enumerate(given, start=1))


def _plain(hint: Any, given: object, file: str, place: str) -> Any:
    if hint is str and isinstance(given, date):  # TOML knows dates
        return given.isoformat()
    if hint is str and isinstance(given, (str, int, float)) and not isinstance(given, bool):
        return code_text(given)
    if hint is float and isinstance(given, (int, float)) and not isinstance(given, bool):
        return float(given)
    if hint in (int, bool) and type(given) is hint:
        return given
    raise _other(given, {str: '"text"', float: "0.5", int: "5", bool: "true"}[hint], file, place)


def _other(given: object, example: str, file: str, place: str) -> EffectError:
    return EffectError(
        "{file}: {place} is '{given}', expected a value of this kind: {example}",
        reason="declaration_kind",
        file=file,
        place=place,
        given=given,
        example=example,
    )
