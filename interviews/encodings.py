"""Tell the encoding of text that does not say it, and mend text that went through a wrong one."""

from __future__ import annotations

import re

SINGLE_BYTE = ("cp1252", "mac-roman", "cp850", "cp865")

# A letter that belongs in Danish or a neighbour's text, where letters stand.
_AT_HOME = re.compile(
    r"(?<=[A-Za-zæøå])[æøåäöüßéèêáóúíñç](?=[a-zæøå\W]|$)|(?<![^\W_])[æøåäöüßéèêáóúíñç](?=[a-zæøå])"
    r"|(?<!\S)[æøåäöüßéèêáóúíñç](?!\S)"
    r"|(?<![a-zæøå])[ÆØÅÄÖÜÉ](?=[a-zæøåA-ZÆØÅ])|(?<=\s)[“„«–—]|(?<=\d)–(?=\d)|[”»…](?=[\s.,;:!?]|$)"
    r"|(?<=[a-z])’"
)
_STRANGE = re.compile(
    r"[\x80-\x9f\ufffd]|[\u2500-\u259f]|(?<=[a-zæøå])[A-ZÆØÅÄÖÜÉÑÇÁÍÓÚÂÊÎÔÛÀÈÌÒÙËÏÕÃ](?=[a-zæøå])"
    r"|(?<=[a-zæøå])[^\w\s’'’´`/\-–—.,;:!?()\"“”„«»…&@+=*#%§\\<>\[\]{}|~^](?=[a-zæøå])"
    r"|[ºªŒœƒ¬µ¶±°¯¨¸¼½¾¿¢¥¤¦ıˆ˜‰†‡‹›](?=[a-zæøå])"
)
_DOUBLED = re.compile(
    "[\u00c2-\u00f4][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{1,3}"
)  # the bytes of one UTF-8 character, each shown as a character of Windows-1252
_UTF8_WESTERN = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x93-\xa6]")
_C1 = re.compile("[\x80-\x84\x86-\x9f]")


def single_byte_encoding(data: bytes) -> str:
    """Return which of `SINGLE_BYTE` fits the bytes best: the letters it gives stand where letters may.

    Windows-1252 where nothing speaks for another.
    """
    special = _around_special(data)
    scores = {}
    for encoding in SINGLE_BYTE:
        text = special.decode(encoding, errors="replace")
        scores[encoding] = len(_AT_HOME.findall(text)) - 2 * len(_STRANGE.findall(text))
    return max(SINGLE_BYTE, key=lambda encoding: scores[encoding])


def decode_single_byte(data: bytes, encoding: str) -> str:
    """Return the text; bytes that Windows-1252 leaves open show as U+FFFD."""
    return data.decode(encoding, errors="replace")


def decode_mixed(data: bytes) -> tuple[str, int, str]:
    """Return text of a file that is UTF-8 in some lines only, how many lines are not, and what those are."""
    lines = data.split(b"\n")
    other: list[int] = []
    texts: list[str] = []
    for index, line in enumerate(lines):
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append("")
            other.append(index)
    encoding = single_byte_encoding(b"\n".join(_without_utf8(lines[index]) for index in other))
    for index in other:
        texts[index] = _decode_piecewise(lines[index], encoding)
    return "\n".join(texts), len(other), encoding


def has_utf8_characters(data: bytes) -> bool:
    """Whether at least one line outside ASCII is UTF-8, or a letter of western text is."""
    return bool(_UTF8_WESTERN.search(data)) or any(
        _is_utf8(line) for line in data.split(b"\n") if not line.isascii()
    )


def mend_doubled(text: str) -> tuple[str, int]:
    """Return the text with characters mended that were encoded twice (`Ã¦` for `æ`), and how many.

    UTF-8 that was read as Windows-1252 and saved as UTF-8 again looks so. A stretch is mended only where its
    characters are, byte for byte, one UTF-8 character. C1 controls, which no text has, are read as the signs
    that Windows-1252 has in their place.
    """
    mended = 0

    def one(found: re.Match[str]) -> str:
        nonlocal mended
        stretch = found.group()
        for length in range(len(stretch), 1, -1):
            try:
                character = _windows_bytes(stretch[:length]).decode("utf-8")
            except UnicodeError:
                continue
            if len(character) == 1 and character >= "\xa0":
                mended += 1
                return character + stretch[length:]
        return stretch

    if not _DOUBLED.search(text) and not _C1.search(text):
        return text, 0
    text = _DOUBLED.sub(one, text)

    def sign(found: re.Match[str]) -> str:
        nonlocal mended
        read = found.group().encode("latin-1").decode("cp1252", errors="ignore")
        mended += bool(read)
        return read or found.group()

    return _C1.sub(sign, text), mended


def utf16_pattern(data: bytes) -> str | None:
    """Return the kind of UTF-16 without a mark: nearly every second byte of western text is NUL."""
    sample = data[:4000]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _around_special(data: bytes, most: int = 20_000) -> bytes:
    """The first stretches with bytes outside ASCII, each with its neighbours, to judge an encoding by."""
    pieces = []
    for found in re.finditer(rb"[\x00-\x7f]{0,8}[\x80-\xff]+[\x00-\x7f]{0,8}", data):
        pieces.append(found.group())
        if len(pieces) >= most:
            break
    return b"\n".join(pieces)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_utf8(line: bytes) -> bytes:
    """The line without the characters that are sound UTF-8, so that the rest can be judged."""
    return re.sub(rb"[\xc3][\x80-\xbf]|[\xe2][\x80-\xbf]{2}|[\xf0][\x80-\xbf]{3}", b" ", line)


def _decode_piecewise(line: bytes, encoding: str) -> str:
    """A line in which UTF-8 and another encoding may stand side by side."""
    text, start = [], 0
    while start < len(line):
        try:
            text.append(line[start:].decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            good, bad = start + error.start, start + max(error.end, error.start + 1)
            text.append(line[start:good].decode("utf-8"))
            text.append(line[good:bad].decode(encoding, errors="replace"))
            start = bad
    return "".join(text)


def _windows_bytes(text: str) -> bytes:
    """The bytes that Windows-1252 shows as `text`; the five that it leaves open stand for themselves."""
    return b"".join(
        bytes([ord(sign)]) if ord(sign) < 256 and not "\xa0" > sign >= "\x80" else _windows_byte(sign)
        for sign in text
    )


def _windows_byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1")
