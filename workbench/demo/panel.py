"""The demonstration's panel: simulated persons in invented municipalities, other persons each quarter.

What is true is known: among the treated, internship rises by 3 percentage points in 2018, employment and
education do not change, and in one region employment of the treated drifted already before the start.
"""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

SEED = 2021
QUARTERS = tuple(f"{year}Q{quarter}" for year in range(2013, 2019) for quarter in range(1, 5))
START = "2017Q1"
TREATED, CONTROLS, PERSONS = 17, 41, 30
TREATED_AREA = "Indsatskommuner"
REGIONS = ("Nord", "Midt", "Syd", "Øst")
DRIFTING_REGION = "Øst"
# Shares at the beginning, their rise a quarter, and the effect on the treated in 2017 and in 2018.
OUTCOMES: dict[str, tuple[float, float, dict[str, float]]] = {
    "employment": (0.08, 0.004, {"2017": 0.0, "2018": 0.0}),
    "internship": (0.10, 0.001, {"2017": 0.005, "2018": 0.03}),
    "education": (0.09, 0.001, {"2017": 0.0, "2018": 0.0}),
}
DRIFT = 0.004


def build_panel(*, seed: int = SEED) -> pd.DataFrame:
    """One row a person and quarter, other persons each quarter.

    Columns municipality, area (the treated together, else the municipality), region, quarter, treated (0/1),
    gender, age_group, and 0/1 for each of OUTCOMES.
    """
    rng = np.random.default_rng(seed)
    places = pd.DataFrame(
        {
            "municipality": [f"Indsatskommune {n:02d}" for n in range(1, TREATED + 1)]
            + [f"Kontrolkommune {n:02d}" for n in range(1, CONTROLS + 1)],
            "treated": [1] * TREATED + [0] * CONTROLS,
        }
    )
    places["area"] = np.where(places["treated"] == 1, TREATED_AREA, places["municipality"])
    places["region"] = [REGIONS[n % len(REGIONS)] for n in range(len(places))]
    places["level"] = rng.normal(0, 0.015, len(places))
    frame = places.merge(pd.DataFrame({"quarter": QUARTERS}), how="cross")
    frame = frame.loc[frame.index.repeat(PERSONS)].reset_index(drop=True)
    frame["gender"] = np.where(rng.random(len(frame)) < 0.5, "women", "men")
    frame["age_group"] = np.where(rng.random(len(frame)) < 0.4, "18-29", "30-64")
    place = frame["quarter"].map({quarter: n for n, quarter in enumerate(QUARTERS)})
    treated = frame["treated"] == 1
    drifting = treated & (frame["region"] == DRIFTING_REGION)
    for name, (first, rise, effects) in OUTCOMES.items():
        share = first + rise * place + frame["level"] + np.where(frame["gender"] == "men", 0.02, -0.02)
        for year, effect in effects.items():
            share = share + effect * (treated & frame["quarter"].str.startswith(year))
        if name == "employment":
            share = share + DRIFT * place * drifting
        frame[name] = (rng.random(len(frame)) < share.clip(0.005, 0.995)).astype(int)
    return frame[["municipality", "area", "region", "quarter", "treated", "gender", "age_group", *OUTCOMES]]


def panel_csv(*, seed: int = SEED) -> bytes:
    """The simulated panel as a csv in UTF-8."""
    buffer = io.StringIO()
    build_panel(seed=seed).to_csv(buffer, index=False)
    return buffer.getvalue().encode()
