"""What the page hands to the coding surface and what it gets back: frozen values, no store, no screen.

All positions are half-open `[start, end)` in Unicode code points of the document's text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["interviewer", "respondent", "unknown"]
TurnKind = Literal["speech", "heading", "note"]


@dataclass(frozen=True)
class SurfaceTurn:
    """One turn: what `text[start:end]` is, who said it and when.

    The speaker and the time are drawn beside the text and are no part of it.
    """

    start: int
    end: int
    speaker: str | None = None
    time_seconds: float | None = None
    role: Role = "unknown"
    kind: TurnKind = "speech"


@dataclass(frozen=True)
class SurfaceDocument:
    """One immutable text version. `id` and `version` travel back with every operation."""

    id: str
    version: str
    text: str
    turns: tuple[SurfaceTurn, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class SurfaceCode:
    """A code as the palette shows it, its words already in the reader's language.

    id : whatever the service knows the code by; comes back in operations.
    group : label of the theme that the code belongs to, empty for a theme itself.
    seed_words : further words that the palette's filter finds the code by.
    """

    id: str
    label: str
    color: str = "#8a8f98"
    group: str = ""
    seed_words: tuple[str, ...] = ()
    definition: str = ""


@dataclass(frozen=True)
class SurfaceCoding:
    """A stored coding. `editable` False shows it without its buttons (another coder's, say)."""

    id: str
    start: int
    end: int
    code: str
    coder: str = ""
    memo: str = ""
    editable: bool = True


@dataclass(frozen=True)
class SurfaceSnapshot:
    """All codings of the document at `revision`, a number that grows with every stored change.

    Keep the same snapshot over many runs (session state) and send what came later as changes:
    an unchanged snapshot does not travel to the browser again.
    """

    revision: int
    codings: tuple[SurfaceCoding, ...]


@dataclass(frozen=True)
class SurfaceChange:
    """One change after the snapshot: `put` sets a coding as it now is, `remove` takes it away."""

    kind: Literal["put", "remove"]
    coding_id: str
    coding: SurfaceCoding | None = None

    @classmethod
    def put(cls, coding: SurfaceCoding) -> SurfaceChange:
        """The coding was added or is different now."""
        return cls("put", coding.id, coding)

    @classmethod
    def remove(cls, coding_id: str) -> SurfaceChange:
        """The coding is no more."""
        return cls("remove", coding_id)


@dataclass(frozen=True)
class SurfaceFilter:
    """Which codings are drawn: ids of codes and names of coders; None draws all."""

    codes: frozenset[str] | None = None
    coders: frozenset[str] | None = None

    @classmethod
    def of(cls, *, codes: Iterable[str] | None = None, coders: Iterable[str] | None = None) -> SurfaceFilter:
        """A filter from any iterables."""
        return cls(None if codes is None else frozenset(codes), None if coders is None else frozenset(coders))


@dataclass(frozen=True)
class SurfaceFocus:
    """Where the surface scrolls to: a coding's id or a position in code points.

    The surface goes there once for each new (`at`, `token`); change `token` to go there again.
    """

    at: str | int
    token: str = ""


@dataclass(frozen=True)
class SurfaceState:
    """What the browser has sent: the operations that it still holds as unsaved, oldest first."""

    outbox: tuple[dict[str, Any], ...] = ()
