"""Effects estimated on the page: the panel, the declaration, the run, and what is kept of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.workbench.services.panel_material import START, TOWNS, panel, panel_file
from workbench.demo.build import Demonstration
from workbench.services import effect_runs, effects, panel_files, synthetic_runs
from workbench.services.studies import Study, create_study, open_study

from .numbers_material import page_texts, run_page

PANEL = "page.effects.panel"
DID = "page.effects.did"
SYNTHETIC = "page.effects.synthetic"
RUN_SECONDS = 60


@pytest.fixture
def empty(tmp_path: Path) -> Study:
    return create_study(tmp_path / "empty", title="Empty", language="da", scheme="immi", actor="anna")


@pytest.fixture
def study(empty: Study) -> Study:
    """A study with one panel, whose columns have names that are guessed."""
    renamed = panel().rename(columns={"town": "kommune", "programme": "treated"})
    panel_files.add_panel(empty, panel_file(frame=renamed), actor="anna", label="Register")
    return empty


def open_part(study: Study, part: str, *, language: str = "da") -> AppTest:
    """The page at a part of it, "did" or "synthetic"."""
    app = run_page("effects", study, language=language)
    app.button_group(key="page.effects.part").set_value(part).run()
    assert not app.exception
    return app


def declaration(app: AppTest, kind: str, name: str) -> Any:
    """A widget of the declaration; its key holds the panel."""
    return next(each for each in getattr(app, kind) if name in str(each.key).split(".")[3:])


def press_run(app: AppTest, key: str) -> AppTest:
    """Press the button that estimates, and wait for the job."""
    app.button(key=f"{key}.run").click().run()
    if f"{key}.job" in app.session_state:
        app.session_state[f"{key}.job"].wait(RUN_SECONDS)
        app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("part", ["did", "synthetic"])
def test_a_study_without_a_panel_asks_for_one(empty: Study, part: str) -> None:
    app = open_part(empty, part)
    assert app.info[0].value.startswith("Effekter estimeres på et panel")
    assert len(app.file_uploader) == 1
    assert app.button(key=f"{PANEL}.{part}.add").disabled
    assert not [each for each in app.button if each.key == f"page.effects.{part}.run"]


def test_an_uploaded_panel_is_added_with_label_and_nature(empty: Study) -> None:
    app = open_part(empty, "did")
    app.file_uploader(key=f"{PANEL}.did.file.0").upload("mine.csv", panel_file().content, "text/csv").run()
    app.text_input(key=f"{PANEL}.did.label.0").set_value("Register 2020").run()
    app.button_group(key=f"{PANEL}.did.nature.0").set_value("simulated").run()
    app.button(key=f"{PANEL}.did.add").click().run()
    assert not app.exception
    [added] = panel_files.study_panels(empty)
    assert (added.name, added.label, added.nature) == ("mine.csv", "Register 2020", "simulated")
    assert app.selectbox(key=f"{PANEL}.did.name").value == "mine.csv"
    assert "112 rækker, 6 kolonner" in page_texts(app)


def test_a_path_to_a_large_file_may_be_given_instead(empty: Study, tmp_path: Path) -> None:
    path = tmp_path / "large.parquet"
    panel().to_parquet(path)
    app = open_part(empty, "did")
    app.text_input(key=f"{PANEL}.did.path.0").set_value(str(path)).run()
    app.button(key=f"{PANEL}.did.add").click().run()
    assert [each.path for each in panel_files.study_panels(empty)] == [str(path.resolve())]


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.csv", b""), ("names.csv", b"a,b\n"), ("bad.xlsx", b"PK\x03\x04 cut off"), ("bad.dta", b"no")],
)
def test_a_file_that_is_no_panel_gives_one_message(empty: Study, name: str, content: bytes) -> None:
    app = open_part(empty, "did")
    app.file_uploader(key=f"{PANEL}.did.file.0").upload(name, content, "text/csv").run()
    app.button(key=f"{PANEL}.did.add").click().run()
    assert not app.exception
    [error] = app.error
    assert name in error.value
    assert panel_files.study_panels(empty) == []


def test_a_panel_is_taken_off_the_list_of_panels(study: Study) -> None:
    app = open_part(study, "did")
    app.button(key=f"{PANEL}.did.manage").click().run()
    assert app.session_state["page.effects.part"] == "panels"
    next(each for each in app.button if str(each.key).endswith(".remove.panel.csv")).click().run()
    assert not app.exception
    assert panel_files.study_panels(study) == []
    app.button_group(key="page.effects.part").set_value("did").run()
    assert app.info[0].value.startswith("Effekter estimeres på et panel")


def test_a_panel_whose_file_is_gone_is_named(study: Study) -> None:
    (panel_files.panel_folder(study) / "panel.csv").unlink()
    app = open_part(study, "did")
    assert "panel.csv" in app.error[0].value
    assert not [each for each in app.button if each.key == f"{DID}.run"]


def test_columns_are_guessed_and_the_run_is_kept(study: Study) -> None:
    app = open_part(study, "did")
    assert declaration(app, "selectbox", "time").value == "year"
    assert declaration(app, "selectbox", "treated").value == "treated"
    assert declaration(app, "selectbox", "cluster").value == "kommune"
    declaration(app, "multiselect", "outcomes").set_value(["work", "pay"]).run()
    declaration(app, "select_slider", "start").set_value(str(START)).run()
    press_run(app, DID)
    [found] = effect_runs.kept_findings(study)
    assert found.spec.outcomes == ("work", "pay")
    assert (found.spec.start, found.spec.cluster, found.title) == ("2016", "kommune", "")
    shown = "\n".join(each.value for each in app.html)
    estimate = found.outcomes[0]["effect"]["table"][0]["estimate"]
    assert f"{estimate:.3f}".replace(".", ",") in shown
    assert "kan ikke fortolkes" in shown
    assert "Grupperne udviklede sig ens før start" in page_texts(app)


def test_the_outcome_chosen_is_shown_with_its_own_gate(study: Study) -> None:
    app = open_part(study, "did")
    declaration(app, "multiselect", "outcomes").set_value(["work", "pay"]).run()
    declaration(app, "select_slider", "start").set_value(str(START)).run()
    press_run(app, DID)
    assert not app.error
    app.button_group(key=f"{DID}.outcome.work.pay").set_value("pay").run()
    assert app.error[0].value.startswith("Kan ikke fortolkes")


def test_every_choice_reaches_the_declaration(study: Study) -> None:
    app = open_part(study, "did")
    declaration(app, "multiselect", "outcomes").set_value(["work"]).run()
    declaration(app, "select_slider", "start").set_value(str(START)).run()
    declaration(app, "multiselect", "subgroups").set_value(["size"]).run()
    declaration(app, "number_input", "gate").set_value(0.1).run()
    declaration(app, "checkbox", "placebos").check().run()
    press_run(app, DID)
    [found] = effect_runs.kept_findings(study)
    assert (found.spec.subgroups, found.spec.gate, found.spec.placebo_starts) == (("size",), 0.1, ("2011",))
    titles = [each.label for each in app.expander]
    assert "Effekter for undergrupper" in titles
    assert "Effekter, hvor der ikke kan være nogen" in titles


def test_an_event_study_shows_each_period_and_no_pooled_effect(study: Study) -> None:
    app = open_part(study, "did")
    declaration(app, "multiselect", "outcomes").set_value(["work"]).run()
    declaration(app, "button_group", "design").set_value("event_study").run()
    declaration(app, "select_slider", "start").set_value(str(START)).run()
    press_run(app, DID)
    [found] = effect_runs.kept_findings(study)
    assert found.spec.design == "event_study"
    assert found.outcomes[0]["effect"] is None
    assert "Effekter efter periode: work" in [each.label for each in app.expander]


def test_staggered_starts_ask_for_the_column_of_starts(empty: Study) -> None:
    frame = panel().rename(columns={"town": "kommune"})
    frame["begins"] = frame["kommune"].map({"Assens": 2014.0, "Greve": 2016.0, "Køge": 2016.0})
    panel_files.add_panel(empty, panel_file(frame=frame.drop(columns="programme")), actor="anna")
    app = open_part(empty, "did")
    declaration(app, "button_group", "design").set_value("staggered").run()
    assert "Vælg" in page_texts(app)
    declaration(app, "multiselect", "outcomes").set_value(["work"]).run()
    declaration(app, "selectbox", "start_column").set_value("begins").run()
    press_run(app, DID)
    [found] = effect_runs.kept_findings(empty)
    assert (found.spec.design, found.spec.start) == ("staggered", "begins")
    assert {row["cohort"] for row in found.outcomes[0]["group_time"]} == {2014, 2016}


def test_what_cannot_be_estimated_gives_one_message_and_keeps_nothing(study: Study) -> None:
    app = open_part(study, "did")
    declaration(app, "multiselect", "outcomes").set_value(["size"]).run()
    press_run(app, DID)
    [error] = app.error
    assert "size" in error.value
    assert effect_runs.kept_findings(study) == []
    declaration(app, "multiselect", "outcomes").set_value(["work"]).run()
    press_run(app, DID)
    assert not [each for each in app.error if "size" in each.value]
    assert len(effect_runs.kept_findings(study)) == 1


def test_a_column_with_too_many_values_is_no_period(empty: Study) -> None:
    frame = pd.concat([panel()] * 5, ignore_index=True)
    frame["number"] = range(len(frame))
    panel_files.add_panel(empty, panel_file(frame=frame), actor="anna")
    app = open_part(empty, "did")
    declaration(app, "selectbox", "time").set_value("number").run()
    assert not app.exception
    assert "number indeholder" in app.error[0].value


def test_effects_are_kept_as_evidence_under_a_name(study: Study) -> None:
    app = open_part(study, "did")
    declaration(app, "multiselect", "outcomes").set_value(["work", "pay"]).run()
    declaration(app, "select_slider", "start").set_value(str(START)).run()
    press_run(app, DID)
    app.text_input(key=f"{DID}.name").set_value("Main").run()
    app.button(key=f"{DID}.keep").click().run()
    assert not app.exception
    [stored] = effects.list_estimates(study)
    assert stored.value.outcome == "work"
    assert {each.title for each in effect_runs.kept_findings(study)} == {"", "Main"}
    app.button_group(key="page.effects.part").set_value("estimates").run()
    assert "Main: difference-in-differences beregnet her; Register" in page_texts(app)


def test_a_kept_run_is_chosen_and_let_go(study: Study) -> None:
    app = press_run(open_part(study, "did"), DID)
    [last] = effect_runs.kept_findings(study)
    effect_runs.keep_findings(study, last, actor="anna", title="Kapitel 5")
    app.run()
    chosen = app.selectbox(key=f"{DID}.kept.2")
    assert list(chosen.options) == ["Den seneste", "Kapitel 5"]
    chosen.set_value("Kapitel 5").run()
    app.button(key=f"{DID}.let_go.Kapitel 5").click().run()
    assert not app.exception
    assert [each.title for each in effect_runs.kept_findings(study)] == [""]


def test_only_the_donors_of_a_kept_synthetic_control_are_compared_with(study: Study) -> None:
    app = open_part(study, "synthetic")
    declaration(app, "multiselect", "treated_units").set_value([TOWNS[0]]).run()
    declaration(app, "multiselect", "exclude").set_value(list(TOWNS[1:3])).run()
    press_run(app, SYNTHETIC)
    [made] = synthetic_runs.kept_synthetic(study)
    synthetic_runs.keep_synthetic(study, made, actor="anna", title="Assens")
    app = open_part(study, "did")
    declaration(app, "selectbox", "controls").set_value("Assens").run()
    press_run(app, DID)
    [found] = effect_runs.kept_findings(study)
    assert found.values["spec"]["controls"] == list(synthetic_runs.donors_of(study, "Assens"))
    assert "Kun sammenlignet med" in page_texts(app)


def test_where_no_gate_passed_keeping_says_so(study: Study) -> None:
    app = open_part(study, "did")
    declaration(app, "multiselect", "outcomes").set_value(["pay"]).run()
    declaration(app, "select_slider", "start").set_value(str(START)).run()
    press_run(app, DID)
    app.button(key=f"{DID}.keep").click().run()
    assert [each for each in app.error if "Der er ingen effekt at" in each.value]
    assert effects.list_estimates(study) == []
    assert [each.title for each in effect_runs.kept_findings(study)] == [""]


def test_a_synthetic_control_is_made_shown_and_kept(study: Study) -> None:
    app = open_part(study, "synthetic")
    assert "Vælg enhederne med indsats." in page_texts(app)
    declaration(app, "selectbox", "outcome").set_value("work").run()
    declaration(app, "multiselect", "treated_units").set_value(["Assens"]).run()
    declaration(app, "select_slider", "start").set_value(str(START)).run()
    declaration(app, "multiselect", "exclude").set_value(["Greve", "Køge"]).run()
    declaration(app, "checkbox", "earlier").check().run()
    press_run(app, SYNTHETIC)
    [found] = synthetic_runs.kept_synthetic(study)
    assert found.units[0]["effect"] == pytest.approx(2.0, abs=0.01)
    assert found.spec.exclude == ("Greve", "Køge")
    assert "følger enheden godt før start" in app.info[0].value
    assert "Odder" in "\n".join(each.value for each in app.html)
    app.button(key=f"{SYNTHETIC}.keep").click().run()
    [stored] = effects.list_estimates(study)
    assert stored.value.subgroup == "Assens"


def test_of_several_units_each_can_be_shown(study: Study) -> None:
    app = open_part(study, "synthetic")
    declaration(app, "selectbox", "outcome").set_value("work").run()
    declaration(app, "multiselect", "treated_units").set_value(["Assens", "Greve"]).run()
    declaration(app, "select_slider", "start").set_value(str(START)).run()
    press_run(app, SYNTHETIC)
    shown = next(each for each in app.selectbox if str(each.key).startswith(f"{SYNTHETIC}.shown"))
    assert shown.value == "Assens"
    shown.set_value("Greve").run()
    assert not app.exception
    assert any("Donorer til Greve" in each.value for each in app.html)


def test_persons_in_a_unit_are_averaged_without_asking(empty: Study) -> None:
    frame = panel().rename(columns={"town": "kommune"})
    persons = pd.concat([frame.assign(work=frame["work"] + change) for change in (-1, 1)])
    panel_files.add_panel(empty, panel_file(frame=persons), actor="anna")
    app = open_part(empty, "synthetic")
    declaration(app, "selectbox", "unit").set_value("kommune").run()
    declaration(app, "selectbox", "outcome").set_value("work").run()
    declaration(app, "multiselect", "treated_units").set_value(["Assens"]).run()
    press_run(app, SYNTHETIC)
    [found] = synthetic_runs.kept_synthetic(empty)
    assert found.spec.average_rows
    assert {row["donor"] for row in found.units[0]["weights"]} <= set(TOWNS)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_demonstration_shows_the_run_it_keeps(demonstration: Demonstration, language: str) -> None:
    study = open_study(demonstration.study)
    app = open_part(study, "did", language=language)
    assert app.selectbox(key=f"{PANEL}.did.name").value == "panel_simulated.csv"
    [found] = effect_runs.kept_findings(study)
    estimate = found.outcomes[0]["effect"]["table"][0]["estimate"]
    text = f"{abs(estimate):.3f}".replace(".", "," if language == "da" else ".")
    assert text in "\n".join(each.value for each in app.html)


def test_the_demonstration_shows_its_synthetic_control(demonstration: Demonstration) -> None:
    app = open_part(open_study(demonstration.study), "synthetic")
    assert "Indsatskommuner" in "\n".join(each.value for each in app.html)


def test_leaving_a_part_and_coming_back_keeps_the_choices(study: Study) -> None:
    app = open_part(study, "did")
    declaration(app, "multiselect", "outcomes").set_value(["pay"]).run()
    app.button_group(key="page.effects.part").set_value("estimates").run()
    app.button_group(key="page.effects.part").set_value("did").run()
    assert declaration(app, "multiselect", "outcomes").value == ["pay"]
