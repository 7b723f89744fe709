"""The simulated FIP answers of the demonstration against the published figures they imitate."""

from __future__ import annotations

import pandas as pd
import pytest

from quant import (
    Answers,
    best_match,
    factor_analysis,
    guess_mapping,
    indicator_means,
    load_instrument,
    name_factors,
    read_answers,
    read_table,
    tucker_congruence,
)
from workbench.demo.fip import build_fip_frame, published_loadings, write_fip_csv


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return build_fip_frame()


@pytest.fixture(scope="module")
def answers(frame: pd.DataFrame) -> Answers:
    instrument = load_instrument("fip")
    return read_answers(frame, instrument, guess_mapping(frame.columns, instrument))


def test_flow_equals_the_published_response_counts(answers: Answers) -> None:
    assert answers.flow.to_dict("list") == {
        "stage": ["collected"] * 2 + ["both_in_same_month"] * 2 + ["analysis_sample"] * 2,
        "round": [1, 2] * 3,
        "citizen": [1150, 617, 1007, 482, 962, 435],
        "caseworker": [1145, 631, 1007, 482, 962, 435],
    }


def test_women_and_men_are_as_many_as_published_in_both_rounds(answers: Answers) -> None:
    paired = answers.samples[
        answers.samples["both_in_same_month"] & (answers.samples["respondent"] == "citizen")
    ]
    gender = paired["person"].map(answers.persons["gender"])
    counts = gender.groupby(paired["round"]).value_counts().to_dict()
    assert counts == {(1, "women"): 509, (1, "men"): 498, (2, "women"): 266, (2, "men"): 216}


def test_the_round_two_sample_are_238_women_and_197_men_of_the_round_one_sample(answers: Answers) -> None:
    sample = answers.samples[answers.samples["analysis_sample"]]
    first, second = (set(sample.loc[sample["round"] == n, "person"]) for n in (1, 2))
    assert second <= first
    assert answers.persons.loc[sorted(second), "gender"].value_counts().to_dict() == {
        "women": 238,
        "men": 197,
    }


def test_means_by_gender_are_within_five_hundredths_of_the_stated(answers: Answers) -> None:
    stated = {  # published in the text: women, men
        "b_job_belief": (3.4, 4.7),
        "b_job_importance": (5.2, 6.3),
        "b_job_focus": (4.3, 5.0),
        "s_job_belief": (3.3, 4.6),
        "s_qualifications": (3.3, 4.3),
        "s_job_search": (2.7, 3.9),
    }
    means = indicator_means(answers, by="gender").set_index(["item", "round", "group"])["mean"]
    for item, (women, men) in stated.items():
        assert means[(item, 1, "women")] == pytest.approx(women, abs=0.05)
        assert means[(item, 1, "men")] == pytest.approx(men, abs=0.05)


def test_citizens_score_their_danish_lowest(answers: Answers) -> None:
    means = indicator_means(answers)
    first = means[(means["respondent"] == "citizen") & (means["round"] == 1)].set_index("item")["mean"]
    assert set(first.nsmallest(2).index) == {"b_speak_danish", "b_understand_danish"}


@pytest.mark.parametrize("solution", ["citizen", "caseworker"])
def test_our_factor_analysis_finds_the_published_pattern_again(answers: Answers, solution: str) -> None:
    published = published_loadings(solution)
    sample = answers.wide(list(published.index), round=1)
    result = factor_analysis(sample, published.shape[1])
    congruence = tucker_congruence(result.loadings, published)
    matched = best_match(congruence)
    assert result.n == 962
    assert sorted(matched.values()) == sorted(published.columns)
    assert min(congruence.loc[ours, theirs] for ours, theirs in matched.items()) >= 0.95
    names = name_factors(result, answers.instrument, solution)
    assert {n.factor: n.name for n in names} == matched
    assert all(n.share == 1 for n in names)


def test_the_first_factor_holds_most_of_the_reduced_variance_as_published(answers: Answers) -> None:
    """Published: 86 per cent (citizens, eigenvalue over 4) and 75 per cent (caseworkers)."""
    citizen = factor_analysis(answers.wide(answers.instrument.item_ids("citizen"), round=1), 3)
    caseworker = factor_analysis(answers.wide(answers.instrument.item_ids("caseworker"), round=1), 4)
    assert citizen.eigenvalues[0] > 4
    assert citizen.proportion[0] == pytest.approx(0.86, abs=0.1)
    assert caseworker.proportion[0] == pytest.approx(0.75, abs=0.1)


def test_the_six_joint_factors_are_found_by_their_items(answers: Answers) -> None:
    names = name_factors(factor_analysis(answers.wide(round=1), 6), answers.instrument, "joint")
    assert {n.name for n in names} == {f.id for f in answers.instrument.solution("joint")}
    assert min(n.share for n in names) >= 0.5


def test_every_row_says_that_it_is_simulated(frame: pd.DataFrame) -> None:
    assert frame["simulated"].all()
    assert "origin" not in frame.columns


def test_115_caseworkers_work_in_17_municipalities(frame: pd.DataFrame) -> None:
    assert frame["caseworker"].nunique() == 115
    assert sorted(frame["municipality"].unique()) == list("ABCDEFGHIJKLMNOPQ")
    assert (frame["caseworker"].str[0] == frame["municipality"]).all()


def test_the_same_seed_makes_the_same_file(
    tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame
) -> None:
    path = write_fip_csv(tmp_path_factory.mktemp("fip") / "fip.csv")
    table = read_table(path)
    assert list(table.columns) == list(frame.columns)
    assert len(table) == len(frame)
    assert table["b_health"].iloc[0] == str(frame["b_health"].iloc[0])
