"""What a comment in an exported file says: a coding in words for people, with one last line for its way back.

    Sprog › Fremgang · vægt 2
    Her vender det.
    [language/progress 2 #1a2b3c4d]

The last line names the code by its path, the weight where there is one, and the coding. Comments that came
with the transcript's own file stand as they are; see docs/methods/exchange_of_coded_files.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from interviews.transcript import AnnotationKind
from workbench.i18n import Language, t
from workbench.store.codings import FullCoding

_CODED = re.compile(r"\[(?P<path>[^\[\]\s#]+)(?: (?P<weight>[0-3]))?(?: #(?P<mark>[0-9a-f-]{8,36}))?\]")
_KIND = re.compile(r"\[(comment|footnote|endnote)\]")
SHORTEST = 8


@dataclass(frozen=True)
class CodedComment:
    """A coding as a comment tells it. mark : the beginning of its id, "" for one written by hand."""

    path: str
    weight: int | None
    memo: str
    mark: str


@dataclass(frozen=True)
class PlainComment:
    """A comment that is no coding."""

    text: str
    kind: AnnotationKind = "comment"


def short_ids(codings: Sequence[FullCoding]) -> dict[str, str]:
    """The shortest beginnings, of eight signs or more, by which these codings can be told apart."""
    ids = sorted(one.row.id for one in codings)
    marks = {}
    for place, coding_id in enumerate(ids):
        length = SHORTEST
        beside = [ids[near] for near in (place - 1, place + 1) if 0 <= near < len(ids)]
        while length < len(coding_id) and any(other.startswith(coding_id[:length]) for other in beside):
            length += 1
        marks[coding_id] = coding_id[:length].rstrip("-") if length == SHORTEST else coding_id[:length]
    return marks


def coding_text(
    title: str, *, path: str, weight: int | None, memo: str, mark: str, language: Language
) -> tuple[str, ...]:
    """The lines of a coding's comment."""
    weighed = f" · {t('exporting.weight', language=language, weight=weight)}" if weight is not None else ""
    return (f"{title}{weighed}", *below_title(CodedComment(path, weight, memo, mark)))


def below_title(coded: CodedComment) -> tuple[str, ...]:
    """The lines of a coding's comment below the first, which is in words for people."""
    tag = f"[{coded.path}{'' if coded.weight is None else f' {coded.weight}'} #{coded.mark}]"
    return (*(coded.memo.split("\n") if coded.memo else ()), tag)


def fingerprint(lines: Sequence[str]) -> str:
    """A short hash of what a comment says below its first line, to tell whether somebody changed it."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]


def annotation_text(text: str, kind: str, known: Collection[str]) -> tuple[str, ...]:
    """The lines of another comment, with its kind said where it would be taken for something else."""
    lines = tuple(text.split("\n"))
    mistaken = kind != "comment" or lines[0].strip().casefold() in known
    looks_coded = _CODED.fullmatch(lines[-1].strip()) or _KIND.fullmatch(lines[-1].strip())
    return (*lines, f"[{kind}]") if mistaken or looks_coded else lines


def read_comment(text: str) -> CodedComment | PlainComment:
    """What the words of a comment tell by their last line."""
    lines = text.split("\n")
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    last = lines[-1].strip()
    kind = _KIND.fullmatch(last)
    if kind and len(lines) > 1:
        return PlainComment("\n".join(lines[:-1]), kind[1])  # type: ignore[arg-type]
    coded = _CODED.fullmatch(last)
    if coded is None:
        return PlainComment(text)
    weight = int(coded["weight"]) if coded["weight"] else None
    return CodedComment(coded["path"], weight, "\n".join(lines[1:-1]), coded["mark"] or "")


def named_code(text: str, codes: Mapping[str, str]) -> tuple[str, str] | None:
    """The code that the first line of a comment names, and the memo below it.

    codes : path by what names it (path, label, labels joined by ›), in small letters.
    """
    first, _, memo = text.partition("\n")
    path = codes.get(" ".join(first.split()).strip(" .:").casefold())
    return (path, memo.strip("\n")) if path is not None else None
