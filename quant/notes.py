"""What a result wants its reader to know: a sentence with a stable reason and the values in it."""

from __future__ import annotations


class Note(str):
    """An English sentence; `reason` and `values` let a caller say it in another language."""

    reason: str
    values: dict[str, object]

    def __new__(cls, text: str, *, reason: str, **values: object) -> Note:
        """Fill the `{name}` places of `text` from `values`."""
        note = super().__new__(cls, text.format(**values) if values else text)
        note.reason = reason
        note.values = values
        return note
