"""Control words of Rich Text Format: signs, code pages, and groups whose words are no part of the text.

Source: Rich Text Format specification, version 1.9.1.
"""

from __future__ import annotations

import codecs
import re

TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
BRACE = re.compile(r"[{}]|\\(?:bin(\d{1,10}) ?|.)", re.DOTALL)

SIGNS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "page": "\n", "column": "\n", "emdash": "—", "endash": "–",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": "\u2003",
    "enspace": "\u2002", "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e",
    "rtlmark": "\u200f",
}  # fmt: skip
CHARACTERS = {"~": "\u00a0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\t": "\t"}

SKIPPED = frozenset(
    [
        "info",
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "pict",
        "objdata",
        "objclass",
        "objname",
        "nonshppict",
        "shprslt",
        "filetbl",
        "pntxta",
        "pntxtb",
        "xe",
        "tc",
        "txe",
        "rxe",
        "template",
        "private",
        "fldtype",
        "nonesttables",
        "ftnsep",
        "ftnsepc",
        "ftncn",
        "aftnsep",
        "aftnsepc",
        "aftncn",
        "mmathPict",
        "sp",
        "comment",
        "title",
        "author",
        "operator",
        "subject",
        "keywords",
        "doccomm",
    ]
)
"""Groups that hold no text of the page, also where no `\\*` says so."""

ENTERED = frozenset(
    [
        "footnote",
        "shpinst",
        "shptxt",
        "do",
        "dptxbxtext",
        "ud",
        "fldinst",
        "annotation",
        "atnauthor",
        "atrfstart",
        "atrfend",
        "atnref",
        "atndate",
        "nesttableprops",
        "moMath",
        "moMathPara",
        "cs",
        "ts",
        "ds",
        "shppict",
        "shpgrp",
    ]
)
"""Groups marked `\\*` that are read all the same."""

_CHARSETS = {
    77: "mac_roman", 78: "shift_jis", 81: "mac_arabic", 83: "mac_greek", 84: "mac_cyrillic", 85: "mac_latin2",
    89: "mac_latin2", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
DOCUMENT_SETS = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


def codec_of_page(number: int) -> str | None:
    """Return Python's name of a code page, or None for one that it does not know."""
    name = {10000: "mac_roman", 65001: "utf-8", 1361: "johab"}.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def codec_of_font(charset: int | None, document: str) -> str:
    """Return the encoding of a font's letters. document : that of the file, for fonts that name none."""
    if charset == 0 and document not in DOCUMENT_SETS.values():
        return "cp1252"
    return _CHARSETS.get(charset if charset is not None else 1, document)


def written_at(date: int) -> str:
    """Return the date and time that a comment packs into a number, ISO 8601; empty where it is none."""
    minute, hour, day = date & 0x3F, date >> 6 & 0x1F, date >> 11 & 0x1F
    month, year = date >> 16 & 0xF, (date >> 20 & 0x1FF) + 1900
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60):
        return ""
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:00"
