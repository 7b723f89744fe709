"""Bootstrap of loadings from moments, and likeness to a published solution."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import FactorError, bootstrap_loadings, compare_with, factor_analysis
from quant.moments import resampled_correlations, unit_rows
from quant.rotation import varimax, varimax_many
from quant.stability import likeness
from tests.quant.test_factors import sample


def test_resampled_correlations_are_those_of_the_rows_drawn() -> None:
    """The same draws, rows repeated and correlated one by one."""
    data = sample(60).to_numpy()
    found = resampled_correlations(unit_rows(data), 5, np.random.default_rng(8))
    chance = np.random.default_rng(8)
    chance.multinomial(60, [1.0], size=5)
    for draw in range(5):
        picked = chance.integers(0, 60, 60)
        assert np.allclose(found[draw], np.corrcoef(data[picked], rowvar=False), atol=1e-12)


def test_persons_are_drawn_with_all_their_rows() -> None:
    data, persons = sample(60).to_numpy(), np.repeat(np.arange(20), 3)
    shuffled = np.random.default_rng(1).permutation(60)
    rows = unit_rows(data[shuffled], persons[shuffled])
    found = resampled_correlations(rows, 3, np.random.default_rng(8))
    chance = np.random.default_rng(8)
    chance.multinomial(20, [1.0], size=3)
    for draw in range(3):
        picked = np.concatenate([np.flatnonzero(persons == unit) for unit in chance.integers(0, 20, 20)])
        assert np.allclose(found[draw], np.corrcoef(data[picked], rowvar=False), atol=1e-12)


def test_many_units_are_drawn_by_chunk_with_the_right_spread() -> None:
    """Each unit is drawn once on average, and how often varies as n draws of probability 1 / n do."""
    data = np.random.default_rng(2).standard_normal((9_000, 3))
    found = resampled_correlations(unit_rows(data), 200, np.random.default_rng(3))[:, 0, 1]
    assert found.std() == pytest.approx(1 / np.sqrt(9_000), rel=0.2)


def test_varimax_side_by_side_equals_one_by_one() -> None:
    rng = np.random.default_rng(4)
    loadings = rng.standard_normal((5, 8, 3)) * 0.4
    together = varimax_many(loadings)
    for each, one in zip(together, loadings, strict=True):
        assert np.allclose(each, varimax(one), atol=1e-8)


@pytest.mark.parametrize("extraction", ["principal_factor", "pcf", "iterated", "ml"])
@pytest.mark.parametrize("rotation", ["varimax", "promax", "oblimin", None])
def test_intervals_hold_the_loadings_and_factors_keep_their_places(extraction, rotation) -> None:  # type: ignore[no-untyped-def]
    found = bootstrap_loadings(sample(), 2, extraction, rotation, draws=40)
    table = found.loadings
    assert (found.draws, found.failed, found.units) == (40, 0, 400)
    assert ((table["ci_low"] < table["loading"]) & (table["loading"] < table["ci_high"])).mean() > 0.8
    assert (found.congruence["median"] > 0.9).all()
    direct = factor_analysis(sample(), 2, extraction, rotation).loadings
    assert np.allclose(table.pivot(index="item", columns="factor", values="loading"), direct)


def test_standard_errors_equal_those_of_a_naive_bootstrap() -> None:
    data = sample(300)
    ours = bootstrap_loadings(data, 2, draws=400, seed=2).loadings.set_index(["item", "factor"])["std_error"]
    whole = factor_analysis(data, 2).loadings.to_numpy()
    rng, drawn = np.random.default_rng(9), []
    for _ in range(400):
        loadings = factor_analysis(data.iloc[rng.integers(0, 300, 300)], 2).loadings.to_numpy()
        if abs((loadings[:, 0] * whole[:, 0]).sum()) < abs((loadings[:, 1] * whole[:, 0]).sum()):
            loadings = loadings[:, ::-1]
        drawn.append(loadings * np.sign((loadings * whole).sum(axis=0)))
    naive = np.array(drawn).std(axis=0, ddof=1).ravel()
    assert np.allclose(ours.to_numpy(), naive, rtol=0.25)


def test_the_same_seed_gives_the_same_intervals_and_steps_can_stop_it() -> None:
    first, second = (bootstrap_loadings(sample(), 2, draws=10, seed=5).loadings for _ in range(2))
    pd.testing.assert_frame_equal(first, second)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bootstrap_loadings(sample(), 2, draws=10, on_step=stop)
    with pytest.raises(FactorError, match="1 draws"):
        bootstrap_loadings(sample(), 2, draws=1)


def test_a_published_solution_is_matched_whatever_its_order_and_signs() -> None:
    result = factor_analysis(sample(), 2)
    published = pd.DataFrame({"second": -result.loadings["factor_2"], "first": result.loadings["factor_1"]})
    found = compare_with(result, published).set_index("factor")
    assert list(found["match"]) == ["first", "second"]
    assert list(found["likeness"]) == ["equal", "equal"]
    assert found.loc["factor_2", "congruence"] == pytest.approx(-1)


def test_words_of_congruence_change_at_85_and_95() -> None:
    assert [likeness(value) for value in (0.95, -0.96, 0.949, 0.85, 0.849)] == [
        "equal",
        "equal",
        "similar",
        "similar",
        "different",
    ]
