"""Files from the browser, as services and core packages take them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from workbench.services.files import GivenFile


class Upload(Protocol):
    """What Streamlit gives for an uploaded file."""

    name: str

    def getvalue(self) -> bytes: ...


def given_file(upload: Upload) -> GivenFile:
    """The upload as services take it."""
    return GivenFile(upload.name, upload.getvalue())


@contextmanager
def on_disk(upload: Upload) -> Iterator[Path]:
    """The upload as a file of its own name, for readers that take a path; it is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(upload.name).name
        path.write_bytes(upload.getvalue())
        yield path
