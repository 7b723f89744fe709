"""Panels of register records are files beside the study, with an account of how they came about."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Annotated

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from quant.errors import QuantError
from quant.panel_rules import (
    Condition,
    Covariate,
    Entry,
    PanelOutcome,
    PanelRules,
    Subgroup,
    Treatment,
    load_panel_rules,
    panel_rules,
)
from workbench.cli import effect_panels
from workbench.display import to_frame
from workbench.errors import InvalidRequestError
from workbench.i18n import Language
from workbench.jobs import JobCancelledError
from workbench.services import panel_files, panel_tables, panels
from workbench.services.files import GivenFile
from workbench.services.panel_files import StudyPanel
from workbench.services.panel_template import panel_template
from workbench.services.panel_uploads import make_panel_of_uploads
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
    assert Path(saved.path) == rules.parent / "Immi.panels" / "kvartal.parquet"
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


def test_a_built_panel_can_be_chosen_to_estimate_effects_from(study: Study, rules: Path) -> None:
    saved = panels.save_panel(
        study, panels.make_panel(rules), rules, actor="Ida", label="Udtræk 2019", nature="simulated"
    )
    [listed] = panel_files.study_panels(study)
    assert listed == StudyPanel(
        "kvartal.parquet", "kvartal.parquet", "Udtræk 2019", "simulated", saved.sha256, 4, built=True
    )
    opened = panel_files.open_study_panel(study, "kvartal.parquet")
    assert (opened.label, opened.sha256, len(opened.rows)) == ("Udtræk 2019", saved.sha256, 4)
    assert panels.panel_account(study, listed) == saved
    again = panels.save_panel(study, panels.make_panel(rules), rules, actor="Ida")
    assert [panel.sha256 for panel in panel_files.study_panels(study)] == [again.sha256]


def test_an_account_says_what_the_panel_itself_said(study: Study, rules: Path) -> None:
    late = rules.read_text(encoding="utf-8").replace('start = "2019Q2"', 'start = "2019-05-01"')
    rules.write_text(late, encoding="utf-8")
    made = panels.make_panel(rules)
    saved = panels.save_panel(study, made, rules, actor="Ida")
    assert [note["reason"] for note in saved.notes] == ["panel_start_within"]
    for language in ("da", "en"):
        for table in (panel_tables.flow_table, panel_tables.found_table):
            assert table(saved, language=language) == table(made, language=language)


def test_only_panels_built_here_have_an_account(study: Study, rules: Path) -> None:
    given = GivenFile("given.csv", b"person,quarter,work\n1,2019Q1,1\n1,2019Q2,0\n")
    added = panel_files.add_panel(study, given, actor="Ida")
    assert (added.rows, added.built) == (2, False)
    assert panels.panel_account(study, added) is None
    saved = panels.save_panel(study, panels.make_panel(rules), rules, actor="Ida")
    Path(f"{saved.path}.json").unlink()
    assert panels.panel_account(study, panel_files.find_panel(study, "kvartal.parquet")) is None


def test_a_panel_written_elsewhere_is_listed_where_it_is(study: Study, rules: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "out" / "p.parquet"
    elsewhere.parent.mkdir()
    panels.save_panel(study, panels.make_panel(rules), rules, actor="Ida", to=elsewhere)
    [listed] = panel_files.study_panels(study)
    assert (listed.name, Path(listed.path)) == ("p.parquet", elsewhere)
    assert len(panel_files.open_study_panel(study, "p.parquet").rows) == 4


@pytest.mark.postgres
def test_a_panel_built_for_a_study_on_a_server_lies_in_the_folder_of_the_user(
    postgres_url: str, rules: Path, tmp_path: Path
) -> None:
    server = create_study(f"{postgres_url}#immi", title="Immi", language="da", actor="Ida")
    made = panels.make_panel(rules)
    with pytest.raises(InvalidRequestError, match="ligger på en server"):
        panels.save_panel(server, made, rules, actor="Ida")
    assert panel_files.study_panels(server) == []
    home = tmp_path / "home"
    saved = panels.save_panel(server, made, rules, actor="Ida", home=home)
    assert Path(saved.path).is_relative_to(home)
    [listed] = panel_files.study_panels(server)
    assert panels.panel_account(server, listed, home=home) == saved
    assert len(panel_files.open_study_panel(server, "kvartal.parquet", home=home).rows) == 4


def test_building_tells_its_steps_and_can_be_stopped(rules: Path) -> None:
    told: list[tuple[int, int]] = []
    panels.make_panel(rules, on_step=lambda done, total: told.append((done, total)))
    assert told == [(step, 5) for step in range(1, 6)]

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise JobCancelledError

    with pytest.raises(JobCancelledError):
        panels.make_panel(rules, on_step=stop)


def test_uploads_make_the_same_panel_as_paths(rules: Path) -> None:
    given, records = GivenFile.from_path(rules), GivenFile.from_path(rules.parent / "udtraek.csv")
    by_path = panels.make_panel(rules)
    for of in ([records], str(rules.parent / "udtraek.csv"), str(rules.parent / "udtr*.csv")):
        made = make_panel_of_uploads(given, of)
        pd.testing.assert_frame_equal(made.frame, by_path.frame)
        pd.testing.assert_frame_equal(made.flow, by_path.flow)


def test_the_file_of_the_treated_may_be_uploaded_with_the_records_or_lie_beside_them(rules: Path) -> None:
    text = rules.read_text(encoding="utf-8").replace('units = ["Aarhus"]', 'file = "lists/treated.csv"')
    given = GivenFile("kvartal.toml", text.encode())
    treated = GivenFile("treated.csv", b"kommune\nAarhus\n")
    records = GivenFile.from_path(rules.parent / "udtraek.csv")
    made = make_panel_of_uploads(given, [records, treated])
    assert made.frame["treated"].tolist() == [1, 1, 0, 0]
    assert made.rules.treatment.file == "lists/treated.csv"
    with pytest.raises(InvalidRequestError, match=r"lists/treated\.csv; giv også den fil"):
        make_panel_of_uploads(given, [records])
    (rules.parent / "lists").mkdir()
    (rules.parent / "lists" / "treated.csv").write_bytes(treated.content)
    beside = make_panel_of_uploads(given, str(rules.parent / "udtraek.csv"))
    assert beside.frame["treated"].tolist() == [1, 1, 0, 0]


def test_uploaded_rules_cannot_name_records_beside_themselves(rules: Path) -> None:
    with pytest.raises(InvalidRequestError, match=r"kvartal\.toml nævner udtrækket udtraek\.csv"):
        make_panel_of_uploads(GivenFile.from_path(rules))
    whole = rules.read_text(encoding="utf-8").replace("udtraek.csv", str(rules.parent / "udtraek.csv"))
    assert len(make_panel_of_uploads(GivenFile("kvartal.toml", whole.encode())).frame) == 4
    nowhere = str(rules.parent / "nowhere.csv")
    with pytest.raises(QuantError, match="no such file"):
        make_panel_of_uploads(GivenFile.from_path(rules), nowhere)


RULE_KINDS = (PanelRules, Treatment, PanelOutcome, Subgroup, Covariate, Entry, Condition)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_template_has_every_rule_and_can_be_used_as_it_stands(language: Language) -> None:
    template = panel_template(language=language)
    rules = load_panel_rules(template.content, template.name)
    assert (rules.unit, rules.treatment.start, rules.outcomes[0].codes) == (
        "person",
        "2019Q1",
        ("111", "112"),
    )
    text = template.content.decode()
    tables = {"treatment", "outcomes", "subgroups", "covariates", "entry"}
    for kind in RULE_KINDS:
        for each in fields(kind):
            assert each.name in tables or re.search(rf"^(# )?{each.name} = .+  # \w", text, re.MULTILINE)


def test_every_line_of_the_template_may_be_taken_into_use() -> None:
    text = panel_template(language="en").content.decode()
    wanted = text[: text.index("# What may stand")].replace("# [[", "[[")
    for name in ("where = ", "id = ", "how = ", "kind = ", "min_records = ", "order = ", "partial = "):
        wanted = wanted.replace(f"\n# {name}", f"\n{name}")
    rules = load_panel_rules(wanted.encode(), "all.toml")
    assert rules.entry[0].id == "working_age"
    assert rules.covariates[0].how == "first"
    assert rules.subgroups[0].where[0].age


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


def test_a_reason_stands_only_where_something_was_lost(rules: Path) -> None:
    flow = panel_tables.flow_table(panels.make_panel(rules), language="en")
    lost = {row[0]: row[-1] for row in flow.rows if row[-1] is not None}
    assert lost == {
        "With a unit and a readable period": "no unit or no readable period",
        "One a unit and period": "several records of one unit and period",
        "Voksne": "do not meet the rule",
    }


def test_the_first_rows_are_written_as_in_the_language(rules: Path) -> None:
    frame = to_frame(panel_tables.first_rows_table(panels.make_panel(rules), language="da", rows=3))
    assert frame.columns.tolist() == ["borger", "period", "job", "treated", "start", "kommune"]
    assert frame.to_numpy().tolist() == [
        ["a", "2019Q1", "1,500", "1", "2019Q2", "Aarhus"],
        ["a", "2019Q2", "1,500", "1", "2019Q2", "Aarhus"],
        ["b", "2019Q1", "1,500", "0", "–", "Odense"],
    ]


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
    listed = CliRunner().invoke(app, [study.reference, "panels"])
    assert "p.parquet" in listed.output
    assert "dannet af et udtræk" in listed.output
    [entry] = json.loads(CliRunner().invoke(app, [study.reference, "panels", "--json"]).stdout)
    assert (entry["name"], entry["rows"], entry["built"]) == ("p.parquet", 4, True)


def test_the_command_writes_a_template_of_rules(study: Study, tmp_path: Path) -> None:
    app = typer.Typer()

    @app.callback()
    def effects(context: typer.Context, study: Annotated[str, typer.Argument()]) -> None:
        context.obj = study

    effect_panels.register(app)
    file = tmp_path / "rules.toml"
    said = CliRunner().invoke(app, [study.reference, "panel-template", "-o", str(file)])
    assert said.stdout.strip() == str(file)
    assert load_panel_rules(file).unit == "person"
    assert "kolonnen med den, registreringen handler om" in file.read_text(encoding="utf-8")
