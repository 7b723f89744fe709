"""What holds in a group of an RTF file, and the control words that say how letters look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from interviews.formats.rtf_story import Story
from interviews.source import NoteKind


@dataclass(slots=True)
class State:
    """What holds in a group. goes : where its words go, "text", "nowhere", or what they are collected for.

    colour, font : numbers in the tables of the file, -1 for the usual one.
    """

    goes: str = "text"
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: int = -1
    hidden: bool = False
    deleted: bool = False
    font: int = -1
    skip: int = 1
    in_table: bool = False
    depth: int = 1
    style: int = 0
    run_style: int = 0
    outline: bool = False
    closes: str = ""


@dataclass(slots=True)
class Note:
    """A note or comment.

    place : what its place in the text is remembered under.     identity : the file's own name for it.
    """

    kind: NoteKind
    place: str
    story: Story
    author: str = ""
    date: str = ""
    identity: str = ""


def _set(name: str) -> Callable[[State, int | None], None]:
    def put(state: State, number: int | None) -> None:
        setattr(state, name, number != 0)

    return put


def _plain_again(state: State, number: int | None) -> None:
    state.bold = state.italic = state.underline = state.hidden = state.deleted = False
    state.run_style = 0
    state.colour = state.font = -1


def _no_line(state: State, number: int | None) -> None:
    state.underline = False


def _coloured(state: State, number: int | None) -> None:
    state.colour = number or 0


CHARACTER_WORDS: dict[str, Callable[[State, int | None], None]] = {
    "b": _set("bold"), "i": _set("italic"), "ul": _set("underline"), "ulw": _set("underline"),
    "uld": _set("underline"), "uldb": _set("underline"), "ulnone": _no_line, "cf": _coloured,
    "v": _set("hidden"),
    "deleted": _set("deleted"), "plain": _plain_again,
}  # fmt: skip
