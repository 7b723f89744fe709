"""How long factor analysis with its checks takes, as shares of the time allowed and beside a naive bootstrap.

Run: python benchmarks/factors.py [--json]     100,000 answers to 22 items of seven steps.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from quant import bootstrap_loadings, factor_analysis, polychoric_correlations, retention

ALLOWED_BOOTSTRAP_SECONDS = 30.0  # 1,000 draws
ALLOWED_SECONDS = 5.0  # anything else
ROWS, ITEMS, FACTORS, DRAWS, NAIVE_DRAWS = 100_000, 22, 6, 1_000, 10


def answers() -> pd.DataFrame:
    """Answers on 1-7 that six factors made, of a fixed seed."""
    chance = np.random.default_rng(1)
    common = chance.standard_normal((ROWS, FACTORS))[:, np.arange(ITEMS) % FACTORS]
    latent = 0.7 * common + 0.7 * chance.standard_normal((ROWS, ITEMS))
    return pd.DataFrame((np.digitize(latent, [-1.5, -1, -0.5, 0, 0.5, 1]) + 1).astype(float))


def naive_bootstrap(data: pd.DataFrame) -> None:
    """Rows drawn, correlated and factored one draw at a time."""
    chance = np.random.default_rng(1)
    for _ in range(NAIVE_DRAWS):
        factor_analysis(data.iloc[chance.integers(0, len(data), len(data))], FACTORS)


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Print one line a measurement, or all as JSON."""
    data = answers()
    factor_analysis(data.head(1000), FACTORS)  # imports
    bootstrap = seconds(lambda: bootstrap_loadings(data, FACTORS, draws=DRAWS))
    naive = seconds(lambda: naive_bootstrap(data)) * DRAWS / NAIVE_DRAWS
    results = {
        "bootstrap of 1,000 draws": {
            "seconds": round(bootstrap, 2),
            "share_of_allowed": round(bootstrap / ALLOWED_BOOTSTRAP_SECONDS, 3),
            "share_of_naive": round(bootstrap / naive, 3),
        }
    }
    for name, work in (
        ("one analysis", lambda: factor_analysis(data, FACTORS)),
        ("polychoric correlations", lambda: polychoric_correlations(data)),
        ("parallel analysis, MAP and Kaiser", lambda: retention(data)),
    ):
        taken = seconds(work)
        results[name] = {"seconds": round(taken, 2), "share_of_allowed": round(taken / ALLOWED_SECONDS, 3)}
    if "--json" in sys.argv:
        print(json.dumps(results, indent=2))
        return
    for name, found in results.items():
        print(f"{name}: {found}")


if __name__ == "__main__":
    main()
