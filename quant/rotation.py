"""Rotating loadings: varimax (raw unless Kaiser's normalisation is asked for), promax, oblimin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from quant.errors import FactorError

Array = NDArray[np.float64]
Rotation = Literal["varimax", "promax", "oblimin"]
PROMAX_POWER = 3
MAX_ITERATIONS = 10_000
NEAR_ENOUGH = 1e-6


@dataclass(frozen=True)
class Rotated:
    """loadings : (items, factors) pattern; correlations : (factors, factors), identity if orthogonal."""

    loadings: Array
    correlations: Array


def rotate(
    loadings: Array, rotation: Rotation | None, *, kaiser: bool = False, promax_power: float = PROMAX_POWER
) -> Rotated:
    """Rotate (items, factors) loadings.

    kaiser : normalise each item to communality 1 while rotating. Stata's `rotate` does not; SPSS and R do.
    promax_power : 3 as Stata's `rotate, promax`; R's `promax` takes 4.

    Source: docs/methods/factors.md
    """
    n_factors = loadings.shape[1]
    if rotation is None or n_factors < 2:
        return Rotated(loadings, np.eye(n_factors))
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True)) if kaiser else np.ones((loadings.shape[0], 1))
    lengths = np.where(lengths > 0, lengths, 1.0)
    if rotation == "promax":
        rotated = promax(loadings / lengths, promax_power)
    elif rotation == "oblimin":
        rotated = oblimin(loadings / lengths)
    else:
        rotated = Rotated(varimax(loadings / lengths), np.eye(n_factors))
    return Rotated(rotated.loadings * lengths, rotated.correlations)


def varimax(loadings: Array, *, tolerance: float = 1e-12) -> Array:
    """Raw varimax by planar rotations: each pair of factors is turned by Kaiser's closed-form angle.

    Iterates until a sweep turns no pair by more than `tolerance` radians, so that the digits which are
    printed do not depend on the stopping rule.
    Raises FactorError if it does not converge.
    Source: Kaiser (1958), Psychometrika 23: 187-200, without the row normalisation.
    """
    turned: Array = varimax_many(loadings[None], tolerance=tolerance)[0]
    return turned


def varimax_many(loadings: Array, *, tolerance: float = 1e-10) -> Array:
    """Raw varimax of (draws, items, factors) loadings at once: the same rotations as `varimax`, side by side.

    Raises FactorError if one of them does not converge.
    """
    turned = loadings.transpose(2, 0, 1).copy()  # (factors, draws, items): a factor's loadings lie together
    n_factors, _, n_items = turned.shape
    for _ in range(MAX_ITERATIONS):
        largest = 0.0
        for i in range(n_factors - 1):
            for j in range(i + 1, n_factors):
                x, y = turned[i], turned[j]
                u, v = x**2 - y**2, 2 * x * y
                u_sum, v_sum = u.sum(axis=1), v.sum(axis=1)
                numerator = 2 * ((u * v).sum(axis=1) - u_sum * v_sum / n_items)
                denominator = (u**2 - v**2).sum(axis=1) - (u_sum**2 - v_sum**2) / n_items
                angle = np.arctan2(numerator, denominator) / 4
                largest = max(largest, float(np.abs(angle).max()))
                cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
                turned[i], turned[j] = x * cosine + y * sine, y * cosine - x * sine
        if largest < tolerance:
            result: Array = turned.transpose(1, 2, 0)
            return result
    raise FactorError(
        "varimax did not converge in {sweeps} sweeps; ask for fewer factors",
        reason="varimax_not_settled",
        sweeps=MAX_ITERATIONS,
    )


def promax(loadings: Array, power: float = PROMAX_POWER) -> Rotated:
    """Varimax, then the oblique transformation nearest to the loadings raised to `power`.

    Source: Hendrickson & White (1964), British Journal of Statistical Psychology 17: 65-70.
    """
    start = varimax(loadings)
    target = start * np.abs(start) ** (power - 1)
    turn = np.linalg.lstsq(start, target, rcond=None)[0]
    turn = turn * np.sqrt(np.diag(np.linalg.inv(turn.T @ turn)))
    inverse = np.linalg.inv(turn)
    return Rotated(start @ turn, inverse @ inverse.T)


def oblimin(loadings: Array, *, tolerance: float = 1e-8) -> Rotated:
    """Direct oblimin with gamma 0 (quartimin), by gradient projection from the unrotated loadings.

    Stops where the projected gradient is under `tolerance` (R's GPArotation: 1e-5), or where the digits of
    the machine allow no further fall.
    Raises FactorError if it does not converge.
    Source: Jennrich (2002), Psychometrika 67: 7-19.
    """
    others = 1 - np.eye(loadings.shape[1])
    turn = np.eye(loadings.shape[1])
    step, pattern = 1.0, loadings
    value, slope = _quartimin(pattern, others)
    fall = np.inf
    for _ in range(MAX_ITERATIONS):
        gradient = -(pattern.T @ slope @ np.linalg.inv(turn)).T
        projected = gradient - turn * (turn * gradient).sum(axis=0)
        size = float(np.sqrt((projected**2).sum()))
        if size < tolerance or (size < NEAR_ENOUGH and fall < 1e-14 * value):
            return Rotated(loadings @ np.linalg.inv(turn).T, turn.T @ turn)
        step *= 2
        for _ in range(60):
            moved = turn - step * projected
            moved = moved / np.sqrt((moved**2).sum(axis=0))
            pattern = loadings @ np.linalg.inv(moved).T
            lower, slope = _quartimin(pattern, others)
            if lower <= value - 0.5 * size**2 * step:
                break
            step /= 2
        fall = value - lower
        turn, value = moved, lower
    raise FactorError(
        "oblimin did not converge in {steps} steps; ask for fewer factors",
        reason="oblimin_not_settled",
        steps=MAX_ITERATIONS,
    )


def _quartimin(pattern: Array, others: Array) -> tuple[float, Array]:
    """The criterion (products of squared loadings of different factors) and its gradient."""
    squared = pattern**2
    crossed = squared @ others
    return float((squared * crossed).sum() / 4), pattern * crossed
