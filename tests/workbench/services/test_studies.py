"""Creating, describing, changing and deleting studies; the log of what was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from coding_schemes import SchemeError
from workbench.errors import InvalidRequestError
from workbench.services import (
    coding,
    effects,
    importing,
    linking,
    studies,
    surveys,
    transcripts,
    triangulating,
)
from workbench.services.files import GivenFile
from workbench.services.studies import Study


def test_a_study_counts_what_it_holds(study_reference: str) -> None:
    study = studies.create_study(study_reference, title="T", scheme="immi", instrument="fip", actor="Ida")
    said = b"Interviewer: Ja?\nLeder: Nej tak.\n"
    importing.import_transcripts(study, [GivenFile("a.txt", said)], actor="Ida")
    coding.add_coding(study, "a", start=4, end=7, code="language", actor="Bo")
    facts = studies.describe_study(study).as_dict()
    wanted = {"interviews": 1, "transcripts": 1, "words": 3, "codings": 1, "coders": ["Bo"], "answers": 0}
    assert {name: facts[name] for name in wanted} == wanted
    assert (facts["scheme"], facts["instrument"], facts["estimates"]) == ("immi", "fip", 0)


def test_a_scheme_that_cannot_be_read_leaves_no_study(tmp_path: Path) -> None:
    with pytest.raises(SchemeError):
        studies.create_study(tmp_path / "s", scheme=tmp_path / "absent.toml")
    assert list(tmp_path.iterdir()) == []


def test_settings_are_merged_and_the_rest_left_alone(study_reference: str) -> None:
    study = studies.create_study(study_reference, title="T")
    studies.update_study(study, actor="Ida", settings={"a": 1, "b": 2})
    studies.update_study(study, actor="Bo", title="New", settings={"b": 3})
    facts = studies.describe_study(study)
    assert (facts.title, facts.language, dict(facts.settings)) == ("New", "da", {"a": 1, "b": 3})
    entry = studies.list_history(study)[0]
    assert (entry.actor, entry.action) == ("Bo", "study.update")
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["settings"], entry.after["settings"]) == ({"a": 1, "b": 2}, {"a": 1, "b": 3})


def test_a_deleted_study_leaves_nothing_and_one_in_a_database_stays(study_reference: str) -> None:
    study = studies.create_study(study_reference, title="T", scheme="immi", actor="Ida")
    if study.path is None:
        with pytest.raises(InvalidRequestError):
            studies.delete_study_file(study)
        assert studies.describe_study(study).title == "T"
    else:
        folder = study.path.parent
        studies.delete_study_file(study)
        assert list(folder.iterdir()) == []


ACTIONS = (
    *("scheme.set", "instrument.set", "transcript.import", "interview.update", "transcript.remove"),
    *("coding.add", "coding.recode", "coding.remove", "memo.add", "memo.remove", "study.update"),
    *("answers.import", "estimates.import", "link.add", "link.remove", "link.crosswalk"),
)


def _everything(study: Study) -> None:
    """One call of every service that changes a study."""
    importing.import_transcripts(
        study, [GivenFile("a.txt", b"Interviewer: Ja?\nLeder: Nej tak.\n")], actor="Ida"
    )
    transcripts.update_interview(study, "a", actor="Ida", actor_group="company")
    first = coding.add_coding(study, "a", start=4, end=7, code="language", actor="Ida", memo="Husk")
    coding.recode(study, first, "health", actor="Ida")
    coding.write_memo(study, first, "", actor="Ida")
    coding.remove_coding(study, first, actor="Ida")
    coding.undo(study, actor="Ida")
    coding.redo(study, actor="Ida")
    answers = b"id;round;b_job_importance;b_job_belief\np1;1;7;6\n"
    surveys.save_answers(study, surveys.draft_answers(study, GivenFile("f.csv", answers)), actor="Ida")
    estimates = b"outcome,subgroup,period,estimate,std_error\neducation,all,2018,0.1,0.02\n"
    effects.save_estimates(
        study, effects.draft_estimates(GivenFile("e.csv", estimates), label="x"), actor="Ida"
    )
    link = linking.add_link(study, "igu", "outcome:education", level="effect", actor="Ida")
    linking.remove_link(study, link, actor="Ida")
    linking.apply_crosswalk(study, "immi", actor="Ida")
    triangulating.confirm_verdict(study, "language", actor="Ida", rationale="Because", interpretation="So")
    studies.update_study(study, actor="Ida", title="New")
    transcripts.remove_transcript(study, "a", actor="Ida")


def test_every_change_leaves_an_event_and_none_ever_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = studies.create_study(tmp_path / "s", title="T", scheme="immi", instrument="fip", actor="Ida")
    seen: list[int] = []
    write = Study.write

    def watched(self: Study):  # type: ignore[no-untyped-def]
        return _Watched(write(self), lambda: seen.append(len(studies.list_history(study, limit=None))))

    with monkeypatch.context() as patch:
        patch.setattr(Study, "write", watched)
        _everything(study)
    # Each transaction that wrote left one event or more.
    assert seen == sorted(set(seen))
    assert len(seen) >= 16
    entries = studies.list_history(study, limit=None)
    assert [entry.sequence for entry in entries] == sorted(
        (entry.sequence for entry in entries), reverse=True
    )
    assert all(entry.actor == "Ida" for entry in entries)
    actions = {entry.action for entry in entries}
    assert actions >= set(ACTIONS)
    assert {entry.kind for entry in entries} == {"do", "undo", "redo"}
    assert all(entry.before is not None or entry.after is not None for entry in entries)
    removed = next(entry for entry in entries if entry.action == "coding.remove" and entry.kind == "do")
    assert removed.before is not None
    assert (removed.before["quote"], removed.after) == ("Nej", None)


class _Watched:
    """A transaction that tells when it has ended well."""

    def __init__(self, transaction, ended) -> None:  # type: ignore[no-untyped-def]
        self._transaction, self._ended = transaction, ended

    def __enter__(self):  # type: ignore[no-untyped-def]
        return self._transaction.__enter__()

    def __exit__(self, *failure: object) -> None:
        self._transaction.__exit__(*failure)
        if failure[0] is None:
            self._ended()
