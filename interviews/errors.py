"""The one error of reading transcripts: names the file, the place and the remedy."""

from __future__ import annotations

from collections.abc import Mapping


class TranscriptError(Exception):
    """A transcript cannot be read.

    Attributes: `file` (name as the user knows it), `reason`, `place` (page, part or line, or None), `remedy`.
    `reason` is one stable word: "missing", "empty", "too_large", "damaged", "encrypted", "unsupported",
    "no_text", "unsafe" (an archive that unpacks to far more than it should, or a document type definition)
    or "characters" (halves of characters that no text may hold). `detail` is the stable word of the
    sentence, of which a reason has several, and `values` are the numbers and names in it: with both, a caller
    can say it in another language.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        reason: str = "damaged",
        place: str | None = None,
        remedy: str = "",
        detail: str = "",
        values: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.file = file
        self.reason = reason
        self.place = place
        self.remedy = remedy
        self.detail = detail
        self.values = dict(values or {})
