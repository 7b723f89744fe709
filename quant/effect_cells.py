"""From rows in an engine to the cells that least squares needs, in one Ibis expression.

The engine (DuckDB here, Spark on a cluster) groups rows whose regressors are equal after unit effects are
taken out; docs/methods/difference_in_differences.md says why the fit of the cells is that of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quant.effect_rows import covariate_values
from quant.effect_solver import Cells
from quant.treatment_starts import NEVER, UNIT_FACTS

BITS = 40  # periods in one whole number, of which sums stay far from the largest one; more need several
Expression = Any  # ibis is not typed


@dataclass(frozen=True)
class StandardRows:
    """Complete rows under standard names: unit, place, on, y; cluster and start where there are any.

    rows : Ibis table; `place` is the place of the period, `on` the treatment column as 0 or 1, `start` the
        place of the unit's first treated period. Without a unit, `on` stands for it.
    covariates, absorb : standard names and the columns' own.
    """

    rows: Expression
    n_periods: int
    cluster: bool
    start: bool
    covariates: dict[str, str]
    absorb: dict[str, str]


def facts_expression(standard: StandardRows, *, repeated: bool) -> Expression:
    """One row for all units that are alike: rows, treated rows, first and last places, mask of periods.

    repeated : whether units may have several rows a period; then there is no mask.
    """
    rows = standard.rows
    measures = {
        "rows": rows.count(),
        "treated_rows": rows.on.sum(),
        "first": rows.place.min(),
        "last": rows.place.max(),
        "first_treated": rows.place.min(where=rows.on == 1),
        "last_untreated": rows.place.max(where=rows.on == 0),
    }
    if not repeated:
        measures |= _masks(rows, standard.n_periods, "seen", rows.place >= 0)
    if standard.cluster:
        measures["clusters"] = (rows.cluster.min() != rows.cluster.max()).cast("int64") + 1
    if standard.start:
        measures |= {"start": rows.start.min(), "start_last": rows.start.max()}
    units = rows.group_by("unit").agg(**measures)
    return units.group_by(list(measures)).agg(count=units.count(), example=units.unit.min())


def read_facts(found: pd.DataFrame) -> pd.DataFrame:
    """UNIT_FACTS (see `quant.treatment_starts`) from the engine's answer.

    A sum of different powers of two has as many bits as summands, and of equal ones fewer: `periods` is less
    than `rows` where a unit has two rows in a period.
    """
    facts = found.drop(columns=[name for name in found if str(name).startswith("seen")])
    for name in ("first_treated", "last_untreated"):
        facts[name] = facts[name].fillna(NEVER).astype(int)
    masks = found[[name for name in found if str(name).startswith("seen")]].to_numpy(np.int64)
    facts["periods"] = np.bitwise_count(masks).sum(axis=1).astype(int) if masks.size else facts["rows"]
    for name, usual in (("start", NEVER), ("start_last", NEVER), ("clusters", 1)):
        if name not in facts:
            facts[name] = usual
    return facts[list(UNIT_FACTS)]


def cells_expression(
    standard: StandardRows,
    kept: Sequence[int],
    levels: dict[str, list[Any]],
    *,
    unit_effects: bool,
    centre: float,
) -> Expression:
    """The cells of the periods kept: n, total, moved and squares by everything that tells regressors apart.

    levels : values of each covariate and absorbed column, by standard name; they are few.
    centre : a constant taken from the outcome where units have no effects, so that squares keep their digits.
    """
    rows = standard.rows
    inside = rows.place.isin([int(place) for place in kept])
    measures = {"ever": _ever(standard).cast("int64")}
    if unit_effects:
        measures["mean"] = rows.y.mean(where=inside)
        measures |= _masks(rows, standard.n_periods, "seen", inside)
        for name, values in levels.items():
            for number, value in enumerate(values[1:]):
                chosen = inside & (rows[name] == value)
                measures |= _masks(rows, standard.n_periods, f"{name}_{number}", chosen)
    units = rows.group_by("unit").agg(**measures)
    joined = rows.filter(inside).join(units, "unit")
    own = joined.y - (joined.mean if unit_effects else centre)
    joined = joined.mutate(own=own)
    keys = ["place", *standard.covariates, *standard.absorb, *(["cluster"] if standard.cluster else [])]
    keys += [name for name in measures if name != "mean"]
    return joined.group_by(keys).agg(
        n=joined.count(),
        total=joined.y.sum(),
        moved=joined.own.sum(),
        squares=(joined.own * joined.own).sum(),
    )


def units_expression(standard: StandardRows, kept: Sequence[int]) -> Expression:
    """One row: units and treated units with rows in the periods kept."""
    rows = standard.rows
    inside = rows.place.isin([int(place) for place in kept])
    units = rows.group_by("unit").agg(ever=_ever(standard), inside=inside.any())
    return units.agg(units=units.inside.sum(), treated=(units.inside & units.ever).sum())


def read_cells(
    found: pd.DataFrame, standard: StandardRows, *, unit_effects: bool, units: tuple[int, int] | None
) -> Cells:
    """Cells from the engine's answer.

    units : number of units and of treated units; None where patterns of units count them.
    """
    pattern = [str(name) for name in found if name not in ("place", "n", "total", "moved", "squares")]
    pattern = [name for name in pattern if name not in {**standard.covariates, **standard.absorb}]
    found = found.sort_values([*(["cluster"] if standard.cluster else []), *pattern, "place"])
    clusters: np.ndarray | None = None
    labels: tuple[Any, ...] = ()
    if standard.cluster:
        clusters, values = pd.factorize(found["cluster"])
        labels = tuple(values.tolist())
    n, ever = found["n"].to_numpy(float), found["ever"].to_numpy() == 1
    groups, single = None, 0
    if unit_effects:
        groups = found.groupby(pattern, sort=False).ngroup().to_numpy()
        first = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
        alone = np.diff(np.r_[first, len(groups)]) == 1
        units = int(n[first].sum()), int(n[first][ever[first]].sum())
        single = int(n[first][alone].sum())
    assert units is not None
    return Cells(
        groups=groups,
        clusters=clusters,
        places=found["place"].to_numpy(int),
        ever=ever,
        covariates={own: covariate_values(found[name]) for name, own in standard.covariates.items()},
        absorb={own: pd.factorize(found[name])[0] for name, own in standard.absorb.items()},
        n=n,
        total=found["total"].to_numpy(float),
        moved=found["moved"].to_numpy(float),
        squares=found["squares"].to_numpy(float),
        rows=int(n.sum()),
        units=units[0],
        treated_units=units[1],
        single_units=single,
        cluster_labels=labels,
    )


def _ever(standard: StandardRows) -> Expression:
    """Whether a unit is treated in the panel."""
    rows = standard.rows
    return rows.start.max().between(0, standard.n_periods - 1) if standard.start else rows.on.max() == 1


def _masks(rows: Expression, n_periods: int, name: str, chosen: Expression) -> dict[str, Expression]:
    """Whole numbers whose bits are the periods of the chosen rows of a unit: exact, no hash.

    Where a unit has one row a period, the sum of the bits is their union; Spark has no union through Ibis.
    """
    import ibis

    masks = {}
    for number in range(-(-n_periods // BITS)):
        here = chosen & (rows.place >= number * BITS) & (rows.place < (number + 1) * BITS)
        bit = ibis.literal(1, "int64") << (rows.place % BITS)
        masks[f"{name}_bits{number}"] = here.ifelse(bit, 0).sum().cast("int64")
    return masks
