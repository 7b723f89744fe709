"""The interviews page: import with review, the list, corrections, removal."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import PageOpener
from workbench.services.files import GivenFile
from workbench.services.importing import ImportDraft, draft_transcripts
from workbench.services.studies import Study
from workbench.services.transcripts import get_transcript, list_transcripts, update_interview
from workbench.ui.transcripts_import import WANTED
from workbench.ui.transcripts_list import SELECTION
from workbench.ui.transcripts_problems import problem_text, warning_text
from workbench.ui.transcripts_review import DRAFTS
from workbench.ui.turn_text import turns_html

LOOKALIKES = "Interviewer: Hvad så?\nLeder: Godt.\nInterviewer: Og nu?\nLedr: Fint nok.\nLeder: Ja.\n"


def read_files(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Upload files and read them, up to the review."""
    uploads = [(name, content, "text/plain") for name, content in files]
    app.file_uploader(key="page.import.files.0").set_value(uploads).run()
    return app.button(key="page.import.read").click().run()


def test_a_study_without_interviews_begins_with_the_import(open_page: PageOpener, empty_study: Study) -> None:
    app = open_page("transcripts", empty_study)
    assert app.session_state["page.transcripts.view"] == "import"
    assert app.button(key="page.import.read").disabled


def test_the_list_shows_every_interview_with_its_counts(open_page: PageOpener, coded_study: Study) -> None:
    app = open_page("transcripts", coded_study)
    frame = app.dataframe[0].value
    assert list(frame["Navn"]) == ["leder_01", "borger_01"]
    assert list(frame["Aktørgruppe"]) == ["Ledere", "Borgere"]
    assert list(frame["Kodninger"]) == [2, 1]


def test_nothing_is_stored_before_the_review_is_saved(open_page: PageOpener, empty_study: Study) -> None:
    app = read_files(open_page("transcripts", empty_study), ("a.txt", LOOKALIKES.encode()))
    assert list_transcripts(empty_study) == []
    app.button(key="page.import.save").click().run()
    assert [facts.name for facts in list_transcripts(empty_study)] == ["a"]
    assert app.success[0].value.startswith("1 interview er gemt")
    app.button(key="page.import.see").click().run()
    assert list(app.dataframe[0].value["Navn"]) == ["a"]


def test_a_broken_file_gives_one_message_and_the_rest_is_read(
    open_page: PageOpener, empty_study: Study
) -> None:
    app = read_files(open_page("transcripts", empty_study), ("tom.txt", b" "), ("a.txt", LOOKALIKES.encode()))
    listed = [each.value for each in app.markdown if each.value.startswith("- **")]
    assert listed == [
        "- **tom.txt**: Filen rummer ingen tekst. Se efter, at det er den rigtige fil, "
        "og at den blev gemt færdig."
    ]
    assert app.button(key="page.import.save").label == "Gem 1 interview"


def test_an_offered_merge_makes_one_speaker_and_one_respondent(
    open_page: PageOpener, empty_study: Study
) -> None:
    app = read_files(open_page("transcripts", empty_study), ("a.txt", LOOKALIKES.encode()))
    assert app.session_state[DRAFTS][0].kind == "group"
    app.button(key="page.import.0.0.merge.Ledr.Leder").click().run()
    draft = app.session_state[DRAFTS][0]
    assert [speaker.label for speaker in draft.transcript.speakers] == ["Interviewer", "Leder"]
    assert draft.kind == "individual"


def test_name_group_type_and_speakers_are_corrected_before_saving(
    open_page: PageOpener, coded_study: Study
) -> None:
    app = open_page("transcripts", coded_study)
    app.segmented_control(key="page.transcripts.view").set_value("import").run()
    read_files(app, ("x.txt", b"A: Hvad?\nB: Det her.\nA: Hvorfor?\nB: Derfor.\n"))
    app.text_input(key="page.import.0.0.name").set_value("firma_nord").run()
    app.selectbox(key="page.import.1.0.group").set_value("company").run()
    app.text_input(key="page.import.2.0.label.B").set_value("Mester").run()
    app.selectbox(key="page.import.3.0.role.A").set_value("interviewer").run()
    assert app.session_state[DRAFTS][0].kind == "individual"
    app.selectbox(key="page.import.4.0.kind").set_value("group").run()
    app.button(key="page.import.save").click().run()
    stored = get_transcript(coded_study, "firma_nord")
    assert (stored.facts.actor_group, stored.facts.type, stored.facts.persons) == (
        "company",
        "group",
        ("Mester",),
    )
    assert [(turn.speaker, turn.role) for turn in stored.turns[:2]] == [
        ("A", "interviewer"),
        ("Mester", "respondent"),
    ]


def test_a_label_that_is_no_speaker_goes_back_into_the_text(
    open_page: PageOpener, empty_study: Study
) -> None:
    app = read_files(open_page("transcripts", empty_study), ("a.txt", LOOKALIKES.encode()))
    app.selectbox(key="page.import.0.0.role.Ledr").set_value("none").run()
    assert "Ledr: Fint nok." in app.session_state[DRAFTS][0].transcript.text


def test_a_file_that_is_left_out_or_in_the_study_already_is_not_stored(
    open_page: PageOpener, empty_study: Study
) -> None:
    app = read_files(
        open_page("transcripts", empty_study), ("a.txt", LOOKALIKES.encode()), ("b.txt", b"X: Hej.\n")
    )
    app.checkbox(key="page.import.0.0.keep").set_value(False).run()
    app.button(key="page.import.save").click().run()
    assert [facts.name for facts in list_transcripts(empty_study)] == ["b"]
    app.button(key="page.import.more").click().run()
    app.file_uploader(key="page.import.files.1").set_value([("b.txt", b"X: Hej.\n", "text/plain")]).run()
    app.button(key="page.import.read").click().run()
    assert app.checkbox(key="page.import.0.0.keep").disabled
    assert app.button(key="page.import.save").disabled


def test_dropping_the_review_stores_nothing(open_page: PageOpener, empty_study: Study) -> None:
    app = read_files(open_page("transcripts", empty_study), ("a.txt", LOOKALIKES.encode()))
    app.button(key="page.import.drop").click().run()
    assert DRAFTS not in app.session_state
    assert list_transcripts(empty_study) == []


def test_a_sheet_of_participants_gives_attributes_and_group(
    open_page: PageOpener, empty_study: Study
) -> None:
    app = open_page("transcripts", empty_study)
    app.file_uploader(key="page.import.participants.0").upload(
        "p.csv", b"fil;gruppe;alder\na.txt;citizen;34\n"
    )
    read_files(app, ("a.txt", LOOKALIKES.encode()))
    app.button(key="page.import.save").click().run()
    [facts] = list_transcripts(empty_study)
    assert (facts.actor_group, dict(facts.attributes)) == ("citizen", {"alder": "34"})


def select_first(app: AppTest) -> AppTest:
    app.session_state[f"{SELECTION}.0"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    return app.run()


def test_the_selected_interview_is_read_corrected_and_removed(
    open_page: PageOpener, coded_study: Study
) -> None:
    app = select_first(open_page("transcripts", coded_study))
    assert any("<b>Leder</b>&ensp;Sproget er svært" in each.value for each in app.html)
    chosen = list_transcripts(coded_study)[0].id
    app.selectbox(key=f"page.correct.{chosen}.group").set_value("company")
    app.text_input(key=f"page.correct.{chosen}.new_name").set_value("kommune")
    app.text_input(key=f"page.correct.{chosen}.new_value").set_value("A")
    next(each for each in app.button if each.label == "Gem rettelser").click().run()
    facts = list_transcripts(coded_study)[0]
    assert (facts.actor_group, dict(facts.attributes)) == ("company", {"kommune": "A"})
    assert any("alle 2 kodninger" in each.value for each in app.markdown)
    app.button(key=f"page.remove.{chosen}").click().run()
    assert [facts.name for facts in list_transcripts(coded_study)] == ["borger_01"]
    assert app.caption[0].value.startswith("Vælg en række")  # the next one is not up for removal


def test_attributes_are_called_by_their_word_in_the_language_of_the_screen(
    open_page: PageOpener, coded_study: Study
) -> None:
    update_interview(coded_study, "leder_01", actor="Ida", attributes={"gender": "women"})
    captions = [each.value for each in select_first(open_page("transcripts", coded_study)).caption]
    assert any("Køn: Kvinder" in caption for caption in captions)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "Filens format læses ikke her."),
        ("a.docx", b"", "Filen rummer ingen tekst."),
        ("a.pdf", b"%PDF-1.4\nxx", "Filen er beskadiget"),
        ("a.zip", b"PK\x03\x04", "Filen er beskadiget"),
    ],
)
def test_every_file_that_cannot_be_read_is_explained_in_danish(
    empty_study: Study, name: str, content: bytes, said: str
) -> None:
    [draft] = draft_transcripts(empty_study, [GivenFile(name, content)])
    assert problem_text(draft).startswith(said)


def test_the_place_in_a_file_is_named_in_danish() -> None:
    draft = ImportDraft("a.txt", "", "a", None, "a.txt, line 3: the text holds half ...", "characters")
    assert problem_text(draft).startswith("Linje 3: Teksten rummer halve tegn")


def test_warnings_of_the_reader_are_put_into_danish(empty_study: Study) -> None:
    [draft] = draft_transcripts(empty_study, [GivenFile("a.txt", "A: Blåbær på øen.".encode("cp1252"))])
    assert draft.transcript is not None
    [warning] = draft.transcript.warnings
    assert warning_text(warning).startswith("Filen er ikke UTF-8 og blev læst som cp1252.")
    assert warning_text("something new") == "something new"


def test_the_text_of_an_interview_cannot_bring_markup_onto_the_page(empty_study: Study) -> None:
    content = b"A: <script>x</script> & mere\nB: Ja.\n"
    [draft] = draft_transcripts(empty_study, [GivenFile("a.txt", content)])
    assert draft.transcript is not None
    html = turns_html(draft.transcript.text, draft.transcript.turns)
    assert "&lt;script&gt;x&lt;/script&gt; &amp; mere" in html


def test_what_a_cancelled_saving_left_out_is_said(open_page: PageOpener, empty_study: Study) -> None:
    app = read_files(open_page("transcripts", empty_study), ("a.txt", LOOKALIKES.encode()))
    app.button(key="page.import.save").click().run()
    assert not app.warning
    app.session_state[WANTED] = 3  # as it stands when saving is cancelled after one of three
    app.run()
    assert app.warning[0].value == "2 interviews blev ikke gemt, fordi der blev afbrudt."
