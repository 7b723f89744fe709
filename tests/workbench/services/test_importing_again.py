"""Files that come again: the same, the same words in another file, a corrected text, and their reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.i18n import set_language
from workbench.services import coding, importing, studies, transcripts
from workbench.services.files import GivenFile, OfferedFile
from workbench.services.import_reports import report_csv, report_table
from workbench.services.studies import Study

LINES = [
    "Interviewer: Hvordan begyndte det hele for dig?",
    "Leder: Vi fik tyve nye borgere på en måned.",
    "Interviewer: Hvad gjorde I så?",
    "Leder: Vi ansatte to sagsbehandlere og en tolk.",
    "Interviewer: Hvordan gik det med sproget?",
    "Leder: Sproget er svært for mange, men det går fremad.",
]
SAID = "\n".join(LINES) + "\n"
CORRECTED = SAID.replace("tyve nye borgere", "tolv nye borgere")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    set_language("en")
    made = studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")
    importing.import_transcripts(made, [GivenFile("leder_01.txt", SAID.encode())], actor="Ida")
    return made


def draft_of(study: Study, name: str, text: str) -> importing.ImportDraft:
    [draft] = importing.draft_transcripts(study, [GivenFile(name, text.encode())])
    return draft


def test_the_same_bytes_are_known_under_any_name(study: Study) -> None:
    draft = draft_of(study, "noget helt andet.txt", SAID)
    assert draft.match is not None
    assert (draft.match.kind, draft.duplicate_of, draft.decision) == ("same_file", "leder_01", "skip")


def test_the_same_words_in_another_kind_of_file_are_known(study: Study) -> None:
    markdown = "\n\n".join(f"**{label}:** {said}" for label, said in (line.split(": ", 1) for line in LINES))
    [line] = importing.import_transcripts(study, [GivenFile("andet.md", markdown.encode())], actor="Ida")
    assert (line.status, line.name) == ("same_file", "leder_01")
    assert "has these words already" in line.message
    assert len(transcripts.list_transcripts(study)) == 1


def test_the_same_words_twice_in_one_import_are_stored_once(study: Study) -> None:
    said = "A: Hvad så?\nB: Ikke noget særligt i dag.\n"
    report = importing.import_transcripts(
        study, [GivenFile("x.txt", said.encode()), GivenFile("y.md", said.encode())], actor="Ida"
    )
    assert [(line.status, line.name) for line in report] == [("imported", "x"), ("same_file", "x")]


def test_a_file_of_the_same_name_with_another_text_has_changed(study: Study) -> None:
    draft = draft_of(study, "Leder_01.docx.txt".replace(".docx", ""), "A: Noget ganske andet.\n")
    assert draft.match is not None
    assert (draft.match.kind, draft.match.by, draft.match.share) == ("changed", "name", 0.0)


def test_a_nearly_equal_text_under_another_name_has_changed(study: Study) -> None:
    draft = draft_of(study, "rettet udgave.txt", CORRECTED)
    assert draft.match is not None
    assert (draft.match.kind, draft.match.by, draft.match.name) == ("changed", "text", "leder_01")
    kept = [line.split(": ", 1)[1] for line in LINES]
    equal = sum(len(line) for line in kept if "tyve" not in line)
    assert draft.match.share == pytest.approx(equal / sum(map(len, kept)), abs=0.001)


def test_an_interview_with_the_same_questions_is_another_interview(study: Study) -> None:
    other = "\n".join(
        line if line.startswith("Interviewer") else f"Leder: Svar nummer {number}, som er langt og sit eget."
        for number, line in enumerate(LINES)
    )
    assert draft_of(study, "leder_02.txt", other).match is None


def test_corrected_speakers_in_the_same_format_are_a_change(study: Study) -> None:
    draft = draft_of(study, "leder_01.txt", SAID.replace("Leder:", "Karin:"))
    assert draft.match is not None
    assert (draft.match.kind, draft.match.share) == ("changed", 1.0)


def test_a_changed_file_is_left_out_until_somebody_chooses(study: Study) -> None:
    [line] = importing.import_transcripts(study, [GivenFile("leder_01.txt", CORRECTED.encode())], actor="Ida")
    assert (line.status, line.name) == ("changed", "leder_01")
    assert "--changed version" in line.message
    assert "--changed new" in line.message
    assert transcripts.get_transcript(study, "leder_01").text.count("tyve") == 1


def test_a_changed_file_may_become_an_interview_of_its_own(study: Study) -> None:
    [line] = importing.import_transcripts(
        study, [GivenFile("leder_01.txt", CORRECTED.encode())], actor="Ida", changed="new"
    )
    assert (line.status, line.name) == ("imported", "leder_01 (2)")


def test_the_report_tells_all_of_a_file_and_is_json(study: Study) -> None:
    said = "Dato: 3. maj 2019\n\nInterviewer: Hvad nu?\nBorger: Nu går det bedre end før.\n"
    [line] = importing.import_transcripts(study, [GivenFile("2019_b.txt", said.encode("cp1252"))], actor="I")
    told = json.loads(json.dumps(line.as_dict()))
    assert (told["status"], told["turns"], told["actor_group"]) == ("imported", 2, "citizen")
    assert [speaker["label"] for speaker in told["speakers"]] == ["Interviewer", "Borger"]
    assert told["guesses"]["actor_group"] == {
        "value": "citizen",
        "source": "speakers",
        "said": "Borger",
        "score": None,
    }
    assert told["warnings"] == [str(warning) for warning in line.warnings]


def test_a_stopped_import_says_which_files_were_left(study: Study) -> None:
    drafts = importing.draft_transcripts(
        study, [GivenFile(f"{n}.txt", f"A: Ja?\nB: Nej {n}, aldrig.\n".encode()) for n in range(3)]
    )
    seen: list[str] = []
    report = importing.save_transcripts(
        study, drafts, actor="Ida", on_file=seen.append, is_cancelled=lambda: len(seen) == 1
    )
    assert [line.status for line in report] == ["imported", "cancelled", "cancelled"]
    assert [facts.name for facts in transcripts.list_transcripts(study)] == ["leder_01", "0"]


def test_a_file_over_the_limit_is_refused_before_it_is_copied(study: Study) -> None:
    def copy() -> bytes:
        raise AssertionError("the content was asked for")

    [draft] = importing.draft_transcripts(study, [OfferedFile("film.docx", 200 * 1024**2, copy)])
    assert (draft.transcript, draft.reason) == (None, "too_large")


def test_a_corrected_interpreter_and_a_summary_are_stored_with_their_turns(study: Study) -> None:
    said = "Interviewer: Hvad siger han?\nBorger: Ja.\nTolk: Han siger ja.\n"
    draft = draft_of(study, "b.txt", said)
    draft = importing.correct_draft(draft, status="summary", speaks_for={"Tolk": "Borger"})
    importing.save_transcripts(study, [draft], actor="Ida")
    with study.read() as session:
        from workbench.store import transcripts as store

        row = store.find_transcript(session, study.study_id, "b")
        turns = store.turns_of(session, store.current_version(session, row).id)
    assert [(turn.speaker, turn.status, turn.speaks_for) for turn in turns] == [
        ("Interviewer", "summary", None),
        ("Borger", "summary", None),
        ("Tolk", "interpreted", "Borger"),
    ]


def test_persons_of_a_sheet_are_stored_under_their_labels(study: Study) -> None:
    sheet = "fil;pseudonym;alder;kommune\ng1;Amina;34;Vejle\ng1;Omar;51;Vejle\ng1;Sara;20;Vejle\n"
    said = "Moderator: Ja?\nAmina: Nej.\nOmar: Jo, måske.\n"
    importing.import_transcripts(
        study,
        [GivenFile("g1.txt", said.encode())],
        actor="Ida",
        participants=GivenFile("p.csv", sheet.encode()),
    )
    facts = transcripts.list_transcripts(study)[1]
    assert (facts.type, set(facts.persons), dict(facts.attributes)) == (
        "group",
        {"Amina", "Omar", "Sara"},
        {"kommune": "Vejle"},
    )


def test_a_date_in_the_file_name_is_the_day_of_the_interview(study: Study) -> None:
    draft = draft_of(study, "2019-05-03 borger 4.txt", "Interviewer: Ja?\nBorger: Nej da.\n")
    assert draft.held_on is not None
    assert draft.held_on.isoformat() == "2019-05-03"
    assert draft.guesses["held_on"].source == "file_name"


def test_a_changed_file_becomes_the_new_version_and_its_codings_follow(study: Study) -> None:
    text = transcripts.get_transcript(study, "leder_01").text
    start = text.index("Sproget er svært")
    coding.add_coding(study, "leder_01", start=start, end=start + 16, code="language", actor="Ida")
    corrected = CORRECTED.replace("tolv nye borgere", "tolv helt nye borgere")
    [line] = importing.import_transcripts(
        study, [GivenFile("leder_01.txt", corrected.encode())], actor="Ida", changed="version"
    )
    assert (line.status, line.name) == ("replaced", "leder_01")
    assert {status: count for status, count in line.codings.items() if count} == {"kept": 1}
    stored = transcripts.get_transcript(study, "leder_01")
    assert stored.facts.version == 2
    [kept] = stored.codings
    assert stored.text[kept.start : kept.end] == kept.quote == "Sproget er svært"
    # The file behind the newest version is known again; the one before it is another state.
    assert draft_of(study, "x.txt", corrected).duplicate_of == "leder_01"
    earlier = draft_of(study, "x.txt", SAID)
    assert earlier.match is not None
    assert earlier.match.kind == "changed"


def test_the_report_is_a_table_in_the_language_of_its_reader(study: Study) -> None:
    report = importing.import_transcripts(
        study,
        [GivenFile("b.txt", b"Interviewer: Hvad?\nBorger: Det.\n"), GivenFile("tom.txt", b"")],
        actor="Ida",
    )
    spec = report_table(report, language="da")
    assert [row[:3] for row in spec.rows] == [("b.txt", "gemt", "b"), ("tom.txt", "ikke læst", "tom")]
    assert spec.rows[0][8] == "Interviewer (Interviewer), Borger (Interviewet)"
    lines = report_csv(spec).decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Fil;Resultat;Navn")
    assert len(lines) == 4  # heading, two files, the end
