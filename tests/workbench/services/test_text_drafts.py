"""Corrections on their way: gathered, merged, taken back one by one, moved to a newer text."""

from __future__ import annotations

import pytest

from tests.workbench.services.editing_material import coded_study
from workbench.errors import InvalidRequestError
from workbench.services import editing
from workbench.services.studies import Study
from workbench.services.text_drafts import DraftTurn, TextDraft, moved_to, open_draft
from workbench.services.text_turns import TurnEdit
from workbench.services.text_versions import edit_to_undo


@pytest.fixture
def study(study_reference: str) -> Study:
    """The interview `amira` of six turns with four codings."""
    return coded_study(study_reference)


@pytest.fixture
def draft(study: Study) -> TextDraft:
    return open_draft(study, "amira")


def at(draft: TextDraft, number: int) -> DraftTurn:
    return draft.turns()[number - 1]


def words(draft: TextDraft) -> list[str]:
    return [turn.words for turn in draft.turns()]


def test_a_draft_without_corrections_is_the_text_in_use(draft: TextDraft) -> None:
    assert (draft.version, len(draft.turns())) == (1, 6)
    assert words(draft)[2] == "Hvad hjalp dig mest?"
    assert not any(turn.edited for turn in draft.turns())
    assert [turn.joins for turn in draft.turns()] == [True] * 5 + [False]


def test_several_changes_of_one_turn_are_one_correction(draft: TextDraft) -> None:
    changed = draft.changed(at(draft, 3), words="Hvem hjalp?")
    changed = changed.changed(at(changed, 5), words="Og jobcentret?")
    changed = changed.changed(at(changed, 3), speaker="Bo")
    assert [(edit.turn, edit.words, edit.speaker) for edit in changed.edits] == [
        (2, "Hvem hjalp?", "Bo"),
        (4, "Og jobcentret?", None),
    ]
    assert [turn.number for turn in changed.turns() if turn.edited] == [3, 5]


def test_a_change_back_is_no_correction(draft: TextDraft) -> None:
    changed = draft.changed(at(draft, 3), words="Hvem hjalp?", time_seconds=12.0)
    back = changed.changed(at(changed, 3), words="Hvad hjalp dig mest?")
    assert [(edit.words, edit.time_seconds) for edit in back.edits] == [(None, 12.0)]
    assert back.changed(at(back, 3), time_seconds="").edits == ()


def test_both_parts_of_a_split_turn_can_be_corrected(draft: TextDraft) -> None:
    said = words(draft)[3]
    split = draft.split(at(draft, 4), said.index("Kollegerne"))
    split = split.changed(at(split, 5), words="Kollegaerne talte med mig.")
    split = split.changed(at(split, 4), speaker="Bo")
    assert words(split)[3:5] == ["Praktikken på plejehjemmet.", "Kollegaerne talte med mig."]
    assert [turn.speaker for turn in split.turns()[3:5]] == ["Bo", "Amira"]


def test_taking_back_a_split_takes_what_was_done_to_its_parts_along(draft: TextDraft) -> None:
    split = draft.split(at(draft, 4), words(draft)[3].index("Kollegerne"))
    split = split.changed(at(split, 1), words="Hvordan gik det?")
    split = split.changed(at(split, 5), words="Ja.")
    assert split.on_top_of(0) == (2,)
    back = split.without(0)
    assert [edit.words for edit in back.edits] == ["Hvordan gik det?"]
    assert words(back)[1:] == words(draft)[1:]


def test_what_was_put_in_can_be_corrected_and_taken_away(draft: TextDraft) -> None:
    more = draft.inserted(at(draft, 2), "Ny.", after=True, speaker="Bo")
    more = more.changed(at(more, 1), words="Nå?")
    more = more.changed(at(more, 3), words="Helt ny.")
    assert words(more)[2] == "Helt ny."
    assert more.turns()[2].inserted == 0
    assert not more.turns()[1].joins
    assert words(more.deleted(at(more, 3)))[1:] == words(draft)[1:]


def test_a_join_ties_two_turns(draft: TextDraft) -> None:
    changed = draft.changed(at(draft, 4), words="Praktikken.")
    joined = changed.joined(at(changed, 3))
    assert words(joined)[2] == "Hvad hjalp dig mest?\nPraktikken."
    assert joined.on_top_of(0) == (1,)
    assert words(joined.without(0)) == words(draft)


def test_a_correction_that_does_not_fit_is_refused(draft: TextDraft) -> None:
    with pytest.raises(InvalidRequestError):
        draft.split(at(draft, 1), 0)
    with pytest.raises(InvalidRequestError):
        draft.changed(at(draft, 1), words="   ")


def test_a_time_of_zero_is_a_time_and_an_empty_one_takes_it_away(study: Study, draft: TextDraft) -> None:
    timed = draft.changed(at(draft, 1), time_seconds=0.0)
    assert at(timed, 1).time_seconds == 0.0
    editing.edit_turns(study, "amira", timed.edits, actor="Anna", based_on=1)
    stored = open_draft(study, "amira")
    assert at(stored, 1).time_seconds == 0.0
    assert at(stored.changed(at(stored, 1), time_seconds=""), 1).time_seconds is None


def test_corrections_move_to_a_newer_text_where_their_turns_still_stand(
    study: Study, draft: TextDraft
) -> None:
    mine = draft.changed(at(draft, 3), words="Hvem hjalp dig?")
    mine = mine.changed(at(mine, 6), words="De ringede aldrig.")
    mine = mine.inserted(at(mine, 5), "Ja?", after=True)
    theirs = [TurnEdit(0, "insert", words="Goddag."), TurnEdit(5, words="De ringede sent.")]
    editing.edit_turns(study, "amira", theirs, actor="Bo", based_on=1)
    moved, left = moved_to(mine, open_draft(study, "amira"))
    assert moved.version == 2
    assert words(moved) == [
        "Goddag.",
        words(draft)[0],
        words(draft)[1],
        "Hvem hjalp dig?",
        words(draft)[3],
        "Og kommunen?",
        "Ja?",
        "De ringede sent.",
    ]
    assert [(each.edit.words, each.was) for each in left] == [("De ringede aldrig.", words(draft)[5])]


def test_a_preview_of_edits_says_what_saving_does_and_stores_nothing(study: Study, draft: TextDraft) -> None:
    mine = draft.changed(at(draft, 6), words="De ringede aldrig igen.")
    previewed = editing.preview_edits(study, "amira", mine.edits, based_on=1)
    assert len(editing.list_versions(study, "amira")) == 1
    stored = editing.edit_turns(study, "amira", mine.edits, actor="Anna", based_on=1)
    assert previewed.fates == stored.fates
    assert not previewed.stored
    with pytest.raises(InvalidRequestError):
        editing.preview_edits(study, "amira", mine.edits, based_on=1)


def test_going_back_is_previewed_and_the_newest_edit_can_be_undone(study: Study, draft: TextDraft) -> None:
    assert edit_to_undo(study, "amira", actor="Anna") is None
    mine = draft.deleted(at(draft, 6))
    editing.edit_turns(study, "amira", mine.edits, actor="Anna", based_on=1)
    assert edit_to_undo(study, "amira", actor="Anna") == 2
    assert edit_to_undo(study, "amira", actor="Bo") is None
    previewed = editing.preview_restore(study, "amira", 1)
    assert [fate.found_again for fate in previewed.fates].count(True) == 1
    assert editing.restore_version(study, "amira", 1, actor="Bo").fates == previewed.fates
