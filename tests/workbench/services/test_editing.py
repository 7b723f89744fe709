"""Texts corrected after coding: every coding carried over, told of, and brought back by undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from interviews import Annotation, SpeakerGuess, Transcript
from tests.workbench.services.editing_material import (
    HEALTH,
    LANGUAGE,
    QUOTES,
    coded_study,
    corrected,
    lines_as_turns,
    quotes,
    text_of,
)
from workbench.errors import InvalidCodingError, InvalidRequestError, NotFoundError
from workbench.i18n import set_language
from workbench.services import coding, editing, quotations
from workbench.services.checking import check_study
from workbench.services.coding_files import export_codings
from workbench.services.files import GivenFile
from workbench.services.schemes import code_uses, require_scheme
from workbench.services.studies import Study, describe_study, list_history
from workbench.services.theme_frames import theme_frames
from workbench.services.transcripts import get_transcript, list_transcripts, version_text


@pytest.fixture
def study(study_reference: str) -> Study:
    """The interview `amira` with four codings."""
    return coded_study(study_reference)


def fates(change: editing.TextChange) -> dict[str, tuple[str, str | None]]:
    return {fate.coding_id: (fate.status, fate.new_quote) for fate in change.fates}


EDITS = (
    ("Hvordan gik det", "Nå, hvordan gik det"),
    ("ikke et ord dansk", "ikke ét eneste ord dansk"),
    ("Praktikken på plejehjemmet. ", ""),
)


def edit(study: Study, *changes: tuple[str, str], actor: str = "Bo") -> editing.TextChange:
    return editing.replace_text(study, "amira", corrected(study, *(changes or EDITS)), actor=actor)


def test_a_new_text_carries_every_coding_over_and_says_what_became_of_it(study: Study) -> None:
    old_text = text_of(study)
    change = edit(study)
    assert fates(change) == {
        "coding-0": ("kept", "svært i begyndelsen 🙂"),
        "coding-1": ("changed", "ikke ét eneste ord dansk"),
        "coding-2": ("lost", None),
        "coding-3": ("kept", "ringede aldrig tilbage"),
    }
    assert dict(change.counts) == {"kept": 2, "moved": 0, "changed": 1, "lost": 1}
    assert (change.version, change.previous_version, change.stored) == (2, 1, True)
    assert change.as_dict()["counts"] == dict(change.counts)
    assert quotes(study) == {
        "coding-0": "svært i begyndelsen 🙂",
        "coding-1": "ikke ét eneste ord dansk",
        "coding-3": "ringede aldrig tilbage",
    }
    [asking] = [row for row in coding.list_codings(study) if row.review is not None]
    assert (asking.id, asking.review, asking.earlier_quote) == ("coding-1", "changed", QUOTES[1])
    assert version_text(study, change.transcript_id, 1) == old_text
    assert check_study(study).problems == ()


def test_a_preview_stores_nothing_and_says_the_same(study: Study) -> None:
    events = len(list_history(study, limit=None))
    new = corrected(study, *EDITS)
    seen = editing.preview_text(study, "amira", new)
    assert (seen.stored, get_transcript(study, "amira").facts.version) == (False, 1)
    assert len(list_history(study, limit=None)) == events
    assert editing.replace_text(study, "amira", new, actor="Bo").fates == seen.fates


def test_the_same_text_makes_no_version(study: Study) -> None:
    change = editing.replace_text(study, "amira", corrected(study), actor="Bo")
    assert (change.changed, change.stored, change.version) == (False, False, 1)
    assert [facts.version for facts in editing.list_versions(study, "amira")] == [1]


def test_other_white_space_asks_nobody_to_look(study: Study) -> None:
    change = edit(study, ("ikke et ord dansk", "ikke  et ord dansk"))
    assert fates(change)["coding-1"] == ("kept", "ikke  et ord dansk")
    assert editing.codings_to_review(study) == []


def test_an_edit_is_taken_back_and_done_again_as_one_change(study: Study) -> None:
    before = [row.as_dict() for row in coding.list_codings(study)]
    edit(study)
    after, lost = [row.as_dict() for row in coding.list_codings(study)], editing.codings_to_review(study)
    for _ in range(2):
        assert len(coding.undo(study, actor="Bo", only_own=True)) == 1
        assert [row.as_dict() for row in coding.list_codings(study)] == before
        assert get_transcript(study, "amira").facts.version == 1
        assert editing.codings_to_review(study) == []
        assert len(coding.redo(study, actor="Bo", only_own=True)) == 1
        assert [row.as_dict() for row in coding.list_codings(study)] == after
        assert editing.codings_to_review(study) == lost
    assert check_study(study).problems == ()


def test_an_edit_is_one_small_event(study: Study) -> None:
    change = edit(study, ("tre måneder", "fire måneder"))
    [event] = [entry for entry in list_history(study) if entry.entity == "text"]
    assert event.before is not None
    assert event.before["codings"] == {}
    assert event.after is not None
    assert event.after["counts"]["kept"] == 4 == change.counts["kept"]
    edit(study, ("Hvordan gik", "Nå, hvordan gik"))
    [event, _] = [entry for entry in list_history(study) if entry.entity == "text"]
    assert event.after is not None
    assert len(event.after["codings"]) == 4
    assert all(set(values) == {"at"} for values in event.after["codings"].values())


def test_undo_of_an_edit_carries_back_what_was_coded_since(study: Study) -> None:
    edit(study)
    for words in ("ringede aldrig", "eneste"):
        coding.add_coding(study, "amira", **_at(study, words), code=HEALTH, actor="Anna")
    coding.undo(study, actor="Bo", only_own=True)
    assert [row.quote for row in coding.list_codings(study) if row.code == HEALTH] == ["ringede aldrig"]
    assert [(row.status, row.old_quote) for row in editing.codings_to_review(study)] == [("lost", "eneste")]
    assert check_study(study).problems == ()
    coding.redo(study, actor="Bo", only_own=True)
    assert {row.quote for row in coding.list_codings(study) if row.code == HEALTH} == {
        "ringede aldrig",
        "eneste",
    }
    assert check_study(study).problems == ()


def test_an_edit_that_was_edited_again_is_not_taken_back(study: Study) -> None:
    edit(study)
    edit(study, ("tre måneder", "fire måneder"), actor="Anna")
    with pytest.raises(InvalidRequestError) as refused:
        coding.undo(study, actor="Bo", only_own=True)
    assert refused.value.reason == "changed_since"
    coding.undo(study, actor="Anna", only_own=True)
    coding.undo(study, actor="Bo", only_own=True)
    assert sorted(quotes(study).values()) == sorted(QUOTES)


# ---- older changes taken back across an edit


def _at(study: Study, words: str) -> dict[str, int]:
    start = text_of(study).index(words)
    return {"start": start, "end": start + len(words)}


def _surface(study: Study, kind: str, **fields: Any) -> dict[str, Any]:
    facts = get_transcript(study, "amira").facts
    named = {"op_id": f"{kind}-{fields['coding_id']}", "kind": kind, "document": facts.id}
    return named | {"version": str(facts.version)} | fields


@pytest.mark.parametrize(
    ("older", "left"),
    [
        (lambda study: coding.remove_coding(study, "coding-3", actor="Anna"), "ringede aldrig tilbage"),
        (lambda study: coding.recode(study, "coding-3", HEALTH, actor="Anna"), "ringede aldrig tilbage"),
        (lambda study: coding.write_memo(study, "coding-3", "hør", actor="Anna"), "ringede aldrig tilbage"),
    ],
)
def test_an_older_change_is_taken_back_where_the_words_are_now(
    study: Study, older: Callable[[Study], None], left: str
) -> None:
    before = [(row.id, row.code, row.memo) for row in coding.list_codings(study)]
    older(study)
    edit(study, ("Hvordan gik det", "Nå, hvordan gik det"))
    coding.undo(study, actor="Anna", only_own=True)
    assert [(row.id, row.code, row.memo) for row in coding.list_codings(study)] == before
    assert quotes(study)["coding-3"] == left
    assert check_study(study).problems == ()
    coding.redo(study, actor="Anna", only_own=True)
    assert check_study(study).problems == ()


def test_taking_back_an_older_coding_takes_it_away_wherever_it_is_now(study: Study) -> None:
    added = coding.add_coding(study, "amira", **_at(study, "plejehjemmet"), code=HEALTH, actor="Cille")
    edit(study)
    assert {row.coding_id for row in editing.codings_to_review(study) if row.status == "lost"} >= {added}
    coding.undo(study, actor="Cille", only_own=True)
    assert added not in {row.coding_id for row in editing.codings_to_review(study)}
    assert check_study(study).problems == ()


def test_a_removed_coding_whose_words_went_comes_back_as_lost(study: Study) -> None:
    coding.remove_coding(study, "coding-2", actor="Anna")
    edit(study)
    coding.undo(study, actor="Anna", only_own=True)
    assert "coding-2" not in quotes(study)
    assert [row.coding_id for row in editing.codings_to_review(study) if row.status == "lost"] == ["coding-2"]
    assert check_study(study).problems == ()


def test_an_older_extent_is_given_back_in_the_new_text(study: Study) -> None:
    resize = _surface(study, "resize", coding_id="coding-3", quote="ringede", **_at(study, "ringede"))
    assert coding.apply_operations(study, [resize], actor="Anna").refused == {}
    edit(study, ("Hvordan gik det", "Nå, hvordan gik det"))
    coding.undo(study, actor="Anna", only_own=True)
    assert quotes(study)["coding-3"] == "ringede aldrig tilbage"
    assert check_study(study).problems == ()


# ---- lost and changed codings


def test_a_lost_coding_counts_nowhere(study: Study) -> None:
    scheme = require_scheme(study)
    quotations.pin_quotation(study, "language", "coding-2", actor="Anna")
    edit(study, ("Praktikken på plejehjemmet. ", ""))
    assert "coding-2" not in quotes(study)
    assert describe_study(study).codings == 3
    [facts] = list_transcripts(study)
    assert (facts.codings, facts.codings_lost, facts.codings_changed) == (3, 1, 0)
    assert len(theme_frames(study, scheme).rows) == 3
    assert len(get_transcript(study, "amira").codings) == 3
    assert b"plejehjemmet" not in export_codings(study, "csv")
    assert {use.code.path: use.codings for use in code_uses(study)}[LANGUAGE] == 3
    choices = quotations.quotation_choices(study, "language")
    assert [choice.coding.id for choice in choices if choice.pinned] == []
    candidates = quotations.quotation_candidates(study, scheme, theme_frames(study, scheme), None)
    assert len(candidates["language"]) == 3
    with pytest.raises(NotFoundError):
        quotations.pin_quotation(study, "language", "coding-2", actor="Anna")
    quotations.pin_quotation(study, "language", "coding-0", actor="Anna")


def test_lost_and_changed_codings_are_put_before_the_coder_with_their_old_words(study: Study) -> None:
    coding.write_memo(study, "coding-2", "hør båndet", actor="Anna")
    edit(study, *EDITS[:2], ("på plejehjemmet. Kollegerne", "på et plejehjem i byen. Kollegerne"))
    edit(study, ("Praktikken på et plejehjem i byen. ", ""), ("Og kommunen?", "Og plejehjemmet?"))
    lost, changed = editing.codings_to_review(study)
    assert (lost.coding_id, lost.status, lost.old_quote, lost.memo) == (
        "coding-2",
        "lost",
        "plejehjemmet",
        "hør båndet",
    )
    assert (lost.code, lost.coder, lost.quote) == (LANGUAGE, "Anna", "plejehjem")
    assert lost.before.endswith("Praktikken på et ")
    assert lost.after.startswith(" i byen. Kollegerne")
    text = text_of(study)
    assert "plejehjemmet" in [text[each.start : each.end] for each in lost.proposals]
    assert (changed.status, changed.old_quote, changed.quote) == (
        "changed",
        "ikke et ord dansk",
        "ikke ét eneste ord dansk",
    )
    assert text[changed.start : changed.end] == changed.quote
    assert editing.codings_to_review(study, "amira") == [lost, changed]


def test_the_answers_to_a_review_can_be_taken_back(study: Study) -> None:
    edit(study)
    waiting = editing.codings_to_review(study)
    text = text_of(study)
    editing.place_again(study, "coding-2", text.index("Kollegerne"), text.index(" talte"), actor="Anna")
    assert editing.accept_changes(study, ["coding-1"], actor="Anna") == 1
    assert editing.codings_to_review(study) == []
    assert quotes(study)["coding-2"] == "Kollegerne"
    assert check_study(study).problems == ()
    coding.undo(study, actor="Anna", only_own=True)
    coding.undo(study, actor="Anna", only_own=True)
    assert editing.codings_to_review(study) == waiting
    assert check_study(study).problems == ()


def test_answers_that_do_not_fit_change_nothing(study: Study) -> None:
    edit(study)
    waiting = editing.codings_to_review(study)
    with pytest.raises(InvalidRequestError):
        editing.accept_changes(study, ["coding-1", "coding-2"], actor="Anna")
    with pytest.raises(InvalidCodingError):
        editing.place_again(study, "coding-2", 5, 5, actor="Anna")
    with pytest.raises(NotFoundError):
        editing.place_again(study, "never", 0, 5, actor="Anna")
    assert editing.codings_to_review(study) == waiting


def test_words_that_come_back_bring_their_lost_coding_back(study: Study) -> None:
    edit(study)
    change = editing.restore_version(study, "amira", 1, actor="Bo")
    assert change.version == 3
    assert {fate.coding_id for fate in change.fates if fate.found_again} == {"coding-2"}
    assert sorted(quotes(study).values()) == sorted(QUOTES)
    assert editing.codings_to_review(study) == []
    coding.undo(study, actor="Bo", only_own=True)
    assert [row.coding_id for row in editing.codings_to_review(study)] == ["coding-2", "coding-1"]
    assert check_study(study).problems == ()


# ---- versions


def test_every_version_stays_readable_with_its_codings_as_they_were(study: Study) -> None:
    coding.write_memo(study, "coding-0", "først", actor="Anna")
    before = coding.list_codings(study)
    edit(study)
    coding.write_memo(study, "coding-0", "siden", actor="Anna")
    coding.remove_coding(study, "coding-3", actor="Anna")
    text = text_of(study)
    editing.place_again(study, "coding-2", text.index("Kollegerne"), text.index(" talte"), actor="Anna")
    second = coding.list_codings(study)
    edit(study, ("tre måneder", "fire måneder"))
    old = editing.version_transcript(study, "amira", 1)
    assert list(old.codings) == before
    assert list(editing.version_transcript(study, "amira", 2).codings) == second
    assert next(old.text[turn.start : turn.end] for turn in old.turns) == "Hvordan gik det med sproget?"
    assert editing.version_transcript(study, "amira", 3).text == text_of(study)
    with pytest.raises(NotFoundError):
        editing.version_transcript(study, "amira", 4)


def test_the_list_of_versions_says_who_made_what_of_which_file(study: Study) -> None:
    new = corrected(study, *EDITS)
    editing.replace_text(study, "amira", new, actor="Bo", source=GivenFile("rettet.txt", b"x"))
    coding.undo(study, actor="Bo")
    edit(study, ("tre måneder", "fire måneder"), actor="Cille")
    editing.restore_version(study, "amira", 1, actor="Anna")
    one, two, three, four = editing.list_versions(study, "amira")
    assert (one.origin, one.author, one.source_name, one.current) == ("import", "Anna", "amira.txt", False)
    assert (two.origin, two.author, two.source_name, two.taken_back) == ("reimport", "Bo", "rettet.txt", True)
    assert dict(two.counts) == {"kept": 2, "moved": 0, "changed": 1, "lost": 1}
    assert (three.version, three.author, three.taken_back) == (3, "Cille", False)
    assert (four.origin, four.restored_version, four.current) == ("restore", 1, True)


# ---- turns


def test_single_turns_are_corrected_split_joined_deleted_and_inserted(study: Study) -> None:
    edits = [
        editing.TurnEdit(0, words="Hvordan gik det så med sproget?"),
        editing.TurnEdit(1, speaker="Amira A."),
        editing.TurnEdit(3, "split", at=len("Praktikken på plejehjemmet. "), speaker="Kollega"),
        editing.TurnEdit(4, "delete"),
        editing.TurnEdit(6, "insert", words=" Tak for snakken. ", speaker="Interviewer"),
    ]
    change = editing.edit_turns(study, "amira", edits, actor="Bo", based_on=1)
    stored = get_transcript(study, "amira")
    assert [(turn.speaker, stored.text[turn.start : turn.end][:12]) for turn in stored.turns] == [
        ("Interviewer", "Hvordan gik "),
        ("Amira A.", "Det var svær"),
        ("Interviewer", "Hvad hjalp d"),
        ("Amira", "Praktikken p"),
        ("Kollega", "Kollegerne t"),
        ("Amira", "De ringede a"),
        ("Interviewer", "Tak for snak"),
    ]
    assert change.counts["kept"] == 4
    joined = editing.edit_turns(study, "amira", [editing.TurnEdit(3, "join")], actor="Bo", based_on=2)
    assert joined.counts["kept"] == 4
    assert len(get_transcript(study, "amira").turns) == 6
    assert check_study(study).problems == ()


def test_in_an_edit_of_turns_like_lines_are_told_apart(study: Study) -> None:
    editing.replace_text(study, "amira", lines_as_turns("Ja.\nHvad?\nJa.\nNej."), actor="Bo")
    coding.add_codings(
        study,
        [
            {"id": "first", "transcript": "amira", "start": 0, "end": 3, "code": LANGUAGE},
            {"id": "second", "transcript": "amira", "start": 10, "end": 13, "code": LANGUAGE},
        ],
        actor="Anna",
    )
    edits = [editing.TurnEdit(0, "delete"), editing.TurnEdit(1, "delete")]
    change = editing.edit_turns(study, "amira", edits, actor="Bo", based_on=2)
    assert {key: value for key, value in fates(change).items() if "coding" not in key} == {
        "first": ("lost", None),
        "second": ("kept", "Ja."),
    }


@pytest.mark.parametrize(
    "unfit",
    [
        editing.TurnEdit(6),
        editing.TurnEdit(-1, "delete"),
        editing.TurnEdit(0, words=" "),
        editing.TurnEdit(0, "insert"),
        editing.TurnEdit(0, "split", at=0),
        editing.TurnEdit(0, "split"),
        editing.TurnEdit(5, "join"),
    ],
)
def test_an_edit_that_does_not_fit_is_named_and_nothing_changes(
    study: Study, unfit: editing.TurnEdit
) -> None:
    set_language("en")
    with pytest.raises(InvalidRequestError, match="nothing was changed"):
        editing.edit_turns(
            study, "amira", [editing.TurnEdit(1, words="Andre ord"), unfit], actor="Bo", based_on=1
        )
    assert [facts.version for facts in editing.list_versions(study, "amira")] == [1]


def test_a_text_without_words_is_refused(study: Study) -> None:
    for new in (Transcript(""), Transcript(" \n")):
        with pytest.raises(InvalidRequestError):
            editing.replace_text(study, "amira", new, actor="Bo")
    with pytest.raises(InvalidRequestError):
        editing.edit_turns(
            study, "amira", [editing.TurnEdit(n, "delete") for n in range(6)], actor="Bo", based_on=1
        )
    assert len(coding.list_codings(study)) == 4


def test_who_comes_second_loses_nothing_and_is_told(study: Study) -> None:
    edit(study, ("tre måneder", "fire måneder"))
    set_language("en")
    with pytest.raises(InvalidRequestError, match="version 2 is in use") as refused:
        editing.edit_turns(study, "amira", [editing.TurnEdit(0, words="Nå?")], actor="Anna", based_on=1)
    assert refused.value.reason == "newer_version"
    assert "fire måneder" in text_of(study)


def test_what_is_known_of_unchanged_turns_stays(study: Study) -> None:
    known = corrected(study)
    turns = list(known.turns)
    turns[1] = replace(turns[1], status="interpreted", speaks_for="Amira", speaker="Tolk", time_seconds=12.5)
    speakers = (SpeakerGuess("Tolk", "interviewer", 1, 5), SpeakerGuess("Amira", "respondent", 2, 9))
    editing.replace_text(study, "amira", replace(known, turns=tuple(turns), speakers=speakers), actor="Bo")
    edit(study, ("tre måneder", "fire måneder"))
    facts = get_transcript(study, "amira").turns
    # The file names Amira, who is known: the file is right about the speaker, the study about the rest.
    assert (facts[1].speaker, facts[1].status, facts[1].speaks_for, facts[1].time_seconds) == (
        "Amira",
        "interpreted",
        "Amira",
        12.5,
    )
    assert {turn.role for turn in facts if turn.speaker == "Amira"} == {"respondent"}
    renamed = corrected(study, ("Nå", "Nå")) if "Nå" in text_of(study) else corrected(study)
    labels = {"Amira": "Fatma", "Interviewer": "Interviewr"}
    again = replace(
        renamed, turns=tuple(replace(turn, speaker=labels[turn.speaker or ""]) for turn in renamed.turns)
    )
    editing.replace_text(study, "amira", again, actor="Bo")
    assert {turn.speaker for turn in get_transcript(study, "amira").turns} == {"Amira", "Interviewr"}


def test_comments_of_the_file_follow_their_words(study: Study) -> None:
    text = text_of(study)
    notes = tuple(
        Annotation(text.index(words), text.index(words) + len(words), f"om {words}")
        for words in ("begyndelsen", "plejehjemmet")
    )
    editing.replace_text(study, "amira", replace(corrected(study), annotations=notes), actor="Bo")
    change = edit(study)
    assert (change.annotations, change.annotations_lost) == (1, 1)
    stored = get_transcript(study, "amira")
    [note] = stored.annotations
    assert (stored.text[note.start : note.end], note.text) == ("begyndelsen", "om begyndelsen")
    assert len(editing.version_transcript(study, "amira", 2).annotations) == 2
    assert check_study(study).problems == ()


# ---- gestures made on an older text


def test_gestures_made_before_an_edit_land_on_the_same_words(study: Study) -> None:
    gestures = [
        _surface(
            study, "add", coding_id="late", code=HEALTH, quote="tre måneder", **_at(study, "tre måneder")
        ),
        _surface(study, "resize", coding_id="coding-3", quote="ringede", **_at(study, "ringede")),
        _surface(study, "recode", coding_id="coding-0", code=HEALTH),
        _surface(study, "add", coding_id="gone", code=HEALTH, quote="Praktikken", **_at(study, "Praktikken")),
        _surface(
            study, "add", coding_id="wrong", code=HEALTH, quote="Praktikken", **_at(study, "tre måneder")
        ),
    ]
    edit(study)
    answer = coding.apply_operations(study, gestures, actor="Anna")
    assert list(answer.reasons.values()) == ["newer_version", "newer_version"]
    assert len(answer.done) == 3
    assert quotes(study)["late"] == "tre måneder"
    assert quotes(study)["coding-3"] == "ringede"
    assert check_study(study).problems == ()


def test_the_browser_is_told_of_every_coding_after_an_edit(study: Study) -> None:
    transcript_id = get_transcript(study, "amira").facts.id
    sequence, _ = coding.coding_snapshot(study, transcript_id)
    edit(study)
    _, changes = coding.changes_since(study, transcript_id, sequence)
    told = {change.coding_id: change.coding.quote if change.coding else None for change in changes}
    assert told == {**quotes(study), "coding-2": None}
