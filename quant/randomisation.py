"""Randomisation inference: is the effect larger than those of other clusters that might have been treated?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.effect_fit import Effect, FixedEffects, effect_columns
from quant.effect_model import common_start, effect_source
from quant.effect_request import effect_request
from quant.effect_solver import Cells, Columns, blocks, within_groups
from quant.errors import EffectError
from quant.notes import Note

Array = NDArray[np.float64]
Drawn = NDArray[np.bool_]
DRAWS = 1999
FEW_PATTERNS = 100
_BATCH = 200
_SAME = 1e-9


@dataclass(frozen=True)
class RandomisationTest:
    """The effect among those that other clusters would have had.

    estimate : of the clusters that were treated; statistic : over its clustered error, without small-sample
        factor.
    p_value : share of assignments whose |statistic| is no smaller; p_value_estimate : the same of |estimate|.
        With draws, (1 + number) / (1 + draws).
    assignments : estimate and statistic of each assignment tried, the real one first.
    exact : whether these are all there are.   attainable_p : the smallest p-value there can be.
    """

    outcome: str
    estimate: float
    statistic: float
    p_value: float
    p_value_estimate: float
    assignments: pd.DataFrame = field(repr=False)
    exact: bool
    attainable_p: float
    clusters: int
    treated_clusters: int
    seed: int
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class _ClusterProducts:
    """Cross products by cluster, (G, ., .), of the columns that move with the treated and of the others.

    The moving ones are as they would be if the cluster were treated; `effect` is the place of the effect
    among them; fixed_y and moving_y are products with the outcome.
    """

    fixed: Array
    crossed: Array
    moving: Array
    fixed_y: Array
    moving_y: Array
    effect: int


def randomisation_test(
    panel: Any,
    *,
    outcome: str,
    unit: str | None,
    time: str,
    treated: str,
    cluster: str,
    start: Any = None,
    base: Any = None,
    covariates: Sequence[str] = (),
    absorb: Sequence[str] = (),
    fixed_effects: FixedEffects = "unit",
    weights: str | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    on_step: Callable[[int, int], None] | None = None,
) -> RandomisationTest:
    """Compare the pooled effect with those of as many other clusters, as if these had been treated.

    cluster : what was treated as a whole, such as municipalities. The other options are those of `quant.did`.
    draws : other assignments drawn; all are tried where there are no more than that.
    on_step : called with (done, assignments).

    The test needs no distribution of errors and holds with few treated clusters, if any clusters might as
    well have been treated; where they differ much in size, the statistic is the safer of the two.
    Raises EffectError as `did`, and if a cluster holds treated units and others.
    Source: MacKinnon & Webb (2020), Journal of Econometrics 218: 435-450;
    docs/methods/subgroups_and_placebos.md
    """
    request = effect_request(
        outcome=outcome,
        unit=unit,
        time=time,
        treated=treated,
        start=start,
        base=base,
        cluster=cluster,
        covariates=covariates,
        absorb=absorb,
        weights=weights,
        fixed_effects=fixed_effects,
        vcov="cluster",
        dof="xtreg",
    )
    source = effect_source(panel, request)
    periods, begun = source.periods, common_start(source)
    cells = source.cells(range(len(periods)))
    real = _treated_clusters(cells, cluster)
    everywhere = replace(cells, ever=np.ones(len(cells), dtype=bool))
    effect = Effect("effect", tuple(range(begun, len(periods))), "post", "pooled")
    products = _products(everywhere, effect_columns(everywhere, [effect], len(periods)))
    assigned, exact = _assignments(real, draws, seed)
    found = []
    for first in range(0, len(assigned), _BATCH):
        found.append(_estimates(products, assigned[first : first + _BATCH].astype(float)))
        if on_step is not None:
            on_step(min(first + _BATCH, len(assigned)), len(assigned))
    tried = pd.DataFrame(np.vstack(found), columns=["estimate", "statistic"])
    # The other half of the clusters has the same effect with the other sign.
    attainable = (2 if exact and 2 * real.sum() == len(real) else 1) / len(tried)
    return RandomisationTest(
        outcome=outcome,
        estimate=float(tried["estimate"].iloc[0]),
        statistic=float(tried["statistic"].iloc[0]),
        p_value=_share(tried["statistic"]),
        p_value_estimate=_share(tried["estimate"]),
        assignments=tried,
        exact=exact,
        attainable_p=attainable,
        clusters=len(real),
        treated_clusters=int(real.sum()),
        seed=seed,
        notes=_notes(len(tried), attainable) if exact else (),
    )


def _treated_clusters(cells: Cells, cluster: str) -> Drawn:
    """(G,) which clusters are treated."""
    assert cells.clusters is not None
    treated = np.bincount(cells.clusters, cells.n * cells.ever)
    rows = np.bincount(cells.clusters, cells.n)
    mixed = (treated > 0) & (treated < rows)
    if mixed.any():
        example = cells.cluster_labels[int(np.argmax(mixed))]
        raise EffectError(
            "{found} cluster(s) of '{cluster}', such as {example}, hold treated units and others; "
            "randomisation inference needs clusters that are treated as a whole",
            reason="randomisation_mixed_clusters",
            found=int(mixed.sum()),
            cluster=cluster,
            example=example,
        )
    real: Drawn = treated > 0
    return real


def _assignments(real: Drawn, draws: int, seed: int) -> tuple[Drawn, bool]:
    """(assignments, G), the real one first: all there are, or the real one and as many draws."""
    clusters, treated = len(real), int(real.sum())
    if comb(clusters, treated) <= draws:
        others = []
        for chosen in combinations(range(clusters), treated):
            assignment = np.zeros(clusters, dtype=bool)
            assignment[list(chosen)] = True
            if not np.array_equal(assignment, real):
                others.append(assignment)
        return np.vstack([real, *others]), True
    rng = np.random.default_rng(seed)
    drawn = rng.permuted(np.tile(real, (draws, 1)), axis=1)
    return np.vstack([real, drawn]), False


def _products(cells: Cells, columns: Columns) -> _ClusterProducts:
    assert cells.clusters is not None
    clusters, k = int(cells.clusters.max()) + 1, len(columns.terms)
    whole = np.zeros((clusters, k + 1, k + 1))
    for rows in blocks(cells):
        n = cells.n[rows]
        x = within_groups(columns.build(cells, rows), n, cells, rows)
        wide = np.column_stack([x, cells.moved[rows] / n]) * np.sqrt(n)[:, None]
        codes = cells.clusters[rows]
        first = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
        for start, stop in zip(first, np.r_[first[1:], len(codes)], strict=True):
            part = wide[start:stop]
            whole[codes[start]] += part.T @ part
    # Without unit effects the dummy of the treated stands before the effect and moves with it.
    moving = [columns.first_effect - 1] if columns.constant else []
    moving = [*moving, columns.first_effect]
    fixed = [place for place in range(k) if place not in moving]
    return _ClusterProducts(
        fixed=whole[:, fixed][:, :, fixed],
        crossed=whole[:, moving][:, :, fixed],
        moving=whole[:, moving][:, :, moving],
        fixed_y=whole[:, fixed, k],
        moving_y=whole[:, moving, k],
        effect=len(moving) - 1,
    )


def _estimates(of: _ClusterProducts, assigned: Array) -> Array:
    """(assignments, 2) estimate and statistic, the other columns partialled out once for all.

    assigned : (assignments, G) of 0 and 1.
    """
    solve_fixed = np.linalg.pinv(of.fixed.sum(axis=0), rcond=_SAME, hermitian=True)
    crossed = np.einsum("ag,gmf->amf", assigned, of.crossed)
    onto = crossed @ solve_fixed  # coefficients of the moving columns on the fixed ones
    inner = np.einsum("ag,gmn->amn", assigned, of.moving) - onto @ crossed.transpose(0, 2, 1)
    fixed_y = of.fixed_y.sum(axis=0)
    target = assigned @ of.moving_y - onto @ fixed_y
    bread = np.linalg.pinv(inner, rcond=_SAME, hermitian=True)
    moving = np.einsum("amn,an->am", bread, target)
    fixed = (fixed_y - np.einsum("amf,am->af", crossed, moving)) @ solve_fixed
    # Scores of each cluster: (G, assignments, columns).
    own = (
        of.moving_y[:, None]
        - np.einsum("gmn,an->gam", of.moving, moving)
        - np.einsum("gmf,af->gam", of.crossed, fixed)
    ) * assigned.T[:, :, None]
    others = (
        of.fixed_y[:, None]
        - np.einsum("gmf,am->gaf", of.crossed, moving) * assigned.T[:, :, None]
        - fixed @ of.fixed
    )
    scores = own - np.einsum("amf,gaf->gam", onto, others)
    parts = np.einsum("an,gan->ga", bread[:, of.effect], scores)
    error = np.sqrt((parts**2).sum(axis=0))
    estimate = moving[:, of.effect]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.column_stack([estimate, estimate / error])


def _share(values: pd.Series) -> float:
    sizes = values.abs().to_numpy()
    return float(np.mean(sizes >= sizes[0] * (1 - _SAME)))


def _notes(patterns: int, attainable: float) -> tuple[Note, ...]:
    if patterns >= FEW_PATTERNS:
        return ()
    return (
        Note(
            "there are only {patterns} ways to choose the treated clusters, so p cannot fall below "
            "{attainable}",
            reason="randomisation_few_patterns",
            patterns=patterns,
            attainable=round(attainable, 3),
        ),
    )
