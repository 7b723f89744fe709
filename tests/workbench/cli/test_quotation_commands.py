"""The commands locate, segments and questions."""

from __future__ import annotations

from pathlib import Path

from tests.workbench.cli.conftest import Run

QUOTE = "Sproget er svært [...] mange"


def test_locate_names_the_place(run: Run, study: Path) -> None:
    outcome = run("locate", study, "Sproget er svært for mange", "--json")
    assert outcome.code == 0
    (found,) = outcome.json
    assert found["state"] == "found"
    assert found["places"][0]["transcript"] == "leder_01"
    assert found["places"][0]["words"] == "Sproget er svært 🌍 for mange"


def test_locate_leaves_with_one_where_a_quotation_is_nowhere(run: Run, study: Path) -> None:
    outcome = run("locate", study, "Noget helt andet om fisk og fugle", "--json")
    assert outcome.code == 1
    assert outcome.json[0]["state"] == "missing"


def test_locate_takes_quotations_of_a_file_and_codes_them(run: Run, study: Path, tmp_path: Path) -> None:
    file = tmp_path / "citater.csv"
    file.write_text("citat\nSproget er svært for mange\n", encoding="utf-8")
    outcome = run(
        "locate", study, "--file", file, "--code", "language/lack_of_danish", "--coder", "Ida", "--json"
    )
    assert outcome.json["coded"] == 1
    (coded,) = run("code", study, "list", "--json").json
    assert (coded["coder"], coded["quote"]) == ("Ida", "Sproget er svært 🌍 for mange")


def test_locate_without_anything_to_find_says_so(run: Run, study: Path) -> None:
    outcome = run("locate", study)
    assert outcome.code == 1
    assert "--file" in outcome.err


def test_segments_are_listed_changed_and_taken_back(run: Run, study: Path) -> None:
    listed = run("segments", study, "leder_01", "--json").json
    assert [(each["number"], each["status"]) for each in listed] == [(1, "verbatim"), (2, "verbatim")]
    changed = run(
        "segments", study, 1, "--turns", "2", "--status", "interpreted", "--speaks-for", "Leder", "--json"
    ).json
    assert [(each["number"], each["status"], each["speaks_for"]) for each in changed] == [
        (2, "interpreted", "Leder")
    ]
    turns = run("show", study, 1, "--json").json["turns"]
    assert [(turn["status"], turn["speaks_for"]) for turn in turns] == [
        ("verbatim", None),
        ("interpreted", "Leder"),
    ]
    assert run("undo", study).code == 0
    assert run("segments", study, 1, "--json").json[1]["status"] == "verbatim"


def test_wrong_turns_and_statuses_are_refused_in_words(run: Run, study: Path) -> None:
    for arguments in (("--turns", "9", "--status", "notes"), ("--turns", "x"), ("--status", "hearsay")):
        outcome = run("segments", study, 1, *arguments)
        assert outcome.code == 1
        assert outcome.err.startswith("workbench: ")


def test_questions_are_listed_and_their_answers_coded(run: Run, study: Path) -> None:
    # The two words of the only question are too few for a question of the guide.
    assert run("questions", study, "--json").json == []
    outcome = run("questions", study, "--code", "1", "language/lack_of_danish")
    assert outcome.code == 1
    assert "questions" in outcome.err
