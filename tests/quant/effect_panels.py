"""A small register: persons in municipalities, some of which start a programme in period 5."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

COLUMNS: dict[str, Any] = {
    "outcome": "employed",
    "unit": "person",
    "time": "period",
    "treated": "programme",
    "cluster": "municipality",
}
START = 5


def register(
    *,
    seed: int = 1,
    municipalities: int = 20,
    persons: int = 12,
    periods: int = 8,
    men: float = 0.0,
    women: float = 0.0,
    drift: float = 0.0,
) -> pd.DataFrame:
    """One row a person and period; `programme` is 1 for the persons of the first 8 municipalities.

    men, women : effect from period 5 on.  drift : what treated women gain each period, before and after.
    """
    rng = np.random.default_rng(seed)
    n = municipalities * persons
    person = np.repeat(np.arange(n), periods)
    period = np.tile(np.arange(periods), n)
    place = person // persons
    woman = person % 2 == 1
    programme = place < 8
    shocks = rng.normal(scale=0.3, size=(municipalities, periods))[place, period]
    effect = np.where(woman, women, men) * (programme & (period >= START))
    trend = drift * period * (programme & woman)
    noise = rng.normal(size=n)[person] + rng.normal(size=len(person))
    return pd.DataFrame(
        {
            "person": person,
            "period": period,
            "municipality": [f"M{code:02}" for code in place],
            "gender": np.where(woman, "women", "men"),
            "region": np.where(place % 2 == 0, "north", "south"),
            "programme": programme.astype(int),
            "employed": 1 + 0.1 * period + shocks + effect + trend + noise,
            "height": 170 + noise + rng.normal(size=len(person)),
        }
    )
