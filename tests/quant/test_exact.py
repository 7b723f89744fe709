from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import rankdata, wilcoxon
from statsmodels.stats.proportion import confint_proportions_2indep

from quant import AnswersError
from quant.exact import newcombe, sign_test, wilcoxon_signed_rank, wilson

# Hollander & Wolfe (1973), depression scale of 9 patients, as in the examples of R's wilcox.test:
# V = 40, one-sided p = 0.01953.
BEFORE = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
AFTER = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]


def test_signed_ranks_of_the_depression_example() -> None:
    found = wilcoxon_signed_rank(BEFORE, AFTER)
    assert (found.statistic, found.n, found.method) == (40.0, 9, "signed-rank test, exact")
    assert found.p_value == pytest.approx(2 * 0.01953125, abs=1e-12)
    assert found.effect == pytest.approx((40 - 5) / 45)
    assert found.attainable_p == 2 / 2**9


@pytest.mark.parametrize("seed", range(6))
def test_tied_ranks_are_exact_over_all_signs(seed: int) -> None:
    values = np.random.default_rng(seed).integers(-3, 4, size=11)
    kept = values[values != 0]
    ranks = rankdata(np.abs(kept))
    sums = np.array([ranks @ signs for signs in product((0, 1), repeat=len(kept))])
    seen = ranks[kept > 0].sum()
    expected = min(1.0, 2 * min((sums <= seen).mean(), (sums >= seen).mean()))
    found = wilcoxon_signed_rank(values)
    assert found.p_value == pytest.approx(expected, abs=1e-12)
    assert (found.n, found.n_zero) == (len(kept), 11 - len(kept))


def test_many_pairs_use_the_normal_approximation_and_say_so() -> None:
    values = np.random.default_rng(1).integers(-3, 5, size=900)
    found = wilcoxon_signed_rank(values)
    assert found.method == "signed-rank test, normal approximation"
    expected = wilcoxon(values, zero_method="wilcox", correction=True, method="asymptotic").pvalue
    assert found.p_value == pytest.approx(expected, rel=1e-9)


def test_fractions_that_are_equal_tie() -> None:
    assert wilcoxon_signed_rank([0.3, 1.0], [0.1 + 0.2, 0.0]).n_zero == 1


def test_the_sign_test_counts_heads() -> None:
    # 8 of 9 rise: p = 2 (C(9,8) + C(9,9)) / 2^9 = 20 / 512
    found = sign_test([1] * 8 + [-1, 0])
    assert (found.p_value, found.n, found.n_zero) == (pytest.approx(20 / 512), 9, 1)
    assert found.effect == pytest.approx(7 / 9)


def test_no_difference_at_all_is_no_finding() -> None:
    for test in (sign_test, wilcoxon_signed_rank):
        found = test([2.0, 3.0], [2.0, 3.0])
        assert (found.p_value, found.n, found.n_zero, found.attainable_p) == (1.0, 0, 2, 1.0)


def test_one_pair_can_show_nothing() -> None:
    assert wilcoxon_signed_rank([3.0]).attainable_p == wilcoxon_signed_rank([3.0]).p_value == 1.0
    assert wilcoxon_signed_rank([3.0]).ci is None


def test_wilson_by_published_cases() -> None:
    # test cases of a collection of programs that print the interval with z = 1.96
    for k, n, low, high in ((10, 100, 0.05522855, 0.17436730), (25, 100, 0.17545094, 0.34304646)):
        assert wilson(k, n) == pytest.approx((low, high), abs=1e-5)
    assert wilson(0, 1) == pytest.approx((0.0, 0.79345671), abs=1e-5)


@pytest.mark.parametrize("cells", [(56, 70, 48, 80), (9, 10, 3, 10), (0, 10, 0, 20), (5, 56, 0, 29)])
def test_newcombe_is_what_statsmodels_gives(cells: tuple[int, int, int, int]) -> None:
    expected = confint_proportions_2indep(*cells, method="newcomb", compare="diff")
    assert newcombe(*cells) == pytest.approx(expected, abs=1e-9)


def test_shares_and_pairs_that_are_none_are_refused() -> None:
    with pytest.raises(AnswersError, match="5 of 4 is no share"):
        wilson(5, 4)
    with pytest.raises(AnswersError, match="two lists of the same length"):
        sign_test([1.0, 2.0], [1.0])
    assert np.isnan(newcombe(0, 0, 1, 2)).all()
