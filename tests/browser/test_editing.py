"""Correcting a coded text in a real browser: typed words, the look before saving, and what then waits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from workbench.services import coding
from workbench.services.files import GivenFile
from workbench.services.importing import import_transcripts
from workbench.services.reviewing import codings_to_review
from workbench.services.studies import Study, create_study
from workbench.services.transcripts import get_transcript
from workbench.settings import load_settings, remember_study

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import ServerStarter

pytestmark = pytest.mark.browser

APP = Path(__file__).parents[2] / "workbench" / "app.py"
SPOKEN = (
    "Interviewer: Hvordan gik det med sproget?\n"
    "Amira: Det var svært i starten. Så øvede jeg æ, ø og å.\n"
    "Interviewer: Og arbejdet?\n"
    "Amira: Chefen talte langsomt til mig.\n"
)
WAIT = 30_000  # milliseconds, for a busy machine
GUARDED = "typeof window.onbeforeunload === 'function'"


@pytest.fixture(scope="module")
def served(streamlit_server: ServerStarter, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The application's address and the home in which it looks for the study opened last."""
    home = tmp_path_factory.mktemp("editing-home")
    return streamlit_server(APP, env={"WORKBENCH_HOME": str(home), "WORKBENCH_CODER": "Anna"}), home


@pytest.fixture
def study(tmp_path: Path, served: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Study:
    """One interview with two codings, opened by the application."""
    made = create_study(tmp_path / "study", title="Sprog", scheme="immi", actor="Anna")
    import_transcripts(made, [GivenFile("amira.txt", SPOKEN.encode())], actor="Anna")
    text = get_transcript(made, "amira").text
    for words in ("svært i starten", "talte langsomt"):
        start = text.index(words)
        coding.add_coding(
            made, "amira", start=start, end=start + len(words), code="language/lack_of_danish", actor="Anna"
        )
    monkeypatch.setenv("WORKBENCH_HOME", str(served[1]))
    remember_study(load_settings(), made.reference)
    return made


def test_words_are_corrected_looked_at_saved_and_answered_for(
    page: Page, served: tuple[str, Path], study: Study
) -> None:
    page.goto(f"{served[0]}/transcripts?transcript=1&view=edit")
    words = page.get_by_label("Ordene i replik 2", exact=True)
    words.fill("Det var meget svært i starten. Så øvede jeg æ, ø og å.")
    words.blur()
    expect(page.get_by_text("1 rettelse, ikke gemt", exact=True)).to_be_visible(timeout=WAIT)
    page.wait_for_function(GUARDED)
    page.get_by_label("Ordene i replik 4", exact=True).fill("Chefen var flink.")
    page.get_by_role("button", name="Gennemse og gem").click()
    expect(page.get_by_text("1 uden ord i den nye tekst")).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Gem 2 rettelser som ny udgave").click()
    expect(page.get_by_text("Udgave 2 er gemt og i brug.").first).to_be_visible(timeout=WAIT)
    page.wait_for_function(f"!({GUARDED})")
    assert get_transcript(study, "amira").text.endswith("Chefen var flink.")
    assert [each.status for each in codings_to_review(study)] == ["lost"]


def test_the_coding_page_leads_to_the_text_and_shows_what_waits(
    page: Page, served: tuple[str, Path], study: Study
) -> None:
    page.goto(f"{served[0]}/coding?transcript=1")
    page.get_by_role("link", name="Ret teksten").click()
    words = page.get_by_label("Ordene i replik 4", exact=True)
    words.fill("Chefen talte meget langsomt til mig.")
    words.blur()
    page.get_by_role("button", name="Gennemse og gem").click()
    page.get_by_role("button", name="Gem 1 rettelse som ny udgave").click()
    expect(page.get_by_text("Udgave 2 er gemt og i brug.").first).to_be_visible(timeout=WAIT)
    page.goto(f"{served[0]}/coding?transcript=1")
    page.get_by_role("radio", name="Venter (1)").click()
    keep = page.get_by_role("button", name="Behold", exact=True)
    keep.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Venter (0)")).to_be_visible(timeout=WAIT)
    assert codings_to_review(study) == []


def test_another_language_corrects_nothing(page: Page, served: tuple[str, Path], study: Study) -> None:
    page.goto(f"{served[0]}/transcripts?transcript=1&view=edit")
    expect(page.get_by_label("Ordene i replik 4", exact=True)).to_be_visible(timeout=WAIT)
    page.get_by_role("radio", name="English").click()
    expect(page.get_by_label("The words of turn 4", exact=True)).to_be_visible(timeout=WAIT)
    words = page.get_by_label("The words of turn 1", exact=True)
    words.fill("How did it go?")
    words.blur()
    expect(page.get_by_text("1 correction, not saved", exact=True)).to_be_visible(timeout=WAIT)
