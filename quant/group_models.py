"""Multi-group confirmatory factor models by maximum likelihood: the arithmetic behind `quant.invariance`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from quant.errors import FactorError

Array = NDArray[np.float64]
Level = Literal["configural", "metric", "scalar", "strict"]
LEVELS: tuple[Level, ...] = ("configural", "metric", "scalar", "strict")
MAX_ITERATIONS = 3_000
SETTLED = 1e-4


@dataclass(frozen=True)
class GroupMoments:
    """n rows; mean : (items,); covariance : (items, items), with divisor n."""

    n: int
    mean: Array
    covariance: Array


@dataclass(frozen=True)
class GroupFit:
    """loadings, intercepts, uniqueness, factor_means : one array a group; chi2_by_group adds up to chi2."""

    chi2: float
    df: int
    chi2_by_group: tuple[float, ...]
    loadings: tuple[Array, ...]
    intercepts: tuple[Array, ...]
    uniqueness: tuple[Array, ...]
    factor_means: tuple[Array, ...]


@dataclass(frozen=True)
class _Layout:
    """Where each kind of parameter stands; `shared` kinds have one block for all groups."""

    pattern: NDArray[np.bool_]
    markers: NDArray[np.int64]
    groups: int
    level: Level

    @property
    def free(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places of the loadings that are estimated: all of the pattern but each factor's marker."""
        free = self.pattern.copy()
        free[self.markers, np.arange(len(self.markers))] = False
        rows, columns = np.nonzero(free)
        return rows, columns

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Kind of parameter -> (blocks, length of a block)."""
        p, k = self.pattern.shape
        step = LEVELS.index(self.level)
        return {
            "loadings": (1 if step >= 1 else self.groups, len(self.free[0])),
            "covariances": (self.groups, k * (k + 1) // 2),
            "uniqueness": (1 if step >= 3 else self.groups, p),
            "intercepts": (1 if step >= 2 else self.groups, p),
            "means": (self.groups - 1 if step >= 2 else 0, k),
        }

    def split(self, theta: Array) -> dict[str, Array]:
        """Kind of parameter -> (blocks, length)."""
        parts, at = {}, 0
        for kind, (blocks, length) in self.sizes().items():
            parts[kind] = theta[at : at + blocks * length].reshape(blocks, length)
            at += blocks * length
        return parts

    def count(self) -> int:
        """How many parameters there are."""
        return sum(blocks * length for blocks, length in self.sizes().values())


def fit_groups(groups: list[GroupMoments], pattern: NDArray[np.bool_], level: Level) -> GroupFit:
    """Fit one factor pattern to several groups, with parameters held equal as the level asks.

    pattern : (items, factors), True where an item loads. metric holds loadings equal; scalar intercepts too,
        and frees the factor means of all groups but the first; strict the uniquenesses too.

    Raises FactorError if the search does not settle.
    Source: docs/methods/invariance.md
    """
    from scipy.optimize import minimize

    layout = _Layout(pattern, _markers(groups, pattern), len(groups), level)
    # Standardised by the spread within groups, so that all parameters are of one size.
    scale = np.sqrt(sum(g.n * np.diag(g.covariance) for g in groups) / sum(g.n for g in groups))
    centre = groups[0].mean
    scaled = [
        GroupMoments(g.n, (g.mean - centre) / scale, g.covariance / np.outer(scale, scale)) for g in groups
    ]
    total = sum(g.n for g in groups)

    def objective(theta: Array) -> tuple[float, Array]:
        value, slope, _ = _discrepancy(theta, scaled, layout)
        return value / total, slope / total

    options = {"maxiter": MAX_ITERATIONS, "maxfun": 10 * MAX_ITERATIONS, "ftol": 1e-15, "gtol": 1e-9}
    best = minimize(objective, _start(scaled, layout), jac=True, method="L-BFGS-B", options=options)
    value, slope, by_group = _discrepancy(best.x, scaled, layout)
    if not np.isfinite(value) or float(np.abs(slope).max()) / total > SETTLED:
        raise FactorError(
            "the {level} model did not settle: groups are too small or items fit the factors badly; use "
            "fewer groups or factors",
            reason="groups_not_settled",
            level=level,
        )
    p = len(scale)
    parts = layout.split(best.x)
    df = len(groups) * (p * (p + 1) // 2 + p) - layout.count()
    loadings = [_loadings(layout, parts["loadings"], g) * scale[:, None] for g in range(len(groups))]
    means = [np.zeros(pattern.shape[1]), *parts["means"]] if len(parts["means"]) else []
    return GroupFit(
        chi2=value,
        df=df,
        chi2_by_group=by_group,
        loadings=tuple(loadings),
        intercepts=tuple(_block(parts["intercepts"], g) * scale + centre for g in range(len(groups))),
        uniqueness=tuple(np.exp(_block(parts["uniqueness"], g)) * scale**2 for g in range(len(groups))),
        factor_means=tuple(means),
    )


def independence_fit(groups: list[GroupMoments]) -> tuple[float, int]:
    """Chi-square and degrees of freedom of the model in which no items correlate, group by group."""
    p = len(groups[0].mean)
    chi2 = 0.0
    for group in groups:
        _, log_determinant = np.linalg.slogdet(group.covariance)
        chi2 += group.n * (float(np.log(np.diag(group.covariance)).sum()) - float(log_determinant))
    return chi2, len(groups) * p * (p - 1) // 2


def _markers(groups: list[GroupMoments], pattern: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The item that sets each factor's scale: the one that goes most with the other items of the factor."""
    pooled: Array = np.sum([g.n * g.covariance for g in groups], axis=0)
    scale = np.sqrt(np.diag(pooled))
    shared = np.abs(pooled / np.outer(scale, scale))
    chosen = []
    for factor in range(pattern.shape[1]):
        members = np.nonzero(pattern[:, factor])[0]
        strength = shared[np.ix_(members, members)].sum(axis=1)
        only_here = pattern[members].sum(axis=1) == 1
        chosen.append(members[int(np.argmax(np.where(only_here, strength, -1.0)))])
    return np.array(chosen, dtype=np.int64)


def _start(groups: list[GroupMoments], layout: _Layout) -> Array:
    p, k = layout.pattern.shape
    total = sum(g.n for g in groups)
    pooled: Array = np.sum([g.n * g.covariance for g in groups], axis=0) / total
    rows, columns = layout.free
    signs = np.where(pooled[rows, layout.markers[columns]] < 0, -1.0, 1.0)
    lower = np.tril_indices(k)
    blocks = {
        "loadings": signs,
        "covariances": np.where(lower[0] == lower[1], 0.7, 0.05),
        "uniqueness": np.full(p, np.log(0.5)),
        "intercepts": np.zeros(p),
        "means": np.zeros(k),
    }
    parts = []
    for kind, (count, _) in layout.sizes().items():
        for place in range(count):
            of_group = kind == "intercepts" and count == len(groups)
            parts.append(groups[place].mean if of_group else blocks[kind])
    return np.concatenate(parts) if parts else np.zeros(0)


def _block(blocks: Array, group: int) -> Array:
    block: Array = blocks[group if len(blocks) > 1 else 0]
    return block


def _loadings(layout: _Layout, blocks: Array, group: int) -> Array:
    matrix = np.zeros(layout.pattern.shape)
    matrix[layout.markers, np.arange(len(layout.markers))] = 1.0
    matrix[layout.free] = _block(blocks, group)
    return matrix


def _discrepancy(
    theta: Array, groups: list[GroupMoments], layout: _Layout
) -> tuple[float, Array, tuple[float, ...]]:
    """Likelihood-ratio chi-square, its gradient and its share by group."""
    parts = layout.split(theta)
    slopes = {kind: np.zeros_like(block) for kind, block in parts.items()}
    p, k = layout.pattern.shape
    lower = np.tril_indices(k)
    by_group = []
    for place, group in enumerate(groups):
        loadings = _loadings(layout, parts["loadings"], place)
        root = np.zeros((k, k))
        root[lower] = parts["covariances"][place]
        factors = root @ root.T
        uniqueness = np.exp(_block(parts["uniqueness"], place))
        shifted = bool(len(parts["means"])) and place > 0
        mean = parts["means"][place - 1] if shifted else np.zeros(k)
        apart = group.mean - _block(parts["intercepts"], place) - loadings @ mean
        implied = loadings @ factors @ loadings.T + np.diag(uniqueness)
        sign, log_implied = np.linalg.slogdet(implied)
        if sign <= 0 or not np.isfinite(log_implied):
            return np.inf, np.zeros_like(theta), ()
        inverse = np.linalg.inv(implied)
        _, log_observed = np.linalg.slogdet(group.covariance)
        observed = group.covariance + np.outer(apart, apart)
        value = log_implied - log_observed + float((observed * inverse).sum()) - p
        by_group.append(float(group.n * value))
        weight = inverse @ (implied - observed) @ inverse
        pull = inverse @ apart
        by_loading = 2 * weight @ loadings @ factors - 2 * np.outer(pull, mean)
        by_root = 2 * (loadings.T @ weight @ loadings) @ root
        for kind, slope in (
            ("loadings", by_loading[layout.free]),
            ("uniqueness", np.diag(weight) * uniqueness),
            ("intercepts", -2 * pull),
        ):
            slopes[kind][place if len(slopes[kind]) > 1 else 0] += group.n * slope
        slopes["covariances"][place] += group.n * by_root[lower]
        if shifted:
            slopes["means"][place - 1] += group.n * (-2 * loadings.T @ pull)
    gradient = np.concatenate([slopes[kind].ravel() for kind in parts])
    return float(sum(by_group)), gradient, tuple(by_group)
