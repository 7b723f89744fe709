"""Mean outcome of the treated and of those they are compared with, by period: where trends are seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from quant.effect_model import effect_source
from quant.effect_request import EffectRequest
from quant.effect_results import period_name

MEAN_COLUMNS = ("period", "group", "mean", "n")
TREATED, COMPARED = "treated", "compared"


def group_means(panel: Any, request: EffectRequest) -> pd.DataFrame:
    """One row a period and group ("treated", "compared"): period as text, mean outcome, n (rows or weights).

    Means are over rows, before covariates are taken into account. Raises EffectError as `check_panel` does.
    """
    source = effect_source(panel, request)
    cells = source.cells(range(len(source.periods)))
    parts = []
    for group, mask in ((TREATED, cells.ever), (COMPARED, ~cells.ever)):
        n = np.bincount(cells.places[mask], weights=cells.n[mask], minlength=len(source.periods))
        total = np.bincount(cells.places[mask], weights=cells.total[mask], minlength=len(source.periods))
        with np.errstate(invalid="ignore", divide="ignore"):
            means = total / n
        names = [period_name(period) for period in source.periods]
        parts.append(pd.DataFrame({"period": names, "group": group, "mean": means, "n": n}))
    return pd.concat(parts, ignore_index=True)[list(MEAN_COLUMNS)]
