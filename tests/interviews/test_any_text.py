"""Whatever comes in: turns stay ordered, within the text, and only TranscriptError comes out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import interviews

LINES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["Anna: ", "Bo: ja", "[00:01:02] P1: hej", "INTERVIEWER", "12", "- a", "| a | b |", "a\tb\tc", "Q. x",
         "# T", "1:20", "WEBVTT", "00:01 --> 00:02", "<v A>b", "Anna (00:01):", "**Bo:** nej", "dag-",
         "[x]", "A - b", "Dato: i dag"]
    ),
)  # fmt: skip
NAMES = st.sampled_from(["a.txt", "a.md", "a.vtt", "a.srt", "a.docx", "a.pdf", "a"])


def check(data: bytes, name: str) -> None:
    try:
        transcript = interviews.read_bytes(data, name)
    except interviews.TranscriptError:
        return
    position = -1
    for turn in transcript.turns:
        assert position < turn.start < turn.end <= len(transcript.text)
        assert transcript.said(turn).strip()
        position = turn.end
    assert not set(transcript.text) & set("\r\x00\ufeff\u2028\x85")
    transcript.text.encode("utf-8")
    assert sum(speaker.turns for speaker in transcript.speakers) == sum(
        1 for turn in transcript.turns if turn.speaker is not None and turn.kind == "speech"
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n", "\n\n"]), NAMES)
def test_any_lines_give_sound_turns(lines: list[str], line_end: str, name: str) -> None:
    check(line_end.join(lines).encode("utf-8", "replace"), name)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"WEBVTT\n", b"\xff\xfe"]), NAMES
)
def test_any_bytes_are_read_or_refused(data: bytes, magic: bytes, name: str) -> None:
    check(magic + data, name)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_sentences_lie_within_the_text_in_order(text: str) -> None:
    position = 0
    for start, end in interviews.sentences(text):
        assert position <= start < end <= len(text)
        position = end
    assert interviews.words(text) >= 0
