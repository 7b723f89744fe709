"""`effects STUDY estimate|synthetic`, `did` and `synthetic`: text, --json, and one sentence for bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from quant.did import did
from tests.workbench.cli.conftest import Run
from tests.workbench.services.panel_material import DID, SYNTHETIC, panel
from workbench.services import effect_runs, effects, synthetic_runs
from workbench.services.studies import create_study, open_study

MODEL = {name: DID[name] for name in ("unit", "time", "treated", "cluster")}


@pytest.fixture
def study(tmp_path: Path) -> str:
    return create_study(tmp_path / "s", title="S", scheme="immi", actor="anna").reference


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "panel.csv"
    panel().to_csv(path, index=False)
    return path


def declared(folder: Path, content: dict[str, Any], name: str = "spec.json", **changes: Any) -> Path:
    """The file of a declaration; None takes a key away."""
    path = folder / name
    given = {key: value for key, value in {**content, **changes}.items() if value is not None}
    path.write_text(json.dumps(given), encoding="utf-8")
    return path


def test_did_prints_the_effect_in_english_or_the_language_set(
    run: Run, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = declared(tmp_path, DID)
    expected = did(panel(), start=2016, outcome="work", **MODEL)
    english = run("did", file, spec)
    assert english.code == 0
    assert f"{expected.estimate:.3f}***" in english.out
    assert "112 rows" in english.out
    monkeypatch.setenv("WORKBENCH_LANGUAGE", "da")
    danish = run("did", file, spec)
    assert f"{expected.estimate:.3f}***".replace(".", ",") in danish.out
    assert "Fra og med 2016" in danish.out


def test_did_as_json_has_the_estimate_on_top_and_all_below(run: Run, file: Path, tmp_path: Path) -> None:
    found = run("did", file, declared(tmp_path, DID), "--json").json
    expected = did(panel(), start=2016, outcome="work", **MODEL)
    assert found["estimate"] == pytest.approx(expected.estimate)
    assert found["std_error"] == pytest.approx(expected.std_error)
    assert (found["n"], found["clusters"], found["source"]) == (112, 8, "panel.csv")
    assert [row["term"] for row in found["outcomes"][0]["by_period"]["table"]][-1] == "2019"


def test_a_declaration_may_be_toml_and_ask_for_several_outcomes(run: Run, file: Path, tmp_path: Path) -> None:
    spec = tmp_path / "spec.toml"
    spec.write_text(
        'outcomes = ["work", "pay"]\nunit = "town"\ntime = "year"\ntreated = "programme"\nstart = 2016\n'
        'cluster = "town"\nsubgroups = ["size"]\nplacebo_starts = [2012]\n',
        encoding="utf-8",
    )
    text = run("did", file, spec)
    assert text.code == 0
    for words in ("not interpretable", "Effects by subgroup", "Pretended start in 2012"):
        assert words in text.out
    assert {each["status"] for each in run("did", file, spec, "--json").json["outcomes"]} == {
        "passed",
        "failed",
    }


def test_synthetic_prints_and_gives_json(run: Run, file: Path, tmp_path: Path) -> None:
    spec = declared(tmp_path, SYNTHETIC, placebo_start=2012)
    text = run("synthetic", file, spec)
    assert text.code == 0
    assert "Odder" in text.out
    assert "Placebo in time, as if it had started in 2012" in text.err
    found = run("synthetic", file, spec, "--json").json
    assert found["effect"] == pytest.approx(2.0, abs=0.01)
    weights = {row["donor"]: row["weight"] for row in found["weights"]}
    assert (weights["Odder"], weights["Ribe"]) == (pytest.approx(0.5, abs=1e-3),) * 2
    assert found["earlier"]["start"] == 2012


def test_estimate_keeps_the_run_with_the_study(run: Run, study: str, file: Path, tmp_path: Path) -> None:
    spec = declared(tmp_path, DID, panel="panel.csv")
    found = run("effects", study, "estimate", spec, "--json").json
    [kept] = effect_runs.kept_findings(open_study(study))
    assert (kept.title, kept.panel) == ("", "panel.csv")
    assert kept.outcomes == found["outcomes"]
    assert effects.list_estimates(open_study(study)) == []


def test_estimate_takes_panel_title_label_and_nature(
    run: Run, study: str, file: Path, tmp_path: Path
) -> None:
    spec = declared(tmp_path, DID)
    done = run(
        "effects", study, "estimate", spec, "--panel", file, "--title", "Main", "--label", "Register",
        "--nature", "simulated",
    )  # fmt: skip
    assert done.code == 0
    assert "Register (simuleret)" in done.out
    [kept] = effect_runs.kept_findings(open_study(study))
    assert (kept.title, kept.source, kept.nature) == ("Main", "Register", "simulated")


def test_estimate_keeps_effects_as_evidence(run: Run, study: str, file: Path, tmp_path: Path) -> None:
    spec = declared(tmp_path, DID, outcomes=["work", "pay"], panel="panel.csv")
    done = run("effects", study, "estimate", spec, "--keep", "DiD", "--json")
    assert done.json["outcomes"][0]["status"] == "passed"
    assert "1 effekt er gemt som evidens: DiD" in done.err
    [stored] = effects.list_estimates(open_study(study))
    assert stored.value.outcome == "work"
    assert stored.value.estimate == done.json["outcomes"][0]["effect"]["table"][0]["estimate"]


def test_synthetic_of_a_study_is_kept_too(run: Run, study: str, file: Path, tmp_path: Path) -> None:
    spec = declared(tmp_path, SYNTHETIC, panel="panel.csv")
    done = run("effects", study, "synthetic", spec, "--title", "Assens", "--keep", "Assens")
    assert done.code == 0
    assert "Syntetisk kontrolgruppe: work" in done.out
    [kept] = synthetic_runs.kept_synthetic(open_study(study))
    assert (kept.title, kept.units[0]["treated_unit"]) == ("Assens", "Assens")
    [stored] = effects.list_estimates(open_study(study))
    assert stored.value.subgroup == "Assens"
    found = run("effects", study, "synthetic", spec, "--json").json
    assert found["units"][0]["effect"] == kept.units[0]["effect"]


BAD_DID = [
    ({"outcomes": ["wrk"]}, "wrk"),
    ({"outcomes": ["size"]}, "'size'"),
    ({"time": "yr"}, "yr"),
    ({"treated": "prg"}, "prg"),
    ({"cluster": "kommune"}, "kommune"),
    ({"unit": "borger"}, "borger"),
    ({"start": "1999"}, "1999"),
    ({"start": "2006"}, "2006"),
    ({"base": "1999"}, "1999"),
    ({"windows": {"late": ["2031"]}}, "2031"),
    ({"clusters": "town"}, "'clusters' is not known; perhaps 'cluster'?"),
    ({"time": None}, "'time' is missing"),
    ({"outcomes": []}, "'outcomes'"),
    ({"treated": None}, "'treated' is missing"),
    ({"gate": 2}, "gate"),
]


def test_the_donors_of_a_kept_synthetic_control_are_the_controls(
    run: Run, study: str, file: Path, tmp_path: Path
) -> None:
    made = declared(tmp_path, SYNTHETIC, "synthetic.json", panel="panel.csv")
    run("effects", study, "synthetic", made, "--title", "Assens")
    donors = synthetic_runs.donors_of(open_study(study), "Assens")
    assert {"Odder", "Ribe"} <= set(donors)
    spec = declared(tmp_path, DID, panel="panel.csv")
    found = run("effects", study, "estimate", spec, "--controls-from", "Assens", "--json").json
    assert found["spec"]["controls"] == list(donors)
    assert found["n"] == 14 * (3 + len(donors))
    refused = run("effects", study, "estimate", spec, "--controls-from", "Ribe")
    assert refused.code == 1
    assert "Assens" in refused.err


@pytest.mark.parametrize(("changes", "said"), BAD_DID)
def test_a_bad_declaration_leaves_with_one_sentence(
    run: Run, file: Path, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    assert_refused(run("did", file, declared(tmp_path, DID, **changes)), said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"treated_units": ["Oslo"]}, "Oslo"),
        ({"outcome": "size"}, "size"),
        ({"outcome": "wrk"}, "wrk"),
        ({"start": "1999"}, "1999"),
        ({"donors": ["Oslo"]}, "Oslo"),
        ({"donor": ["Ribe"]}, "'donor' is not known; perhaps 'donors'?"),
        ({"treated_units": []}, "'treated_units'"),
        ({"predictors": ["wrk"]}, "wrk"),
        ({"unit": "size"}, "large"),
    ],
)
def test_a_bad_synthetic_declaration_leaves_with_one_sentence(
    run: Run, file: Path, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    assert_refused(run("synthetic", file, declared(tmp_path, SYNTHETIC, **changes)), said)


def assert_refused(outcome: Any, said: str) -> None:
    """The command left with 1, printed nothing, and said one thing."""
    assert outcome.code == 1
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1
    assert said in outcome.err


def changed(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The panel with what a panel may have wrong."""
    match kind:
        case "all treated":
            return frame.assign(programme=1)
        case "none treated":
            return frame.assign(programme=0)
        case "one period":
            return frame.query("year == 2016")
        case "only after":
            return frame.query("year >= 2016")
        case "only before":
            return frame.query("year < 2016")
        case "twice":
            return pd.concat([frame, frame.head(3)])
        case "text":
            return frame.assign(work=frame["work"].astype(str).where(frame["year"] != 2010, "ukendt"))
        case "constant":
            return frame.assign(work=1)
        case "half treated":
            return frame.assign(programme=0.5)
        case "one column":
            return frame[["work"]]
        case _:
            return frame.head(0)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("all treated", "there is no control group"),
        ("none treated", "programme"),
        ("one period", "1"),
        ("only after", "2016"),
        ("only before", "2016"),
        ("twice", "3"),
        ("text", "such as 'ukendt'"),
        ("constant", "work"),
        ("half treated", "programme"),
        ("one column", "there is no column 'year'; the columns are: work"),
        ("empty", "panel.csv"),
    ],
)
def test_a_bad_panel_leaves_with_one_sentence(run: Run, tmp_path: Path, kind: str, said: str) -> None:
    file = tmp_path / "panel.csv"
    changed(panel(), kind).to_csv(file, index=False)
    assert_refused(run("did", file, declared(tmp_path, DID)), said)


def test_refusals_are_in_the_language_of_the_study(run: Run, study: str, file: Path, tmp_path: Path) -> None:
    for changes, said in (
        ({"clusters": "town"}, "»clusters« kendes ikke; måske »cluster«?"),
        ({"treated": None}, "mangler; nævn kolonnen med 0 og 1"),
        ({"outcomes": ["size"]}, "tekst"),
    ):
        spec = declared(tmp_path, DID, panel="panel.csv", **changes)
        assert_refused(run("effects", study, "estimate", spec), said)


def test_missing_files_are_named(run: Run, study: str, file: Path, tmp_path: Path) -> None:
    spec = declared(tmp_path, DID)
    assert_refused(run("did", tmp_path / "gone.csv", spec), "gone.csv")
    assert_refused(run("did", file, tmp_path / "gone.toml"), "gone.toml")
    assert_refused(run("synthetic", file, tmp_path / "gone.toml"), "gone.toml")
    assert_refused(run("effects", study, "estimate", spec), "spec.json nævner intet panel")
    assert_refused(run("effects", study, "synthetic", declared(tmp_path, SYNTHETIC)), "nævner intet panel")
    named = declared(tmp_path, DID, panel="elsewhere.csv")
    assert_refused(run("effects", study, "estimate", named), "elsewhere.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    assert_refused(run("did", tmp_path / "empty.csv", spec), "empty.csv")


def test_a_refused_run_keeps_nothing(run: Run, study: str, file: Path, tmp_path: Path) -> None:
    spec = declared(tmp_path, DID, outcomes=["pay"], panel="panel.csv")
    assert_refused(
        run("effects", study, "estimate", declared(tmp_path, DID, "b.json", unit="x", panel="panel.csv")), "x"
    )
    assert effect_runs.kept_findings(open_study(study)) == []
    refused = run("effects", study, "estimate", spec, "--keep", "DiD")
    assert refused.code == 1
    assert "ingen effekt at" in refused.err
    assert effects.list_estimates(open_study(study)) == []


def test_an_outcome_that_cannot_be_estimated_is_told_beside_the_others(
    run: Run, file: Path, tmp_path: Path
) -> None:
    done = run("did", file, declared(tmp_path, DID, outcomes=["work", "size"]))
    assert done.code == 0
    assert "size: " in done.out + done.err
    found = run("did", file, declared(tmp_path, DID, outcomes=["work", "size"]), "--json").json
    assert [each["outcome"] for each in found["failed"]] == ["size"]
