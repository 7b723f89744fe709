"""Paragraphs and tables of an RTF file, as esttab and word processors write them."""

from __future__ import annotations

import re

from quant.documents import Document, Rows, as_rows

_TOKEN = re.compile(
    r"\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]+)(?P<number>-?\d{1,9})? ?|\\(?P<sign>[^a-zA-Z])"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+"
)
_NOT_TEXT = frozenset(
    {
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "headerl", "headerr",
        "footerl", "footerr", "footnote", "generator", "themedata", "datastore", "listtable",
        "listoverridetable", "rsidtbl", "xmlnstbl", "object", "fldinst",
    }
)  # fmt: skip
_WRITTEN = {
    "line": "\n", "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
MAX_DEPTH = 500


def rtf_document(text: str) -> Document:
    """Paragraphs and tables in order; what an RTF file holds besides text is passed over."""
    reader = _RtfReader()
    for token in _TOKEN.finditer(text):
        reader.take(token)
    return reader.document()


class _RtfReader:
    """The state of reading: the group's destination, and the paragraph, cells and rows being filled."""

    def __init__(self) -> None:
        self._groups: list[tuple[bool, int]] = []
        self._hidden = False
        self._fallback = 1  # bytes after a Unicode letter that stand for it in old readers
        self._skip = 0
        self._fresh = False  # right after an opening brace
        self._text: list[str] = []
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._parts: list[str | Rows] = []

    def take(self, token: re.Match[str]) -> None:
        """One token of the file."""
        fresh, self._fresh = self._fresh, False
        if token["brace"]:
            self._brace(token["brace"])
        elif token["word"]:
            self._word(token["word"], token["number"], fresh)
        elif token["byte"]:
            self._write(bytes.fromhex(token["byte"]).decode("cp1252", "replace"))
        elif token["sign"]:
            self._sign(token["sign"])
        elif token["text"]:
            self._write(token["text"])

    def document(self) -> Document:
        """What was read."""
        self._end_paragraph()
        self._end_table()
        return Document(tuple(self._parts))

    def _brace(self, brace: str) -> None:
        if brace == "{" and len(self._groups) < MAX_DEPTH:
            self._groups.append((self._hidden, self._fallback))
            self._fresh = True
        elif brace == "}" and self._groups:
            self._hidden, self._fallback = self._groups.pop()

    def _word(self, word: str, number: str | None, fresh: bool) -> None:
        if fresh and word in _NOT_TEXT:
            self._hidden = True
        elif word == "u" and number:
            self._write(chr(int(number) % 65536))
            self._skip = self._fallback
        elif word == "uc":
            self._fallback = int(number or 1)
        elif word == "par":
            self._end_paragraph()
        elif word in ("cell", "nestcell"):
            self._cells.append("".join(self._text))
            self._text = []
        elif word in ("row", "nestrow"):
            self._rows.append(self._cells)
            self._cells = []
        elif word in _WRITTEN:
            self._write(_WRITTEN[word])

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._hidden = True
        elif sign in "\\{}":
            self._write(sign)
        elif sign == "~":
            self._write(" ")
        elif sign == "_":
            self._write("-")

    def _write(self, text: str) -> None:
        if self._skip:
            cut = min(self._skip, len(text))
            text, self._skip = text[cut:], self._skip - cut
        if not self._hidden and text:
            self._text.append(text)

    def _end_paragraph(self) -> None:
        text = "".join(self._text)
        if self._cells:
            self._text.append("\n")
            return
        self._text = []
        if text.strip():
            self._end_table()
            self._parts.append(text.strip())

    def _end_table(self) -> None:
        if self._rows:
            self._parts.append(as_rows(self._rows))
            self._rows = []
