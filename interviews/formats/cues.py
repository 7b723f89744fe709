"""Cues of subtitle files (WebVTT, SubRip): which lines are times, words, comments.

Lenient on purpose: hours may be missing, fractions begin with a comma or a point, numbers and blank lines may
be missing; what cannot be read as a time keeps its words. Who speaks is left to `subtitles`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_STAMP = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,3}))?"
_TIMING = re.compile(rf"^\s*{_STAMP}\s*-{{1,2}}>\s*(?:{_STAMP})?(?:\s.*)?$")
_ARROW = re.compile(r"^\s*[\d:.,;\- ]{0,20}-->[\s\d:.,;\-]{0,40}(?:\s[a-z]+:.*)?$")
_NUMBER = re.compile(r"^\s*\d{1,7}\s*$")
_BLOCK = re.compile(r"^(NOTE|STYLE|REGION|X-TIMESTAMP-MAP.*|Kind: .*|Language: .*)(?:\s|$)")
_MACHINE_NOTE = re.compile(r"^\W*(?:confidence|duration|language|recognizability)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cue:
    """The lines shown at one time. start, end : seconds, None where the file's time cannot be read."""

    lines: tuple[str, ...]
    start: float | None
    end: float | None
    comments: tuple[str, ...] = ()


def cues_of(text: str) -> list[Cue]:
    """Return the cues with words, each with the comments (`NOTE`) that stand before it."""
    lines = text.lstrip("\ufeff").split("\n")
    timings = [index for index, line in enumerate(lines) if "-->" in line[:80] and _is_timing(line)]
    cues: list[Cue] = []
    if not timings:
        return []
    comments = _comments(lines[: timings[0]])
    for at, following in zip(timings, [*timings[1:], len(lines)], strict=True):
        words, after = _words(lines[at + 1 : following], last=following == len(lines))
        start, end = _times(lines[at])
        if words:
            cues.append(Cue(tuple(words), start, end, tuple(comments)))
            comments = []
        comments.extend(_comments(after))
    return cues


def _is_timing(line: str) -> bool:
    return bool(_TIMING.match(line) or _ARROW.match(line))


def _words(lines: Sequence[str], *, last: bool) -> tuple[list[str], list[str]]:
    """The words under a timing line, and the lines of comments after them.

    The line just above the next timing line is its name where it is a number or stands after a blank line.
    """
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if not last and end:
        named = _NUMBER.match(lines[end - 1]) or (end > 1 and not lines[end - 2].strip())
        end -= 1 if named and end == len(lines) else 0
    block = next((index for index in range(end) if _opens_block(lines, index)), end)
    return [line.strip() for line in lines[:block] if line.strip()], list(lines[block:end])


def _opens_block(lines: Sequence[str], index: int) -> bool:
    return bool(_BLOCK.match(lines[index])) and (index == 0 or not lines[index - 1].strip())


def _comments(lines: Sequence[str]) -> list[str]:
    """The words of the comment blocks among the lines between two cues."""
    blocks = "\n".join(lines).split("\n\n")
    notes = [block.strip() for block in blocks if block.strip().startswith("NOTE")]
    words = [" ".join(note[4:].split()) for note in notes]
    return [note for note in words if note and not _MACHINE_NOTE.match(note)]


def _times(line: str) -> tuple[float | None, float | None]:
    found = _TIMING.match(line)
    if not found:
        return None, None
    groups = found.groups()
    return _seconds(*groups[:4]), _seconds(*groups[4:]) if groups[5] else None


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float | None:
    if (int(minutes) > 59 and hours is not None) or int(seconds) > 59:
        return None
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + (float(f"0.{fraction}") if fraction else 0.0)


def without_repeats(cues: Sequence[Cue]) -> list[Cue]:
    """Take away what live captions show again: the last line of the cue before, or all of it, growing.

    Only where at least three cues in ten do so, since people too say things twice.
    """
    rolling = sum(1 for above, cue in itertools.pairwise(cues) if _again(above, cue))
    growing = sum(1 for above, cue in itertools.pairwise(cues) if _grows(above, cue))
    if len(cues) < 4 or max(rolling, growing) < 0.3 * (len(cues) - 1):
        return list(cues)
    if growing > rolling:
        followers: list[Cue | None] = [*cues[1:], None]
        kept: list[Cue] = []
        first: Cue | None = None
        for cue, following in zip(cues, followers, strict=True):
            first = first or cue
            if following is None or not _grows(cue, following):
                kept.append(replace(cue, start=first.start, comments=first.comments))
                first = None
        return kept
    fresh: list[Cue] = []
    for index, cue in enumerate(cues):
        shown = cues[index - 1].lines if index else ()
        most = next(
            (
                n
                for n in range(min(len(shown), len(cue.lines)), 0, -1)
                if _bare(shown[-n:]) == _bare(cue.lines[:n])
            ),
            0,
        )
        if cue.lines[most:]:
            fresh.append(replace(cue, lines=cue.lines[most:]))
    return fresh


def _again(above: Cue, cue: Cue) -> bool:
    return _touch(above, cue) and _bare(above.lines[-1:]) == _bare(cue.lines[:1])


def _grows(above: Cue, cue: Cue) -> bool:
    before, now = " ".join(_bare(above.lines)), " ".join(_bare(cue.lines))
    return len(now) > len(before) and now.startswith(before) and _touch(above, cue)


def _touch(above: Cue, cue: Cue) -> bool:
    return above.end is None or cue.start is None or cue.start <= above.end + 0.5


def _bare(lines: Sequence[str]) -> list[str]:
    return [" ".join(re.sub(r"<[^<>]{0,80}>", "", line).split()) for line in lines]
