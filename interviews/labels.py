"""What could be a speaker label at the start of a line. Which of them are is decided over the whole
document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from interviews.places import Placed
from interviews.times import BRACKETED, CLOCK, MARK, seconds_of
from interviews.vocabulary import is_name_like, key_of

Style = Literal[
    "stated", "colon", "time_line", "time_text", "bold", "bracket", "tab", "code", "dash", "own_line",
    "letter", "semicolon", "emphasis",
]  # fmt: skip

LOOKED_AT = 200  # labels stand at the start; a longer search hangs on hostile lines

_NAME = r"[^\W_](?:[^:\n\t?!;\"“”\[\]{}<>()|#]{0,58}?[^\s:\n\t?!;\"“”\[\]{}<>()|#,])??"
_LABEL = rf"(?P<label>{_NAME}\??|\?{{1,3}})"
_TIME_FIRST = re.compile(rf"^\s*({MARK})\s*[-–:,]?\s*(?=\S|$)")
_TIME_LAST = re.compile(rf"\s*({BRACKETED})\s*$")
_MARKS = "\u200e\u200f\u202a-\u202c\u2066-\u2069"  # say in which direction to write; no part of a label
_OPENING = re.compile(rf"^[\s{_MARKS}]*(?:>>\s*|[-•*–]\s+(?=[^:\n]{{1,40}}:)|\*(?=[A-Z]{{2,5}}\d?:))?")
_AROUND = " .\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
# an initial or a title keeps its stop: `Søren P.`, `A.M.`
_STOP_BELONGS = re.compile(r"[^\W\d_][. ]\s*[^\W\d_]\.$|\b(?:[dhmf]r|jr|sr|mrs|ms|prof)\.$", re.IGNORECASE)
_QUALIFIER = r"(?:\s*\((?P<qualifier>[^()\n]{1,40})\))?"
_COLON = re.compile(
    rf"^{_LABEL}{_QUALIFIER}\s*(?P<time>{MARK})?\s*(?P<mark>[:：])(?P<gap>\s*)"
    rf"(?:(?P<late>{BRACKETED})(?:\s+|$))?"
)
_SEMICOLON = re.compile(rf"^(?P<label>{_NAME})\s*(?P<mark>;)(?P<gap>\s+)")
_TIME_LINE = re.compile(rf"^{_LABEL}{_QUALIFIER}\s*[,|\-–·]?\s+(?P<time>{MARK})\s*:?\s*$")
_BRACKET = re.compile(rf"^[\[(<{{]{_LABEL}{_QUALIFIER}[\])>}}]\s*(?P<time>{MARK})?\s*[:\-–]?(?P<gap>\s*)")
_TIME_TEXT = re.compile(rf"^{_LABEL}{_QUALIFIER}\s*[,|\-–·]?\s*(?P<time>{MARK})\s*[:\-–]?(?P<gap>\s+)(?=\S)")
_CHAT = re.compile(r"^(?:From|Fra)\s+(?P<label>[^:\n]{1,50}?)\s+(?:to|til)\s+[^:\n]{1,40}\s*:(?P<gap>\s+)")
_BRACKET_TIME = re.compile(rf"^\[(?P<label>{_NAME})\s+(?P<time>{CLOCK})\]\s*:?(?P<gap>\s*)")
_TAB = re.compile(rf"^(?P<label>{_NAME}){_QUALIFIER}\s*(?P<gap>\t+|\s{{3,}})(?=\S)")
_CODE = re.compile(r"^(?P<label>[A-ZÆØÅ]{1,3}\d{0,3})(?P<gap>[.)]\s+|\s{2,}|(?<=[QA])\s+(?=[A-ZÆØÅ]))(?=\S)")
_LETTER = re.compile(r"^(?P<label>[A-ZÆØÅ]{1,3}\d{0,2})(?P<gap>\s)(?=[A-ZÆØÅÄÖÜ(\[…\"“„«])")
_DASH = re.compile(rf"^(?P<label>{_NAME}){_QUALIFIER}(?P<gap>\s+[-–—|]\s+|/\s+)(?=\S)")
_OWN_LINE = re.compile(rf"^(?P<label>{_NAME}){_QUALIFIER}\s*$")
_COLON_SIGN, _DIGIT = re.compile(r"[:：]"), re.compile(r"\d")
_SIGN_AFTER = re.compile(r"\s*[-–—:|/]\s+(?=\S)")
_CLOSES = ("]", ")", "}", ">", "#")
_OPENS = ("[", "(", "<", "{")
_INLINE: tuple[tuple[Style, re.Pattern[str]], ...] = (
    ("time_text", _TIME_TEXT), ("tab", _TAB), ("code", _CODE), ("dash", _DASH), ("letter", _LETTER)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read the start of a line: who speaks, from which character on, and when.

    tight : nothing stands between the sign and the words.     runs_on : the words begin with a small letter.
    """

    style: Style
    label: str
    start: int
    time_seconds: float | None = None
    qualifier: str = ""
    tight: bool = False
    runs_on: bool = False

    @property
    def key(self) -> str:
        return key_of(self.label)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line with its time mark set apart. end : where its words end (before a closing time mark)."""

    paragraph: Placed
    start: int
    end: int
    time_seconds: float | None
    candidates: tuple[Candidate, ...]

    @property
    def is_blank(self) -> bool:
        return self.start >= self.end


def read_line(paragraph: Placed, *, bare_times: bool) -> ReadLine:
    """Return the candidates of one line, strongest first.

    bare_times : whether a time without brackets at the start of a line is a time mark in this document.
    """
    text = paragraph.text
    if paragraph.kind == "note":
        return ReadLine(paragraph, 0, len(text), None, ())
    head = text[:LOOKED_AT]
    start, seconds = _leading_time(head, bare_times=bare_times)
    end, closing = _closing_time(text)
    if seconds is None:
        seconds = paragraph.time_seconds if paragraph.time_seconds is not None else closing
    opening = _OPENING.match(head[start:])
    begin = start + (opening.end() if opening else 0)
    candidates = tuple(_candidates(paragraph, head[begin : max(begin, end)], begin, seconds))
    while start < end and text[start].isspace():
        start += 1
    return ReadLine(paragraph, start, max(start, end), seconds, candidates)


def starts_with_bare_time(text: str) -> bool:
    """Say whether a line opens with a time that has no brackets around it."""
    found = _TIME_FIRST.match(text[:LOOKED_AT])
    return bool(found) and text.lstrip()[:1].isdigit()


def _leading_time(head: str, *, bare_times: bool) -> tuple[int, float | None]:
    found = _TIME_FIRST.match(head)
    if not found:
        return 0, None
    bare = found.group(1)[0].isdigit()
    if bare and not bare_times and found.group(1).count(":") < 2:
        rest = head[found.end() :]
        colon = _COLON.match(rest)
        named = colon is not None and is_name_like(colon["label"])
        if rest and not named and not (_OWN_LINE.match(rest) and is_name_like(rest)):
            return 0, None
    return found.end(), seconds_of(found.group(1))


def _closing_time(text: str) -> tuple[int, float | None]:
    if not text[-20:].rstrip().endswith(_CLOSES):
        return len(text.rstrip()), None
    tail_from = max(0, len(text) - 60)
    found = _TIME_LAST.search(text[tail_from:])
    if not found or tail_from + found.start() == 0:
        return len(text.rstrip()), None
    return tail_from + found.start(), seconds_of(found.group(1))


def _candidates(paragraph: Placed, head: str, begin: int, seconds: float | None) -> list[Candidate]:
    found: list[Candidate] = []
    if paragraph.speaker:
        return [Candidate("stated", paragraph.speaker, begin, seconds)]
    whole = begin + len(head) >= len(paragraph.text.rstrip()) or len(head) < LOOKED_AT - begin
    has_colon, has_digit = _COLON_SIGN.search(head), _DIGIT.search(head)
    chat = _CHAT.match(head) if has_colon and head.startswith(("From", "Fra")) else None
    colon = _COLON.match(head) if has_colon else None
    if chat:
        found.append(_from(chat, "colon", begin, seconds))
    elif colon and not _clock_follows(head, colon):
        found.append(
            _from(colon, "colon", begin, seconds, tight=not colon["gap"] and colon.end() < len(head))
        )
    line = _TIME_LINE.match(head) if whole and has_digit else None
    if line:
        found.append(_from(line, "time_line", begin, seconds))
    elif _own_line_with_time_taken(head, paragraph, begin, seconds, whole=whole):
        found.append(Candidate("time_line", head.strip(" :"), begin + len(head), seconds))
    found.extend(_bold(paragraph, begin, seconds))
    bracket = _BRACKET_TIME.match(head) or _BRACKET.match(head) if head.startswith(_OPENS) else None
    if bracket:
        found.append(_from(bracket, "bracket", begin, seconds))
    for style, form in _INLINE:
        if (style != "time_text" or has_digit) and (match := form.match(head)):
            found.append(_from(match, style, begin, seconds))
    own = _OWN_LINE.match(head) if whole and len(head) <= 50 else None
    if own:
        found.append(_from(own, "own_line", begin, seconds))
    semicolon = _SEMICOLON.match(head) if ";" in head else None
    if semicolon:
        found.append(_from(semicolon, "semicolon", begin, seconds))
    return found


def _own_line_with_time_taken(
    head: str, paragraph: Placed, begin: int, seconds: float | None, *, whole: bool
) -> bool:
    """`00:01:23 Anna` or `Anna [00:01:23]`: the time is already taken off, the name stands alone."""
    own_time = seconds is not None and paragraph.time_seconds is None
    return (
        whole and own_time and bool(_OWN_LINE.match(head)) and len(head) <= 50 and is_name_like(head.strip())
    )


def _bold(paragraph: Placed, begin: int, seconds: float | None) -> list[Candidate]:
    size = paragraph.bold
    if not begin < size <= 60 or size >= len(paragraph.text.rstrip()):
        return []
    label = plain_label(paragraph.text[begin:size].strip(" \t:-–—"))
    sign = _SIGN_AFTER.match(paragraph.text, size)
    start = sign.end() if sign else size
    return [Candidate("bold", label, start, seconds)] if label and "\n" not in label else []


def _from(
    match: re.Match[str], style: Style, begin: int, seconds: float | None, *, tight: bool = False
) -> Candidate:
    groups = match.groupdict()
    qualifier = (groups.get("qualifier") or "").strip()
    own = groups.get("time") or groups.get("late")
    time = seconds_of(own) if own else None
    if qualifier and re.fullmatch(CLOCK, qualifier):
        time, qualifier = seconds_of(qualifier), ""
    return Candidate(
        style,
        plain_label(match["label"]),
        begin + match.end(),
        time if time is not None else seconds,
        qualifier,
        tight,
        match.string[match.end() : match.end() + 1].islower(),
    )


def plain_label(written: str) -> str:
    """Return a label without the signs around it; the stop of an initial or a title stays."""
    bare = written.strip(_AROUND)
    stopped = f"{bare}."
    return stopped if stopped in written and _STOP_BELONGS.search(stopped) else bare


def _clock_follows(head: str, colon: re.Match[str]) -> bool:
    """`Klokken 10:30`, `http://` and `3:1` are not labels."""
    rest = head[colon.end() :]
    if colon["gap"]:
        return False
    return rest[:1].isdigit() or rest.startswith("//")
