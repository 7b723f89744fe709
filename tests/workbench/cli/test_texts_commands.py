"""Texts corrected after coding, from the command line: edit, versions, review."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workbench.cli.conftest import SAID, TEXT, Run
from workbench.i18n import set_language

CORRECTED = SAID.replace("Hvordan går det?", "Nå, hvordan går det så?").replace(" for mange", "")


@pytest.fixture
def coded(run: Run, study: Path) -> dict[str, str]:
    """Ids of three codings by their words; the corrected file lies beside the study."""
    (study.parent / "rettet.txt").write_text(CORRECTED, encoding="utf-8")
    ids = {}
    for words in ("Sproget er svært 🌍", "går det", "for mange"):
        start = TEXT.index(words)
        arguments = ("leder_01", start, start + len(words), "language", "--coder", "Bo", "--json")
        ids[words] = run("code", study, "add", *arguments).json["id"]
    return ids


def _edit(run: Run, study: Path, *options: str) -> dict[str, object]:
    arguments = ("edit", study, "leder_01", study.parent / "rettet.txt", "--coder", "Bo", "--json")
    return dict(run(*arguments, *options).json)


def test_a_dry_run_says_what_would_happen_and_stores_nothing(
    run: Run, study: Path, coded: dict[str, str]
) -> None:
    change = _edit(run, study, "--dry-run")
    assert (change["version"], change["stored"]) == (2, False)
    assert change["counts"] == {"kept": 2, "moved": 0, "changed": 0, "lost": 1}
    assert [facts["version"] for facts in run("versions", study, "leder_01", "--json").json] == [1]


def test_a_corrected_file_becomes_a_version_and_each_fate_is_told(
    run: Run, study: Path, coded: dict[str, str]
) -> None:
    change = _edit(run, study)
    assert isinstance(change["fates"], list)
    assert {fate["coding_id"]: (fate["status"], fate["new_quote"]) for fate in change["fates"]} == {
        coded["Sproget er svært 🌍"]: ("kept", "Sproget er svært 🌍"),
        coded["går det"]: ("kept", "går det"),
        coded["for mange"]: ("lost", None),
    }
    assert len(run("code", study, "list", "--json").json) == 2
    assert run("check", study, "--json").json["ok"] is True
    one, two = run("versions", study, "leder_01", "--json").json
    assert (one["current"], two["current"], two["source_name"], two["author"]) == (
        False,
        True,
        "rettet.txt",
        "Bo",
    )
    old = run("versions", study, "leder_01", "--show", 1, "--json").json
    assert (old["text"], len(old["codings"])) == (TEXT, 3)
    assert _edit(run, study)["changed"] is False
    run("undo", study)
    assert len(run("code", study, "list", "--json").json) == 3
    assert run("versions", study, "leder_01", "--json").json[1]["taken_back"] is True


def test_a_lost_coding_is_shown_placed_again_or_let_go(run: Run, study: Path, coded: dict[str, str]) -> None:
    _edit(run, study)
    [waiting] = run("review", study, "--json").json
    assert (waiting["coding_id"], waiting["status"], waiting["old_quote"]) == (
        coded["for mange"],
        "lost",
        "for mange",
    )
    placed = run("review", study, "leder_01", "--place", coded["for mange"], 0, 2, "--json")
    assert (placed.code, placed.json) == (0, [])
    assert {row["quote"] for row in run("code", study, "list", "--json").json} >= {"Nå"}
    run("undo", study)
    assert run("review", study, "--drop", coded["for mange"], "--json").json == []
    assert len(run("code", study, "list", "--json").json) == 2


def test_a_changed_coding_is_accepted(run: Run, study: Path, coded: dict[str, str]) -> None:
    file = study.parent / "rettet.txt"
    file.write_text(SAID.replace("svært", "meget svært"), encoding="utf-8")
    _edit(run, study)
    set_language("en")
    said = run("review", study).out
    assert "Sproget er meget svært 🌍" in said
    assert run("review", study, "--accept", coded["Sproget er svært 🌍"], "--json").json == []


def test_going_back_makes_a_new_version(run: Run, study: Path, coded: dict[str, str]) -> None:
    _edit(run, study)
    assert run("versions", study, "leder_01", "--restore", 1, "--json").json["version"] == 3
    assert len(run("code", study, "list", "--json").json) == 3
    listed = run("versions", study, "leder_01")
    assert listed.code == 0
    assert "restore 1" in listed.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("edit", "leder_01", "nowhere.txt"), 1, "nowhere.txt"),
        (("edit", "nobody", "rettet.txt"), 1, "nobody"),
        (("edit", "leder_01", "empty.txt"), 1, "empty.txt"),
        (("versions", "leder_01", "--show", "9"), 1, "9"),
        (("versions", "leder_01", "--show", "1", "--restore", "1"), 2, "ikke begge"),
        (("review", "--accept", "never"), 1, "never"),
        (("review", "--place", "never", "0", "3"), 1, "never"),
        (("review", "--accept", "x", "--drop", "x"), 1, "x"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    run: Run,
    study: Path,
    coded: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(study.parent)
    (study.parent / "empty.txt").write_bytes(b"")
    command, *rest = arguments
    refused = run(command, study, *rest)
    assert refused.code == code
    assert said in refused.err
    assert "Traceback" not in refused.err
    assert len(run("versions", study, "leder_01", "--json").json) == 1
    assert len(run("code", study, "list", "--json").json) == 3


def test_a_change_late_in_a_long_quotation_is_in_view(run: Run, study: Path) -> None:
    arguments = ("leder_01", 0, len(TEXT), "language", "--coder", "Bo")
    run("code", study, "add", *arguments)
    (study.parent / "rettet.txt").write_text(SAID.replace("for mange", "alt for mange"), encoding="utf-8")
    said = run("edit", study, "leder_01", study.parent / "rettet.txt", "--dry-run", "--coder", "Bo").out
    row = next(line for line in said.splitlines() if line.startswith("changed"))
    assert row.count("for mange") == 2
    assert row.count("alt for mange") == 1
