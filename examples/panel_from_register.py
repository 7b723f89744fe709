"""From person-weeks to an effect: a panel of invented register records by rules, its flow, and its estimate.

The persons are invented; the treated towns raise the share of weeks in work by 0.10 from 2019Q1 on.
Run: python examples/panel_from_register.py
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from quant.did import did
from quant.panel_building import build_panel

PERSONS, TOWNS, EFFECT = 2_000, 20, 0.10
days = [date(2018, 1, 1) + timedelta(days=7 * week) for week in range(104)]
weeks = [f"{year}W{week:02d}" for year, week, _ in (day.isocalendar() for day in days)]

draw = np.random.default_rng(1)
person = np.repeat(np.arange(PERSONS), len(weeks))
town = np.repeat(draw.integers(0, TOWNS, PERSONS), len(weeks))
later = np.tile([week >= "2019W01" for week in weeks], PERSONS)
chance = 0.3 + np.repeat(draw.normal(0, 0.1, PERSONS), len(weeks)) + EFFECT * (later & (town < TOWNS // 2))
records = pd.DataFrame(
    {
        "person": person,
        "week": np.tile(weeks, PERSONS),
        "status": np.where(draw.random(len(person)) < chance, "111", "200"),
        "town": np.char.add("town ", town.astype(str)),
        "born": np.repeat(draw.integers(1950, 2000, PERSONS), len(weeks)),
    }
)

panel = build_panel(
    {
        "unit": "person",
        "period": "week",
        "cluster": "town",
        "treatment": {
            "column": "town",
            "units": [f"town {number}" for number in range(TOWNS // 2)],
            "start": "2019Q1",
        },
        "outcomes": [{"id": "share", "column": "status", "codes": ["111"]}],
        "entry": [
            {"id": "working_age", "where": [{"column": "born", "age": True, "lowest": 18, "highest": 64}]}
        ],
    },
    records,
)
print(panel.flow.to_string(index=False))

result = did(
    panel.frame,
    outcome="share",
    unit="person",
    time="period",
    treated="treated",
    start="2019Q1",
    cluster="town",
)
print(f"effect {result.estimate:.3f} (standard error {result.std_error:.3f}), made with {EFFECT}")
