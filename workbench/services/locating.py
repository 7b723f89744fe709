"""Where quotations of an earlier report stand in the study's interviews, and coding them there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from interviews import Match, Piece, QuotationIndex, SegmentStatus, compare
from workbench.services.coding import add_codings, list_codings
from workbench.services.segments import passage_status
from workbench.services.transcripts import list_transcripts
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study

_SURE = 0.999


@dataclass(frozen=True)
class QuotationPlace:
    """A place where a quotation stands: `text[start:end]` of a transcript's text in use.

    speaker : whose turn it begins in.     score : see `interviews.Match`.
    pieces : the quotation beside the words that stand there, in pieces that are the same or are not.
    """

    transcript_id: str
    transcript: str
    interview: str
    start: int
    end: int
    words: str
    score: float
    speaker: str | None
    status: SegmentStatus
    pieces: tuple[Piece, ...]

    @property
    def word_for_word(self) -> bool:
        """Whether the quotation stands there as it is given, but for case and punctuation."""
        return self.score >= _SURE and all(piece.same for piece in self.pieces)

    def as_dict(self) -> dict[str, Any]:
        """The place as JSON values."""
        return {**asdict(self), "word_for_word": self.word_for_word}


@dataclass(frozen=True)
class LocatedQuotation:
    """A quotation and the places where it stands, the best first; none if it is not in the study."""

    quote: str
    places: tuple[QuotationPlace, ...]

    @property
    def state(self) -> str:
        """`found` at one place, at `several` that are as good, or `missing`."""
        if not self.places:
            return "missing"
        best = self.places[0].score
        return "several" if sum(place.score >= best - 0.02 for place in self.places) > 1 else "found"

    def as_dict(self) -> dict[str, Any]:
        """The quotation as JSON values."""
        return {
            "quote": self.quote,
            "state": self.state,
            "places": [place.as_dict() for place in self.places],
        }


class StudyQuotations:
    """The texts of a study, indexed once, to find many quotations in.

    stamp : `texts_stamp` of what was indexed.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self.stamp = texts_stamp(study)
        self._facts = {facts.id: facts for facts in list_transcripts(study)}
        with study.read() as session:
            self._texts = store.texts_in_use(session, study.study_id)
        self._index = QuotationIndex(self._texts)

    def locate(self, quote: str) -> LocatedQuotation:
        """Where a quotation stands."""
        places = []
        for found in self._index.locate(quote):
            for start, end in ((found.start, found.end), *found.others):
                places.append(self._place(quote, found.name, start, end, found.score))
        return LocatedQuotation(quote, tuple(places))

    def _place(self, quote: str, name: str, start: int, end: int, score: float) -> QuotationPlace:
        facts, text = self._facts[name], self._texts[name]
        with self._study.read() as session:
            row = store.find_transcript(session, self._study.study_id, name)
            turns = store.turns_of(session, store.current_version(session, row).id)
        speaker = next((turn.speaker for turn in turns if turn.start <= start < turn.end), None)
        return QuotationPlace(
            transcript_id=name,
            transcript=facts.name,
            interview=facts.interview,
            start=start,
            end=end,
            words=text[start:end],
            score=score,
            speaker=speaker,
            status=passage_status(turns, start, end),
            pieces=compare(quote, text, Match(start, end, score)),
        )


def texts_stamp(study: Study) -> str:
    """What changes whenever a text, a transcript's name or its interview's name does."""
    with study.read() as session:
        known = [
            (row.id, row.current_version, row.name, interview.name)
            for row, interview in store.list_transcripts(session, study.study_id)
        ]
    return hashlib.sha256(repr((study.study_id, known)).encode()).hexdigest()


def locate_quotations(
    study: Study,
    quotes: Sequence[str],
    *,
    on_step: Callable[[int, int], None] | None = None,
    indexed: StudyQuotations | None = None,
) -> list[LocatedQuotation]:
    """Where each of these quotations stands in the study's interviews, in the order given.

    indexed : the texts as indexed before; they are indexed anew if it is None or a text has changed since.
    """
    if indexed is None or indexed.stamp != texts_stamp(study):
        indexed = StudyQuotations(study)
    located = []
    for done, quote in enumerate(quotes, start=1):
        located.append(indexed.locate(quote))
        if on_step is not None:
            on_step(done, len(quotes))
    return located


def code_places(study: Study, places: Sequence[QuotationPlace], code: str, *, actor: str) -> int:
    """Put a code on places as one action; returns how many codings are new.

    A place that this coder has given the code already is left as it is.
    Raises NotFoundError, InvalidCodingError (a text was changed meanwhile); nothing is stored then.
    """
    held = {
        (coding.transcript_id, coding.start, coding.end)
        for coding in list_codings(study)
        if coding.code == code and coding.coder == actor
    }
    wanted = {(place.transcript_id, place.start, place.end): place.words for place in places}
    return add_codings(
        study,
        [
            {"transcript": name, "start": start, "end": end, "quote": words, "code": code}
            for (name, start, end), words in wanted.items()
            if (name, start, end) not in held
        ],
        actor=actor,
        origin="import",
    )
