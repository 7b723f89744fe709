"""The demonstration study: its shape, its codings, its numbers, and what it says of itself."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from workbench.demo.build import NATURE, Demonstration, build_demo
from workbench.demo.marked_text import MarkedPassage, parse_marked
from workbench.errors import StudyExistsError, WorkbenchError
from workbench.services import coding, effects, schemes, studies, surveys, transcripts, triangulating
from workbench.services.checking import check_study
from workbench.services.studies import Study
from workbench.word.reader import docx_text

GROUPS = {"leader": 8, "caseworker": 8, "citizen": 20, "company": 8}
FULL_LENGTH, SHORTEST = 2500, 300


@pytest.fixture
def study(demonstration: Demonstration) -> Study:
    """The demonstration, for reading only."""
    return studies.open_study(demonstration.study)


def test_it_has_the_interviews_of_the_reference_study(study: Study) -> None:
    listed = transcripts.list_transcripts(study)
    assert Counter(facts.actor_group for facts in listed) == GROUPS
    citizens = [facts for facts in listed if facts.actor_group == "citizen"]
    assert Counter(facts.attributes["gender"] for facts in citizens) == {"women": 10, "men": 10}
    assert len({facts.attributes["municipality"] for facts in citizens}) == 5
    assert {facts.type for facts in listed if facts.actor_group == "caseworker"} == {"group"}
    assert {facts.type for facts in citizens} == {"individual"}


def test_each_group_has_a_full_length_interview_and_none_is_a_stub(study: Study) -> None:
    words: dict[str | None, list[int]] = {}
    for facts in transcripts.list_transcripts(study):
        words.setdefault(facts.actor_group, []).append(facts.words)
    assert all(max(counts) >= FULL_LENGTH for counts in words.values()), words
    assert min(min(counts) for counts in words.values()) >= SHORTEST


def test_everything_in_it_holds_together(study: Study) -> None:
    report = check_study(study)
    assert report.problems == ()
    assert report.checked["texts"] == 44


def test_every_turn_has_a_speaker_and_no_mark_is_left_in_a_text(study: Study) -> None:
    for facts in transcripts.list_transcripts(study):
        stored = transcripts.get_transcript(study, facts.id)
        assert not {"{", "}", "|"} & set(stored.text), facts.name
        assert all(turn.speaker for turn in stored.turns if turn.kind == "speech"), facts.name
        assert {"interviewer", "respondent"} <= {turn.role for turn in stored.turns}, facts.name


def test_every_code_is_used_and_some_passages_carry_none(study: Study) -> None:
    assert [use.code.path for use in schemes.code_uses(study) if not use.codings and use.code.parent] == []
    themes = {each.code.partition("/")[0] for each in coding.list_codings(study)}
    assert themes == {"language", "health", "motivation", "women", "igu"}
    for facts in transcripts.list_transcripts(study):
        stored = transcripts.get_transcript(study, facts.id)
        coded = set().union(*(range(each.start, each.end) for each in stored.codings))
        assert 0 < len(coded) < len(stored.text), facts.name


def test_part_of_it_is_coded_twice_with_disagreement(study: Study) -> None:
    coders: dict[str, set[str]] = {}
    for each in coding.list_codings(study):
        coders.setdefault(each.transcript, set()).add(each.coder)
    twice = {name for name, names in coders.items() if len(names) == 2}
    assert 4 <= len(twice) < 44
    mine, theirs = (
        {(each.transcript, each.start, each.end, each.code) for each in coding.list_codings(study)
         if each.coder == coder and each.transcript in twice}
        for coder in ("Karen", "Mikkel")
    )  # fmt: skip
    assert mine & theirs
    assert mine - theirs
    assert theirs - mine


def test_answers_have_the_published_counts(study: Study) -> None:
    [source] = surveys.answers_sources(study)
    collected = {row["round"]: row for row in source.flow if row["stage"] == "collected"}
    assert [collected[n][who] for n in (1, 2) for who in ("citizen", "caseworker")] == [1150, 1145, 617, 631]
    assert source.nature == "simulated"


def test_estimates_are_the_published_ones(study: Study) -> None:
    [row] = [
        stored.value
        for stored in effects.list_estimates(study)
        if (stored.value.outcome, stored.value.subgroup, stored.value.period) == ("internship", "all", "2018")
        and stored.value.model
    ][:1]
    assert (row.estimate, row.std_error, row.treated_mean) == (0.031, 0.012, 0.12)


def test_some_verdicts_are_confirmed_and_igu_is_silent(study: Study) -> None:
    rows = {row.theme: row for row in triangulating.joint_display(study, language="en").rows}
    assert rows["igu"].evidence == ()
    assert rows["igu"].proposal.verdict.id == "silence"
    confirmed = [row for row in rows.values() if row.confirmed is not None]
    assert 0 < len(confirmed) < 5
    assert all(row.confirmed is not None and row.confirmed.rationale for row in confirmed)


def test_it_says_in_both_languages_what_is_invented_simulated_and_published(
    study: Study, demonstration: Demonstration
) -> None:
    assert studies.describe_study(study).settings["nature"] == NATURE
    words = [("opdigtede", "invented"), ("simulerede", "simulated"), ("offentliggjorte", "published")]
    for text, (danish, english) in zip(NATURE, words, strict=True):
        assert danish in text["da"]
        assert english in text["en"]
    report = docx_text(demonstration.report.read_bytes()).text
    for text in NATURE:
        assert text["da"] in report


def _facts(path: Path) -> dict[str, list[tuple[object, ...]]]:
    queries = {
        "codings": "SELECT t.name, c.start, c.end, c.quote, k.path, o.name FROM coding c "
        "JOIN transcript t ON t.id = c.transcript_id JOIN code k ON k.id = c.code_id "
        "JOIN coder o ON o.id = c.coder_id",
        "texts": "SELECT t.name, v.text FROM transcript_version v JOIN transcript t ON t.id = transcript_id",
        "answers": 'SELECT p.key, r.respondent, r.round, r.answered_on, r."values" FROM survey_response r '
        "JOIN survey_person p ON p.id = r.survey_person_id",
        "estimates": "SELECT position, outcome, subgroup, period, estimate, std_error FROM estimate",
        "links": "SELECT k.path, l.kind, l.target, l.level FROM link l JOIN code k ON k.id = l.code_id",
    }
    with closing(sqlite3.connect(path)) as connection:
        return {name: sorted(map(repr, connection.execute(query))) for name, query in queries.items()}  # type: ignore[misc]


def test_two_builds_hold_the_same(demonstration: Demonstration, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    again = build_demo(tmp_path / "again", on_step=lambda done, total: steps.append((done, total)))
    assert _facts(again.study) == _facts(demonstration.study)
    assert steps == [(n, len(steps)) for n in range(1, len(steps) + 1)]
    # A second build over it is refused, and leaves it.
    before = again.report.read_bytes()
    with pytest.raises(StudyExistsError):
        build_demo(tmp_path / "again")
    assert again.report.read_bytes() == before


def test_a_cancelled_build_leaves_no_study(tmp_path: Path) -> None:
    def cancel(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_demo(tmp_path, on_step=cancel)
    assert list(tmp_path.iterdir()) == []


def test_a_copy_can_be_changed_without_the_original(
    demonstration: Demonstration, demonstration_study: Callable[[Path], Study], tmp_path: Path
) -> None:
    copy = demonstration_study(tmp_path)
    coding.add_coding(copy, "1", start=0, end=5, code="igu", actor="Ida")
    original = studies.open_study(demonstration.study)
    assert len(coding.list_codings(copy)) == len(coding.list_codings(original)) + 1


MARKED = (
    "# actor_group: citizen\n# date: 2026-01-02\n# persons: I=interviewer; A=respondent\n\nI: {}\n\nA: {}\n"
)


def test_marks_become_passages_and_leave_the_words() -> None:
    parsed = parse_marked(MARKED.format("Nå?", "Jeg {{AB:a+b|kan {{B:c|lidt}} dansk||Husk}}."), name="x.txt")
    assert parsed.paragraphs == ("I: Nå?", "A: Jeg kan lidt dansk.")
    assert parsed.roles == {"I": "interviewer", "A": "respondent"}
    assert sorted(parsed.passages, key=lambda each: (each.coder, each.code)) == [
        MarkedPassage(1, 7, 21, "a", "A", "Husk"),
        MarkedPassage(1, 7, 21, "b", "A", "Husk"),
        MarkedPassage(1, 7, 21, "a", "B", ""),
        MarkedPassage(1, 7, 21, "b", "B", ""),
        MarkedPassage(1, 11, 15, "c", "B", ""),
    ]


@pytest.mark.parametrize("words", ["{{a kan", "{{a|kan", "{{a|kan {{b|lidt}}"])
def test_a_mark_that_is_not_closed_names_file_and_paragraph(words: str) -> None:
    with pytest.raises(WorkbenchError, match=r"x\.txt.*2"):
        parse_marked(MARKED.format("Nå?", words), name="x.txt")
