"""Factor analysis as Stata's `factor, pf` and `rotate`, and the largest difference from Stata's own scores.

Data and scores are those that statsmodels ships with its tests. Run: python examples/factors_like_stata.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels

from quant import factor_analysis

shipped = Path(statsmodels.__file__).parent / "multivariate" / "tests" / "results"
data = pd.read_csv(shipped / "factor_data.csv")
stata = pd.read_csv(shipped / "factors_stata.csv")[["f1", "f2"]].to_numpy()

result = factor_analysis(data, 2)
print(result.eigenvalue_table().round(4).to_string(index=False))
print(result.loadings.round(4).to_string())

scores = result.scores(data).to_numpy()
signs = np.sign((scores * stata).sum(axis=0))  # the sign of a factor is arbitrary
print(f"largest difference from Stata's scores: {np.abs(scores * signs - stata).max():.1e}")
