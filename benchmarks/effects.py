"""Event studies of register size: processor time and memory as shares of a limit, and of two peers.

Run: python benchmarks/effects.py [--large] [--peers PYTHON]   (leaves with 1 above a limit)

The panel has 355,637 person-quarters in 58 municipalities; with --large also 20 million. Every fit runs in a
process of its own, so that its peak memory is its own. --peers names a Python that has pyfixest, which is no
dependency; without it, that peer is said to be not installed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS, LIMIT_SECONDS = 355_637, 10.0
LARGE_ROWS, LARGE_LIMIT_SECONDS, LIMIT_BYTES = 20_000_000, 60.0, 4 * 1024**3
ROWS_A_PERSON = 14
OURS, STATSMODELS, PYFIXEST = "ours", "statsmodels", "pyfixest"


def write_panel(path: Path, rows: int) -> None:
    """Persons who come, leave and lack quarters; 17 of 58 municipalities are treated from 2017 on."""
    import duckdb

    persons = rows // ROWS_A_PERSON
    connection = duckdb.connect(config={"memory_limit": "2GB"})
    connection.execute(
        f"""
        copy (
          select person, municipality, quarter, (municipality < 17)::int as treated,
            (hash(person * 31 + q) % 1000 / 1000.0 + hash(person * 5) % 100 / 500.0
              + (municipality < 17 and q >= 16)::int * 0.03 > 0.6)::int as employed
          from (
            select person, (hash(person) % 58)::int as municipality, q,
              (2013 + q // 4)::varchar || 'Q' || (q % 4 + 1)::varchar as quarter
            from range({persons * 2}) persons(person), range(24) quarters(q)
            where q >= hash(person * 3) % 12 and q <= 23 - hash(person * 13) % 8
              and hash(person * 17 + q) % 50 != 0
          )
          limit {rows}
        ) to '{path}' (format parquet)
        """
    )


def fit(peer: str, design: str, path: Path) -> tuple[float, float]:
    """Last coefficient and its error of the event study; design is "unit" or "group"."""
    if peer == OURS:
        from quant.event_study import event_study

        result = event_study(
            path,
            outcome="employed",
            unit="person",
            time="quarter",
            treated="treated",
            base="2016Q4",
            cluster="municipality",
            fixed_effects=design,  # type: ignore[arg-type]
            gaps="keep",
        )
        row = result.table.iloc[-1]
        return float(row["estimate"]), float(row["std_error"])
    import pandas as pd

    frame = pd.read_parquet(path)
    if peer == STATSMODELS:
        from statsmodels.formula.api import ols

        formula = "employed ~ treated * C(quarter, Treatment('2016Q4'))"
        groups = {"groups": frame["municipality"]}
        fitted = ols(formula, frame).fit(cov_type="cluster", cov_kwds=groups, use_t=True)
        name = "treated:C(quarter, Treatment('2016Q4'))[T.2018Q4]"
        return float(fitted.params[name]), float(fitted.bse[name])
    import pyfixest

    effects = "person + quarter" if design == "unit" else "quarter"
    further = "" if design == "unit" else " + treated"
    fitted = pyfixest.feols(
        f"employed ~ i(quarter, treated, ref='2016Q4'){further} | {effects}",
        frame,
        vcov={"CRV1": "municipality"},
        fixef_rm="none",
    )
    name = next(one for one in fitted.coef().index if "2018Q4" in one)
    return float(fitted.coef()[name]), float(fitted.se()[name])


def run_here(peer: str, design: str, path: Path) -> None:
    """Fit and print what it took, as JSON: imports are part of it."""
    estimate, error = fit(peer, design, path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": time.process_time(), "bytes": peak, "estimate": estimate, "error": error}))


def measured(python: str, peer: str, design: str, path: Path) -> dict[str, float] | None:
    """The same in a process of its own; None if it is not installed."""
    command = [python, __file__, "--one", peer, design, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        if f"No module named '{peer}'" in done.stderr:
            return None
        raise RuntimeError(done.stderr)
    values: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return values


def compare(path: Path, limit_seconds: float, *, python: str, peers: bool) -> bool:
    """Print both designs; whether all was within the limits."""
    within = True
    for design in ("unit", "group"):
        ours = measured(sys.executable, OURS, design, path)
        assert ours is not None
        shares = ours["seconds"] / limit_seconds, ours["bytes"] / LIMIT_BYTES
        within = within and max(shares) <= 1
        print(
            f"{design} effects: {shares[0]:.2f} of {limit_seconds:g} s of processor time, "
            f"{shares[1]:.2f} of 4 GB; last effect {ours['estimate']:.5f} ({ours['error']:.5f})"
        )
        if not peers:
            continue
        for peer in (STATSMODELS, PYFIXEST) if design == "group" else (PYFIXEST,):
            theirs = measured(python if peer == PYFIXEST else sys.executable, peer, design, path)
            if theirs is None:
                print(f"  {peer}: not installed")
                continue
            apart = abs(theirs["estimate"] - ours["estimate"]) / ours["error"]
            print(
                f"  {ours['seconds'] / theirs['seconds']:.2f} of the time and "
                f"{ours['bytes'] / theirs['bytes']:.2f} of the memory of {peer}; "
                f"coefficients {apart:.0e} standard errors apart, "
                f"errors {theirs['error'] / ours['error']:.6f} of ours"
            )
    return within


def main() -> int:
    """Print the shares and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="also 20 million rows, without peers")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="a Python with pyfixest")
    parser.add_argument("--one", nargs=3, metavar=("PEER", "DESIGN", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        run_here(given.one[0], given.one[1], Path(given.one[2]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panel.parquet"
        write_panel(path, ROWS)
        print(f"{ROWS:,} rows")
        within = compare(path, LIMIT_SECONDS, python=given.peers, peers=True)
        if given.large:
            write_panel(path, LARGE_ROWS)
            print(f"{LARGE_ROWS:,} rows")
            within = compare(path, LARGE_LIMIT_SECONDS, python=given.peers, peers=False) and within
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
