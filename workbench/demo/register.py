"""The demonstration's register weeks: simulated statuses of half of its persons through one year.

No row is about a real person, and the statuses have nothing to do with the answers.
"""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

SEED = 2018
YEAR, WEEKS = 2018, 52
BENEFIT, ORDINARY, EDUCATION = "benefit", "ordinary", "education"
# Ours: the chance of beginning in a week, and of ending a spell in one.
BEGINS = {ORDINARY: 0.008, EDUCATION: 0.004}
ENDS = 0.02
ABSENT = 0.05


def build_register(people: pd.Series[str], *, seed: int = SEED) -> pd.DataFrame:
    """Simulated weeks of every second person: columns person, week, status; one in twenty leaves early."""
    chosen = people.drop_duplicates().sort_values().iloc[::2]
    rng = np.random.default_rng(seed)
    state = np.full(len(chosen), BENEFIT, dtype=object)
    leaves = np.where(rng.random(len(chosen)) < ABSENT, rng.integers(1, WEEKS, len(chosen)), WEEKS)
    weeks = []
    for week in range(1, WEEKS + 1):
        draw = rng.random(len(chosen))
        idle = state == BENEFIT
        begin = np.where(draw < BEGINS[ORDINARY], ORDINARY, EDUCATION)
        state = np.where(idle & (draw < sum(BEGINS.values())), begin, state)
        state = np.where(~idle & (draw < ENDS), BENEFIT, state)
        there = leaves >= week
        weeks.append(
            pd.DataFrame({"person": chosen[there], "week": f"{YEAR}-W{week:02d}", "status": state[there]})
        )
    return pd.concat(weeks, ignore_index=True)


def register_csv(people: pd.Series[str], *, seed: int = SEED) -> bytes:
    """The simulated weeks as a csv in UTF-8."""
    buffer = io.StringIO()
    build_register(people, seed=seed).to_csv(buffer, index=False)
    return buffer.getvalue().encode()
