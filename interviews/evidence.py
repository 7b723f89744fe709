"""Decide over the whole document which starts of lines are speaker labels, and in which style they are
written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from interviews.alternation import by_dashes, by_questions
from interviews.labels import Candidate, ReadLine, Style
from interviews.source import ReadingWarning
from interviews.unlabelled import by_emphasis, by_style
from interviews.vocabulary import (
    NOT_A_SPEAKER,
    NUMBERED_HEADINGS,
    first_word,
    is_code,
    is_name_like,
    is_role,
    key_of,
)

STRENGTH: tuple[Style, ...] = (
    "stated", "time_line", "time_text", "colon", "bold", "bracket", "tab", "code", "dash", "own_line",
    "letter",
)  # fmt: skip
# share of paragraphs that must carry the style before it is believed
_NEEDED_SHARE: dict[Style, float] = {
    "time_text": 0.3,
    "bold": 0.3,
    "bracket": 0.4,
    "tab": 0.5,
    "code": 0.5,
    "dash": 0.6,
    "own_line": 0.2,
    "letter": 0.8,  # `I Har du tid?`: a letter and a blank alone are a word of most sentences
}
_MAY_HELP: frozenset[Style] = frozenset(
    {"stated", "time_line", "time_text", "colon", "code", "bold", "bracket", "tab", "own_line", "semicolon"}
)

# a couple interviewed together is written `Han:` and `Hun:`; alone on a line such a word opens a sentence
_PRONOUNS = frozenset({"han", "hun", "he", "she", "jeg", "ham", "mig", "me", "him", "jag", "ich"})
# endings of nouns that open a sentence with a colon (`Konklusion:`) and hardly ever of names
_ABSTRACT = re.compile(r"(?:tion|hed|itet|skab|else|erne|ment|ness|ning|dele|mper)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decision:
    """Which candidate of each line is a speaker label (None: none is), and the style that most lines use."""

    chosen: tuple[Candidate | None, ...]
    layout: Style | None
    warnings: tuple[ReadingWarning, ...] = ()


def decide(lines: Sequence[ReadLine], *, header: int = 0) -> Decision:
    """Return the labels of a document. header : how many lines at its start state facts about the interview.

    A label recurs, or is a known role, or stands among labels of its kind where nearly every line has one.
    """
    open_lines = lines[header:]
    starts = sum(1 for line in open_lines if _is_start(line))
    by_style = _by_style(open_lines)
    accepted = {style: _accepted(style, by_style[style], starts) for style in STRENGTH}
    covered = {
        style: sum(1 for candidate in by_style[style] if candidate.key in accepted[style])
        for style in STRENGTH
    }
    best = max(covered.values(), default=0)
    if not best:
        return _without_labels(lines, header)
    main = next(style for style in STRENGTH if covered[style] >= 0.6 * best)
    known = accepted[main] | _beside(main, accepted, lines)
    chosen = [None] * header + [_choose(line, main, known) for line in open_lines]
    return Decision(tuple(chosen), main)


def _without_labels(lines: Sequence[ReadLine], header: int) -> Decision:
    for way in (by_style, by_emphasis, by_dashes, by_questions):
        found = way(lines, header=header)
        if found is not None:
            chosen, warning = found
            style = next(candidate.style for candidate in chosen if candidate is not None)
            return Decision(chosen, style, (warning,))
    return Decision((None,) * len(lines), None)


def _beside(main: Style, accepted: dict[Style, frozenset[str]], lines: Sequence[ReadLine]) -> frozenset[str]:
    """A hearing has `Q.` and `A.` beside `THE COURT:`; other pairs of styles are one style and an
    accident."""
    if main == "colon":
        return accepted["code"]
    if main not in {"code", "bold", "tab", "own_line"}:
        return frozenset()
    counts = Counter(candidate.key for line in lines if (candidate := _of_style(line, "colon")))
    return frozenset(key for key in accepted["colon"] if counts[key] >= 2)


def _is_start(line: ReadLine) -> bool:
    return line.paragraph.kind == "body" and not line.paragraph.continues and not line.is_blank


def _of_style(line: ReadLine, style: Style) -> Candidate | None:
    return next((candidate for candidate in line.candidates if candidate.style == style), None)


def _pick(line: ReadLine, style: Style, keys: frozenset[str]) -> Candidate | None:
    candidate = _of_style(line, style)
    return candidate if candidate and candidate.key in keys else None


def _choose(line: ReadLine, main: Style, known: frozenset[str]) -> Candidate | None:
    own = _pick(line, main, known)
    if own:
        return own
    for candidate in line.candidates:
        if candidate.style not in _MAY_HELP:
            continue
        role = candidate.style in {"colon", "time_line"} and is_role(candidate.label) and main != "stated"
        if candidate.key in known or role:
            return candidate
    return None


def _by_style(lines: Sequence[ReadLine]) -> dict[Style, list[Candidate]]:
    """The candidates of every style, of each line the first."""
    found: dict[Style, list[Candidate]] = {style: [] for style in STRENGTH}
    for line in lines:
        seen: set[Style] = set()
        for candidate in line.candidates:
            if candidate.style in found and candidate.style not in seen:
                seen.add(candidate.style)
                found[candidate.style].append(candidate)
    return found


def _accepted(style: Style, found: Sequence[Candidate], starts: int) -> frozenset[str]:
    if style == "stated":
        return frozenset(candidate.key for candidate in found)
    possible = [candidate for candidate in found if _could_speak(candidate)]
    counts = Counter(candidate.key for candidate in possible)
    if style == "colon":
        return _colon_keys(possible, counts, starts, every=found)
    if style == "time_line":
        return (
            frozenset(counts)
            if len(possible) >= 2 or any(is_role(c.label) for c in possible)
            else frozenset()
        )
    # speakers take turns; the letters of a list (A., B., C.) and the words of a glossary do not come back
    roles = {candidate.key for candidate in possible if is_role(candidate.label)}
    recurring = frozenset(
        key
        for key, count in counts.items()
        if count >= 2 or (style not in {"code", "letter"} and key in roles)
    )
    share = sum(counts[key] for key in recurring) / max(starts, 1)
    needed = 0.1 if style == "code" and {"q", "a"} <= recurring else _NEEDED_SHARE[style]
    if len(recurring) < 2 or share < needed:
        return frozenset()
    if style in {"code", "dash"} and sum(counts[key] for key in recurring) < 0.7 * len(possible):
        return frozenset()
    if style in {"tab", "bold", "bracket"} and share >= 0.8:
        return frozenset(counts)
    return recurring


def _could_speak(candidate: Candidate) -> bool:
    key = candidate.key
    if key in _PRONOUNS:
        return candidate.style in {"colon", "tab", "time_line"} and not candidate.runs_on
    if not key or not is_name_like(candidate.label):
        return False
    if candidate.style in {"code", "letter"}:
        return is_code(candidate.label) and (len(candidate.label) > 1 or is_role(candidate.label))
    return candidate.style != "own_line" or len(candidate.label.split()) <= 4


def _uncapitalised(found: Sequence[Candidate], starts: int) -> frozenset[str]:
    """`anna:` and `bo:` on nearly every line, where nothing else is a label."""
    counts = Counter(
        c.key for c in found if len(c.key.split()) <= 2 and first_word(c.key) not in NOT_A_SPEAKER
    )
    recurring = frozenset(key for key, count in counts.items() if count >= 2)
    covered = sum(counts[key] for key in recurring)
    return recurring if len(recurring) >= 2 and covered >= 0.7 * starts else frozenset()


def _colon_keys(
    possible: Sequence[Candidate], counts: Counter[str], starts: int, *, every: Sequence[Candidate]
) -> frozenset[str]:
    sure = {key for key, count in counts.items() if count >= 2 or is_role(key)}
    sure.update(candidate.key for candidate in possible if candidate.time_seconds is not None)
    if not sure:
        return _uncapitalised(every, starts)
    once = {
        candidate.key: candidate
        for candidate in possible
        if candidate.key not in sure and not candidate.tight
    }
    share = sum(counts.values()) / max(starts, 1)
    few = len(possible) < 6 and any(is_role(key) for key in counts)
    two = share >= 0.85 and len(counts) >= 2
    stems = {first_word(key) for key in sure if is_code(key.upper())}
    small = sum(1 for candidate in possible if candidate.runs_on and candidate.key in sure)
    begins_large = small <= 0.2 * sum(counts[key] for key in sure)
    shouted = any(candidate.label.isupper() for candidate in possible if candidate.key in sure)
    for key, candidate in once.items():
        alike = is_code(candidate.label) and first_word(key) in stems
        loud = shouted and candidate.label.isupper()
        brief = len(candidate.label.split()) <= 3 and not _ABSTRACT.search(key)
        if key in _PRONOUNS or (candidate.runs_on and begins_large and not alike):
            continue
        if alike or loud or (brief and (two or few or (share >= 0.5 and len(sure) > 0))):
            sure.add(key)
    return frozenset(sure)


def is_numbered_heading(candidate: Candidate | None) -> bool:
    """Say whether a label is a guide question such as `Spørgsmål 3`, which is a heading and no speaker."""
    return candidate is not None and bool(NUMBERED_HEADINGS.match(key_of(candidate.label)))
