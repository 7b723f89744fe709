"""Commands that check factors and indices."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.numbers_material import numbers_study
from tests.workbench.cli.conftest import Run


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a study with answers of 40 persons."""
    return str(numbers_study(tmp_path_factory.mktemp("factors")).reference)


def test_retention_gives_each_rule_and_its_seed(run: Run, answered: str) -> None:
    found = run("fip", answered, "retention", "--draws", 50, "--seed", 3, "--json").json
    assert {row["rule"] for row in found["suggestions"]} >= {"kaiser", "map_squared"}
    assert (found["parallel"]["components"]["seed"], found["parallel"]["components"]["draws"]) == (3, 50)
    said = run("fip", answered, "retention", "--draws", 50, "--seed", 3).out
    assert "startværdi 3" in " ".join(said.split())


def test_reliability_stands_by_named_factor(run: Run, answered: str) -> None:
    found = run("fip", answered, "reliability", "--json").json
    assert [scale["factor"] for scale in found] == ["b_self_confidence", "b_danish", "b_cooperation"]
    assert found[0]["ci_low"] < found[0]["alpha"] < found[0]["ci_high"]
    assert run("fip", answered, "reliability").code == 0


def test_stability_says_how_many_persons_were_drawn(run: Run, answered: str) -> None:
    found = run("fip", answered, "stability", "--draws", 20, "--json").json
    assert (found["persons"], found["draws"] + found["failed"]) == (40, 20)
    assert len(found["loadings"]) == 33


def test_congruence_with_a_file_of_loadings(run: Run, answered: str, tmp_path: Path) -> None:
    [solution] = run("fip", answered, "factors", "--solution", "citizen", "--json").json
    lines = ["indicator,factor,loading"]
    for row in solution["loadings"]:
        item = row.pop("indicator")
        lines += [f"{item},{factor},{value}" for factor, value in row.items()]
    file = tmp_path / "published.csv"
    file.write_text("\n".join(lines))
    found = run("fip", answered, "congruence", file, "--json").json
    assert all(row["likeness"] == "equal" and row["factor"] == row["match"] for row in found)
    wide = tmp_path / "wide.csv"
    wide.write_text("item;F1\nb_job_importance;0,5\nb_job_belief;0,6\n")
    [first, *_] = run("fip", answered, "congruence", wide, "--json").json
    assert first["match"] in ("F1", None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("indicator,factor,loading\nx,f,0.5\ny,f,0.4\n", "in common"),
        ("indicator,factor,loading\nb_job_belief,f,0.5\nb_job_belief,f,0.4\n", "two loadings"),
        ("item\nb_job_belief\n", "no loadings"),
    ],
)
def test_files_without_usable_loadings_are_refused(
    run: Run, answered: str, tmp_path: Path, content: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_LANGUAGE", "en")
    file = tmp_path / "published.csv"
    file.write_text(content)
    outcome = run("fip", answered, "congruence", file)
    assert outcome.code == 1
    assert said in outcome.err
    assert "published.csv" in outcome.err


def test_invariance_compares_groups_and_refuses_an_unknown_column(run: Run, answered: str) -> None:
    found = run("fip", answered, "invariance", "--by", "gender", "--json").json
    assert {row["group"] for row in found["congruence"]} == {"men", "women"}
    assert (found["models"] is None) == (found["reason"] is not None)
    assert run("fip", answered, "invariance", "--by", "shoe").code == 1


def test_changes_of_chosen_items_and_their_file(run: Run, answered: str, tmp_path: Path) -> None:
    target = tmp_path / "indices.xlsx"
    arguments = ("--index", "health=b_health,s_health", "--min-share", "0.5", "-o", target)
    found = run("fip", answered, "changes", *arguments, "--json").json
    assert len(found["changes"]) == 40
    row = found["changes"][0]
    assert row["change"] == pytest.approx(row["last"] - row["first"])
    assert target.read_bytes()[:2] == b"PK"
    assert run("fip", answered, "changes", "--index", "health").code == 1
    assert run("fip", answered, "changes", "--index", "health=nope").code == 1
    assert run("fip", answered, "changes", "--first", 1, "--last", 9).code == 1


def test_loadings_under_a_cut_off_are_blank_and_decimals_chosen(run: Run, answered: str) -> None:
    wide = run("fip", answered, "factors", "--solution", "citizen", "--decimals", 4, "--cutoff", 0.3).out
    assert "0,3000" not in wide
    assert "Ladninger under 0,30 er udeladt" in " ".join(wide.split())
    polychoric = ("--correlation", "polychoric", "--extraction", "minres", "--n-factors", 1, "--json")
    [found] = run("fip", answered, "factors", "--solution", "citizen", *polychoric).json
    assert (found["correlation"], found["fit"]) == ("polychoric", None)
