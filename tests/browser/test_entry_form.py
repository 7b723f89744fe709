"""A whole questionnaire typed in by keyboard alone, as somebody with a pile of paper does it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from workbench.services import entry
from workbench.services.studies import Study, create_study
from workbench.settings import load_settings, remember_study

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import ServerStarter

pytestmark = pytest.mark.browser

APP = Path(__file__).parents[2] / "workbench" / "app.py"


@pytest.fixture
def typing(
    page: Page, streamlit_server: ServerStarter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Page, Study]:
    """The page with the form open, and the study it types into."""
    home = tmp_path / "home"
    monkeypatch.setenv("WORKBENCH_HOME", str(home))
    study = create_study(tmp_path / "study", title="Papir", language="da", instrument="fip", actor="Anna")
    remember_study(load_settings(), study.reference)
    address = streamlit_server(APP, env={"WORKBENCH_HOME": str(home), "WORKBENCH_CODER": "Anna"})
    page.goto(f"{address}/questionnaire")
    page.get_by_role("tab", name="Tast ind").click()
    page.get_by_label("Nummer eller pseudonym").wait_for(timeout=60_000)
    return page, study


def test_two_citizens_are_typed_in_without_touching_the_mouse(typing: tuple[Page, Study]) -> None:
    page, study = typing
    keys = page.keyboard
    page.get_by_label("Nummer eller pseudonym").focus()
    keys.type("K1")
    for _ in range(5):  # to round, date, gender, age, and the first answer
        keys.press("Enter")
    keys.type("12345679")  # the scale ends at 7: nothing is written, and the place stays
    page.get_by_text("Svaret skal ligge mellem 1 og 7").wait_for()
    keys.type("1 34")  # one question is not answered
    keys.type("76543217654")
    keys.press("Enter")
    page.get_by_text("K1, runde 1: gemt.").wait_for(timeout=30_000)

    keys.type("K2")  # the cursor is back at the person
    for _ in range(5):
        keys.press("Enter")
    keys.type("55")
    keys.press("Enter")
    page.get_by_text("20 spørgsmål står tomme").wait_for()
    keys.press("Enter")
    page.get_by_text("K2, runde 1: gemt.").wait_for(timeout=30_000)

    stored = {(form.person, form.respondent): form.values for form in entry.typed_forms(study)}
    first = [1, 2, 3, 4, 5, 6, 7, 1, None, 3, 4]
    items = entry.require_instrument(study).item_ids("citizen")
    assert [stored["K1", "citizen"].get(item) for item in items] == first
    assert list(stored["K1", "caseworker"].values()) == [7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4]
    assert list(stored["K2", "citizen"].values()) == [5, 5]
    assert ("K2", "caseworker") not in stored
