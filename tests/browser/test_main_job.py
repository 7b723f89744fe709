"""The main job in a real browser: from an empty folder to a downloaded report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from workbench.demo.fip import write_fip_csv
from workbench.services import coding, studies, triangulating
from workbench.word import docx_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ESTIMATES = Path(__file__).parents[2] / "workbench" / "demo" / "data" / "effect_estimates.csv"
TRANSCRIPT = """Interviewer: Hvad er det sværeste ved at få arbejde?

Leder 2: Mange af vores borgere mangler simpelthen dansk nok til at klare en vagt alene 👍, og det tager år.

Interviewer: Og hvad hjælper?

Leder 2: At komme ud på en rigtig arbejdsplads.
"""


def test_a_study_is_made_coded_joined_with_numbers_and_reported(
    page: Page, streamlit_server: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "leder 2.txt").write_text(TRANSCRIPT, encoding="utf-8")
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 cut off")
    home = tmp_path / "home"
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if _leaves(request.url) else None)
    command = [sys.executable, "-m", "workbench", "run", "--port", "{port}", "--headless"]
    address = streamlit_server(command, env={"WORKBENCH_HOME": str(home), "WORKBENCH_CODER": "Anna"})

    _begin_study(page, address)
    _import_interviews(page, [tmp_path / "leder 2.txt", tmp_path / "broken.docx"])
    _code_with_the_mouse(page)
    _import_numbers(page, "Spørgeskema", write_fip_csv(tmp_path / "fip.csv"), "Gem svarene")
    _import_numbers(page, "Effekter", ESTIMATES, "Gem estimaterne")
    _go_to(page, "Triangulering")
    page.get_by_text("Foreslået af reglen").first.wait_for()
    report = _download_report(page, tmp_path / "report.docx")

    study = studies.open_study(next(home.rglob("*.workbench")))
    [stored] = coding.list_codings(study)
    assert (stored.code, stored.coder) == ("language/lack_of_danish", "Anna")
    assert stored.quote in TRANSCRIPT
    rows = {row.theme: row for row in triangulating.joint_display(study, language="da").rows}
    assert rows["language"].counts[0].interviews_with == 1
    assert rows["igu"].quantitative_direction == "silent"
    written = docx_text(report.read_bytes()).text
    assert stored.quote in written
    assert "0,002" in written, "the published estimate for education, 2017-2018"
    assert outside == [], "nothing is fetched from elsewhere"


def _leaves(url: str) -> bool:
    return not url.startswith(("data:", "blob:", "http://127.0.0.1", "ws://127.0.0.1"))


def _begin_study(page: Page, address: str) -> None:
    page.goto(address)
    title = page.get_by_label("Titel")
    title.wait_for(timeout=60_000)
    title.fill("Mit eget studie")
    title.press("Tab")
    page.get_by_role("button", name="Opret studiet").click()
    page.get_by_role("heading", name="Mit eget studie").wait_for(timeout=30_000)


def _import_interviews(page: Page, files: list[Path]) -> None:
    _go_to(page, "Interviews")
    page.locator("input[type=file]").first.set_input_files([str(file) for file in files])
    page.get_by_role("button", name="Læs filerne").click()
    page.get_by_text("1 fil kan ikke læses").wait_for(timeout=30_000)
    page.get_by_text("broken.docx").first.wait_for()
    page.get_by_role("button", name="Gem 1 interview").click()
    page.get_by_text("1 interview er gemt").wait_for(timeout=30_000)


def _code_with_the_mouse(page: Page) -> None:
    _go_to(page, "Kodning")
    paragraph = page.locator("p").filter(has_text="mangler simpelthen dansk").first
    paragraph.wait_for(timeout=30_000)
    paragraph.click(click_count=3)
    palette = page.get_by_placeholder("Skriv for at finde en kode")
    palette.wait_for()
    palette.fill("mangler")
    palette.press("Enter")
    page.get_by_text("Kodet som Mangler dansk").first.wait_for()


def _import_numbers(page: Page, title: str, file: Path, button: str) -> None:
    _go_to(page, title)
    page.locator("input[type=file]").first.set_input_files(str(file))
    page.get_by_role("button", name=button).click(timeout=60_000)
    page.get_by_role("tab").first.wait_for(timeout=60_000)


def _download_report(page: Page, target: Path) -> Path:
    _go_to(page, "Rapport")
    page.get_by_role("button", name="Byg rapporten").click()
    save = page.get_by_role("button", name="Hent").first
    save.wait_for(timeout=120_000)
    with page.expect_download() as download:
        save.click()
    download.value.save_as(target)
    return target


def _go_to(page: Page, title: str) -> None:
    page.get_by_test_id("stSidebarNavItems").get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, exact=True).first.wait_for(timeout=30_000)
