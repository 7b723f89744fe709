"""Commands that describe the answers: means, progression, agreement, missing, star, limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.numbers_material import answers_csv, numbers_study
from tests.workbench.cli.conftest import Run
from workbench.services import entry


@pytest.fixture
def numbers(tmp_path: Path) -> str:
    return numbers_study(tmp_path).reference


def test_progression_is_a_row_a_question_and_group(run: Run, numbers: str) -> None:
    rows = run("fip", numbers, "progression", "--by", "gender", "--json").json
    assert len(rows) == 44
    assert {"n", "change", "ci_low", "d_z", "rank_biserial", "wilcoxon_p", "suppressed"} <= rows[0].keys()
    assert all(row["improved"] + row["same"] + row["worse"] == row["n"] == 20 for row in rows)
    assert "Rangbiserial" in run("fip", numbers, "progression", "--level", "dimensions").out


def test_agreement_is_of_paired_questions(run: Run, numbers: str) -> None:
    rows = run("fip", numbers, "agreement", "--round", "1", "--json").json
    assert {row["kind"] for row in rows} == {"item", "dimension"}
    assert rows[0]["n"] == 40
    assert "ICC(2,1)" in run("fip", numbers, "agreement").out


def test_missing_tells_items_patterns_and_ends(run: Run, numbers: str) -> None:
    found = run("fip", numbers, "missing", "--json").json
    assert found.keys() == {"items", "questionnaires", "patterns", "mcar", "ends"}
    assert found["patterns"]["citizen"]["monotone"] is True
    assert "problem" in found["mcar"]["citizen"]


def test_small_groups_are_empty_everywhere_until_the_limit_is_lowered(run: Run, numbers: str) -> None:
    run("fip", numbers, "limit", "21")
    for command in ("means", "progression", "agreement"):
        rows = run("fip", numbers, command, "--by", "gender", "--json").json
        assert {row["n"] for row in rows} == {None}
    assert "<21" in run("fip", numbers, "progression", "--by", "gender").out
    assert run("fip", numbers, "means", "--json").json[0]["n"] == 40
    refused = run("fip", numbers, "star", "women", "--by", "gender")
    assert (refused.code, "21" in refused.err) == (1, True)
    run("fip", numbers, "limit", "5")
    assert run("fip", numbers, "star", "women", "--by", "gender", "--json").json["series"][0]["n"] == 20


def test_a_limit_below_one_and_an_unknown_column_are_refused(run: Run, numbers: str) -> None:
    assert run("fip", numbers, "limit", "0").code == 1
    refused = run("fip", numbers, "progression", "--by", "height")
    assert (refused.code, "height" in refused.err) == (1, True)
    assert run("fip", numbers, "progression", "--first", "2", "--last", "7").code == 1


def test_the_columns_chosen_for_one_file_serve_the_next(run: Run, numbers: str, tmp_path: Path) -> None:
    renamed = tmp_path / "next.csv"
    renamed.write_bytes(answers_csv().replace(b"b_health", b"zzz", 1))
    mapping = tmp_path / "columns.json"
    first = run("fip", numbers, "import", renamed, "--json").json["mapping"]
    first["items"]["b_health"] = "zzz"
    import json

    mapping.write_text(json.dumps(first), encoding="utf-8")
    run("fip", numbers, "import", renamed, "--mapping", mapping)
    assert run("fip", numbers, "import", renamed, "--json").json["mapping"]["items"]["b_health"] == "zzz"


def test_a_broken_file_leaves_what_was_there(run: Run, numbers: str, tmp_path: Path) -> None:
    before = run("fip", numbers, "means", "--json").json
    broken = tmp_path / "broken.sav"
    broken.write_bytes(b"$FL2nothing")
    refused = run("fip", numbers, "import", broken)
    assert (refused.code, "broken.sav" in refused.err) == (1, True)
    assert run("fip", numbers, "means", "--json").json == before


def test_every_table_remarks_that_answers_were_mapped(run: Run, tmp_path: Path) -> None:
    study = numbers_study(tmp_path)
    form = entry.TypedForm("K1", "citizen", 1, {"b_health": 2}, variant="faces3")
    entry.save_forms(study, [form], actor="anna")
    for command in ("means", "progression", "agreement", "missing", "factors", "reliability", "indices"):
        shown = " ".join(run("fip", study.reference, command).out.split())
        assert "1 af 161 skemaer er besvaret på en forenklet skala (3 ansigter)" in shown, command


def test_clustered_means_say_how_many_clusters(run: Run, numbers: str) -> None:
    shown = " ".join(run("fip", numbers, "means", "--cluster", "gender").out.split())
    assert "højst 2 grupper" in shown
    assert "grupper" not in run("fip", numbers, "means").out
