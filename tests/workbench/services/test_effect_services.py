"""Effects estimated in a study: panels, runs that are kept, evidence, tables, figures, report."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from quant.effect_specs import effect_spec, synthetic_spec
from quant.errors import AnswersError
from workbench.display import EstimateCell
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import Language
from workbench.services import (
    coding,
    effect_guesses,
    effect_runs,
    effects,
    importing,
    linking,
    panel_files,
    reporting,
    synthetic_runs,
)
from workbench.services.effect_check_tables import all_tables, bootstrap_table, check_tables
from workbench.services.effect_run_figures import event_study_figure, subgroups_figure, trends_figure
from workbench.services.effect_run_tables import EffectTables
from workbench.services.effect_runs import Findings, open_panel
from workbench.services.files import GivenFile
from workbench.services.report_effects import effects_chapter
from workbench.services.studies import Study, create_study, list_history
from workbench.services.synthetic_figures import gap_figure, path_figure
from workbench.services.synthetic_runs import SyntheticFindings
from workbench.services.synthetic_tables import SyntheticTables
from workbench.word import LandscapeSection, Table, docx_text

from .panel_material import DID, SYNTHETIC, TOWNS, YEARS, panel, panel_file

WINDOWS = {"2016-2017": [2016, 2017], "2018-2019": [2018, 2019]}
CHECKED = {
    **DID,
    "outcomes": ["work", "pay"],
    "windows": WINDOWS,
    "subgroups": ["size"],
    "placebo_starts": [2012],
    "bootstrap": True,
    "draws": 99,
}


@pytest.fixture
def study(study_reference: str) -> Study:
    return create_study(study_reference, title="S", scheme="immi", actor="anna")


@pytest.fixture
def file_study(tmp_path: Path) -> Study:
    return create_study(tmp_path / "effects.workbench", title="S", scheme="immi", actor="anna")


@pytest.fixture(scope="module")
def found() -> Findings:
    """A run with all checks, in which `work` passes its gate and `pay` does not."""
    opened = open_panel(panel_file(), label="Register", nature="simulated")
    return effect_runs.estimate_effects(opened, effect_spec(CHECKED))


@pytest.fixture(scope="module")
def made() -> SyntheticFindings:
    """A synthetic control of Assens, with intervals and a placebo in time."""
    declared = synthetic_spec({**SYNTHETIC, "intervals": True, "placebo_start": 2012})
    return synthetic_runs.estimate_synthetic(open_panel(panel_file(), label="Register"), declared)


def estimated(**changes: Any) -> Findings:
    """A run without checks."""
    return effect_runs.estimate_effects(open_panel(panel_file()), effect_spec({**DID, **changes}))


def test_a_csv_with_decimal_commas_is_a_panel_of_numbers() -> None:
    text = panel().to_csv(index=False, sep=";", decimal=",")
    rows = open_panel(GivenFile("panel.csv", text.encode("cp1252"))).rows
    assert rows["work"].tolist() == panel()["work"].tolist()
    assert (rows["year"].dtype, rows["programme"].dtype) == ("int64", "int64")


def test_workbooks_parquet_and_stata_files_give_the_same_effect(tmp_path: Path) -> None:
    expected = estimated().outcomes[0]["effect"]["table"][0]["estimate"]
    for name, write in (("p.xlsx", "to_excel"), ("p.parquet", "to_parquet"), ("p.dta", "to_stata")):
        options = {"write_index": False} if name.endswith("dta") else {"index": False}
        getattr(panel(), write)(tmp_path / name, **options)
        opened = open_panel(tmp_path / name)
        assert opened.name == opened.label == name
        run = effect_runs.estimate_effects(opened, effect_spec(DID))
        assert run.outcomes[0]["effect"]["table"][0]["estimate"] == pytest.approx(expected)


def test_a_large_file_stays_where_it_is_and_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effect_runs, "MOST_IN_MEMORY_BYTES", 100)
    expected = estimated()
    for name in ("large.csv", "large.parquet"):
        path = tmp_path / name
        panel().to_csv(path, index=False) if name.endswith("csv") else panel().to_parquet(path)
        opened = open_panel(path)
        assert opened.rows == path
        assert effect_runs.panel_columns(opened) == list(panel().columns)
        run = effect_runs.estimate_effects(opened, effect_spec(DID))
        [row] = run.outcomes[0]["effect"]["table"]
        assert row["estimate"] == pytest.approx(expected.outcomes[0]["effect"]["table"][0]["estimate"])
        control = synthetic_runs.estimate_synthetic(opened, synthetic_spec(SYNTHETIC))
        assert control.units[0]["effect"] == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty.csv"),
        ("names.csv", b"town,year\n", "names.csv"),
        ("damaged.xlsx", b"PK\x03\x04 damaged", "damaged.xlsx"),
        ("damaged.parquet", b"PAR1 damaged", "damaged.parquet"),
    ],
)
def test_what_is_no_table_is_refused_by_name(name: str, content: bytes, said: str) -> None:
    with pytest.raises(AnswersError, match=said):
        open_panel(GivenFile(name, content))


def test_panels_are_added_replaced_and_taken_away(study: Study, tmp_path: Path) -> None:
    assert panel_files.study_panels(study) == []
    added = panel_files.add_panel(
        study, panel_file(), actor="anna", label="Register", nature="simulated", home=tmp_path
    )
    assert (added.name, added.path, added.label) == ("panel.csv", "panel.csv", "Register")
    panel_files.add_panel(study, panel_file("other.csv"), actor="anna", home=tmp_path)
    opened = panel_files.open_study_panel(study, "panel.csv", home=tmp_path)
    assert (opened.label, opened.nature, len(opened.rows)) == ("Register", "simulated", len(panel()))

    fewer = panel_file(frame=panel().head(8))
    panel_files.add_panel(study, fewer, actor="anna", home=tmp_path)
    assert [each.name for each in panel_files.study_panels(study)] == ["other.csv", "panel.csv"]
    assert len(panel_files.open_study_panel(study, "panel.csv", home=tmp_path).rows) == 8

    panel_files.remove_panel(study, "panel.csv", actor="anna")
    assert [each.name for each in panel_files.study_panels(study)] == ["other.csv"]
    with pytest.raises(NotFoundError, match=r"panel\.csv; der er: other\.csv"):
        panel_files.open_study_panel(study, "panel.csv", home=tmp_path)
    kept = panel_files.panel_folder(study, tmp_path) / "panel.csv"
    assert kept.read_bytes() == fewer.content
    panel_files.add_panel(study, kept, actor="anna", home=tmp_path)
    assert len(panel_files.open_study_panel(study, "panel.csv", home=tmp_path).rows) == 8
    assert list_history(study)[0].action == "study.update"


def test_a_panel_of_a_file_study_lies_beside_it(file_study: Study, tmp_path: Path) -> None:
    panel_files.add_panel(file_study, panel_file(), actor="anna")
    assert (tmp_path / "effects.panels" / "panel.csv").read_bytes() == panel_file().content
    assert [path.name for path in (tmp_path / "effects.panels").iterdir()] == ["panel.csv"]


def test_an_upload_never_leaves_the_folder_of_panels(file_study: Study, tmp_path: Path) -> None:
    added = panel_files.add_panel(file_study, panel_file("../../away.csv"), actor="anna")
    assert added.path == "away.csv"
    assert (tmp_path / "effects.panels" / "away.csv").is_file()


def test_a_path_stays_where_it_is(file_study: Study, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.csv"
    path.write_bytes(panel_file().content)
    assert panel_files.add_panel(file_study, path, actor="anna").path == str(path.resolve())
    assert not (tmp_path / "effects.panels").exists()


def test_a_file_that_is_gone_is_named(file_study: Study, tmp_path: Path) -> None:
    panel_files.add_panel(file_study, panel_file(), actor="anna")
    (tmp_path / "effects.panels" / "panel.csv").unlink()
    with pytest.raises(InvalidRequestError, match=r"panel\.csv"):
        panel_files.open_study_panel(file_study, "panel.csv")
    with pytest.raises(InvalidRequestError, match=r"gone\.csv"):
        panel_files.add_panel(file_study, tmp_path / "gone.csv", actor="anna")
    assert [each.name for each in panel_files.study_panels(file_study)] == ["panel.csv"]


@pytest.mark.postgres
def test_a_study_on_a_server_needs_a_folder_for_its_panels(postgres_url: str, tmp_path: Path) -> None:
    study = create_study(f"{postgres_url}#study", title="S", actor="anna")
    with pytest.raises(InvalidRequestError, match="angiv en mappe"):
        panel_files.add_panel(study, panel_file(), actor="anna")
    assert panel_files.study_panels(study) == []
    panel_files.add_panel(study, panel_file(), actor="anna", home=tmp_path)
    assert (tmp_path / "panels" / study.study_id / "panel.csv").is_file()


def test_a_folder_that_cannot_be_written_is_named(file_study: Study, tmp_path: Path) -> None:
    (tmp_path / "effects.panels").write_text("a file in the way")
    with pytest.raises(InvalidRequestError, match=r"effects\.panels"):
        panel_files.add_panel(file_study, panel_file(), actor="anna")
    assert panel_files.study_panels(file_study) == []


def test_a_run_that_is_kept_comes_back_as_it_was(study: Study, found: Findings) -> None:
    effect_runs.keep_findings(study, found, actor="anna")
    [kept] = effect_runs.kept_findings(study)
    assert kept.as_dict() == found.as_dict()
    assert kept.spec == found.spec
    tables = [all_tables(EffectTables(each, language="en")) for each in (kept, found)]
    assert tables[0] == tables[1]


def test_the_last_run_gives_way_and_named_ones_are_what_the_report_prints(study: Study) -> None:
    first, second = estimated(), estimated(outcomes=["pay"])
    effect_runs.keep_findings(study, first, actor="anna")
    effect_runs.keep_findings(study, second, actor="anna")
    assert [each.spec.outcomes for each in effect_runs.kept_findings(study)] == [("pay",)]
    assert [each.spec.outcomes for each in effect_runs.reported_findings(study)] == [("pay",)]
    effect_runs.keep_findings(study, first, actor="anna", title="Work")
    assert [each.title for each in effect_runs.reported_findings(study)] == ["Work"]
    assert {each.title for each in effect_runs.kept_findings(study)} == {"", "Work"}
    coding.undo(study, actor="anna")
    assert [each.title for each in effect_runs.kept_findings(study)] == [""]


def test_a_synthetic_control_that_is_kept_comes_back_as_it_was(study: Study, made: SyntheticFindings) -> None:
    synthetic_runs.keep_synthetic(study, made, actor="anna", title="Assens")
    [kept] = synthetic_runs.kept_synthetic(study)
    assert (kept.title, kept.as_dict()) == ("Assens", made.as_dict())
    assert synthetic_runs.reported_synthetic(study) == [kept]


def test_only_effects_whose_gate_passed_become_evidence(study: Study, found: Findings) -> None:
    source = effect_runs.keep_as_evidence(study, found, name="DiD", actor="anna")
    assert (source.estimates, source.nature) == (2, "simulated")
    stored = [each.value for each in effects.list_estimates(study)]
    rows = found.outcomes[0]["effect"]["table"]
    assert [(each.outcome, each.subgroup, each.period) for each in stored] == [
        ("work", "all", "2016-2017"),
        ("work", "all", "2018-2019"),
    ]
    for each, row in zip(stored, rows, strict=True):
        assert (each.estimate, each.std_error) == (row["estimate"], row["std_error"])
        assert (each.ci_low, each.ci_high) == (row["ci_low"], row["ci_high"])
        assert (each.treated_mean, each.n) == (row["treated_mean"], 112)
    assert stored[0].stars == "***"


def test_where_no_gate_passed_nothing_is_kept(study: Study) -> None:
    for run in (estimated(outcomes=["pay"]), estimated(design="event_study")):
        with pytest.raises(InvalidRequestError, match="ingen effekt at"):
            effect_runs.keep_as_evidence(study, run, name="DiD", actor="anna")
    assert effects.estimates_sources(study) == []


def test_evidence_kept_again_under_its_name_keeps_what_is_linked(study: Study, found: Findings) -> None:
    effect_runs.keep_as_evidence(study, found, name="DiD", actor="anna")
    ids = [each.id for each in effects.list_estimates(study)]
    linking.add_link(study, "language", f"estimate:{ids[0]}", level="effect", actor="anna")
    effect_runs.keep_as_evidence(
        study, estimated(windows=WINDOWS, vcov="robust", cluster=None), name="DiD", actor="anna"
    )
    assert [each.id for each in effects.list_estimates(study)] == ids
    assert f"estimate:{ids[0]}" in {str(link.target) for link in linking.list_links(study)}
    assert len(effects.estimates_sources(study)) == 1
    effect_runs.keep_as_evidence(study, estimated(), name="Other", actor="anna")
    assert len(effects.list_estimates(study)) == 3
    assert effects.list_estimates(study)[-1].value.period == "Fra og med 2016"


def test_a_synthetic_effect_becomes_evidence_with_its_unit(study: Study, made: SyntheticFindings) -> None:
    synthetic_runs.keep_as_evidence(study, made, name="Assens alone", actor="anna")
    [stored] = effects.list_estimates(study)
    assert (stored.value.outcome, stored.value.subgroup) == ("work", "Assens")
    assert stored.value.estimate == made.units[0]["effect"] == pytest.approx(2, abs=0.01)
    after = panel().query("town == 'Assens' and year >= 2016")["work"].mean()
    assert stored.value.treated_mean == pytest.approx(after)


def test_a_poor_fit_is_no_evidence(study: Study) -> None:
    frame = panel()
    frame.loc[frame["town"] == "Assens", "work"] = [100.0 * (place % 3) for place in range(len(YEARS))]
    run = synthetic_runs.estimate_synthetic(
        open_panel(panel_file(frame=frame)), synthetic_spec({**SYNTHETIC, "leave_one_out": False})
    )
    assert run.units[0]["fit"] == "poor"
    with pytest.raises(InvalidRequestError, match="for ringe for alle enheder"):
        synthetic_runs.keep_as_evidence(study, run, name="Assens", actor="anna")
    [row] = SyntheticTables(run, language="en").summary().rows
    assert row[:2] == ("Assens", "not interpretable")
    assert "Forskellen er ikke en effekt" in SyntheticTables(run, language="da").fit_sentence(run.units[0])


@pytest.mark.parametrize(("language", "words"), [("da", "kan ikke fortolkes"), ("en", "not interpretable")])
def test_the_pooled_table_holds_the_numbers_and_says_what_may_not_be_read(
    found: Findings, language: Language, words: str
) -> None:
    table = EffectTables(found, language=language).pooled()
    work, pay = found.outcomes
    assert (work["status"], pay["status"]) == ("passed", "failed")
    for row, expected in zip(table.rows[:2], work["effect"]["table"], strict=True):
        cell = row[1]
        assert isinstance(cell, EstimateCell)
        assert (cell.value, cell.std_error) == (expected["estimate"], expected["std_error"])
        assert row[2] == words
    assert table.summary_from == 2
    closing = table.rows[2:]
    assert closing[0][2] == ("<0,001" if language == "da" else "<0.001")
    assert [row[1] for row in closing[1:]] == [112, 8, 3]
    assert table.source == ("Register (simuleret)" if language == "da" else "Register (simulated)")


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_table_has_a_row_for_each_number_it_shows(found: Findings, language: Language) -> None:
    tables = {table.key: table for table in all_tables(EffectTables(found, language=language))}
    assert list(tables) == [
        "effects_pooled", "effects_by_period_work", "effects_by_period_pay", "effects_subgroups",
        "effects_differences", "effects_bootstrap", "effects_placebos", "effects_power",
    ]  # fmt: skip
    by_period = found.outcomes[0]["by_period"]["table"]
    shown = tables["effects_by_period_work"]
    assert [row[0] for row in shown.rows] == [str(row["term"]) for row in by_period]
    assert [row[2] for row in shown.rows] == [row["estimate"] for row in by_period]
    assert [row[6] for row in shown.rows] == [row["p_value"] for row in by_period]
    assert [row[1] for row in tables["effects_placebos"].rows] == [
        each["placebos"][0]["table"][0]["estimate"] for each in found.outcomes
    ]
    said = [word for table in tables.values() for word in (table.title, *table.notes, *table.remarks)]
    assert not [word for word in said if "{" in word or word.startswith(("did.", "effects."))]


def test_errors_of_an_effect_that_may_not_be_read_are_not_shown(found: Findings) -> None:
    assert [each["term"] for each in found.outcomes[1]["bootstraps"]] == list(WINDOWS)
    table = bootstrap_table(EffectTables(found, language="da"))
    assert table is not None
    assert [name for _, name in table.sections] == ["work"]
    assert [row[1] for row in table.rows] == [each["p_value"] for each in found.outcomes[0]["bootstraps"]]
    assert bootstrap_table(EffectTables(estimated(outcomes=["pay"], bootstrap=True), language="da")) is None


def test_a_subgroup_whose_gate_failed_has_words_and_no_numbers(found: Findings) -> None:
    table = next(
        each for each in check_tables(EffectTables(found, language="da")) if each.key == "effects_subgroups"
    )
    rows = [row for each in found.outcomes for row in each["subgroups"]["table"]]
    assert {row["gate"] for row in rows[4:]} == {"failed"}
    for shown, row in zip(table.rows, rows, strict=True):
        if row["gate"] == "failed":
            assert shown[2:6] == ("kan ikke fortolkes", None, None, None)
        else:
            assert isinstance(shown[2], EstimateCell)
            assert shown[2].value == row["estimate"]


def test_the_declaration_says_what_columns_are_called() -> None:
    run = estimated(columns={"work": "Months in work"}, title="Effects of the programme")
    table = EffectTables(run, language="en").pooled()
    assert table.title == "Effects of the programme"
    assert table.columns[1].title == "Months in work"


def test_the_gate_is_said_in_words(found: Findings) -> None:
    danish, english = (EffectTables(found, language=language) for language in ("da", "en"))
    work, pay = found.outcomes
    assert "p = 0,514" in danish.gate_sentence(work)
    assert "p = 0.514" in english.gate_sentence(work)
    assert "p < 0,001, under grænsen på 0,05" in danish.gate_sentence(pay)
    short = effect_runs.estimate_effects(
        open_panel(panel_file(frame=panel().query("year >= 2015"))), effect_spec(DID)
    )
    assert short.outcomes[0]["status"] == "untested"
    assert "kunne ikke testes" in EffectTables(short, language="da").gate_sentence(short.outcomes[0])


def test_figures_say_in_words_what_they_show(found: Findings) -> None:
    work, pay = found.outcomes
    by_period = event_study_figure(found, work, language="da")
    estimate = next(row for row in work["by_period"]["table"] if row["term"] == "2016")["estimate"]
    assert f"2016: {estimate:.3f}".replace(".", ",") in by_period.alt_text
    assert by_period.notes[0] in EffectTables(found, language="da").gate_sentence(work)
    assert by_period.alt_text != event_study_figure(found, pay, language="da").alt_text
    trends = trends_figure(found, work, language="en")
    assert trends is not None
    before = panel().query("programme == 1 and year == 2006")["work"].mean()
    assert f"{before:.3f} in 2006" in trends.alt_text
    forest = subgroups_figure(found, work, language="en")
    assert forest is not None
    assert "large" in forest.alt_text
    assert subgroups_figure(estimated(), estimated().outcomes[0], language="da") is None


def test_figures_of_a_synthetic_control_name_the_unit_and_its_placebos(made: SyntheticFindings) -> None:
    tables = SyntheticTables(made, language="da")
    [unit] = made.units
    assert "Assens" in path_figure(tables, unit).alt_text
    gap = gap_figure(tables, unit)
    assert "Forskel for Assens" in gap.alt_text
    assert "5 placeboenheder" in gap.alt_text
    assert gap.key != path_figure(tables, unit).key


@pytest.mark.parametrize("language", ["da", "en"])
def test_tables_of_a_synthetic_control_hold_its_numbers(made: SyntheticFindings, language: Language) -> None:
    tables = SyntheticTables(made, language=language)
    [unit] = made.units
    [summary] = tables.summary().rows
    assert summary[:2] == ("Assens", unit["effect"])
    donors = tables.donors(unit)
    assert [row[0] for row in donors.rows] == ["Odder", "Ribe"]
    assert [row[1] for row in donors.rows] == pytest.approx([0.5, 0.5], abs=1e-3)
    path = tables.path(unit)
    assert [row[0] for row in path.rows] == [str(year) for year in YEARS]
    assert [row[3] for row in path.rows] == [row["gap"] for row in unit["path"]]
    placebos = tables.placebos(unit)
    assert placebos is not None
    assert sorted(row[1] for row in placebos.rows) == sorted(set(TOWNS) - {"Greve", "Køge"})
    said = tables.earlier(unit)
    assert said is not None
    assert "2012" in said


def test_the_report_has_a_chapter_with_the_numbers(file_study: Study, made: SyntheticFindings) -> None:
    text = b"Interviewer: Hvordan?\nLeder: Sproget.\n"
    importing.import_transcripts(file_study, [GivenFile("leder.txt", text)], actor="anna")
    before = reporting.build_report(file_study, language="da", sections=["effect_runs"])
    assert "Effekter beregnet her" not in docx_text(before).text
    run = estimated(outcomes=["work", "pay"])
    effect_runs.keep_findings(file_study, run, actor="anna", title="Programmet")
    synthetic_runs.keep_synthetic(file_study, made, actor="anna", title="Assens alene")
    said = docx_text(reporting.build_report(file_study, language="da", sections=["effect_runs"])).text
    assert "Effekter beregnet her" in said
    [row] = run.outcomes[0]["effect"]["table"]
    assert f"{row['estimate']:.3f}".replace(".", ",") in said
    assert f"{made.units[0]['effect']:.2f}".replace(".", ",") in said
    for words in ("kan ikke fortolkes", "Programmet", "Assens alene"):
        assert words in said


def test_the_chapter_is_in_the_language_of_the_report(file_study: Study, made: SyntheticFindings) -> None:
    effect_runs.keep_findings(file_study, estimated(), actor="anna")
    synthetic_runs.keep_synthetic(file_study, made, actor="anna")
    tables = {}
    for language in ("da", "en"):
        blocks = effects_chapter(file_study, language, None)  # type: ignore[arg-type]
        tables[language] = [block.spec for block in blocks if isinstance(block, Table)]
        tables[language] += [
            inner.spec
            for block in blocks
            if isinstance(block, LandscapeSection)
            for inner in block.blocks
            if isinstance(inner, Table)
        ]
    assert [each.key for each in tables["da"]] == [each.key for each in tables["en"]]
    assert [each.title for each in tables["en"]] != [each.title for each in tables["da"]]
    assert tables["en"][0].title == "Effects by difference-in-differences"


def test_columns_are_guessed_by_their_names() -> None:
    guess = effect_guesses.guess_columns(open_panel(panel_file()))
    assert (guess.time, guess.treated, guess.unit, guess.cluster) == ("year", None, None, None)
    renamed = panel().rename(columns={"town": "Kommune", "year": "Kvartal", "programme": "Indsats"})
    guess = effect_guesses.guess_columns(open_panel(panel_file(frame=renamed)))
    assert (guess.time, guess.treated, guess.unit, guess.cluster) == (
        "Kvartal", "Indsats", "Kommune", "Kommune",
    )  # fmt: skip
    assert guess.outcomes == ("work", "pay")


def test_a_unit_with_several_rows_a_period_is_not_guessed() -> None:
    persons = pd.concat([panel(), panel()]).rename(columns={"town": "kommune"})
    opened = open_panel(panel_file(frame=persons))
    assert effect_guesses.guess_columns(opened).unit is None
    assert effect_guesses.has_repeated_rows(opened, "kommune", "year")
    assert not effect_guesses.has_repeated_rows(open_panel(panel_file()), "town", "year")


def test_guesses_of_a_file_that_stays_where_it_is_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel().to_parquet(tmp_path / "large.parquet")
    inside = open_panel(tmp_path / "large.parquet")
    monkeypatch.setattr(effect_runs, "MOST_IN_MEMORY_BYTES", 100)
    outside = open_panel(tmp_path / "large.parquet")
    assert effect_guesses.guess_columns(outside) == effect_guesses.guess_columns(inside)
    assert effect_guesses.periods_of(outside, "year") == [str(year) for year in YEARS]
    assert effect_guesses.units_of(outside, "town") == sorted(TOWNS)
    assert not effect_guesses.has_repeated_rows(outside, "town", "year")
    assert effect_guesses.has_repeated_rows(outside, "size", "year")


def test_periods_are_asked_for_where_a_column_has_one_value_or_very_many() -> None:
    one = panel().assign(one=1, many=range(len(panel())))
    many = pd.concat([one.assign(many=one["many"] + 112 * copy) for copy in range(4)])
    opened = open_panel(panel_file(frame=many))
    for column in ("one", "many"):
        with pytest.raises(InvalidRequestError, match=column):
            effect_guesses.periods_of(opened, column)


def test_windows_are_calendar_years_where_periods_are_parts_of_them() -> None:
    quarters = [f"{year}Q{quarter}" for year in (2016, 2017, 2018) for quarter in (1, 2, 3, 4)]
    windows = effect_guesses.windows_by_year(quarters, "2017Q2")
    assert {name: len(periods) for name, periods in windows.items()} == {"2017": 3, "2018": 4}
    assert effect_guesses.windows_by_year(["2016", "2017", "2018"], "2017") == {}
    assert effect_guesses.windows_by_year(["1", "2", "3"], "2") == {}
    assert effect_guesses.windows_by_year(quarters, "2030Q1") == {}
    assert effect_guesses.pretended_start(quarters, "2017Q1") == ("2016Q3",)
    assert effect_guesses.pretended_start(quarters, "2016Q2") == ()


def test_reading_a_declaration_names_its_file() -> None:
    with pytest.raises(Exception, match=r"did\.toml: 'time' is missing"):
        effect_runs.read_effect_spec(GivenFile("did.toml", b'outcome = "work"\n'))
    with pytest.raises(Exception, match=r"sc\.json"):
        synthetic_runs.read_synthetic_spec(GivenFile("sc.json", io.BytesIO(b"[]").getvalue()))
