"""The coding page without a browser: what it shows, and what each control and gesture changes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.pages.conftest import CODER, ROOT, RunPage, transcript_text
from workbench.i18n import LANGUAGES, Language, catalogue
from workbench.services import coding, schemes
from workbench.services.transcripts import list_transcripts
from workbench.ui import coding_choice, coding_filter, coding_material, coding_side
from workbench.ui.coding_page import surface_key

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from workbench.services.studies import Study


@pytest.fixture
def opened(run_page: RunPage, coded_study: Study) -> AppTest:
    """The page over two coded interviews."""
    app = run_page("coding", coded_study)
    assert not app.exception
    return app


def kept(app: AppTest) -> coding_material.KeptCodings:
    """The codings that the surface was given."""
    given: coding_material.KeptCodings = app.session_state[coding_material.CODINGS]
    return given


def shown_name(app: AppTest) -> str:
    return str(app.session_state[coding_material.DOCUMENT][1].title)


def send(app: AppTest, study: Study, *operations: dict[str, Any]) -> AppTest:
    """Run with these gestures in the browser's outbox."""
    app.session_state[surface_key(study)] = {"outbox": list(operations)}
    app.run()
    assert not app.exception
    return app


def adding(study: Study, name: str, words: str, *, code: str = "language") -> dict[str, Any]:
    """The gesture that puts a code on these words of an interview."""
    text = transcript_text(study, name)
    transcript = next(row for row in list_transcripts(study) if row.name == name)
    start = text.index(words)
    return {
        "op_id": f"operation {words}",
        "kind": "add",
        "document": transcript.id,
        "version": "1",
        "coding_id": f"coding {words}",
        "start": start,
        "end": start + len(words),
        "quote": words,
        "code": code,
        "memo": "",
    }


def texts(app: AppTest) -> str:
    """All that is written on the page."""
    return " ".join(
        str(element.value) for kind in ("html", "markdown", "caption") for element in app.get(kind)
    )


@pytest.mark.parametrize(("language", "words"), [("da", "kodeskema"), ("en", "coding scheme")])
def test_a_study_without_a_scheme_is_told_what_to_do_first(
    run_page: RunPage, empty_study: Study, language: str, words: str
) -> None:
    app = run_page("coding", empty_study, language=language)
    assert words in app.info[0].value


def test_a_study_without_interviews_is_told_to_import_some(run_page: RunPage, empty_study: Study) -> None:
    schemes.import_scheme(empty_study, "immi", actor=CODER)
    app = run_page("coding", empty_study)
    assert "ingen interviews" in app.info[0].value


def test_the_first_interview_is_open_with_its_codings(opened: AppTest) -> None:
    assert shown_name(opened) == "leder_01"
    assert [row.code for row in kept(opened).codings()] == ["language/lack_of_danish", "language/progress"]
    assert opened.selectbox(key=coding_choice.SELECT).options == [
        "leder_01 · Ledere · 12 ord · 2 kodninger",
        "borger_01 · Borgere · 10 ord · 1 kodning",
    ]
    assert "Sprog" in texts(opened)
    assert opened.query_params[coding_choice.QUERY] == "1"


def test_another_interview_is_chosen_in_the_list(opened: AppTest) -> None:
    opened.selectbox(key=coding_choice.SELECT).select_index(1).run()
    assert shown_name(opened) == "borger_01"
    assert opened.query_params[coding_choice.QUERY] == "2"


def test_the_steps_go_to_the_next_interview_and_back(opened: AppTest) -> None:
    previous, following = (opened.button(key=f"page.coding.{name}") for name in ("previous", "next"))
    assert (previous.disabled, following.disabled) == (True, False)
    following.click().run()
    assert shown_name(opened) == "borger_01"
    opened.button(key="page.coding.previous").click().run()
    assert shown_name(opened) == "leder_01"


def test_the_address_chooses_the_interview(run_page: RunPage, coded_study: Study, opened: AppTest) -> None:
    opened.query_params[coding_choice.QUERY] = "2"
    opened.run()
    assert shown_name(opened) == "borger_01"


def test_an_address_that_the_study_does_not_have_says_so(opened: AppTest) -> None:
    opened.query_params[coding_choice.QUERY] = "99"
    opened.run()
    assert "99" in opened.toast[0].value
    assert shown_name(opened) == "leder_01"
    assert opened.query_params[coding_choice.QUERY] == "1"


def test_a_gesture_is_stored_under_the_coders_name_and_comes_back(
    opened: AppTest, coded_study: Study
) -> None:
    send(opened, coded_study, adding(coded_study, "leder_01", "svært for mange"))
    [row] = [row for row in coding.list_codings(coded_study) if row.quote == "svært for mange"]
    assert (row.code, row.coder) == ("language", CODER)
    assert [change.coding_id for change in kept(opened).changes] == ["coding svært for mange"]
    opened.run()  # the browser sends it again until it has heard the answer
    assert len(coding.list_codings(coded_study)) == 4


def test_a_gesture_made_before_another_interview_was_chosen_lands_in_its_own(
    opened: AppTest, coded_study: Study
) -> None:
    opened.selectbox(key=coding_choice.SELECT).select_index(1).run()
    send(opened, coded_study, adding(coded_study, "leder_01", "svært for mange"))
    assert shown_name(opened) == "borger_01"
    [row] = [row for row in coding.list_codings(coded_study) if row.quote == "svært for mange"]
    assert row.transcript == "leder_01"


def test_after_many_changes_the_codings_are_sent_whole_again(opened: AppTest, coded_study: Study) -> None:
    first = kept(opened).snapshot.revision
    for number in range(coding_material.RESNAPSHOT_AFTER + 1):
        coding.add_coding(coded_study, "leder_01", start=number % 20, end=30, code="health", actor="Bo")
    opened.run()
    assert kept(opened).snapshot.revision == first
    opened.run()
    assert kept(opened).snapshot.revision > first
    assert kept(opened).changes == []
    assert len(kept(opened).snapshot.codings) == coding_material.RESNAPSHOT_AFTER + 3


def test_a_removed_coding_is_told_as_a_change(opened: AppTest, coded_study: Study) -> None:
    first = coding.list_codings(coded_study)[0]
    operation = adding(coded_study, "leder_01", "svært") | {"kind": "remove", "coding_id": first.id}
    send(opened, coded_study, operation)
    assert [(change.coding_id, change.coding) for change in kept(opened).changes] == [(first.id, None)]
    assert [row.code for row in kept(opened).codings()] == ["language/progress"]


def test_others_codings_are_shown_and_locked_until_that_is_chosen(
    opened: AppTest, coded_study: Study
) -> None:
    theirs = coding.add_coding(coded_study, "leder_01", start=0, end=5, code="health", actor="Bo")
    opened.run()
    change = kept(opened).changes[0]
    assert (change.coding_id, coding_material.to_change(change, kept(opened)).coding.editable) == (
        theirs,
        False,
    )
    opened.toggle(key=coding_filter.EDIT_OTHERS).set_value(True).run()
    assert all(row.editable for row in kept(opened).snapshot.codings)
    assert theirs in {row.id for row in kept(opened).snapshot.codings}


def test_themes_and_coders_narrow_what_is_listed(opened: AppTest, coded_study: Study) -> None:
    coding.add_coding(coded_study, "leder_01", start=0, end=5, code="health/physical", actor="Bo")
    opened.run()
    opened.button_group(key=coding_filter.THEMES).set_value(["health"]).run()
    assert _listed(opened, "Kode") == ["Fysisk helbred"]
    opened.button_group(key=coding_filter.THEMES).set_value([]).run()
    opened.button_group(key=coding_filter.CODERS).set_value([CODER]).run()
    assert _listed(opened, "Koder") == [CODER, CODER]
    opened.button_group(key=coding_filter.THEMES).set_value(["igu"]).run()
    assert "Ingen kodninger" in texts(opened)


def _listed(app: AppTest, column: str) -> list[str]:
    return list(app.dataframe[0].value[column])


def test_the_second_view_tells_of_the_interview(opened: AppTest) -> None:
    opened.button_group(key=coding_side.VIEW).set_value("interview").run()
    assert not opened.exception
    assert "leder_01.txt" in texts(opened)
    assert "Enkeltinterview" in texts(opened)


def test_a_chosen_line_of_the_list_becomes_the_place_to_go_to(opened: AppTest) -> None:
    wanted = kept(opened).codings()[1].id
    opened.session_state[coding_side.FOCUS] = (wanted, 1)
    opened.run()
    assert not opened.exception
    assert opened.session_state[coding_side.FOCUS] == (wanted, 1)


def test_a_retired_code_keeps_its_label_where_it_is_used(run_page: RunPage, coded_study: Study) -> None:
    scheme = schemes.require_scheme(coded_study)
    links = tuple(link for link in scheme.crosswalk if link.theme != "language/progress")
    codes = tuple(code for code in scheme.codes if code.path != "language/progress")
    schemes.set_scheme(coded_study, replace(scheme, codes=codes, crosswalk=links), actor=CODER)
    app = run_page("coding", coded_study)
    assert not app.exception
    listed = coding_material.read_codes(coded_study)
    offered = {code.id: code for code in listed.surface_codes(kept(app).codings())}
    assert offered["language/progress"].group == "Udgået af skemaet"
    assert "language/progress" not in {code.id for code in listed.surface_codes([])}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_a_refusal_has_words(language: Language) -> None:
    sources = [ROOT / "workbench" / "services" / name for name in ("coding.py", "coding_actions.py")]
    sources += [ROOT / "workbench" / "store" / name for name in ("events.py", "transcripts.py")]
    written = " ".join(source.read_text(encoding="utf-8") for source in sources)
    reasons = set(re.findall(r'reason="(\w+)"', written)) | {"nothing_to_undo", "nothing_to_redo", "other"}
    assert {f"coding.refused.{reason}" for reason in reasons} <= catalogue(language).keys()
