"""Sections of an interview by its guide: headings, numbered questions, and questions of a given guide that
the interviewer reads out, so that answers can be coded by question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from interviews.transcript import Transcript, Turn

GUIDE_SCORE = 82.0
_LONGEST_TITLE = 300
_THEMES = "del part tema theme emne topic kapitel chapter afsnit section"
_LEVEL = {**dict.fromkeys(_THEMES.split(), 1), "spørgsmål": 2, "question": 2, "spm": 2}
_NAMED = re.compile(
    r"^\s*(?P<kind>[^\W\d_]+)\.?\s*(?P<number>\d+(?:\.\d+)*[a-z]?)\b[\s.:)–-]*", re.IGNORECASE
)
_NUMBERED = re.compile(r"^\s*(?P<number>\d{1,2}(?:\.\d{1,2})*\s?[a-z]?|[a-z])[.):]\s+(?=\S)", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_SENTENCES = re.compile(r"[^.!?؟\n]*[.!?؟\n]?")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the transcript's text, half-open, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs to one heading or guide question.

    title : as it stands in the text.     level : 1 for a theme, 2 for a question under it, and so on.
    start, end : from the heading to the next of its level or above, half-open.
    questions : turns of the interviewer in it.     answers : what others say in it, each turn or, for text
        without speakers, the text under the heading.
    """

    title: str
    level: int
    start: int
    end: int
    questions: tuple[Turn, ...] = ()
    answers: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """Where a question of the guide is asked. start, end : the words that match it, in the turn `turn`.

    score : likeness, 0-100.     answers : what others say until the next question of the guide.
    """

    question: str
    turn: Turn
    start: int
    end: int
    score: float
    answers: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideMatch:
    """asked : in the order of the interview.     not_asked : questions of the guide that were not found."""

    asked: tuple[AskedQuestion, ...] = field(default=())
    not_asked: tuple[str, ...] = ()


def sections(transcript: Transcript) -> tuple[Section, ...]:
    """Return the sections of an interview, in the order of the text; empty where it has no headings.

    A section opens at a heading turn, at a note such as `Tema 3: Sprog`, or at a numbered question of the
    interviewer (`2a. Hvordan ...?`) where three or more are numbered. The first heading of a file, with
    nothing said before the next, is its title and no section.
    """
    opened = list(_openings(transcript))
    found: list[Section] = []
    for index, (turn, level) in enumerate(opened):
        end = next(
            (later.start for later, other in opened[index + 1 :] if other <= level), len(transcript.text)
        )
        inside = [one for one in transcript.turns if turn.start <= one.start < end]
        title = _BLANKS.sub(" ", transcript.said(turn))[:_LONGEST_TITLE].strip()
        asked, answers = _asked_and_answered(transcript, inside)
        if answers or asked or index:
            found.append(Section(title, level, turn.start, end, asked, answers))
    return tuple(found)


def _openings(transcript: Transcript) -> list[tuple[Turn, int]]:
    interviewers = _interviewers(transcript)
    heads = [turn for turn in transcript.turns if _is_head(transcript, turn)]
    asked = [
        turn
        for turn in transcript.turns
        if turn.kind == "speech"
        and turn.speaker in interviewers
        and _NUMBERED.match(transcript.said(turn)[:40])
    ]
    if len(asked) >= 3:
        heads = sorted([*heads, *asked], key=lambda turn: turn.start)
    return [(turn, _level(transcript.said(turn), asked=turn.kind == "speech")) for turn in heads]


def _is_head(transcript: Transcript, turn: Turn) -> bool:
    if turn.kind == "heading":
        return True
    named = _NAMED.match(transcript.said(turn)[:60]) if turn.kind == "note" else None
    return named is not None and named["kind"].casefold() in _LEVEL


def _level(title: str, *, asked: bool) -> int:
    named = _NAMED.match(title[:60])
    if named and named["kind"].casefold() in _LEVEL:
        return _LEVEL[named["kind"].casefold()] + named["number"].count(".")
    numbered = _NUMBERED.match(title[:40])
    if numbered:
        number = numbered["number"]
        below = number.count(".") + (number[-1].isalpha() and len(number) > 1)
        return 2 + below
    return 2 if asked or title.rstrip().endswith("?") else 1


def _interviewers(transcript: Transcript) -> frozenset[str]:
    return frozenset(speaker.label for speaker in transcript.speakers if speaker.role == "interviewer")


def _asked_and_answered(
    transcript: Transcript, turns: Sequence[Turn]
) -> tuple[tuple[Turn, ...], tuple[Span, ...]]:
    interviewers = _interviewers(transcript)
    speech = [turn for turn in turns if turn.kind == "speech"]
    asked = tuple(turn for turn in speech if turn.speaker in interviewers)
    return asked, tuple(Span(turn.start, turn.end) for turn in speech if turn.speaker not in interviewers)


def match_guide(
    transcript: Transcript, questions: Sequence[str], *, at_least: float = GUIDE_SCORE
) -> GuideMatch:
    """Return where the questions of an interview guide are asked, in the same or nearly the same words.

    questions : as the guide has them; numbers before them do not count. Each is found once, where it is most
    alike; it may be a part of a longer turn. Turns of interviewers are searched, or all where none is known.
    at_least : the likeness that counts as asked, 0-100.
    """
    interviewers = _interviewers(transcript)
    spoken = [turn for turn in transcript.turns if turn.kind in {"speech", "heading"}]
    searched = [
        turn for turn in spoken if not interviewers or turn.kind == "heading" or turn.speaker in interviewers
    ]
    places = [(turn, start, end) for turn in searched for start, end in _stretches(transcript, turn)]
    said = [_plain(transcript.text[start:end]) for _, start, end in places]
    best: list[AskedQuestion] = []
    missing: list[str] = []
    for question in questions:
        wanted = _plain(_without_number(question))
        hit = process.extractOne(wanted, said, scorer=fuzz.ratio, score_cutoff=at_least) if wanted else None
        if hit is None:
            missing.append(question)
            continue
        turn, start, end = places[hit[2]]
        best.append(AskedQuestion(question, turn, start, end, round(float(hit[1]), 1)))
    best.sort(key=lambda one: (one.start, one.end))
    return GuideMatch(tuple(_answered(transcript, best)), tuple(missing))


def _answered(transcript: Transcript, asked: Sequence[AskedQuestion]) -> list[AskedQuestion]:
    answered: list[AskedQuestion] = []
    for index, one in enumerate(asked):
        following = next((later.turn.start for later in asked[index + 1 :] if later.turn != one.turn), None)
        end = len(transcript.text) if following is None else following
        inside = [turn for turn in transcript.turns if one.turn.end < turn.start < end]
        _, answers = _asked_and_answered(transcript, inside)
        answered.append(AskedQuestion(one.question, one.turn, one.start, one.end, one.score, answers))
    return answered


def _stretches(transcript: Transcript, turn: Turn) -> list[tuple[int, int]]:
    """The whole turn and every one to three sentences of it that follow each other."""
    text = transcript.said(turn)
    ends = [found.span() for found in _SENTENCES.finditer(text) if found.group().strip()]
    spans = {(turn.start, turn.end)}
    for first in range(len(ends)):
        for last in range(first, min(first + 3, len(ends))):
            low, high = ends[first][0], ends[last][1]
            low += len(text[low:high]) - len(text[low:high].lstrip())
            spans.add((turn.start + low, turn.start + high))
    return sorted(spans)


def _without_number(question: str) -> str:
    named = _NAMED.match(question)
    if named and named["kind"].casefold() in _LEVEL:
        return question[named.end() :]
    numbered = _NUMBERED.match(question)
    return question[numbered.end() :] if numbered else question


def _plain(words: str) -> str:
    kept = "".join(c if c.isalnum() else " " for c in _without_number(words).casefold())
    return " ".join(kept.split())
