"""What every effect estimator hands back: coefficients with their errors, the sample, and what to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from quant.notes import Note

EffectDesign = Literal["did", "event_study", "staggered"]
EFFECT_COLUMNS = (
    "term", "estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high",
    "period", "kind", "treated_mean", "percent_of_mean",
)  # fmt: skip


@dataclass(frozen=True)
class EffectResult:
    """An estimated effect, of one period or of several.

    table : one row a coefficient: term, estimate, std_error, statistic, p_value, ci_low, ci_high; then period
        (value of the time column, or the name of a window), kind ("pre", "post" or "pooled"), treated_mean (mean
        outcome of the treated in that period, in units of the outcome) and percent_of_mean (100 estimate /
        treated_mean). The base period is not in it.
    covariance : (k, k) of the coefficients in the order of the table.
    df : degrees of freedom of the t statistics.
    n : rows used; n_units, n_treated_units : units in them; clusters, treated_clusters : None without clusters.
    base : reference period; start : first treated period, None where starts differ (design "staggered").
    vcov : "iid", "robust" or "cluster".  settings : what the estimate was asked with, as JSON values.
    notes : what the reader must know, such as few clusters.
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
        values = {
            name: value for name, value in vars(self).items() if name not in ("table", "covariance", "notes")
        }
        return {
            **values,
            "table": self.table.astype(object).where(self.table.notna(), None).to_dict("records"),
            "notes": [{"reason": note.reason, **note.values} for note in self.notes],
        }

    def _only(self, column: str) -> float:
        if len(self.table) != 1:
            raise ValueError(f"there are {len(self.table)} coefficients; read them from `table`")
        return float(self.table[column].iloc[0])
