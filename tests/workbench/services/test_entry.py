"""Answers typed in: checked, beside a file's, found again, taken back, never lost silently."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from quant import Instrument, load_instrument
from tests.pages.numbers_material import answers_csv
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.services import entry, instruments, surveys
from workbench.services.entry import AlreadyThereError, TypedForm
from workbench.services.files import GivenFile
from workbench.services.studies import Study, create_study

FIP = load_instrument("fip")
DAY = datetime.date(2020, 3, 2)


def full(person: str, respondent: str, answer: int, **change: object) -> TypedForm:
    values = dict.fromkeys(FIP.item_ids(respondent), answer)
    return replace(TypedForm(person, respondent, 1, values, DAY), **change)  # type: ignore[arg-type]


@pytest.fixture
def study(study_reference: str) -> Study:
    return create_study(study_reference, title="S", instrument="fip", actor="anna")


@pytest.fixture
def with_file(tmp_path: Path) -> Study:
    study = create_study(tmp_path / "filled", instrument="fip", actor="anna")
    draft = surveys.draft_answers(study, GivenFile("answers.csv", answers_csv()))
    surveys.save_answers(study, draft, actor="anna")
    return study


def test_both_respondents_typed_in_together_are_paired_and_enter_the_analysis(study: Study) -> None:
    person = {"gender": "women", "age": 41}
    forms = [full("K1", "citizen", 5, background=person), full("K1", "caseworker", 3)]
    saved = entry.save_forms(study, forms, actor="anna")
    assert [(form.respondent, form.file_name) for form in saved] == [("citizen", ""), ("caseworker", "")]
    answers = surveys.require_answers(study)
    assert len(answers.frame) == 22
    assert answers.persons.loc["K1"].to_dict() == person
    assert answers.samples["analysis_sample"].all()
    [source] = surveys.answers_sources(study)
    assert (source.typed, source.responses, source.label) == (2, 2, "2 skemaer tastet ind")


def test_what_was_left_blank_is_missing(study: Study) -> None:
    values = {"b_health": 2, "b_teamwork": 6}
    entry.save_forms(study, [TypedForm("K1", "citizen", 1, values)], actor="anna")
    frame = surveys.require_answers(study).frame
    assert dict(zip(frame["item"], frame["value"], strict=True)) == values


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (TypedForm(" ", "citizen", 1, {"b_health": 2}), "mangler et nummer for personen"),
        (TypedForm("010190-1234", "citizen", 1, {"b_health": 2}), "CPR-nummer"),
        (TypedForm("K1", "citizen", 1, {}), "har ingen svar"),
        (TypedForm("K1", "citizen", 0, {"b_health": 2}), "runde 0 findes ikke"),
        (
            TypedForm("K1", "citizen", 1, {"b_health": 8}),
            "b_health: »8« er ikke et svar; brug et helt tal fra 1 til 7",
        ),
        (TypedForm("K1", "citizen", 1, {"s_health": 2}), "s_health"),
        (
            TypedForm("K1", "caseworker", 1, {"s_health": 2}, variant="faces3"),
            "ikke til svarpersonen sagsbehandler",
        ),
        (TypedForm("K1", "citizen", 1, {"b_health": 4}, variant="faces3"), "fra 1 til 3"),
    ],
)
def test_a_form_that_cannot_be_right_is_refused_whole(study: Study, form: TypedForm, message: str) -> None:
    with pytest.raises(InvalidRequestError, match=message):
        entry.save_forms(study, [full("K2", "caseworker", 4), form], actor="anna")
    assert surveys.study_answers(study) is None


def test_a_questionnaire_that_is_there_is_not_overwritten_unasked(study: Study) -> None:
    entry.save_forms(study, [full("K1", "citizen", 5)], actor="anna")
    with pytest.raises(AlreadyThereError, match=r"K1 har allerede et skema \(borger, runde 1\)") as caught:
        entry.save_forms(study, [full("K1", "citizen", 2)], actor="bo")
    assert caught.value.stored.values["b_health"] == 5
    entry.save_forms(study, [full("K1", "citizen", 2)], actor="bo", replace=True)
    assert set(surveys.require_answers(study).frame["value"]) == {2}


def test_a_questionnaire_of_the_file_is_found_too_and_what_is_typed_counts(with_file: Study) -> None:
    with pytest.raises(AlreadyThereError, match=r"i answers\.csv"):
        entry.save_forms(with_file, [full("P07", "citizen", 1)], actor="anna")
    entry.save_forms(with_file, [full("P07", "citizen", 1)], actor="anna", replace=True)
    frame = surveys.require_answers(with_file).frame
    mine = frame[(frame["person"] == "P07") & (frame["respondent"] == "citizen") & (frame["round"] == 1)]
    assert set(mine["value"]) == {1}
    [source] = surveys.answers_sources(with_file)
    assert source.findings["also_typed"] == 1
    found = surveys.findings_of(with_file, source.id)
    assert found[found["kind"] == "also_typed"][["person", "respondent", "round"]].values.tolist() == [
        ["P07", "citizen", 1]
    ]


def test_a_new_file_leaves_what_was_typed_in(with_file: Study) -> None:
    entry.save_forms(with_file, [full("K1", "citizen", 6)], actor="anna")
    shorter = GivenFile("second.csv", b"\n".join(answers_csv().split(b"\n")[:21]))
    surveys.save_answers(with_file, surveys.draft_answers(with_file, shorter), actor="anna")
    [source] = surveys.answers_sources(with_file)
    assert (source.file_name, source.persons, source.typed) == ("second.csv", 11, 1)
    assert source.label == "second.csv; 1 skema tastet ind"
    assert "K1" in surveys.require_answers(with_file).persons.index


def test_answers_on_a_simplified_scale_are_mapped_and_marked(study: Study) -> None:
    entry.save_forms(study, [full("K1", "citizen", 4, variant="faces5")], actor="anna")
    entry.save_forms(study, [full("K2", "citizen", 4)], actor="anna")
    values = surveys.require_answers(study).frame.groupby("person")["value"].unique()
    assert {person: list(found) for person, found in values.items()} == {"K1": [5.5], "K2": [4.0]}
    [source] = surveys.answers_sources(study)
    assert source.variants == {"faces5": 1}
    assert "heraf 1 på den forenklede skala 5 ansigter, omregnet" in source.label
    assert surveys.answers_on_variants(study).to_dict("records") == [
        {"person": "K1", "respondent": "citizen", "round": 1, "variant": "faces5"}
    ]
    stored = entry.find_form(study, "K1", "citizen", 1)
    assert stored is not None
    assert (stored.variant, stored.values["b_health"]) == ("faces5", 4)


def test_the_last_forms_saved_together_are_taken_back_together(study: Study) -> None:
    entry.save_forms(study, [full("K1", "citizen", 5)], actor="anna")
    entry.save_forms(study, [full("K2", "citizen", 5), full("K2", "caseworker", 4)], actor="anna")
    undone = entry.undo_last(study, actor="anna")
    assert [(form.person, form.respondent) for form in undone] == [("K2", "citizen"), ("K2", "caseworker")]
    assert [form.person for form in entry.typed_forms(study)] == ["K1"]
    assert [form.person for form in entry.undo_last(study, actor="anna")] == ["K1"]
    assert entry.undo_last(study, actor="anna") == []
    assert surveys.answers_sources(study) == []


def test_taking_back_a_replacement_brings_back_what_was_there(study: Study) -> None:
    entry.save_forms(study, [full("K1", "citizen", 3, variant="faces3")], actor="anna")
    entry.save_forms(study, [full("K1", "citizen", 7)], actor="anna", replace=True)
    entry.undo_last(study, actor="anna")
    [form] = entry.typed_forms(study)
    assert (form.variant, form.values["b_health"], form.date) == ("faces3", 3, DAY)


def test_nobody_takes_back_what_another_typed(study: Study) -> None:
    entry.save_forms(study, [full("K1", "citizen", 5)], actor="anna")
    assert entry.undo_last(study, actor="bo") == []


def test_an_operation_that_arrives_twice_is_stored_once(study: Study) -> None:
    for _ in range(2):
        forms = [full("K1", "citizen", 5), full("K1", "caseworker", 4)]
        saved = entry.save_forms(study, forms, actor="anna", operation_id="op1")
    assert [form.respondent for form in saved] == ["citizen", "caseworker"]
    assert len(entry.typed_forms(study)) == 2


def test_answers_in_the_order_of_the_form() -> None:
    read = entry.parse_answers("1234567.123", FIP, "citizen")
    assert len(read) == 10
    assert (read["b_job_importance"], read.get("b_punctuality")) == (1, None)
    assert entry.parse_answers("1 2 3 4 5 6 7 - 1 2 3", FIP, "citizen") == read
    with pytest.raises(InvalidRequestError, match="4 svar, men skemaet har 11"):
        entry.parse_answers("1234", FIP, "citizen")
    with pytest.raises(InvalidRequestError, match="»9« er ikke et svar"):
        entry.parse_answers("12345679123", FIP, "citizen")


def test_what_another_questionnaire_would_do_is_told_before_it_is_done(with_file: Study) -> None:
    entry.save_forms(with_file, [full("K1", "citizen", 3, variant="faces3")], actor="anna")
    items = tuple(
        replace(i, scale_max=5) if i.id == "b_instruction" else i for i in FIP.items if i.id != "b_job_focus"
    )
    wanted = replace(FIP, id="shorter", items=items, factors=(), variants=())
    before = surveys.require_answers(with_file)
    change = instruments.compare(with_file, wanted)
    assert (change.items_gone, change.items_new, change.items_rescaled) == (
        ("b_job_focus",),
        (),
        ("b_instruction",),
    )
    above = before.frame[(before.frame["item"] == "b_instruction") & (before.frame["value"] > 5)]
    assert change.lost["b_job_focus"] == 81
    assert change.lost["b_instruction"] == len(above)  # the face that counted 7 among them
    assert change.lost["b_health"] == 1  # on a scale that goes
    assert change.kept + sum(change.lost.values()) == change.answers == len(before.frame)
    assert surveys.require_answers(with_file).frame.equals(before.frame)
    surveys.set_instrument(with_file, wanted, actor="anna", keep_answers=True)
    assert len(surveys.require_answers(with_file).frame) == change.kept
    surveys.set_instrument(with_file, FIP, actor="anna", keep_answers=True)
    assert len(surveys.require_answers(with_file).frame) == change.answers


def older_fip(**change: object) -> Instrument:
    """The shipped questionnaire as it might have been: its first question in other words, or as changed."""
    shipped = load_instrument("fip")
    first = replace(shipped.items[0], wording={"da": "Før."}, **change)  # type: ignore[arg-type]
    return replace(shipped, items=(first, *shipped.items[1:]))


def test_a_newer_shipped_questionnaire_is_offered_and_taken_with_the_answers_kept(tmp_path: Path) -> None:
    study = create_study(tmp_path / "old", title="Old", language="da", instrument="fip", actor="anna")
    assert instruments.newer_shipped(study) is None
    with pytest.raises(NotFoundError, match="fip"):
        instruments.update_instrument(study, actor="anna")
    surveys.set_instrument(study, older_fip(), actor="anna")
    entry.save_forms(study, [TypedForm("K1", "citizen", 1, {"b_health": 5})], actor="anna")
    change = instruments.update_instrument(study, actor="anna")
    assert (change.items_reworded, change.answers, change.kept) == (("b_job_importance",), 1, 1)
    assert "Ordlyden af 1 spørgsmål ændres" in instruments.change_lines(change)[1]
    assert surveys.require_instrument(study) == load_instrument("fip")
    assert instruments.newer_shipped(study) is None


def test_an_update_that_would_change_answers_asks_first(tmp_path: Path) -> None:
    study = create_study(tmp_path / "old", title="Old", language="da", instrument="fip", actor="anna")
    surveys.set_instrument(study, older_fip(scale_max=10), actor="anna")
    entry.save_forms(study, [TypedForm("K1", "citizen", 1, {"b_job_importance": 9})], actor="anna")
    with pytest.raises(InvalidRequestError, match="b_job_importance"):
        instruments.update_instrument(study, actor="anna")
    assert surveys.require_instrument(study).item("b_job_importance").scale_max == 10
    change = instruments.update_instrument(study, actor="anna", replace=True)
    assert change.lost == {"b_job_importance": 1}
