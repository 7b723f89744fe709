"""`effects STUDY panel` keeps its panel with the study, where `estimate` and `synthetic` find it by name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.workbench.cli.conftest import Run
from workbench.services import panel_files
from workbench.services.studies import create_study, open_study

pytestmark = [
    # Ibis 12 asks duckdb and pandas in a way that their newest versions call old.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
]

RULES = """
unit = "person"
period = "month"
period_unit = "month"
files = ["records.csv"]
treatment = { column = "town", units = ["Aarhus"], start = "2019Q2" }
outcomes = [{ id = "work" }]
"""
DECLARED = """
panel = "quarters.parquet"
outcome = "work"
unit = "person"
time = "period"
treated = "treated"
start = "2019Q2"
"""


@pytest.fixture
def study(tmp_path: Path) -> str:
    return create_study(tmp_path / "s", title="S", actor="anna").reference


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Rules beside records in which work rises by 1 among the treated of Aarhus, and by 0.5 elsewhere."""
    rows = [
        (person, f"2019-{month:02d}", town, number * 0.25 + (month > 3) * (1.0 if town == "Aarhus" else 0.5))
        for number, (person, town) in enumerate(
            [("a", "Aarhus"), ("b", "Aarhus"), ("c", "Odense"), ("d", "Odense")]
        )
        for month in range(1, 7)
    ]
    frame = pd.DataFrame(rows, columns=["person", "month", "town", "work"])
    frame["work"] += [0.02 * (place % 3) * (place % 5) for place in range(len(frame))]
    frame.to_csv(tmp_path / "records.csv", index=False)
    path = tmp_path / "quarters.toml"
    path.write_text(RULES, encoding="utf-8")
    return path


def test_a_built_panel_is_named_in_a_declaration(
    run: Run, study: str, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = run("effects", study, "panel", rules, "--label", "Records 2019", "--nature", "invented", "--json")
    assert (built.code, built.json["rows"]) == (0, 8)
    declaration = tmp_path / "did.toml"
    declaration.write_text(DECLARED, encoding="utf-8")
    found = run("effects", study, "estimate", declaration, "--json").json
    means = pd.read_parquet(built.json["path"]).groupby(["treated", "period"])["work"].mean().unstack()
    rise = means["2019Q2"] - means["2019Q1"]
    [row] = found["outcomes"][0]["effect"]["table"]
    assert row["estimate"] == pytest.approx(rise[1] - rise[0])
    assert (found["source"], found["nature"]) == ("Records 2019", "invented")
    monkeypatch.chdir(tmp_path)
    by_name = run("effects", study, "estimate", declaration, "--panel", "quarters.parquet", "--json").json
    assert by_name["outcomes"][0]["effect"]["table"] == found["outcomes"][0]["effect"]["table"]


def test_a_panel_that_is_neither_a_file_nor_of_the_study_is_named(
    run: Run, study: str, tmp_path: Path
) -> None:
    declaration = tmp_path / "did.toml"
    declaration.write_text(DECLARED, encoding="utf-8")
    refused = run("effects", study, "estimate", declaration)
    assert refused.code == 1
    assert "quarters.parquet" in refused.err


def test_rules_that_cannot_be_meant_leave_the_study_as_it_was(run: Run, study: str, rules: Path) -> None:
    rules.write_text(RULES.replace("2019Q2", "2030Q2"), encoding="utf-8")
    refused = run("effects", study, "panel", rules)
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    assert "2030Q2" in refused.err
    assert panel_files.study_panels(open_study(study)) == []
