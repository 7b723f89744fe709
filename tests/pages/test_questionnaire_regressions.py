"""Regressions on the questionnaire page: without outcomes, a run, a change of choice, evidence."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.workbench.services.regression_material import RULES, answers_and_register, study_with_outcomes
from workbench.services import effects, outcomes, regression_runs
from workbench.services.studies import Study

from .numbers_material import numbers_study, open_part, page_texts, run_page

KEY = "page.questionnaire.regressions"
OUTCOMES = "page.questionnaire.outcomes"


def open_tab(study: Study) -> AppTest:
    app = run_page("questionnaire", study)
    return open_part(app, "regressions")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return study_with_outcomes(tmp_path)


def test_without_outcomes_the_page_asks_for_an_extract_and_takes_it(tmp_path: Path) -> None:
    study = numbers_study(tmp_path)
    app = open_tab(study)
    assert not app.exception
    assert "Regressioner kræver udfald" in app.info[0].value
    app.file_uploader(key=f"{OUTCOMES}.records").upload("register.csv", answers_and_register()[1], "text/csv")
    app.file_uploader(key=f"{OUTCOMES}.rules").upload("rules.toml", RULES, "text/plain")
    app.run()
    app.button(key=f"{OUTCOMES}.store").click().run()
    assert not app.exception
    assert len(outcomes.study_outcomes(study)) == 80


def test_rules_that_cannot_be_read_are_told_and_nothing_is_stored(tmp_path: Path) -> None:
    study = numbers_study(tmp_path)
    app = open_tab(study)
    app.file_uploader(key=f"{OUTCOMES}.records").upload("register.csv", b"person,month\nP1,x\n", "text/csv")
    app.file_uploader(key=f"{OUTCOMES}.rules").upload("rules.toml", b"[[outcomes]]\n", "text/plain")
    app.run()
    app.button(key=f"{OUTCOMES}.store").click().run()
    assert "intet id" in app.error[0].value
    assert outcomes.outcomes_sources(study) == []


def test_a_run_shows_both_tables_and_what_to_look_at(study: Study) -> None:
    app = open_tab(study)
    app.button(key=f"{KEY}.run").click().run()
    assert not app.exception
    texts = page_texts(app)
    assert "Regressioner med én forklarende variabel ad gangen" in texts
    assert "Regressioner med alle forklarende variable på én gang" in texts
    assert "Justeret R²" in texts
    assert "Værd at se på" in texts


def test_the_joint_estimates_can_be_kept_as_evidence(study: Study) -> None:
    app = open_tab(study)
    app.segmented_control(key=f"{KEY}.models").set_value("joint").run()
    app.button(key=f"{KEY}.run").click().run()
    app.button(key=f"{KEY}.keep").click().run()
    assert not app.exception
    assert len(effects.list_estimates(study)) == 44


def test_without_a_predictor_the_page_asks_for_one(study: Study) -> None:
    app = open_tab(study)
    app.multiselect(key=f"{KEY}.outcomes").set_value([]).run()
    assert "Vælg mindst ét udfald" in page_texts(app)


def test_the_last_run_is_remembered_and_one_with_a_name_is_listed_and_let_go(study: Study) -> None:
    app = open_tab(study)
    app.checkbox(key=f"{KEY}.false_discovery").check().run()
    app.button(key=f"{KEY}.run").click().run()
    [last] = regression_runs.kept_runs(study)
    assert (last.title, last.spec["false_discovery"]) == ("", True)
    assert "q\u00a0&lt;\u00a00,05" in page_texts(app)
    app.text_input(key=f"{KEY}.title").set_value("Tabel 4").run()
    app.button(key=f"{KEY}.name_run").click().run()
    assert not app.exception
    assert [each.title for each in regression_runs.reported_runs(study)] == ["Tabel 4"]
    assert "Gemt i studiet" in page_texts(app)
    [remove] = [button for button in app.button if str(button.key).startswith(f"{KEY}.kept.remove")]
    remove.click().run()
    assert not app.exception
    assert [each.title for each in regression_runs.reported_runs(study)] == [""]


def test_the_draws_of_the_bootstrap_are_chosen_where_errors_are_clustered(study: Study) -> None:
    app = open_tab(study)
    assert app.checkbox(key=f"{KEY}.bootstrap").disabled
    app.segmented_control(key=f"{KEY}.errors.True").set_value("cluster").run()
    app.multiselect(key=f"{KEY}.outcomes").set_value(["employed"]).run()
    app.checkbox(key=f"{KEY}.bootstrap").check().run()
    app.number_input(key=f"{KEY}.draws").set_value(199).run()
    app.button(key=f"{KEY}.run").click().run()
    assert not app.exception
    [last] = regression_runs.kept_runs(study)
    assert (last.spec["bootstrap"], last.spec["draws"]) == (True, 199)
    assert "199 trækninger" in page_texts(app)


def test_outcomes_have_a_tab_of_their_own(study: Study) -> None:
    app = open_part(run_page("questionnaire", study), "outcomes")
    assert not app.exception
    assert "Udfald fra registre" in page_texts(app)
