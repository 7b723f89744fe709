"""Transcripts in JSON, as speech recognition and meeting programs write them."""

from __future__ import annotations

import json
from typing import Any

import pytest

import interviews

Said = list[tuple[str | None, str, float | None]]


def said(content: str | bytes, name: str) -> Said:
    data = content.encode() if isinstance(content, str) else content
    transcript = interviews.read_bytes(data, name)
    return [(turn.speaker, transcript.said(turn), turn.time_seconds) for turn in transcript.turns]


ASKED, ANSWERED = "Hvordan gik det?", "Fint, tak."


def word(text: str, start: float | str, speaker: object, **more: object) -> dict[str, Any]:
    return {"word": text, "start": start, "end": start, "speaker": speaker, **more}


def amazon(text: str, start: str | None, **more: object) -> dict[str, Any]:
    kind = (
        {"start_time": start, "end_time": start, "type": "pronunciation"}
        if start
        else {"type": "punctuation"}
    )
    return {**kind, "alternatives": [{"confidence": "0.9", "content": text}], **more}


AMAZON_WORDS = [
    amazon("Hvordan", "0.5"),
    amazon("gik", "0.8"),
    amazon("det", "1.0"),
    amazon("?", None),
    amazon("Fint", "3.25"),
    amazon(",", None),
    amazon("tak", "3.5"),
    amazon(".", None),
]
AMAZON_SPEAKERS = [
    {
        "start_time": start,
        "speaker_label": label,
        "items": [{"start_time": at, "speaker_label": label} for at in times],
    }
    for start, label, times in (("0.5", "spk_0", ("0.5", "0.8", "1.0")), ("3.25", "spk_1", ("3.25", "3.5")))
]

SPOKEN = {
    "whisperx": (
        {
            "segments": [
                {
                    "start": 0.5,
                    "end": 2.0,
                    "text": " Hvordan gik det?",
                    "speaker": "spk_0",
                    "words": [word("Hvordan", 0.5, "spk_0"), word("gik", 0.8, "spk_0")],
                },
                {"start": 3.25, "end": 4.0, "text": " Fint, tak.", "speaker": "spk_1", "words": []},
            ],
            "word_segments": [word("Hvordan", 0.5, "spk_0"), word("gik", 0.8, "spk_0")],
        },
        "spk_0",
        "spk_1",
    ),
    "amazon": (
        {
            "jobName": "a",
            "status": "COMPLETED",
            "results": {
                "transcripts": [{"transcript": f"{ASKED} {ANSWERED}"}],
                "speaker_labels": {"speakers": 2, "segments": AMAZON_SPEAKERS},
                "items": AMAZON_WORDS,
            },
        },
        "spk_0",
        "spk_1",
    ),
    "deepgram words": (
        {
            "metadata": {"channels": 1},
            "results": {
                "channels": [
                    {
                        "alternatives": [
                            {
                                "transcript": "x",
                                "words": [
                                    word("hvordan", 0.5, 0, punctuated_word="Hvordan"),
                                    word("gik", 0.8, 0, punctuated_word="gik"),
                                    word("det", 1.0, 0, punctuated_word="det?"),
                                    word("fint", 3.25, 1, punctuated_word="Fint,"),
                                    word("tak", 3.5, 1, punctuated_word="tak."),
                                ],
                            }
                        ]
                    }
                ]
            },
        },
        "Speaker 0",
        "Speaker 1",
    ),
    "deepgram utterances": (
        {
            "results": {
                "utterances": [
                    {"start": 0.5, "end": 2, "transcript": ASKED, "speaker": 0, "words": []},
                    {"start": 3.25, "end": 4, "transcript": ANSWERED, "speaker": 1},
                ]
            }
        },
        "Speaker 0",
        "Speaker 1",
    ),
    "azure": (
        {
            "combinedRecognizedPhrases": [{"channel": 0, "display": f"{ASKED} {ANSWERED}"}],
            "recognizedPhrases": [
                {
                    "channel": 0,
                    "speaker": 1,
                    "offset": "PT0.5S",
                    "offsetInTicks": 5000000.0,
                    "nBest": [{"display": ASKED}],
                },
                {"channel": 0, "speaker": 2, "offset": "PT3.25S", "nBest": [{"display": ANSWERED}]},
            ],
        },
        "Speaker 1",
        "Speaker 2",
    ),
    "azure fast": (
        {
            "durationMilliseconds": 9,
            "phrases": [
                {"speaker": 1, "offsetMilliseconds": 500, "text": ASKED},
                {"speaker": 2, "offsetMilliseconds": 3250, "text": ANSWERED},
            ],
        },
        "Speaker 1",
        "Speaker 2",
    ),
    "assemblyai": (
        {
            "id": "1",
            "text": f"{ASKED} {ANSWERED}",
            "words": [{"text": "Hvordan", "start": 500, "end": 700, "speaker": "A"}],
            "utterances": [
                {"speaker": "A", "text": ASKED, "start": 500, "end": 2000, "words": []},
                {"speaker": "B", "text": ANSWERED, "start": 3250, "end": 4100},
            ],
        },
        "A",
        "B",
    ),
    "rev": (
        {
            "monologues": [
                {
                    "speaker": 0,
                    "elements": [
                        {"type": "text", "value": "Hvordan", "ts": 0.5},
                        {"type": "punct", "value": " "},
                        {"type": "text", "value": "gik", "ts": 0.8},
                        {"type": "punct", "value": " "},
                        {"type": "text", "value": "det", "ts": 1.0},
                        {"type": "punct", "value": "?"},
                    ],
                },
                {
                    "speaker": 1,
                    "elements": [
                        {"type": "text", "value": "Fint", "ts": 3.25},
                        {"type": "punct", "value": ", "},
                        {"type": "text", "value": "tak", "ts": 3.5},
                        {"type": "punct", "value": "."},
                    ],
                },
            ]
        },
        "Speaker 0",
        "Speaker 1",
    ),
    "google": (
        {
            "results": [
                {"alternatives": [{"transcript": "Hvordan", "words": [word("Hvordan", "0.5s", None)]}]},
                {
                    "alternatives": [
                        {
                            "words": [
                                {"word": text, "startTime": start, "speakerTag": tag}
                                for text, start, tag in (
                                    ("Hvordan", "0.500s", 1),
                                    ("gik", "0.8s", 1),
                                    ("det?", "1s", 1),
                                    ("Fint,", "3.250s", 2),
                                    ("tak.", "3.5s", 2),
                                )
                            ]
                        }
                    ]
                },
            ]
        },
        "Speaker 1",
        "Speaker 2",
    ),
    "speechmatics": (
        {
            "format": "2.9",
            "results": [
                {
                    "type": "punctuation" if text in ",.?" else "word",
                    "start_time": start,
                    "alternatives": [{"content": text, "speaker": speaker}],
                }
                for text, start, speaker in (
                    ("Hvordan", 0.5, "S1"),
                    ("gik", 0.8, "S1"),
                    ("det", 1.0, "S1"),
                    ("?", 1.2, "S1"),
                    ("Fint", 3.25, "S2"),
                    (",", 3.3, "S2"),
                    ("tak", 3.5, "S2"),
                    (".", 3.6, "S2"),
                )
            ],
        },
        "S1",
        "S2",
    ),
    "teams": (
        {
            "version": "1.0.0",
            "entries": [
                {
                    "id": "a",
                    "text": ASKED,
                    "speakerDisplayName": "Anna Holm",
                    "confidence": 0.9,
                    "startOffset": "00:00:00.5000000",
                },
                {"id": "b", "text": ANSWERED, "speakerDisplayName": "Bo", "startOffset": "00:00:03.2500000"},
            ],
        },
        "Anna Holm",
        "Bo",
    ),
    "a list of its own": (
        [
            {"participant": {"id": 7, "name": "Anna"}, "words": [], "Text": ASKED, "Start": 0.5},
            {"participant": {"id": 8, "name": "Bo"}, "Text": ANSWERED, "Start": 3.25},
        ],
        "Anna",
        "Bo",
    ),
}


@pytest.mark.parametrize("shape", SPOKEN)
def test_speech_recognition_says_who_said_what_when(shape: str) -> None:
    document, first, second = SPOKEN[shape]
    assert said(json.dumps(document), "a.json") == [(first, ASKED, 0.5), (second, ANSWERED, 3.25)]


@pytest.mark.parametrize(
    "document",
    [
        {
            "text": "x",
            "language": "da",
            "segments": [
                {"id": 0, "seek": 0, "start": 0.0, "end": 2.5, "text": " Hvordan gik", "tokens": [1]},
                {"id": 1, "start": 2.5, "end": 3.1, "text": " det?"},
                {"id": 2, "start": 4.0, "end": 5.0, "text": " Fint, tak."},
            ],
        },
        {
            "result": {"language": "da"},
            "transcription": [
                {
                    "timestamps": {"from": "00:00:00,000", "to": "00:00:02,500"},
                    "offsets": {"from": 0, "to": 2500},
                    "text": " Hvordan gik",
                },
                {
                    "timestamps": {"from": "00:00:02,500", "to": "00:00:03,100"},
                    "offsets": {"from": 2500, "to": 3100},
                    "text": " det?",
                },
                {
                    "timestamps": {"from": "00:00:04,000", "to": "00:00:05,000"},
                    "offsets": {"from": 4000, "to": 5000},
                    "text": " Fint, tak.",
                },
            ],
        },
        [
            {"id": 1, "start": 0.0, "end": 3.1, "text": ASKED, "avg_logprob": -0.2},
            {"id": 2, "start": 4.0, "end": 5.0, "text": ANSWERED},
        ],
    ],
    ids=["whisper", "whisper.cpp", "faster-whisper"],
)
def test_whisper_without_speakers_becomes_sentences_with_times(document: object) -> None:
    assert said(json.dumps(document), "a.json") == [(None, ASKED, 0.0), (None, ANSWERED, 4.0)]


def test_json_is_known_by_its_content_and_may_be_one_object_a_line() -> None:
    lines = '{"speaker":"Anna","text":"Hvordan gik det?"}\n{"speaker":"Bo","text":"Fint, tak."}\n'
    assert said(lines, "a.jsonl") == [("Anna", ASKED, None), ("Bo", ANSWERED, None)]
    assert said('\ufeff{"text": "Hej med dig"}', "udskrift.txt") == [(None, "Hej med dig", None)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"a": [1, 2', "damaged"),
        ("{}", "unsupported"),
        ('{"names": [{"name": "Anna"}]}', "unsupported"),
        ('[{"speaker": 1, "start": NaN, "text": ""}]', "unsupported"),
        ('{"results": {"items": [{}]}}', "unsupported"),
        ('{"segments": [{"text": 5, "start": []}]}', "unsupported"),
        ("[" * 100_000, "unsafe"),
    ],
)
def test_json_that_is_no_transcript_says_so(content: str, reason: str) -> None:
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(content.encode(), "a.json")
    assert refused.value.reason == reason
