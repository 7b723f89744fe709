"""Panels of register records are files beside the study, with an account of how they came about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from quant.panel_rules import panel_rules
from workbench.cli import effect_panels
from workbench.display import to_frame
from workbench.errors import InvalidRequestError
from workbench.services import panel_tables, panels
from workbench.services.studies import Study, create_study, list_history

pytestmark = [
    # Ibis 12 asks duckdb and pandas in a way that their newest versions call old.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
]

RULES = """
unit = "borger"
period = "maaned"
period_unit = "month"
files = ["udtraek.csv"]
cluster = "kommune"

[treatment]
column = "kommune"
units = ["Aarhus"]
start = "2019Q2"

[[outcomes]]
id = "job"
statistic = "sum"

[[entry]]
id = "Voksne"
where = [{ column = "alder", lowest = 18 }]
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return create_study(tmp_path / "Immi.workbench", title="Immi", language="da", actor="Ida")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    lines = ["borger;maaned;kommune;job;alder"]
    for person, town, age in (("a", "Aarhus", 30), ("b", "Odense", 40), ("c", "Odense", 12)):
        lines += [f"{person};2019-{month:02d};{town};0,5;{age}" for month in range(1, 7)]
    lines += ["b;2019-06;Odense;1;40", ";2019-06;Odense;1;40"]
    (tmp_path / "udtraek.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = tmp_path / "kvartal.toml"
    path.write_text(RULES, encoding="utf-8")
    return path


def test_a_panel_is_a_file_beside_the_study_with_its_account(study: Study, rules: Path) -> None:
    saved = panels.save_panel(study, panels.make_panel(rules), rules, actor="Ida")
    assert Path(saved.path) == rules.parent / "Immi-kvartal.parquet"
    frame = pd.read_parquet(saved.path)
    assert frame[["borger", "period", "job", "treated"]].to_numpy().tolist() == [
        ["a", "2019Q1", 1.5, 1], ["a", "2019Q2", 1.5, 1], ["b", "2019Q1", 1.5, 0], ["b", "2019Q2", 2.0, 0]
    ]  # fmt: skip
    account = json.loads(Path(f"{saved.path}.json").read_text(encoding="utf-8"))
    assert (account["rows"], account["units"]) == (4, 2)
    assert account["findings"] == {"no_key": 1, "repeated_record": 1}
    assert panel_rules(account["rules"]).entry[0].id == "Voksne"
    event = list_history(study)[0]
    assert (event.action, event.actor) == ("panel.build", "Ida")


def test_the_flow_is_said_in_the_language_of_the_study(rules: Path) -> None:
    made = panels.make_panel(rules)
    flow = to_frame(panel_tables.flow_table(made, language="da"))
    assert flow.iloc[:, 0].tolist()[:3] == [
        "Registreringer", "Med en enhed og en læselig periode", "Én for hver enhed og periode"
    ]  # fmt: skip
    assert flow[flow.iloc[:, 0] == "Voksne"].iloc[0].tolist()[1:] == [
        "2",
        "4",
        "1",
        "2",
        "opfylder ikke reglen",
    ]
    found = to_frame(panel_tables.found_table(made, language="en"))
    assert found.iloc[0].tolist() == ["Records without a unit", "1"]


def test_every_stage_reason_and_finding_has_its_words(rules: Path, tmp_path: Path) -> None:
    spells = tmp_path / "spells.toml"
    text = RULES.replace('period = "maaned"', 'begins = "fra"\nends = "til"\nmovers = "exclude"')
    spells.write_text(text.replace("udtraek", "spells"), encoding="utf-8")
    (tmp_path / "spells.csv").write_text(
        "borger;fra;til;kommune;job;alder\n"
        "a;2019-01-01;;Aarhus;1;30\nb;2019-01-01;2019-06-30;Odense;1;40\nb;2019-02-01;2019-03-30;Odense;1;40\n"
        "c;2019-01-02;2019-01-01;Odense;1;40\nc;2019-01-01;2019-01-31;Odense;;40\nd;om lidt;;Odense;1;40\n",
        encoding="utf-8",
    )
    made = panels.make_panel(spells)
    for language in ("da", "en"):
        assert len(panel_tables.flow_table(made, language=language).rows) == len(made.flow)
        assert len(panel_tables.found_table(made, language=language).rows) == 5
    assert dict(made.findings) == {
        "unreadable_period": 1, "open_spell": 1, "empty_spell": 1, "overlapping_spell": 2
    }  # fmt: skip


def test_a_place_that_cannot_be_written_is_refused(study: Study, rules: Path, tmp_path: Path) -> None:
    made = panels.make_panel(rules)
    with pytest.raises(InvalidRequestError, match=r"p\.parquet: panelet kan ikke skrives"):
        panels.save_panel(study, made, rules, actor="Ida", to=tmp_path / "nowhere" / "p.parquet")


def test_the_command_writes_the_panel_and_prints_its_flow(study: Study, rules: Path, tmp_path: Path) -> None:
    app = typer.Typer()

    @app.callback()
    def effects(context: typer.Context, study: Annotated[str, typer.Argument()]) -> None:
        context.obj = study

    effect_panels.register(app)
    output = tmp_path / "p.parquet"
    asked = [study.reference, "panel", str(rules), "-o", str(output)]
    said = CliRunner().invoke(app, [*asked, "--json"])
    assert json.loads(said.stdout)["flow"][-1]["n_rows"] == 4
    assert len(pd.read_parquet(output)) == 4
    shown = CliRunner().invoke(app, [*asked[:3], str(tmp_path / "udtraek.csv"), *asked[3:]])
    assert "Fra udtræk til panel" in shown.output
    assert "4 rækker om 2 enheder" in shown.output
