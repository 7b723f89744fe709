"""Interpreters: which turns are theirs, and whose words they render."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from interviews.source import ReadingWarning, reading_warning
from interviews.transcript import Role, SpeakerGuess, Turn
from interviews.vocabulary import first_word, key_of, listed

_WORDS = listed("tolk tolken tolke interpreter interpreters translator oversætter oversætteren tolkens")
_NAMED = re.compile(r"\b(?:for|of|på vegne af)\s+(?P<name>[^()]+?)\)?\s*$", re.IGNORECASE)
_THROUGH = re.compile(
    r"^(?P<name>.+?)\s*(?:\((?:via|gennem|ved|med|through|by|with)?\s*(?:tolk|tolket|tolken|interpreter|interpreted)\)"
    r"|(?:via|gennem|through)\s+(?:tolk|tolken|interpreter)|/\s*(?:tolk|tolken|interpreter|t))\s*$",
    re.IGNORECASE,
)  # fmt: skip
_QUALIFIER = re.compile(
    r"^(?:(?:via|gennem|ved|through|by)\s+)?(?:tolk|tolket|tolken|interpreter|interpreted)$|^for\s"
)


def is_about_interpreting(qualifier: str) -> bool:
    """Say whether words in parentheses behind a label tell of an interpreter (`via tolk`, `for Amina`)."""
    return bool(_QUALIFIER.match(qualifier.strip().casefold()))


@dataclass(frozen=True, slots=True)
class _Voice:
    """What a label says: whether an interpreter speaks, and for whom where it says so."""

    interprets: bool
    speaks_for: str | None = None


def with_interpreters(
    text: str,
    turns: Sequence[Turn],
    speakers: Sequence[SpeakerGuess],
    *,
    stated: Mapping[str, Role],
    named: Sequence[str] = (),
) -> tuple[tuple[Turn, ...], tuple[ReadingWarning, ...]]:
    """Return the turns with those of interpreters marked, and what a reader should check.

    An interpreter renders the one named in the label, else the only respondent, else the respondent who spoke
    last or was addressed by name in the question before. A question between the interviewer's turn and a
    respondent's is the interviewer's. Where it is not clear, `speaks_for` stays None.
    stated : roles that the file tells, by `vocabulary.key_of` of the label.
    named : respondents whom the file names before the interview, for one who never speaks alone.
    """
    voices = {speaker.label: _voice(speaker.label, stated) for speaker in speakers}
    if not any(voice.interprets for voice in voices.values()):
        return tuple(turns), ()
    by_key = {key_of(speaker.label): speaker.label for speaker in speakers}
    plain = [speaker for speaker in speakers if not voices[speaker.label].interprets]
    respondents = [speaker.label for speaker in plain if speaker.role == "respondent"]
    interviewers = {speaker.label for speaker in plain if speaker.role == "interviewer"}
    if not respondents:
        told = {voice.speaks_for for voice in voices.values() if voice.speaks_for}
        respondents = sorted(told) or list(dict.fromkeys(named))
    marked: list[Turn] = []
    rendered = unclear = 0
    spoken = [turn for turn in turns if turn.kind == "speech" and turn.speaker is not None]
    after = {id(turn): following for turn, following in itertools.pairwise(spoken)}
    before: Turn | None = None
    last: str | None = None
    for turn in turns:
        voice = voices.get(turn.speaker or "") if turn.kind == "speech" else None
        if voice is None or not voice.interprets:
            if turn.speaker in respondents:
                last = turn.speaker
            before = turn if turn.kind == "speech" and turn.speaker else before
            marked.append(turn)
            continue
        whose = by_key.get(key_of(voice.speaks_for), voice.speaks_for) if voice.speaks_for else None
        if whose is None:
            whose = _whose(text, turn, before, after.get(id(turn)), respondents, interviewers, last)
        rendered += 1
        unclear += whose is None
        marked.append(replace(turn, status="interpreted", speaks_for=whose))
    return tuple(marked), tuple(_warnings(rendered, unclear))


def _voice(label: str, stated: Mapping[str, Role]) -> _Voice:
    through = _THROUGH.match(label)
    if through and first_word(through["name"]) not in _WORDS:
        return _Voice(True, through["name"].strip())
    if first_word(label) not in _WORDS or (
        key_of(label) in stated and stated[key_of(label)] == "interviewer"
    ):
        return _Voice(False)
    named = _NAMED.search(label)
    return _Voice(True, named["name"].strip() if named else None)


def _whose(
    text: str,
    turn: Turn,
    before: Turn | None,
    after: Turn | None,
    respondents: Sequence[str],
    interviewers: set[str],
    last: str | None,
) -> str | None:
    asks = text[turn.start : turn.end].rstrip(' "”»)').endswith(("?", "؟"))
    asked = before is not None and before.speaker in interviewers
    if asks:
        answered = after is not None and after.speaker in respondents
        return before.speaker if before is not None and asked and answered else None
    if len(respondents) == 1:
        return respondents[0]
    if before is not None and asked:
        question = key_of(text[before.start : before.end][-400:]).split()
        addressed = [label for label in respondents if first_word(label) in question]
        if len(addressed) == 1:
            return addressed[0]
        return last if last is not None and not addressed and len(respondents) < 2 else None
    return last if before is not None and before.speaker in respondents else None


def _warnings(rendered: int, unclear: int) -> list[ReadingWarning]:
    found: list[ReadingWarning] = []
    if rendered:
        said = "{n:turn is|turns are} read as words that an interpreter renders"
        found.append(reading_warning("read_as_interpreted", said, n=rendered))
    if unclear:
        said = "of {n:turn|turns} of an interpreter it is not clear whose words they are"
        found.append(reading_warning("interpreted_for_whom", said, n=unclear))
    return found
