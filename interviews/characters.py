"""Decode text files and bring line ends and stray characters into one form, once, at import."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from interviews.encodings import (
    decode_mixed,
    decode_single_byte,
    has_utf8_characters,
    mend_doubled,
    single_byte_encoding,
    utf16_pattern,
)
from interviews.source import ReadingWarning, reading_warning, refusal

MAX_CHARACTERS = 20_000_000
MAX_TEXT_BYTES = 24 * 1024 * 1024  # some hundred interviews; a text file has no pictures in it
MAX_LINES = 300_000
MAX_CELLS = 400_000
MAX_CONTROLS = 2_000_000  # control words of RTF
MAX_PARAGRAPHS = 150_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNICODE = frozenset({"utf-8", *(encoding for _, encoding in _BOMS)})
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str, *, file: str = "") -> str:
    """Return `text` with `\\n` as the only line end, without byte-order marks, NUL and other control
    characters.

    Raises TranscriptError (`characters`) if the text holds half of a surrogate pair, which no file can store.
    """
    half = None if text.isascii() else _SURROGATES.search(text)
    if half:
        raise refusal(
            file,
            reason="characters",
            detail="half_character",
            place=f"line {text.count(chr(10), 0, half.start()) + 1}",
            found="the text holds half of a character (a lone surrogate)",
            remedy="save the file again as UTF-8 in the program it comes from",
        )
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def decode(data: bytes, *, file: str = "") -> tuple[str, str, tuple[ReadingWarning, ...]]:
    """Return text, encoding and warnings of a text file.

    Order: byte-order mark; the pattern of NUL bytes that UTF-16 leaves; UTF-8; lines of UTF-8 among lines of
    an older encoding; else the older encoding that fits best (Windows-1252, Mac Roman or a code page of
    DOS). Characters that were encoded twice are mended. All but the sound cases come with a warning.

    Raises TranscriptError: `too_large` above MAX_TEXT_BYTES, `damaged` for a file that is not what its mark
    says.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise refusal(
            file,
            reason="too_large",
            detail="too_much_text",
            found="the text is {megabytes:.0f} MB; the limit is {limit} MB",
            remedy="split the file into one file an interview",
            megabytes=len(data) / 1024**2,
            limit=MAX_TEXT_BYTES // 1024**2,
        )
    text, encoding, warnings = _decoded(data, file)
    text, mended = (text, 0) if text.isascii() else mend_doubled(text)
    if mended:
        warnings.append(
            reading_warning(
                "encoded_twice",
                "{n:character was|characters were} in a wrong encoding (such as Ã¦ for æ) and mended:"
                " check the words",
                n=mended,
            )
        )
    lost = text.count("\ufffd") if encoding not in _UNICODE else 0
    if lost:
        warnings.append(
            reading_warning(
                "unreadable",
                "{count} characters of the file could not be read and show as \ufffd",
                count=lost,
            )
        )
    return text, encoding, tuple(warnings)


def refuse_too_many(
    count: int, *, what: Literal["lines", "cues", "paragraphs", "cells", "tags"], file: str
) -> None:
    """Raise TranscriptError (`too_large`) for more of something than an interview has."""
    limit = {"lines": MAX_LINES, "cells": MAX_CELLS, "tags": MAX_CONTROLS}.get(what, MAX_PARAGRAPHS)
    if count > limit:
        raise refusal(
            file,
            reason="too_large",
            detail=f"too_many_{what}",
            found=f"the file has {{count}} {what}; the limit is {{limit}}",
            remedy="split the file into one file an interview",
            count=count,
            limit=limit,
        )


def refuse_too_long(characters: int, *, file: str, place: str | None = None) -> None:
    """Raise TranscriptError (`too_large`) for more characters than an interview has."""
    if characters > MAX_CHARACTERS:
        raise refusal(
            file,
            reason="too_large",
            place=place,
            detail="longer_than",
            found="the text is longer than {limit} characters",
            remedy="split the file into one file an interview",
            limit=MAX_CHARACTERS,
        )


def _decoded(data: bytes, file: str) -> tuple[str, str, list[ReadingWarning]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom) and not (encoding == "utf-32-le" and len(data) % 4):
            if encoding == "utf-8":
                return _utf8(data[len(bom) :])
            return _wide(data[len(bom) :], encoding, file)
    guess = utf16_pattern(data)
    return _wide(data, guess, file) if guess else _utf8(data)


def _wide(data: bytes, encoding: str, file: str) -> tuple[str, str, list[ReadingWarning]]:
    """UTF-16 or UTF-32, without a half character at the end of a file that was cut off."""
    unit = 2 if "16" in encoding else 4
    whole = len(data) - len(data) % unit
    try:
        return data[:whole].decode(encoding), encoding, _cut(whole < len(data))
    except UnicodeDecodeError as error:
        if unit == 2 and error.start >= whole - 2 and error.reason == "unexpected end of data":
            return data[: error.start].decode(encoding), encoding, _cut(True)
        raise refusal(
            file,
            reason="damaged",
            detail="not_its_encoding",
            place=f"byte {error.start}",
            found="the file says it is {encoding} but is not, or it is cut off",
            remedy="save it again as UTF-8",
            encoding=encoding,
        ) from None


def _utf8(data: bytes) -> tuple[str, str, list[ReadingWarning]]:
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        if error.start > 0 and error.end == len(data) and error.reason == "unexpected end of data":
            sound = data[: error.start]
            if not sound.isascii():
                return sound.decode("utf-8"), "utf-8", _cut(True)
    if has_utf8_characters(data):
        text, lines, encoding = decode_mixed(data)
        said = (
            "{n:line is not UTF-8 as the rest and was|lines are not UTF-8 as the rest and were} read as"
            " {encoding}: check æ, ø and å there"
        )
        return text, f"utf-8 + {encoding}", [
            reading_warning("mixed_encoding", said, n=lines, encoding=encoding)
        ]  # fmt: skip
    encoding = single_byte_encoding(data)
    said = "the file is not UTF-8; it was read as {encoding}: check æ, ø, å and quotation marks"
    return (
        decode_single_byte(data, encoding),
        encoding,
        [reading_warning("encoding", said, encoding=encoding)],
    )


def _cut(is_cut: bool) -> list[ReadingWarning]:
    if not is_cut:
        return []
    said = "the file ends within a character: it may be cut off; compare its end with the original"
    return [reading_warning("cut_character", said)]
