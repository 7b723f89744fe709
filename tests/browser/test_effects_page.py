"""Estimating effects in a real browser: another outcome, the table, and an effect kept as evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from workbench.services import effect_runs, effects
from workbench.services.studies import Study
from workbench.settings import load_settings, remember_study

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import ServerStarter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

APP = Path(__file__).parents[2] / "workbench" / "app.py"
WAIT = 30_000  # milliseconds, for a busy machine


def test_another_outcome_is_estimated_read_and_kept_as_evidence(
    page: Page,
    streamlit_server: ServerStarter,
    demonstration_study: Callable[[Path], Study],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("WORKBENCH_HOME", str(home))
    study = demonstration_study(tmp_path)
    remember_study(load_settings(), study.reference)
    address = streamlit_server(APP, env={"WORKBENCH_HOME": str(home), "WORKBENCH_CODER": "Anna"})

    page.goto(f"{address}/effects")
    page.get_by_text("Difference-in-differences", exact=True).first.click(timeout=2 * WAIT)
    expect(page.get_by_text("Indsatskommuner og kontrolkommuner")).to_have_count(0)
    table = page.get_by_role("table").first
    expect(table.get_by_text("Uddannelse")).to_be_visible(timeout=WAIT)
    outcomes = page.get_by_role("combobox", name="Udfald")
    outcomes.press("Backspace")
    outcomes.press("Tab")
    # The page has taken the choice over once it has answered to another one made after it.
    design = page.get_by_test_id("stButtonGroup").filter(has_text="Eventstudie")
    design.get_by_text("Effekter med forskudt start", exact=True).click()
    starts = page.get_by_role("combobox", name="Kolonne med hver enheds start")
    expect(starts).to_be_visible(timeout=WAIT)
    design.get_by_text("Difference-in-differences", exact=True).click()
    expect(starts).to_have_count(0, timeout=WAIT)
    page.get_by_role("button", name="Estimer", exact=True).click()
    expect(table.get_by_text("Uddannelse")).to_have_count(0, timeout=2 * WAIT)
    expect(table.get_by_text("Virksomhedspraktik")).to_be_visible(timeout=2 * WAIT)

    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=2 * WAIT
    )
    [found] = [each for each in effect_runs.kept_findings(study) if not each.title]
    assert found.spec.outcomes == ("employment", "internship")
    estimate = found.outcomes[1]["effect"]["table"][1]["estimate"]
    expect(table).to_contain_text(f"{estimate:.3f}".replace(".", ","))

    before = len(effects.list_estimates(study))
    page.get_by_test_id("stPopover").get_by_role("button", name="Gem").click()
    name = page.get_by_label("Navn", exact=True)
    name.fill("Praktik")
    name.press("Enter")
    page.get_by_role("button", name="Gem som evidens").click()
    page.get_by_text("4 effekter er gemt som evidens: Praktik").wait_for(timeout=WAIT)
    kept = effects.list_estimates(study)[before:]
    assert [(each.value.outcome, each.value.period) for each in kept] == [
        ("employment", "2017"), ("employment", "2018"), ("internship", "2017"), ("internship", "2018")
    ]  # fmt: skip
    assert kept[3].value.estimate == estimate
