"""Text on screen and in reports, in Danish and English.

A key is `topic.name` or `topic.group.name`; `catalogs/<language>.<topic>.toml` holds the topic's texts.
Both languages hold the same keys (tests/workbench/test_i18n.py).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
CATALOGS = Path(__file__).parent / "catalogs"

_current: ContextVar[Language] = ContextVar("language", default="da")


def set_language(language: Language) -> None:
    """Set the language that `t` uses in this thread or task."""
    _current.set(language)


def get_language() -> Language:
    """The language that `t` uses when none is given."""
    return _current.get()


def as_language(value: str | None, default: Language = "da") -> Language:
    """`value` if it is a language of the workbench, else `default`."""
    return value if value in LANGUAGES else default


def t(key: str, /, *, language: Language | None = None, **values: object) -> str:
    """The text of `key` with `{name}` places filled from `values`.

    A number `n` chooses between the entries `<key>.one` and `<key>.other` where the catalogue has them.
    Raises KeyError if the catalogue lacks the key: a missing text is a fault of the program.
    """
    texts = catalogue(language or get_language())
    if key not in texts and "n" in values:
        key = f"{key}.one" if values["n"] == 1 else f"{key}.other"
    return texts[key].format(**values) if values else texts[key]


def label(labels: Mapping[str, str], *, language: Language | None = None) -> str:
    """The label in the current language, else in the other one, else an empty text."""
    wanted = language or get_language()
    return labels.get(wanted) or next((labels[other] for other in LANGUAGES if labels.get(other)), "")


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All texts of a language, keys joined with dots."""
    texts: dict[str, str] = {}
    for path in sorted(CATALOGS.glob(f"{language}.*.toml")):
        topic = path.name.split(".")[1]
        texts.update(_flatten(topic, tomllib.loads(path.read_text(encoding="utf-8"))))
    return texts


def _flatten(prefix: str, entries: Mapping[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, entry in entries.items():
        key = f"{prefix}.{name}"
        flat.update(_flatten(key, entry) if isinstance(entry, Mapping) else {key: str(entry)})
    return flat
