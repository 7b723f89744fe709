"""What is known of an interview: set with a new version of its text, corrected by hand, taken back as one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import docx
import pytest
from sqlmodel import select

from workbench.errors import InvalidRequestError
from workbench.i18n import set_language
from workbench.services import coding, importing, studies, transcripts
from workbench.services.files import GivenFile
from workbench.services.studies import Study
from workbench.services.transcript_notes import comments_left, memos_of, notes_of, take_comments
from workbench.store.tables import PersonRow

SAID = "Interviewer: Hvordan begyndte det hele?\nLeder: Vi fik tyve nye borgere på en måned.\nTolk: Ja.\n"
CORRECTED = SAID.replace("tyve", "tolv")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    set_language("en")
    made = studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")
    importing.import_transcripts(made, [GivenFile("leder_01.txt", SAID.encode())], actor="Ida")
    return made


def version_draft(study: Study, text: str = CORRECTED, name: str = "leder_01.txt") -> importing.ImportDraft:
    [draft] = importing.draft_transcripts(study, [GivenFile(name, text.encode())], changed="version")
    return draft


def facts_of(study: Study) -> transcripts.TranscriptFacts:
    [facts] = transcripts.list_transcripts(study)
    return facts


def test_a_new_version_takes_what_was_corrected_in_the_review_and_one_undo_takes_all_back(
    study: Study,
) -> None:
    before = facts_of(study)
    draft = importing.correct_draft(
        version_draft(study),
        name="Lederen",
        actor_group="company",
        held_on=date(2019, 5, 3),
        attributes={"kommune": "Odense"},
    )
    [line] = importing.save_transcripts(study, [draft], actor="Ida")
    facts = facts_of(study)
    assert (facts.name, facts.actor_group, facts.held_on) == ("Lederen", "company", date(2019, 5, 3))
    assert (dict(facts.attributes), facts.version) == ({"kommune": "Odense"}, 2)
    assert (line.name, line.facts) == ("Lederen", ("name", "actor_group", "held_on", "attributes"))
    assert line.message == "Also set: name, actor group, date, details."
    undone = coding.undo(study, actor="Ida")
    assert [event.action for event in undone] == ["text.reimport", "interview.update"]
    assert facts_of(study) == before
    coding.redo(study, actor="Ida")
    assert facts_of(study) == facts


def test_a_new_version_leaves_what_nobody_corrected(study: Study) -> None:
    transcripts.update_interview(
        study, "1", actor="Ida", name="Min leder", actor_group="company", attributes={"kommune": "Odense"}
    )
    before = facts_of(study)
    draft = version_draft(study)
    shown = importing.facts_when_saved(draft)
    assert (shown.name, shown.actor_group, shown.attributes) == (
        "Min leder",
        "company",
        {"kommune": "Odense"},
    )
    [line] = importing.save_transcripts(study, [draft], actor="Ida")
    assert (line.facts, line.message, line.name, line.actor_group) == ((), "", "Min leder", "company")
    facts = facts_of(study)
    assert (facts.name, facts.actor_group, facts.attributes) == (
        before.name,
        before.actor_group,
        before.attributes,
    )


def test_roles_and_names_of_speakers_that_somebody_gave_stand_over_the_study(study: Study) -> None:
    draft = importing.correct_speakers(
        version_draft(study), labels={"Leder": "Chef"}, roles={"Chef": "respondent"}
    )
    draft = importing.correct_speakers(draft, roles={"Tolk": "respondent"})
    importing.save_transcripts(study, [draft], actor="Ida")
    stored = transcripts.get_transcript(study, "1")
    assert {(turn.speaker, turn.role) for turn in stored.turns} == {
        ("Interviewer", "interviewer"),
        ("Chef", "respondent"),
        ("Tolk", "respondent"),
    }
    assert (set(stored.facts.persons), stored.facts.type) == ({"Chef", "Tolk"}, "group")
    coding.undo(study, actor="Ida")
    assert transcripts.get_transcript(study, "1").facts.persons == ("Leder",)


def test_a_sheet_given_with_a_new_version_says_what_is_known(study: Study) -> None:
    sheet = GivenFile("d.csv", b"fil;pseudonym;dato;alder\nleder_01;Lone;3. maj 2019;51\n")
    [line] = importing.import_transcripts(
        study,
        [GivenFile("leder_01.txt", CORRECTED.encode())],
        actor="Ida",
        participants=sheet,
        changed="version",
    )
    facts = facts_of(study)
    assert (facts.persons, facts.held_on, facts.attributes) == (("Lone",), date(2019, 5, 3), {"alder": "51"})
    assert line.facts == ("held_on", "persons")


def test_a_name_that_is_taken_is_refused_by_hand_and_numbered_with_a_new_version(study: Study) -> None:
    importing.import_transcripts(study, [GivenFile("Anden.txt", b"A: Noget andet.\nB: Nej.\n")], actor="Ida")
    with pytest.raises(InvalidRequestError, match="named Anden already"):
        transcripts.update_interview(study, "1", actor="Ida", name="Anden", actor_group="company")
    assert transcripts.get_transcript(study, "1").facts.actor_group == "leader"
    draft = importing.correct_draft(version_draft(study), name="Anden")
    [line] = importing.save_transcripts(study, [draft], actor="Ida")
    assert line.name == "Anden (2)"


def test_name_date_and_a_persons_attribute_are_corrected_and_taken_back(tmp_path: Path) -> None:
    set_language("en")
    study = studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")
    sheet = GivenFile("d.csv", b"fil;alder;kommune\nleder_01;51;Odense\n")
    importing.import_transcripts(
        study, [GivenFile("leder_01.txt", SAID.encode())], actor="Ida", participants=sheet
    )
    before = facts_of(study)
    assert before.attributes == {"alder": "51", "kommune": "Odense"}
    transcripts.update_interview(
        study, "1", actor="Ida", name="Lone", held_on=date(2020, 1, 2), attributes={"alder": ""}
    )
    after = facts_of(study)
    assert (after.name, after.interview, after.held_on) == ("Lone", "Lone", date(2020, 1, 2))
    assert after.attributes == {"kommune": "Odense"}
    transcripts.update_interview(study, "Lone", actor="Ida", held_on="")
    assert facts_of(study).held_on is None
    coding.undo(study, actor="Ida")
    coding.undo(study, actor="Ida")
    assert facts_of(study) == before


def test_a_correction_that_changes_nothing_is_no_event(study: Study) -> None:
    events = len(studies.list_history(study))
    transcripts.update_interview(study, "1", actor="Ida", name="leder_01", attributes={"x": ""})
    assert len(studies.list_history(study)) == events


def test_facts_corrected_again_since_are_not_taken_back_for_another(study: Study) -> None:
    transcripts.update_interview(study, "1", actor="Ida", actor_group="company")
    transcripts.update_interview(study, "1", actor="Bo", actor_group="citizen")
    with pytest.raises(InvalidRequestError):
        coding.undo(study, actor="Ida", only_own=True)
    assert facts_of(study).actor_group == "citizen"


# ---- one person in several interviews


def test_one_id_and_pseudonym_in_two_interviews_are_one_person(study: Study) -> None:
    sheet = GivenFile(
        "d.csv",
        "fil;pseudonym;deltager-id;alder\nfør;Amal;p7;34\nefter;Amal;p7;35\nanden;Amal;p8;50\n".encode(),
    )
    files = [
        GivenFile(f"{name}.txt", f"Interviewer: Hvad så, {name}?\nBorger: Det går {name}.\n".encode())
        for name in ("før", "efter", "anden")
    ]
    report = importing.import_transcripts(study, files, actor="Ida", participants=sheet)
    with study.read() as session:
        people = session.exec(select(PersonRow).where(PersonRow.pseudonym == "Amal")).all()
    assert sorted(str(person.survey_key) for person in people) == ["p7", "p8"]
    assert [line.shared_persons for line in report] == [(), ("Amal",), ()]
    facts = {each.name: each for each in transcripts.list_transcripts(study)}
    assert (facts["før"].shared_persons, facts["anden"].shared_persons) == (("Amal",), ())
    transcripts.remove_transcript(study, "efter", actor="Ida")
    assert {each.name: each.persons for each in transcripts.list_transcripts(study)}["før"] == ("Amal",)


# ---- comments as memos


def commented(tmp_path: Path) -> GivenFile:
    document = docx.Document()
    document.add_paragraph("Interviewer: Hvordan kom du herned?")
    run = document.add_paragraph("Borger: ").add_run("Jeg kom med bus hele vejen hertil.")
    document.add_comment(run, text="Spørg til tallet.", author="Bo", initials="B")
    path = tmp_path / "k.docx"
    document.save(str(path))
    return GivenFile.from_path(path)


def test_comments_of_a_file_become_memos_if_asked(tmp_path: Path, study: Study) -> None:
    [line] = importing.import_transcripts(study, [commented(tmp_path)], actor="Ida", comments="memos")
    assert line.memos == 1
    [memo] = memos_of(study, "k")
    assert (memo.coder, memo.text) == (
        "Ida",
        "Spørg til tallet.\nBo · “Jeg kom med bus hele vejen hertil.”",
    )
    assert len(notes_of(study, "k")) == 1
    assert take_comments(study, "k", actor="Ida") == 0


def test_comments_are_taken_over_later_and_given_back(tmp_path: Path, study: Study) -> None:
    [line] = importing.import_transcripts(study, [commented(tmp_path)], actor="Ida")
    text = transcripts.get_transcript(study, "k").text
    assert (line.memos, memos_of(study, "k")) == (0, ())
    assert comments_left(text, notes_of(study, "k"), ()) == 1
    assert take_comments(study, "k", actor="Ida") == 1
    assert comments_left(text, notes_of(study, "k"), memos_of(study, "k")) == 0
    coding.undo(study, actor="Ida")
    assert memos_of(study, "k") == ()
