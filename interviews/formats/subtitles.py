"""Subtitle files (.vtt with webvtt-py, .srt with srt): cues with times, and voices where the file names
them."""

from __future__ import annotations

import html
import re

from interviews.characters import clean_text, decode
from interviews.source import Paragraph, Source, refusal

_TAG = re.compile(
    r"</?(?:b|i|u|c|v|ruby|rt|lang|font)(?:[.\s][^<>]{0,200})?>|<\d[\d:.]{3,14}>|\{\\an?\d\}", re.IGNORECASE
)
_VOICE = re.compile(r"<v(?:\.[^\s>]{1,60})?\s+([^>]{1,120})>")


def read_vtt(data: bytes, *, file: str) -> Source:
    """Return the cues of a WebVTT file; `<v Name>` names the speaker of what follows it."""
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    text, encoding, warnings = decode(data, file=file)
    text = clean_text(text, file=file)
    try:
        captions = webvtt.from_string(text).captions
    except (MalformedFileError, MalformedCaptionError, ValueError, IndexError):
        raise _broken(file, "WebVTT") from None
    paragraphs: list[Paragraph] = []
    for caption in captions:
        paragraphs.extend(
            _voices(caption.raw_text, float(caption.start_in_seconds) + _milliseconds(caption.start))
        )
    return _source(paragraphs, "vtt", encoding, warnings, file)


def read_srt(data: bytes, *, file: str) -> Source:
    """Return the cues of a SubRip file."""
    import srt

    text, encoding, warnings = decode(data, file=file)
    text = clean_text(text, file=file)
    try:
        cues = list(srt.parse(text, ignore_errors=True))
    except (srt.SRTParseError, ValueError, OverflowError):
        raise _broken(file, "SubRip") from None
    paragraphs = [part for cue in cues for part in _voices(cue.content, cue.start.total_seconds())]
    return _source(paragraphs, "srt", encoding, warnings, file)


def _milliseconds(stamp: str) -> float:
    _, dot, fraction = stamp.partition(".")
    return float(f"0.{fraction}") if dot and fraction.isdigit() else 0.0


def _source(
    paragraphs: list[Paragraph], source_format: str, encoding: str, warnings: tuple[str, ...], file: str
) -> Source:
    if not paragraphs:
        raise _broken(file, source_format)
    return Source(tuple(paragraphs), source_format, encoding, warnings)


def _voices(content: str, seconds: float) -> list[Paragraph]:
    """One cue may hold several voices, each from its `<v>` on; lines of one voice are one text."""
    parts: list[Paragraph] = []
    pieces = _VOICE.split(content)
    if pieces[0].strip():
        parts.extend(_lines(pieces[0], seconds))
    for voice, words in zip(pieces[1::2], pieces[2::2], strict=True):
        said = " ".join(_bare(words).split())
        if said:
            label = html.unescape(voice).strip()
            parts.append(Paragraph(said, speaker=label or None, time_seconds=seconds, continues=True))
    return parts


def _lines(content: str, seconds: float) -> list[Paragraph]:
    """Lines that begin with a dash are different speakers; other lines of a cue run on."""
    lines = [line.strip() for line in _bare(content).split("\n") if line.strip()]
    dashed = len(lines) > 1 and all(line.startswith(("-", "–")) for line in lines)
    labelled = len(lines) > 1 and all(re.match(r"[^:]{1,40}:\s", line) for line in lines)
    if dashed:
        return [Paragraph(line.lstrip("-– "), time_seconds=seconds) for line in lines if line.strip("-– ")]
    if labelled:
        return [Paragraph(line, time_seconds=seconds, continues=True) for line in lines]
    return [Paragraph(" ".join(lines), time_seconds=seconds, continues=True)] if lines else []


def _bare(content: str) -> str:
    return html.unescape(_TAG.sub("", content))


def _broken(file: str, kind: str) -> Exception:
    return refusal(
        file,
        reason="damaged",
        detail="no_cue",
        found="no cue could be read from this {kind} file",
        remedy="export the subtitles again, or save the text as .txt",
        kind=kind,
    )
