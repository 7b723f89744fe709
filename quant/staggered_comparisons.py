"""Effects by cohort and period from 2 x 2 comparisons, and how all of them vary together.

Units are rows of arrays here and periods are positions; names and refusals are in `quant.staggered`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from quant.regression_solver import sums_by
from quant.staggered_fits import ChangeFit, ChangeMethod, Trouble, fit_change

ControlUnits = Literal["never", "not_yet"]
BasePeriod = Literal["varying", "universal"]
LeftOut = Literal["no_units"] | Trouble
NEVER_TREATED = 2**30  # place of the start of units that are never treated, after every period
_BLOCK_NUMBERS = 16_000_000


@dataclass(frozen=True)
class Sample:
    """A panel as arrays, n units by T periods.

    outcome : (n, T), not a number where a unit has no row.
    cohort : (n,) place of the first treated period, NEVER_TREATED for none. Units that start at T or later
        are controls only.
    cluster : (n,) codes from 0, None where each unit is its own cluster.
    covariates : (n, T, k) on comparable scales; k may be 0.
    """

    outcome: np.ndarray
    cohort: np.ndarray
    cluster: np.ndarray | None
    covariates: np.ndarray

    @property
    def n_periods(self) -> int:
        """T."""
        return int(self.outcome.shape[1])

    @property
    def n_clusters(self) -> int:
        """Clusters of the errors."""
        return len(self.cohort) if self.cluster is None else int(self.cluster.max()) + 1

    def complete(self) -> bool:
        """Whether every unit has an outcome in every period."""
        return not bool(np.isnan(self.outcome).any())


@dataclass(frozen=True)
class Comparison:
    """One cohort's change from `base` to `period` against that of the control cohorts."""

    cohort: int
    period: int
    base: int
    controls: tuple[int, ...]

    @property
    def event_time(self) -> int:
        """Periods since the start; negative before it."""
        return self.period - self.cohort


@dataclass(frozen=True)
class GroupTimeEffects:
    """Effects of K comparisons of G cohorts.

    estimates, n_treated, n_controls : (K,).  treated_mean : (K,) mean outcome of the cohort in the period.
    cohorts, shares : (G,) positions of the starts, and the cohorts' shares of all units.
    covariance : (K + G, K + G) of the estimates, then of the shares.
    parts : (C, K + G, K + G) what a unit of each cohort (also of those never treated) adds to it on average.
    counts : (C,) units of each.
    together : (C, C) sum over clusters of products of their units by cohort, see `_Cohorts.together`.
    left_out : comparisons that could not be estimated, with the reason.
    """

    comparisons: tuple[Comparison, ...]
    estimates: np.ndarray
    covariance: np.ndarray = field(repr=False)
    parts: np.ndarray = field(repr=False)
    counts: np.ndarray = field(repr=False)
    together: np.ndarray = field(repr=False)
    cohorts: np.ndarray
    shares: np.ndarray
    n_treated: np.ndarray
    n_controls: np.ndarray
    treated_mean: np.ndarray
    left_out: tuple[tuple[Comparison, LeftOut], ...] = ()


def list_comparisons(
    cohorts: Sequence[int],
    n_periods: int,
    *,
    control: ControlUnits,
    base_period: BasePeriod,
    anticipation: int,
) -> list[Comparison]:
    """All comparisons that the cohorts admit, by cohort and period.

    cohorts : places of the starts that occur, NEVER_TREATED among them where units are never treated.

    From its start on a cohort is compared with its last period before start and anticipation. Before that,
    "varying" compares neighbouring periods, "universal" the same base. Not yet treated units are those that
    start more than `anticipation` periods after both periods of the comparison. A comparison without base or
    controls is not made.
    """
    made = []
    for cohort in sorted({each for each in cohorts if each < n_periods}):
        last = cohort - anticipation - 1
        for period in range(n_periods):
            base = last if base_period == "universal" or period >= cohort else period - 1
            if last < 0 or base < 0 or base == period:
                continue
            later = NEVER_TREATED - 1 if control == "never" else max(period, base) + anticipation
            controls = tuple(sorted(each for each in set(cohorts) if each > later and each != cohort))
            if controls:
                made.append(Comparison(cohort, period, base, controls))
    return made


def estimate_comparisons(
    sample: Sample, comparisons: Sequence[Comparison], method: ChangeMethod
) -> GroupTimeEffects:
    """Estimate the comparisons, each from the units that have outcome and covariates in its two periods.

    Without covariates and gaps, the moments of each cohort (with clusters: sums by cohort and cluster) are
    enough; both ways give the same numbers.
    """
    if sample.covariates.shape[2] == 0 and sample.complete():
        return from_moments(sample, comparisons)
    return from_units(sample, comparisons, method)


class _Cohorts:
    """Which cohort each unit belongs to, and the part of the shares in each unit's influence."""

    def __init__(self, sample: Sample) -> None:
        self.levels, self.place = np.unique(sample.cohort, return_inverse=True)
        self.counts = np.bincount(self.place)
        self.treated = self.levels[self.levels < sample.n_periods]
        self.all_shares = self.counts / len(sample.cohort)
        self.shares = self.all_shares[: len(self.treated)]
        own = self.levels[:, None] == self.treated[None, :]
        # (cohorts, G): influence of a unit of each cohort on the shares of the treated cohorts
        self.on_shares: np.ndarray = (own - self.shares[None, :]) / len(sample.cohort)

    def members(self, wanted: Sequence[Sequence[int]]) -> np.ndarray:
        """(cohorts, K) whether a cohort is among the wanted ones of each comparison."""
        return np.array([np.isin(self.levels, each) for each in wanted]).reshape(-1, len(self.levels)).T

    def together(self, cluster: np.ndarray | None) -> np.ndarray:
        """(cohorts, cohorts) sum over clusters of the products of their numbers of units by cohort.

        Squares of m clusters count m / (m - 1) times, as the cohort's own mean is estimated from them.
        """
        if cluster is None:
            return np.diag(self.counts * self.counts / np.maximum(self.counts - 1, 1))
        c = len(self.levels)
        units = np.bincount(cluster * c + self.place, minlength=(int(cluster.max()) + 1) * c).reshape(-1, c)
        product: np.ndarray = (units.T @ units).astype(float)
        own = (units > 0).sum(axis=0)
        product[np.diag_indices(c)] *= own / np.maximum(own - 1, 1)
        return product

    def total(self, parts: np.ndarray) -> np.ndarray:
        """Sum over units of what they add to the covariance."""
        total: np.ndarray = np.tensordot(self.counts, parts, axes=1)
        return total


def from_moments(sample: Sample, comparisons: Sequence[Comparison]) -> GroupTimeEffects:
    """Each unit's influence is linear in its outcomes, with loadings common to its cohort."""
    cohorts = _Cohorts(sample)
    treated = cohorts.members([[each.cohort] for each in comparisons])
    controls = cohorts.members([each.controls for each in comparisons])
    period = np.array([each.period for each in comparisons], dtype=int)
    base = np.array([each.base for each in comparisons], dtype=int)
    means = sums_by(cohorts.place, sample.outcome, len(cohorts.levels)) / cohorts.counts[:, None]
    changes = means[:, period] - means[:, base]
    n_treated = cohorts.counts @ treated
    n_controls = cohorts.counts @ controls
    of_treated = (changes * treated).sum(axis=0)
    of_controls = cohorts.counts @ (changes * controls) / n_controls
    scale = treated / n_treated - controls / n_controls
    offset = scale * (changes - np.where(treated, of_treated, of_controls))
    constants = np.hstack([offset, cohorts.on_shares])
    loadings = np.zeros((len(cohorts.levels), sample.n_periods, constants.shape[1]))
    columns = np.arange(len(comparisons))
    loadings[:, period, columns] += scale
    loadings[:, base, columns] -= scale
    parts = _parts(sample, cohorts, means, loadings, constants)
    return GroupTimeEffects(
        comparisons=tuple(comparisons),
        estimates=of_treated - of_controls,
        covariance=cohorts.total(parts)
        if sample.cluster is None
        else _over_clusters(sample, cohorts, means, loadings, constants),
        parts=parts,
        counts=cohorts.counts,
        together=cohorts.together(sample.cluster),
        cohorts=cohorts.treated,
        shares=cohorts.shares,
        n_treated=n_treated,
        n_controls=n_controls,
        treated_mean=(means[:, period] * treated).sum(axis=0),
    )


def _parts(
    sample: Sample, cohorts: _Cohorts, means: np.ndarray, loadings: np.ndarray, constants: np.ndarray
) -> np.ndarray:
    parts: np.ndarray = constants[:, :, None] * constants[:, None, :]
    order = np.argsort(cohorts.place, kind="stable")
    ends = np.cumsum(cohorts.counts)
    for place, (start, end) in enumerate(zip(ends - cohorts.counts, ends, strict=True)):
        centred = sample.outcome[order[start:end]] - means[place]
        parts[place] += loadings[place].T @ (centred.T @ centred) @ loadings[place] / cohorts.counts[place]
    return parts


def _over_clusters(
    sample: Sample, cohorts: _Cohorts, means: np.ndarray, loadings: np.ndarray, constants: np.ndarray
) -> np.ndarray:
    assert sample.cluster is not None
    cells, cell = np.unique(sample.cluster * len(cohorts.levels) + cohorts.place, return_inverse=True)
    cell_cluster, cell_cohort = np.divmod(cells, len(cohorts.levels))
    sizes = np.bincount(cell)
    sums = sums_by(cell, sample.outcome, len(cells)) - sizes[:, None] * means[cell_cohort]
    total = np.zeros((constants.shape[1], constants.shape[1]))
    for low, high in _blocks(cell_cluster, constants.shape[1]):
        clusters = cell_cluster[low:high] - cell_cluster[low]
        scores = np.zeros((int(clusters.max()) + 1, constants.shape[1]))
        for place in range(len(cohorts.levels)):
            own = np.flatnonzero(cell_cohort[low:high] == place)
            scores[clusters[own]] += sums[low + own] @ loadings[place]
            scores[clusters[own]] += sizes[low + own, None] * constants[place]
        total += scores.T @ scores
    covariance: np.ndarray = total
    return covariance


def from_units(sample: Sample, comparisons: Sequence[Comparison], method: ChangeMethod) -> GroupTimeEffects:
    """Fit each comparison, then add up the units' influences by cluster, a block of units at a time."""
    everybody = np.arange(len(sample.cohort))
    fits: list[tuple[Comparison, ChangeFit, int, float]] = []
    left_out: list[tuple[Comparison, LeftOut]] = []
    for each in comparisons:
        rows, treated, change, x = _compared(sample, each, everybody)
        if not treated.any() or treated.all():
            left_out.append((each, "no_units"))
            continue
        fit = fit_change(change, x, treated, method)
        if isinstance(fit, str):
            left_out.append((each, fit))
            continue
        mean = float(sample.outcome[rows[treated], each.period].mean())
        fits.append((each, fit, int((~treated).sum()), mean))
    cohorts = _Cohorts(sample)
    covariance, parts = _unit_covariance(sample, cohorts, [(each, fit) for each, fit, *_ in fits])
    return GroupTimeEffects(
        comparisons=tuple(each for each, *_ in fits),
        estimates=np.array([fit.estimate for _, fit, _, _ in fits]),
        covariance=covariance,
        parts=parts,
        counts=cohorts.counts,
        together=cohorts.together(sample.cluster),
        cohorts=cohorts.treated,
        shares=cohorts.shares,
        n_treated=np.array([int(fit.n_treated) for _, fit, _, _ in fits]),
        n_controls=np.array([n for _, _, n, _ in fits]),
        treated_mean=np.array([mean for *_, mean in fits]),
        left_out=tuple(left_out),
    )


def _unit_covariance(
    sample: Sample, cohorts: _Cohorts, fits: Sequence[tuple[Comparison, ChangeFit]]
) -> tuple[np.ndarray, np.ndarray]:
    """Covariance by clusters, and what a unit of each cohort adds on average."""
    width = len(fits) + len(cohorts.treated)
    clusters = np.arange(len(sample.cohort)) if sample.cluster is None else sample.cluster
    order = np.argsort(clusters, kind="stable")
    total = np.zeros((width, width))
    parts = np.zeros((len(cohorts.levels), width, width))
    for low, high in _blocks(clusters[order], width):
        block = order[low:high]
        influence = np.zeros((len(block), width))
        influence[:, len(fits) :] = cohorts.on_shares[cohorts.place[block]]
        for column, (each, fit) in enumerate(fits):
            rows, treated, change, x = _compared(sample, each, block)
            influence[rows, column] = fit.influence(change, x, treated)
        for place in range(len(cohorts.levels)):
            own = influence[cohorts.place[block] == place]
            parts[place] += own.T @ own / cohorts.counts[place]
        if sample.cluster is not None:
            starts = np.flatnonzero(np.diff(clusters[block], prepend=-1))
            scores = np.add.reduceat(influence, starts, axis=0)
            total += scores.T @ scores
    return (cohorts.total(parts) if sample.cluster is None else total), parts


def _compared(
    sample: Sample, comparison: Comparison, units: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Places among `units` of those compared, whether they are treated, their change, their covariates."""
    cohort = sample.cohort[units]
    treated = cohort == comparison.cohort
    change = sample.outcome[units, comparison.period] - sample.outcome[units, comparison.base]
    # Covariates may themselves respond to treatment: they are those of the earlier of the two periods.
    x = sample.covariates[units, min(comparison.period, comparison.base)]
    known = np.isfinite(change) & np.isfinite(x).all(axis=1)
    rows = np.flatnonzero((treated | np.isin(cohort, comparison.controls)) & known)
    constant = np.ones((len(rows), 1))
    return rows, treated[rows], change[rows], np.hstack([constant, x[rows]])


def _blocks(clusters: np.ndarray, width: int) -> Iterator[tuple[int, int]]:
    """Stretches of the sorted `clusters` that end where a cluster ends and keep the arrays small."""
    size = max(1, _BLOCK_NUMBERS // width)
    low = 0
    while low < len(clusters):
        last = clusters[min(low + size, len(clusters)) - 1]
        high = int(np.searchsorted(clusters, last, side="right"))
        yield low, high
        low = high
