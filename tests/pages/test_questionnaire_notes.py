"""The tab of status notes: the note of the unit chosen, and what stands there without units."""

from __future__ import annotations

from pathlib import Path

from tests.workbench.services.test_status_notes import store_answers
from workbench.services.studies import create_study

from .numbers_material import open_part, page_texts, run_page


def test_the_note_of_the_chosen_unit_is_shown(tmp_path: Path) -> None:
    study = create_study(tmp_path / "notes", title="Notes", language="da", instrument="fip", actor="anna")
    store_answers(study)
    app = run_page("questionnaire", study)
    open_part(app, "notes")
    assert not app.exception
    app.selectbox(key="page.questionnaire.notes.unit.place").set_value("Nord").run()
    assert not app.exception
    assert "I runde 2 er der svar om 24 borgere fra Nord." in page_texts(app)
    app.selectbox(key="page.questionnaire.notes.unit.place").set_value("Lille").run()
    assert "Der er for få borgere til at vise tal" in page_texts(app)
