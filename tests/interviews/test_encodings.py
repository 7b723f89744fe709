"""Letters survive: every encoding that Danish transcripts come in, mixed, doubled, cut off."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import interviews
from interviews.characters import clean_text, decode
from interviews.encodings import mend_doubled, single_byte_encoding

DANISH = (
    "Interviewer: Får du hjælp på jobcentret?\n"
    "Borger: Ja, både æ, ø og å – det går fint. Ærlig talt, Østerbro og Århus.\n"
    "Interviewer: Hvad sagde læreren så?\nBorger: Hun spurgte, om jeg kunne møde på onsdag.\n"
)
GERMAN = "Interviewer: Wie geht es Ihnen? Schön, größer, Übung.\nFrau Müller: Ganz schön müde, aber süß.\n"


def reasons(warnings: tuple[str, ...]) -> list[str]:
    return [getattr(warning, "reason", "") for warning in warnings]


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman"])
@pytest.mark.parametrize("text", [DANISH, GERMAN, "A: Får\nB: på\n", "å", "Sørens mor sagde “nej”, og så …"])
def test_older_encodings_are_told_apart(text: str, encoding: str) -> None:
    found, name, warnings = decode(text.encode(encoding))
    assert (found, name) == (text, encoding)
    assert reasons(warnings) == ["encoding"]


@pytest.mark.parametrize("encoding", ["cp850", "cp865"])
def test_code_pages_of_dos_are_recognised(encoding: str) -> None:
    text = DANISH.replace("–", "-")
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    "text", ["Don’t – “well” it’s", "it costs 5 € … or £3 ½ a day", "naïve café, El Niño"]
)
def test_english_of_windows_stays_windows(text: str) -> None:
    assert single_byte_encoding(text.encode("cp1252")) == "cp1252"


def test_lines_of_two_encodings_in_one_file_are_read_line_by_line() -> None:
    lines = DANISH.splitlines(keepends=True)
    data = lines[0].encode() + lines[1].encode("cp1252") + lines[2].encode() + lines[3].encode("cp1252")
    text, encoding, warnings = decode(data)
    assert (text, encoding) == (DANISH, "utf-8 + cp1252")
    assert reasons(warnings) == ["mixed_encoding"]
    assert warnings[0].values == {"n": 2, "encoding": "cp1252"}


def test_two_encodings_in_one_line_are_both_read() -> None:
    assert decode("Får ".encode() + "på".encode("cp1252") + " sø".encode())[0] == "Får på sø"


@pytest.mark.parametrize(
    "text", [DANISH, GERMAN, "“Ja”, sagde hun … 5 €", "Ægte Øl Å", "ÆØÅ", "مرحبا", "🙂 ja"]
)
def test_what_was_encoded_twice_is_mended_with_a_warning(text: str) -> None:
    twice = text.encode().decode("cp1252", errors="surrogateescape")
    twice = "".join(chr(ord(sign) - 0xDC00) if ord(sign) >= 0xDC80 else sign for sign in twice)
    found, _, warnings = decode(twice.encode())
    assert found == text
    assert reasons(warnings) == ["encoded_twice"]


@pytest.mark.parametrize(
    "text",
    ["SÃO PAULO", "Ângela disse: não, é à noite", "Â’", "Ça va ? Où ça ? À Nîmes", "Ð Þ æ ø å", "naïve’s"],
)
def test_sound_text_is_not_mended(text: str) -> None:
    assert mend_doubled(text) == (text, 0)


def test_signs_of_windows_in_the_place_of_controls_are_read() -> None:
    assert mend_doubled("don\x92t \x93ja\x94 \x96 nej") == ("don’t “ja” – nej", 4)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(encoding: str) -> None:
    assert decode(DANISH.encode(encoding))[:2] == (DANISH, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_file_cut_off_within_a_character_is_read_to_there(encoding: str) -> None:
    data = (DANISH + "slut på").encode(encoding)[:-1]
    text, _, warnings = decode(data)
    assert text == DANISH + "slut p"
    assert reasons(warnings) == ["cut_character"]


def test_an_emoji_cut_in_half_at_the_end_of_utf16_is_left_out() -> None:
    assert decode("ja 🙂".encode("utf-16")[:-2])[0] == "ja "


def test_marks_in_the_middle_of_joined_files_are_taken_out() -> None:
    data = b"".join(f"{name}: Får\n".encode("utf-8-sig") for name in ("Anna", "Bo", "Anna", "Bo"))
    assert interviews.read_bytes(data, "a.txt").text == "Får\nFår\nFår\nFår"


def test_text_beyond_the_limit_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(b"Anna: ja, " * 3_000_000, "a.txt")
    assert (refused.value.reason, refused.value.detail) == ("too_large", "too_much_text")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes_give_text_that_a_file_can_hold(data: bytes) -> None:
    try:
        text, _, _ = decode(data)
        cleaned = clean_text(text)
    except interviews.TranscriptError:
        return
    cleaned.encode("utf-8")
    assert not set(cleaned) & set("\r\x00\ufeff\u2028")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(st.characters(blacklist_categories=["Cs"], max_codepoint=0x17F), max_size=80))
def test_utf8_is_read_as_it_stands_unless_it_was_encoded_twice(text: str) -> None:
    found, _, warnings = decode(text.encode())
    if "encoded_twice" not in reasons(warnings) and not text.startswith("\ufeff"):
        assert found == text or "\x00" in text
