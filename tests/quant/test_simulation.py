from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import FactorError, Instrument, answer_model, simulate_answers, target_correlations

CITIZEN = pd.DataFrame({"f": [0.8, 0.7]}, index=["b_health", "b_hope"])
CASEWORKER = pd.DataFrame({"g": [0.9, 0.6]}, index=["s_health", "s_trouble"])
BETWEEN = pd.DataFrame([[0.5]], index=["f"], columns=["g"])
MEANS = pd.DataFrame(
    {"a": [3.0, 4.0, 5.5, 2.0], "b": [4.0, 4.5, 6.0, 3.0]}, index=[*CITIZEN.index, *CASEWORKER.index]
)


@pytest.fixture
def target(dyad: Instrument) -> pd.DataFrame:
    return target_correlations([CITIZEN, CASEWORKER], dyad, between=BETWEEN, pair_correlation=0.2)


def test_target_correlations_follow_from_loadings_factor_correlation_and_pairs(target: pd.DataFrame) -> None:
    assert target.loc["b_health", "b_hope"] == pytest.approx(0.8 * 0.7)
    assert target.loc["b_hope", "s_trouble"] == pytest.approx(0.7 * 0.5 * 0.6)
    assert target.loc["b_health", "s_health"] == pytest.approx(0.8 * 0.5 * 0.9 + 0.2 * np.sqrt(0.36 * 0.19))
    assert np.allclose(np.diag(target), 1)


def test_rounded_answers_have_the_target_correlations_and_means(
    dyad: Instrument, target: pd.DataFrame
) -> None:
    model = answer_model(target, dyad, means=MEANS, shares={"a": 0.5, "b": 0.5})
    made = simulate_answers(model, counts={"a": 2000, "b": 2000}, seed=1).answers
    assert np.abs(np.corrcoef(made.drop(columns="group"), rowvar=False) - target).max(axis=None) < 0.02
    assert np.abs(made.groupby("group").mean().T - MEANS).max(axis=None) < 0.05
    assert made.drop(columns="group").isin(range(1, 8)).all(axis=None)


def test_latent_correlations_are_larger_than_the_target_because_rounding_weakens_them(
    dyad: Instrument, target: pd.DataFrame
) -> None:
    model = answer_model(target, dyad, means=MEANS[["a"]], shares={"a": 1.0})
    assert model.latent.loc["b_health", "b_hope"] > target.loc["b_health", "b_hope"] + 0.01


def test_the_same_seed_gives_the_same_answers(dyad: Instrument, target: pd.DataFrame) -> None:
    model = answer_model(target, dyad, means=MEANS, shares={"a": 0.5, "b": 0.5})
    counts = {"a": 30, "b": 20}
    first = simulate_answers(model, counts=counts, seed=4)
    pd.testing.assert_frame_equal(first.answers, simulate_answers(model, counts=counts, seed=4).answers)
    assert first.answers["group"].value_counts().to_dict() == counts


def test_a_later_round_resembles_the_earlier_one(dyad: Instrument, target: pd.DataFrame) -> None:
    model = answer_model(target, dyad, means=MEANS[["a"]], shares={"a": 1.0})
    first = simulate_answers(model, counts={"a": 1000}, seed=1)
    second = simulate_answers(model, counts={"a": 1000}, seed=2, previous=first.latent, stability=0.6)
    between = np.corrcoef(first.latent["b_health"], second.latent["b_health"])[0, 1]
    assert between == pytest.approx(0.6, abs=0.06)


def test_impossible_structures_are_refused(dyad: Instrument) -> None:
    with pytest.raises(FactorError, match="contradict each other"):
        target_correlations([CITIZEN, CASEWORKER], dyad, between=BETWEEN * 2.2)
    with pytest.raises(FactorError, match="'b_health' has a communality over 1"):
        target_correlations([CITIZEN * 1.5], dyad)
    target = target_correlations([CITIZEN], dyad)
    with pytest.raises(FactorError, match="a mean of 7"):
        answer_model(target, dyad, means=MEANS + 4, shares={"a": 1.0})
