"""Many tests at once: the false discovery rate of Benjamini and Hochberg."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def benjamini_hochberg(p: Sequence[float] | np.ndarray | pd.Series) -> np.ndarray:
    """Adjusted p-values (q-values): reject those up to q and the expected false share is at most q.

    p : (m,) p-values; what is not a number is no test: it stays so and does not count in m.

    Returns (m,) in the order given, as R's `p.adjust(p, "BH")`.
    Raises ValueError for a value outside 0-1.
    Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57: 289-300.
    """
    values = np.asarray(p, dtype=float)
    tested = ~np.isnan(values)
    if np.any((values[tested] < 0) | (values[tested] > 1)):
        raise ValueError("p-values lie in 0-1")
    adjusted = np.full(values.shape, np.nan)
    m = int(tested.sum())
    if m:
        order = np.argsort(values[tested], kind="stable")[::-1]
        ranked = values[tested][order] * m / np.arange(m, 0, -1)
        found = np.empty(m)
        found[order] = np.minimum(1.0, np.minimum.accumulate(ranked))
        adjusted[tested] = found
    return adjusted
