"""Effects of other clusters that might have been treated: each as if the panel were estimated again."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant.did import did
from quant.errors import EffectError
from quant.randomisation import randomisation_test
from tests.quant.effect_panels import COLUMNS, START, register


def few_treated(treated: tuple[int, ...], **options: Any) -> pd.DataFrame:
    """Ten municipalities with gaps in the panel, those named treated."""
    panel = register(municipalities=10, persons=6, **options).drop(range(0, 400, 7))
    names = [f"M{code:02}" for code in treated]
    return panel.assign(programme=panel["municipality"].isin(names).astype(int))


@pytest.mark.parametrize("fixed_effects", ["unit", "group"])
def test_every_assignment_gives_what_the_panel_would_give(fixed_effects: str) -> None:
    panel = few_treated((0, 1))
    options = {**COLUMNS, "start": START, "covariates": ["height"], "fixed_effects": fixed_effects}
    found = randomisation_test(panel, **options)
    choices = list(combinations(range(10), 2))  # the real one is the first of them

    assert (found.exact, len(found.assignments)) == (True, 45)
    for place in (0, 9, 44):
        names = [f"M{code:02}" for code in choices[place]]
        moved = panel.assign(programme=panel["municipality"].isin(names).astype(int))
        again = did(moved, gaps="keep", **options)
        assert again.fit is not None
        statistic = again.estimate / again.std_error * np.sqrt(again.fit.factor)
        row = found.assignments.iloc[place]
        assert (row["estimate"], row["statistic"]) == pytest.approx((again.estimate, statistic), rel=1e-7)


def test_p_is_the_share_of_assignments_that_are_no_smaller() -> None:
    found = randomisation_test(few_treated((0, 1)), start=START, **COLUMNS)
    sizes = found.assignments["statistic"].abs()

    assert found.p_value == (sizes >= sizes[0]).sum() / 45
    assert found.attainable_p == 1 / 45
    assert found.notes[0].reason == "randomisation_few_patterns"
    assert found.notes[0].values == {"patterns": 45, "attainable": 0.022}


def test_a_large_effect_is_the_largest_of_all() -> None:
    panel = few_treated((2, 5))
    after = (panel["programme"] == 1) & (panel["period"] >= START)
    panel["employed"] += 8.0 * after
    found = randomisation_test(panel, start=START, **COLUMNS)

    assert found.p_value_estimate == 1 / 45
    assert (found.clusters, found.treated_clusters) == (10, 2)


def test_half_of_the_clusters_is_mirrored_by_the_other_half() -> None:
    found = randomisation_test(few_treated((0, 1, 2, 3, 4)), start=START, draws=252, **COLUMNS)

    assert (found.exact, len(found.assignments)) == (True, 252)
    assert found.attainable_p == 2 / 252
    assert found.assignments["estimate"].min() == pytest.approx(-found.assignments["estimate"].max())


def test_draws_stand_for_assignments_that_are_too_many() -> None:
    panel = register()
    steps: list[tuple[int, int]] = []
    found = randomisation_test(
        panel, start=START, draws=399, seed=3, on_step=lambda *at: steps.append(at), **COLUMNS
    )
    again = randomisation_test(panel, start=START, draws=399, seed=3, **COLUMNS)

    assert (found.exact, len(found.assignments), steps[-1]) == (False, 400, (400, 400))
    assert found.p_value == again.p_value
    assert found.estimate == pytest.approx(did(panel, start=START, **COLUMNS).estimate)
    assert found.notes == ()


def test_without_an_effect_p_values_are_as_small_as_chance_makes_them() -> None:
    p_values = [
        randomisation_test(few_treated((0, 1), seed=seed), start=START, **COLUMNS).p_value
        for seed in range(60)
    ]

    assert np.mean(np.array(p_values) <= 0.2) == pytest.approx(0.2, abs=0.12)


def test_a_file_gives_the_same_as_a_frame(tmp_path: Path) -> None:
    panel = few_treated((0, 1))
    panel.to_parquet(tmp_path / "register.parquet")
    from_file = randomisation_test(tmp_path / "register.parquet", start=START, **COLUMNS)

    assert from_file.p_value == randomisation_test(panel, start=START, **COLUMNS).p_value


def test_clusters_with_treated_and_others_are_refused() -> None:
    panel = register()
    panel["programme"] = (panel["person"] % 3 == 0).astype(int)
    with pytest.raises(EffectError) as error:
        randomisation_test(panel, start=START, **COLUMNS)

    assert error.value.reason == "randomisation_mixed_clusters"
    assert error.value.values["found"] == 20
