"""The one error of reading transcripts: names the file, the place and the remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping

_UNSHOWN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LONGEST_NAME = 120


def shown_name(file: str) -> str:
    """Return a file's name as it can stand in a sentence: one line, not long.

    Names from a disk may hold line breaks, controls and marks that turn the text around; they show as `?`.
    """
    shown = _UNSHOWN.sub("?", file)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[:80]}…{shown[-30:]}"


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
