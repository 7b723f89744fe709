"""What the reader of a file was unsure of: as a version keeps it, and in the language of the user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from interviews import ReadingWarning
from workbench.i18n import Language, catalogue, get_language, t


def warnings_to_store(warnings: Sequence[str]) -> list[Any]:
    """Warnings as a version keeps them: sentence, stable word and values."""
    return [
        {
            "text": str(warning),
            "reason": getattr(warning, "reason", ""),
            "values": dict(getattr(warning, "values", {})),
        }
        for warning in warnings
    ]


def warnings_of(stored: Sequence[Any]) -> tuple[ReadingWarning, ...]:
    """The warnings of a version; those of older studies are plain sentences."""
    return tuple(
        ReadingWarning(str(one.get("text", "")), str(one.get("reason", "")), one.get("values") or {})
        if isinstance(one, Mapping)
        else ReadingWarning(str(one))
        for one in stored
    )


def warning_text(warning: str, *, language: Language | None = None) -> str:
    """A warning in the language of the user; one that the catalogue lacks says what it says itself."""
    spoken = language or get_language()
    reason = getattr(warning, "reason", "")
    key = f"transcripts.warning.{reason}"
    texts = catalogue(spoken)
    if not reason or not (key in texts or f"{key}.one" in texts):
        return str(warning)
    values: dict[str, object] = dict(getattr(warning, "values", {}))
    try:
        said = t(key, language=spoken, **values)
        return said if values or "{" not in said else str(warning)
    except (KeyError, IndexError):  # stored by a reader whose warning had other values
        return str(warning)
