"""Ordinal answers with a known factor structure, known means by group and known correlations.

For demonstrations, teaching and tests: what it makes is invented and must be said to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.errors import FactorError
from quant.instrument import Instrument

Array = NDArray[np.float64]
CALIBRATION_ROWS = 10_000
CALIBRATION_STEPS = 8
STD_DEV = 1.7
PAIR_CORRELATION = 0.35
LARGEST_CORRELATION = 0.985


@dataclass(frozen=True)
class Simulated:
    """answers : `group` and a column an item, whole numbers of the scale; latent : its normal scores."""

    answers: pd.DataFrame
    latent: pd.DataFrame


@dataclass(frozen=True)
class AnswerModel:
    """How answers arise: normal scores with `latent` correlations, shifted by group and cut at half points.

    centres : items x groups, location of the normal variable before it is rounded.
    target : the correlations that rounded answers of all groups together have.
    """

    items: tuple[str, ...]
    target: pd.DataFrame
    latent: pd.DataFrame
    centres: pd.DataFrame
    scale_min: Mapping[str, int]
    scale_max: Mapping[str, int]
    std_dev: float


def target_correlations(
    loadings: Sequence[pd.DataFrame],
    instrument: Instrument,
    *,
    between: pd.DataFrame | None = None,
    pair_correlation: float = PAIR_CORRELATION,
) -> pd.DataFrame:
    """Correlations of all items that follow from one or two blocks of orthogonal loadings.

    loadings : one frame (items x factors) a respondent. Within a block R = L L' + uniqueness.
    between : correlations of the factors of the first block (rows) with those of the second (columns); the
        blocks then correlate L1 between L2', plus `pair_correlation` of the unique parts of paired items.

    Raises FactorError if `between` is no possible set of correlations or a communality exceeds 1.
    """
    items = [str(i) for block in loadings for i in block.index]
    unique = np.concatenate([1 - (block.to_numpy() ** 2).sum(axis=1) for block in loadings])
    if unique.min() < 0:
        raise FactorError(
            "item {item!r} has a communality over 1; check its loadings",
            reason="communality_over_one",
            item=items[int(unique.argmin())],
        )
    pattern = _block_pattern(loadings)
    joint = np.eye(pattern.shape[1])
    if between is not None and len(loadings) == 2:
        first = loadings[0].shape[1]
        known = between.loc[list(loadings[0].columns), list(loadings[1].columns)].to_numpy()
        joint[:first, first:], joint[first:, :first] = known, known.T
    if np.linalg.eigvalsh(joint).min() < -1e-9:
        raise FactorError(
            "the correlations between the factors contradict each other; make them smaller",
            reason="correlations_contradict",
        )
    matrix = pattern @ joint @ pattern.T + np.diag(unique)
    for i, item in enumerate(items):
        pair = instrument.item(item).pair
        if pair in items:
            j = items.index(pair)
            matrix[i, j] += pair_correlation * np.sqrt(unique[i] * unique[j])
    return pd.DataFrame(matrix, index=items, columns=items)


def answer_model(
    target: pd.DataFrame,
    instrument: Instrument,
    *,
    means: pd.DataFrame,
    shares: Mapping[str, float],
    std_dev: float = STD_DEV,
    seed: int = 0,
) -> AnswerModel:
    """A model whose rounded answers have the correlations of `target` and the means of `means`.

    means : items x groups; shares : group -> share of persons, for the correlations of all groups together.

    Rounding to a few points weakens correlations and differing group means add to them. So the latent
    correlations are moved by (target - observed) until a large simulated sample has the target, and brought
    back to a possible correlation matrix after each step.
    Source: docs/methods/questionnaires.md (simulated answers)
    """
    items = [str(i) for i in target.index]
    lows = {i: instrument.item(i).scale_min for i in items}
    highs = {i: instrument.item(i).scale_max for i in items}
    centres = pd.DataFrame(
        {g: [_centre(float(means[g][i]), lows[i], highs[i], std_dev) for i in items] for g in shares},
        index=items,
    )
    groups = [g for g, share in shares.items() for _ in range(round(share * CALIBRATION_ROWS))]
    draws = np.random.default_rng(seed).standard_normal((len(groups), len(items)))
    wanted, latent = target.to_numpy(), target.to_numpy()
    for _ in range(CALIBRATION_STEPS):
        trial = AnswerModel(tuple(items), target, _square(latent, items), centres, lows, highs, std_dev)
        observed = np.corrcoef(_cut(trial, draws @ _root(latent).T, groups), rowvar=False)
        latent = _nearest_correlations(latent + wanted - observed)
    return AnswerModel(tuple(items), target, _square(latent, items), centres, lows, highs, std_dev)


def simulate_answers(
    model: AnswerModel,
    *,
    counts: Mapping[str, int],
    seed: int,
    previous: pd.DataFrame | None = None,
    stability: float = 0.6,
) -> Simulated:
    """Answers of `counts` persons a group.

    previous : latent scores of the same persons (same order) in the round before; the new ones correlate
        `stability` with them.
    Within a group the normal scores are given exactly mean 0, variance 1 and the model's correlations (where
    the group has over twice as many persons as items), so that means and correlations do not wander with the
    seed.
    """
    rng = np.random.default_rng(seed)
    groups = [g for g, n in counts.items() for _ in range(n)]
    root = _root(model.latent.to_numpy())
    parts, start = [], 0
    for n in counts.values():
        draws = rng.standard_normal((n, len(model.items)))
        if previous is not None:
            before = previous.to_numpy()[start : start + n] @ np.linalg.inv(root).T
            draws = stability * before + np.sqrt(1 - stability**2) * draws
        parts.append(_exact(draws) @ root.T)
        start += n
    scores = np.vstack(parts)
    answers = pd.DataFrame(_cut(model, scores, groups), columns=list(model.items)).astype(int)
    answers.insert(0, "group", groups)
    return Simulated(answers, pd.DataFrame(scores, columns=list(model.items)))


def _block_pattern(loadings: Sequence[pd.DataFrame]) -> Array:
    from scipy.linalg import block_diag

    return np.asarray(block_diag(*[block.to_numpy(dtype=float) for block in loadings]))


def _centre(mean: float, low: int, high: int, std_dev: float) -> float:
    """Location of a normal variable whose rounded value has this mean: E = low + sum of P(value > cut)."""
    from scipy.optimize import brentq
    from scipy.stats import norm

    cuts = np.arange(low, high) + 0.5
    if not low < mean < high:
        raise FactorError(
            "a mean of {mean} is not inside the scale {low}-{high}",
            reason="mean_off_scale",
            mean=mean,
            low=low,
            high=high,
        )
    reach = 10 * std_dev
    return float(
        brentq(lambda m: low + norm.cdf((m - cuts) / std_dev).sum() - mean, low - reach, high + reach)
    )


def _cut(model: AnswerModel, scores: Array, groups: Sequence[str]) -> Array:
    centres = model.centres.loc[:, list(dict.fromkeys(groups))]
    place = {g: n for n, g in enumerate(centres.columns)}
    shifted = centres.to_numpy().T[[place[g] for g in groups]] + model.std_dev * scores
    lows = np.array([model.scale_min[i] for i in model.items])
    highs = np.array([model.scale_max[i] for i in model.items])
    return np.clip(np.rint(shifted), lows, highs)


def _exact(draws: Array) -> Array:
    """Draws with mean 0 and identity covariance exactly."""
    n, p = draws.shape
    if n <= 2 * p:
        return draws
    centred = draws - draws.mean(axis=0)
    return np.asarray(centred @ np.linalg.inv(np.linalg.cholesky(centred.T @ centred / (n - 1))).T)


def _root(correlations: Array) -> Array:
    return np.asarray(np.linalg.cholesky(correlations))


def _nearest_correlations(matrix: Array) -> Array:
    """Symmetric, positive definite, unit diagonal; eigenvalues under a small bound are raised to it."""
    clipped = np.clip((matrix + matrix.T) / 2, -LARGEST_CORRELATION, LARGEST_CORRELATION)
    np.fill_diagonal(clipped, 1.0)
    values, vectors = np.linalg.eigh(clipped)
    raised = vectors @ np.diag(np.clip(values, 0.01, None)) @ vectors.T
    scale = np.sqrt(np.diag(raised))
    return np.asarray(raised / np.outer(scale, scale))


def _square(matrix: Array, items: list[str]) -> pd.DataFrame:
    return pd.DataFrame(matrix, index=items, columns=items)
