"""The interviews page: what an export holds, and an edited file on its way back."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import PageOpener
from tests.pages.test_transcripts import after_the_job
from workbench.services import coding
from workbench.services.exporting import export_transcript
from workbench.services.schemes import require_scheme, set_scheme
from workbench.services.studies import Study
from workbench.services.transcripts import get_transcript
from workbench.ui.transcripts_drafts import DRAFTS
from workbench.ui.transcripts_import import READING, SAVING
from workbench.ui.transcripts_list import SELECTION


def opened(open_page: PageOpener, study: Study) -> tuple[AppTest, str]:
    """The page with the first interview in view, and the interview's id."""
    app = open_page("transcripts", study)
    app.session_state[f"{SELECTION}.0"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    return app, get_transcript(study, "leder_01").facts.id


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


def test_the_choice_says_what_the_file_will_hold(open_page: PageOpener, coded_study: Study) -> None:
    coding.add_coding(coded_study, "leder_01", start=0, end=7, code="health", actor="Bo")
    app, key = opened(open_page, coded_study)
    assert "2 replikker · 3 kodninger · Bo: 1 · Ida: 2" in captions(app)
    app.multiselect(key=f"page.export.{key}.coders").set_value(["Ida"]).run()
    assert "2 kodninger · Ida: 2" in captions(app)
    app.multiselect(key=f"page.export.{key}.codes").set_value(["health"]).run()
    assert "0 kodninger" in captions(app)
    app.checkbox(key=f"page.export.{key}.codings").uncheck().run()
    assert "0 kodninger" in captions(app)
    assert not app.exception


def test_an_edited_file_is_shown_before_it_is_taken_back(open_page: PageOpener, coded_study: Study) -> None:
    page = export_transcript(coded_study, "leder_01", "html").decode()
    page = page.replace("[language/progress #", "[language/progress 3 #").replace("Hvordan", "Nå, hvordan")
    app, key = opened(open_page, coded_study)
    upload = ("leder_01.html", page.encode(), "text/html")
    app.file_uploader(key=f"page.export.{key}.back.0").set_value(upload).run()
    shown = "\n".join(each.value for each in app.markdown)
    assert "Teksten er rettet og bliver en ny udgave." in shown
    assert "1 kodning ændres" in shown
    assert get_transcript(coded_study, "leder_01").facts.version == 1
    app.button(key=f"page.export.{key}.take").click().run()
    stored = get_transcript(coded_study, "leder_01")
    assert stored.text.startswith("Nå, hvordan")
    assert {one.code: one.weight for one in stored.codings}["language/progress"] == 3
    assert not app.exception


def test_a_file_of_another_interview_is_not_taken_for_this_one(
    open_page: PageOpener, coded_study: Study
) -> None:
    other = export_transcript(coded_study, "borger_01", "docx")
    app, key = opened(open_page, coded_study)
    app.file_uploader(key=f"page.export.{key}.back.0").set_value(("b.docx", other, "x/x")).run()
    assert any("borger_01" in warning.value for warning in app.warning)


def test_an_exported_file_under_import_says_which_codes_it_would_create(
    open_page: PageOpener, coded_study: Study, empty_study: Study
) -> None:
    page = export_transcript(coded_study, "leder_01", "html").decode()
    page = page.replace("[language/progress #", "[language/brand_new #")
    set_scheme(empty_study, require_scheme(coded_study), actor="Ida")
    app = open_page("transcripts", empty_study)
    app.file_uploader(key="page.import.files.0").set_value([("l.html", page.encode(), "text/html")]).run()
    after_the_job(app.button(key="page.import.read").click().run(), READING)
    assert any("`language/brand_new`" in each.value for each in app.markdown)
    app.checkbox(key="page.import.0.0.unknown_codes").check().run()
    assert app.session_state[DRAFTS][0].unknown_codes == "create"
    after_the_job(app.button(key="page.import.save").click().run(), SAVING)
    assert "language/brand_new" in {one.code for one in coding.list_codings(empty_study)}
