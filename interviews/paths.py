"""Fetch the content of a file on disk: only of a file, and never more than the limit."""

from __future__ import annotations

import stat
from pathlib import Path

from interviews.errors import TranscriptError
from interviews.source import refusal
from interviews.zip_guard import MAX_FILE_BYTES, refuse_too_large


def content_of(path: str | Path) -> bytes:
    """Return what is in a file.

    Raises TranscriptError: `missing` for what is not there, may not be read, or is no file (folders, devices,
    pipes), `too_large` from the size alone, before anything is read.
    """
    path = Path(path)
    name = path.name or str(path)
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise _missing(name, "folder", "this is a folder", "choose the files in it")
        if not stat.S_ISREG(state.st_mode):
            raise _missing(
                name, "not_a_file", "this is no file but a device or a connection", "choose a file"
            )
        refuse_too_large(state.st_size, file=name)
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError):
        remedy = "check that it is there and that you may read it"
        raise _missing(name, "not_opened", "the file cannot be opened", remedy) from None
    refuse_too_large(len(content), file=name)
    return content


def _missing(name: str, detail: str, found: str, remedy: str) -> TranscriptError:
    return refusal(name, reason="missing", detail=detail, found=found, remedy=remedy)
