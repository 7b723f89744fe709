"""Put wrapped lines together again: which lines run on, and what happens to a hyphen at the line end."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

LINE_END_HYPHEN = "\ufffe"  # what pdfium writes for a hyphen that it found at the end of a line

_LAST = re.compile(rf"([^\W_]+)[-\u00ad{LINE_END_HYPHEN}]$")
_COMPOUND = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_FIRST = re.compile(r"[^\W_]+")
_SUSPENDED = {"og", "eller", "samt", "and", "or", "to", "til", "men", "but", "und", "oder"}
# first parts that Danish and English write with a hyphen
_HYPHENATED = {"it", "tv", "pc", "ikke", "non", "self", "well", "eks", "ex", "e", "u", "x"}
_INNER = {"to", "and", "og", "in", "by", "of", "i", "på", "the", "a", "for", "til", "at"}  # face-to-face
_LIST_OR_LABEL = re.compile(r"^\s*(?:[-•*–—]\s|\[|\(|#\d|>>|\d+[.)]?\s|[^\s:][^:\n]{0,40}:[*_]{0,3}(?:\s|$))")


def join_lines(above: str, below: str, *, vocabulary: Collection[str] = ()) -> str:
    """Return two lines of one paragraph as one.

    `medar-` + `bejder` becomes `medarbejder`; `IGU-` + `forløb` and `it-` + `system` keep their hyphen;
    `dag-` + `og natarbejde` keeps hyphen and space. vocabulary : words of the document in lower case; one
    that occurs there with its hyphen (`two-way`) keeps it, one that occurs in one word loses it.
    """
    head, between = seam(above, below, vocabulary=vocabulary)
    return head + between + below


def seam(above: str, below: str, *, vocabulary: Collection[str] = ()) -> tuple[str, str]:
    """Return what stays of the line above, and what stands between it and the line below; see
    `join_lines`."""
    broken = _LAST.search(above[-80:])
    following = _FIRST.match(below[:80])
    if not broken:
        return above, " " if above and below else ""
    stem = above[:-1]
    if not following or following.group().lower() in _SUSPENDED:
        return stem, "- "
    head, tail = broken.group(1), following.group()
    in_two, in_one = f"{head}-{tail}".lower(), f"{head}{tail}".lower()
    if in_two in vocabulary and in_one not in vocabulary:
        return stem, "-"
    if in_one in vocabulary:
        return stem, ""
    acronym = any(letter.isupper() for letter in head[1:]) or len(head) == 1
    compound = above[-80:][: broken.start()].endswith("-") and head.lower() in _INNER
    known = head.lower() in _HYPHENATED or compound
    keeps = acronym or not head.isalpha() or not tail[0].islower() or known
    return stem, "-" if keeps else ""


def hyphenated_words(lines: Collection[str]) -> frozenset[str]:
    """Return the words inside the lines (never at their end), lower case, for `join_lines`.

    Lines of which none ends in a hyphen need no vocabulary and get an empty one.
    """
    if not any(_LAST.search(line[-80:]) for line in lines):
        return frozenset()
    found = ((match, line) for line in lines for match in _COMPOUND.finditer(line))
    inside = (
        match.group().lower() for match, line in found if match.end() < len(line) and line[match.end()] != "-"
    )
    return frozenset(inside)


def wrapped_lines(lines: Sequence[str]) -> list[bool]:
    """Say of each line whether the line above runs on into it.

    A text is wrapped by hand when, nearly always, the first word of a line would not have fitted on the line
    above. Lines after a blank line, list items and lines that begin with a label never run on.
    """
    width = _width(lines)
    followers = [index for index in range(1, len(lines)) if _may_follow(lines[index - 1], lines[index])]
    full = {index for index in followers if _is_full(lines[index - 1], lines[index], width)}
    if width > 130 or width < 30 or len(full) < 3 or len(full) < 0.7 * len(followers):
        return [False] * len(lines)
    return [index in full for index in range(len(lines))]


def _width(lines: Sequence[str]) -> int:
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    return lengths[int(0.98 * (len(lengths) - 1))] if lengths else 0


def _may_follow(above: str, below: str) -> bool:
    return bool(above.strip()) and bool(below.strip()) and not _LIST_OR_LABEL.match(below[:200])


def _is_full(above: str, below: str, width: int) -> bool:
    first = below.split(None, 1)[0]
    return len(above.rstrip()) + 1 + len(first) > width - 2
