"""A batch with hostile files: each gets its own line in the report, and the sound ones are stored."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.interviews.hostile_files import HOSTILE
from tests.interviews.sample_files import sound_files
from workbench.services.files import GivenFile, OfferedFile, transcript_file
from workbench.services.importing import import_transcripts
from workbench.services.studies import create_study, open_study
from workbench.services.transcripts import list_transcripts

CHOSEN = ("flat bomb", "billion laughs", "no document", "password", "200,000 deep", "one name twice")


def test_the_rest_of_a_batch_is_imported(study_reference: str) -> None:
    create_study(study_reference, actor="Anna")
    study = open_study(study_reference)
    hostile = [
        one for one in HOSTILE if one.outcome == "refused" and any(word in one.name for word in CHOSEN)
    ]
    files = [GivenFile(f"{n:02} {one.file}", one.make()) for n, one in enumerate(hostile)]
    sound = sound_files()
    names = ("docx", "txt", "vtt", "srt")
    for place, extension in enumerate(names):
        files.insert(
            place * 5,
            GivenFile(f"sound {place}.{extension}", sound[extension].replace(b"Hvem", b"Hvem" * (place + 1))),
        )
    report = import_transcripts(study, files, actor="Anna", changed="new")
    status = {line.file_name: line.status for line in report}
    assert [name for name, became in status.items() if became == "imported"] == [
        f"sound {place}.{extension}" for place, extension in enumerate(names)
    ]
    failed = [line for line in report if line.status == "failed"]
    assert len(failed) == len(hostile) > 10
    assert all(line.message.startswith(line.file_name) and "\n" not in line.message for line in failed)
    assert len(list_transcripts(study)) == len(names)


def test_a_large_file_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "recording.docx"
    with path.open("wb") as file:
        file.truncate(200 * 1024**2)

    def read(*_: object) -> bytes:
        raise AssertionError("the file was read")

    study_path = tmp_path / "a.workbench"
    create_study(study_path, actor="Anna")
    study = open_study(study_path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", read)
        patched.setattr(Path, "open", read)
        offered = OfferedFile("upload.docx", 200 * 1024**2, read)
        report = import_transcripts(study, [path, offered], actor="Anna")
    assert [line.status for line in report] == ["failed", "failed"]
    assert all("200 MB" in line.message for line in report)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_in_a_folder_of_transcripts_does_not_stop_the_import(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    create_study(tmp_path / "a.workbench", actor="Anna")
    study = open_study(tmp_path / "a.workbench")
    (tmp_path / "sound.txt").write_bytes(sound_files()["txt"])
    report = import_transcripts(study, [tmp_path / "pipe.txt", tmp_path / "sound.txt"], actor="Anna")
    assert [line.status for line in report] == ["failed", "imported"]
    assert transcript_file(tmp_path / "sound.txt").content == sound_files()["txt"]
