"""The false discovery rate against the example of its authors."""

from __future__ import annotations

import numpy as np
import pytest

from quant.multiplicity import benjamini_hochberg

# Benjamini & Hochberg (1995), section 4.1: 15 endpoints of a trial.
TRIAL = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
    0.7590, 1.0000,
)  # fmt: skip


def test_four_endpoints_are_rejected_where_bonferroni_rejects_three() -> None:
    assert int((benjamini_hochberg(TRIAL) <= 0.05).sum()) == 4
    assert int((np.array(TRIAL) * 15 <= 0.05).sum()) == 3


def test_adjusted_values_by_hand_in_the_order_given() -> None:
    # m = 4: .01*4/1 = .04, .02*4/2 = .04, .03*4/3 = .04, .5*4/4 = .5
    assert benjamini_hochberg([0.5, 0.01, 0.03, 0.02]) == pytest.approx([0.5, 0.04, 0.04, 0.04])


def test_what_is_no_number_is_no_test() -> None:
    found = benjamini_hochberg([0.01, float("nan"), 0.04])
    assert found[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(found[1])


def test_a_value_that_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="0-1"):
        benjamini_hochberg([1.2])
