"""Whose words a turn holds: set, taken back, and respected where passages are quoted."""

from __future__ import annotations

import io
import json

import docx
import pytest

from workbench.errors import InvalidRequestError, NotFoundError
from workbench.services import coding, coding_files, editing, quotations, reporting, segments
from workbench.services.files import GivenFile
from workbench.services.importing import import_transcripts
from workbench.services.studies import Study, create_study
from workbench.services.transcripts import get_transcript
from workbench.services.triangulating import joint_display

LONG = "jeg kom hertil uden et ord dansk, og det tog fire år, før jeg kunne tale med nogen på min egen trappe"
SPOKEN = (
    f"Interviewer: Hvad med sproget?\nAmira: Først var det svært, {LONG}.\nInterviewer: Og i dag?\n"
    f"Amira: I dag er det bedre, for {LONG}.\n"
)
CODE = "language/lack_of_danish"


@pytest.fixture
def study(study_reference: str) -> Study:
    """A study with one interview of four turns; the second and the fourth are coded."""
    made = create_study(study_reference, scheme="immi", actor="Anna")
    files = [GivenFile("amira.txt", SPOKEN.encode())]
    import_transcripts(made, files, actor="Anna", actor_group="citizen")
    for turn in get_transcript(made, "amira").turns[1::2]:
        coding.add_coding(made, "amira", start=turn.start, end=turn.end, code=CODE, actor="Anna")
    return made


def statuses(study: Study) -> list[str]:
    return [segment.status for segment in segments.list_segments(study, "amira")]


def test_turns_are_verbatim_until_somebody_says_otherwise(study: Study) -> None:
    assert statuses(study) == ["verbatim"] * 4
    assert segments.set_status(study, "amira", {2, 3}, "summary", actor="Ida") == 2
    assert statuses(study) == ["verbatim", "summary", "summary", "verbatim"]
    assert get_transcript(study, "amira").as_dict()["turns"][1]["status"] == "summary"


def test_a_change_is_taken_back_and_done_again(study: Study) -> None:
    segments.set_status(study, "amira", {4}, "interpreted", actor="Ida", speaks_for="Amira")
    assert segments.list_segments(study, "amira")[3].speaks_for == "Amira"
    coding.undo(study, actor="Ida")
    assert statuses(study) == ["verbatim"] * 4
    assert segments.list_segments(study, "amira")[3].speaks_for is None
    coding.redo(study, actor="Ida")
    assert statuses(study)[3] == "interpreted"


def test_a_change_is_taken_back_under_a_newer_text_if_the_turn_still_has_its_words(study: Study) -> None:
    segments.set_status(study, "amira", {4}, "summary", actor="Ida")
    edits = [editing.TurnEdit(0, "insert", words="Tak, fordi du kom.", speaker="Interviewer")]
    editing.edit_turns(study, "amira", edits, actor="Bo", based_on=1)
    assert statuses(study) == ["verbatim"] * 4 + ["summary"]
    coding.undo(study, actor="Ida", only_own=True)
    assert statuses(study) == ["verbatim"] * 5
    coding.redo(study, actor="Ida", only_own=True)
    assert statuses(study)[4] == "summary"


def test_a_change_of_a_turn_whose_words_were_edited_since_stays(study: Study) -> None:
    segments.set_status(study, "amira", {4}, "summary", actor="Ida")
    editing.edit_turns(
        study, "amira", [editing.TurnEdit(3, "change", words="Noget andet.")], actor="Bo", based_on=1
    )
    with pytest.raises(InvalidRequestError):
        coding.undo(study, actor="Ida", only_own=True)
    assert statuses(study)[3] == "summary"


def test_a_change_that_changes_nothing_is_not_logged(study: Study) -> None:
    assert segments.set_status(study, "amira", {1}, "verbatim", actor="Ida") == 0
    undone = coding.undo(study, actor="Ida")
    assert [event.entity for event in undone] == ["coding"]


def test_turns_may_be_named_by_a_stretch_of_the_text_or_all_at_once(study: Study) -> None:
    turn = get_transcript(study, "amira").turns[2]
    segments.set_status(study, "amira", None, "notes", actor="Ida", span=(turn.start + 1, turn.end))
    assert statuses(study) == ["verbatim", "verbatim", "notes", "verbatim"]
    assert segments.set_status(study, "amira", None, "translation", actor="Ida") == 4


def test_what_does_not_fit_is_refused_and_nothing_is_changed(study: Study) -> None:
    with pytest.raises(InvalidRequestError, match="verbatim"):
        segments.set_status(study, "amira", {1}, "hearsay", actor="Ida")
    with pytest.raises(InvalidRequestError, match="9"):
        segments.set_status(study, "amira", {1, 9}, "notes", actor="Ida")
    with pytest.raises(NotFoundError):
        segments.set_status(study, "nobody", {1}, "notes", actor="Ida")
    assert statuses(study) == ["verbatim"] * 4


@pytest.mark.parametrize(("said", "numbers"), [("3", {3}), ("3-5", {3, 4, 5}), ("1, 4–6", {1, 4, 5, 6})])
def test_numbers_of_turns_are_read(said: str, numbers: set[int]) -> None:
    assert segments.turn_numbers(said) == numbers


@pytest.mark.parametrize("said", ["", "0", "5-3", "two", "1-", "-2", "99999999999999999"])
def test_what_is_no_number_of_a_turn_is_refused(said: str) -> None:
    with pytest.raises(InvalidRequestError):
        segments.turn_numbers(said)


def test_a_passage_over_several_turns_is_what_is_least_anybodys_words(study: Study) -> None:
    segments.set_status(study, "amira", {2}, "translation", actor="Ida")
    segments.set_status(study, "amira", {3}, "notes", actor="Ida")
    turns = get_transcript(study, "amira").turns
    assert segments.passage_status(turns, turns[0].start, turns[0].end) == "verbatim"
    assert segments.passage_status(turns, turns[0].start, turns[1].end) == "translation"
    assert segments.passage_status(turns, turns[1].start, turns[3].end) == "notes"


def test_a_summary_does_not_stand_for_a_theme_where_own_words_are_coded(study: Study) -> None:
    row = joint_display(study, language="en").rows[0]
    assert row.quotation is not None
    assert row.quotation.quote.startswith("I dag")
    segments.set_status(study, "amira", {4}, "summary", actor="Ida")
    row = joint_display(study, language="en").rows[0]
    assert row.quotation is not None
    assert row.quotation.quote.startswith("Først")
    assert [each.quote[:5] for each in quotations.theme_quotations(study, row, language="en")] == ["Først"]


def test_a_summary_that_stands_alone_is_named_as_such(study: Study) -> None:
    segments.set_status(study, "amira", {2, 4}, "summary", actor="Ida")
    row = joint_display(study, language="en").rows[0]
    assert row.quotation is not None
    assert row.quotation.attribution.startswith("summary of an interview: ")
    assert row.as_dict("en")["quotation"]["status"] == "summary"


@pytest.mark.parametrize(
    ("status", "says"),
    [("interpreted", "(rendered by an interpreter)"), ("translation", "(translated)")],
)
def test_words_of_an_interpreter_or_translator_are_marked(study: Study, status: str, says: str) -> None:
    segments.set_status(study, "amira", {2, 4}, status, actor="Ida")
    choices = quotations.quotation_choices(study, "language", language="en")
    assert [choice.status for choice in choices] == [status, status]
    assert all(choice.attribution.endswith(says) for choice in choices)


def test_own_words_are_offered_first(study: Study) -> None:
    segments.set_status(study, "amira", {2}, "notes", actor="Ida")
    choices = quotations.quotation_choices(study, "language", language="en")
    assert [choice.status for choice in choices] == ["verbatim", "notes"]


def test_a_file_of_codings_says_what_the_words_are(study: Study) -> None:
    segments.set_status(study, "amira", {2}, "summary", actor="Ida")
    rows = json.loads(coding_files.export_codings(study, "json"))
    assert [row["status"] for row in rows] == ["summary", "verbatim"]
    table = coding_files.export_codings(study, "csv").decode("utf-8-sig").splitlines()
    assert [line.rsplit(",", 1)[-1] for line in table] == ["status", "summary", "verbatim"]


def test_the_report_prints_a_summary_as_nobodys_words(study: Study) -> None:
    segments.set_status(study, "amira", {2, 4}, "summary", actor="Ida")
    document = docx.Document(io.BytesIO(reporting.build_report(study, language="en")))
    told = [paragraph for paragraph in document.paragraphs if "I dag er det bedre" in paragraph.text]
    assert told
    assert told[0].text.startswith("Summary: ")
    assert "summary of an interview: Citizen" in told[0].text
    assert {paragraph.style.name for paragraph in told if paragraph.style is not None}.isdisjoint({"Quote"})
