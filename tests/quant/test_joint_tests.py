"""A joint test keeps its size where few clusters are treated and many coefficients tested."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f

from quant.event_study import event_study
from quant.joint_tests import cluster_df, joint_test

CLUSTERS, TREATED, PERIODS, BASE = 58, 17, 6, 4


def panel(outcome: np.ndarray) -> pd.DataFrame:
    place = np.repeat(np.arange(CLUSTERS), PERIODS)
    return pd.DataFrame(
        {
            "place": place,
            "period": np.tile(np.arange(PERIODS), CLUSTERS),
            "treated": (place < TREATED).astype(int),
            "y": outcome.ravel(),
        }
    )


def study(outcome: np.ndarray):
    return event_study(
        panel(outcome),
        outcome="y",
        unit="place",
        time="period",
        treated="treated",
        base=BASE,
        cluster="place",
    )


def test_degrees_of_freedom_are_those_of_two_groups_of_clusters():
    """Two groups of alike clusters, shares 41/58 and 17/58 of the variance: 1 / (a^2 / 17 + b^2 / 41)."""
    result = study(np.random.default_rng(1).normal(size=(CLUSTERS, PERIODS)))
    a, b = 41 / 58, 17 / 58
    assert cluster_df(result.fit, list(range(BASE))) == pytest.approx(1 / (a**2 / 17 + b**2 / 41), rel=1e-9)


def test_the_adjusted_test_is_hotellings():
    found = joint_test(2.0, 3, 19, 12.0)
    assert found.p_value == pytest.approx(f.sf(2.0 * 10 / 12, 3, 10), rel=1e-12)
    assert found.p_value_unadjusted == pytest.approx(f.sf(2.0, 3, 19), rel=1e-12)


def test_without_clusters_nothing_is_adjusted():
    found = joint_test(2.0, 3, 19, None)
    assert found.p_value == found.p_value_unadjusted == pytest.approx(f.sf(2.0, 3, 19), rel=1e-12)


def test_more_coefficients_than_the_clusters_can_tell_apart_are_not_tested():
    assert joint_test(2.0, 13, 19, 12.0) is None


def test_the_size_is_five_percent_where_the_unadjusted_test_rejects_far_more_often():
    """2,000 panels without effect, errors that last, 15 periods tested; the binomial error of .05 is .005.

    The coefficients are differences of the mean changes since the base, as in a balanced panel.
    """
    chance, before, draws = np.random.default_rng(58), 15, 2000
    a, b = 41 / 58, 17 / 58
    df_clusters = 1 / (a**2 / 17 + b**2 / 41)
    rejected = np.zeros(2)
    for _ in range(draws):
        errors = chance.normal(size=(CLUSTERS, before + 1))
        for period in range(1, before + 1):
            errors[:, period] += 0.5 * errors[:, period - 1]
        changes = errors[:, :before] - errors[:, [before]]
        groups = changes[:TREATED], changes[TREATED:]
        effect = groups[0].mean(axis=0) - groups[1].mean(axis=0)
        scatter = [(group - group.mean(axis=0)) / len(group) for group in groups]
        covariance = sum(each.T @ each for each in scatter) * CLUSTERS / (CLUSTERS - 1)
        statistic = float(effect @ np.linalg.solve(covariance, effect)) / before
        found = joint_test(statistic, before, CLUSTERS - 1, df_clusters)
        rejected += [found.p_value < 0.05, found.p_value_unadjusted < 0.05]
    assert 0.005 < rejected[0] / draws < 0.05 + 3 * 0.005
    assert rejected[1] / draws > 0.3
