"""Transcripts, turns, speakers and sentences: files in, frozen values out. Knows no database and no
screen."""

from interviews.errors import TranscriptError
from interviews.reading import EXTENSIONS, READERS, ReadOptions, read, read_bytes
from interviews.sentences import excerpt, sentences, words
from interviews.transcript import Role, SpeakerGuess, SpeakerMerge, Transcript, Turn, TurnKind

__all__ = [
    "EXTENSIONS",
    "READERS",
    "ReadOptions",
    "Role",
    "SpeakerGuess",
    "SpeakerMerge",
    "Transcript",
    "TranscriptError",
    "Turn",
    "TurnKind",
    "excerpt",
    "read",
    "read_bytes",
    "sentences",
    "words",
]
