"""The operations that the browser sends, and the check that one fits the text it claims to code.

Applying them is the service's work; nothing here knows the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast, get_args

OperationKind = Literal["add", "remove", "recode", "memo", "resize", "undo", "redo"]
KINDS: tuple[OperationKind, ...] = get_args(OperationKind)

_TEXTS: dict[OperationKind, tuple[str, ...]] = {
    "add": ("coding_id", "code", "quote"),
    "remove": ("coding_id",),
    "recode": ("coding_id", "code"),
    "memo": ("coding_id", "memo"),
    "resize": ("coding_id", "quote"),
    "undo": (),
    "redo": (),
}


def validate_operation(op: Mapping[str, Any], text: str) -> None:
    """Check an operation's shape and, where it has a span, that the text there is its quote.

    op : one entry of the outbox.
    text : the stored text of the document and version that the operation names.

    Raises ValueError, naming the operation, what was expected and what was found.
    """
    kind = op.get("kind")
    if kind not in KINDS:
        raise ValueError(
            f"operation {op.get('op_id')!r} has kind {kind!r}; expected one of {', '.join(KINDS)}"
        )
    for name in ("op_id", "document", *_TEXTS[cast(OperationKind, kind)]):
        if not isinstance(op.get(name), str):
            raise ValueError(f"operation {op.get('op_id')!r} ({kind}) needs the text {name!r}")
    if kind in ("add", "resize"):
        _check_span(op, text)


def _check_span(op: Mapping[str, Any], text: str) -> None:
    start, end = op.get("start"), op.get("end")
    if type(start) is not int or type(end) is not int:
        raise ValueError(
            f"operation {op['op_id']!r} needs whole numbers start and end, got {start!r}, {end!r}"
        )
    if not 0 <= start < end <= len(text):
        raise ValueError(
            f"operation {op['op_id']!r} has the span {start}-{end}; the text has {len(text)} characters "
            "and a coding needs at least one"
        )
    if text[start:end] != op["quote"]:
        raise ValueError(
            f"operation {op['op_id']!r} quotes {_short(op['quote'])} but {start}-{end} reads "
            f"{_short(text[start:end])}; reload the page to get the stored text"
        )


def _short(words: str, limit: int = 60) -> str:
    return repr(words if len(words) <= limit else words[: limit - 1] + "…")
