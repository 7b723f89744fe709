"""A user's words inside Markdown."""

from __future__ import annotations


def escaped(text: str) -> str:
    """The text with the signs that Markdown would take for its own escaped."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>()#+-!|~$:" else sign for sign in text)
