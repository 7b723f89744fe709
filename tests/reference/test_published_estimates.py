"""The published effect estimates, read from the reference tables where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from quant import EstimateTable, guess_estimate_mapping, load_instrument, read_estimates, read_table

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"

pytestmark = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the published reference tables are not at hand"
)


def read(name: str) -> EstimateTable:
    frame = read_table(REFERENCE / name)
    return read_estimates(frame, guess_estimate_mapping(frame.columns), source="Thuesen et al. 2020")


def test_all_effect_estimates_are_read_without_a_finding() -> None:
    table = read("effect_estimates.csv")
    assert len(table.estimates) == 252
    assert table.findings.summary == {}


def test_a_row_keeps_its_stars_mean_and_place() -> None:
    table = read("effect_estimates.csv")
    key = ("men", "internship", "2018")
    found = next(e for e in table.estimates if (e.subgroup, e.outcome, e.period) == key)
    assert (found.estimate, found.std_error, found.stars, found.treated_mean) == (0.038, 0.014, "**", 0.125)
    assert found.place == "5.3 (men, internship, 2018, 2)"
    assert found.ci() == pytest.approx((0.01056, 0.06544))


def test_published_effect_sizes_follow_from_the_estimates() -> None:
    sizes = pd.read_csv(REFERENCE / "effect_sizes.csv")
    estimates = {
        (e.subgroup, e.outcome, e.period): e for e in read("effect_estimates.csv").estimates if e.treated_mean
    }
    assert len(sizes) == 22
    for row in sizes.itertuples():
        estimate = estimates[(row.subgroup, row.outcome, row.period)]
        assert estimate.treated_mean is not None
        # estimate and mean are printed with three decimals: the size may differ by what rounding hides
        slack = 100 * 0.0005 / estimate.treated_mean * (1 + abs(estimate.estimate) / estimate.treated_mean)
        assert estimate.percent_of_mean == pytest.approx(row.percent_of_treated_mean, abs=slack)


def test_regressions_on_factors_keep_predictor_term_and_controls_in_the_model() -> None:
    table = read("fip_regressions.csv")
    assert len(table.estimates) == 404
    assert table.findings.summary == {}
    first = table.estimates[0]
    assert first.model == "all citizen indicators, predictor b_job_importance, term level, controls 1"
    assert (first.outcome, first.estimate, first.std_error) == ("employment_rate", -0.0006, 0.007)


def test_shipped_instrument_has_the_items_and_factors_of_the_reference_tables() -> None:
    instrument = load_instrument("fip")
    items = pd.read_csv(REFERENCE / "fip_indicators.csv", keep_default_na=False)
    assert list(instrument.item_ids()) == list(items["indicator"])
    for row in items.itertuples():
        item = instrument.item(row.indicator)
        assert (item.respondent, item.order, item.dimension) == (row.respondent, row.order, row.dimension)
        assert (item.label["da"], item.label["en"]) == (row.label_da, row.label_en)
        assert (item.pair or "") == row.same_construct_as
    factors = pd.read_csv(REFERENCE / "fip_factors.csv")
    assert [f.id for f in instrument.factors] == list(factors["factor"])
    assert [" ".join(f.items) for f in instrument.factors] == list(factors["indicators"])
