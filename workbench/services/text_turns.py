"""Turns of a text that changes: edits of single turns, and what a new version takes over from the one before.

Values in, values out; storing is left to `editing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rapidfuzz import fuzz

import interviews
from interviews import Annotation, SegmentStatus, SpeakerGuess, Transcript, Turn, TurnKind
from interviews.transcript import Role
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services.coding_actions import storable

LIKE_LABELS = 80.0  # of 100: another spelling of one label rather than another name


@dataclass(frozen=True)
class TurnEdit:
    """One correction, of the turn with this place (from 0) in the version that the edits are based on.

    what : "change" sets those values that are given; None leaves a thing as it is, "" takes a speaker away.
        "split" ends the turn before position `at` of its words; the values are of the second part.
        "join" puts the next turn at its end.   "delete" takes it away with its words.
        "insert" puts a turn before it, or at the end where `turn` is the number of turns.
    part : which part of a turn that earlier edits have split, from 0.
    Several edits of one turn apply in their order. time_seconds "" takes a time away.
    """

    turn: int
    what: Literal["change", "split", "join", "delete", "insert"] = "change"
    words: str | None = None
    speaker: str | None = None
    kind: TurnKind | None = None
    status: SegmentStatus | None = None
    speaks_for: str | None = None
    time_seconds: float | Literal[""] | None = None
    at: int | None = None
    part: int = 0


@dataclass(frozen=True)
class EditedText:
    """A transcript after edits.

    unchanged : stretches (start before, start now, length) whose words no edit has touched.
    """

    transcript: Transcript
    unchanged: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Piece:
    """A turn on its way: its words, and where they stood before if they are as they were.

    gap : what stands before it.   inserted : the place of the edit that put it in.
    """

    turn: Turn
    words: str
    origin: int | None
    gap: str
    inserted: int | None = None


@dataclass(frozen=True)
class Pieces:
    """What becomes of turns: the parts of each, and what is put in before each and at the end."""

    before: list[list[Piece]]
    of_turns: list[list[Piece]]


def apply_edits(old: Transcript, edits: Sequence[TurnEdit]) -> EditedText:
    """Edit turns of a transcript. Raises InvalidRequestError for an edit that does not fit; says which."""
    pieces = edited_pieces(old, edits)
    tail = old.text[old.turns[-1].end :] if old.turns else ""
    return _assembled(old, _in_order(pieces.before, pieces.of_turns), tail)


def edited_pieces(old: Transcript, edits: Sequence[TurnEdit]) -> Pieces:
    """What becomes of every turn. Raises InvalidRequestError for an edit that does not fit; says which."""
    turns = old.turns or ((Turn(0, len(old.text)),) if old.text else ())
    before: list[list[Piece]] = [[] for _ in range(len(turns) + 1)]
    pieces: list[list[Piece]] = []
    last = 0
    for turn in turns:
        pieces.append([Piece(turn, old.said(turn), turn.start, old.text[last : turn.start])])
        last = turn.end
    for place, edit in enumerate(edits):
        if not 0 <= edit.turn < len(turns) + (edit.what == "insert"):
            raise _unfit(edit, t("errors.edit_no_turn", turns=len(turns)))
        if edit.what == "insert":
            piece = Piece(_valued(Turn(0, 0), edit), _clean(edit.words or ""), None, "\n", place)
            if not piece.words:
                raise _unfit(edit, t("errors.edit_no_words"))
            before[edit.turn].append(piece)
        else:
            _edit_one(pieces, before, edit)
    return Pieces(before, pieces)


def _edit_one(pieces: list[list[Piece]], before: list[list[Piece]], edit: TurnEdit) -> None:
    here = pieces[edit.turn]
    if not 0 <= edit.part < len(here):
        raise _unfit(edit, t("errors.edit_deleted_turn"))
    first = here[edit.part]
    if edit.what == "delete":
        del here[edit.part]
    elif edit.what == "change":
        words = first.words if edit.words is None else _clean(edit.words)
        if not words:
            raise _unfit(edit, t("errors.edit_no_words"))
        same = words == first.words
        here[edit.part] = replace(
            first, turn=_valued(first.turn, edit), words=words, origin=first.origin if same else None
        )
    elif edit.what == "split":
        at = edit.at if edit.at is not None else -1
        head, tail = first.words[:at].rstrip(), first.words[max(at, 0) :].lstrip()
        if not (0 < at < len(first.words) and head and tail):
            raise _unfit(edit, t("errors.edit_split_place", characters=len(first.words)))
        origin = None if first.origin is None else first.origin + len(first.words) - len(tail)
        second = Piece(_valued(replace(first.turn, time_seconds=None), edit), tail, origin, "\n")
        here[edit.part : edit.part + 1] = [replace(first, words=head), second]
    else:
        _join(pieces, before, edit)


def _join(pieces: list[list[Piece]], before: list[list[Piece]], edit: TurnEdit) -> None:
    here = pieces[edit.turn]
    at = edit.part
    if len(here) > at + 1:
        rest, owner = here[at + 1 :], here
    else:
        place = next((n for n in range(edit.turn + 1, len(pieces)) if pieces[n]), None)
        if place is None or any(before[edit.turn + 1 : place + 1]):
            raise _unfit(edit, t("errors.edit_no_next"))
        rest, owner = pieces[place], pieces[place]
    first, second = here[at], rest[0]
    gap = second.gap or " "
    side_by_side = None not in (first.origin, second.origin) and (
        (first.origin or 0) + len(first.words) + len(gap) == second.origin
    )
    joined = replace(
        first,
        words=f"{first.words}{gap}{second.words}",
        origin=first.origin if side_by_side else None,
    )
    if owner is here:
        here[at : at + 2] = [joined]
    else:
        here[at] = joined
        del owner[0]


def _in_order(before: Sequence[list[Piece]], pieces: Sequence[list[Piece]]) -> list[Piece]:
    ordered = []
    for place, own in enumerate(pieces):
        ordered += [*before[place], *own]
    return [*ordered, *before[-1]]


def _assembled(old: Transcript, pieces: Sequence[Piece], tail: str) -> EditedText:
    if not pieces:
        raise InvalidRequestError(t("errors.edit_nothing_left"), reason="no_words")
    text, turns, unchanged = old.text[: old.turns[0].start] if old.turns else "", [], []
    for place, piece in enumerate(pieces):
        text += (piece.gap or "\n") if place else ""
        start, length = len(text), len(piece.words)
        turns.append(replace(piece.turn, start=start, end=start + length))
        if piece.origin is not None and old.text[piece.origin : piece.origin + length] == piece.words:
            unchanged.append((piece.origin, start, length))
        text += piece.words
    text += tail
    edited = replace(old, text=text, turns=tuple(turns), annotations=())
    roles = {speaker.label: speaker.role for speaker in old.speakers}
    return EditedText(replace(edited, speakers=_speakers(edited, roles)), tuple(unchanged))


def _valued(turn: Turn, edit: TurnEdit) -> Turn:
    return replace(
        turn,
        speaker=turn.speaker if edit.speaker is None else storable(edit.speaker).strip() or None,
        kind=edit.kind or turn.kind,
        status=edit.status or turn.status,
        speaks_for=turn.speaks_for if edit.speaks_for is None else storable(edit.speaks_for).strip() or None,
        time_seconds=_time(turn, edit),
    )


def _time(turn: Turn, edit: TurnEdit) -> float | None:
    if edit.time_seconds is None:
        return turn.time_seconds
    return edit.time_seconds if edit.time_seconds != "" else None


def _clean(words: str) -> str:
    return storable(words).replace("\r\n", "\n").replace("\r", "\n").strip()


def _unfit(edit: TurnEdit, problem: str) -> InvalidRequestError:
    return InvalidRequestError(t("errors.edit_unfit", turn=edit.turn + 1, problem=problem), reason="edit")


# ---- what a new version takes over


@dataclass(frozen=True)
class StatedByHand:
    """What a person said of a new text's speakers, and so stands over what was known of them.

    labels : names that were given.     roles : by label.     status : whether the status of turns was set.
    """

    labels: frozenset[str] = frozenset()
    roles: Mapping[str, Role] = field(default_factory=dict)
    status: bool = False


def carry_turn_data(old: Transcript, new: Transcript, stated: StatedByHand | None = None) -> Transcript:
    """The new transcript with what was known of turns that did not change: speaker, role, time, status.

    Where the file now names another of the known speakers, the file is right. A label that the old text did
    not have is taken for another name of the one speaker whose turns it marks: the name that the study uses
    stays, unless the two are spellings of one name, and so a correction, or somebody gave the new one.
    """
    stated = stated or StatedByHand()
    earlier = _unchanged_turns(old, new)
    names = {a: b for a, b in _names(old, new, earlier).items() if a not in stated.labels}
    turns = []
    for turn in new.turns:
        before = earlier.get((turn.start, turn.end))
        speaker = names.get(turn.speaker, turn.speaker) if turn.speaker is not None else None
        if before is None:
            turns.append(replace(turn, speaker=speaker))
            continue
        turns.append(
            replace(
                turn,
                speaker=before.speaker if turn.speaker is None and turn.kind == "speech" else speaker,
                time_seconds=before.time_seconds if turn.time_seconds is None else turn.time_seconds,
                status=before.status if turn.status == "verbatim" and not stated.status else turn.status,
                speaks_for=turn.speaks_for or (None if stated.status else before.speaks_for),
            )
        )
    roles: dict[str, Role] = {names.get(each.label) or each.label: each.role for each in new.speakers}
    roles |= {each.label: each.role for each in old.speakers if each.role != "unknown"}
    roles |= {names.get(label) or label: role for label, role in stated.roles.items()}
    carried = replace(new, turns=tuple(turns))
    return replace(carried, speakers=_speakers(carried, roles))


def carry_annotations(old: Transcript, new: Transcript) -> tuple[tuple[Annotation, ...], int]:
    """The annotations of the new text: its own, and those of the old one whose words it still has.

    Returns them in the order of the text, and how many stay behind on the old version.
    """
    own = {(each.kind, each.text.strip()) for each in new.annotations}
    wanted = [each for each in old.annotations if (each.kind, each.text.strip()) not in own]
    found = interviews.reanchor([(each.start, each.end) for each in wanted], old.text, new.text)
    carried = [
        replace(each, start=at.span[0], end=at.span[1])
        for each, at in zip(wanted, found, strict=True)
        if at.span is not None
    ]
    together = sorted([*new.annotations, *carried], key=lambda each: (each.start, each.end))
    return tuple(together), len(wanted) - len(carried)


def _unchanged_turns(old: Transcript, new: Transcript) -> Mapping[tuple[int, int], Turn]:
    """The old turn behind each place of the new text that a turn fills with the same words."""
    spans = [(turn.start, turn.end) for turn in old.turns]
    found = interviews.reanchor(spans, old.text, new.text)
    return {
        at.span: turn
        for turn, at in zip(old.turns, found, strict=True)
        if at.span is not None and at.status in ("kept", "moved")
    }


def _names(old: Transcript, new: Transcript, earlier: Mapping[tuple[int, int], Turn]) -> Mapping[str, str]:
    """The study's name for labels of the new file that the old text does not have."""
    known = {turn.speaker for turn in old.turns}
    in_file = {turn.speaker for turn in new.turns}
    votes: dict[str, Counter[str | None]] = {}
    for turn in new.turns:
        before = earlier.get((turn.start, turn.end))
        if turn.speaker is not None and turn.speaker not in known and before is not None:
            votes.setdefault(turn.speaker, Counter())[before.speaker] += 1
    names = {}
    for label, counted in votes.items():
        [speaker] = counted if len(counted) == 1 else [None]
        if speaker is None:
            continue
        alike = fuzz.ratio(label.casefold(), speaker.casefold()) >= LIKE_LABELS
        if alike == (speaker in in_file):
            names[label] = speaker
    return names


def _speakers(transcript: Transcript, roles: Mapping[str, Role]) -> tuple[SpeakerGuess, ...]:
    """The speakers in the order in which they first speak."""
    counts: dict[str, tuple[int, int]] = {}
    for turn in transcript.turns:
        if turn.speaker is not None:
            turns, words = counts.get(turn.speaker, (0, 0))
            counts[turn.speaker] = (turns + 1, words + interviews.words(transcript.said(turn)))
    return tuple(
        SpeakerGuess(label, roles.get(label, "unknown"), turns, words)
        for label, (turns, words) in counts.items()
    )
