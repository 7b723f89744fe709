"""Auditing of a study's estimates, of files of estimates, and of reports against both."""

from __future__ import annotations

from pathlib import Path

import pytest

from quant import EstimatesError, read_estimates
from quant.estimate_audit import CHECKS
from quant.estimate_files import read_estimate_file
from quant.prose_audit import REASONS
from tests.pages.numbers_material import numbers_study
from tests.quant.printed_tables import CSV, FIXED
from tests.quant.test_estimate_files import paragraph, word, word_table
from workbench.display import to_records
from workbench.i18n import Language, catalogue
from workbench.services import auditing, effects
from workbench.services.effect_tables import estimates_matrix, estimates_table
from workbench.services.files import GivenFile
from workbench.services.studies import Study
from workbench.word import Table, render


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return numbers_study(tmp_path)


def audit(study: Study, name: str, content: str | bytes) -> auditing.Audit:
    written = content.encode() if isinstance(content, str) else content
    return auditing.audit_file(study, GivenFile(name, written), language="da")


def test_the_estimates_of_the_study_are_checked_and_named_by_their_id(study: Study) -> None:
    assert auditing.audit_study(study).flags == ()
    wrong = b"table,outcome,estimate,std_error,stars\n5.4,job,0.010,0.020,***\n5.4,job2,0.030,0.010,**\n"
    draft = effects.draft_estimates(GivenFile("wrong.csv", wrong), label="Report 2")
    effects.save_estimates(study, draft, actor="anna", nature="published", label="Report 2")

    found = auditing.audit_study(study, language="da")
    (flag,) = found.flags
    stored = next(each for each in effects.list_estimates(study) if each.value.outcome == "job")
    assert (found.estimates, flag["id"], flag["check"]) == (6, stored.id, "stars")
    assert flag["message"].startswith("stjernerne *** passer ikke til estimat og standardfejl")
    assert flag["message"].endswith("(p 0,317–0,843)")


def test_a_printed_table_of_another_program_is_checked(study: Study) -> None:
    assert audit(study, "esttab.csv", CSV).flags == ()
    found = audit(study, "esttab.csv", CSV.replace("0.031**", "0.003**"))
    assert [(flag["check"], flag["place"]) for flag in found.flags] == [
        ("stars", "esttab, r3c2 (employment)")
    ]
    assert audit(study, "esttab.txt", FIXED.replace("0.013", "1.013")).flags[0]["check"] == "r2_range"


def test_a_text_is_held_against_the_estimates_of_the_study(study: Study) -> None:
    text = (
        "Effekten på virksomhedspraktik for mænd i 2018 er signifikant på 1 procent-niveau.\n\n"
        "Effekten på beskæftigelse i 2017-2018 er signifikant på 5 procent-niveau.\n"
    )
    found = audit(study, "udkast.txt", text)
    (claim,) = found.claims
    assert (found.estimates, found.paragraphs, claim["status"]) == (0, 2, "disagrees")
    assert claim["message"].startswith("teksten siger »")
    assert claim["message"].endswith("tabellen -0,008 (0,007)")
    record = to_records(auditing.claims_table(found, language="da"))[0]
    assert record["status"] == "I modstrid"


def test_a_report_is_held_against_its_own_tables_where_the_study_has_none(study: Study) -> None:
    body = (
        paragraph("Tabel 7.1 Effekter")
        + word_table(["Periode", "Uddannelse"], ["2019", "0,031*\n(0,012)"], ["2020", "0,001\n(0,012)"])
        + paragraph("Anm.: * p < 0,05; ** p < 0,01. Standardfejl i parentes.")
        + paragraph("Effekten på uddannelse i 2020 er signifikant på 5 procent-niveau (tabel 7.1).")
    )
    found = audit(study, "rapport.docx", word(body))
    assert (found.estimates, found.flags) == (2, ())
    assert [(claim["status"], claim["cell"]) for claim in found.claims] == [
        ("disagrees", "Tabel 7.1 Effekter, r3c2 (Uddannelse, 2020)")
    ]


def test_a_report_without_tables_is_read_and_a_file_of_neither_is_refused(study: Study) -> None:
    found = audit(study, "tekst.docx", word(paragraph("Ingen tal.")))
    assert (found.estimates, found.paragraphs, found.claims) == (0, 1, ())
    with pytest.raises(EstimatesError, match=r"r\.pdf: tables cannot be read from a PDF"):
        audit(study, "r.pdf", b"%PDF-1.7")


def test_tables_of_our_own_report_give_back_the_numbers_they_were_made_of(study: Study) -> None:
    stored = effects.list_estimates(study)
    specs = [
        estimates_table(stored, language="da"),
        estimates_matrix(stored, subgroup="men", model="2", language="da"),
    ]
    report = render([Table(spec) for spec in specs], language="da", title="Prøve", paginate=False)
    found = read_estimate_file(report, "rapport.docx")
    assert found.mapping is not None
    read = read_estimates(found.frame, found.mapping, source="rapport.docx").estimates

    assert [table.estimates for table in found.tables] == [4, 1]
    expected = [*(each.value for each in stored), stored[-1].value]
    assert [(e.estimate, e.std_error, e.stars, e.period, e.treated_mean) for e in read] == [
        (e.estimate, e.std_error, e.stars, e.period, e.treated_mean) for e in expected
    ]
    assert found.frame.attrs["star_levels"] == {"+": 0.1, "*": 0.05, "**": 0.01, "***": 0.001}
    assert audit(study, "rapport.docx", report).flags == ()


def said(prefix: str, language: Language) -> dict[str, str]:
    """The texts of a group of the catalogue by their last word."""
    return {
        key.removeprefix(prefix): text for key, text in catalogue(language).items() if key.startswith(prefix)
    }


def test_the_english_sentences_are_those_of_the_package_and_every_one_has_a_danish_one() -> None:
    assert said("audit.check.", "en") == CHECKS
    assert said("audit.reason.", "en") == REASONS
    danish = said("audit.check.", "da")
    assert danish.keys() == CHECKS.keys()
    assert all(danish[check] != text for check, text in CHECKS.items())
