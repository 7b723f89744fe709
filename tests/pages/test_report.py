"""The report page: what the report will hold, and building it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pages.conftest import RunPage
from workbench.services.reporting import build_report
from workbench.services.studies import Study
from workbench.ui.report_screen import BUILT


@pytest.fixture
def demo(demonstration_study: Callable[[Path], Study], tmp_path: Path) -> Study:
    return demonstration_study(tmp_path)


def test_a_study_without_interviews_says_what_to_do(run_page: RunPage, empty_study: Study) -> None:
    app = run_page("report", empty_study)
    assert not app.exception
    assert "Vælg et kodeskema først" in app.info[0].value


def test_missing_parts_are_said_before_building(run_page: RunPage, coded_study: Study) -> None:
    app = run_page("report", coded_study)
    text = " ".join(each.value for each in app.markdown)
    assert "2 interviews · 3 kodninger" in text
    assert "0 af 5 vurderinger er bekræftet" in text
    assert "Ingen effektestimater: kapitlet om effekter udelades." in text


def test_the_built_report_is_the_one_of_the_command_line(run_page: RunPage, demo: Study) -> None:
    app = run_page("report", demo)
    app.segmented_control(key="page.report.language").set_value("en").run()
    app.button_group(key="page.report.sections").set_value(["summary", "themes"]).run()
    app.button(key="page.report.build").click().run()
    assert not app.exception
    built = app.session_state[BUILT][1]
    assert built.content == build_report(demo, language="en", sections=("summary", "themes"))
    assert any("At a glance" in each.value for each in app.markdown)
    app.segmented_control(key="page.report.language").set_value("da").run()
    assert any("Byg den igen" in each.value for each in app.info)


def test_without_chapters_there_is_nothing_to_build(run_page: RunPage, coded_study: Study) -> None:
    app = run_page("report", coded_study)
    app.button_group(key="page.report.sections").set_value([]).run()
    assert any("mindst ét kapitel" in each.value for each in app.info)
