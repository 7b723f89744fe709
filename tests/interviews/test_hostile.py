"""Files built to hurt: each is refused in one message or read within bounds; the rest of a batch goes on."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

import interviews
from interviews import bounded, characters, zip_guard
from tests.interviews import sample_files as sample
from tests.interviews.archives import Entry, archive, exploding, raw_archive
from tests.interviews.hostile_files import HOSTILE, Hostile
from tests.interviews.promises import broken_promise, fault
from tests.interviews.sample_files import sound_files

# The largest ones take seconds to read; benchmarks/hostile_files.py reads them all.
SLOW = (
    "5 MB",
    "100,000",
    "1,000,000",
    "5,000,000",
    "300 MB",
    "90 MB",
    "three times",
    "of itself",
    "24 times",
)
QUICK = [hostile for hostile in HOSTILE if not any(word in hostile.name for word in SLOW)]
SOUND = sound_files()


@pytest.fixture(autouse=True, scope="module")
def _no_child_left() -> object:
    yield
    bounded.end_waiting()


@pytest.mark.parametrize("hostile", QUICK, ids=lambda hostile: hostile.name)
def test_a_hostile_file_is_refused_or_read(hostile: Hostile) -> None:
    data = hostile.make()
    assert fault(data, hostile.file) == ""
    transcript, error = outcome_of(data, hostile.file)
    assert hostile.outcome in {"either", "read" if transcript else "refused"}, error
    assert transcript or not hostile.reasons or error.reason in hostile.reasons
    assert not transcript or "localhost" not in transcript.text


def outcome_of(
    data: bytes, file: str
) -> tuple[interviews.Transcript, None] | tuple[None, interviews.TranscriptError]:
    try:
        return interviews.read_bytes(data, file), None
    except interviews.TranscriptError as error:
        return None, error


def test_hostile_files_are_small_on_disk() -> None:
    assert max(len(hostile.make()) for hostile in QUICK) < 6 * 1024**2


@pytest.mark.parametrize("extension", sorted(SOUND))
def test_the_sound_files_are_read(extension: str) -> None:
    transcript = interviews.read_bytes(SOUND[extension], f"a.{extension}")
    assert broken_promise(transcript) == ""
    assert "Det gik fint nok, men jeg forstod ikke det hele. Æ, ø og å." in transcript.text
    assert [speaker.label for speaker in transcript.speakers] == ["Interviewer", "Amira"]


@pytest.mark.parametrize("held", sorted(SOUND))
@pytest.mark.parametrize("named", [*sorted(SOUND), "doc", "mp3", "png", "zip", ""])
def test_each_format_under_each_name_is_read_or_refused(held: str, named: str) -> None:
    assert fault(SOUND[held], f"a.{named}".rstrip(".")) == ""


@pytest.mark.parametrize("extension", sorted(SOUND))
def test_a_file_cut_off_anywhere_is_read_or_refused(extension: str) -> None:
    data = SOUND[extension]
    for tenth in range(10):
        assert fault(data[: len(data) * tenth // 10], f"a.{extension}") == ""


@pytest.mark.parametrize("extension", ["docx", "odt", "xlsx"])
def test_an_archive_cut_off_anywhere_is_refused_as_damaged(extension: str) -> None:
    data = SOUND[extension]
    for tenth in range(1, 10):
        with pytest.raises(interviews.TranscriptError) as refused:
            interviews.read_bytes(data[: len(data) * tenth // 10], f"a.{extension}")
        assert refused.value.reason == "damaged"


@pytest.mark.parametrize("extension", ["docx", "odt", "xlsx"])
def test_an_archive_whose_checksum_is_wrong_is_refused_as_damaged(extension: str) -> None:
    stored = archive(
        {entry: zipfile_part(SOUND[extension], entry) for entry in names_in(SOUND[extension])}, stored=True
    )
    place = stored.rindex(b"fint nok")
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(stored[:place] + b"FINT" + stored[place + 4 :], f"a.{extension}")
    assert refused.value.reason == "damaged"


def names_in(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def zipfile_part(data: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(name)


MEDIA = {
    "mp3": b"ID3\x04\x00\x00" + bytes(range(256)) * 20,
    "wav": b"RIFF\x24\x08\x00\x00WAVEfmt " + bytes(range(256)) * 20,
    "mp4": b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 20,
    "m4a": b"\x00\x00\x00\x20ftypM4A " + bytes(range(256)) * 20,
    "ogg": b"OggS\x00\x02" + bytes(range(256)) * 20,
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 20,
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "gif": b"GIF89a" + bytes(range(256)) * 20,
    "exe": b"MZ\x90\x00\x03" + bytes(range(256)) * 20,
    "zip": archive({"a.txt": "Anna: ja"}),
}


@pytest.mark.parametrize("kind", sorted(MEDIA))
@pytest.mark.parametrize("named", ["", *sorted(SOUND)])
def test_recordings_pictures_and_programs_are_refused_whatever_their_name(kind: str, named: str) -> None:
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(MEDIA[kind], f"a.{named or kind}")
    assert refused.value.reason in {"unsupported", "damaged"}


@pytest.mark.parametrize(
    "extension", ["docx", "odt", "xlsx", "pdf", "rtf", "html", "json", "csv", "vtt", "srt"]
)
def test_empty_files_are_refused_as_empty(extension: str) -> None:
    for data in (b"", b" \r\n\t ", b"\xef\xbb\xbf", bytes(100)):
        with pytest.raises(interviews.TranscriptError) as refused:
            interviews.read_bytes(data, f"a.{extension}")
        assert refused.value.reason == "empty"


def test_a_file_of_200_mb_is_refused_by_its_size_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recording.docx"
    with path.open("wb") as file:
        file.truncate(200 * 1024**2)

    def read(*_: object) -> bytes:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Path, "open", read)
    monkeypatch.setattr(Path, "read_bytes", read)
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read(path)
    assert refused.value.reason == "too_large"


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither")
def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    details = {}
    for path in (*sorted(tmp_path.iterdir()), Path("/dev/zero"), tmp_path / ("x" * 300), Path("a\0b.txt")):
        with pytest.raises(interviews.TranscriptError) as refused:
            interviews.read(path)
        assert refused.value.reason == "missing"
        details[path.name[:8]] = refused.value.detail
    assert details == {
        "dangling": "not_opened", "folder.t": "folder", "loop.txt": "not_opened", "pipe.txt": "not_a_file",
        "zero": "not_a_file", "xxxxxxxx": "not_opened", "a\0b.txt": "not_opened",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the administrator may read all")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(SOUND["txt"])
    path.chmod(0)
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read(path)
    assert refused.value.reason == "missing"


@pytest.mark.parametrize(
    "name", ["line\nbreak.txt", "x" * 296 + ".txt", "\u202egnp.txt", "a\tb\x07.txt", "😀.txt"]
)
def test_odd_names_are_told_in_one_readable_line(name: str) -> None:
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(b"", name)
    said = str(refused.value)
    assert refused.value.file == name
    assert said.splitlines() == [said]
    assert len(said) < 250
    assert not set(said) & set("\u202e\x07\t")
    assert interviews.read_bytes(SOUND["txt"], name).name


def test_overlapping_entries_are_refused() -> None:
    kernel = exploding(1)
    first = Entry("word/document.xml", packed=kernel, size=1024**2)
    twin = Entry("word/styles.xml", packed=kernel, size=1024**2, offset=0)
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(raw_archive([first, twin]), "a.docx")
    assert refused.value.detail == "archive_overlap"


def test_a_part_with_more_tags_than_any_transcript_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_guard, "MAX_TAGS", 1_000)
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(sample.docx("<w:p/>" * 2_000), "a.docx")
    assert (refused.value.reason, refused.value.detail) == ("too_large", "too_many_tags")


@pytest.mark.parametrize(
    ("limit", "data", "file", "detail"),
    [
        ("MAX_LINES", b"Anna: ja\n" * 50, "a.txt", "too_many_lines"),
        ("MAX_PARAGRAPHS", b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\nja\n\n" * 50, "a.vtt", "too_many_cues"),
        ("MAX_PARAGRAPHS", sample.docx(sample.word_paragraph("ja") * 50), "a.docx", "too_many_paragraphs"),
        ("MAX_CONTROLS", b"{\\rtf1 Anna: ja" + b"\\par" * 50 + b"}", "a.rtf", "too_many_tags"),
        ("MAX_CELLS", sample.xlsx(sample.sheet_row("Speaker", "Text") * 30), "a.xlsx", "too_many_cells"),
        ("MAX_PARAGRAPHS", sample.xlsx(sample.sheet_row("A", "B") * 50), "a.xlsx", "too_many_paragraphs"),
        ("MAX_CHARACTERS", b"Anna: " + b"ja " * 50, "a.txt", "longer_than"),
        ("MAX_CHARACTERS", b"<p>Anna: " + b"ja " * 50, "a.html", "longer_than"),
        ("MAX_CHARACTERS", b'[{"speaker": "Anna", "text": "' + b"ja " * 50 + b'"}]', "a.json", "longer_than"),
        ("MAX_CHARACTERS", b"Speaker,Text\nAnna," + b"ja " * 50, "a.csv", "longer_than"),
        ("MAX_CHARACTERS", sample.xlsx(sample.sheet_row("Anna", "ja " * 50)), "a.xlsx", "longer_than"),
    ],
)  # fmt: skip
def test_more_than_any_interview_holds_is_refused(
    limit: str, data: bytes, file: str, detail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from interviews.formats import sheets

    monkeypatch.setattr(characters, limit, 40)
    if file.endswith("xlsx"):  # what a child reads does not hear of the changed limit
        monkeypatch.setattr(sheets, "run_bounded", lambda function, *args, **_: function(*args))
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(data, file)
    assert (refused.value.reason, refused.value.detail) == ("too_large", detail)


def test_what_an_error_says_is_known_in_both_languages() -> None:
    from workbench.errors import error_text

    for hostile in QUICK:
        _, error = outcome_of(hostile.make(), hostile.file)
        assert error is None or error_text(error, language="da") != str(error), error.detail
