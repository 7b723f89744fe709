"""What every transcript keeps, whatever file it came from: for tests of damaged files, and for the fuzzer."""

from __future__ import annotations

import math

import interviews
from interviews import Transcript, TranscriptError
from interviews.errors import shown_name

FORBIDDEN = frozenset("\r\x00\ufeff\u2028\u2029\x85")


def broken_promise(transcript: Transcript) -> str:
    """Say which promise a transcript breaks; empty if it keeps them all."""
    text = transcript.text
    if FORBIDDEN & set(text):
        return "the text holds signs that a text never holds"
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        return "the text holds half a character"
    position = 0
    for turn in transcript.turns:
        if not position <= turn.start < turn.end <= len(text):
            return f"{turn} lies outside the text or before the one above"
        if not transcript.said(turn).strip():
            return f"{turn} is empty"
        if turn.time_seconds is not None and not (
            math.isfinite(turn.time_seconds) and turn.time_seconds >= 0
        ):
            return f"{turn} has a time that is none"
        position = turn.end
    for note in transcript.annotations:
        if not 0 <= note.start <= note.end <= len(text):
            return f"{note} lies outside the text"
    spoken = sum(1 for turn in transcript.turns if turn.speaker is not None and turn.kind == "speech")
    if sum(speaker.turns for speaker in transcript.speakers) != spoken:
        return "the turns of the speakers do not add up"
    if not transcript.turns:
        return "there is no turn"
    return ""


def fault(data: bytes, file: str, *, reader: str | None = None) -> str:
    """Read a file; say what went wrong, or nothing where it was read well or refused in one clear message."""
    return judged(data, file, reader=reader)[0]


def judged(data: bytes, file: str, *, reader: str | None = None) -> tuple[str, bool]:
    """Read a file; return what went wrong as `fault`, and whether it was read."""
    options = interviews.ReadOptions(format=reader)
    try:
        transcript = interviews.read_bytes(data, file, options=options)
    except TranscriptError as error:
        if error.detail == "reader_failed":
            return f"the reader failed: {error.__cause__!r}", False
        if not (error.reason and error.remedy and str(error).startswith(shown_name(file))):
            return f"no clear message: {error}", False
        return f"a message of several lines: {error}" if "\n" in str(error) else "", False
    return broken_promise(transcript), True
