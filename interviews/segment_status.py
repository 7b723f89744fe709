"""Whether words are the speaker's own, a summary, a translation or notes, as the file says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from interviews.source import ReadingWarning, reading_warning
from interviews.transcript import SegmentStatus, Turn
from interviews.vocabulary import key_of

_SUMMARY = (
    "referat referatet resumé resumeet resuméet opsummering opsummeringen sammenfatning sammendrag"
    " mødereferat interviewreferat beslutningsreferat summary minutes synopsis abstract"
)
_NOTES = (
    "noter notater feltnoter feltnotater observationsnoter observationer interviewnoter fieldnotes notes"
    " observations"
)
_LABELS: dict[str, SegmentStatus] = {
    **dict.fromkeys(_SUMMARY.split(), "summary"),
    **dict.fromkeys(_NOTES.split(), "notes"),
    "field notes": "notes",
    "interview notes": "notes",
    "oversættelse": "translation",
    "translation": "translation",
}


def _bracketed(words: str) -> re.Pattern[str]:
    return re.compile(rf"[\[(]\s*(?:{words})\b[^\[\]()]{{0,60}}[\])]", re.IGNORECASE)


_TAGS: tuple[tuple[re.Pattern[str], SegmentStatus], ...] = (
    (_bracketed(r"oversat|oversættelse|translated|translation"), "translation"),
    (_bracketed(r"tolket|via tolk|gennem tolk|interpreted|via interpreter"), "interpreted"),
    (_bracketed(r"referat|resumé|resume|opsummeret|opsummering|sammenfattet|summary|summari[sz]ed|paraphrased"),
     "summary"),
)  # fmt: skip
_TITLE = re.compile(r"^\s*(?P<what>(?:field |interview )?[^\W\d_]+)\b(?P<more>.{0,160})$")
_OWN_WORDS = re.compile(r"\b(?:transskri\w*|transcript\w*|ordret\w*|verbatim|udskrift)\b", re.I)
_TRANSLATED = re.compile(r"\b(?:oversat|oversættelse|translated|translation)\b", re.I)
_QUALIFIER_TRANSLATED = re.compile(r"\((?:oversat|oversættelse|translated|translation)\b[^()]*\)\s*$", re.I)
_LONGEST_TAG = 120


def status_of_label(label: str) -> SegmentStatus | None:
    """Return what a heading or a label such as `Referat` or `Notes` says of the words after it."""
    return _LABELS.get(key_of(label))


def status_of_document(first_lines: Sequence[str], facts: Mapping[str, str]) -> SegmentStatus:
    """Return what the title or the facts at the start say of the whole document; "verbatim" by default.

    first_lines : the first lines of the file, up to the first that somebody speaks. `Referat af interview
        med leder` speaks of the whole, `Referat` alone of what follows it.
    """
    head = " ".join(first_lines[:3])
    for line in first_lines[:3]:
        title = _TITLE.match(line)
        status = _LABELS.get(key_of(title["what"])) if title else None
        if (
            title
            and status
            and re.match(r"[^:]*\w", title["more"])
            and len(line) <= 160
            and not _OWN_WORDS.search(head)
        ):
            return status
    for name, value in facts.items():
        if _TRANSLATED.search(name) or (key_of(name) in {"sprog", "language"} and _TRANSLATED.search(value)):
            return "translation"
    return "verbatim"


def with_tags(text: str, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return the turns with the status that a tag at their start or end gives them (`[oversat]`, `(tolket)`).

    The tag stays in the text. A tag among other words speaks of a part of the turn and changes nothing.
    """
    tagged: list[Turn] = []
    for turn in turns:
        status = _tag(text, turn) if turn.kind == "speech" and turn.status == "verbatim" else None
        if status is None:
            tagged.append(turn)
        else:
            own = turn.speaker if status == "interpreted" and turn.speaks_for is None else turn.speaks_for
            tagged.append(replace(turn, status=status, speaks_for=own))
    return tuple(tagged)


def _tag(text: str, turn: Turn) -> SegmentStatus | None:
    if turn.speaker and _QUALIFIER_TRANSLATED.search(turn.speaker):
        return "translation"
    head = text[turn.start : min(turn.end, turn.start + _LONGEST_TAG)]
    tail = text[max(turn.start, turn.end - _LONGEST_TAG) : turn.end].rstrip(" .")
    if not head.lstrip().startswith(("[", "(")) and not tail.endswith(("]", ")")):
        return None
    for form, status in _TAGS:
        if form.match(head) or any(found.end() == len(tail) for found in form.finditer(tail)):
            return status
    return None


_SAID: dict[SegmentStatus, str] = {
    "summary": "{n:turn is|turns are} read as a summary and not as the speaker's own words",
    "notes": "{n:turn is|turns are} read as notes and not as the speaker's own words",
    "translation": "{n:turn is|turns are} read as a translation",
}


def status_warnings(turns: Sequence[Turn]) -> tuple[ReadingWarning, ...]:
    """Return how many turns are read as something else than a speaker's own words, for a reader to check."""
    counts = Counter(turn.status for turn in turns)
    return tuple(
        reading_warning(f"read_as_{status}", said, n=counts[status])
        for status, said in _SAID.items()
        if counts[status]
    )
