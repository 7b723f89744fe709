"""Correcting a text on the page: gathered corrections, fates before saving, review of codings, versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.pages.conftest import CODER, PageOpener, RunPage, transcript_text
from workbench.services import coding, editing
from workbench.services.reviewing import codings_to_review
from workbench.services.text_turns import TurnEdit
from workbench.services.text_versions import list_versions
from workbench.services.transcripts import list_transcripts
from workbench.ui import editing_state, editing_turns
from workbench.ui.editing_times import seconds_of, time_text

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from workbench.services.studies import Study

NAME = "leder_01"
LAST = "Sproget er svært for mange. Men det går fremad."


def identity(study: Study, name: str = NAME) -> str:
    return next(facts.id for facts in list_transcripts(study) if facts.name == name)


def opened(open_page: PageOpener, study: Study, view: str) -> AppTest:
    """The page of interviews with this view of `leder_01`."""
    app = open_page("effects", study)
    number = next(facts.number for facts in list_transcripts(study) if facts.name == NAME)
    app.query_params["transcript"] = str(number)
    app.query_params["view"] = view
    app.switch_page("../pages/transcripts.py").run()
    assert not app.exception
    return app


def field(app: AppTest, kind: str, label: str) -> Any:
    return next(element for element in app.get(kind) if element.label == label)


def press(app: AppTest, label: str) -> AppTest:
    found = [element for element in app.button if element.label == label]
    assert found, [element.label for element in app.button]
    found[0].click().run()
    assert not app.exception
    return app


def written(app: AppTest) -> str:
    kinds = ("html", "markdown", "caption", "warning", "info", "error")
    return " ".join(str(getattr(each, "value", "")) for kind in kinds for each in app.get(kind))


def correct(app: AppTest, number: int, words: str) -> AppTest:
    field(app, "text_area", f"Ordene i replik {number}").set_value(words).run()
    assert not app.exception
    return app


def draft(app: AppTest) -> Any:
    [kept] = app.session_state[editing_state.DRAFTS].values()
    return kept


def test_corrections_are_gathered_and_nothing_is_stored_before_saving(
    open_page: PageOpener, coded_study: Study
) -> None:
    app = opened(open_page, coded_study, "edit")
    correct(app, 2, LAST.replace("svært", "meget svært"))
    field(app, "selectbox", "Taler i replik 1").set_value("Leder").run()
    assert "2 rettelser, ikke gemt" in written(app)
    assert "meget" not in transcript_text(coded_study, NAME)
    correct(app, 2, LAST.replace("mange", "de fleste"))
    assert len(draft(app).edits) == 2
    correct(app, 2, LAST)
    assert "1 rettelse, ikke gemt" in written(app)


def test_corrections_outlive_other_pages_and_are_told_of_there(
    open_page: PageOpener, coded_study: Study
) -> None:
    app = opened(open_page, coded_study, "edit")
    correct(app, 2, LAST + " Ja.")
    app.switch_page("../pages/scheme.py").run()
    assert "1 rettelse i leder_01 er ikke gemt" in written(app)
    app.query_params["transcript"] = NAME
    app.query_params["view"] = "edit"
    app.switch_page("../pages/transcripts.py").run()
    assert field(app, "text_area", "Ordene i replik 2").value == LAST + " Ja."


def test_fates_are_shown_before_saving_and_one_version_is_made(
    open_page: PageOpener, coded_study: Study
) -> None:
    app = opened(open_page, coded_study, "edit")
    correct(app, 2, "Sproget er meget svært for mange.")
    press(app, "Gennemse og gem")
    said = written(app)
    assert "1 med rettede ord · 1 uden ord i den nye tekst" in said
    assert "<ins>meget " in said
    assert "det går fremad" in said
    assert len(list_versions(coded_study, NAME)) == 1
    press(app, "Gem 1 rettelse som ny udgave")
    assert [facts.version for facts in list_versions(coded_study, NAME)] == [1, 2]
    assert transcript_text(coded_study, NAME).endswith("Sproget er meget svært for mange.")
    assert draft(app).edits == ()
    assert {each.status for each in codings_to_review(coded_study)} == {"changed", "lost"}


def test_single_corrections_are_taken_back_in_the_preview(open_page: PageOpener, coded_study: Study) -> None:
    app = opened(open_page, coded_study, "edit")
    correct(app, 1, "Hvordan går det nu?")
    correct(app, 2, LAST + " Ja.")
    press(app, "Gennemse og gem")
    press(app, "Fortryd")
    assert [edit.turn for edit in draft(app).edits] == [1]
    press(app, "Tilbage til teksten")
    assert field(app, "text_area", "Ordene i replik 1").value == "Hvordan går det?"


def test_turns_are_split_joined_inserted_and_deleted(open_page: PageOpener, coded_study: Study) -> None:
    app = opened(open_page, coded_study, "edit")
    press(app, "Del her")
    assert field(app, "text_area", "Ordene i replik 3").value == "Men det går fremad."
    next(b for b in app.button if b.key.endswith("1.1.True.delete")).click().run()
    assert [turn.words for turn in draft(app).turns()] == ["Hvordan går det?", "Sproget er svært for mange."]
    next(b for b in app.button if b.key.endswith("1.0.True.insert_True")).click().run()
    press(app, "Gennemse og gem")
    assert next(b for b in app.button if b.label.startswith("Gem ")).disabled
    press(app, "Tilbage til teksten")
    correct(app, 3, "Tak for nu.")
    press(app, "Gennemse og gem")
    press(app, "Gem 3 rettelser som ny udgave")
    assert transcript_text(coded_study, NAME) == "Hvordan går det?\nSproget er svært for mange.\nTak for nu."


def test_a_turn_without_words_keeps_those_it_had(open_page: PageOpener, coded_study: Study) -> None:
    app = opened(open_page, coded_study, "edit")
    correct(app, 2, "  ")
    assert "En replik skal have ord" in written(app)
    assert draft(app).edits == ()


def test_a_time_that_is_none_is_said_to_be_none(open_page: PageOpener, coded_study: Study) -> None:
    app = opened(open_page, coded_study, "edit")
    field(app, "text_input", "Tid for replik 1").set_value("kvart over").run()
    assert "»kvart over« er ikke et tidspunkt" in written(app)
    field(app, "text_input", "Tid for replik 1").set_value("1:02:45").run()
    assert draft(app).edits[0].time_seconds == 3765.0


def test_words_are_replaced_throughout_after_a_look(open_page: PageOpener, coded_study: Study) -> None:
    app = opened(open_page, coded_study, "edit")
    field(app, "text_input", "Find").set_value("går").run()
    field(app, "text_input", "Erstat med").set_value("gik").run()
    press(app, "Ret 2 steder")
    assert [turn.words for turn in draft(app).turns()] == [
        "Hvordan gik det?",
        "Sproget er svært for mange. Men det gik fremad.",
    ]


def test_a_newer_version_takes_the_corrections_along(open_page: PageOpener, coded_study: Study) -> None:
    app = opened(open_page, coded_study, "edit")
    correct(app, 1, "Hvordan går det nu?")
    correct(app, 2, LAST + " Ja.")
    editing.edit_turns(
        coded_study, NAME, [TurnEdit(1, words="Sproget er svært."), TurnEdit(0, "insert", words="God dag.")],
        actor="Bo", based_on=1,
    )  # fmt: skip
    app.run()
    assert "Bo har gemt udgave 2 imens" in written(app)
    press(app, "Tag rettelserne med til den nye tekst")
    assert [turn.words for turn in draft(app).turns()] == [
        "God dag.",
        "Hvordan går det nu?",
        "Sproget er svært.",
    ]
    assert "En rettelse passede ikke" in written(app)
    assert any(LAST + " Ja." in block.value for block in app.code)


def edited(study: Study) -> None:
    """`leder_01` with one coding changed and one lost."""
    editing.edit_turns(
        study, NAME, [TurnEdit(1, words="Sproget er meget svært for mange.")], actor=CODER, based_on=1
    )


def test_codings_that_wait_are_answered_for(open_page: PageOpener, coded_study: Study) -> None:
    edited(coded_study)
    app = opened(open_page, coded_study, "review")
    said = written(app)
    assert "Sproget er <ins>meget </ins>svært" in said
    assert "det går fremad" in said
    press(app, "Behold")
    assert [each.status for each in codings_to_review(coded_study)] == ["lost"]
    press(app, "Fjern")
    assert codings_to_review(coded_study) == []
    press(app, "Fortryd")
    assert [each.status for each in codings_to_review(coded_study)] == ["lost"]


def test_a_lost_coding_is_placed_on_words_that_were_pasted(open_page: PageOpener, coded_study: Study) -> None:
    edited(coded_study)
    app = opened(open_page, coded_study, "review")
    field(app, "text_area", "Skriv eller indsæt ordene, kodningen skal stå på").set_value("for mange").run()
    press(app, "Sæt her")
    placed = [each for each in coding.list_codings(coded_study) if each.quote == "for mange"]
    assert [each.code for each in placed] == ["language/progress"]
    assert [each.status for each in codings_to_review(coded_study)] == ["changed"]


def test_the_coding_page_has_the_codings_that_wait(open_page: PageOpener, coded_study: Study) -> None:
    edited(coded_study)
    app = open_page("coding", coded_study)
    app.session_state["page.coding.transcript"] = identity(coded_study)
    app.session_state["page.coding.view"] = "review"
    app.run()
    assert not app.exception
    assert "Sproget er <ins>meget </ins>svært" in written(app)
    press(app, "Behold")
    assert [each.status for each in codings_to_review(coded_study)] == ["lost"]


def test_the_list_and_the_home_page_say_how_many_wait(open_page: PageOpener, coded_study: Study) -> None:
    edited(coded_study)
    app = open_page("transcripts", coded_study)
    assert [*app.dataframe[0].value["Venter"]] == [0, 2] or [*app.dataframe[0].value["Venter"]] == [2, 0]
    home = open_page("home", coded_study, language="en")
    assert any("2 codings wait for review in leder_01" in str(each.proto) for each in home.get("page_link"))


def test_versions_are_listed_read_and_gone_back_to(open_page: PageOpener, coded_study: Study) -> None:
    edited(coded_study)
    app = opened(open_page, coded_study, "versions")
    [listed] = [each.value for each in app.dataframe if "Udgave" in each.value.columns]
    assert [*listed["Udgave"]] == [2, 1]
    assert [*listed["Hvordan"]] == ["rettet her", "indlæst"]
    press(app, "Fortryd udgave 2")
    assert transcript_text(coded_study, NAME).endswith(LAST)


def test_an_old_version_is_shown_with_its_codings_and_what_differs(coded_study: Study) -> None:
    from workbench.services.text_versions import version_transcript
    from workbench.ui.coding_material import read_codes
    from workbench.ui.editing_reading import version_html

    edited(coded_study)
    html = version_html(
        version_transcript(coded_study, NAME, 1), read_codes(coded_study), transcript_text(coded_study, NAME)
    )
    assert "<ins>meget</ins>" in html
    assert ">det går fremad</" in html or "<del>det går fremad</del>" in html
    assert html.count("<u ") >= 2


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("view", ["edit", "review", "versions"])
def test_the_views_speak_both_languages(
    run_page: RunPage, coded_study: Study, view: str, language: str
) -> None:
    edited(coded_study)
    app = run_page("transcripts", coded_study, language=language)
    app.query_params["transcript"] = NAME
    app.query_params["view"] = view
    app.run()
    assert not app.exception
    said = {"edit": ("Ret i ordene", "Correct the words"), "review": ("Det overstregede", "Words struck out")}
    wanted = said.get(view, ("Vælg en udgave", "Select a version"))
    assert wanted[language == "en"] in written(app)


def test_a_long_interview_shows_a_page_of_turns_at_a_time(open_page: PageOpener, coded_study: Study) -> None:
    from workbench.services.files import GivenFile
    from workbench.services.importing import import_transcripts

    lines = "".join(
        f"Leder: Replik nummer {n} handler om sproget.\n\n" if n % 2 else f"Anna: Spørgsmål {n}?\n\n"
        for n in range(60)
    )
    import_transcripts(coded_study, [GivenFile("lang.txt", lines.encode())], actor=CODER)
    app = open_page("home", coded_study)
    app.query_params["transcript"] = "lang"
    app.query_params["view"] = "edit"
    app.switch_page("../pages/transcripts.py").run()
    assert len(app.text_area) == editing_turns.A_PAGE
    field(app, "text_input", "Søg efter ord").set_value("nummer 31").run()
    press(app, "Gå dertil")
    assert any("Replik nummer 31" in str(each.value) for each in app.text_area)


def test_times_are_written_and_read() -> None:
    assert [time_text(seconds) for seconds in (None, 7.4, 187, 3765)] == ["", "0:07", "3:07", "1:02:45"]
    assert [seconds_of(text) for text in ("3:07", "1:02:45", "3.07", "3:70", "x", "")] == [
        187.0,
        3765.0,
        187.0,
        None,
        None,
        None,
    ]
