"""Retention, reliability, invariance, pairwise correlations, residuals and scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import (
    FactorError,
    factor_analysis,
    group_congruence,
    measurement_invariance,
    reliability,
    retention,
)
from quant.retention import random_eigenvalues
from tests.quant.test_factors import sample

FACTORS = {"one": ["a", "b", "c"], "two": ["d", "e", "f"]}


def test_all_rules_find_two_clear_factors_and_say_so() -> None:
    found = retention(sample(), draws=200)
    suggested = found.suggestions().set_index("rule")["n_factors"]
    assert (suggested.drop(["map_squared", "map_fourth"]) == 2).all()
    assert (found.n, found.components.seed, found.components.draws) == (400, 1, 200)


def test_noise_has_no_factor_by_parallel_analysis_of_components() -> None:
    noise = pd.DataFrame(np.random.default_rng(0).standard_normal((200, 8)))
    assert retention(noise, draws=200).components.by_quantile == 0


def test_random_eigenvalues_are_those_of_correlated_normal_rows() -> None:
    """The shortcut through the Wishart distribution against rows drawn and correlated one by one."""
    plain, reduced = random_eigenvalues(50, 5, draws=3000, seed=1)
    rng = np.random.default_rng(7)
    drawn = [np.corrcoef(rng.standard_normal((50, 5)), rowvar=False) for _ in range(3000)]
    naive = np.array([np.linalg.eigvalsh(each)[::-1] for each in drawn])
    assert np.allclose(plain.mean(axis=0), naive.mean(axis=0), atol=0.01)
    assert np.allclose(np.quantile(plain, 0.95, axis=0), np.quantile(naive, 0.95, axis=0), atol=0.03)
    for each in drawn:
        np.fill_diagonal(each, 1 - 1 / np.diag(np.linalg.inv(each)))
    naive = np.array([np.linalg.eigvalsh(each)[::-1] for each in drawn])
    assert np.allclose(reduced.mean(axis=0), naive.mean(axis=0), atol=0.01)


def test_alpha_of_a_table_small_enough_for_the_hand() -> None:
    """Items 1 2 3 / 1 3 2: variances 1 and 1, covariance .5, so alpha = 2 (1 - 2 / 3) = 2/3."""
    found = reliability(pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 2]}))
    assert found.alpha == pytest.approx(2 / 3)
    assert found.standardised == pytest.approx(2 / 3)
    assert found.mean_correlation == pytest.approx(0.5)
    assert found.omega is None
    assert list(found.items["item_rest"]) == pytest.approx([0.5, 0.5])


def test_what_an_item_does_is_what_leaving_it_out_does() -> None:
    data = sample()[["a", "b", "c", "d"]]
    found = reliability(data).items.set_index("item")
    assert found.loc["d", "alpha_without"] == pytest.approx(reliability(data.drop(columns="d")).alpha)
    rest = data[["a", "b", "c"]].sum(axis=1)
    assert found.loc["d", "item_rest"] == pytest.approx(np.corrcoef(data["d"], rest)[0, 1])


def test_items_that_go_against_the_rest_are_named_and_few_items_refused() -> None:
    data = sample()[["a", "b", "c"]].assign(b=lambda frame: -frame["b"])
    found = reliability(data)
    assert found.reversed_items == ("b",)
    assert found.notes[0].reason == "reversed_items"
    with pytest.raises(FactorError, match="reliability needs 2"):
        reliability(data[["a"]])


def test_groups_of_one_population_are_alike_at_every_level() -> None:
    data, groups = sample(600), ["men", "women"] * 300
    found = measurement_invariance(data, groups, FACTORS)
    assert list(found.table["level"]) == ["configural", "metric", "scalar", "strict"]
    assert found.highest() == "strict"
    assert list(found.table["df"]) == [16, 20, 24, 30]
    assert list(found.groups["n"]) == [300, 300]


def test_a_group_that_answers_one_item_higher_fails_at_the_intercepts() -> None:
    data, groups = sample(600), np.array(["men", "women"] * 300)
    data.loc[groups == "women", "a"] += 1.0
    found = measurement_invariance(data, list(groups), FACTORS)
    assert found.highest() == "metric"


def test_small_groups_and_single_items_are_left_out_with_a_note() -> None:
    data = sample(200)
    groups = ["men", "women"] * 97 + ["other"] * 4 + [None, None]
    found = measurement_invariance(data, groups, {**FACTORS, "alone": ["a"]})
    assert [note.reason for note in found.notes] == ["single_item_factor", "small_groups"]
    assert found.n_dropped == 6
    with pytest.raises(FactorError, match="a comparison needs two"):
        measurement_invariance(data, ["all"] * 200, FACTORS)


def test_congruence_by_group_tells_a_group_with_another_structure() -> None:
    data, groups = sample(800), np.array(["men", "women"] * 400)
    other = groups == "women"
    data.loc[other, ["c", "d"]] = data.loc[other, ["d", "c"]].to_numpy()
    table = group_congruence(data, list(groups), 2)
    assert set(table["group"]) == {"men", "women"}
    assert table["congruence"].min() < 0.95
    assert group_congruence(sample(800), list(groups), 2)["congruence"].min() > 0.97


def test_pairwise_correlations_use_every_pair_and_equal_listwise_where_all_is_there() -> None:
    data = sample()
    whole = factor_analysis(data, 2)
    assert np.allclose(factor_analysis(data, 2, missing="pairwise").loadings, whole.loadings)
    data.iloc[:100, 0], data.iloc[100:150, 1] = np.nan, np.nan
    found = factor_analysis(data, 2, missing="pairwise")
    assert np.allclose(found.correlations, data.corr())
    assert (found.n, found.n_dropped) == (250, 0)


def test_pairwise_correlations_that_contradict_each_other_are_mended_with_a_note() -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal(300)
    frame = pd.DataFrame({"a": x, "b": x, "c": x, "d": rng.standard_normal(300)})
    frame += 0.1 * rng.standard_normal(frame.shape)
    frame.loc[:99, "a"], frame.loc[100:199, "b"], frame.loc[200:, "c"] = np.nan, np.nan, np.nan
    frame.loc[:99, "c"] = -frame.loc[:99, "c"]
    found = factor_analysis(frame, 1, missing="pairwise")
    assert found.notes[0].reason == "not_positive_definite"
    assert np.linalg.eigvalsh(found.correlations)[0] > 0


def test_residuals_are_correlations_less_what_factors_reproduce() -> None:
    result = factor_analysis(sample(), 2, rotation="oblimin")
    pattern, between = result.loadings.to_numpy(), result.factor_correlations.to_numpy()
    expected = result.correlations.to_numpy() - pattern @ between @ pattern.T
    assert np.allclose(result.residuals, expected)
    largest = result.largest_residuals(1).iloc[0]
    off = np.abs(expected[np.triu_indices(6, 1)])
    assert abs(largest["residual"]) == pytest.approx(off.max())
    assert result.rmsr == pytest.approx(np.sqrt((off**2).mean()))


def test_bartlett_scores_of_error_free_items_are_the_factors() -> None:
    """Weights times pattern is the identity: Bartlett's scores are unbiased."""
    result = factor_analysis(sample(), 2)
    weights = result.score_weights("bartlett").to_numpy()
    assert np.allclose(weights.T @ result.loadings.to_numpy(), np.eye(2))


def test_promax_power_four_turns_further_than_statas_three() -> None:
    three, four = (factor_analysis(sample(), 2, rotation="promax", promax_power=p) for p in (3, 4))
    assert abs(four.factor_correlations.iloc[0, 1]) > abs(three.factor_correlations.iloc[0, 1])


def test_an_item_without_answers_is_named_by_reliability() -> None:
    data = pd.DataFrame(np.arange(24.0).reshape(8, 3) % 5, columns=list("abc")).assign(b=np.nan)
    with pytest.raises(FactorError, match="column 'b' has no answers"):
        reliability(data)
