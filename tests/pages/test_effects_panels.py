"""The panels of a study on the effects page: listed, added, built of register records, taken off."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from quant.effect_specs import effect_spec
from workbench.i18n import set_language
from workbench.services import effect_runs, panel_files, panels
from workbench.services.files import GivenFile
from workbench.services.panel_template import panel_template
from workbench.services.studies import Study, create_study

from .numbers_material import page_texts, run_page

pytestmark = [
    # Ibis 12 asks duckdb and pandas in a way that their newest versions call old.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
]

KEY = "page.effects.panel"
BUILD = f"{KEY}.build"
RULES = b"""
unit = "person"
period = "month"
period_unit = "month"

[treatment]
column = "town"
units = ["Aarhus"]
start = "2019-05"

[[outcomes]]
id = "work"
statistic = "sum"
"""
PANEL = b"person,quarter,treated,work\na,2019Q1,1,0\na,2019Q2,1,1\nb,2019Q1,0,0\nb,2019Q2,0,0\n"
WIDER = GivenFile(
    "wider.csv",
    b"person,quarter,treated,work\na,2019Q1,1,0\na,2019Q2,1,1\nb,2019Q1,0,0\nb,2019Q2,0,0.5\n"
    b"c,2019Q1,1,0\nc,2019Q2,1,2\nd,2019Q1,0,1\nd,2019Q2,0,1\n",
)


def records(*, months: int = 6) -> bytes:
    """Two persons in two towns, a record a month; one record lacks the person."""
    lines = ["person,month,town,work", ",2019-01,Odense,1"]
    for person, town in (("a", "Aarhus"), ("b", "Odense")):
        lines += [f"{person},2019-{month:02d},{town},{int(month > 3)}" for month in range(1, months + 1)]
    return "\n".join(lines).encode()


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return create_study(tmp_path / "Register", title="Register", language="da", actor="anna")


def open_panels(study: Study, *, language: str = "da") -> AppTest:
    app = run_page("effects", study, language=language)
    app.session_state["page.effects.part"] = "panels"
    app.run()
    assert not app.exception
    return app


def give(app: AppTest, rules: bytes = RULES, data: bytes | None = None, *, number: int = 0) -> AppTest:
    app.file_uploader(key=f"{BUILD}.rules.{number}").upload("quarters.toml", rules, "application/toml").run()
    if data is not None:
        app.file_uploader(key=f"{BUILD}.records.{number}").upload("records.csv", data, "text/csv").run()
    return app


def build(app: AppTest) -> AppTest:
    """Press the button and wait for the work, which goes on outside the run of the page."""
    app.button(key=f"{BUILD}.start").click().run()
    if f"{BUILD}.job" in app.session_state:
        app.session_state[f"{BUILD}.job"].wait(60)
        app.run()
    assert not app.exception
    return app


def test_a_study_without_panels_says_so_and_has_both_ways_to_one(study: Study) -> None:
    app = open_panels(study)
    assert app.info[0].value.startswith("Studiet har ingen paneler endnu.")
    assert [part.label for part in app.expander] == ["Tilføj en fil", "Dan et panel af et registerudtræk"]
    assert app.button(key=f"{BUILD}.start").disabled


def test_a_file_is_added_and_listed_with_rows_and_nature(study: Study) -> None:
    app = open_panels(study)
    app.file_uploader(key=f"{KEY}.panels.file.0").upload("given.csv", PANEL, "text/csv").run()
    app.text_input(key=f"{KEY}.panels.label.0").set_value("Author 2020").run()
    app.button_group(key=f"{KEY}.panels.nature.0").set_value("invented").run()
    app.button(key=f"{KEY}.panels.add").click().run()
    assert not app.exception
    [added] = panel_files.study_panels(study)
    assert (added.name, added.label, added.nature, added.rows) == ("given.csv", "Author 2020", "invented", 4)
    texts = page_texts(app)
    assert "**given.csv**  \nAuthor 2020  \n4 rækker · opdigtet · fil" in texts


def test_a_panel_is_built_looked_at_and_only_then_saved(study: Study) -> None:
    app = build(give(open_panels(study), data=records()))
    texts = page_texts(app)
    assert "##### Panelet er dannet, men ikke gemt endnu" in texts
    assert "4 rækker om 2 enheder efter reglerne i quarters.toml" in texts
    for part in ("Fra udtræk til panel", "Fundet i udtrækket", "Registreringer uden enhed"):
        assert part in texts
    assert "2019-05" in texts  # the note on a start inside a quarter
    assert "Panelets første rækker" in texts
    assert panel_files.study_panels(study) == []
    app.text_input(key=f"{BUILD}.label").set_value("Udtræk, juni 2019").run()
    app.button_group(key=f"{BUILD}.nature").set_value("simulated").run()
    app.button(key=f"{BUILD}.save").click().run()
    assert not app.exception
    [listed] = panel_files.study_panels(study)
    assert (listed.name, listed.label) == ("quarters.parquet", "Udtræk, juni 2019")
    assert (listed.nature, listed.rows, listed.built) == ("simulated", 4, True)
    frame = pd.read_parquet(panel_files.panel_folder(study) / "quarters.parquet")
    assert frame["treated"].tolist() == [1, 1, 0, 0]
    after = page_texts(app)
    assert "ikke gemt endnu" not in after
    assert "4 rækker · simuleret · dannet af et udtræk" in after
    assert "Fra udtræk til panel" in after  # its account


def test_the_rules_of_a_built_panel_are_shown_without_what_they_leave_open(study: Study) -> None:
    app = build(give(open_panels(study), data=records()))
    app.button(key=f"{BUILD}.save").click().run()
    shown = json.loads(app.code[0].value)
    assert shown["treatment"] == {"column": "town", "units": ["Aarhus"], "start": "2019-05"}
    assert "files" not in shown


def test_a_built_panel_can_be_chosen_for_difference_in_differences(study: Study) -> None:
    app = build(give(open_panels(study), data=records()))
    app.button(key=f"{BUILD}.save").click().run()
    app.button_group(key="page.effects.part").set_value("did").run()
    assert not app.exception
    assert app.selectbox(key=f"{KEY}.did.name").value == "quarters.parquet"
    app.button(key=f"{KEY}.did.manage").click().run()
    assert not app.exception
    assert app.session_state["page.effects.part"] == "panels"


def test_records_may_be_a_path_on_this_computer(study: Study, tmp_path: Path) -> None:
    folder = tmp_path / "register"
    folder.mkdir()
    (folder / "all.csv").write_bytes(records())
    app = give(open_panels(study))
    app.text_input(key=f"{BUILD}.path.0").set_value(f'"{folder}"').run()
    assert "4 rækker om 2 enheder" in page_texts(build(app))


def test_what_cannot_be_built_is_said_and_nothing_given_is_lost(study: Study) -> None:
    app = build(give(open_panels(study), RULES.replace(b"sum", b"median"), records()))
    [error] = app.error
    assert "median" in error.value
    assert "mean" in error.value
    assert app.file_uploader(key=f"{BUILD}.records.0").value[0].name == "records.csv"
    app.file_uploader(key=f"{BUILD}.rules.0").upload("quarters.toml", RULES, "application/toml").run()
    build(app)
    assert not app.error
    assert "4 rækker om 2 enheder" in page_texts(app)


def test_rules_without_records_say_what_to_give(study: Study) -> None:
    app = build(give(open_panels(study)))
    assert (
        app.error[0].value
        == "quarters.toml siger ikke, hvor udtrækket ligger; giv det som filer eller som en sti"
    )
    assert panel_files.study_panels(study) == []


def test_a_panel_may_be_discarded(study: Study) -> None:
    app = build(give(open_panels(study), data=records()))
    app.button(key=f"{BUILD}.discard").click().run()
    assert not app.exception
    assert "ikke gemt endnu" not in page_texts(app)
    assert panel_files.study_panels(study) == []


def test_a_name_that_is_taken_is_said_to_be_replaced(study: Study) -> None:
    app = build(give(open_panels(study), data=records()))
    app.button(key=f"{BUILD}.save").click().run()
    build(give(app, data=records(months=9), number=1))
    assert "Panelet træder i stedet for det tidligere quarters.parquet." in page_texts(app).replace("\\", "")
    app.text_input(key=f"{BUILD}.name.quarters").set_value("longer").run()
    app.button(key=f"{BUILD}.save").click().run()
    assert [(each.name, each.rows) for each in panel_files.study_panels(study)] == [
        ("quarters.parquet", 4), ("longer.parquet", 6)
    ]  # fmt: skip


def test_results_of_another_panel_are_said_to_be(study: Study) -> None:
    given = GivenFile("given.csv", PANEL)
    panel_files.add_panel(study, given, actor="anna")
    spec = effect_spec(
        {"outcome": "work", "unit": "person", "time": "quarter", "treated": "treated", "start": "2019Q2"}
    )
    found = effect_runs.estimate_effects(effect_runs.open_panel(WIDER), spec)
    effect_runs.keep_findings(study, found, actor="anna")
    app = run_page("effects", study)
    app.session_state["page.effects.part"] = "did"
    app.run()
    assert not app.exception
    assert "Resultaterne herunder er beregnet på wider.csv." in page_texts(app).replace("\\", "")


def test_a_panel_is_taken_off_the_list_and_its_file_stays(study: Study) -> None:
    panel_files.add_panel(study, GivenFile("given.csv", PANEL), actor="anna")
    app = open_panels(study)
    app.button(key=f"{KEY}.remove.given.csv").click().run()
    assert not app.exception
    assert panel_files.study_panels(study) == []
    assert (panel_files.panel_folder(study) / "given.csv").is_file()


def test_an_account_that_is_gone_is_said(study: Study, tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_bytes(records())
    rules = tmp_path / "quarters.toml"
    rules.write_bytes(RULES)
    made = panels.make_panel(rules, records=tmp_path / "records.csv")
    saved = panels.save_panel(study, made, rules, actor="anna")
    Path(f"{saved.path}.json").unlink()
    assert "ligger ikke længere ved siden af det" in page_texts(open_panels(study))


def test_the_page_speaks_english_and_so_does_the_template(study: Study) -> None:
    set_language("en")  # what the test client reads of choices is formatted in its own thread
    app = open_panels(study, language="en")
    assert app.info[0].value.startswith("The study has no panels yet.")
    assert b"# column of whom a record is about" in panel_template(language="en").content
    build(give(app, data=records()))
    assert "From records to panel" in page_texts(app)
