"""Parts of a Word file that stand in it in another format, as programs that convert to Word leave them."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Sequence
from importlib import import_module

from interviews.characters import clean_text, decode
from interviews.errors import TranscriptError
from interviews.source import Paragraph, Source

_READERS = {
    "html": ("interviews.formats.html", "read_html"),
    "rtf": ("interviews.formats.rtf", "read_rtf"),
}


def read_chunk(
    content: bytes, *, file: str, read_word: Callable[[bytes, str], Source]
) -> Sequence[Paragraph] | None:
    """Return the paragraphs of such a part (Word, RTF, HTML, also in a web archive, or text), or None if it
    cannot be read."""
    try:
        if content.startswith(b"PK"):
            return read_word(content, file).paragraphs
        head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if head.startswith(b"mime-version:"):
            content = _page_of_archive(content)
            head = content[:1024].lower()
        if head.startswith(b"{\\rtf"):
            return _read_as("rtf", content, file)
        if b"<html" in head or b"<!doctype html" in head or head.startswith(b"<"):
            return _read_as("html", content, file)
        text = clean_text(decode(content, file=file)[0], file=file)
    except (TranscriptError, ImportError, LookupError, ValueError):
        return None
    return [Paragraph(line) for line in text.split("\n")]


def _read_as(kind: str, content: bytes, file: str) -> Sequence[Paragraph]:
    module, function = _READERS[kind]
    source: Source = getattr(import_module(module), function)(content, file=file)
    return source.paragraphs


def _page_of_archive(content: bytes) -> bytes:
    message = email.message_from_bytes(content, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            text: str = part.get_content()
            return b'<html><head><meta charset="utf-8"></head>' + text.encode("utf-8", "replace")
    return b""
