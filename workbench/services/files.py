"""A file given by the user: a path on the command line, bytes from an upload on the page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

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

    @property
    def sha256(self) -> str:
        """Hash of the content, by which the same file is known again."""
        return hashlib.sha256(self.content).hexdigest()
