"""The triangulation page: display, verdicts, quotations and links."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import RunPage
from workbench.services.linking import list_links
from workbench.services.quotations import quotation_choices
from workbench.services.studies import Study
from workbench.services.triangulating import joint_display

VERDICT = "page.triangulation.verdict.women."
LINKS = "page.triangulation.links"


@pytest.fixture
def demo(demonstration_study: Callable[[Path], Study], tmp_path: Path) -> Study:
    return demonstration_study(tmp_path)


def shown(app: AppTest) -> str:
    assert not app.exception
    return " ".join(each.value for kind in (app.html, app.markdown, app.caption, app.info) for each in kind)


def test_a_study_without_a_scheme_says_what_to_do(run_page: RunPage, empty_study: Study) -> None:
    assert "Vælg et kodeskema først" in shown(run_page("triangulation", empty_study))


def test_themes_without_numbers_are_silent(run_page: RunPage, coded_study: Study) -> None:
    text = shown(run_page("triangulation", coded_study))
    assert "Tavshed" in text
    assert "Sproget er svært" in text


def test_a_theme_shows_its_words_its_numbers_and_its_verdict(run_page: RunPage, demo: Study) -> None:
    text = shown(run_page("triangulation", demo))
    assert "41/44" in text
    assert "3,19 [3,09; 3,28]" in text
    assert "Borger, kvinde, 38 år" in text
    assert "Bekræftet af Karen" in text
    assert "b_danish" not in text


def test_another_theme_another_vocabulary_and_english(run_page: RunPage, demo: Study) -> None:
    app = run_page("triangulation", demo, language="en")
    app.segmented_control(key="page.triangulation.theme").set_value("igu").run()
    assert "The theme has no numbers beside it" in shown(app)
    app.segmented_control(key="page.triangulation.vocabulary").set_value("fetters").run()
    assert "One strand only" in shown(app)


def test_a_verdict_is_not_stored_without_rationale_and_handling(run_page: RunPage, demo: Study) -> None:
    app = run_page("triangulation", demo)
    app.segmented_control(key="page.triangulation.theme").set_value("women").run()
    app.segmented_control(key=f"{VERDICT}meaning").set_value("different").run()
    app.button(key=f"{VERDICT}confirm").click().run()
    assert [each.value.split(";")[0] for each in app.error] == [
        "Dissonans kræver, at det siges, hvordan uenigheden er håndteret.",
        "Skriv en begrundelse",
    ]
    app.selectbox(key=f"{VERDICT}handling").set_value("bracketing")
    app.text_area(key=f"{VERDICT}rationale").set_value("Ord og tal siger hver sit.")
    app.text_area(key=f"{VERDICT}interpretation").set_value("Begge dele gælder.")
    app.button(key=f"{VERDICT}confirm").click().run()
    row = next(row for row in joint_display(demo).rows if row.theme == "women")
    assert row.confirmed is not None
    assert (row.confirmed.verdict, row.confirmed.handling) == ("dissonance", "bracketing")
    assert row.interpretation == "Begge dele gælder."
    assert "Ord og tal siger hver sit." in shown(app)


def test_a_chosen_quotation_takes_the_place_of_the_rules(run_page: RunPage, demo: Study) -> None:
    app = run_page("triangulation", demo)
    other = quotation_choices(demo, "language")[3].coding
    app.selectbox(key="page.triangulation.quotation.choice.language").set_value(other.id).run()
    app.button(key="page.triangulation.quotation.use.language").click().run()
    quotation = joint_display(demo).rows[0].quotation
    assert quotation is not None
    assert quotation.quote == other.quote


def test_a_link_is_added_and_the_schemes_links_are_fetched_again(run_page: RunPage, demo: Study) -> None:
    app = run_page("triangulation", demo)
    app.segmented_control(key="page.triangulation.view").set_value("links").run()
    app.selectbox(key=f"{LINKS}.theme").set_value("igu").run()
    app.selectbox(key=f"{LINKS}.kind").set_value("outcome").run()
    app.selectbox(key=f"{LINKS}.target.outcome").set_value("outcome:employment").run()
    app.button(key=f"{LINKS}.add").click().run()
    assert not app.exception
    [link] = [link for link in list_links(demo) if link.theme == "igu"]
    assert (str(link.target), link.level, link.origin) == ("outcome:employment", "effect", "hand")
    app.button(key=f"{LINKS}.restore").click().run()
    assert not app.exception
    assert len(list_links(demo)) == 28
