"""Open zip-based documents safely: limits on size, entries and ratio, and XML without entities."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import IO

from lxml import etree

from interviews.source import refusal

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_TOTAL_BYTES = 1024**3
MAX_PART_BYTES = 32 * 1024 * 1024
MAX_DIRECTORY_BYTES = 2 * 1024 * 1024
MAX_TAGS = 3_000_000  # about 1 GB of tree; a transcript of 100,000 paragraphs has 600,000
MAX_RATIO = 100
RATIO_MATTERS_ABOVE = 16 * 1024 * 1024  # below this a part is harmless, however well it packs
_BREAKS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError
)  # fmt: skip
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refuse_too_large(size: int, *, file: str) -> None:
    """Raise TranscriptError (`too_large`) if a file of `size` bytes is over the limit."""
    if size > MAX_FILE_BYTES:
        raise refusal(
            file,
            reason="too_large",
            detail="too_large",
            found="the file is {megabytes:.0f} MB; the limit is {limit} MB",
            remedy="remove pictures or recordings from it, or split it",
            megabytes=size / 1024**2,
            limit=MAX_FILE_BYTES // 1024**2,
        )


def open_zip(data: bytes, *, file: str) -> zipfile.ZipFile:
    """Open a zip document after checking its directory; nothing is unpacked yet.

    Raises TranscriptError: `encrypted` for a password, `unsafe` for what a document never has (thousands of
    entries, doubled names, parts that unpack to far more than they are), `damaged` for a broken archive.
    """
    refuse_too_large(len(data), file=file)
    if data.startswith(OLE_MAGIC):
        raise ole_refusal(data, file=file)
    _check_directory(data, file)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except _BREAKS:
        raise _broken(file) from None
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES or len(names) != len(entries):
        raise _unsafe(
            file,
            None,
            "archive_entries",
            "the archive has {entries} entries, {names} of them with a name of their own",
            entries=len(entries),
            names=len(names),
        )
    if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        raise _unsafe(file, None, "archive_size", "the archive unpacks to more than 1 GB")
    for entry in entries:
        _check_entry(entry, file)
    _check_overlap(entries, file)
    return archive


def read_part(archive: zipfile.ZipFile, name: str, *, file: str) -> bytes | None:
    """Return one part of the archive in memory, or None if there is none of that name."""
    try:
        with archive.open(name) as stream:
            content = _unpacked(stream)
    except KeyError:
        return None
    except _BREAKS:
        raise _broken(file, name) from None
    if len(content) > MAX_PART_BYTES:
        raise _unsafe(file, name, "part_larger", "the part is larger than the archive says")
    return content


def _unpacked(stream: IO[bytes]) -> bytes:
    """What a part unpacks to, at most one byte more than allowed; by pieces, whatever its size says."""
    pieces: list[bytes] = []
    left = MAX_PART_BYTES + 1
    while left > 0 and (piece := stream.read(min(left, 1024**2))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def parse_xml(content: bytes, *, file: str, part: str) -> etree._Element:
    """Parse one XML part without entities, network or document type definition.

    Raises TranscriptError: `unsafe` for a document type definition, `too_large` for more tags than a
    transcript has, `damaged` for broken XML.
    """
    tags = content.count(b"<")
    if tags > MAX_TAGS:
        raise refusal(
            file,
            reason="too_large",
            detail="too_many_tags",
            place=part,
            found="the file has {count} tags; the limit is {limit}",
            remedy="split the file into one file an interview",
            count=tags,
            limit=MAX_TAGS,
        )
    if b"<!DOCTYPE" in content[:4096].replace(b"\x00", b""):
        raise _unsafe(file, part, "doctype", "the part has a document type definition")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        if "depth" in str(error).lower():
            raise _unsafe(
                file, part, "nested_too_deeply", "the file is nested deeper than any transcript"
            ) from None
        raise _broken(file, part) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise _unsafe(file, part, "doctype", "the part has a document type definition")
    return root


def ole_refusal(data: bytes, *, file: str) -> Exception:
    """Return the error for the old Office container: a password, or a .doc from before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return refusal(
            file,
            reason="encrypted",
            detail="password",
            found="the file is protected by a password",
            remedy="open it in Word, remove the password under File > Info, save and import again",
        )
    return refusal(
        file,
        reason="unsupported",
        detail="old_word",
        found="the file is in the Word format from before 2007 (.doc)",
        remedy="open it in Word or LibreOffice and save it as .docx",
    )


def _check_directory(data: bytes, file: str) -> None:
    """Refuse a directory of thousands of entries before it is read, by what its end records state."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or end + 22 > len(data):
        raise _broken(file)
    entries, size = struct.unpack_from("<HI", data, end + 10)
    large = data.rfind(b"PK\x06\x06", max(0, end - 200), end)
    if large >= 0 and large + 56 <= len(data):
        entries, size = struct.unpack_from("<QQ", data, large + 32)
    if entries > MAX_ENTRIES or size > MAX_DIRECTORY_BYTES:
        raise _unsafe(file, None, "archive_directory", "the archive lists more entries than any document")


def _check_overlap(entries: list[zipfile.ZipInfo], file: str) -> None:
    """Entries that share bytes unpack to far more than the file holds; no program writes them."""
    reached = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < reached:
            raise _unsafe(
                file, entry.filename, "archive_overlap", "parts of the archive lie on top of each other"
            )
        reached = entry.header_offset + 30 + entry.compress_size


def _check_entry(entry: zipfile.ZipInfo, file: str) -> None:
    if entry.flag_bits & 0x1:
        raise refusal(
            file,
            reason="encrypted",
            detail="archive_password",
            found="the archive is protected by a password",
            remedy="save it without one",
        )
    # pictures and recordings may be large; only parts that are read as XML count
    is_xml = entry.filename.lower().endswith((".xml", ".rels"))
    if is_xml and entry.file_size > MAX_PART_BYTES:
        raise _unsafe(
            file,
            entry.filename,
            "part_size",
            "the part unpacks to {megabytes:.0f} MB",
            megabytes=entry.file_size / 1024**2,
        )
    if entry.file_size > RATIO_MATTERS_ABOVE and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise _unsafe(file, entry.filename, "part_ratio", "the part unpacks to more than 100 times its size")


def _unsafe(file: str, part: str | None, detail: str, found: str, **values: object) -> Exception:
    return refusal(
        file,
        reason="unsafe",
        detail=detail,
        place=part,
        found=found,
        remedy="open it in Word and save a copy; do not trust a file that still fails",
        **values,
    )


def _broken(file: str, part: str | None = None) -> Exception:
    return refusal(
        file,
        reason="damaged",
        detail="broken",
        place=part,
        found="the file is broken or cut off",
        remedy="fetch it again, or open and save it in the program it comes from",
    )
