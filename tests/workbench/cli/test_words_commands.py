"""Commands about words: import, transcripts, show, export, scheme, code."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import docx
import pytest

from tests.workbench.cli.conftest import SAID, TEXT, Run
from workbench.services import import_saving


def unboxed(text: str) -> str:
    """A message of wrong usage without the frame that it is drawn in."""
    return " ".join(text.replace("│", " ").split())


def test_new_describes_the_study_it_made(run: Run, tmp_path: Path) -> None:
    facts = run("new", tmp_path / "a", "--title", "Æ", "--language", "en", "--scheme", "immi", "--json").json
    assert facts["reference"] == str(tmp_path / "a.workbench")
    assert {name: facts[name] for name in ("title", "language", "scheme", "instrument", "codings")} == {
        "title": "Æ",
        "language": "en",
        "scheme": "immi",
        "instrument": None,
        "codings": 0,
    }


def test_import_reports_each_file_and_imports_the_rest(run: Run, study: Path, tmp_path: Path) -> None:
    (tmp_path / "borger.txt").write_text("Interviewer: Hej?\nBorger: Goddag.\n", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run(
        "import",
        study,
        tmp_path / "leder_01.txt",
        tmp_path / "empty.txt",
        tmp_path / "absent.txt",
        tmp_path / "borger.txt",
        "--json",
    )
    assert done.code == 1
    assert [line["status"] for line in done.json] == ["same_file", "failed", "failed", "imported"]
    assert len(done.err.splitlines()) == 2
    assert "empty.txt" in done.err
    assert "absent.txt" in done.err


def test_import_takes_a_group_and_a_sheet_of_participants(run: Run, study: Path, tmp_path: Path) -> None:
    (tmp_path / "B7.txt").write_text("Interviewer: Hej?\nAmal: Goddag.\n", encoding="utf-8")
    sheet = tmp_path / "deltagere.csv"
    sheet.write_text("fil;gender;age\nB7;women;34\n", encoding="utf-8")
    options = ("--actor-group", "citizen", "--participants", sheet)
    assert run("import", study, tmp_path / "B7.txt", *options).code == 0
    listed = run("transcripts", study, "--json").json
    assert (listed[1]["actor_group"], listed[1]["attributes"]) == (
        "citizen",
        {"age": "34", "gender": "women"},
    )


def test_comments_become_memos_on_request(run: Run, study: Path, tmp_path: Path) -> None:
    document = docx.Document()
    run_of_words = document.add_paragraph("Borger: ").add_run("Jeg kom med bus hele vejen hertil.")
    document.add_comment(run_of_words, text="Spørg igen.", author="Karen")
    document.save(str(tmp_path / "k.docx"))
    refused = run("import", study, tmp_path / "k.docx", "--comments", "drop")
    assert (refused.code, "keep, memos" in unboxed(refused.err)) == (2, True)
    [line] = run("import", study, tmp_path / "k.docx", "--comments", "memos", "--json").json
    assert (line["status"], line["memos"], line["annotations"]) == ("imported", 1, 1)


def test_transcripts_lists_the_agreed_keys(run: Run, study: Path) -> None:
    [line] = run("transcripts", study, "--json").json
    wanted = {"id", "name", "actor_group", "type", "persons", "turns", "words", "warnings"}
    assert wanted <= line.keys()
    assert (line["name"], line["actor_group"], line["type"]) == ("leder_01", "leader", "individual")
    assert (line["persons"], line["turns"], line["words"], line["warnings"]) == (1, 2, 8, [])


def test_show_gives_text_turns_and_codings(run: Run, study: Path) -> None:
    run("code", study, "add", "leder_01", 17, 34, "language", "--coder", "Ida")
    for reference in ("leder_01", "1"):
        shown = run("show", study, reference, "--json").json
        assert shown["text"] == TEXT
        assert [(turn["start"], turn["end"], turn["speaker"]) for turn in shown["turns"]] == [
            (0, 16, "Interviewer"),
            (17, 46, "Leder"),
        ]
        assert "time_seconds" in shown["turns"][0]
        assert [coding["quote"] for coding in shown["codings"]] == [TEXT[17:34]]


def test_export_writes_the_words_that_came_in(run: Run, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    assert run("export", study, "leder_01", "-o", out, "--json").json["file"] == str(out)
    assert out.read_text(encoding="utf-8").split() == SAID.split()


@pytest.mark.parametrize("suffix", ["toml", "xlsx", "csv", "qdc"])
def test_a_scheme_that_was_exported_comes_back_the_same(
    run: Run, study: Path, tmp_path: Path, suffix: str
) -> None:
    paths = [code["path"] for code in run("scheme", study, "show", "--json").json["codes"]]
    file = tmp_path / f"scheme.{suffix}"
    assert run("scheme", study, "export", file).code == 0
    assert run("new", tmp_path / "other.workbench").code == 0
    added = run("scheme", tmp_path / "other.workbench", "import", file, "--json").json["added"]
    assert added == paths


def test_code_add_stores_the_words_at_its_code_points(run: Run, study: Path) -> None:
    added = run(
        "code",
        study,
        "add",
        "leder_01",
        28,
        35,
        "language",
        "--coder",
        "Ida",
        "--weight",
        2,
        "--memo",
        "Husk",
        "--json",
    ).json
    [listed] = run("code", study, "list", "--json").json
    assert listed == added
    wanted = ("id", "transcript", "start", "end", "quote", "code", "coder", "weight", "memo")
    assert [listed[name] for name in wanted] == [
        added["id"],
        "leder_01",
        28,
        35,
        "svært 🌍",
        "language",
        "Ida",
        2,
        "Husk",
    ]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json"])
def test_codings_that_were_exported_come_back_into_a_copy(
    run: Run, study: Path, tmp_path: Path, suffix: str
) -> None:
    run(
        "code",
        study,
        "add",
        "leder_01",
        28,
        35,
        "language",
        "--coder",
        "Ida",
        "--weight",
        2,
        "--memo",
        "Husk",
    )
    run("code", study, "add", "leder_01", 28, 40, "health", "--coder", "Bo")
    before = run("code", study, "list", "--json").json
    file = tmp_path / f"codings.{suffix}"
    assert run("code", study, "export", file).code == 0
    assert run("undo", study, 2).code == 0
    assert run("code", study, "list", "--json").json == []
    assert run("code", study, "import", file, "--json").json == {"stored": 2}
    after = run("code", study, "list", "--json").json
    assert [coding | {"origin": "hand"} for coding in after] == before
    assert run("code", study, "import", file, "--json").json == {"stored": 0}


def test_a_file_of_codings_with_one_that_does_not_fit_stores_none(
    run: Run, study: Path, tmp_path: Path
) -> None:
    file = tmp_path / "codings.json"
    good = {"transcript": "leder_01", "quote": "Sproget er svært", "code": "language"}
    file.write_text(json.dumps([good, good | {"quote": "Sproget er let"}]), encoding="utf-8")
    done = run("code", study, "import", file)
    assert (done.code, done.out) == (1, "")
    assert "Sproget er let" in done.err
    assert run("code", study, "list", "--json").json == []


def test_history_and_undo_tell_and_take_back_changes(run: Run, study: Path) -> None:
    run("code", study, "add", "leder_01", 0, 5, "language", "--coder", "Ida")
    newest = run("history", study, "--json").json[0]
    assert (newest["actor"], newest["action"], newest["before"]) == ("Ida", "coding.add", None)
    assert newest["after"]["quote"] == "Hvord"
    [undone] = run("undo", study, "--json").json
    assert undone["action"] == "coding.add"
    assert run("code", study, "list", "--json").json == []
    assert run("history", study, "--json").json[0]["kind"] == "undo"
    nothing = run("undo", study)
    assert (nothing.code, nothing.out, nothing.err.count("\n")) == (1, "", 1)


def test_check_counts_what_it_looked_at(run: Run, study: Path) -> None:
    run("code", study, "add", "leder_01", 0, 5, "language")
    report = run("check", study, "--json").json
    assert report == {
        "ok": True,
        "checked": {
            "texts": 1,
            "turns": 2,
            "codings": 1,
            "annotations": 0,
            "links": report["checked"]["links"],
        },
        "problems": [],
    }


def corrected(tmp_path: Path) -> Path:
    """The file of `leder_01` with a word corrected, under its own name in another folder."""
    folder = tmp_path / "corrected"
    folder.mkdir()
    file = folder / "leder_01.txt"
    file.write_text(SAID.replace("for mange", "for mange her"), encoding="utf-8")
    return file


def test_a_changed_file_is_named_with_its_choices_and_left_out(run: Run, study: Path, tmp_path: Path) -> None:
    done = run("import", study, corrected(tmp_path), "--json")
    assert (done.code, [line["status"] for line in done.json]) == (1, ["changed"])
    assert "--changed version" in done.err
    done = run("import", study, tmp_path / "corrected" / "leder_01.txt", "--changed", "skip")
    assert (done.code, done.err) == (0, "")
    assert run("show", study, "leder_01", "--json").json["text"] == TEXT


def test_a_changed_file_may_be_stored_as_an_interview_of_its_own(
    run: Run, study: Path, tmp_path: Path
) -> None:
    [line] = run("import", study, corrected(tmp_path), "--changed", "new", "--json").json
    assert (line["status"], line["name"]) == ("imported", "leder_01 (2)")


def test_a_choice_that_there_is_not_is_wrong_usage(run: Run, study: Path, tmp_path: Path) -> None:
    done = run("import", study, corrected(tmp_path), "--changed", "maybe")
    assert done.code == 2
    assert "version, new, skip" in unboxed(done.err)


def test_ctrl_c_stops_between_two_files_and_the_report_names_the_rest(
    run: Run, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(3)]
    for file in files:
        file.write_text(f"Interviewer: Hej?\nBorger: Goddag, jeg er nummer {file.stem}.\n", encoding="utf-8")
    save, stored = import_saving._stored, []

    def interrupted(*arguments: object) -> object:
        line = save(*arguments)  # type: ignore[arg-type]  # whatever it is given
        stored.append(line)
        os.kill(os.getpid(), signal.SIGINT)
        return line

    monkeypatch.setattr(import_saving, "_stored", interrupted)
    done = run("import", study, *files, "--json")
    assert done.code == 1
    assert [line["status"] for line in done.json] == ["imported", "cancelled", "cancelled"]
    assert len(run("transcripts", study, "--json").json) == 2
