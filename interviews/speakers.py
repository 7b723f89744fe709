"""Speakers of a transcript: how much each says, which role each has, which labels may be one person."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from interviews.sentences import words as count_words
from interviews.transcript import Annotation, Role, SpeakerGuess, SpeakerMerge, Transcript, Turn
from interviews.vocabulary import (
    INTERVIEWER_WORDS,
    OTHER_ROLE_WORDS,
    RESPONDENT_WORDS,
    first_word,
    is_code,
    is_role,
    key_of,
    listed,
)

MERGE_SCORE = 84.0
_NEITHER = listed(
    "tolk tolken interpreter observatør observer referent flere alle begge ukendt unknown unidentified"
    " several all multiple both okänd ukjent unbekannt mehrere"
)
_QUESTION_SHARE = 0.25


@dataclass(slots=True)
class _Tally:
    turns: int = 0
    words: int = 0
    questions: int = 0

    @property
    def question_share(self) -> float:
        return self.questions / self.turns if self.turns else 0.0


def guess_speakers(
    text: str, turns: Sequence[Turn], *, stated: Mapping[str, Role] | None = None
) -> tuple[SpeakerGuess, ...]:
    """Return the speakers in the order in which they first speak, with the role each seems to have.

    stated : roles that the file tells, by `vocabulary.key_of` of the label. Next a role word decides
    (`Interviewer`, `Moderator`, `Q`; `Leder`, `P3`). Failing that the interviewer is the one who is left when
    all others are respondents by their labels, or whose turns hold clearly more questions; labels that
    differ by their number only (`M1`, `M2`) are looked at together.
    """
    tallies: dict[str, _Tally] = {}
    for turn in turns:
        if turn.speaker is not None and turn.kind == "speech":
            said = text[turn.start : turn.end]
            tally = tallies.setdefault(turn.speaker, _Tally())
            tally.turns += 1
            tally.words += count_words(said)
            tally.questions += "?" in said or "؟" in said
    roles = _roles(tallies, stated or {})
    return tuple(
        SpeakerGuess(label, roles[label], tally.turns, tally.words) for label, tally in tallies.items()
    )


def _roles(tallies: Mapping[str, _Tally], stated: Mapping[str, Role]) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for label in tallies:
        role = stated.get(key_of(label)) or _role_by_word(label)
        if role is not None:
            roles[label] = role
    open_labels = [label for label in tallies if label not in roles]
    if "interviewer" not in roles.values() and open_labels:
        answered = "respondent" in roles.values()
        for asking in _who_asks(open_labels, tallies, answered=answered):
            roles[asking] = "interviewer"
    return {label: roles.get(label, "respondent") for label in tallies}


def _role_by_word(label: str) -> Role | None:
    word = first_word(label)
    if not word or word in _NEITHER or label.rstrip().endswith("?"):
        return "unknown"
    if not is_role(label) and not any(
        part in INTERVIEWER_WORDS for part in key_of(label).split() if len(part) > 2
    ):
        return None
    parts = {word, *(part.strip("()") for part in key_of(label).split() if len(part.strip("()")) > 2)}
    if parts & INTERVIEWER_WORDS and not parts & (
        RESPONDENT_WORDS - {word} if word in INTERVIEWER_WORDS else RESPONDENT_WORDS
    ):
        return "interviewer"
    if parts & RESPONDENT_WORDS:
        return "respondent"
    return None if word in OTHER_ROLE_WORDS or is_role(label) else "respondent"


def _who_asks(labels: Sequence[str], tallies: Mapping[str, _Tally], *, answered: bool) -> Sequence[str]:
    if len(tallies) < 2:
        return ()
    if answered and len(labels) == 1:
        return labels if tallies[labels[0]].question_share > 0 else ()
    kinds: dict[str, list[str]] = {}
    for label in labels:
        kinds.setdefault(first_word(label) if is_code(label) else label, []).append(label)
    if len(kinds) == 1:
        kinds = {label: [label] for label in labels}
    total = sum(tally.turns for tally in tallies.values())
    often = {
        kind: group
        for kind, group in kinds.items()
        if sum(tallies[label].turns for label in group) >= max(2, 0.15 * total)
    }
    kinds = often or kinds  # one who asks once for coffee is no interviewer
    ranked = sorted((_share(kind, tallies) for kind in kinds.values()), reverse=True)
    asking = max(kinds.values(), key=lambda kind: _share(kind, tallies))
    second = ranked[1] if len(ranked) > 1 else 0.0
    return asking if ranked[0] >= _QUESTION_SHARE and ranked[0] >= 1.5 * second else ()


def _share(labels: Sequence[str], tallies: Mapping[str, _Tally]) -> float:
    turns = sum(tallies[label].turns for label in labels)
    return sum(tallies[label].questions for label in labels) / turns if turns else 0.0


def near_equal(speakers: Sequence[SpeakerGuess]) -> tuple[SpeakerMerge, ...]:
    """Return pairs of labels that may be one speaker, the rarer into the more frequent, best first."""
    ordered = sorted(speakers, key=lambda speaker: -speaker.turns)[:100]
    offers: list[SpeakerMerge] = []
    for index, frequent in enumerate(ordered):
        for rare in ordered[index + 1 :]:
            score = likeness(rare.label, frequent.label)
            if score >= MERGE_SCORE:
                offers.append(SpeakerMerge(rare.label, frequent.label, round(score, 1)))
    return tuple(sorted(offers, key=lambda offer: -offer.score))


def likeness(one: str, other: str) -> float:
    """Return how alike two labels are, 0-100. Labels with different numbers or letters (`P1`, `P2`) are
    never alike."""
    first, second = _parts(one), _parts(other)
    if _numbers(first) != _numbers(second) and _numbers(first) and _numbers(second):
        return 0.0
    names, others = [p for p in first if not p.isdigit()], [p for p in second if not p.isdigit()]
    if not names or not others:
        return 0.0
    short, long = sorted((names, others), key=len)
    if len(short) == len(long) and all(_abbreviates(a, b) for a, b in zip(short, long, strict=True)):
        # an initial alone says too little: A. may be anyone
        return 95.0 if all(min(len(a), len(b)) >= 3 for a, b in zip(short, long, strict=True)) else 0.0
    if len(short) < len(long) and len(short[0]) >= 3 and short == long[: len(short)]:
        return 0.0 if is_role(one) and is_role(other) else 90.0
    if min(len("".join(short)), len("".join(long))) < 4:
        return 0.0
    return float(fuzz.ratio(" ".join(first), " ".join(second)))


def _parts(label: str) -> list[str]:
    spaced = "".join(f" {c} " if c.isdigit() else c if c.isalpha() else " " for c in key_of(label))
    parts: list[str] = []
    for part in spaced.split():
        if part.isdigit() and parts and parts[-1].isdigit():
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def _numbers(parts: Sequence[str]) -> list[str]:
    return [part for part in parts if part.isdigit() or len(part) == 1]


def _abbreviates(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short)


def relabelled(
    transcript: Transcript, *, mapping: dict[str, str | None], roles: dict[str, Role]
) -> Transcript:
    """Return a copy with corrected speakers; see `Transcript.with_speakers`."""
    known = {speaker.label: speaker.role for speaker in transcript.speakers}
    missing = sorted(set(mapping) - set(known))
    if missing:
        raise ValueError(
            f"no speaker is called {', '.join(missing)}; the speakers are {', '.join(known) or 'none'}"
        )
    text, turns, annotations = _rebuilt(transcript, mapping)
    guessed = guess_speakers(text, turns)
    kept: dict[str, Role] = {}
    for label, role in known.items():
        new = mapping.get(label, label)
        if new is not None and kept.get(new) != "interviewer":
            kept[new] = role if role == "interviewer" else kept.get(new, role)
    unknown = sorted(set(roles) - {speaker.label for speaker in guessed})
    if unknown:
        raise ValueError(f"no speaker is called {', '.join(unknown)} after the change")
    speakers = tuple(replace(s, role=roles.get(s.label, kept.get(s.label, s.role))) for s in guessed)
    return replace(
        transcript,
        text=text,
        turns=turns,
        speakers=speakers,
        speaker_merges=near_equal(speakers),
        annotations=annotations,
    )


def _rebuilt(
    transcript: Transcript, mapping: Mapping[str, str | None]
) -> tuple[str, tuple[Turn, ...], tuple[Annotation, ...]]:
    def renamed(label: str | None) -> str | None:
        return mapping.get(label, label) if label is not None else None

    if None not in mapping.values():
        turns = (
            replace(turn, speaker=renamed(turn.speaker), speaks_for=renamed(turn.speaks_for))
            for turn in transcript.turns
        )
        return transcript.text, tuple(turns), transcript.annotations
    texts: list[str] = []
    rebuilt: list[Turn] = []
    moved: list[int] = []
    position = 0
    for turn in transcript.turns:
        said = transcript.said(turn)
        speaker = renamed(turn.speaker)
        if turn.speaker and speaker is None:
            said = f"{turn.speaker}: {said}"
        texts.append(said)
        end = position + len(said)
        moved.append(end - turn.end)
        if turn.speaker and speaker is None and rebuilt and rebuilt[-1].kind == "speech":
            rebuilt[-1] = replace(rebuilt[-1], end=end)
        else:
            rebuilt.append(
                replace(turn, start=position, end=end, speaker=speaker, speaks_for=renamed(turn.speaks_for))
            )
        position = end + 1
    return "\n".join(texts), tuple(rebuilt), _moved(transcript, moved)


def _moved(transcript: Transcript, moved: Sequence[int]) -> tuple[Annotation, ...]:
    """Annotations at the same words, when the words of each turn have moved by so many characters."""
    starts = [turn.start for turn in transcript.turns]

    def new(position: int, turn: int) -> int:
        return position + moved[turn] if moved else position

    found = []
    for one in transcript.annotations:
        first = max(0, bisect_right(starts, one.start) - 1)
        last = max(first, bisect_right(starts, max(one.start, one.end - 1)) - 1)
        found.append(replace(one, start=new(one.start, first), end=new(one.end, last)))
    return tuple(found)
