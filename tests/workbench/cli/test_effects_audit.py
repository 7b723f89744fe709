"""`workbench effects STUDY audit`: the study's estimates, a file of estimates, a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.numbers_material import numbers_study
from tests.quant.printed_tables import CSV
from tests.workbench.cli.conftest import Run


@pytest.fixture
def study(tmp_path: Path) -> str:
    return numbers_study(tmp_path).reference


def test_the_estimates_of_the_study_are_audited_without_a_file(run: Run, study: str) -> None:
    found = run("effects", study, "audit", "--json").json
    assert found == {"source": "", "estimates": 4, "flags": [], "paragraphs": 0, "claims": []}
    assert "4 estimater kontrolleret, 0 modsigelser" in run("effects", study, "audit").err


def test_a_file_is_audited_and_flags_are_printed(run: Run, study: str, tmp_path: Path) -> None:
    file = tmp_path / "esttab.csv"
    file.write_text(CSV.replace("0.031**", "0.003**"), encoding="utf-8")
    (flag,) = run("effects", study, "audit", file, "--json").json["flags"]
    assert (flag["row"], flag["check"], flag["severity"], flag["found"]) == (0, "stars", "error", "**")
    assert "esttab, r3c2" in run("effects", study, "audit", file).out


def test_a_report_is_audited_in_the_language_asked_for(run: Run, study: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.txt"
    file.write_text(
        "The effect on employment in 2017-2018 is significant at the 5 percent level.", encoding="utf-8"
    )
    (claim,) = run("effects", study, "audit", file, "--language", "en", "--json").json["claims"]
    assert (claim["status"], claim["kind"]) == ("disagrees", "significance")
    assert "disagree with the tables" in run("effects", study, "audit", file, "--language", "en").err


def test_a_file_that_cannot_be_read_leaves_with_one_sentence(run: Run, study: str, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.7")
    outcome = run("effects", study, "audit", file)
    assert outcome.code == 1
    assert "report.pdf: tabeller kan ikke læses fra en PDF" in outcome.err
