"""Fields of a Word file: their result is text, their instruction is not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from interviews.formats.docx_styles import W, is_on, value_of
from interviews.formats.symbols import symbol

_SYMBOL = re.compile(r'^\s*SYMBOL\s+(0x[0-9a-f]+|\d+)(?:.*\\f\s+"?([\w ]+))?', re.IGNORECASE)


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    in_result: bool = False


@dataclass(slots=True)
class Fields:
    """Which fields are open.

    balanced : whether each that begins also ends; where not, only instructions are left out, so that a broken
        field cannot swallow the rest of the text.
    """

    balanced: bool = True
    _open: list[_Field] = field(default_factory=list)
    _before_results: int = 0

    @property
    def shown(self) -> bool:
        """Whether text that comes now is seen on the page."""
        return not self.balanced or not self._before_results

    def instruct(self, text: str) -> None:
        """Take a piece of the instruction."""
        if self._open:
            self._open[-1].instruction += text[:1000]

    def character(self, kind: str) -> str:
        """Take a `begin`, `separate` or `end`; return the sign that a field without result shows."""
        if kind == "begin":
            self._open.append(_Field())
            self._before_results += 1
        elif kind == "separate" and self._open and not self._open[-1].in_result:
            self._open[-1].in_result = True
            self._before_results -= 1
        elif kind == "end" and self._open:
            closed = self._open.pop()
            self._before_results -= not closed.in_result
            if not closed.in_result and self.shown:
                return symbol_field(closed.instruction)
        return ""


def symbol_field(instruction: str) -> str:
    """Return the character of a SYMBOL field, nothing for another."""
    found = _SYMBOL.match(instruction)
    if not found:
        return ""
    code = int(found.group(1), 0)
    return symbol(code, found.group(2) or "")


def form_field(character: etree._Element) -> str:
    """Return what a form field without result shows: a box, ticked or not, or the entry chosen in a list."""
    data = character.find(f"{W}ffData")
    if data is None:
        return ""
    box = data.find(f"{W}checkBox")
    if box is not None:
        own = box.find(f"{W}checked")
        return "☒" if is_on(own if own is not None else box.find(f"{W}default")) else "☐"
    choice = data.find(f"{W}ddList")
    if choice is None:
        return ""
    entries = [str(entry.get(f"{W}val", "")) for entry in choice.findall(f"{W}listEntry")]
    chosen = value_of(choice, "result") or value_of(choice, "default") or "0"
    index = int(chosen) if chosen.isascii() and chosen.isdigit() else 0
    return entries[index] if index < len(entries) else ""


def are_balanced(root: etree._Element) -> bool:
    """Say whether every field of a document that begins also ends."""
    depth = 0
    for one in root.iter(f"{W}fldChar"):
        kind = one.get(f"{W}fldCharType")
        depth += 1 if kind == "begin" else -1 if kind == "end" else 0
        if depth < 0:
            return False
    return depth == 0
