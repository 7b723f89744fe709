"""Wild cluster bootstrap: against a loop that refits every draw, by hand where it can be, and its size."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from quant import RegressionError, regression
from quant.regression_bootstrap import wild_bootstrap


def made(seed: int, *, clusters: int = 6, slope: float = 0.0) -> pd.DataFrame:
    """Rows in clusters of unequal size with shared errors; groups that cross the clusters."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), rng.integers(4, 9, clusters))
    n = len(cluster)
    x = rng.normal(size=n) + rng.normal(size=clusters)[cluster]
    y = slope * x + rng.normal(size=n) + rng.normal(size=clusters)[cluster]
    return pd.DataFrame(
        {"y": y, "x": x, "z": rng.normal(size=n), "cluster": cluster, "group": np.arange(n) % 4}
    )


@pytest.mark.parametrize("absorb", [None, "group", "cluster"])
def test_enumerated_p_value_equals_refitting_every_sign_pattern(absorb: str | None) -> None:
    data = made(3)
    formula, vcov = "y ~ x + z", {"cluster": "cluster"}
    seen = regression(formula, data, absorb=absorb, vcov=vcov)
    restricted = regression("y ~ z", data, absorb=absorb)
    residuals = restricted.fit.residuals
    fitted = data["y"].to_numpy() - residuals
    limit = abs(seen.estimate("x") / seen.std_error("x"))
    larger = 0
    for signs in product([1.0, -1.0], repeat=6):
        drawn = data.assign(y=fitted + np.array(signs)[data["cluster"]] * residuals)
        again = regression(formula, drawn, absorb=absorb, vcov=vcov)
        larger += abs(again.estimate("x") / again.std_error("x")) >= limit * (1 - 1e-10)
    found = wild_bootstrap(seen, "x", interval=False)
    assert (found.exact, found.draws) == (True, 64)
    assert found.p_value == pytest.approx(larger / 64)


def test_the_interval_ends_where_the_test_stops_rejecting() -> None:
    seen = regression("y ~ x", made(5, clusters=14, slope=0.8), vcov={"cluster": "cluster"})
    found = wild_bootstrap(seen, "x", draws=999, seed=4)
    assert (found.exact, found.draws) == (False, 999)
    step = 1e-4 * seen.std_error("x")
    for bound, inward in (found.ci_low, 1), (found.ci_high, -1):
        inside = wild_bootstrap(seen, "x", null=bound + inward * step, draws=999, seed=4, interval=False)
        outside = wild_bootstrap(seen, "x", null=bound - inward * step, draws=999, seed=4, interval=False)
        assert inside.p_value >= 0.05 - 1e-12
        assert outside.p_value < 0.06
        assert outside.p_value <= inside.p_value


def test_five_clusters_cannot_reject_at_five_percent_so_the_interval_has_no_end() -> None:
    # 2^5 sign patterns, each with its mirror image: the smallest p is 2/32.
    found = wild_bootstrap(
        regression("y ~ x", made(1, clusters=5, slope=3.0), vcov={"cluster": "cluster"}), "x"
    )
    assert found.p_value >= 2 / 32
    assert (found.ci_low, found.ci_high) == (-np.inf, np.inf)


@pytest.mark.parametrize("weights", ["rademacher", "webb", "mammen"])
def test_the_same_seed_gives_the_same_draws(weights: str) -> None:
    seen = regression("y ~ x", made(2, clusters=15), vcov={"cluster": "cluster"})
    first, second = (
        wild_bootstrap(seen, "x", weights=weights, draws=199, seed=9, interval=False)  # type: ignore[arg-type]
        for _ in range(2)
    )
    assert first == second or first.p_value == second.p_value


def test_ten_clusters_without_a_slope_are_rejected_about_as_often_as_said() -> None:
    """Of 200 samples, 5 % should be rejected: more than 24 happens once in 10,000."""
    rejected = wild = 0
    for seed in range(200):
        seen = regression("y ~ x", made(seed, clusters=10), vcov={"cluster": "cluster"})
        rejected += abs(seen.estimate("x") / seen.std_error("x")) > 1.96
        wild += wild_bootstrap(seen, "x", interval=False).p_value < 0.05
    assert wild <= 24
    assert rejected > wild


def test_errors_that_are_not_clustered_and_unknown_terms_are_refused() -> None:
    data = made(1)
    with pytest.raises(RegressionError, match="clustered errors"):
        wild_bootstrap(regression("y ~ x", data), "x")
    with pytest.raises(RegressionError, match="its terms are: Intercept, x"):
        wild_bootstrap(regression("y ~ x", data, vcov={"cluster": "cluster"}), "w")
    clustered = regression("y ~ x", data, vcov={"cluster": "cluster"})
    with pytest.raises(RegressionError, match="0 draws"):
        wild_bootstrap(clustered, "x", draws=0)


def test_two_clusters_can_reject_nothing() -> None:
    data = made(4, clusters=2)
    found = wild_bootstrap(regression("y ~ x", data, vcov={"cluster": "cluster"}), "x")
    assert (found.draws, found.ci_low, found.ci_high) == (4, -np.inf, np.inf)
    assert found.p_value >= 0.5


def test_as_many_draws_as_sign_patterns_use_all_patterns() -> None:
    seen = regression("y ~ x", made(5, clusters=13, slope=0.8), vcov={"cluster": "cluster"})
    counted = wild_bootstrap(seen, "x", interval=False)
    left_out = wild_bootstrap(seen, "x", interval=False, ties="left_out")
    assert (counted.exact, counted.draws) == (True, 2**13)
    assert counted.p_value - left_out.p_value == pytest.approx(2 / 2**13)
