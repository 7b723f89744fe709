"""Commands about outcomes and regressions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.workbench.cli.conftest import Run
from tests.workbench.services.regression_material import (
    ITEM,
    RULES,
    answers_and_register,
    study_with_outcomes,
)


@pytest.fixture
def filled(tmp_path: Path) -> str:
    return study_with_outcomes(tmp_path).reference


def test_fip_outcomes_makes_them_of_an_extract_and_lists_them(run: Run, filled: str, tmp_path: Path) -> None:
    register, rules = tmp_path / "again.csv", tmp_path / "rules.toml"
    register.write_bytes(answers_and_register()[1])
    rules.write_bytes(RULES)
    made = run("fip", filled, "outcomes", register, "--rules", rules, "--round", "1", "--json")
    assert made.code == 0
    assert {source["file_name"] for source in made.json["sources"]} == {"register.csv", "again.csv"}
    assert made.json["outcomes"][0].keys() == {"subject", "key", "period", "outcome", "value", "n"}
    assert "Gennemsnit over 6 måneder" in run("fip", filled, "outcomes").out.replace("\n", " ")


def test_fip_regress_gives_models_estimates_and_diagnostics(run: Run, filled: str, tmp_path: Path) -> None:
    spec = tmp_path / "spec.toml"
    spec.write_text(
        f'outcomes = ["employed"]\npredictors = ["{ITEM}"]\nabsorb = "caseworker"\nerrors = "robust"\n'
        'controls = ["age", {column = "gender", reference = "men"}]\nmodels = "joint"\n',
        encoding="utf-8",
    )
    found = run("fip", filled, "regress", spec, "--keep", "Tabel", "--json").json
    [model] = found["models"]
    assert (model["n"], model["n_groups"], model["vcov"]) == (89, 9, "robust")
    assert [row["term"] for row in found["estimates"]] == ["level", "change"]
    assert run("effects", filled, "list", "--json").json[0]["n"] == 89
    shown = run("fip", filled, "regress", spec).out
    assert "Justeret R²" in shown


def test_regress_of_a_file_needs_no_study(run: Run, tmp_path: Path) -> None:
    data, spec = tmp_path / "data.csv", tmp_path / "spec.json"
    data.write_text("y,x,g\n1,1,a\n2,2,a\n2,3,b\n5,4,b\n4,6,b\n", encoding="utf-8")
    spec.write_text(json.dumps({"formula": "y ~ x + C(g)"}), encoding="utf-8")
    found = run("regress", data, spec, "--json").json
    assert [row["term"] for row in found["models"][0]["table"]] == ["Intercept", "C(g)[b]", "x"]


def test_what_cannot_be_met_leaves_with_one_line(run: Run, filled: str, tmp_path: Path) -> None:
    spec = tmp_path / "spec.toml"
    spec.write_text("outcomes = [", encoding="utf-8")
    refused = run("fip", filled, "regress", spec)
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "spec.toml" in refused.err
    assert run("regress", tmp_path / "none.csv", spec).code == 1


def test_a_saved_run_is_listed_and_printed_in_the_report_and_let_go(
    run: Run, filled: str, tmp_path: Path
) -> None:
    spec = tmp_path / "spec.toml"
    spec.write_text(f'outcomes = ["employed"]\npredictors = ["{ITEM}"]\n', encoding="utf-8")
    found = run("fip", filled, "regress", spec, "--save", "Tabel 4", "--false-discovery", "--json").json
    assert found["spec"]["false_discovery"] is True
    run("fip", filled, "regress", spec)
    listed = run("fip", filled, "analyses", "--json").json
    kept = sorted(listed, key=lambda each: each["title"])  # both of one second
    assert [(each["kind"], each["title"], each["stale"]) for each in kept] == [
        ("regression", "", False),
        ("regression", "Tabel 4", False),
    ]
    assert kept[1]["spec"]["predictors"] == [ITEM]
    assert "(senest kørt)" in run("fip", filled, "analyses").out
    left = run("fip", filled, "analyses", "--remove", "Tabel 4", "--json").json
    assert [each["title"] for each in left] == [""]
    refused = run("fip", filled, "analyses", "--remove", "Tabel 4")
    assert (refused.code, "Tabel 4" in refused.err) == (1, True)


def test_the_number_of_draws_is_chosen_and_said(run: Run, filled: str, tmp_path: Path) -> None:
    spec = tmp_path / "spec.toml"
    spec.write_text(
        f'outcomes = ["employed"]\npredictors = ["{ITEM}"]\nerrors = "cluster"\ncluster = "age"\n'
        'bootstrap = true\nmodels = "joint"\n',
        encoding="utf-8",
    )
    shown = run("fip", filled, "regress", spec, "--draws", "199").out
    assert "199 trækninger" in " ".join(shown.split())
    assert run("fip", filled, "regress", spec, "--draws", "5").code == 2
    spec.write_text(f"{spec.read_text(encoding='utf-8')}draws = 5\n", encoding="utf-8")
    assert "99" in run("fip", filled, "regress", spec).err


def test_an_index_of_chosen_items_is_kept_and_used_by_its_name(run: Run, filled: str) -> None:
    made = run("fip", filled, "indices", "--items", f"{ITEM},b_health", "--name", "Klar", "--json").json
    assert made[0].keys() == {"person", "round", "factor", "value", "n_items"}
    assert {row["factor"] for row in made} == {"Klar"}
    shown = " ".join(run("fip", filled, "indices", "--solution", "own").out.split())
    assert "Klar: gennemsnit af" in shown
    changed = run("fip", filled, "changes", "--solution", "own", "--json").json["changes"]
    assert len(changed) == 90
    assert run("fip", filled, "indices", "--name", "Klar").code == 2
    assert run("fip", filled, "indices", "--items", "b_hope", "--name", "Håb").code == 1
    assert run("fip", filled, "analyses", "--remove", "Klar").code == 0
    refused = run("fip", filled, "indices", "--solution", "own")
    assert (refused.code, "ingen egne indeks" in refused.err) == (1, True)
