"""Dialogues without labels: lines that open with a dash or a bullet, and questions each with its answer
below."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from interviews.labels import Candidate, ReadLine
from interviews.source import ReadingWarning, reading_warning
from interviews.unlabelled import INTERVIEWER, RESPONDENT, Chosen, asks
from interviews.vocabulary import NUMBERED_HEADINGS, listed

_DASH = re.compile(r"^\s*(?:[-–—―]|>{1,3})\s*(?=\S)")
_LIST = re.compile(r"^\s*(?:\d{1,2}[.)]|[a-z][.)])\s")
_LONGEST_QUESTION = 400
_ASK_WORDS = listed("q question spørgsmål spm frage fråga")
_ANSWER_WORDS = listed("a answer svar antwort")
_COUNTED = re.compile(rf"^(?P<word>{'|'.join(_ASK_WORDS | _ANSWER_WORDS)}) ?(?P<number>\d{{1,3}})$")
_NUMBER_AT_END = re.compile(r"[\s.#-]*\d+\W*$")

# what speaks against a reading of two neighbouring lines, in the odds of a mistake
_DASH_WITHOUT_CHANGE = 2.0  # one who speaks in two lines with a dash each
_CHANGE_WITHOUT_DASH = 1.5  # a dash that was forgotten
_ANSWERS_WITH_A_QUESTION = 1.5
_ASKS_WITHOUT_ONE = 0.4


def without_counts(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Return the lines with `Q1:`, `A1:`, `Q2:` as `Q` and `A`, where such numbers count questions.

    They do where both are numbered, each number belongs to one question, and they rise.
    """
    found = {
        index: match
        for index, line in enumerate(lines)
        for one in line.candidates
        if one.style == "colon" and (match := _COUNTED.match(one.key))
    }
    asked = [int(match["number"]) for match in found.values() if match["word"] in _ASK_WORDS]
    answered = [int(match["number"]) for match in found.values() if match["word"] in _ANSWER_WORDS]
    rising = all(before < after for before, after in itertools.pairwise(asked))
    if len(asked) < 2 or len(answered) < 2 or not rising or not set(answered) <= set(asked):
        return list(lines)
    plain = list(lines)
    for index in found:
        candidates = (
            replace(one, label=_NUMBER_AT_END.sub("", one.label)) if _COUNTED.match(one.key) else one
            for one in lines[index].candidates
        )
        plain[index] = replace(lines[index], candidates=tuple(candidates))
    return plain


def by_dashes(lines: Sequence[ReadLine], *, header: int) -> tuple[Chosen, ReadingWarning] | None:
    """Return the turns of a dialogue whose lines begin with a dash or a bullet, one speaker after the other.

    Questions must stand nearly always at the same one of the two, else it is a list. A dash that is missing,
    or one too many, changes the speakers only as far as the questions do not tell otherwise. None for a list.
    """
    marks = {
        index: found.end() if found else 0
        for index in range(header, len(lines))
        if (found := _DASH.match(lines[index].paragraph.text[:40])) or lines[index].paragraph.bullet
    }
    if len(marks) < 4:
        return None
    body = [index for index in range(min(marks), len(lines)) if lines[index].paragraph.kind == "body"]
    questions = sum(1 for index in marks if asks(lines[index]))
    if len(body) - len(marks) > 0.5 * len(marks) or questions < 2:
        return None
    interviewer = _likeliest(lines, body, marks)
    asked = [index for index, own in zip(body, interviewer, strict=True) if own and index in marks]
    right = sum(1 for index in asked if asks(lines[index]))
    if right < 2 or right < 0.3 * len(asked) or questions - right > 0.34 * right:
        return None
    if not 0.35 * len(marks) <= len(asked) <= 0.65 * len(marks):
        return None
    chosen: list[Candidate | None] = [None] * len(lines)
    before: bool | None = None
    for index, own in zip(body, interviewer, strict=True):
        if index in marks or own != before:
            line, end = lines[index], marks.get(index, 0)
            start = max(end, line.start if line.start > end else 0)
            label = INTERVIEWER if own else RESPONDENT
            chosen[index] = Candidate("dash", label, start, line.time_seconds)
        before = own
    return tuple(chosen), reading_warning(
        "speakers_by_turns",
        "no speaker is named; the {n:line with a dash is|lines with a dash are} read as interviewer and"
        " respondent in turn",
        n=len(marks),
    )


def _likeliest(lines: Sequence[ReadLine], body: Sequence[int], marks: dict[int, int]) -> list[bool]:
    """Say of each line whether the interviewer speaks, by the cheapest way through all lines."""
    costs = {True: 0.0, False: 0.0}
    ways: list[dict[bool, bool]] = []
    for index in body:
        change = 0.0 if index in marks else _CHANGE_WITHOUT_DASH
        stay = _DASH_WITHOUT_CHANGE if index in marks else 0.0
        question = asks(lines[index])
        now, way = {}, {}
        for own in (True, False):
            before = min((True, False), key=lambda one: costs[one] + (stay if one == own else change))
            way[own] = before
            own_cost = (
                (0.0 if question else _ASKS_WITHOUT_ONE) if own else _ANSWERS_WITH_A_QUESTION * question
            )
            now[own] = costs[before] + (stay if before == own else change) + own_cost
        costs = now
        ways.append(way)
    speaks = min((True, False), key=lambda one: costs[one])
    found: list[bool] = []
    for way in reversed(ways):
        found.append(speaks)
        speaks = way[speaks]
    return found[::-1]


def by_questions(lines: Sequence[ReadLine], *, header: int) -> tuple[Chosen, ReadingWarning] | None:
    """Return the turns of an interview whose questions are paragraphs of their own, each answered below.

    At least three questions, and a fifth of all paragraphs; nearly all are followed by an answer, and answers
    hardly ever end with a question. None for a text of another kind.
    """
    body = [index for index in range(header, len(lines)) if _is_body(lines[index])]
    asked = [index for index in body if _is_question(lines[index])]
    if len(asked) < 3 or len(asked) < 0.2 * len(body) or len(asked) > 0.6 * len(body):
        return None
    inside = body[body.index(asked[0]) :]
    after = dict(itertools.pairwise(inside))
    answered = sum(1 for index in asked if index in after and not asks(lines[after[index]]))
    above = len(body) - len(inside)
    if answered < 0.85 * len(asked) or above > 3 or _is_listed(lines, asked):
        return None
    chosen: list[Candidate | None] = [None] * len(lines)
    speaker = ""
    for index in inside:
        now = INTERVIEWER if _is_question(lines[index]) else RESPONDENT
        if now != speaker:
            chosen[index] = Candidate("emphasis", now, lines[index].start, lines[index].time_seconds)
            speaker = now
    return tuple(chosen), reading_warning(
        "speakers_by_questions",
        "no speaker is named; the {n:paragraph that only asks is|paragraphs that only ask are} read as the"
        " interviewer's",
        n=len(asked),
    )


def _is_body(line: ReadLine) -> bool:
    cue = line.paragraph.continues or line.paragraph.time_seconds is not None
    return line.paragraph.kind == "body" and not cue and not line.is_blank


def _is_question(line: ReadLine) -> bool:
    return asks(line) and line.end - line.start <= _LONGEST_QUESTION


def _is_listed(lines: Sequence[ReadLine], asked: Sequence[int]) -> bool:
    """Questions with a number or a letter are those of a questionnaire; headings read them better."""
    listed = sum(
        1
        for index in asked
        if _LIST.match(lines[index].paragraph.text[:10])
        or any(NUMBERED_HEADINGS.match(one.key) for one in lines[index].candidates if one.style == "colon")
    )
    return listed > 0.5 * len(asked)
