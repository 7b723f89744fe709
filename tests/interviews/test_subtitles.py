"""Subtitle files as programs write them: voices, rolling captions, comments, and times that are wrong."""

from __future__ import annotations

import pytest

import interviews


def said(content: str | bytes, name: str = "a.vtt") -> list[tuple[str | None, str, float | None]]:
    data = content.encode() if isinstance(content, str) else content
    transcript = interviews.read_bytes(data, name)
    return [(turn.speaker, transcript.said(turn), turn.time_seconds) for turn in transcript.turns]


def test_voices_need_no_end_and_cues_may_have_names_settings_and_overlap() -> None:
    content = (
        "WEBVTT - Møde\n\n8a7c2b1e-0001/12-0\n00:00:03.000 --> 00:00:05.250 align:start position:0%\n"
        "<v Anna Holm>Hvordan gik\n\n8a7c2b1e-0001/12-1\n00:00:05.250 --> 00:00:07.000\n"
        "<v Anna Holm>det så?</v>\n\n8a7c2b1e-0001/13-0\n00:00:06.000 --> 00:00:09.000\n"
        "<v.loud Bo>Fint &gt; godt &amp; <i>rigtig</i> godt</v>\n"
    )
    assert said(content) == [
        ("Anna Holm", "Hvordan gik det så?", 3.0),
        ("Bo", "Fint > godt & rigtig godt", 6.0),
    ]


def test_blocks_that_are_no_cues_stay_out_and_comments_become_annotations() -> None:
    content = (
        "WEBVTT\nKind: captions\nLanguage: da\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\nwidth:40%\n\n"
        "NOTE Confidence: 0.93\n\n1\n00:01.000 --> 00:02.000\nAnna: "
        "Ja.\n\nNOTE\nHer hørtes\nen dør.\n\n2\n00:03.000 --> 00:04.000\nBo: Nej.\n"
    )
    transcript = interviews.read_bytes(content.encode(), "a.vtt")
    assert transcript.text == "Ja.\nNej."
    (note,) = transcript.annotations
    assert (note.text, note.kind, note.start) == ("Her hørtes en dør.", "comment", 4)


def test_rolling_captions_say_everything_once() -> None:
    lines = ["jeg kom til danmark", "i nitten hundrede", "og så fik jeg", "et arbejde"]
    content = "WEBVTT\n\n"
    for n, line in enumerate(lines):
        above = lines[n - 1] if n else " "
        content += (
            f"00:00:0{2 * n}.000 --> 00:00:0{2 * n + 2}.000\n{above}\n"
            f"{line.replace(' ', ' <00:00:01.500><c>', 1)}</c>\n\n"
        )
        content += f"00:00:0{2 * n + 2}.000 --> 00:00:0{2 * n + 2}.010\n{line}\n \n\n"
    assert " ".join(text for _, text, _ in said(content)) == " ".join(lines)


def test_captions_that_grow_are_kept_when_they_are_whole() -> None:
    words = ["jeg", "kom", "hertil", "med", "min", "søn"]
    content = "WEBVTT\n\n"
    for n in range(1, len(words) + 1):
        content += f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{' '.join(words[:n])}\n\n"
    assert said(content) == [(None, " ".join(words), 1.0)]


def test_a_word_said_twice_is_kept_twice() -> None:
    content = "WEBVTT\n\n" + "".join(
        f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{text}\n\n"
        for n, text in enumerate(["Anna: Ja.", "Ja.", "Bo: Nej.", "Nej.", "Anna: Godt."])
    )
    assert [text for _, text, _ in said(content)] == ["Ja. Ja.", "Nej. Nej.", "Godt."]


def test_signs_for_another_speaker_part_what_is_said() -> None:
    content = (
        "1\n00:00:01,000 --> 00:00:03,000\n&gt;&gt; Hvordan gik "
        "det?\n\n2\n00:00:03,000 --> 00:00:05,000\n>> Fint. >> Godt.\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\n- Ja.\n- Nej.\n"
    )
    assert [text for _, text, _ in said(content, "a.srt")] == [
        "Hvordan gik det?",
        "Fint.",
        "Godt.",
        "Ja.",
        "Nej.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", "."])
def test_subrip_in_any_encoding_with_either_decimal_mark(encoding: str, mark: str) -> None:
    content = (
        f"1\r\n00:00:01{mark}5 --> 00:00:03{mark}000\r\nAnna: På "
        f"gården æder\r\nøgen høet.\r\n\r\n2\r\n00:00:04{mark}000 --> 00:00:05{mark}000\r\nBo: Nå.\r\n"
    )
    assert said(content.encode(encoding), "a.srt") == [
        ("Anna", "På gården æder øgen høet.", 1.5),
        ("Bo", "Nå.", 4.0),
    ]


def test_times_that_cannot_be_read_lose_no_words() -> None:
    content = (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nAnna: Ja.\n\n00:00:75.000 --> 00:00:99.000\nBo: Nej.\n\n"
        "0:0:5 --> \nAnna: Godt.\n\n::: --> 12\nBo: Tak.\n"
    )
    transcript = interviews.read_bytes(content.encode(), "a.vtt")
    assert transcript.text == "Ja.\nNej.\nGodt.\nTak."
    (warning,) = transcript.warnings
    assert (warning.reason, warning.values["n"]) == ("unreadable_times", 2)


def test_subrip_without_numbers_or_blank_lines() -> None:
    content = (
        "00:00:01,000 --> 00:00:02,000\nAnna: Hvor mange?\n2\n"
        "00:00:02,000 --> 00:00:03,000\nBo: Vi var\n42\n\n00:00:04,000 --> 00:00:05,000\nAnna: Nå.\n"
    )
    assert [text for _, text, _ in said(content, "a.srt")] == ["Hvor mange?", "Vi var 42", "Nå."]


def test_cues_of_a_meeting_fetched_with_its_metadata() -> None:
    content = (
        "WEBVTT\n\n00:00:16.246 --> 00:00:17.726\n"
        '{"startDateTime":"2024-05-03T10:00:16Z","speakerName":"Anna Holm",'
        '"spokenText":"Er du <klar>?","spokenLanguage":"da-dk"}\n\n00:00:18.000 --> 00:00:19.000\n'
        '{"speakerName":"Bo","spokenText":"Ja & nej.","spokenLanguage":"da-dk"}\n'
    )
    assert said(content) == [("Anna Holm", "Er du <klar>?", 16.246), ("Bo", "Ja & nej.", 18.0)]
