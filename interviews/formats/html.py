"""Web pages (.html, .mhtml): their words in order, as browsers and office programs write them.

What a page does not show (scripts, styles, hidden elements, menus) is left out. A page that an export wrote
says itself what its parts are and is read by `html_stated`.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import re

from lxml import etree
from lxml import html as lxml_html

from interviews.characters import decode, refuse_too_long
from interviews.formats.html_stated import is_exported, read_exported
from interviews.formats.html_walk import HtmlWalk
from interviews.source import ReadingWarning, Source, refusal

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What browsers read under these names, which is more than the names promise.
_WIDER = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}


def read_html(data: bytes, *, file: str) -> Source:
    """Return the paragraphs of a web page, or of the page in a web archive (.mhtml).

    Raises TranscriptError: `too_large` for more than 20 million characters, `unsafe` for elements nested
    deeper than any page, `damaged` for a web archive without a page.
    """
    if is_web_archive(data):
        data = _page_of_archive(data, file)
    text, encoding, warnings = _decoded(data, file)
    refuse_too_long(len(text), file=file)
    root = _parsed(_XML_DECLARATION.sub("", text.replace("\0", "")), file)
    if root is None:
        return Source((), "html", encoding=encoding, warnings=warnings)
    if is_exported(root):
        paragraphs, notes = read_exported(root, file=file)
        return Source(paragraphs, "html", encoding=encoding, warnings=warnings, notes=notes)
    walk = HtmlWalk(file)
    walk.read(root)
    return Source(
        tuple(walk.flow.paragraphs), "html", encoding=encoding, warnings=(*warnings, *walk.warnings())
    )


def is_web_archive(data: bytes) -> bool:
    """Whether a file is a web archive, as browsers and Word save a page with its pictures."""
    head = data[:4000].lower()
    return b"mime-version:" in head and (b"multipart/related" in head or b"content-type: text/html" in head)


def _page_of_archive(data: bytes, file: str) -> bytes:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            charset = part.get_content_charset()
            if isinstance(content, bytes) and content.strip():
                named = _codec(charset) if charset and not _CHARSET.search(content[:4096]) else None
                return content.decode(named, "replace").encode() if named else content
    raise refusal(
        file,
        reason="damaged",
        detail="no_page",
        found="there is no page in the web archive",
        remedy="open it in a browser and save the page as .html",
    )


def _decoded(data: bytes, file: str) -> tuple[str, str, tuple[ReadingWarning | str, ...]]:
    """The text and its encoding: a mark at its start, UTF-8 where it fits, what the page says, a guess."""
    if not data.startswith(_BOMS):
        try:
            return data.decode("utf-8"), "utf-8", ()
        except UnicodeDecodeError:
            pass
        said = _CHARSET.search(data[:4096])
        named = _codec(said[1].decode("ascii", "replace")) if said else None
        if named is not None:
            try:
                return data.decode(named), named, ()
            except UnicodeDecodeError:
                pass
    return decode(data, file=file)


def _codec(name: str) -> str | None:
    """The codec for what a page calls its characters; None for a name that there is none of."""
    try:
        found = codecs.lookup(_WIDER.get(name.strip().lower(), name.strip()))
    except (LookupError, ValueError):
        return None
    return found.name if found._is_text_encoding else None


def _parsed(text: str, file: str) -> etree._Element | None:
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=True, remove_pis=True, recover=True)
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise refusal(
            file,
            reason="unsafe",
            detail="nested_too_deeply",
            found="the file is nested deeper than any transcript",
            remedy="open it in the program it comes from and save a copy",
        )
    return root
