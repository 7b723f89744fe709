"""Which terms of a design are estimated: what does not vary is refused, what others determine is omitted."""

from __future__ import annotations

import numpy as np

from quant.errors import RegressionError
from quant.regression_design import INTERCEPT, Design
from quant.regression_solver import independent_columns, largest_first


def check_varies(design: Design, y: np.ndarray, absorb: str | None) -> None:
    """Refuse an outcome that is the same in all rows, or in all rows of each absorbed group.

    y : (n,) outcome after absorption, with its grand mean.
    """
    size = np.abs(design.y).max()
    if np.ptp(y) > 1e-12 * size:
        return
    if absorb is not None and np.ptp(design.y) > 1e-12 * size:
        raise RegressionError(
            "the outcome '{outcome}' does not vary within the groups of '{absorb}'; absorb another column or "
            "none",
            reason="regression_constant_in_groups",
            outcome=design.outcome,
            absorb=absorb,
        )
    raise RegressionError(
        "the outcome '{outcome}' is the same in every row used; there is nothing to explain",
        reason="regression_constant_outcome",
        outcome=design.outcome,
    )


def estimated_columns(design: Design, x: np.ndarray, w: np.ndarray, *, absorbed: bool) -> list[int]:
    """Places of the columns that are estimated; of columns that determine each other Stata's choice stays.

    x : (n, k) design after absorption; w : (n,) weights.

    Among numbers alone `regress` keeps the larger; with categories or interactions, and before it absorbs,
    Stata takes the terms as they are written.
    """
    scale = _spread(design.x, w)
    if not absorbed:
        constant = bool(design.terms) and design.terms[0] == INTERCEPT
        by_size = constant and not design.factor_variables
        order = largest_first(x, w) if by_size else design.written
        return independent_columns(x, w, scale=scale, order=order)
    first = independent_columns(design.x, w, scale=scale, order=design.written)
    order = [first[place] for place in largest_first(x[:, first], w)]
    return independent_columns(x, w, scale=scale, order=order)


def _spread(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Length of each column about its mean before absorption, (k,); of a constant its own length."""
    centred = np.sqrt(w @ (x - np.average(x, axis=0, weights=w)) ** 2)
    own = np.sqrt(w @ x**2)
    spread: np.ndarray = np.where(centred > 1e-12 * np.maximum(own, 1e-300), centred, own)
    return spread
