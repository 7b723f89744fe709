"""The one error of reading transcripts: names the file, the place and the remedy."""


class TranscriptError(Exception):
    """A transcript cannot be read.

    Attributes: `file` (name as the user knows it), `reason`, `place` (page, part or line, or None), `remedy`.
    `reason` is one stable word: "missing", "empty", "too_large", "damaged", "encrypted", "unsupported",
    "no_text", "unsafe" (an archive that unpacks to far more than it should, or a document type definition)
    or "characters" (halves of characters that no text may hold).
    """

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        reason: str = "damaged",
        place: str | None = None,
        remedy: str = "",
    ) -> None:
        super().__init__(message)
        self.file = file
        self.reason = reason
        self.place = place
        self.remedy = remedy
