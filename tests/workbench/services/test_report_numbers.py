"""The demonstration's report: every number in it is a number of the study, as `--json` gives it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from workbench.demo.build import Demonstration
from workbench.i18n import LANGUAGES, Language
from workbench.services import (
    descriptions,
    effect_runs,
    factor_checks,
    factors,
    index_values,
    reporting,
    synthetic_runs,
    triangulating,
)
from workbench.services.effects import estimates_sources, list_estimates, remove_estimates
from workbench.services.studies import Study, open_study
from workbench.services.surveys import answers_sources, require_instrument
from workbench.word import DocxText, build_report, docx_text
from workbench.word.pages import find_office, to_pdf

# Of the notes: levels of the stars (two and three decimals), p-values of tests, the cut-off of loadings, and
# the places of published tables.
OF_NOTES = {"0.10", "0.05", "0.01", "0.001", "0.3", "5.1", "5.2", "5.3"}


def written(value: float, decimals: int, language: Language) -> str:
    """The number as a table shows it, worked out apart from the program's own formatting."""
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{abs(rounded):.{decimals}f}"
    sign = "−" if rounded < 0 else ""
    return sign + (text.replace(".", ",") if language == "da" else text)


def floats(value: Any) -> Iterator[float]:
    """Every number inside JSON values."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from floats(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def questionnaire_numbers(study: Study) -> Iterator[float]:
    """Every number of the chapters on the questionnaire; shares (0-1) also as percentages."""
    frames = [descriptions.progressions(study), descriptions.progressions(study, level="dimensions")]
    frames += [descriptions.agreements(study, round=1), descriptions.ends_of_scales(study)]
    solutions = require_instrument(study).solutions()
    scales = [
        factor_checks.reliability_json(scale)
        for solution in solutions
        for scale in factor_checks.reliability_of(study, solution=solution)
    ]
    found = [*(frame.to_dict("records") for frame in frames), descriptions.missing(study).as_dict(), scales]
    for number in floats(found):
        if math.isfinite(number):
            yield number
            yield 100 * number
    for solution in solutions:
        changes = index_values.changes_of(index_values.index_values(study, solution=solution))
        for _, moved in changes.groupby("factor"):
            yield from moved[["first", "last", "change"]].mean()
            yield float(moved["change"].std())
            yield from stats.ttest_1samp(moved["change"], 0).confidence_interval(0.95)


def effect_runs_kept(study: Study) -> list[Any]:
    """What the runs of effects found, as they are kept, and probabilities (0-1) also as percentages."""
    runs = [found.as_dict() for found in effect_runs.kept_findings(study)]
    made = [found.as_dict() for found in synthetic_runs.kept_synthetic(study)]
    detected = [100 * row["power"] for run in runs for each in run["outcomes"] for row in each["power"]]
    return [*runs, *made, detected]


@pytest.fixture(scope="module")
def study(demonstration: Demonstration) -> Study:
    return open_study(demonstration.study)


@pytest.fixture(scope="module")
def reports(demonstration: Demonstration) -> dict[Language, DocxText]:
    study = open_study(demonstration.study)
    return {language: docx_text(reporting.build_report(study, language=language)) for language in LANGUAGES}


def table_rows(report: DocxText) -> dict[tuple[str, ...], int]:
    rows: dict[tuple[str, ...], int] = {}
    for table in report.tables:
        for row in table:
            rows[tuple(row)] = rows.get(tuple(row), 0) + 1
    return rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_scores_and_differences_stand_as_in_the_joint_display(
    study: Study, reports: dict[Language, DocxText], language: Language
) -> None:
    rows = [row[:-1] for row in table_rows(reports[language])]
    plain = triangulating.joint_display(study, language=language).as_dict(language)
    checked = 0
    for item in (item for row in plain["rows"] for item in row["evidence"]):
        values = item["values"]
        if item["relation"] == "score":
            numbers = [written(values[0][name], 2, language) for name in ("value", "ci_low", "ci_high")]
            n = f"{values[0]['n']:,}".replace(",", "." if language == "da" else ",")
            assert (item["label"], *numbers, n) in rows
        elif item["relation"] == "split":
            shown = [values[0]["value"], values[1]["value"], values[2]["value"]]
            ends = [values[2]["ci_low"], values[2]["ci_high"]]
            numbers = [written(number, 2, language) for number in (*shown, *ends)]
            assert (item["label"], *numbers, f"{values[0]['n']} + {values[1]['n']}") in rows
        else:
            continue
        checked += 1
    assert checked == 6 + 4 + 7 + 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_estimate_beside_a_theme_stands_with_error_and_mean(
    study: Study, reports: dict[Language, DocxText], language: Language
) -> None:
    cells = {cell for row in table_rows(reports[language]) for cell in row}
    plain = triangulating.joint_display(study, language=language).as_dict(language)
    by_id = {stored.id: stored.as_dict() for stored in list_estimates(study)}
    beside = [item["estimate_id"] for row in plain["rows"] for item in row["evidence"] if item["estimate_id"]]
    assert len(beside) == 4 + 18
    for estimate in (by_id[each] for each in beside):
        stars = "+" if estimate["stars"] in ("+", "#") else estimate["stars"]
        lines = [written(estimate["estimate"], 3, language) + stars]
        lines.append(f"({written(estimate['std_error'], 3, language)})")
        if estimate["treated_mean"] is not None:
            lines.append(f"[{written(estimate['treated_mean'], 3, language)}]")
        assert "\n".join(lines) in cells


@pytest.mark.parametrize("language", LANGUAGES)
def test_loadings_stand_as_the_factor_analysis_gives_them(
    study: Study, reports: dict[Language, DocxText], language: Language
) -> None:
    rows = [row[1:] for row in table_rows(reports[language])]
    for solution in (each.as_dict() for each in factors.factor_solutions(study)):
        for loading in solution["loadings"]:
            numbers = [written(value, 2, language) for name, value in loading.items() if name != "indicator"]
            numbers.append(written(solution["uniqueness"][loading["indicator"]], 2, language))
            assert tuple(numbers) in rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_interviews_with_a_theme_stand_as_in_the_joint_display(
    study: Study, reports: dict[Language, DocxText], language: Language
) -> None:
    rows = table_rows(reports[language])
    for row in triangulating.joint_display(study, language=language).as_dict(language)["rows"]:
        counts = [f"{count['interviews_with']}/{count['interviews_asked']}" for count in row["counts"]]
        total = f"{row['interviews_with']}/{row['interviews_asked']}"
        assert (row["label"], *counts, total) in rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_with_decimals_is_from_elsewhere(
    study: Study, reports: dict[Language, DocxText], language: Language
) -> None:
    sources: list[Any] = [
        triangulating.joint_display(study, language=language).as_dict(language)["rows"],
        [each.as_dict() for each in factors.factor_solutions(study)],
        [each.as_dict() for each in list_estimates(study)],
        [list(source.flow) for source in answers_sources(study)],
        list(questionnaire_numbers(study)),
    ]
    known = {written(abs(number), places, language) for number in floats(sources) for places in (1, 2, 3)}
    runs = list(floats(effect_runs_kept(study)))
    known |= {written(abs(number), places, language) for number in runs for places in (1, 2, 3, 4)}
    known |= {text.replace(".", ",") if language == "da" else text for text in OF_NOTES}
    for number in list(known):  # in English a thousands sign is a comma and does not hide the decimals
        whole, point, decimals = number.partition("," if language == "da" else ".")
        if point and len(whole) > 3:
            grouped = f"{int(whole):,}".replace(",", "." if language == "da" else ",")
            known.add(f"{grouped}{point}{decimals}")
    texts = [text for style, text in reports[language].paragraphs if not style.startswith(("TOC", "Caption"))]
    texts += [cell for table in reports[language].tables for row in table for cell in row]
    text = "\n".join(texts)
    numbers = re.findall(r"\d[\d.]*,\d+" if language == "da" else r"\d[\d,]*\.\d+", text)
    references = re.findall(r"(?:[Tt]abel|[Ff]igur|[Aa]fsnit|Table|Figure|[Ss]ection)\s(\d+[.,]\d+)", text)
    strange = sorted({number for number in numbers if number not in known} - set(references))
    assert len(numbers) > 200
    assert strange == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_caption_fields_hold_the_numbers_that_are_shown(
    reports: dict[Language, DocxText], language: Language
) -> None:
    report = reports[language]
    captions = [text for style, text in report.paragraphs if style == "Caption"]
    word = {"da": "Tabel", "en": "Table"}[language]
    shown = [re.match(rf"{word}\s(\d+)\.(\d+)", text) for text in captions if text.startswith(word)]
    numbers = [(int(match[1]), int(match[2])) for match in shown if match is not None]
    assert numbers[0] == (1, 1)
    for before, after in pairwise(numbers):
        assert after == (before[0], before[1] + 1) or (after[0] > before[0] and after[1] == 1)
    sequence = [
        field for field in report.fields if field.kind == "SEQ" and f"SEQ {word}" in field.instruction
    ]
    assert [int(field.result) for field in sequence] == [number for _, number in numbers]


def test_the_same_study_gives_the_same_bytes_at_every_door(
    demonstration: Demonstration, study: Study
) -> None:
    content = reporting.build_report(study, language="da")
    assert build_report(demonstration.study, language="da") == content
    assert reporting.compose_report(study, language="da").content == content
    assert demonstration.report.read_bytes() == content


def test_the_report_says_what_is_invented_simulated_and_published(reports: dict[Language, DocxText]) -> None:
    for word in ("opdigtede", "simulerede", "offentliggjorte"):
        assert word in reports["da"].text
    for word in ("invented", "simulated", "published"):
        assert word in reports["en"].text
    assert "in Danish, as they were written" in reports["en"].text


def test_attributions_name_one_person_and_no_municipality(reports: dict[Language, DocxText]) -> None:
    text = reports["da"].text
    assert "(Borger, kvinde, " in text
    assert "(Sagsbehandler, gruppeinterview)" in text
    assert not re.search(r"\((Borgere|Ledere|Sagsbehandlere|Virksomheder),", text)


def test_the_demonstration_shows_confirmed_overruled_proposed_and_silent_verdicts(study: Study) -> None:
    rows = {row.theme: row for row in triangulating.joint_display(study).rows}
    assert {theme: row.proposed.id for theme, row in rows.items()} == {
        "language": "partial",
        "health": "partial",
        "motivation": "agreement",
        "women": "partial",
        "igu": "silence",
    }
    confirmed = {theme: row.confirmed.verdict for theme, row in rows.items() if row.confirmed is not None}
    assert confirmed == {"language": "partial", "health": "dissonance"}
    weighing = {
        item.label["da"] for item in rows["women"].evidence if item.relation == "effect" and item.weighs
    }
    assert weighing == {"Beskæftigelse, kvinder, 2017-2018", "Selvforsørgelse, kvinder, 2017-2018"}


def test_chapters_left_out_are_gone_and_the_reservations_stay(study: Study) -> None:
    report = reporting.compose_report(study, language="da", sections=("themes",))
    headings = [entry.text for entry in report.outline if entry.level == 1]
    assert headings == ["Temaerne et for et", "Forbehold"]
    assert report.quotations == 15


def test_facts_say_what_is_missing(
    study: Study, demonstration_study: Callable[[Path], Study], tmp_path: Path
) -> None:
    facts = reporting.report_facts(study)
    assert (facts.interviews, facts.verdicts, facts.confirmed, facts.stale) == (44, 5, 2, 0)
    assert facts.missing == ()
    copy = demonstration_study(tmp_path)
    [source] = estimates_sources(copy)
    remove_estimates(copy, source.id, actor="Ida")
    changed = reporting.report_facts(copy)
    assert changed.missing == ("estimates",)
    assert changed.stale == 1  # the verdict on language also rests on an estimate


@pytest.mark.office
def test_libreoffice_opens_the_report(demonstration: Demonstration) -> None:
    office = find_office()
    assert office is not None
    pdf = to_pdf(demonstration.report.read_bytes(), office=office)
    assert pdf is not None
    assert pdf.startswith(b"%PDF")
