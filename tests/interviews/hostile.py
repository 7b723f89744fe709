"""What a hostile file is, and the pieces that several are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["refused", "read", "either"]
ENTITY = '<!DOCTYPE x [<!ENTITY a "{value}">]>'
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"
OUTSIDE_DTD = (
    "<!DOCTYPE x SYSTEM 'http://localhost:9/x.dtd' [<!ENTITY % p SYSTEM 'file:///etc/hostname'> %p;]>"
)
PARAGRAPHS = 100_000


@dataclass(frozen=True)
class Hostile:
    """One file. outcome : what must become of it; reasons : of the refusal, any if empty."""

    name: str
    file: str
    make: Callable[[], bytes]
    outcome: Outcome
    reasons: tuple[str, ...] = ()


def nested(opening: str, inside: str, closing: str, depth: int) -> str:
    """Elements inside each other."""
    return opening * depth + inside + closing * depth
