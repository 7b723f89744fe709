"""Reading, correcting and removing transcripts of a study."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.errors import NotFoundError
from workbench.services import coding, importing, studies, transcripts
from workbench.services.files import GivenFile
from workbench.services.studies import Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Two interviews; the second one is called 1, like the number of the first."""
    study = studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")
    files = [
        GivenFile(name, f"Interviewer: Ja?\nLeder: Nej {name}.\n".encode()) for name in ("a.txt", "1.txt")
    ]
    importing.import_transcripts(study, files, actor="Ida")
    return study


def test_a_transcript_is_found_by_id_number_and_name_and_the_name_wins(study: Study) -> None:
    first, second = transcripts.list_transcripts(study)
    assert (first.number, second.number) == (1, 2)
    assert transcripts.get_transcript(study, first.id).facts.name == "a"
    assert transcripts.get_transcript(study, "2").facts.name == "1"
    assert transcripts.get_transcript(study, "1").facts.name == "1"
    with pytest.raises(NotFoundError, match="a, 1"):
        transcripts.get_transcript(study, "b")


def test_an_earlier_version_of_a_text_is_found_by_its_number(study: Study) -> None:
    facts = transcripts.list_transcripts(study)[0]
    assert transcripts.version_text(study, facts.id, 1) == "Ja?\nNej a.txt."
    with pytest.raises(NotFoundError):
        transcripts.version_text(study, facts.id, 2)


def test_corrections_of_an_interview_are_stored_and_logged(study: Study) -> None:
    transcripts.update_interview(
        study, "a", actor="Bo", actor_group="company", kind="group", attributes={"region": "Fyn"}
    )
    facts = transcripts.list_transcripts(study)[0]
    assert (facts.actor_group, facts.type, facts.attributes) == ("company", "group", {"region": "Fyn"})
    entry = studies.list_history(study)[0]
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["interview"]["actor_group"], entry.after["interview"]["actor_group"]) == (
        "leader",
        "company",
    )
    transcripts.update_interview(study, "a", actor="Bo", actor_group="", attributes={"region": ""})
    facts = transcripts.list_transcripts(study)[0]
    assert (facts.actor_group, facts.type, facts.attributes) == (None, "group", {})


def test_a_removed_transcript_takes_its_codings_and_leaves_their_trace(study: Study) -> None:
    coding.add_coding(study, "a", start=4, end=7, code="language", actor="Ida", memo="Husk")
    transcripts.remove_transcript(study, "a", actor="Bo")
    facts = studies.describe_study(study)
    assert (facts.transcripts, facts.interviews, facts.codings) == (1, 1, 0)
    entry = studies.list_history(study)[0]
    assert (entry.actor, entry.action) == ("Bo", "transcript.remove")
    assert entry.before is not None
    assert [row["quote"] for row in entry.before["codings"]] == ["Nej"]
    # The same file may be imported again: it is no duplicate of what is gone.
    again = importing.import_transcripts(
        study, [GivenFile("a.txt", b"Interviewer: Ja?\nLeder: Nej a.txt.\n")], actor="Ida"
    )
    assert [line.status for line in again] == ["imported"]
