"""From the bytes of an RTF file to letters: by the code page of the file and the fonts of its table."""

from __future__ import annotations

from dataclasses import dataclass

from interviews.formats.rtf_codes import DOCUMENT_SETS, codec_of_font, codec_of_page
from interviews.formats.symbols import is_symbol_font, symbol

_MOST_OF_A_NAME = 200


@dataclass(slots=True)
class _Font:
    charset: int | None = None
    page: int | None = None
    name: str = ""
    named: bool = False


class Letters:
    """The encodings of one file. Fonts are known by their numbers; -1 is the one of the file."""

    def __init__(self, text: str) -> None:
        self._document = "cp1252"
        self._fonts: dict[int, _Font] = {}
        self._current = 0
        self._default = -1
        self._unescaped: str | None = None
        try:
            text.encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            return
        self._unescaped = "utf-8"  # letters that stand unescaped are UTF-8 where the whole file is

    def begin_font(self, number: int) -> None:
        """Take up an entry of the font table."""
        self._current = number
        self._fonts[number] = _Font()

    def name_font(self, text: str) -> None:
        """Take a piece of the name of the font in hand, which ends at a semicolon."""
        font = self._fonts.get(self._current)
        if font is not None and not font.named:
            name, end, _ = text.partition(";")
            font.name = (font.name + name)[:_MOST_OF_A_NAME].strip()
            font.named = bool(end)

    def header_word(self, word: str, number: int | None) -> None:
        """Take a control word, if it is about encodings."""
        font = self._fonts.get(self._current)
        if word == "fcharset":
            if font is not None:
                font.charset = number
        elif word == "cpg":
            if font is not None:
                font.page = number
        elif word == "deff":
            self._default = number if number is not None else -1
        elif word in DOCUMENT_SETS:
            if not self._fonts:
                self._document = DOCUMENT_SETS[word]
        elif word == "ansicpg" and number is not None:
            self._document = codec_of_page(number) or self._document

    def name(self, number: int) -> str:
        """Return the name of a font, empty for one that is not in the table."""
        font = self._fonts.get(number)
        return font.name if font is not None else ""

    def decoded(self, found: bytes, number: int, *, signs: bool) -> str:
        """Return escaped bytes as letters. signs : whether letters of symbol fonts become what they show."""
        if signs and is_symbol_font(self.name(number)):
            return "".join(symbol(byte, self.name(number)) for byte in found)
        return _decoded(found, self._codec(number))

    def written(self, text: str, number: int, *, signs: bool) -> str:
        """Return letters that stand unescaped, as read in Latin 1."""
        if signs and is_symbol_font(self.name(number)):
            return "".join(symbol(ord(one), self.name(number)) for one in text)
        if text.isascii():
            return text
        return _decoded(text.encode("latin-1"), self._unescaped or self._codec(number))

    def _codec(self, number: int) -> str:
        font = self._fonts.get(number if number >= 0 else self._default)
        if font is None:
            return self._document
        page = codec_of_page(font.page) if font.page else None
        return page or codec_of_font(font.charset, self._document)


def _decoded(found: bytes, codec: str) -> str:
    try:
        return found.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return found.decode("cp1252", errors="replace")
