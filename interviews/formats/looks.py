"""How a run of text looks, and how what styles say about it adds up."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Look:
    """What sets a run apart.

    colour : as the file writes it, empty for the usual one.
    style : the name of a style that states what the run is (`interviews.stated`).
    """

    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""
    style: str = ""


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Marks:
    """How runs look as far as one place says; None where it says nothing."""

    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    colour: str | None = None
    hidden: bool | None = None
    style: str | None = None
    font: str | None = None

    def over(self, below: Marks) -> Marks:
        """Return `below` with all that is said here."""
        said = {
            name: getattr(self, name) for name in self.__dataclass_fields__ if getattr(self, name) is not None
        }
        return replace(below, **said) if said else below

    def look(self) -> Look:
        """Return what can be seen."""
        if not (self.bold or self.italic or self.underline or self.colour):
            return PLAIN
        return Look(bool(self.bold), bool(self.italic), bool(self.underline), self.colour or "")


NO_MARKS = Marks()
