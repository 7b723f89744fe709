"""On which page each heading stands: asked of LibreOffice if it is there, else estimated."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from workbench.word.blocks import (
    Block,
    Contents,
    FigureBlock,
    Heading,
    PageBreak,
    Table,
    Title,
    TraceTable,
)
from workbench.word.outline import flatten

TIMEOUT_SECONDS = 90
_LINES_A_PAGE, _CHARACTERS_A_LINE = 46, 88


def find_office() -> str | None:
    """The path of LibreOffice's command, None if it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(document: bytes, *, office: str, timeout_seconds: float = TIMEOUT_SECONDS) -> bytes | None:
    """The document as PDF, None if LibreOffice does not manage in time; runs in a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="workbench-pages-") as folder:
        source = Path(folder, "report.docx")
        source.write_bytes(document)
        command = [
            office, "--headless", "--norestore", f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--convert-to", "pdf:writer_pdf_Export", "--outdir", folder, str(source),
        ]  # fmt: skip
        if not _run(command, timeout_seconds):
            return None
        target = source.with_suffix(".pdf")
        return target.read_bytes() if target.exists() else None


def heading_pages(pdf: bytes) -> list[int]:
    """Page numbers (from 1) of the headings in a PDF made by LibreOffice, in reading order."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = []
        for entry in document.get_toc():
            destination = entry.get_dest()
            index = destination.get_index() if destination else None
            pages.append(1 if index is None else index + 1)
        return pages
    finally:
        document.close()


def estimated_pages(blocks: Sequence[Block]) -> list[int]:
    """Page numbers of the headings from the length of what stands before them."""
    line, pages = 0.0, []
    for block in flatten(blocks):
        if isinstance(block, Heading):
            pages.append(int(line // _LINES_A_PAGE) + 1)
        if isinstance(block, PageBreak):
            line = (line // _LINES_A_PAGE + 1) * _LINES_A_PAGE
        line += _lines(block)
    return pages


def _lines(block: Block) -> float:
    if isinstance(block, Heading):
        return 3.0
    if isinstance(block, Title):
        return 12.0
    if isinstance(block, Contents):
        return 14.0
    if isinstance(block, FigureBlock):
        return 22.0
    if isinstance(block, Table):
        return 6.0 + sum(_row_lines(row) for row in block.spec.rows)
    if isinstance(block, TraceTable):
        return 4.0 + 2.0 * len(block.entries)
    return 1.5 + len(str(getattr(block, "text", ""))) / _CHARACTERS_A_LINE


def _row_lines(row: Sequence[object]) -> float:
    return max(1.2 + len(str(cell)) / 40 for cell in row)


def _run(command: list[str], timeout_seconds: float) -> bool:
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError:
        return False
    try:
        return process.wait(timeout=timeout_seconds) == 0
    except subprocess.TimeoutExpired:
        # LibreOffice starts children of its own: the whole group ends.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
