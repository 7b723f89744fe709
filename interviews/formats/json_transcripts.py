"""Transcripts in JSON, as speech recognition and meeting programs write them, told apart by their content.

Shapes of their own: Amazon Transcribe, Deepgram, Azure, Rev, Google, Speechmatics, whisper.cpp. Others
(Whisper, WhisperX, AssemblyAI, Teams) are read as the list of objects that have words, a speaker and a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interviews.characters import clean_text, decode, refuse_too_long
from interviews.source import Paragraph, Source, refusal
from interviews.times import seconds_of

_WORDS = (
    "text", "spokentext", "transcript", "content", "utterance", "sentence", "caption", "display",
    "displaytext", "body", "value", "punctuated_word", "word", "tekst",
)  # fmt: skip
_SPEAKERS = (
    "speaker", "speaker_name", "speakername", "speakerdisplayname", "speaker_label", "speakerlabel",
    "speaker_id", "speakerid", "participant", "displayname", "name", "author", "voice", "who", "taler",
    "channel",
)  # fmt: skip
_STARTS = (
    "start", "start_time", "starttime", "startoffset", "begin", "start_timestamp", "offset", "from",
    "timestamp", "time", "ts", "start_seconds", "start_ms", "startms", "offsetmilliseconds",
    "start_offset", "offsetinticks", "startticks", "tid",
)  # fmt: skip
_ENDS = ("end", "end_time", "endtime", "endoffset", "to", "stop", "end_ms", "end_offset")
_LISTS = (
    "utterances", "segments", "transcription", "entries", "phrases", "recognizedphrases", "monologues",
    "transcript", "paragraphs", "sentences", "turns", "captions", "cues", "results", "items",
)  # fmt: skip
_ISO_DURATION = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Said:
    """One stretch of speech. seconds : where it begins, or None."""

    speaker: str | None
    words: str
    seconds: float | None


def read_json(data: bytes, *, file: str) -> Source:
    """Return what is said in a JSON transcript, one paragraph a stretch; one JSON document or one a line.

    Raises TranscriptError: `damaged` if it is no JSON, `unsupported` if it holds no transcript.
    """
    text, encoding, warnings = decode(data, file=file)
    document = _parsed(text, file)
    said = next((found for shape in _SHAPES if (found := _read(shape, document))), [])
    if not said:
        raise refusal(
            file,
            reason="unsupported",
            detail="json_no_transcript",
            found="the file is JSON, but no list of what is said was found in it",
            remedy="export the transcript as .vtt, .srt, .docx or .txt",
        )
    refuse_too_long(sum(len(one.words) for one in said), file=file)
    paragraphs = tuple(
        Paragraph(
            clean_text(one.words, file=file),
            speaker=clean_text(one.speaker, file=file) if one.speaker else None,
            time_seconds=one.seconds,
            continues=True,
        )
        for one in said
    )
    return Source(paragraphs, "json", encoding, warnings)


def looks_like_json(text: str) -> bool:
    """Say whether a text file opens as JSON does: an object, or a list of objects."""
    return bool(re.match(r"\s*(?:\{\s*[\"}]|\[\s*[{\]])", text[:400]))


def _parsed(text: str, file: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines[:3]):
            try:
                return [json.loads(line) for line in lines]
            except ValueError:
                pass
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else None
        raise refusal(
            file,
            reason="damaged",
            detail="json_broken",
            place=place,
            found="this is no complete JSON",
            remedy="export it again, or fetch it again",
        ) from None


def _read(shape: Callable[[Any], Iterator[Said]], document: Any) -> list[Said]:
    """What a shape finds in a document, or nothing where the document has another shape."""
    try:
        found = [one for one in shape(document) if one.words]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return []
    return found


def _amazon(document: Any) -> Iterator[Said]:
    """`results.items`: words and punctuation, speakers beside them or in `speaker_labels.segments`."""
    results = document["results"]
    speakers = {
        item["start_time"]: item.get("speaker_label", segment.get("speaker_label"))
        for segment in results.get("speaker_labels", {}).get("segments", ())
        for item in segment.get("items", ())
    }
    words = []
    for item in results["items"]:
        start = item.get("start_time")
        speaker = item.get("speaker_label") or speakers.get(start)
        words.append(
            _Word(item["alternatives"][0]["content"], speaker, start, glued=item["type"] == "punctuation")
        )
    return _stretches(words)


def _deepgram(document: Any) -> Iterator[Said]:
    """`results.utterances`, else the paragraphs or the words of the first channel."""
    results = document["results"]
    if results.get("utterances"):
        for one in results["utterances"]:
            yield Said(_speaker(one.get("speaker")), _words(one["transcript"]), _number(one.get("start")))
        return
    best = results["channels"][0]["alternatives"][0]
    for paragraph in (best.get("paragraphs") or {}).get("paragraphs", ()):
        said = " ".join(sentence["text"] for sentence in paragraph["sentences"])
        yield Said(_speaker(paragraph.get("speaker")), _words(said), _number(paragraph.get("start")))
    if not best.get("paragraphs"):
        words = best.get("words", ())
        yield from _stretches(
            [
                _Word(word.get("punctuated_word") or word["word"], word.get("speaker"), word.get("start"))
                for word in words
            ]
        )


def _azure(document: Any) -> Iterator[Said]:
    """`recognizedPhrases` with their best reading, or `phrases` of fast transcription."""
    if "phrases" in document:
        for phrase in document["phrases"]:
            yield Said(
                _speaker(phrase.get("speaker")), _words(phrase["text"]), phrase["offsetMilliseconds"] / 1000
            )
        return
    for phrase in document["recognizedPhrases"]:
        ticks = phrase.get("offsetInTicks")
        seconds = ticks / 10_000_000 if ticks is not None else _time(phrase.get("offset"))
        yield Said(_speaker(phrase.get("speaker")), _words(phrase["nBest"][0]["display"]), seconds)


def _rev(document: Any) -> Iterator[Said]:
    """`monologues` of elements, words and punctuation with their own spaces."""
    names = {one.get("id"): one.get("name") for one in document.get("speakers", ()) if isinstance(one, dict)}
    for monologue in document["monologues"]:
        elements = monologue["elements"]
        start = next((one["ts"] for one in elements if "ts" in one), None)
        speaker = (
            names.get(monologue.get("speaker")) or monologue.get("speaker_name") or monologue.get("speaker")
        )
        yield Said(_speaker(speaker), _words("".join(one["value"] for one in elements)), _number(start))


def _google(document: Any) -> Iterator[Said]:
    """`results[].alternatives[0]`; with speakers, the last result has every word with its `speakerTag`."""
    results = document.get("results") or document["response"]["results"]
    last = results[-1]["alternatives"][0].get("words", [])
    if any(word.get("speakerTag") or word.get("speakerLabel") for word in last):
        return _stretches(
            [
                _Word(word["word"], word.get("speakerTag") or word.get("speakerLabel"), word.get("startTime"))
                for word in last
            ]
        )
    return (
        Said(None, _words(best["transcript"]), _time((best.get("words") or [{}])[0].get("startTime")))
        for best in (result["alternatives"][0] for result in results if result.get("alternatives"))
        if "transcript" in best
    )


def _speechmatics(document: Any) -> Iterator[Said]:
    """`results[]` of type word and punctuation, each with a speaker."""
    words = [
        _Word(one["alternatives"][0]["content"], one["alternatives"][0].get("speaker"), one["start_time"],
              glued=one["type"] == "punctuation")
        for one in document["results"]
    ]  # fmt: skip
    return _stretches(words)


def _whisper_cpp(document: Any) -> Iterator[Said]:
    """`transcription[]` with `offsets` in thousandths of a second."""
    for one in document["transcription"]:
        yield Said(_speaker(one.get("speaker")), _words(one["text"]), one["offsets"]["from"] / 1000)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    speaker: object
    start: object
    glued: bool = False


def _stretches(words: Sequence[_Word]) -> Iterator[Said]:
    """Words of one speaker after each other, put together; glued words follow without a space."""
    said: list[str] = []
    speaker: object = None
    start: float | None = None
    for word in words:
        if said and not word.glued and word.speaker != speaker:
            yield Said(_speaker(speaker), "".join(said).strip(), start)
            said = []
        if not said:
            speaker, start = word.speaker, _time(word.start)
        said.append(word.text if word.glued else " " + word.text)
    if said:
        yield Said(_speaker(speaker), "".join(said).strip(), start)


def _listed(document: Any) -> Iterator[Said]:
    """Any list of objects with words: the one under a known name, else the one with the most words."""
    lists = list(_lists(document, depth=0))
    if not lists:
        return
    named = [found for name, found in lists if name in _LISTS]
    entries = max(
        named or [found for _, found in lists], key=lambda found: sum(len(_text_of(one)) for one in found)
    )
    factor = _factor(entries)
    for one in entries:
        start, known = _field(one, _STARTS)
        seconds = _time(start)
        if seconds is not None and not isinstance(start, str):
            ticks = "ticks" in known
            seconds = (
                seconds / 10_000_000
                if ticks
                else seconds / 1000
                if known.endswith(("ms", "milliseconds"))
                else seconds * factor
            )
        yield Said(_speaker(_field(one, _SPEAKERS)[0]), _words(_text_of(one)), seconds)


def _lists(value: Any, *, depth: int, name: str = "") -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _lists(inside, depth=depth + 1, name=str(key).casefold())
    elif isinstance(value, list):
        entries: list[Mapping[str, Any]] = [one for one in value if isinstance(one, dict) and _text_of(one)]
        if entries and len(entries) >= 0.5 * len(value) and _is_speech(entries, name):
            yield name, entries
        elif not entries:
            for inside in value[:3]:
                yield from _lists(inside, depth=depth + 1, name=name)


def _is_speech(entries: Sequence[Mapping[str, Any]], name: str) -> bool:
    """Words with a time or a speaker; a list of names or answers has neither."""
    beside = [one for one in entries if _field(one, _STARTS)[1] or _field(one, _SPEAKERS)[1]]
    single = all(len(_text_of(one).split()) <= 1 for one in entries[:50]) and name == "words"
    return len(beside) >= 0.5 * len(entries) and not single


def _factor(entries: Sequence[Mapping[str, Any]]) -> float:
    """Seconds in one unit of the entries' times: thousandths where people would speak far too slowly."""
    spans = []
    for one in entries:
        start, end = _time(_field(one, _STARTS)[0]), _time(_field(one, _ENDS)[0])
        whole = isinstance(_field(one, _STARTS)[0], int)
        if start is not None and end is not None and whole and end > start:
            spans.append((end - start) / max(len(_text_of(one).split()), 1))
    return 0.001 if spans and sorted(spans)[len(spans) // 2] > 20 else 1.0


def _field(entry: Mapping[str, Any], names: Sequence[str]) -> tuple[Any, str]:
    """The first field of an entry under one of these names, and the name; (None, "") if there is none."""
    lowered = {str(key).casefold(): value for key, value in entry.items()}
    for name in names:
        value = lowered.get(name)
        if isinstance(value, dict):
            value = next(
                (value[key] for key in ("name", "displayName", "label", "id", "value") if key in value), None
            )
        if value is not None and not isinstance(value, (dict, list)):
            return value, name
    return None, ""


def _text_of(entry: Mapping[str, Any]) -> str:
    value, _ = _field(entry, _WORDS)
    return value if isinstance(value, str) else ""


def _words(text: object) -> str:
    return "\n".join(" ".join(line.split()) for line in str(text).split("\n") if line.strip())


def _speaker(value: object) -> str | None:
    """A speaker's label; a bare number becomes `Speaker 0`, an unknown one none."""
    if value is None or isinstance(value, bool):
        return None
    label = " ".join(str(value).split())
    if label.isdecimal():
        return f"Speaker {label}"
    return label if label and label.casefold() not in {"unknown", "uu", "none", "null"} else None


def _only_text(document: Any) -> Iterator[Said]:
    """`{"text": "..."}` with nothing beside it."""
    text = document["text"]
    if isinstance(text, str):
        yield Said(None, _words(text), None)


def _number(value: object) -> float | None:
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if numeric and 0 <= value < 1e16 else None  # type: ignore[arg-type, operator]


def _time(value: object) -> float | None:
    """Seconds of a number, a number in quotes (`12.5`, `12.5s`), a clock or an ISO 8601 duration."""
    if not isinstance(value, str):
        return _number(value)
    found = _ISO_DURATION.match(value.strip())
    if found and any(found.groups()):
        hours, minutes, seconds_said = found.groups()
        return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds_said or 0)
    if re.fullmatch(r"\s*\d{1,9}(?:\.\d{1,9})?s?\s*", value):
        return float(value.strip().rstrip("s"))
    return seconds_of(value[:20]) if ":" in value and "T" not in value else None


_SHAPES = (_amazon, _deepgram, _azure, _rev, _speechmatics, _google, _whisper_cpp, _listed, _only_text)
