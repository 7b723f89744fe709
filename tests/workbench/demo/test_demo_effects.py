"""The demonstration's panel and its effects: what is true is known, and what may not be read is not shown."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from workbench.demo import build
from workbench.demo.build import NATURE, Demonstration, build_demo
from workbench.demo.effects import LABEL, PANEL
from workbench.demo.panel import (
    CONTROLS,
    DRIFTING_REGION,
    OUTCOMES,
    PERSONS,
    QUARTERS,
    REGIONS,
    START,
    TREATED,
    TREATED_AREA,
    build_panel,
    panel_csv,
)
from workbench.i18n import LANGUAGES
from workbench.services import effect_runs, panel_files, synthetic_runs
from workbench.services.effect_check_tables import subgroups_table
from workbench.services.effect_run_tables import EffectTables
from workbench.services.effect_runs import Findings
from workbench.services.studies import Study, open_study
from workbench.word.reader import docx_text


@pytest.fixture
def study(demonstration: Demonstration) -> Study:
    """The demonstration, for reading only."""
    return open_study(demonstration.study)


@pytest.fixture
def found(study: Study) -> Findings:
    """The run that the demonstration keeps."""
    [kept] = effect_runs.kept_findings(study)
    return kept


def rows(found: Findings, outcome: str) -> dict[str, dict[str, Any]]:
    """The pooled effects of an outcome, by window."""
    [each] = [each for each in found.outcomes if each["outcome"] == outcome]
    return {row["term"]: row for row in each["effect"]["table"]}


def test_the_panel_has_the_shape_of_the_reference_study_and_invented_names() -> None:
    frame = build_panel()
    assert len(frame) == (TREATED + CONTROLS) * len(QUARTERS) * PERSONS == 41_760
    assert (TREATED, CONTROLS, len(QUARTERS)) == (17, 41, 24)
    assert set(frame["municipality"].str.split(" ").str[0]) == {"Indsatskommune", "Kontrolkommune"}
    treated = frame[frame["treated"] == 1]
    assert set(treated["area"]) == {TREATED_AREA}
    assert treated["municipality"].nunique() == TREATED
    assert set(frame["region"]) == set(REGIONS)
    for name in OUTCOMES:
        assert set(frame[name]) == {0, 1}


def test_the_panel_is_the_same_each_time_and_another_with_another_seed() -> None:
    assert panel_csv() == panel_csv()
    assert panel_csv(seed=1) != panel_csv()


def test_effects_that_are_true_lie_inside_their_intervals(found: Findings) -> None:
    for outcome in ("internship", "education"):
        for year, truth in OUTCOMES[outcome][2].items():
            row = rows(found, outcome)[year]
            assert row["ci_low"] < truth < row["ci_high"], (outcome, year)
    assert rows(found, "internship")["2018"]["ci_low"] > 0


def test_the_region_that_drifted_before_the_start_is_flagged_and_only_for_employment(found: Findings) -> None:
    flagged = {
        (each["outcome"], row["subgroup"])
        for each in found.outcomes
        for row in each["subgroups"]["table"]
        if row["gate"] == "failed"
    }
    assert flagged == {("employment", DRIFTING_REGION)}
    for language, words in zip(LANGUAGES, ("kan ikke fortolkes", "not interpretable"), strict=True):
        table = subgroups_table(EffectTables(found, language=language))
        assert table is not None
        assert [row[2] for row in table.rows].count(words) == 2, "one for each year"


def test_the_synthetic_control_of_the_treated_fits_and_finds_the_mean_effect(study: Study) -> None:
    [kept] = synthetic_runs.kept_synthetic(study)
    [unit] = kept.units
    assert (unit["treated_unit"], unit["start"], unit["fit"]) == (TREATED_AREA, START, "good")
    assert unit["effect"] == pytest.approx((0.005 + 0.03) / 2, abs=0.01)


def test_the_panel_lies_beside_the_study_and_says_that_it_is_simulated(study: Study, found: Findings) -> None:
    [listed] = panel_files.study_panels(study)
    assert (listed.name, listed.label, listed.nature) == (PANEL, LABEL, "simulated")
    assert (panel_files.panel_folder(study) / PANEL).read_bytes() == panel_csv()
    assert panel_files.open_study_panel(study, PANEL).sha256 == found.sha256
    assert "simuleret" in NATURE[2]["da"]
    assert "simulated" in NATURE[2]["en"]


def test_the_report_prints_the_effects_with_their_nature(
    demonstration: Demonstration, found: Findings
) -> None:
    said = docx_text(demonstration.report.read_bytes()).text
    assert "Effekter beregnet her" in said
    for outcome in OUTCOMES:
        for row in rows(found, outcome).values():
            number = f"{round(row['estimate'], 3) + 0.0:.3f}".replace(".", ",")  # no minus before 0,000
            assert number.replace("-", "\N{MINUS SIGN}") in said
    assert f"{LABEL} (simuleret)" in said
    assert "kan ikke fortolkes" in said


def test_a_build_that_is_cancelled_after_the_panel_leaves_no_panels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = tmp_path / "few"
    shutil.copytree(build.HERE / "data", few / "data")
    (few / "interviews").mkdir()
    shutil.copy(build.HERE / "interviews" / "citizen_01.txt", few / "interviews")
    monkeypatch.setattr(build, "HERE", few)
    folder = tmp_path / "demo"
    panels: list[Path] = []

    def cancel(done: int, total: int) -> None:
        panels.extend(folder.glob("*.panels/*"))
        if panels:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_demo(folder, on_step=cancel)
    assert [path.name for path in panels] == [PANEL]
    assert list(folder.iterdir()) == []
