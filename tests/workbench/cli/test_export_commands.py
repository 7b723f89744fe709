"""Transcripts as files and back on the command line: `export`, and `import` of what it wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.cli import main

SAID = "Interviewer: Hvordan går det?\nLeder: Sproget er svært.\n"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Exit code and output of a command."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return int(left.value.code or 0), capsys.readouterr().out


@pytest.fixture
def study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A study with one interview that two have coded."""
    path = tmp_path / "s.workbench"
    (tmp_path / "leder_01.txt").write_text(SAID, encoding="utf-8")
    for command in (
        ("new", path, "--scheme", "immi", "--language", "en"),
        ("import", path, tmp_path / "leder_01.txt", "--coder", "Ida"),
        ("code", path, "add", "leder_01", 17, 24, "language", "--coder", "Ida", "--weight", 2),
        ("code", path, "add", "leder_01", 20, 33, "health", "--coder", "Bo", "--memo", "Husk"),
    ):
        assert run(capsys, *command)[0] == 0, command
    return path


def test_a_transcript_goes_out_and_comes_back_to_another_study(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "o.workbench"
    run(capsys, "new", other, "--scheme", "immi", "--language", "en")
    for ending in ("docx", "html"):
        file = tmp_path / f"out.{ending}"
        assert run(capsys, "export", study, "leder_01", "-o", file)[0] == 0
        code, out = run(capsys, "import", study, file, "--json")
        [line] = json.loads(out)
        assert (code, line["status"], line["name"]) == (0, "returned", "leder_01")
        assert (line["returned"]["same"], line["returned"]["added"]) == (2, 0)
        code, out = run(capsys, "import", other, file)
        assert (code, out) == (
            (0, "out.docx -> out: 2 new codings\n")
            if ending == "docx"
            else (0, "out.html -> out: 2 codings are unchanged\n")
        )
    keys = ("start", "end", "quote", "code", "coder", "weight", "memo")
    listed = [json.loads(run(capsys, "code", each, "list", "--json")[1]) for each in (study, other)]
    assert [[one[key] for key in keys] for one in listed[0]] == [
        [one[key] for key in keys] for one in listed[1]
    ]


def test_options_choose_what_goes_into_the_file(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.html"
    for options, marks in (((), 3), (("--plain",), 0), (("--coder", "Bo"), 1), (("--code", "language"), 1)):
        assert run(capsys, "export", study, "1", "-o", file, *options)[0] == 0
        assert file.read_text(encoding="utf-8").count("<mark ") == marks, options
    assert run(capsys, "export", study, "1", "-o", file, "--coder", "Eva")[0] == 1
    assert run(capsys, "export", study, "1")[0] == 2


def test_all_transcripts_go_into_a_folder(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "all"
    code, out = run(capsys, "export", study, "--all", folder, "--format", "html", "--json")
    assert (code, [Path(one["file"]).name for one in json.loads(out)]) == (0, ["leder_01.html"])
    assert run(capsys, "export", study, "--all", folder, "--format", "pdf")[0] == 1


def test_an_exported_file_that_cannot_be_taken_back_stops_no_other(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.html", tmp_path / "bad.html"
    run(capsys, "export", study, "1", "-o", good)
    bad.write_text(good.read_text("utf-8").replace("[language 2 #", "[speech 2 #"), encoding="utf-8")
    code, out = run(capsys, "import", study, bad, good, "--unknown-codes", "refuse", "--json")
    assert (code, [line["status"] for line in json.loads(out)]) == (1, ["failed", "returned"])
    assert run(capsys, "import", study, good, "--unknown-codes", "sometimes")[0] == 2
