"""The errors of coding schemes and theme tables, and the sentences they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """A sentence or a part of one in English, with what lets a caller say it in another language.

    text : with `{name}` places.   reason : one stable word.   values : what fills the places.
    """

    text: str
    reason: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text


class SchemeError(Exception):
    """A coding scheme cannot be read or is not coherent; its text names file, place and remedy.

    Attributes: `reason` (one stable word, or "" where none was given) and `values`, which fill the `{name}`
    places of `text`. A value may itself be a Phrase or an error.
    """

    def __init__(self, text: str, *, reason: str = "", **values: object) -> None:
        super().__init__(text.format(**values) if values else text)
        self.reason = reason
        self.values = values


class EmptySampleError(SchemeError):
    """A share was asked for over no interviews at all."""


def phrase(text: str, *, reason: str, **values: object) -> Phrase:
    """The phrase of these places."""
    return Phrase(text, reason, values)
