"""Zip archives as no program writes them: sizes that lie, entries that overlap, streams that explode."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MEGABYTE = 1024**2


@dataclass(frozen=True)
class Entry:
    """One entry as its headers state it. size, packed_size : what the headers say, true if None."""

    name: str
    content: bytes = b""
    packed: bytes | None = None
    size: int | None = None
    packed_size: int | None = None
    flags: int = 0x800
    offset: int | None = None
    method: int = zipfile.ZIP_DEFLATED


def archive(parts: Mapping[str, str | bytes], *, stored: bool = False) -> bytes:
    """An ordinary archive of these parts."""
    stream = io.BytesIO()
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(stream, "w", kind) as writer:
        for name, content in parts.items():
            writer.writestr(name, content)
    return stream.getvalue()


def exploding(megabytes: int, unit: bytes = b" ") -> bytes:
    """A deflate stream of about 1 kB a megabyte that unpacks to `unit` over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = unit * (MEGABYTE // len(unit))
    one = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return one * megabytes + b"\x03\x00"


def raw_archive(entries: Sequence[Entry], *, count: int | None = None) -> bytes:
    """An archive whose headers say what they are told to. count : the number of entries that it states."""
    body, directory = bytearray(), bytearray()
    for entry in entries:
        packed = entry.packed
        if packed is None:
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = packer.compress(entry.content) + packer.flush()
        name = entry.name.encode()
        size = len(entry.content) if entry.size is None else entry.size
        packed_size = len(packed) if entry.packed_size is None else entry.packed_size
        large = size >= 2**32 or packed_size >= 2**32
        extra = struct.pack("<HHQQ", 1, 16, size, packed_size) if large else b""
        sizes = (2**32 - 1, 2**32 - 1) if large else (packed_size, size)
        common = struct.pack(
            "<HHHHHIIIHH", 45, entry.flags, entry.method, 0, 33, zlib.crc32(entry.content), *sizes,
            len(name), len(extra),
        )  # fmt: skip
        offset = len(body)
        if entry.offset is None:
            body += b"PK\x03\x04" + common + name + extra + packed
        else:
            offset = entry.offset
        directory += b"PK\x01\x02" + struct.pack("<H", 45) + common
        directory += struct.pack("<HHHII", 0, 0, 0, 0, offset) + name + extra
    stated = len(entries) if count is None else count
    end = struct.pack(
        "<HHHHIIH", 0, 0, stated & 0xFFFF, stated & 0xFFFF, len(directory) & 0xFFFFFFFF, len(body), 0
    )
    return bytes(body + directory + b"PK\x05\x06" + end)
