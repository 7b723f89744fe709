"""Panels whose synthetic control is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

ASKED: dict[str, Any] = {"outcome": "y", "unit": "town", "time": "year", "treated_unit": "T", "start": 2010}


def long(table: dict[str, Any], first: int = 2000) -> pd.DataFrame:
    """One row a town and year from the towns' series."""
    n_periods = len(next(iter(table.values())))
    years = pd.Index(range(first, first + n_periods), name="year")
    wide = pd.DataFrame(table, index=years).rename_axis(columns="town")
    return wide.stack().rename("y").reset_index()


def mixture(effect: float = 2.0, n_periods: int = 16, start: int = 10) -> pd.DataFrame:
    """T is 60 % of A and 40 % of B, plus the effect from 2010 on; C and D are unlike it."""
    t = np.arange(n_periods)
    series = {
        "A": 10 + t + np.sin(1.3 * t),
        "B": 20 - 0.5 * t + np.cos(2.1 * t),
        "C": 40 + 0.2 * t * np.sin(t),
        "D": 5 + 0.1 * t + np.cos(0.7 * t),
    }
    treated = 0.6 * series["A"] + 0.4 * series["B"] + effect * (t >= start)
    return long({"T": treated, **series})


def factors(
    seed: int,
    *,
    units: int = 20,
    n_periods: int = 30,
    start: int = 20,
    effect: float = 0.0,
    noise: float = 1.0,
) -> pd.DataFrame:
    """Units that share two paths in different shares; the first, T, is treated from `start` on."""
    rng = np.random.default_rng(seed)
    paths = np.cumsum(rng.normal(size=(n_periods, 2)), axis=0)
    shares = rng.dirichlet([1.0, 1.0], size=units)
    values = 10 + paths @ shares.T + noise * rng.normal(size=(n_periods, units))
    values[start:, 0] += effect
    names = ["T", *(f"d{number:02d}" for number in range(1, units))]
    return long(dict(zip(names, values.T, strict=True)))
