"""Interviews without labels: questions set apart by type or by the name of their style, names that stand
without any sign between a time and the words. Dialogues of dashes and questions are left to `alternation`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from interviews.labels import Candidate, ReadLine
from interviews.source import ReadingWarning, reading_warning
from interviews.vocabulary import INTERVIEWER_WORDS, PARTICLES, RESPONDENT_WORDS, is_name_like

INTERVIEWER, RESPONDENT = "Interviewer", "Respondent"

_ASKS = re.compile(r"[?؟][\"'”’»)\s]*$")
_WORD = re.compile(r"\S+")

Chosen = tuple[Candidate | None, ...]


def named_after_times(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Give `00:12 Sara So how did you hear` a candidate for the name that follows the time.

    Nearly every line with a time must open with one of a few words that look like names and come back; a name
    has as many words as all lines that open with its first word share.
    """
    timed = [index for index, line in enumerate(lines) if _opens_with_time(line)]
    if sum(1 for index in timed if _is_signed(lines[index])) > 0.4 * len(timed):
        return list(lines)
    firsts = {index: found.group() for index in timed if (found := _word_at(lines[index], 0))}
    counts = Counter(word for word in firsts.values() if _could_be_name(word))
    recurring = {word for word, count in counts.items() if count >= 2}
    covered = sum(counts[word] for word in recurring)
    if len(timed) < 4 or len(recurring) < 2 or covered < 0.9 * len(timed) or len(recurring) > covered / 2:
        return list(lines)
    ends: dict[str, int] = {}
    for word in recurring:
        ends[word] = _shared_words([lines[index] for index in timed if firsts.get(index) == word])
    named = list(lines)
    for index, word in firsts.items():
        if word in recurring:
            line = named[index]
            end = _end_of_words(line, ends[word])
            label = line.paragraph.text[line.start : end]
            own = Candidate("time_text", label, end, line.time_seconds)
            named[index] = replace(line, candidates=(own, *line.candidates))
    return named


def _opens_with_time(line: ReadLine) -> bool:
    return line.start > 0 and line.time_seconds is not None and not line.is_blank


def _is_signed(line: ReadLine) -> bool:
    return any(
        one.style in {"time_line", "bold", "bracket", "tab"}
        or (one.style == "colon" and is_name_like(one.label))
        for one in line.candidates
    )


def _word_at(line: ReadLine, offset: int) -> re.Match[str] | None:
    return _WORD.match(line.paragraph.text, line.start + offset, line.end)


def _could_be_name(word: str) -> bool:
    bare = word.strip(".()")
    return bare[-1:].isalnum() and bare[:1].isalpha() and is_name_like(bare)


def _shared_words(lines: Sequence[ReadLine]) -> int:
    split = [line.paragraph.text[line.start : line.end][:80].split()[:5] for line in lines]
    shared = 1
    while shared < 4 and all(len(words) > shared + 1 for words in split):
        following = {words[shared] for words in split}
        word = next(iter(following))
        if len(following) > 1 or not (word in PARTICLES or _could_be_name(word)):
            break
        shared += 1
    return shared


def _end_of_words(line: ReadLine, count: int) -> int:
    position = line.start
    for found in _WORD.finditer(line.paragraph.text, line.start, line.end):
        position, count = found.end(), count - 1
        if not count:
            break
    return position


def by_emphasis(lines: Sequence[ReadLine], *, header: int) -> tuple[Chosen, ReadingWarning] | None:
    """Return the turns of an interview whose questions are wholly bold, italic, underlined or in a colour.

    The paragraphs set apart must ask clearly more than the others; of them, short ones that ask nothing are
    headings. None for a document of another kind.
    """
    body = [index for index in range(header, len(lines)) if lines[index].paragraph.kind == "body"]
    apart = [index for index in body if _is_apart(lines[index])]
    others = [index for index in body if not _is_apart(lines[index])]
    asking = sum(1 for index in apart if asks(lines[index]))
    asking_others = sum(1 for index in others if asks(lines[index]))
    if len(apart) < 2 or asking < 2 or len(others) < 0.5 * len(apart) or not others:
        return None
    if asking < 0.4 * len(apart) or asking_others / len(others) > 0.5 * asking / len(apart):
        return None
    first = next(index for index in apart if not is_heading_apart(lines[index]))
    chosen: list[Candidate | None] = [None] * len(lines)
    speaker = ""
    for index in body:
        line = lines[index]
        if index < first or (_is_apart(line) and is_heading_apart(line)):
            continue
        now = INTERVIEWER if _is_apart(line) else RESPONDENT
        if now != speaker:
            chosen[index] = Candidate("emphasis", now, line.start, line.time_seconds)
            speaker = now
    return tuple(chosen), reading_warning(
        "speakers_by_emphasis",
        "no speaker is named; the {n:paragraph that is|paragraphs that are} set apart by type read as the"
        " interviewer's",
        n=len(apart),
    )


def by_style(lines: Sequence[ReadLine], *, header: int) -> tuple[Chosen, ReadingWarning] | None:
    """Return the turns of a document whose styles are named after who speaks (`Interviewer`, `Svar`).

    Where only the style of one side is named, the paragraphs without a named style are the other's. None
    where no style of the file is named so.
    """
    body = [index for index in range(header, len(lines)) if lines[index].paragraph.kind == "body"]
    names = Counter(lines[index].paragraph.style_name for index in body)
    roles = {name: role for name in names if (role := _role_of_style(name)) is not None}
    told = sum(names[name] for name in roles)
    rest = RESPONDENT if set(roles.values()) == {INTERVIEWER} else INTERVIEWER
    one_side = len(set(roles.values())) == 1 and names[""] >= 2 and told >= 0.25 * len(body)
    if told < 2 or not (one_side or (len(roles) >= 2 and told >= 0.7 * len(body))):
        return None
    chosen: list[Candidate | None] = [None] * len(lines)
    first = next(index for index in body if lines[index].paragraph.style_name in roles)
    for index in body:
        name = lines[index].paragraph.style_name
        label = name if name in roles else rest if one_side and not name and index > first else None
        if label is not None:
            chosen[index] = Candidate("emphasis", label, lines[index].start, lines[index].time_seconds)
    return _first_of_each(chosen), reading_warning(
        "speakers_by_style",
        "no speaker is named in the text; the styles of {n:paragraph is|paragraphs are} read as speakers",
        n=told,
    )


def _role_of_style(name: str) -> str | None:
    words = {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", name)}
    if words & INTERVIEWER_WORDS:
        return INTERVIEWER
    return RESPONDENT if words & RESPONDENT_WORDS else None


def _first_of_each(chosen: Sequence[Candidate | None]) -> Chosen:
    """Without the labels of paragraphs that go on with what the one above said."""
    kept: list[Candidate | None] = []
    speaker = ""
    for one in chosen:
        kept.append(one if one is not None and one.label != speaker else None)
        speaker = one.label if one is not None else speaker
    return tuple(kept)


def is_heading_apart(line: ReadLine) -> bool:
    """Say whether a paragraph set apart by type is a heading and not a question: short, without a stop."""
    text = _text(line)
    return len(text) <= 80 and len(text.split()) <= 12 and text[-1:].isalnum()


def _is_apart(line: ReadLine) -> bool:
    words = _text(line)
    whole = line.paragraph.bold >= len(line.paragraph.text.rstrip()) > 0
    return bool(words) and (line.paragraph.emphasis is not None or whole)


def asks(line: ReadLine) -> bool:
    return bool(_ASKS.search(_text(line)[-8:]))


def _text(line: ReadLine) -> str:
    return line.paragraph.text[line.start : line.end].strip()
