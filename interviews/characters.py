"""Decode text files and bring line ends and stray characters into one form, once, at import."""

from __future__ import annotations

import codecs
import re

from interviews.source import refusal

MAX_CHARACTERS = 20_000_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str, *, file: str = "") -> str:
    """Return `text` with `\\n` as the only line end, without byte-order marks, NUL and other control
    characters.

    Raises TranscriptError (`characters`) if the text holds half of a surrogate pair, which no file can store.
    """
    half = _SURROGATES.search(text)
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


def decode(data: bytes, *, file: str = "") -> tuple[str, str, tuple[str, ...]]:
    """Return text, encoding and warnings of a text file.

    Order: byte-order mark; the pattern of NUL bytes that UTF-16 leaves; strict UTF-8; else Windows-1252 (or
    Mac Roman when its Danish letters fit and those of Windows-1252 do not), with a warning.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding, file), encoding, ()
    guess = _utf16_pattern(data)
    if guess:
        return _strict(data, guess, file), guess, ()
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        pass
    return _single_byte(data, file)


def _strict(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise refusal(
            file,
            reason="damaged",
            detail="not_its_encoding",
            place=f"byte {error.start}",
            found="the file says it is {encoding} but is not, or it is cut off",
            remedy="save it again as UTF-8",
            encoding=encoding,
        ) from None


def _utf16_pattern(data: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte of western text is NUL."""
    sample = data[:4000]
    if len(sample) < 4 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _single_byte(data: bytes, file: str) -> tuple[str, str, tuple[str, ...]]:
    windows = data.decode("cp1252", errors="replace")
    mac = data.decode("mac-roman")
    text, encoding = (
        (mac, "mac-roman") if _danish_letters(mac) > 2 * _danish_letters(windows) else (windows, "cp1252")
    )
    warnings = [f"the file is not UTF-8; it was read as {encoding}: check æ, ø, å and quotation marks"]
    if "\ufffd" in text:
        warnings.append(
            f"{text.count(chr(0xFFFD))} characters of the file could not be read and show as \ufffd"
        )
    return text, encoding, tuple(warnings)


def _danish_letters(text: str) -> int:
    return sum(text.count(letter) for letter in "æøåÆØÅé’“”")
