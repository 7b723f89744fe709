"""Outcomes and regressions through the store: what is stored, estimated, shown and kept as evidence."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from quant import RegressionError, load_instrument, read_table, regression
from quant.regression_specs import Control, RegressionSpec, regression_spec
from tests.workbench.services.regression_material import (
    ITEM,
    RULES,
    answers_and_register,
    study_with_outcomes,
)
from workbench.display import EstimateCell, to_xlsx
from workbench.errors import InvalidRequestError
from workbench.services import effects, goals, outcomes, regression_remarks, regression_tables, regressions
from workbench.services.files import GivenFile
from workbench.services.studies import Study, create_study, list_history

SPEC = RegressionSpec(
    outcomes=("employment_rate", "employed"),
    predictors=(ITEM, "b_health", "overall_citizen"),
    controls=(Control("gender", "men"), Control("age")),
    absorb="caseworker",
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_with_outcomes(tmp_path_factory.mktemp("study"))


def frame_by_hand() -> pd.DataFrame:
    """Level, change and outcome of one item, made without the services."""
    answers, register = (pd.read_csv(io.BytesIO(part)) for part in answers_and_register())
    wide = answers.pivot(index="person", columns="round", values=ITEM)
    window = register[register["month"].between("2017-03", "2017-08")]
    full = window.groupby("person")["status"].agg(lambda codes: (codes == 111).mean())
    full = full[window.groupby("person").size() == 6]
    background = answers.drop_duplicates("person").set_index("person")
    frame = pd.DataFrame({"level": wide[2], "change": wide[2] - wide[1], "rate": full})
    return frame.join(background[["gender", "age", "caseworker"]])


def test_outcomes_are_those_of_the_six_months_after_the_last_measurement(study: Study) -> None:
    stored = outcomes.person_outcomes(study)["employment_rate"]
    expected = frame_by_hand()["rate"].dropna()
    pd.testing.assert_series_equal(stored, expected, check_names=False)
    [source] = outcomes.outcomes_sources(study)
    assert (source.values, source.nature) == (178, "simulated")
    assert source.excluded == [
        {"outcome": "employment_rate", "reason": "missing_periods", "n": 1},
        {"outcome": "employed", "reason": "missing_periods", "n": 1},
    ]
    assert outcomes.rules_of(source).outcomes[0].codes == ("111", "112")


def test_a_model_of_one_item_equals_that_made_by_hand(study: Study) -> None:
    found = regressions.regress_study(study, replace(SPEC, models="single", predictors=(ITEM,)))
    model = next(each for each in found.run.models if each.outcome == "employment_rate")
    expected = regression(
        'rate ~ level + change + C(gender, "men") + age', frame_by_hand(), absorb="caseworker"
    )
    assert (model.result.n, model.result.df) == (expected.n, expected.df)
    assert model.result.estimate(f"level_{ITEM}") == pytest.approx(expected.estimate("level"), rel=1e-12)
    assert model.result.std_error(f"change_{ITEM}") == pytest.approx(expected.std_error("change"), rel=1e-10)
    assert found.nature == "simulated"


def test_the_false_discovery_rate_counts_every_test_of_a_mode(study: Study) -> None:
    run = regressions.regress_study(study, SPEC).run
    # 3 predictors x level and change x 2 outcomes
    assert (run.tests("single"), run.tests("joint")) == (12, 12)
    single = run.estimates[run.estimates["mode"] == "single"]
    assert (single["q_value"] >= single["p_value"] - 1e-15).all()
    assert single["q_value"].max() == pytest.approx(single["p_value"].max())


def test_the_suggested_declaration_takes_outcomes_items_background_and_caseworkers(study: Study) -> None:
    spec = regressions.default_spec(study)
    assert spec.outcomes == ("employed", "employment_rate")
    assert len(spec.predictors) == 11
    assert spec.controls == (Control("gender", "women"), Control("age"))
    assert (spec.absorb, spec.change) == ("caseworker", True)
    assert regression_spec(spec.as_dict()) == spec
    assert len(regressions.regress_study(study, spec).run.models) == 24


def test_the_specification_table_prints_coefficients_and_closes_with_the_fit(study: Study) -> None:
    found = regressions.regress_study(study, SPEC)
    names = regression_tables.predictor_names(load_instrument("fip"), "da")
    table = regression_tables.specification_table(found, "joint", language="da", names=names)
    assert [column.key for column in table.columns] == ["predictor", "employment_rate", "employed"]
    first = table.rows[0][1]
    assert isinstance(first, EstimateCell)
    joint = next(m for m in found.run.models if m.mode == "joint" and m.outcome == "employment_rate")
    assert first.value == joint.result.estimate(f"level_{ITEM}")
    assert table.rows[0][0] == "Tro på job inden for 6 mdr. (borger)"
    assert [heading for _, heading in table.sections] == ["Niveau", "Ændring", "Model"]
    assert [row[0] for row in table.rows[-5:]] == ["Udfaldets gennemsnit", "N", "R²", "Justeret R²", "DF"]
    assert table.rows[-1][1] == joint.result.df_residual
    assert any("sagsbehandler" in note and "9 grupper" in note for note in table.notes)
    tables = (table, regression_tables.estimates_table(found, language="da"))
    assert to_xlsx(tables)[:2] == b"PK"


def test_what_to_look_at_is_said_in_words_in_both_languages(study: Study) -> None:
    found = regressions.regress_study(study, replace(SPEC, errors="cluster"))
    danish = regression_remarks.told_table(found, language="da")
    english = regression_remarks.told_table(found, language="en")
    assert any("Der er 9 klynger" in str(row[0]) for row in danish.rows)
    assert any("There are 9 clusters" in str(row[0]) for row in english.rows)
    assert len(danish.rows) == len(english.rows)


def test_bootstrap_and_logit_stand_beside_the_linear_estimates(study: Study) -> None:
    found = regressions.regress_study(
        study, replace(SPEC, errors="cluster", models="joint", predictors=(ITEM,), bootstrap=True, logit=True)
    )
    table = regression_tables.estimates_table(found, language="en")
    assert "p_wild" in [column.key for column in table.columns]
    model = found.run.models[0]
    assert {each.term for each in found.bootstraps[model.formula]} == {f"level_{ITEM}", f"change_{ITEM}"}
    checks = regression_tables.effects_table(found, language="en")
    assert any("not 0 or 1" in str(row[-1]) or "ikke 0 eller 1" in str(row[-1]) for row in checks.rows)
    assert found.as_dict()["models"][1]["logit"] is not None


def test_estimates_kept_as_evidence_can_be_read_as_estimates_and_replaced(tmp_path: Path) -> None:
    study = study_with_outcomes(tmp_path)
    found = regressions.regress_study(study, SPEC)
    kept = regressions.keep_as_evidence(study, found, "joint", name="Tabel 4", actor="anna")
    assert (kept.estimates, kept.nature, kept.findings) == (12, "simulated", {})
    stored = effects.list_estimates(study)
    row = found.run.estimates[found.run.estimates["mode"] == "joint"].iloc[0]
    assert (stored[0].value.estimate, stored[0].value.std_error) == (row["estimate"], row["std_error"])
    assert (stored[0].value.n, stored[0].value.outcome) == (89, "employment_rate")
    ids = [each.id for each in stored]
    regressions.keep_as_evidence(study, found, "joint", name="Tabel 4", actor="anna")
    assert [each.id for each in effects.list_estimates(study)] == ids


def test_an_extract_of_the_same_name_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    study = study_with_outcomes(tmp_path)
    records = GivenFile("register.csv", b"person,month,status\nP00,2017-03,111\n")
    rules = GivenFile("rules.toml", b'[[outcomes]]\nid = "job"\ncodes = ["111"]\nlength = 1\n')
    made = outcomes.draft_outcomes(study, records, rules)
    outcomes.save_outcomes(study, records, made, actor="anna")
    assert outcomes.study_outcomes(study)[["key", "outcome", "value"]].to_numpy().tolist() == [
        ["P00", "job", 1.0]
    ]
    assert list_history(study)[0].action == "outcomes.import"
    outcomes.remove_outcomes(study, outcomes.outcomes_sources(study)[0].id, actor="anna")
    assert outcomes.study_outcomes(study).empty


def test_goals_of_the_same_register_stand_beside_the_outcomes(tmp_path: Path) -> None:
    study = study_with_outcomes(tmp_path)
    before = outcomes.study_outcomes(study)
    _, register = answers_and_register()
    records = GivenFile("register.csv", register)
    goal = (
        b'[[goals]]\nid = "work"\nlabel = { da = "Job", en = "Work" }\nstatuses = ["111"]\n'
        b'period = "month"\nat_least = 1\nof = 3\n'
    )
    met = goals.import_goals(study, GivenFile("goals.toml", goal), records, actor="anna").fulfilment
    assert len(outcomes.outcomes_sources(study)) == 1
    pd.testing.assert_frame_equal(outcomes.study_outcomes(study), before)
    made = outcomes.draft_outcomes(study, records, GivenFile("rules.toml", RULES))
    outcomes.save_outcomes(study, records, made, actor="anna")
    kept = goals.study_goals(study)
    assert kept is not None
    pd.testing.assert_frame_equal(kept.fulfilment, met)


def test_without_outcomes_the_remedy_is_named(tmp_path: Path) -> None:
    from workbench.services import surveys

    study = create_study(tmp_path / "bare", instrument="fip", actor="anna")
    draft = surveys.draft_answers(study, GivenFile("answers.csv", answers_and_register()[0]))
    surveys.save_answers(study, draft, actor="anna")
    with pytest.raises(InvalidRequestError, match="fip STUDY outcomes"):
        regressions.default_spec(study)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"predictors": ("b_hope",)}, InvalidRequestError, "b_hope"),
        ({"outcomes": ("wealth",)}, RegressionError, "no column 'wealth'"),
        ({"absorb": "office"}, RegressionError, "no column 'office'"),
        ({"controls": (Control("gender", "other"),)}, RegressionError, "does not occur"),
    ],
)
def test_a_declaration_that_does_not_fit_says_why(
    study: Study, change: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        regressions.regress_study(study, replace(SPEC, **change))  # type: ignore[arg-type]


def test_a_file_with_two_columns_a_predictor_needs_no_study() -> None:
    frame = frame_by_hand().dropna()
    frame = frame.assign(score_2=frame["level"], score_1=frame["level"] - frame["change"])
    text = frame.to_csv(sep=";", decimal=".").encode()
    spec = regression_spec(
        {"outcomes": ["rate"], "predictors": ["score"], "suffixes": ["_1", "_2"], "models": "joint",
         "controls": [{"column": "gender", "reference": "men"}, "age"], "absorb": "caseworker"}
    )  # fmt: skip
    found = regressions.regress_file(GivenFile("data.csv", text), spec)
    expected = regression('rate ~ level + change + C(gender, "men") + age', frame, absorb="caseworker")
    assert found.run.models[0].result.estimate("level_score") == pytest.approx(expected.estimate("level"))
    plain = regressions.regress_file(
        GivenFile("data.csv", text), regression_spec({"formula": "rate ~ level + C(gender)"})
    )
    assert plain.run.models[0].result.n == len(read_table(text, "data.csv"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"outcomes": ["a"]}, "no predictors"),
        ({"outcomes": ["a"], "predictors": ["b"], "outcome": "c"}, "'outcome' is not known"),
        ({"outcomes": ["a"], "predictors": ["b"], "errors": "hc9"}, "expected: iid, robust, cluster"),
        ({"outcomes": ["a"], "predictors": ["b"], "controls": [{"name": "x"}]}, "controls is"),
        ({"outcomes": ["a"], "predictors": ["b"], "suffixes": ["_1"]}, "two endings"),
        ([], "expected names and values"),
    ],
)
def test_a_declaration_that_cannot_be_read_says_why(content: object, words: str) -> None:
    with pytest.raises(RegressionError, match=words):
        regression_spec(content)


def test_simulated_slopes_are_covered_about_as_often_as_said() -> None:
    """200 samples: intervals of 95 % should miss about 10 times; over 22 is one in 1,000."""
    missed = 0
    for seed in range(200):
        draw = np.random.default_rng(seed)
        group = np.repeat(np.arange(20), 6)
        x = draw.normal(size=120) + group / 10
        data = pd.DataFrame({"x": x, "group": group, "y": 0.3 * x + group / 5 + draw.normal(size=120)})
        row = regression("y ~ x", data, absorb="group").table.set_index("term").loc["x"]
        missed += not row["ci_low"] <= 0.3 <= row["ci_high"]
    assert missed <= 22
