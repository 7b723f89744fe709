"""Damage files as accidents and attackers do: flip, cut, insert, double, splice; archives also inside."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Sequence

from tests.interviews.archives import archive

TOKENS = (
    b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbf\xbe", b"\r", b"\n\n", b"\x1a", b"\t", b" " * 300,
    b"-1", b"0", b"99999999999999999999", b"1e999", b"NaN", b"&#0;", b"&#xD800;", b"&lt;", b"<", b">", b"</",
    b"]]>", b"<!--", b"<![CDATA[", b'"', b"'", b"{", b"}", b"[", b"]", b"(", b")", b"\\", b"\\u-1?",
    b"\\bin9 ",
    b":", b": ", b"-->", b"00:00:01.000 --> 00:00:02.000", b"<v A>", b"#00:00:01-0#", b"|", b";", b"**",
    b"stream", b"endobj", b"/Kids[2 0 R]", b"<w:p>", b"<w:tbl>", b"<w:del>", b"<text:p>", b"<table>", b"<td>",
)  # fmt: skip


def mutated(data: bytes, others: Sequence[bytes], seed: random.Random) -> bytes:
    """Return the file with one to six faults. others : files that pieces are taken from."""
    if data[:2] == b"PK" and seed.random() < 0.7 and (parts := _parts(data)):
        return _inside_archive(parts, others, seed)
    for _ in range(seed.randint(1, 6)):
        data = seed.choice(_FAULTS)(data, others, seed)
    return data


def _parts(data: bytes) -> dict[str, bytes]:
    """The parts of an archive; none where it is broken already."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return {name: opened.read(name) for name in opened.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return {}


def _inside_archive(parts: dict[str, bytes], others: Sequence[bytes], seed: random.Random) -> bytes:
    """Faults in the parts, so that they get past the archive to the reader of what is in it."""
    name = seed.choice(sorted(parts))
    fault = seed.random()
    if fault < 0.05:
        del parts[name]
    elif fault < 0.5:
        parts[name] = _tree_fault(parts[name], seed)
    else:
        for _ in range(seed.randint(1, 4)):
            parts[name] = seed.choice(_FAULTS)(parts[name], [*parts.values(), *others], seed)
    return archive(parts)


def _tree_fault(content: bytes, seed: random.Random) -> bytes:
    """A fault that leaves XML well formed: an element moved, doubled, renamed or emptied, a value changed."""
    from lxml import etree

    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return content
    for _ in range(seed.randint(1, 5)):
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
        one, other = seed.choice(elements), seed.choice(elements)
        kind = seed.randrange(6)
        if kind == 0 and one is not root:
            other.append(etree.fromstring(etree.tostring(one)))
        elif kind == 1 and one is not root:
            one.getparent().remove(one)
        elif kind == 2:
            one.tag = other.tag
        elif kind == 3 and one.attrib:
            name = seed.choice(sorted(one.attrib))
            one.set(name, seed.choice(("", "-1", "9" * 30, "x", "0", "1e999", "²", "true", "../../x")))
        elif kind == 4:
            one.text = seed.choice((None, "", "\n", "Anna: ", "æ" * 300, ":", "\t\t\t", "\u202e"))
        else:
            one.attrib.update({str(key): str(value) for key, value in other.attrib.items()})
    return etree.tostring(root)


def _flip(data: bytes, _: Sequence[bytes], seed: random.Random) -> bytes:
    if not data:
        return data
    at = seed.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << seed.randrange(8))]) + data[at + 1 :]


def _cut(data: bytes, _: Sequence[bytes], seed: random.Random) -> bytes:
    start = seed.randint(0, len(data))
    return data[:start] + data[start + seed.choice((1, 2, 10, 100, len(data))) :]


def _insert(data: bytes, _: Sequence[bytes], seed: random.Random) -> bytes:
    at = seed.randint(0, len(data))
    return data[:at] + seed.choice(TOKENS) * seed.choice((1, 1, 1, 2, 40)) + data[at:]


def _replace(data: bytes, _: Sequence[bytes], seed: random.Random) -> bytes:
    at = seed.randint(0, len(data))
    token = seed.choice(TOKENS)
    return data[:at] + token + data[at + len(token) :]


def _double(data: bytes, _: Sequence[bytes], seed: random.Random) -> bytes:
    start = seed.randint(0, len(data))
    piece = data[start : start + seed.choice((1, 8, 60, 400))]
    return data[:start] + piece * seed.choice((2, 3, 20)) + data[start + len(piece) :]


def _splice(data: bytes, others: Sequence[bytes], seed: random.Random) -> bytes:
    other = seed.choice(list(others)) if others else data
    start = seed.randint(0, len(other))
    at = seed.randint(0, len(data))
    return data[:at] + other[start : start + seed.choice((8, 60, 400))] + data[at:]


_FAULTS = (_flip, _cut, _insert, _replace, _double, _splice)
