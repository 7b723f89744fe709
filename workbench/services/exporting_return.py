"""What an exported file carries for its way back: where it is from, and which codings went out with it.

In a Word file it stands in the custom properties, which Word and LibreOffice keep (LibreOffice drops other
parts), in pieces that Word's own limit of 255 characters leaves alone. A file that lost them comes back too,
but nobody can tell then which comments were deleted in it.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.services.coded_comments import fingerprint
from workbench.services.exporting_parts import ExportedTranscript

PROPERTY = "Workbench return"
_PIECE = 240
_MOST_BYTES = 16_000_000


@dataclass(frozen=True)
class SentCoding:
    """A coding as it went out.

    mark : the beginning of its id.     says : fingerprint of its code, weight and memo.
    """

    mark: str
    start: int
    end: int
    says: str


@dataclass(frozen=True)
class Return:
    """Where an exported file is from."""

    study_id: str
    transcript_id: str
    version: int
    codings: tuple[SentCoding, ...]


def return_text(exported: ExportedTranscript) -> str:
    """What `read_return` takes apart again."""
    codings = [
        [one.mark, one.start, one.end, fingerprint(one.lines[1:])] for one in exported.comments if one.mark
    ]
    facts = [exported.study_id, exported.transcript_id, exported.version, codings]
    packed = zlib.compress(json.dumps(facts, separators=(",", ":")).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode()


def return_properties(exported: ExportedTranscript) -> dict[str, str]:
    """`return_text` as custom properties of a document."""
    text = return_text(exported)
    return {
        f"{PROPERTY} {place // _PIECE + 1:04}": text[place : place + _PIECE]
        for place in range(0, len(text), _PIECE)
    }


def return_of_properties(properties: Mapping[str, str]) -> Return | None:
    """What the custom properties of a document tell; None where they are not, or not all, there."""
    names = sorted(name for name in properties if re.fullmatch(rf"{PROPERTY} \d{{4}}", name))
    return read_return("".join(properties[name] for name in names))


def read_return(text: str) -> Return | None:
    """What `return_text` wrote; None for anything else."""
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(base64.urlsafe_b64decode(text.encode("ascii")), _MOST_BYTES)
        return _return_of(json.loads(content))
    except (ValueError, TypeError, zlib.error, RecursionError):
        return None


def _return_of(facts: Any) -> Return | None:
    study_id, transcript_id, version, codings = facts
    sent = tuple(SentCoding(str(mark), int(start), int(end), str(says)) for mark, start, end, says in codings)
    return Return(str(study_id), str(transcript_id), int(version), sent)
