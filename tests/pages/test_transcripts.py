"""The interviews page: import with review, the list, corrections, removal."""

from __future__ import annotations

import io
from datetime import date
from threading import Event

import docx
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import INTERVIEWS, PageOpener
from workbench.services import import_saving, importing
from workbench.services.files import GivenFile
from workbench.services.import_drafts import read_draft
from workbench.services.importing import ImportDraft, draft_transcripts
from workbench.services.reading_warnings import warning_text
from workbench.services.studies import Study
from workbench.services.transcripts import get_transcript, list_transcripts, update_interview
from workbench.ui.transcripts_drafts import CURRENT, DRAFTS, FILTER
from workbench.ui.transcripts_import import READING, SAVING
from workbench.ui.transcripts_list import SELECTION
from workbench.ui.transcripts_problems import problem_text
from workbench.ui.transcripts_review import SELECTION as REVIEW_SELECTION
from workbench.ui.turn_text import turns_html

LOOKALIKES = "Interviewer: Hvad så?\nLeder: Godt.\nInterviewer: Og nu?\nLedr: Fint nok.\nLeder: Ja.\n"


def read_files(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Upload files and read them, up to the review."""
    uploads = [(name, content, "text/plain") for name, content in files]
    app.file_uploader(key="page.import.files.0").set_value(uploads).run()
    return after_the_job(app.button(key="page.import.read").click().run(), READING)


def after_the_job(app: AppTest, name: str) -> AppTest:
    """Wait for a job that is still at work and look at the page again."""
    if name in app.session_state:
        running = app.session_state[name]
        assert (running[0] if isinstance(running, tuple) else running).wait(60)
        app.run()
    return app


def save(app: AppTest) -> AppTest:
    """Save what is under review, up to the report."""
    return after_the_job(app.button(key="page.import.save").click().run(), SAVING)


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
    save(app)
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
    save(app)
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
    save(app)
    assert [facts.name for facts in list_transcripts(empty_study)] == ["b"]
    app.button(key="page.import.more").click().run()
    app.file_uploader(key="page.import.files.1").set_value([("b.txt", b"X: Hej.\n", "text/plain")]).run()
    after_the_job(app.button(key="page.import.read").click().run(), READING)
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
    save(app)
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


def test_name_date_and_details_are_corrected_in_the_list(open_page: PageOpener, coded_study: Study) -> None:
    update_interview(coded_study, "leder_01", actor="Ida", attributes={"kommune": "A"})
    app = select_first(open_page("transcripts", coded_study))
    chosen = list_transcripts(coded_study)[0].id
    field = app.date_input(key=f"page.correct.{chosen}.held_on")
    assert (field.value, field.proto.format) == (None, "DD.MM.YYYY")
    field.set_value(date(2019, 5, 3))
    app.text_input(key=f"page.correct.{chosen}.name").set_value("Lederen i A")
    app.multiselect(key=f"page.correct.{chosen}.remove").set_value(["kommune"])
    next(each for each in app.button if each.label == "Gem rettelser").click().run()
    facts = list_transcripts(coded_study)[0]
    assert (facts.name, facts.held_on, dict(facts.attributes)) == ("Lederen i A", date(2019, 5, 3), {})
    assert any("03.05.2019" in each.value for each in app.caption)
    app.text_input(key=f"page.correct.{chosen}.1.name").set_value("borger_01")
    next(each for each in app.button if each.label == "Gem rettelser").click().run()
    assert any("hedder allerede borger_01" in each.value for each in app.error)
    assert list_transcripts(coded_study)[0].name == "Lederen i A"


def test_a_group_for_several_files_survives_a_correction_in_the_same_run(
    open_page: PageOpener, coded_study: Study
) -> None:
    app = open_page("transcripts", coded_study)
    app.segmented_control(key="page.transcripts.view").set_value("import").run()
    read_files(app, *((f"f{n}.txt", f"A: Hvad, {n}?\nB: Det, {n}.\n".encode()) for n in range(2)))
    app.session_state[f"{REVIEW_SELECTION}.all"] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    app.run()
    app.selectbox(key="page.import.0.group_of_selected").set_value("company").run()
    app.text_input(key="page.import.0.1.name").set_value("Anden")
    app.button(key="page.import.apply_group").click().run()
    assert not app.exception
    drafts = app.session_state[DRAFTS]
    assert [(draft.name, draft.actor_group) for draft in drafts] == [("f0", "company"), ("Anden", "company")]
    app.text_input(key="page.import.2.1.name").set_value("Igen")
    app.button(key="page.import.drop").click().run()
    assert not app.exception
    assert DRAFTS not in app.session_state


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


def test_what_a_cancelled_saving_left_out_is_said(
    open_page: PageOpener, empty_study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [(f"{n}.txt", f"A: Hvad så, {n}?\nB: Godt.\n".encode()) for n in range(3)]
    app = read_files(open_page("transcripts", empty_study), *texts)
    reached, go_on = Event(), Event()
    store = import_saving._stored

    def slow(*arguments: object) -> object:
        reached.set()
        go_on.wait(60)
        return store(*arguments)  # type: ignore[arg-type]  # whatever it is given

    monkeypatch.setattr(import_saving, "_stored", slow)
    app.button(key="page.import.save").click().run()
    assert reached.wait(60)
    app.button(key="page.import.saving.cancel").click().run()
    go_on.set()
    after_the_job(app, SAVING)
    assert app.warning[0].value == "2 interviews blev ikke gemt, fordi der blev afbrudt."
    assert [facts.name for facts in list_transcripts(empty_study)] == ["0"]


def test_a_reading_goes_on_while_another_page_is_open_and_can_be_cancelled(
    open_page: PageOpener, empty_study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on = Event(), Event()

    def slow(given: GivenFile) -> ImportDraft:
        reached.set()
        go_on.wait(60)
        return read_draft(given)

    monkeypatch.setattr(importing, "read_draft", slow)
    app = open_page("transcripts", empty_study)
    uploads = [("a.txt", LOOKALIKES.encode(), "text/plain"), ("b.txt", b"A: Nej.\n", "text/plain")]
    app.file_uploader(key="page.import.files.0").set_value(uploads).run()
    app.button(key="page.import.read").click().run()
    assert reached.wait(60)
    app.switch_page("../pages/home.py").run()
    app.switch_page("../pages/transcripts.py").run()
    job = app.session_state[READING][0]
    assert (job.progress().at, job.progress().total) == ("a.txt", 2)
    app.button(key="page.import.reading.cancel").click().run()
    go_on.set()
    after_the_job(app, READING)
    assert any("Læsningen blev afbrudt" in each.value for each in app.markdown)
    assert DRAFTS not in app.session_state
    assert list_transcripts(empty_study) == []
    assert app.button(key="page.import.again").label == "Læs 2 filer igen"
    after_the_job(app.button(key="page.import.again").click().run(), READING)
    assert [draft.file_name for draft in app.session_state[DRAFTS]] == ["a.txt", "b.txt"]


def test_files_that_need_a_look_are_filtered_and_gone_through(
    open_page: PageOpener, empty_study: Study
) -> None:
    plain = [(f"p{n}.txt", f"Interviewer: Hvad, {n}?\nLeder: Godt nok, {n}.\n".encode()) for n in range(2)]
    app = read_files(
        open_page("transcripts", empty_study), *plain, ("x.txt", LOOKALIKES.encode()), ("tom.txt", b"")
    )
    frame = app.dataframe[0].value
    assert list(frame["Tilstand"]) == ["✓ klar", "✓ klar", "! skal ses", "✕ kan ikke læses"]
    app.button(key="page.import.next").click().run()
    assert app.session_state[CURRENT] == 1
    app.segmented_control(key=FILTER).set_value("look").run()
    assert list(app.dataframe[0].value["Fil"]) == ["x.txt"]
    assert app.session_state[CURRENT] == 2
    assert app.button(key="page.import.next").disabled


def test_a_group_is_given_to_all_selected_files(open_page: PageOpener, coded_study: Study) -> None:
    app = open_page("transcripts", coded_study)
    app.segmented_control(key="page.transcripts.view").set_value("import").run()
    read_files(app, *((f"f{n}.txt", f"A: Hvad, {n}?\nB: Det, {n}.\n".encode()) for n in range(3)))
    app.session_state[f"{REVIEW_SELECTION}.all"] = {"selection": {"rows": [0, 2], "columns": [], "cells": []}}
    app.run()
    app.selectbox(key="page.import.0.group_of_selected").set_value("company").run()
    app.button(key="page.import.apply_group").click().run()
    assert [draft.actor_group for draft in app.session_state[DRAFTS]] == ["company", None, "company"]
    app.button(key="page.import.leave_selected_out").click().run()
    assert app.button(key="page.import.save").label == "Gem 1 interview"


def test_another_row_of_the_sheet_can_be_chosen(open_page: PageOpener, empty_study: Study) -> None:
    app = open_page("transcripts", empty_study)
    sheet = "fil;gruppe;dato;kommune\na;citizen;3.5.2019;Vejle\nb;leader;;Odense\n"
    app.file_uploader(key="page.import.participants.0").upload("p.csv", sheet.encode())
    read_files(app, ("a.txt", LOOKALIKES.encode()))
    assert any(
        "»fil« er interviewet" in each.value and "Rækker uden fil: b" in each.value for each in app.caption
    )
    app.selectbox(key="page.import.0.0.row").set_value("b").run()
    draft = app.session_state[DRAFTS][0]
    assert (draft.actor_group, dict(draft.attributes), draft.sheet_row) == (
        "leader",
        {"kommune": "Odense"},
        "b",
    )
    app.text_input(key="page.import.1.0.attribute.kommune").set_value("Ribe").run()
    app.date_input(key="page.import.2.0.held_on").set_value(date(2020, 2, 1)).run()
    save(app)
    [facts] = list_transcripts(empty_study)
    assert (facts.held_on, dict(facts.attributes)) == (date(2020, 2, 1), {"kommune": "Ribe"})


def test_a_changed_file_becomes_a_new_version_after_a_look_at_its_codings(
    open_page: PageOpener, coded_study: Study
) -> None:
    app = open_page("transcripts", coded_study)
    app.segmented_control(key="page.transcripts.view").set_value("import").run()
    changed = INTERVIEWS["leder_01"].replace("Sproget er svært", "Sproget er meget svært")
    read_files(app, ("leder_01.txt", changed.encode()))
    assert list(app.dataframe[0].value["Tilstand"]) == ["↻ ændret"]
    app.radio(key="page.import.0.0.decision").set_value("version").run()
    assert any("med rettede ord" in each.value for each in app.markdown)
    assert any("nu: »Sproget er meget svært«" in each.value for each in app.html)
    field = next(each for each in app.date_input if each.key.endswith("held_on"))
    field.set_value(date(2019, 5, 3)).run()
    save(app)
    stored = get_transcript(coded_study, "leder_01")
    assert (stored.facts.version, stored.facts.held_on) == (2, date(2019, 5, 3))
    assert any("Også rettet: dato." in each for each in app.dataframe[0].value["Bemærkninger"])
    assert "meget svært" in stored.text
    assert list(app.dataframe[0].value["Resultat"]) == ["ny udgave"]


def test_an_interpreter_speaks_for_somebody_and_a_file_may_be_a_summary(
    open_page: PageOpener, empty_study: Study
) -> None:
    said = b"Interviewer: Hvad siger han?\nBorger: Ja.\nVen: Han siger ja.\nBorger: Ja da.\n"
    app = read_files(open_page("transcripts", empty_study), ("b.txt", said))
    app.selectbox(key="page.import.0.0.status.").set_value("summary").run()
    app.selectbox(key="page.import.1.0.speaks_for.Ven").set_value("Borger").run()
    turns = app.session_state[DRAFTS][0].transcript.turns
    assert [(turn.status, turn.speaks_for) for turn in turns] == [
        ("summary", None),
        ("summary", None),
        ("interpreted", "Borger"),
        ("summary", None),
    ]


def test_comments_of_the_file_stand_beside_the_interview(open_page: PageOpener, empty_study: Study) -> None:
    document = docx.Document()
    for line in LOOKALIKES.splitlines():
        paragraph = document.add_paragraph(line)
    document.add_comment(paragraph.runs, text="Spørg <igen> om dette.", author="Karen")
    out = io.BytesIO()
    document.save(out)
    importing.import_transcripts(empty_study, [GivenFile("a.docx", out.getvalue())], actor="Ida")
    app = select_first(open_page("transcripts", empty_study))
    [shown] = [each.value for each in app.html if "Spørg" in each.value]
    assert "Spørg &lt;igen&gt; om dette." in shown
    assert "Kommentar af Karen" in shown
