"""The one error of reading transcripts: names the file, the place and the remedy."""


class TranscriptError(Exception):
    """A transcript cannot be read.

    Attributes: `file` (name as the user knows it), `reason` (a stable word such as "encrypted", "empty",
    "too_large", "damaged", "unsupported", "no_text"), `place` (page, part or line, or None), `remedy`.
    """

    def __init__(
        self, message: str, *, file: str = "", reason: str = "damaged", place: str | None = None, remedy: str = ""
    ) -> None:
        super().__init__(message)
        self.file = file
        self.reason = reason
        self.place = place
        self.remedy = remedy
