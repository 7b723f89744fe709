"""Panels that admit no synthetic control: each refusal has its own reason and says what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant.errors import EffectError
from quant.synthetic_control import synthetic_control
from tests.quant.synthetic_panels import ASKED, mixture

Change = Callable[[pd.DataFrame], pd.DataFrame]


def refused(panel: pd.DataFrame, **asked: Any) -> EffectError:
    with pytest.raises(EffectError) as caught:
        synthetic_control(panel, **{**ASKED, **asked})
    return caught.value


def without(town: str, year: int) -> Change:
    return lambda panel: panel[(panel["town"] != town) | (panel["year"] != year)]


def as_text(panel: pd.DataFrame) -> pd.DataFrame:
    texts = panel["y"].astype(str).astype(object)
    texts.iloc[3] = "12,5"
    return panel.assign(y=texts)


def of_mixed_periods(panel: pd.DataFrame) -> pd.DataFrame:
    years = panel["year"].astype(object)
    return panel.assign(year=years.where(years != 2001, "2001"))


@pytest.mark.parametrize(
    ("change", "asked", "reason", "said"),
    [
        (lambda panel: panel.iloc[:0], {}, "synthetic_no_rows", "look at the file"),
        (lambda panel: panel, {"outcome": "income"}, "synthetic_unknown_column", "town, y"),
        (lambda panel: panel, {"outcome": "year"}, "synthetic_column_twice", "three columns"),
        (lambda panel: panel, {"predictors": ["age"]}, "synthetic_unknown_column", "'age'"),
        (as_text, {}, "effect_text_for_numbers", "decimal commas"),
        (
            lambda panel: pd.concat([panel, panel.iloc[[7]]]),
            {},
            "synthetic_duplicate_rows",
            "mean over persons",
        ),
        (without("C", 2004), {}, "synthetic_gaps", "C (1/16)"),
        (
            lambda panel: panel.assign(y=panel["y"].where(panel.index != 5)),
            {},
            "synthetic_gaps",
            "leave these donors out",
        ),
        (lambda panel: panel, {"treated_unit": "X"}, "synthetic_no_treated_unit", "its units are: "),
        (lambda panel: panel, {"start": 2050}, "effect_unknown_period", "2050"),
        (lambda panel: panel, {"start": 1990}, "effect_unknown_period", "1990"),
        (lambda panel: panel, {"start": 2000}, "synthetic_few_periods", "0 period(s) before 2000"),
        (lambda panel: panel, {"start": 2001}, "synthetic_few_periods", "start the panel earlier"),
        (
            lambda panel: panel[panel["town"].isin(["T", "A"])],
            {},
            "synthetic_no_donors",
            "1 donor(s) for T",
        ),
        (lambda panel: panel[panel["town"] == "T"], {}, "synthetic_no_donors", "never treated"),
        (lambda panel: panel, {"donors": ["A", "X"]}, "synthetic_unknown_donor", "X"),
        (lambda panel: panel, {"donors": ["T", "A", "B"]}, "synthetic_treated_donor", "leave them out"),
        (lambda panel: panel.assign(y=4.0), {}, "effect_constant_outcome", "nothing to explain"),
        (
            lambda panel: panel.assign(y=panel["y"].where(panel.index != 5, np.inf)),
            {},
            "synthetic_infinite",
            "log of 0",
        ),
        (of_mixed_periods, {}, "synthetic_mixed_periods", "in one way"),
        (
            lambda panel: panel.assign(year=(panel["year"] - 1995).astype(str)),
            {"start": "15"},
            "synthetic_periods_as_text",
            "10, 11, 12",
        ),
        (lambda panel: panel[panel["year"] == 2010], {}, "synthetic_few_periods", "needs 2 or more"),
        (
            lambda panel: panel,
            {"optimise_periods": [2009, 2010]},
            "synthetic_optimise_after_start",
            "before the start (2010)",
        ),
        (
            lambda panel: panel.assign(size=panel["y"].where(panel["town"] != "B")),
            {"predictors": ["size"]},
            "synthetic_predictor_missing",
            "1 unit(s): B",
        ),
        (
            lambda panel: panel.assign(size=3),
            {"predictors": ["y", "size"]},
            "synthetic_predictor_constant",
            "leave it out",
        ),
        (lambda panel: panel, {"predictors": ["y", "y"]}, "synthetic_predictor_twice", "named twice"),
        (
            lambda panel: panel,
            {"predictors": [("y", 2004, "largest")]},
            "synthetic_predictor_unreadable",
            "'mean' or 'median'",
        ),
        (
            lambda panel: panel,
            {"predictors": ["y"], "predictor_weights": "best"},
            "synthetic_predictor_method",
            "'best'",
        ),
        (
            lambda panel: panel,
            {"predictors": ["y", ("y", 2004)], "predictor_weights": [1]},
            "synthetic_predictor_weights",
            "y, y 2004",
        ),
        (
            lambda panel: panel,
            {"predictors": ["y"], "predictor_weights": {"age": 1}},
            "synthetic_predictor_weights",
            "for each of: y",
        ),
        (
            lambda panel: panel,
            {"predictor_weights": [1, 2]},
            "synthetic_predictor_weights",
            "(no predictors)",
        ),
    ],
)
def test_a_panel_without_a_synthetic_control_is_refused_with_reason_and_remedy(
    change: Change, asked: dict[str, Any], reason: str, said: str
) -> None:
    error = refused(change(mixture()), **asked)
    assert error.reason == reason
    assert said in str(error)


def test_rows_of_units_that_are_no_donors_may_lack_values() -> None:
    panel = without("D", 2004)(mixture())
    result = synthetic_control(panel, **ASKED, donors=["A", "B", "C"], placebo=False)
    assert result.donors == ["A", "B"]


@pytest.mark.parametrize("kind", ["object", "Float64", "float32"])
def test_numbers_of_any_kind_are_read_and_missing_ones_are_gaps(kind: str) -> None:
    panel = mixture()
    result = synthetic_control(panel.assign(y=panel["y"].astype(kind)), **ASKED, placebo=False)
    assert result.effect == pytest.approx(2.0, rel=1e-5)
    gaps = panel.assign(y=panel["y"].where(panel.index != 5).astype(kind))
    assert refused(gaps).reason == "synthetic_gaps"


def test_categories_keep_their_order_and_a_single_predictor_needs_no_list() -> None:
    names = [f"{season} {year}" for year in range(4) for season in ("winter", "spring", "summer", "autumn")]
    panel = mixture()
    panel["year"] = pd.Categorical.from_codes(panel["year"] - 2000, names, ordered=True)
    panel["town"] = panel["town"].astype("category")
    result = synthetic_control(panel, **{**ASKED, "start": "summer 2"}, predictors="y", placebo=False)
    assert result.panel.periods == names
    assert list(result.balance.index) == ["y"]
