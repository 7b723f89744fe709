"""PDF files with text: read in a child process with limits, put together again as paragraphs."""

from __future__ import annotations

from interviews.bounded import BoundedError, bounded_refusal, run_bounded
from interviews.formats.pdf_columns import in_reading_order
from interviews.formats.pdf_furniture import with_numbers_apart, without_furniture, without_overlap
from interviews.formats.pdf_pages import PdfPage, pages_of, with_label_gaps
from interviews.formats.pdf_paragraphs import paragraphs_of
from interviews.source import ReadingWarning, Source, reading_warning, refusal
from interviews.zip_guard import refuse_too_large

SECONDS = 60.0
MEMORY_BYTES = 600_000_000


def read_pdf(data: bytes, *, file: str) -> Source:
    """Return the lines of a PDF as paragraphs, without page headers, footers, page and line numbers.

    Raises TranscriptError: `encrypted` (password), `no_text` (a scan), `too_large`, `damaged`, `unsafe` (more
    than SECONDS or MEMORY_BYTES).
    """
    refuse_too_large(len(data), file=file)
    try:
        return run_bounded(read_here, data, file, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
    except BoundedError as error:
        raise bounded_refusal(error, file=file) from None


def read_here(data: bytes, file: str) -> Source:
    """As `read_pdf`, in this process and without its limits."""
    pages = _pages(data, file)
    if not any(page.lines for page in pages):
        raise refusal(
            file,
            reason="no_text",
            detail="scan",
            found="the {pages} pages hold pictures only, no text",
            remedy="run text recognition (OCR) on the scan and import the result",
            pages=len(pages),
        )
    warnings = (*_scanned(pages), *_cut_off(data))
    pages = in_reading_order(with_numbers_apart(without_furniture(pages)))
    lines = with_label_gaps(without_overlap(pages))
    return Source(tuple(paragraphs_of(lines, file=file)), "pdf", None, warnings)


def _scanned(pages: list[PdfPage]) -> tuple[ReadingWarning, ...]:
    scanned = [str(number) for number, page in enumerate(pages, 1) if page.pictures]
    if not scanned:
        return ()
    said = (
        "page {pages} holds a picture only and is missing here: run text recognition (OCR) on it"
        if len(scanned) == 1
        else "{n} pages hold pictures only and are missing ({pages}): run text recognition (OCR) on them"
    )
    return (reading_warning("scanned_pages", said, n=len(scanned), pages=", ".join(scanned)),)


def _cut_off(data: bytes) -> tuple[ReadingWarning, ...]:
    """A PDF ends with `%%EOF`; what is cut off may still open with pages missing."""
    if b"%%EOF" in data[-4096:]:
        return ()
    return (
        reading_warning(
            "pdf_cut_off", "the end of the file is missing: compare the last pages with the original"
        ),
    )


def _pages(data: bytes, file: str) -> list[PdfPage]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refused(str(error), file) from None
    try:
        return pages_of(document, file)
    except pypdfium2.PdfiumError:
        raise _refused("", file) from None
    finally:
        document.close()


def _refused(message: str, file: str) -> Exception:
    if "password" in message.lower():
        return refusal(
            file,
            reason="encrypted",
            detail="pdf_password",
            found="the file is protected by a password",
            remedy="open it, save or print it as a PDF without a password and import that",
        )
    return refusal(
        file,
        reason="damaged",
        detail="pdf_broken",
        found="the PDF is broken or cut off",
        remedy="fetch it again, or print it to a new PDF",
    )
