"""What cannot be done is said in one line on standard error, with exit code 1; wrong usage gives 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workbench.cli.conftest import Run

# {study}, {folder}: filled in by the test. Each names a word that the message must hold.
REFUSED = [
    ("new {study}", "exists already"),
    ("new {folder}/n --scheme nope", "immi"),
    ("new {folder}/n --instrument {folder}/text.bin", "text.bin"),
    ("new {folder}/nowhere/n", "nowhere"),
    ("transcripts {folder}/absent", "workbench new"),
    ("transcripts {folder}", "workbench new"),
    ("check {folder}/text.bin", "not a study file"),
    ("check #team", "WORKBENCH_DATABASE_URL"),
    ("check foo://x#y", "PostgreSQL"),
    ("show {study} nobody", "leder_01"),
    ("import {study} {folder}/leder_01.txt --participants {folder}/text.bin", "csv or xlsx"),
    (
        "import {study} {folder}/leder_01.txt --participants {folder}/names.csv",
        "no column names the interviews",
    ),
    ("export {study} leder_01 -o {folder}/x.pdf", "docx"),
    ("export {study} leder_01 -o {folder}/nowhere/x.txt", "nowhere"),
    ("scheme {study} import {folder}/absent.toml", "absent.toml"),
    ("scheme {study} import {folder}/text.bin", ".toml"),
    ("scheme {study} export {folder}/x.odt", ".toml"),
    ("code {study} add leder_01 0 999 language", "46 characters"),
    ("code {study} add leder_01 9 3 language", "9-3"),
    ("code {study} add leder_01 0 5 nothing/such", "workbench scheme STUDY show"),
    ("code {study} add nobody 0 5 language", "leder_01"),
    ("code {study} add leder_01 0 5 language --weight 4", "0, 1, 2 or 3"),
    ("code {study} import {folder}/names.csv", "transcript is missing"),
    ("code {study} import {folder}/absent.csv", "absent.csv"),
    ("code {study} export {folder}/x.odt", "csv, xlsx, json"),
    ("fip {study} summary", "fip STUDY import FILE"),
    ("fip {study} factors", "fip STUDY import FILE"),
    ("fip {study} import {folder}/text.bin", "csv or xlsx"),
    ("fip {study} import {folder}/names.csv", "map the columns"),
    ("fip {study} import {folder}/names.csv --mapping {folder}/absent.toml", "absent.toml"),
    ("effects {study} import {folder}/text.bin", "csv or xlsx"),
    ("effects {study} import {folder}/names.csv", "names.csv"),
    ("link {study} add language factor:nope --level construct", "factor:b_danish"),
    ("link {study} add language b_danish --level construct", "kind:id"),
    ("link {study} add language factor:b_danish --level near", "construct"),
    ("link {study} add nothing factor:b_danish --level construct", "nothing"),
    ("link {study} crosswalk {folder}/absent.toml", "absent.toml"),
    ("report {study} -o {folder}/nowhere/r.docx", "nowhere"),
    ("report {study} -o {folder}/r.docx --sections zz", "themes"),
    ("report {study} -o {folder}/r.docx --template {folder}/absent.docx", "absent.docx"),
    ("report {study} -o {folder}/r.docx --template {folder}/text.bin", "template"),
    ("undo {study}", "nothing to undo"),
    ("factors {folder}/text.bin", "csv or xlsx"),
    ("factors {folder}/absent.csv", "absent.csv"),
    ("factors {folder}/names.csv", "3 or more"),
    ("factors {folder}/names.csv --columns zz", "'zz'"),
    ("run {folder}/absent", "workbench new"),
    ("demo {folder}/text.bin", "text.bin"),
]

WRONG_USAGE = [
    "bogus",
    "transcripts",
    "import {study}",
    "scheme {study}",
    "new {folder}/n --language fr",
    "triangulate {study} --language fr",
    "triangulate {study} --display nope",
    "report {study}",
    "code {study} add leder_01 a 5 language",
    "undo {study} 0",
    "fip {study} factors --rotation nope",
    "link {study} add language factor:b_danish",
]


def _arguments(line: str, study: Path, folder: Path) -> list[str]:
    return [word.format(study=study, folder=folder) for word in line.split()]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_LANGUAGE", "en")
    (tmp_path / "text.bin").write_bytes(b"\x00\x01\x02")
    (tmp_path / "names.csv").write_text("a,b\nx,y\n", encoding="utf-8")


@pytest.mark.parametrize(("line", "said"), REFUSED, ids=[line for line, _ in REFUSED])
def test_what_cannot_be_done_is_said_in_one_line(
    run: Run, study: Path, tmp_path: Path, line: str, said: str
) -> None:
    done = run(*_arguments(line, study, tmp_path))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("workbench: ")
    assert done.err.count("\n") == 1
    assert said in done.err


@pytest.mark.parametrize("line", WRONG_USAGE)
def test_wrong_usage_gives_code_two(run: Run, study: Path, tmp_path: Path, line: str) -> None:
    done = run(*_arguments(line, study, tmp_path))
    assert (done.code, done.out) == (2, "")
    assert "Usage: workbench" in done.err


def test_a_refused_new_study_leaves_no_file(run: Run, tmp_path: Path) -> None:
    assert run("new", tmp_path / "n", "--scheme", "nope").code == 1
    assert not (tmp_path / "n.workbench").exists()


def test_a_password_in_an_address_is_not_repeated(run: Run) -> None:
    done = run("check", "postgresql://me:secret@127.0.0.1:1/db#s")
    assert done.code == 1
    assert "secret" not in done.err


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_LANGUAGE", "fr")
    done = run("check", "x")
    assert done.code == 1
    assert "WORKBENCH_LANGUAGE" in done.err
