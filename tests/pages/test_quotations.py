"""The views "Find quotations" and "Code by question", and whose words a turn holds, on the page."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import CODER, PageOpener
from workbench.services import coding, segments
from workbench.services.files import GivenFile
from workbench.services.importing import import_transcripts
from workbench.services.studies import Study
from workbench.services.transcripts import get_transcript
from workbench.ui.coding_material import document_of
from workbench.ui.segments_label import speaker_with_tag, status_tag
from workbench.ui.turn_text import turns_html

VIEW = "page.transcripts.view"
CODE = "language/lack_of_danish"
QUOTES = (
    "Sproget er svært for [...] fremad\n\nKommunen har lukket biblioteket i byen\n\nJeg vil gerne arbejde"
)


def locate_view(open_page: PageOpener, study: Study) -> AppTest:
    app = open_page("transcripts", study)
    app.session_state[VIEW] = "locate"
    return app.run()


def test_pasted_quotations_are_found_ticked_and_coded(open_page: PageOpener, coded_study: Study) -> None:
    app = locate_view(open_page, coded_study)
    app.text_area(key="page.locate.text").set_value(QUOTES)
    app.button(key="page.locate.find").click().run()
    assert not app.exception
    assert app.subheader[0].value == "2 citater fundet · 1 ikke fundet"
    assert [box.label.split(" · ")[0] for box in app.checkbox] == ["**leder_01", "**borger_01"]
    app.checkbox[1].uncheck()
    app.selectbox(key="page.locate.code").set_value(CODE).run()
    app.button(key="page.locate.code_them").click().run()
    assert not app.exception
    added = [each for each in coding.list_codings(coded_study) if each.origin == "import"]
    assert [(each.quote, each.code, each.coder) for each in added] == [
        ("Sproget er svært for mange. Men det går fremad", CODE, CODER)
    ]
    coding.undo(coded_study, actor=CODER)
    assert len(coding.list_codings(coded_study)) == 3


def test_differences_are_marked_in_the_words_of_the_interview(
    open_page: PageOpener, coded_study: Study
) -> None:
    app = locate_view(open_page, coded_study)
    app.text_area(key="page.locate.text").set_value("Sproget er svært for <b> mange. Det går fremad")
    app.button(key="page.locate.find").click().run()
    shown = next(
        block.value for block in app.get("html") if "wb-found" in block.value and "<ins>" in block.value
    )
    assert "<ins>Men</ins>" in shown
    assert "<del>b</del>" in shown


def test_nothing_pasted_says_what_to_do(open_page: PageOpener, coded_study: Study) -> None:
    app = locate_view(open_page, coded_study)
    app.button(key="page.locate.find").click().run()
    assert [info.value for info in app.info] == ["Sæt mindst ét citat ind, eller vælg en fil."]


def test_the_answers_to_a_shared_question_are_coded(open_page: PageOpener, coded_study: Study) -> None:
    said = "Interviewer: Hvordan går det så med at lære dansk?\n{who}: Langsomt for {who}.\n"
    files = [GivenFile(f"{who}.txt", said.format(who=who).encode()) for who in ("Amira", "Yonas")]
    import_transcripts(coded_study, files, actor=CODER)
    app = open_page("transcripts", coded_study)
    app.session_state[VIEW] = "questions"
    app.session_state["page.questions.rows"] = {"selection": {"rows": [0], "columns": []}}
    app.run()
    assert app.subheader[0].value == "Hvordan går det så med at lære dansk?"
    app.selectbox(key="page.questions.code").set_value(CODE).run()
    app.button(key="page.questions.code_them").click().run()
    assert not app.exception
    quotes = [each.quote for each in coding.list_codings(coded_study)]
    assert quotes[-2:] == ["Langsomt for Amira.", "Langsomt for Yonas."]


def test_interviews_without_a_shared_question_say_so(open_page: PageOpener, coded_study: Study) -> None:
    app = open_page("transcripts", coded_study)
    app.session_state[VIEW] = "questions"
    app.run()
    assert len(app.info) == 1


def test_selected_turns_are_marked_as_a_summary(open_page: PageOpener, coded_study: Study) -> None:
    transcript = get_transcript(coded_study, "leder_01")
    app = open_page("transcripts", coded_study)
    app.session_state["page.transcripts.selection.0"] = {"selection": {"rows": [0], "columns": []}}
    rows = f"page.segments.rows.{transcript.facts.id}.0"
    app.session_state[rows] = {"selection": {"rows": [1], "columns": []}}
    app.run()
    app.selectbox(key="page.segments.status").set_value("summary").run()
    app.session_state[rows] = {"selection": {"rows": [1], "columns": []}}
    app.button(key=f"page.segments.save.{transcript.facts.id}").click().run()
    assert not app.exception
    assert [each.status for each in segments.list_segments(coded_study, "leder_01")] == [
        "verbatim",
        "summary",
    ]


def test_what_a_turn_is_stands_by_its_speaker(coded_study: Study) -> None:
    segments.set_status(coded_study, "leder_01", {2}, "interpreted", actor=CODER, speaks_for="Amira")
    transcript = get_transcript(coded_study, "leder_01")
    html = turns_html(transcript.text, transcript.turns)
    assert "<b>Leder</b>&ensp;<i>tolket for Amira</i>" in html
    assert document_of(coded_study, transcript.facts).turns[1].speaker == "Leder · tolket for Amira"
    assert (status_tag("verbatim", None), speaker_with_tag(None, "notes", None)) == ("", "noter")
