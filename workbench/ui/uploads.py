"""Files from the browser, as services and core packages take them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import streamlit as st

from workbench.i18n import t
from workbench.services.files import GivenFile
from workbench.streamlit_options import LARGEST_UPLOAD_MB


class Upload(Protocol):
    """What Streamlit gives for an uploaded file."""

    name: str
    size: int

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


def label_uploaders() -> None:
    """Put Streamlit's own words in upload fields into the language of the screen; once a run is enough."""
    limit = t("uploads.limit", megabytes=LARGEST_UPLOAD_MB)
    st.html(
        "<style>"
        '[data-testid="stFileUploaderDropzone"] [data-testid="stMarkdownContainer"] p,'
        '[data-testid="stFileUploaderDropzoneInstructions"] span{font-size:0}'
        '[data-testid="stFileUploaderDropzone"] [data-testid="stMarkdownContainer"] p::after'
        f'{{content:"{t("uploads.choose")}";font-size:.875rem}}'
        '[data-testid="stFileUploaderDropzoneInstructions"] span::after'
        f'{{content:"{limit}";font-size:.875rem}}'
        "</style>"
    )
