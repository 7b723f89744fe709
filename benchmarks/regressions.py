"""Processor time of 22 regressions of 400 rows with 100 absorbed groups: share of a limit, and of a peer.

Run: python benchmarks/regressions.py   (leaves with 1 above the limit)
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from quant.regression_specs import Control, RegressionSpec, run_models

LIMIT_SECONDS = 2.0
ROWS, GROUPS, MODELS = 400, 100, 22


def made() -> pd.DataFrame:
    """Rows with 22 predictors as level and change, background, caseworkers and an outcome."""
    draw = np.random.default_rng(1)
    columns: dict[str, object] = {
        f"{kind}_x{number}": draw.integers(1, 8, ROWS)
        for number in range(MODELS)
        for kind in ("level", "change")
    }
    columns |= {"gender": draw.choice(["men", "women"], ROWS), "age": draw.integers(18, 65, ROWS)}
    columns |= {"caseworker": np.arange(ROWS) % GROUPS, "y": draw.random(ROWS)}
    return pd.DataFrame(columns)


def main() -> int:
    """Print the times and their ratios."""
    from statsmodels.formula.api import ols

    data = made()
    spec = RegressionSpec(
        outcomes=("y",),
        predictors=tuple(f"x{number}" for number in range(MODELS)),
        controls=(Control("gender", "men"), Control("age")),
        absorb="caseworker",
        errors="cluster",
        models="single",
    )
    run_models(spec, data)  # first imports are not what is timed
    start = time.process_time()
    run = run_models(spec, data)
    ours = time.process_time() - start
    start = time.process_time()
    for number in range(MODELS):
        formula = f"y ~ level_x{number} + change_x{number} + C(gender) + age + C(caseworker)"
        groups = {"groups": data["caseworker"]}
        fitted = ols(formula, data).fit(cov_type="cluster", cov_kwds=groups, use_t=True)
        assert fitted.bse.notna().any()
    theirs = time.process_time() - start
    share = ours / LIMIT_SECONDS
    print(f"{len(run.models)} models with diagnostics: {share:.2f} of the limit of {LIMIT_SECONDS:g} s")
    print(f"{ours / theirs:.2f} of the time of statsmodels with dummies")
    return 0 if ours <= LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
