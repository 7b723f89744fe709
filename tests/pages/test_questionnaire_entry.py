"""Typing paper in on the page, printing forms, and exchanging the questionnaire."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from quant import load_instrument, template_instrument, write_instrument
from workbench.services import entry, surveys
from workbench.services.studies import Study, create_study

from .numbers_material import numbers_study, open_part, page_texts, run_page

KEY = "page.questionnaire.entry"
PRINT = "page.questionnaire.instrument"
FIP = load_instrument("fip")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return create_study(tmp_path / "new", title="New", language="da", instrument="fip", actor="anna")


def sent(op: str, person: str, answer: int, **change: object) -> dict[str, object]:
    """A questionnaire as the browser sends it."""
    form = {"respondent": "citizen", "variant": "", "values": dict.fromkeys(FIP.item_ids("citizen"), answer)}
    whole = {"op": op, "person": person, "round": 1, "date": "2020-03-02", "background": {}, "forms": [form]}
    return {**whole, **change}


def open_entry(study: Study, *outbox: dict[str, object]) -> AppTest:
    app = run_page("questionnaire", study)
    open_part(app, "entry")
    return arrive(app, study, *outbox)


def arrive(app: AppTest, study: Study, *outbox: dict[str, object]) -> AppTest:
    app.session_state[f"{KEY}.form.{study.study_id}"] = {"outbox": list(outbox)}
    app.run()
    assert not app.exception
    return app


def test_what_is_typed_in_is_stored_once_although_it_arrives_again(study: Study) -> None:
    app = open_entry(study, sent("a", "K1", 5, background={"gender": "women", "age": "40"}))
    arrive(app, study, sent("a", "K1", 5), sent("b", "K2", 3))
    assert [(form.person, form.values["b_health"]) for form in entry.typed_forms(study)] == [
        ("K1", 5),
        ("K2", 3),
    ]
    assert surveys.require_answers(study).persons.loc["K1"].to_dict() == {"gender": "women", "age": 40}


def test_a_duplicate_is_put_before_the_user_and_the_old_one_can_stay(study: Study) -> None:
    app = open_entry(study, sent("a", "K1", 5), sent("b", "K1", 2))
    assert "K1, runde 1, er her allerede (de indtastede skemaer)" in page_texts(app)
    app.button(key=f"{KEY}.keep.b").click().run()
    assert not app.exception
    assert [form.values["b_health"] for form in entry.typed_forms(study)] == [5]
    assert "er her allerede" not in page_texts(app)


def test_a_duplicate_can_take_the_place_of_what_was_there(tmp_path: Path) -> None:
    study = numbers_study(tmp_path)
    app = open_entry(study, sent("a", "P07", 1))
    assert "er her allerede (answers.csv)" in page_texts(app)
    app.button(key=f"{KEY}.replace.a").click().run()
    assert not app.exception
    assert [form.person for form in entry.typed_forms(study)] == ["P07"]


def test_the_last_form_is_taken_back(study: Study) -> None:
    app = open_entry(study, sent("a", "K1", 5), sent("b", "K2", 3))
    app.button(key=f"{KEY}.undo").click().run()
    assert not app.exception
    assert [form.person for form in entry.typed_forms(study)] == ["K1"]


def test_what_cannot_be_right_is_not_stored_and_nothing_breaks(study: Study) -> None:
    open_entry(study, sent("a", "010190-1234", 5), sent("b", "K2", 9))
    assert entry.typed_forms(study) == []


def test_typed_answers_are_cited_under_the_numbers(tmp_path: Path) -> None:
    study = numbers_study(tmp_path)
    form = entry.TypedForm("K1", "citizen", 1, {"b_health": 2}, variant="faces3")
    entry.save_forms(study, [form], actor="anna")
    app = run_page("questionnaire", study)
    assert not app.exception
    assert "Answers; 1 skema tastet ind; heraf 1 på den forenklede skala 3 ansigter, omregnet" in page_texts(
        app
    )


def open_instrument(study: Study) -> AppTest:
    app = run_page("questionnaire", study)
    open_part(app, "instrument")
    assert not app.exception
    return app


def test_forms_are_made_with_the_choices_on_the_page(study: Study) -> None:
    app = open_instrument(study)
    app.button_group(key=f"{PRINT}.kind").set_value("star").run()
    app.multiselect(key=f"{PRINT}.respondents").set_value(["citizen"]).run()
    app.selectbox(key=f"{PRINT}.wording").set_value("en").run()
    app.selectbox(key=f"{PRINT}.variant").set_value("faces5").run()
    app.button(key=f"{PRINT}.make").click().run()
    assert not app.exception
    choice, content = app.session_state[f"{PRINT}.made"]
    assert choice == ("star", ("citizen",), "en", "faces5", "da")
    assert content.startswith(b"PK")


def test_filled_stars_are_made_of_a_group(tmp_path: Path) -> None:
    app = open_instrument(numbers_study(tmp_path))
    app.selectbox(key=f"{PRINT}.stars_value.").set_value("P07").run()
    app.button(key=f"{PRINT}.stars_make").click().run()
    assert not app.exception
    assert app.session_state[f"{PRINT}.stars"][1].startswith(b"PK")


def test_another_questionnaire_is_taken_only_after_what_it_does_was_read(tmp_path: Path) -> None:
    study = numbers_study(tmp_path)
    app = open_instrument(study)
    content = write_instrument(template_instrument(), "own.xlsx")
    app.file_uploader(key=f"{PRINT}.file.0").upload("own.xlsx", content, "application/xlsx").run()
    assert not app.exception
    assert "0 af 1760 svar tæller fortsat med." in page_texts(app)
    assert app.button(key=f"{PRINT}.replace").disabled
    app.checkbox(key=f"{PRINT}.sure").check().run()
    app.button(key=f"{PRINT}.replace").click().run()
    assert not app.exception
    chosen = surveys.study_instrument(study)
    assert chosen is not None
    assert chosen.id == "my_questionnaire"


def test_a_faulty_questionnaire_is_refused_by_sheet_and_row(study: Study) -> None:
    app = open_instrument(study)
    app.file_uploader(key=f"{PRINT}.file.0").upload(
        "own.xlsx", b"PK\x03\x04 damaged", "application/xlsx"
    ).run()
    assert not app.exception
    assert len(app.error) == 1
    assert surveys.require_instrument(study).id == "fip"


def test_a_newer_version_of_the_questionnaire_is_offered_and_taken(study: Study) -> None:
    first = replace(FIP.items[0], wording={"da": "Før."})
    surveys.set_instrument(study, replace(FIP, items=(first, *FIP.items[1:])), actor="anna")
    app = open_instrument(study)
    assert "Der følger en nyere udgave af spørgeskemaet med programmet" in page_texts(app)
    app.button(key=f"{PRINT}.update").click().run()
    assert not app.exception
    assert surveys.require_instrument(study) == FIP
    assert "nyere udgave" not in page_texts(app)
