"""Subtitle files (.vtt, .srt) as paragraphs: cues with times, and voices where the file names them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import replace

from interviews.characters import clean_text, decode, refuse_too_many
from interviews.formats.cues import Cue, cues_of, without_repeats
from interviews.source import Paragraph, ReadingWarning, Source, SourceNote, reading_warning, refusal

_TAG = re.compile(
    r"</?(?:b|i|u|s|c|v|ruby|rt|lang|font|span)(?:[.\s][^<>]{0,200})?/?>|<\d[\d:.]{3,14}>|\{\\[a-z]{1,4}\d{0,3}[^{}]{0,40}\}",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>|\\N", re.IGNORECASE)
_VOICE = re.compile(r"<v(?:\.[^\s>]{1,60})?(?:\s+|(?=>))([^>]{0,120})>", re.IGNORECASE)
_CHANGE = re.compile(r"(?:^|(?<=[\s.?!…]))>>+\s*")
_LABELLED = re.compile(r"[^:]{1,40}:\s")


def read_vtt(data: bytes, *, file: str) -> Source:
    """Return the cues of a WebVTT file; `<v Name>` names the speaker of what follows it."""
    return _read(data, "vtt", file)


def read_srt(data: bytes, *, file: str) -> Source:
    """Return the cues of a SubRip file."""
    return _read(data, "srt", file)


def _read(data: bytes, source_format: str, file: str) -> Source:
    """Raises TranscriptError (`damaged`) if no cue has words."""
    refuse_too_many(data.count(b"-->"), what="cues", file=file)
    refuse_too_many(data.count(b"\n") // 4, what="lines", file=file)
    text, encoding, warnings = decode(data, file=file)
    cues = without_repeats(cues_of(clean_text(text, file=file)))
    paragraphs: list[Paragraph] = []
    notes: list[SourceNote] = []
    for cue in cues:
        said = _voices(cue)
        notes.extend(
            SourceNote(comment, "comment", len(paragraphs), 0, len(paragraphs), 0)
            for comment in cue.comments
            if said
        )
        paragraphs.extend(said)
    if not paragraphs:
        raise refusal(
            file,
            reason="damaged",
            detail="no_cue",
            found="no cue could be read from this {kind} file",
            remedy="export the subtitles again, or save the text as .txt",
            kind="WebVTT" if source_format == "vtt" else "SubRip",
        )
    told = (*warnings, *_untimed(cues))
    return Source(tuple(paragraphs), source_format, encoding, told, tuple(notes))


def _untimed(cues: Sequence[Cue]) -> tuple[ReadingWarning, ...]:
    untimed = sum(1 for cue in cues if cue.start is None)
    if not untimed:
        return ()
    said = "{n:time|times} in the file cannot be read; the words there are kept without a time"
    return (reading_warning("unreadable_times", said, n=untimed),)


def _voices(cue: Cue) -> list[Paragraph]:
    """One cue may hold several voices, each from its `<v>` on; lines of one voice are one text."""
    content = _spoken(_BREAK.sub("\n", "\n".join(cue.lines)))
    pieces = _VOICE.split(content)
    parts = _lines(pieces[0], cue.start) if pieces[0].strip() else []
    for voice, words in zip(pieces[1::2], pieces[2::2], strict=True):
        said = " ".join(_bare(words).split())
        label = html.unescape(voice).strip()
        if said:
            parts.append(Paragraph(said, speaker=label or None, time_seconds=cue.start, continues=True))
    return parts


def _spoken(content: str) -> str:
    """The words of a cue that holds them as JSON, as meetings fetched with their metadata do."""
    if not content.startswith("{") or '"spokenText"' not in content:
        return content
    try:
        said = json.loads(content)
    except ValueError:
        return content
    name, words = said.get("speakerName"), said.get("spokenText")
    if not isinstance(words, str):
        return content
    escaped = html.escape(words, quote=False)
    return f"<v {html.escape(name, quote=False)}>{escaped}" if isinstance(name, str) and name else escaped


def _lines(content: str, seconds: float | None) -> list[Paragraph]:
    """Lines that begin with a dash are different speakers, as is what follows `>>`; other lines run on."""
    lines = [line.strip() for line in _bare(content).split("\n") if line.strip()]
    dashed = len(lines) > 1 and all(line.startswith(("-", "–")) for line in lines)
    labelled = len(lines) > 1 and all(_LABELLED.match(line) for line in lines)
    if dashed:
        lines = [line.lstrip("-– ") for line in lines]
        return [Paragraph(line, time_seconds=seconds) for line in lines if line]
    if labelled:
        return [Paragraph(line, time_seconds=seconds, continues=True) for line in lines]
    said = " ".join(lines)
    before, *changed = _CHANGE.split(said)
    parts = [Paragraph(before.strip(), time_seconds=seconds, continues=True)] if before.strip() else []
    parts.extend(Paragraph(words.strip(), time_seconds=seconds) for words in changed if words.strip())
    return [replace(part, text=" ".join(part.text.split())) for part in parts]


def _bare(content: str) -> str:
    return html.unescape(_TAG.sub("", content))
