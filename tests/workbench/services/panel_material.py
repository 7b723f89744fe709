"""Small panels whose effects are known, as files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbench.services.files import GivenFile

TOWNS = ("Assens", "Greve", "Køge", "Odder", "Ribe", "Skive", "Thisted", "Varde")
TREATED = TOWNS[:3]
YEARS = range(2006, 2020)
START = 2016
EFFECT = 2.0
DID: dict[str, Any] = {
    "outcomes": ["work"],
    "unit": "town",
    "time": "year",
    "treated": "programme",
    "start": "2016",
    "cluster": "town",
}
SYNTHETIC: dict[str, Any] = {
    "outcome": "work",
    "unit": "town",
    "time": "year",
    "treated_units": ["Assens"],
    "start": "2016",
    "exclude": ["Greve", "Køge"],
}


def panel() -> pd.DataFrame:
    """Eight towns and 14 years: from 2016 on `work` of three is 2 higher; `pay` drifts from the start.

    Assens is the mean of Odder and Ribe but for the effect, so that its synthetic control is close.
    """
    rng = np.random.default_rng(3)
    noise = {town: rng.normal(scale=0.3, size=len(YEARS)) for town in TOWNS}
    levels = {town: 10.0 + 2 * place for place, town in enumerate(TOWNS)}
    noise["Assens"] = (noise["Odder"] + noise["Ribe"]) / 2
    levels["Assens"] = (levels["Odder"] + levels["Ribe"]) / 2
    rows = []
    for town in TOWNS:
        for place, year in enumerate(YEARS):
            treated = town in TREATED
            work = levels[town] + 0.5 * place + noise[town][place]
            rows.append(
                {
                    "town": town,
                    "year": year,
                    "programme": int(treated),
                    "size": "large" if town in ("Assens", "Køge", "Ribe", "Varde") else "small",
                    "work": round(work + EFFECT * (treated and year >= START), 4),
                    "pay": round(work + 1.5 * place * treated, 4),
                }
            )
    return pd.DataFrame(rows)


def panel_file(name: str = "panel.csv", frame: pd.DataFrame | None = None) -> GivenFile:
    """The panel as a csv."""
    return GivenFile(name, (panel() if frame is None else frame).to_csv(index=False).encode())
