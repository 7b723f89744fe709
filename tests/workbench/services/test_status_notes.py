"""Status notes: what is said, what is hidden in every place it could show, Word and zip, goals, stars."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from quant import ColumnMapping, load_instrument
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.services import caseload_stars, goals, note_documents, status_notes, surveys
from workbench.services.files import GivenFile
from workbench.services.studies import Study, create_study
from workbench.word import docx_text

SIZES = {"Nord": 24, "Sønder": 30, "Lille": 3, "Vest": 12}
GOALS = b"""
[[goals]]
id = "work"
label = { da = "I arbejde", en = "In work" }
statuses = ["job"]
at_least = 5
target = 0.3
"""


def answers_csv() -> bytes:
    """Persons of four places; those of Nord answer two points higher in round 2, all others as in round 1."""
    draw = np.random.default_rng(3)
    items = load_instrument("fip").item_ids()
    lines = [
        ",".join(["person", "round", "citizen_date", "caseworker_date", "gender", "age", "place", *items])
    ]
    for place, size in SIZES.items():
        for n in range(size):
            before = draw.integers(2, 5, len(items))
            for number in (1, 2):
                values = before + 2 * (place == "Nord" and number == 2)
                day = f"2018-0{number}-10"
                head = [f"{place}{n}", str(number), day, day, "women", "30", place]
                lines.append(",".join([*head, *map(str, values)]))
    return "\n".join(lines).encode()


def register_csv() -> bytes:
    """13 weeks of all: half of Nord work, a quarter of Sønder, one of Lille and two of Vest; one stranger."""
    working = {"Nord": 12, "Sønder": 8, "Lille": 1, "Vest": 6}
    lines = ["borger,uge,status"]
    for place, size in SIZES.items():
        for n in range(size):
            status = "job" if n < working[place] else "benefit"
            lines += [f"{place}{n},2018-W{week:02d},{status}" for week in range(1, 14)]
    lines.append("X1,2018-W01,job")
    return "\n".join(lines).encode()


def store_answers(study: Study) -> None:
    """Store the answers with their place as background, whatever the guess was."""
    draft = surveys.draft_answers(study, GivenFile("answers.csv", answers_csv()))
    background = {"gender": "gender", "age": "age", "place": "place"}
    mapping = ColumnMapping.from_dict({**draft.mapping.as_dict(), "background": background})
    draft = surveys.draft_answers(study, draft.file, mapping=mapping)
    surveys.save_answers(study, draft, actor="anna", nature="simulated", label="Svar")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = create_study(tmp_path / "notes", title="Notes", language="da", instrument="fip", actor="anna")
    store_answers(study)
    return study


@pytest.fixture
def with_goals(study: Study) -> Study:
    goals.import_goals(study, GivenFile("g.toml", GOALS), GivenFile("r.csv", register_csv()), actor="anna")
    return study


def test_sentences_say_more_only_where_the_interval_does(study: Study) -> None:
    north = status_notes.status_note(study, "Nord", language="da").sentences
    assert north[0] == "I runde 2 er der svar om 24 borgere fra Nord."
    assert any(s.startswith("Niveauet er højere end hos de andre på disse områder:") for s in north)
    assert any(s.startswith("Fra runde 1 til runde 2 er der fremgang på disse områder:") for s in north)
    south = status_notes.status_note(study, "Sønder", language="en").sentences
    assert not any("progress in these areas" in s for s in south)


def test_a_small_unit_and_the_one_beside_it_show_no_number_anywhere(with_goals: Study) -> None:
    for unit in ("Lille", "Vest"):
        note = status_notes.status_note(with_goals, unit, language="da")
        assert note.hidden
        assert note.persons is None
        numbers = note.comparison.drop(columns=["measure", "respondent", "name", "round", "hidden"])
        assert numbers.isna().all().all()
        assert note.star() is None
        assert note.sentences[0].startswith("Der er for få borgere til at vise tal")
        words = docx_text(note_documents.note_docx(note)).text
        assert "5,0" not in words


def test_no_note_names_another_unit(with_goals: Study) -> None:
    for note in status_notes.status_notes(with_goals, by="place", language="da"):
        words = docx_text(note_documents.note_docx(note)).text
        assert [place for place in SIZES if place in words] == [note.unit]


def test_goals_are_told_by_quarter_with_their_denominator(with_goals: Study) -> None:
    note = status_notes.status_note(with_goals, "Nord", language="da")
    assert note.quarter == "2018Q1"
    assert note.sentences[-1].startswith(
        "I arbejde: 12 af 24 borgere (50\u00a0pct.) i 1. kvartal 2018. Målet på 30\u00a0pct. er nået."
    )
    assert any("mindst 13 uger" in text and "1 personer i registret" in text for text in note.small_print)
    with pytest.raises(InvalidRequestError, match="2019Q1"):
        status_notes.status_note(with_goals, "Nord", quarter="2019K1")


def test_few_who_work_are_hidden_and_so_is_what_would_tell_of_them(with_goals: Study) -> None:
    shown = {
        note.unit: note.goals.iloc[0]
        for note in status_notes.status_notes(with_goals, by="place", language="da")
    }
    assert [unit for unit, row in shown.items() if row["hidden"]] == ["Lille", "Vest"]
    assert np.isnan(shown["Lille"]["others_k"])


def test_import_of_goals_that_fails_keeps_those_there_were(with_goals: Study) -> None:
    before = goals.study_goals(with_goals)
    assert before is not None
    with pytest.raises(InvalidRequestError, match=r"r\.csv"):
        goals.import_goals(
            with_goals,
            GivenFile("g.toml", GOALS),
            GivenFile("r.csv", b"person,week,status\nY1,2018-W01,job\n"),
            actor="anna",
        )
    after = goals.study_goals(with_goals)
    assert after is not None
    assert after.goals == before.goals
    assert after.fulfilment.equals(before.fulfilment)
    assert before.strangers == 1


def test_all_units_come_in_one_zip(with_goals: Study) -> None:
    made = status_notes.status_notes(with_goals, by="place", language="da")
    content = note_documents.notes_zip(made)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == [f"status_{place}.docx" for place in sorted(SIZES)]
    assert content == note_documents.notes_zip(made)


@pytest.mark.parametrize(("unit", "by"), [("Øst", None), ("Øst", "place"), ("women", "place")])
def test_a_unit_that_is_not_there_is_refused_with_what_is(study: Study, unit: str, by: str | None) -> None:
    with pytest.raises(NotFoundError, match=r"Nord|place"):
        status_notes.status_note(study, unit, by=by)


def test_stars_of_a_caseload_have_a_page_a_group_and_a_star_a_person(study: Study) -> None:
    sheets = caseload_stars.caseloads(study, by="place", language="da")
    assert [(sheet.unit, len(sheet.persons)) for sheet in sheets] == [
        ("Lille", 3),
        ("Nord", 24),
        ("Sønder", 30),
        ("Vest", 12),
    ]
    [small] = caseload_stars.caseloads(study, unit="Lille", language="en")
    words = docx_text(caseload_stars.stars_docx([small], language="en")).text
    assert "3 citizens" in words
    assert "Confidential" in words
