"""The audit on the published tables: nothing in them contradicts itself; what is changed in them is found."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from quant.estimate_audit import audit_estimates

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"

pytestmark = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the published reference tables are not at hand"
)


def with_sizes() -> pd.DataFrame:
    """Pooled estimates with the 22 effect sizes of table 5.4 beside them."""
    estimates = pd.read_csv(REFERENCE / "effect_estimates.csv")
    sizes = pd.read_csv(REFERENCE / "effect_sizes.csv")
    pooled = estimates[estimates["model"] == 2]
    return pooled.merge(sizes, on=["subgroup", "outcome", "period"], how="left")


@pytest.mark.parametrize("name", ["effect_estimates", "fip_regressions", "model_fit"])
@pytest.mark.parametrize("as_text", [False, True])
def test_the_published_tables_have_no_contradiction(name: str, as_text: bool) -> None:
    kinds = {"dtype": str, "keep_default_na": False} if as_text else {}
    table = pd.read_csv(REFERENCE / f"{name}.csv", **kinds)  # type: ignore[call-overload]

    assert audit_estimates(table).empty


def test_all_published_effect_sizes_pass_and_every_one_with_another_sign_does_not() -> None:
    table = with_sizes()
    assert table["percent_of_treated_mean"].notna().sum() == 22
    assert audit_estimates(table).empty

    flags = audit_estimates(table.assign(percent_of_treated_mean=-table["percent_of_treated_mean"]))
    assert list(flags["check"]) == ["percent_sign"] * 22


def test_stars_that_are_raised_by_one_level_are_found() -> None:
    table = pd.read_csv(REFERENCE / "effect_estimates.csv", keep_default_na=False)
    two = table.index[table["stars"] == "**"]
    flags = audit_estimates(table.assign(stars=table["stars"].replace("**", "***")))

    assert list(flags["row"]) == list(two)
    assert set(flags["check"]) == {"stars"}


def test_a_published_fit_with_two_digits_exchanged_is_found() -> None:
    table = pd.read_csv(REFERENCE / "model_fit.csv")
    table.loc[3, "adjusted_r2"] = 0.087  # printed: 0.078

    flags = audit_estimates(table)
    assert list(zip(flags["row"], flags["check"], strict=True)) == [(3, "adjusted_r2")]
