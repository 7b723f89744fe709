"""Event studies from coefficients and covariances, as other software prints them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t

from quant.effect_results import EFFECT_COLUMNS, EffectResult

PUBLISHED = Path(__file__).parents[1] / "reference" / "data" / "event_studies.json"
NORMAL = 10**9


def event_result(
    estimate: Sequence[float] | np.ndarray,
    covariance: Any,
    *,
    n_pre: int,
    periods: Sequence[Any] | None = None,
    base: Any = -1,
    df: int = NORMAL,
    clusters: int | None = None,
    treated_mean: float = 1.0,
) -> EffectResult:
    """An event study; periods are ... -3, -2, 0, 1 ... around the base -1 by default."""
    values = np.asarray(estimate, dtype=float)
    matrix = np.asarray(covariance, dtype=float)
    if periods is None:
        periods = [*range(-1 - n_pre, -1), *range(len(values) - n_pre)]
    errors = np.sqrt(np.diag(matrix))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = values / errors
    reach = t.isf(0.025, df) * errors
    terms = [str(period) for period in periods]
    columns = (
        terms, values, errors, statistic, 2 * t.sf(np.abs(statistic), df), values - reach, values + reach,
        list(periods), ["pre"] * n_pre + ["post"] * (len(values) - n_pre), np.full(len(values), treated_mean),
        100 * values / treated_mean,
    )  # fmt: skip
    return EffectResult(
        design="event_study",
        outcome="employment",
        table=pd.DataFrame(dict(zip(EFFECT_COLUMNS, columns, strict=True))),
        covariance=pd.DataFrame(matrix, index=terms, columns=terms),
        df=df,
        n=1000,
        n_units=100,
        n_treated_units=50,
        clusters=clusters,
        treated_clusters=None,
        base=base,
        start=0,
        vcov="iid" if clusters is None else "cluster",
        r2=None,
        settings={},
    )


def published(name: str) -> EffectResult:
    """An event study of `event_studies.json`."""
    values = json.loads(PUBLISHED.read_text(encoding="utf-8"))[name]
    return event_result(
        values["estimate"],
        values["covariance"],
        n_pre=values["n_pre"],
        periods=values["periods"],
        base=values["base"],
    )
