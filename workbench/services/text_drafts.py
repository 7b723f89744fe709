"""Corrections of a text while somebody works on them: gathered, taken back one by one, moved to a newer text.

Nothing here is stored; saving a draft is `editing.edit_turns`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import interviews
from interviews import Transcript
from workbench.errors import InvalidRequestError
from workbench.services.editing import text_in_use
from workbench.services.text_turns import Piece, Pieces, TurnEdit, edited_pieces
from workbench.store.engine import StudyStore as Study

VALUES = ("words", "speaker", "kind", "status", "speaks_for", "time_seconds")


@dataclass(frozen=True)
class DraftTurn:
    """A turn of the text as it would be.

    number : its place in that text, from 1.   turn, part : what edits of it name (see TurnEdit); of one
        that is put in, `part` counts those before the same turn.
    inserted : the place among the edits of the one that put it in; None for turns of the text.
    edited : its words or facts differ from the text in use.
    joins, takes_before, takes_after : whether the next turn can be put at its end, and a new one be put in
        before or after it.
    """

    number: int
    turn: int
    part: int
    inserted: int | None
    words: str
    speaker: str | None
    kind: str
    status: str
    speaks_for: str | None
    time_seconds: float | None
    edited: bool
    joins: bool
    takes_before: bool
    takes_after: bool

    @property
    def address(self) -> tuple[int, int, bool]:
        """What tells it from the other turns until turns are split, joined, taken away or put in."""
        return self.turn, self.part, self.inserted is None


@dataclass(frozen=True)
class TextDraft:
    """Corrections of one version of a transcript, in the order in which they were made."""

    transcript_id: str
    name: str
    version: int
    base: Transcript
    edits: tuple[TurnEdit, ...] = ()

    def turns(self) -> tuple[DraftTurn, ...]:
        """The turns as they would be."""
        pieces = edited_pieces(self.base, self.edits)
        placed = list(_placed(pieces))
        found = []
        for place, (turn, part, piece) in enumerate(placed):
            following = placed[place + 1][2] if place + 1 < len(placed) else None
            own = piece.inserted is None
            follows_own = following is None or following.inserted is None
            found.append(
                DraftTurn(
                    number=place + 1,
                    turn=turn,
                    part=part,
                    inserted=piece.inserted,
                    edited=not own or self._differs(turn, piece),
                    joins=own and following is not None and follows_own,
                    takes_before=own and part == 0,
                    takes_after=follows_own and (not own or part == len(pieces.of_turns[turn]) - 1),
                    **_values(piece),
                )
            )
        return tuple(found)

    def turn_at(self, address: tuple[int, int, bool]) -> DraftTurn | None:
        """The turn with this address, None if there is none any more."""
        return next((turn for turn in self.turns() if turn.address == address), None)

    def changed(self, at: DraftTurn, **values: Any) -> TextDraft:
        """With other values of a turn; those it had before any correction are no correction."""
        if at.inserted is not None:
            edits = list(self.edits)
            edits[at.inserted] = replace(edits[at.inserted], **values)
            return self._tried(edits)
        last = self._last_of(at.turn)
        if last is not None and self.edits[last].what == "change" and self.edits[last].part == at.part:
            edit = replace(self.edits[last], **values)
        else:
            last, edit = len(self.edits), TurnEdit(at.turn, part=at.part, **values)
        others = (*self.edits[:last], *self.edits[last + 1 :])
        before = _values(edited_pieces(self.base, others).of_turns[at.turn][at.part])
        unset: dict[str, Any] = {name: None for name in VALUES if _same(getattr(edit, name), before[name])}
        edit = replace(edit, **unset)
        if all(getattr(edit, name) is None for name in VALUES):
            return replace(self, edits=others)
        return self._tried([*others[:last], edit, *others[last:]])

    def split(self, at: DraftTurn, place: int) -> TextDraft:
        """With a turn ended before a place of its words."""
        return self._tried([*self.edits, TurnEdit(at.turn, "split", at=place, part=at.part)])

    def joined(self, at: DraftTurn) -> TextDraft:
        """With the next turn put at the end of this one."""
        return self._tried([*self.edits, TurnEdit(at.turn, "join", part=at.part)])

    def deleted(self, at: DraftTurn) -> TextDraft:
        """Without a turn and its words."""
        if at.inserted is not None:
            return self.without(at.inserted)
        return self._tried([*self.edits, TurnEdit(at.turn, "delete", part=at.part)])

    def inserted(self, at: DraftTurn, words: str, *, after: bool, speaker: str | None = None) -> TextDraft:
        """With a new turn before or after one."""
        turn = at.turn + (after and at.inserted is None)
        return self._tried([*self.edits, TurnEdit(turn, "insert", words=words, speaker=speaker)])

    def without(self, place: int) -> TextDraft:
        """Without one correction, and without later ones of the same turn, which were made on top of it."""
        gone = {place, *self.on_top_of(place)}
        edits = [edit for number, edit in enumerate(self.edits) if number not in gone]
        while True:
            try:
                return self._tried(edits)
            except InvalidRequestError:
                edits.pop()

    def on_top_of(self, place: int) -> tuple[int, ...]:
        """The later corrections that go with one when it is taken back."""
        touched = set(self._touched(place))
        found = []
        for later in range(place + 1, len(self.edits)):
            own = self._touched(later)
            if own & touched:
                touched |= own
                found.append(later)
        return tuple(found)

    def corrections_of(self, at: DraftTurn) -> tuple[int, ...]:
        """The places of the corrections that a turn has, or of the one that put it in."""
        if at.inserted is not None:
            return (at.inserted,)
        return tuple(place for place in range(len(self.edits)) if at.turn in self._touched(place))

    def words_before(self, place: int) -> str:
        """The words that a correction was made on; empty for what is put in."""
        edit = self.edits[place]
        if edit.what == "insert":
            return ""
        return edited_pieces(self.base, self.edits[:place]).of_turns[edit.turn][edit.part].words

    def _touched(self, place: int) -> frozenset[int]:
        """The turns of the text that a correction changes."""
        edit = self.edits[place]
        if edit.what == "insert":
            return frozenset()
        if edit.what != "join":
            return frozenset((edit.turn,))
        of_turns = edited_pieces(self.base, self.edits[:place]).of_turns
        if len(of_turns[edit.turn]) > edit.part + 1:
            return frozenset((edit.turn,))
        following = (turn for turn in range(edit.turn + 1, len(of_turns)) if of_turns[turn])
        return frozenset((edit.turn, next(following, edit.turn)))

    def _last_of(self, turn: int) -> int | None:
        """The place of the newest correction that a turn has."""
        places = range(len(self.edits) - 1, -1, -1)
        return next((place for place in places if turn in self._touched(place)), None)

    def _differs(self, turn: int, piece: Piece) -> bool:
        stands = self.base.turns[turn] if self.base.turns else None
        words = self.base.said(stands) if stands is not None else self.base.text
        return piece.words != words or (stands is not None and _facts(stands) != _facts(piece.turn))

    def _tried(self, edits: Sequence[TurnEdit]) -> TextDraft:
        """The draft with these edits. Raises InvalidRequestError if one does not fit."""
        edited_pieces(self.base, edits)
        return replace(self, edits=tuple(edits))


@dataclass(frozen=True)
class LeftCorrection:
    """A correction that found no place in a newer text. was : the words of the turn it was made on."""

    edit: TurnEdit
    was: str


def open_draft(study: Study, transcript: str) -> TextDraft:
    """A draft without corrections on the text in use. Raises NotFoundError."""
    row, base = text_in_use(study, transcript)
    return TextDraft(row.id, row.name, row.current_version, base)


def moved_to(draft: TextDraft, newer: TextDraft) -> tuple[TextDraft, tuple[LeftCorrection, ...]]:
    """The corrections on a newer text, and those whose turns it does not have as they were."""
    places = _same_turns(draft.base, newer.base)
    moved, left = newer, []
    for group in _groups(draft):
        edits = [draft.edits[place] for place in group]
        turns = sorted({turn for place in group for turn in draft._touched(place)})
        there = _all_there(turns, places)
        if edits[0].what == "insert":
            at = places.get(edits[0].turn)
            if at is None and edits[0].turn - 1 in places:
                at = places[edits[0].turn - 1] + 1
            renumbered = [replace(edits[0], turn=at)] if at is not None else []
        else:
            renumbered = [replace(edit, turn=places[edit.turn]) for edit in edits] if there else []
        fits = bool(renumbered)
        if fits:
            try:
                moved = moved._tried([*moved.edits, *renumbered])
            except InvalidRequestError:
                fits = False
        if not fits:
            left += [LeftCorrection(edit, _words_at(draft.base, edit.turn)) for edit in edits]
    return moved, tuple(left)


def _groups(draft: TextDraft) -> Iterator[list[int]]:
    """The corrections by the turns they share, each group in its order."""
    waiting = list(range(len(draft.edits)))
    while waiting:
        group = [waiting[0]]
        touched = set(draft._touched(waiting[0]))
        grown = True
        while grown:
            more = [place for place in waiting if place not in group and touched & set(draft._touched(place))]
            group += more
            touched.update(*(draft._touched(place) for place in more))
            grown = bool(more)
        waiting = [place for place in waiting if place not in group]
        yield sorted(group)


def _same_turns(old: Transcript, new: Transcript) -> Mapping[int, int]:
    """Which turn of the new text has the words of which of the old one."""
    numbers = {(turn.start, turn.end): place for place, turn in enumerate(new.turns)}
    found = interviews.reanchor([(turn.start, turn.end) for turn in old.turns], old.text, new.text)
    return {
        place: numbers[at.span]
        for place, at in enumerate(found)
        if at.span in numbers and at.status in ("kept", "moved")
    }


def _all_there(turns: Sequence[int], places: Mapping[int, int]) -> bool:
    """Whether turns are there still, and as far from each other as they were."""
    return all(turn in places and places[turn] - turn == places[turns[0]] - turns[0] for turn in turns)


def _words_at(base: Transcript, turn: int) -> str:
    return base.said(base.turns[turn]) if turn < len(base.turns) else ""


def _placed(pieces: Pieces) -> Iterator[tuple[int, int, Piece]]:
    """Every piece in the order of the text, with the turn and the part it is."""
    for turn, own in enumerate([*pieces.of_turns, []]):
        for order, piece in enumerate(pieces.before[turn]):
            yield turn, order, piece
        for part, piece in enumerate(own):
            yield turn, part, piece


def _values(piece: Piece) -> dict[str, Any]:
    turn = piece.turn
    return {
        "words": piece.words,
        "speaker": turn.speaker,
        "kind": turn.kind,
        "status": turn.status,
        "speaks_for": turn.speaks_for,
        "time_seconds": turn.time_seconds,
    }


def _facts(turn: Any) -> tuple[Any, ...]:
    return (turn.speaker, turn.kind, turn.status, turn.speaks_for, turn.time_seconds)


def _same(value: Any, before: Any) -> bool:
    """Whether a value of an edit, where "" takes a thing away, leaves it as it was."""
    return value is not None and (before is None if value == "" else value == before)
