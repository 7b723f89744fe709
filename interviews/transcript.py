"""The values that leave this package: transcript, turns and speakers. Reading them is left to `reading`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

TurnKind = Literal["speech", "heading", "note"]
SegmentStatus = Literal["verbatim", "summary", "interpreted", "translation", "notes"]
AnnotationKind = Literal["comment", "footnote", "endnote"]
Role = Literal["interviewer", "respondent", "unknown"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says until another takes over, or a heading or a note.

    start, end : half-open positions in the transcript's text, in code points.
    time_seconds : seconds from the start of the recording, or None where the file gives no time.
    status : whether these are the speaker's own words ("verbatim"), a summary of them, an interpreter's
        rendering, a translation made later, or notes taken down.
    speaks_for : the speaker whose words an interpreter renders here; `speaker` is the interpreter then.
    """

    start: int
    end: int
    speaker: str | None = None
    time_seconds: float | None = None
    kind: TurnKind = "speech"
    status: SegmentStatus = "verbatim"
    speaks_for: str | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """A comment, footnote or endnote of the file on `text[start:end]`, kept with the transcript.

    start may equal end where a note stands at a point.     author, written_at : as the file states them.
    """

    start: int
    end: int
    text: str
    kind: AnnotationKind = "comment"
    author: str = ""
    written_at: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerGuess:
    """One speaker label with the role it seems to have. turns, words : how much that speaker says."""

    label: str
    role: Role
    turns: int
    words: int


@dataclass(frozen=True, slots=True)
class SpeakerMerge:
    """Two labels that may be one speaker, to be confirmed by a person. score : likeness, 0-100."""

    label: str
    into: str
    score: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """One immutable text with its turns.

    text : the words only; recognised labels, paragraph numbers and times stand in the turns.
    turns : ordered, not overlapping, none empty; `text[turn.start:turn.end]` is what was said.
    speakers : in the order in which they first speak.
    warnings : what a reader of the transcript should check, as sentences.
    encoding : of text files, else None.      layout : how speakers were marked, e.g. "colon".
    speaker_merges : near-equal labels, offered and never merged silently.
    annotations : comments and notes of the file, in the order of the text.
    header : facts that the file states about the interview before it begins, as written
        (`Dato` -> `3. maj 2019`).
    """

    text: str
    turns: tuple[Turn, ...] = ()
    speakers: tuple[SpeakerGuess, ...] = ()
    warnings: tuple[str, ...] = ()
    name: str = ""
    source_format: str = "txt"
    encoding: str | None = None
    layout: str = "paragraphs"
    speaker_merges: tuple[SpeakerMerge, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    header: Mapping[str, str] = field(default_factory=dict)

    def said(self, turn: Turn) -> str:
        """Return the words of `turn`."""
        return self.text[turn.start : turn.end]

    def with_speakers(
        self, mapping: Mapping[str, str | None] | None = None, *, roles: Mapping[str, Role] | None = None
    ) -> Transcript:
        """Return a copy with labels renamed or merged and roles set.

        mapping : old label -> new label. Two labels given one new name become one speaker. None says that the
            label was no speaker: its words go back into the text, in front of what followed.
        roles : new label -> role; other speakers keep the role they had.

        Raises ValueError if a label is not in the transcript.
        """
        from interviews.speakers import relabelled

        return relabelled(self, mapping=dict(mapping or {}), roles=dict(roles or {}))

    def renamed(self, name: str) -> Transcript:
        """Return a copy that carries another name."""
        return replace(self, name=name)
