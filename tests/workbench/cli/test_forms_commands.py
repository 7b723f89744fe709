"""`workbench fip STUDY instrument | form | stars | enter | undo-entry`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quant import load_instrument
from workbench.cli import app
from workbench.errors import NotFoundError
from workbench.services import surveys
from workbench.services.studies import open_study


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WORKBENCH_CODER", "anna")
    study = str(tmp_path / "study")
    runner = CliRunner()
    assert runner.invoke(app, ["new", study, "--instrument", "fip", "--language", "en"]).exit_code == 0

    def ran(*words: object) -> Result:
        return runner.invoke(app, ["fip", study, *map(str, words)])

    return ran


def test_an_instrument_goes_out_changed_and_in_again(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "own.toml"
    assert run("instrument", "export", file).exit_code == 0
    assert load_instrument(file) == load_instrument("fip")
    file.write_text(
        file.read_text(encoding="utf-8").replace("I am on time.", "I come on time."), encoding="utf-8"
    )
    assert run("instrument", "import", file).exit_code == 0
    shown = json.loads(run("instrument", "show", "--json").stdout)
    assert "I come on time." in [item["wording"]["en"] for item in shown["items"]]


def test_answers_are_typed_in_found_again_and_taken_back(run) -> None:  # type: ignore[no-untyped-def]
    saved = json.loads(run("enter", "K1", "citizen", "7654321.123", "--date", "2020-03-02", "--json").stdout)
    assert (saved["person"], saved["date"], len(saved["values"])) == ("K1", "2020-03-02", 10)
    assert run("enter", "K1", "citizen", "11111111111").exit_code == 1
    assert run("enter", "K2", "citizen", "33322211123", "--variant", "faces3").exit_code == 0
    flow = json.loads(run("summary", "--json").stdout)["flow"]
    assert flow[0] == {"stage": "collected", "round": 1, "citizen": 2, "caseworker": 0}
    assert [form["person"] for form in json.loads(run("undo-entry", "--json").stdout)] == ["K2"]


def test_a_questionnaire_that_would_lose_answers_is_taken_only_with_replace(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    run("enter", "K1", "citizen", "76543211123")
    file = tmp_path / "template.xlsx"
    assert run("instrument", "template", file).exit_code == 0
    assert run("instrument", "import", file).exit_code == 1
    change = json.loads(run("instrument", "import", file, "--replace", "--json").stdout)
    assert (change["answers"], change["kept"]) == (11, 0)


def test_forms_and_stars_are_written(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    form, star, filled = (tmp_path / f"{name}.docx" for name in ("form", "star", "filled"))
    run("enter", "K1", "citizen", "76543211123")
    assert run("form", "-o", form, "--variant", "faces5", "--respondent", "citizen").exit_code == 0
    assert run("form", "-o", star, "--kind", "star", "--wording", "da").exit_code == 0
    assert run("stars", "-o", filled, "--person", "K1").exit_code == 0
    assert all(path.read_bytes().startswith(b"PK") for path in (form, star, filled))


def test_instrument_update_takes_the_shipped_version_once(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    shipped = load_instrument("fip")
    first = replace(shipped.items[0], wording={"en": "Earlier."})
    study = open_study(tmp_path / "study")
    surveys.set_instrument(study, replace(shipped, items=(first, *shipped.items[1:])), actor="anna")
    changed = run("instrument", "update", "--json")
    assert json.loads(changed.stdout)["items_reworded"] == [first.id]
    refused = run("instrument", "update")
    assert isinstance(refused.exception, NotFoundError)
    assert "no newer version" in str(refused.exception)
