"""A file given by the user: a path on the command line, bytes from an upload on the page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from interviews import TranscriptError
from interviews.paths import content_of
from interviews.zip_guard import refuse_too_large
from workbench.errors import InvalidRequestError, os_problem
from workbench.i18n import t


@dataclass(frozen=True)
class GivenFile:
    """The content of a file and the name its user knows it by."""

    name: str
    content: bytes = field(repr=False)

    @classmethod
    def from_path(cls, path: str | Path) -> GivenFile:
        """Read a file. Raises InvalidRequestError if there is none or it cannot be read."""
        path = Path(path)
        try:
            return cls(path.name, path.read_bytes())
        except FileNotFoundError as error:
            raise InvalidRequestError(t("errors.no_such_file", path=path)) from error
        except OSError as error:
            raise InvalidRequestError(t("errors.not_read", path=path, detail=os_problem(error))) from error
        except ValueError as error:  # a name that no system knows, with NUL in it
            raise InvalidRequestError(t("errors.no_such_file", path=path)) from error

    @property
    def sha256(self) -> str:
        """Hash of the content, by which the same file is known again."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class KnownFile(GivenFile):
    """A file that was read: its name and hash are kept, its content was let go."""

    digest: str = ""

    @property
    def sha256(self) -> str:
        """Hash of the content that it had."""
        return self.digest


@dataclass(frozen=True)
class OfferedFile:
    """A file that is read when its turn comes: its name, its size in bytes, and how to get its content."""

    name: str
    size: int
    read: Callable[[], bytes] = field(repr=False)


def transcript_file(offered: GivenFile | OfferedFile | str | Path) -> GivenFile:
    """The file with its content; one that is too large for a transcript is refused before it is read.

    Raises TranscriptError for what is too large or no file, InvalidRequestError for one that cannot be read.
    """
    if isinstance(offered, GivenFile):
        return offered
    if isinstance(offered, OfferedFile):
        refuse_too_large(offered.size, file=offered.name)
        return GivenFile(offered.name, offered.read())
    path = Path(offered)
    try:
        return GivenFile(path.name, content_of(path))
    except TranscriptError as error:
        if error.detail in {"not_opened", "folder"}:
            return GivenFile.from_path(path)  # says more exactly what is the matter
        raise
