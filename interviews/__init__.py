"""Transcripts, turns, speakers and sentences: files in, frozen values out. Knows no database and no
screen."""

from interviews.anchoring import Reanchored, reanchor
from interviews.differences import Difference, differences
from interviews.errors import TranscriptError
from interviews.locating import Match, Piece, compare, locate
from interviews.metadata import FactGuess, facts_from_name
from interviews.quotation_index import Found, QuotationIndex
from interviews.reading import EXTENSIONS, READERS, ReadOptions, read, read_bytes
from interviews.sections import AskedQuestion, GuideMatch, Section, match_guide, sections
from interviews.sentences import excerpt, sentences, words
from interviews.source import ReadingWarning
from interviews.transcript import (
    Annotation,
    Role,
    SegmentStatus,
    SpeakerGuess,
    SpeakerMerge,
    Transcript,
    Turn,
    TurnKind,
)

__all__ = [
    "EXTENSIONS",
    "READERS",
    "Annotation",
    "AskedQuestion",
    "Difference",
    "FactGuess",
    "Found",
    "GuideMatch",
    "Match",
    "Piece",
    "QuotationIndex",
    "ReadOptions",
    "ReadingWarning",
    "Reanchored",
    "Role",
    "Section",
    "SegmentStatus",
    "SpeakerGuess",
    "SpeakerMerge",
    "Transcript",
    "TranscriptError",
    "Turn",
    "TurnKind",
    "compare",
    "differences",
    "excerpt",
    "facts_from_name",
    "locate",
    "match_guide",
    "read",
    "read_bytes",
    "reanchor",
    "sections",
    "sentences",
    "words",
]
