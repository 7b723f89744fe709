"""Processor time of a synthetic control of 49 units x 24 quarters with all placebos: share of a limit.

Run: python benchmarks/synthetic_control.py   (leaves with 1 above the limit)
Where pysyncon is installed, one set of weights is timed against its solver too.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from quant.synthetic_checks import leave_one_donor_out
from quant.synthetic_control import synthetic_control
from quant.synthetic_groups import synthetic_controls
from quant.synthetic_intervals import conformal_intervals
from quant.synthetic_weights import closest_weights

LIMIT_SECONDS = 0.5
UNITS, QUARTERS, START, TREATED, REPEATS = 49, 24, 12, 17, 20


def made() -> pd.DataFrame:
    """Shares in employment of municipalities that follow two paths in different measure."""
    draw = np.random.default_rng(1)
    paths = np.cumsum(draw.normal(size=(QUARTERS, 2)), axis=0)
    values = 20 + paths @ draw.dirichlet([1, 1], UNITS).T + draw.normal(size=(QUARTERS, UNITS))
    rows = [
        (f"m{unit:02d}", quarter, values[quarter, unit])
        for unit in range(UNITS)
        for quarter in range(QUARTERS)
    ]
    return pd.DataFrame(rows, columns=["municipality", "quarter", "share"])


def seconds(run: Callable[[], object]) -> float:
    """Processor time of one call, the mean of several."""
    run()  # first imports are not what is timed
    start = time.process_time()
    for _ in range(REPEATS):
        run()
    return (time.process_time() - start) / REPEATS


def peer_seconds(panel: pd.DataFrame) -> float | None:
    """One fit of pysyncon to the outcomes of each quarter, or None where it is not installed."""
    if importlib.util.find_spec("pysyncon") is None:
        return None
    from pysyncon import Dataprep, Synth

    names = sorted(panel["municipality"].unique())
    prepared = Dataprep(
        foo=panel,
        predictors=["share"],
        predictors_op="mean",
        time_predictors_prior=range(START),
        special_predictors=[("share", [quarter], "mean") for quarter in range(START - 1)],
        dependent="share",
        unit_variable="municipality",
        time_variable="quarter",
        treatment_identifier=names[0],
        controls_identifier=names[1:],
        time_optimize_ssr=range(START),
    )
    return seconds(lambda: Synth().fit(prepared, custom_V=np.full(START, 1 / START)))


def main() -> int:
    """Print the times."""
    panel = made()
    asked = {"outcome": "share", "unit": "municipality", "time": "quarter", "start": START}
    values = panel.pivot(index="quarter", columns="municipality", values="share").to_numpy()[:START]
    one = seconds(lambda: closest_weights(values[:, 1:] - values[:, [0]]))
    whole = seconds(lambda: synthetic_control(panel, treated_unit="m00", **asked))
    result = synthetic_control(panel, treated_unit="m00", **asked)
    intervals = seconds(lambda: conformal_intervals(result, level=0.9))
    left_out = seconds(lambda: leave_one_donor_out(result))
    treated = [f"m{unit:02d}" for unit in range(TREATED)]
    start = time.process_time()
    synthetic_controls(panel, treated_units=treated, draws=999, **asked)
    group = time.process_time() - start
    print(
        f"one set of weights {1000 * one:.2f} ms; all {UNITS} units, tables and checks {1000 * whole:.0f} ms"
    )
    print(f"intervals of {QUARTERS - START} quarters {1000 * intervals:.0f} ms")
    print(f"leave one donor out {1000 * left_out:.0f} ms")
    print(f"{TREATED} treated units with placebos and 999 draws {group:.2f} s")
    peer = peer_seconds(panel)
    if peer is not None:
        print(f"one set of weights takes {one / peer:.4f} of the time of pysyncon")
    print(f"{whole / LIMIT_SECONDS:.2f} of the limit of {LIMIT_SECONDS:g} s")
    return 0 if whole <= LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
