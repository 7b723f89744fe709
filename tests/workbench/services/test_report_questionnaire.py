"""The report's chapters on the questionnaire hold the tables of the page, whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from quant.regression_specs import RegressionSpec
from tests.workbench.services.regression_material import ITEM, answers_and_register, study_with_outcomes
from workbench.display import TableSpec
from workbench.i18n import LANGUAGES, Language
from workbench.services import (
    descriptions,
    entry,
    outcomes,
    regression_runs,
    regression_tables,
    regressions,
    surveys,
)
from workbench.services.description_tables import DescriptionTables
from workbench.services.files import GivenFile
from workbench.services.report_questionnaire import QUESTIONNAIRE_SECTIONS, QuestionnaireChapters
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.word import Block, Heading, LandscapeSection, Paragraph, Table

SPEC = RegressionSpec(outcomes=("employed",), predictors=(ITEM,), absorb="caseworker")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return study_with_outcomes(tmp_path)


def chapter(study: Study, section: str, language: Language = "da") -> list[Block]:
    """The blocks of a chapter, those of landscape pages among them."""
    found = QuestionnaireChapters(study, language, study_scheme(study)).blocks(section)
    return flat(found)


def flat(blocks: Sequence[Block]) -> list[Block]:
    return [
        inner
        for block in blocks
        for inner in (flat(block.blocks) if isinstance(block, LandscapeSection) else [block])
    ]


def specs(blocks: Sequence[Block]) -> list[TableSpec]:
    return [block.spec for block in blocks if isinstance(block, Table)]


def words(blocks: Sequence[Block]) -> str:
    return " ".join(str(block.text) for block in blocks if isinstance(block, Paragraph | Heading))


@pytest.mark.parametrize("language", LANGUAGES)
def test_progression_agreement_and_missing_are_the_tables_of_the_page(
    study: Study, language: Language
) -> None:
    page = DescriptionTables(
        surveys.require_instrument(study), language=language, scheme=study_scheme(study), source="Answers"
    )
    topics = page.progression(descriptions.progressions(study, level="dimensions"))
    items = page.progression(descriptions.progressions(study))
    assert specs(chapter(study, "progression", language))[:4] == [*topics, *items]
    agreed = page.agreement(descriptions.agreements(study, round=1))
    assert specs(chapter(study, "agreement", language)) == [*agreed]
    lacking = [*page.missing(descriptions.missing(study)), page.ends(descriptions.ends_of_scales(study))]
    assert specs(chapter(study, "missing", language)) == lacking


def test_reliability_has_a_table_a_solution(study: Study) -> None:
    assert [spec.key for spec in specs(chapter(study, "reliability"))] == [
        "reliability_citizen",
        "reliability_caseworker",
        "reliability_joint",
    ]


def test_named_regressions_are_printed_as_they_were_shown(study: Study) -> None:
    assert chapter(study, "regressions") == []
    found = regressions.regress_study(study, SPEC)
    regression_runs.keep_run(study, found, actor="anna")
    assert "De senest kørte regressioner" in words(chapter(study, "regressions"))
    regression_runs.keep_run(study, found, title="Tabel 4", actor="anna")
    blocks = chapter(study, "regressions")
    assert "De senest kørte" not in words(blocks)
    names = regression_tables.predictor_names(surveys.require_instrument(study), "da")
    shown = regression_tables.specification_table(
        found, "joint", language="da", names=names, scheme=study_scheme(study)
    )
    assert shown in specs(blocks)
    assert [spec.key for spec in specs(blocks)] == [
        "regressions_single",
        "regressions_joint",
        "regression_diagnostics",
    ]


def test_q_values_bring_the_list_of_every_estimate_and_stars_that_follow_them(study: Study) -> None:
    found = regressions.regress_study(study, replace(SPEC, false_discovery=True))
    regression_runs.keep_run(study, found, title="Tabel 4", actor="anna")
    tables = {spec.key: spec for spec in specs(chapter(study, "regressions", "en"))}
    assert "q_value" in [column.key for column in tables["regression_estimates"].columns]
    assert "q\u00a0<\u00a00.05" in tables["regressions_joint"].remarks[0]
    assert any("adjusted for 2 tests" in note for note in tables["regressions_joint"].notes)


def test_regressions_of_other_data_say_so_and_those_that_cannot_be_run_say_why(study: Study) -> None:
    found = regressions.regress_study(study, SPEC)
    regression_runs.keep_run(study, found, title="Tabel 4", actor="anna")
    changed = answers_and_register()[0].replace(b"women", b"men", 1)
    surveys.save_answers(study, surveys.draft_answers(study, GivenFile("answers.csv", changed)), actor="anna")
    assert "er ændret, siden regressionerne blev gemt" in words(chapter(study, "regressions"))
    outcomes.remove_outcomes(study, outcomes.outcomes_sources(study)[0].id, actor="anna")
    blocks = chapter(study, "regressions")
    assert "kan ikke køres på data" in words(blocks)
    assert specs(blocks) == []


def test_one_round_alone_has_no_progression_and_says_so(study: Study) -> None:
    answers = answers_and_register()[0].decode().splitlines()
    first = "\n".join(line for line in answers if line.split(",")[1] in ("round", "1")).encode()
    surveys.save_answers(study, surveys.draft_answers(study, GivenFile("answers.csv", first)), actor="anna")
    blocks = chapter(study, "progression")
    assert specs(blocks) == []
    assert "runde" in words(blocks)


def test_every_table_remarks_that_answers_were_mapped(study: Study) -> None:
    form = entry.TypedForm("P00", "citizen", 3, dict.fromkeys(["b_health", ITEM], 2), variant="faces3")
    entry.save_forms(study, [form], actor="anna")
    regression_runs.keep_run(study, regressions.regress_study(study, SPEC), actor="anna")
    remark = "1 of 361 questionnaires was answered on a simplified scale (3 faces)"
    for section in QUESTIONNAIRE_SECTIONS:
        tables = specs(chapter(study, section, "en"))
        assert [remark in spec.remarks[-1] for spec in tables] == [True] * len(tables) != []
