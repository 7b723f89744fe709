"""What every effect estimator hands back: coefficients with their errors, the sample, and what to know."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from quant.notes import Note
from quant.regression import Fit

EffectDesign = Literal["did", "event_study", "staggered"]
EFFECT_COLUMNS = (
    "term", "estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high",
    "period", "kind", "treated_mean", "percent_of_mean",
)  # fmt: skip


@dataclass(frozen=True)
class EffectResult:
    """An estimated effect, of one period or of several.

    table : one row a coefficient, the base period left out: term, estimate, std_error, statistic, p_value,
        ci_low, ci_high; period (value of the time column, or name of a window); kind ("pre", "post" or
        "pooled"); treated_mean (mean outcome of the treated in that period, in units of the outcome);
        percent_of_mean (100 estimate / treated_mean).
    covariance : (k, k) of the coefficients in the order of the table.
    df : degrees of freedom of the t statistics.
    n : rows used; n_units, n_treated_units : units in them.
    clusters, treated_clusters : None without clusters.
    base : reference period; start : first treated period, None where starts differ (design "staggered").
    vcov : "iid", "robust" or "cluster".  r2 : within units, where these have effects.
    settings : what the estimate was asked with, as JSON values.  notes : what the reader must know.
    fit : rows with the same cross products in every cluster as all rows, the coefficients of the table first;
        tests, bootstrap and estimates without a cluster follow from them. None without a single regression.
    cluster_labels : what the codes of `fit.clusters` stand for, in their order.
    """

    design: EffectDesign
    outcome: str
    table: pd.DataFrame
    covariance: pd.DataFrame = field(repr=False)
    df: int
    n: int
    n_units: int
    n_treated_units: int
    clusters: int | None
    treated_clusters: int | None
    base: Any
    start: Any
    vcov: str
    r2: float | None
    settings: dict[str, Any]
    notes: tuple[Note, ...] = ()
    fit: Fit | None = field(default=None, repr=False)
    cluster_labels: tuple[Any, ...] = field(default=(), repr=False)

    @property
    def estimate(self) -> float:
        """The one coefficient. Raises ValueError if there are several."""
        return self._only("estimate")

    @property
    def std_error(self) -> float:
        """The standard error of the one coefficient. Raises ValueError if there are several."""
        return self._only("std_error")

    def of_kind(self, kind: Literal["pre", "post", "pooled"]) -> pd.DataFrame:
        """The rows before treatment, after it, or pooled over windows."""
        return self.table[self.table["kind"] == kind]

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON values, the covariance left out."""
        left_out = ("table", "covariance", "notes", "fit", "cluster_labels")
        return {
            **{name: finite(value) for name, value in vars(self).items() if name not in left_out},
            "table": records(self.table),
            "notes": [{"reason": note.reason, **note.values} for note in self.notes],
        }

    def _only(self, column: str) -> float:
        if len(self.table) != 1:
            raise ValueError(f"there are {len(self.table)} coefficients; read them from `table`")
        return float(self.table[column].iloc[0])


def json_value(value: Any) -> Any:
    """A value of the time column (or a list or mapping of such) as JSON holds it."""
    if isinstance(value, dict):
        return {str(name): json_value(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_value(one) for one in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.item() if hasattr(value, "item") else period_name(value)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON values; None for what is missing or not finite."""
    return [{str(name): finite(value) for name, value in row.items()} for row in frame.to_dict("records")]


def finite(value: Any) -> Any:
    """A value as JSON holds it; None for what is missing or not finite."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    plain = json_value(value)
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def period_name(period: Any) -> str:
    """A period as a term: its text, of a date without the time of day."""
    text = str(period)
    return text.removesuffix(" 00:00:00")
