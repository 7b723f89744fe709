"""What each cluster brings to an effect: its part in the error, and the estimate without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.effect_results import EffectResult, period_name
from quant.errors import EffectError
from quant.notes import Note
from quant.regression import Fit
from quant.regression_solver import independent_columns, meat, solve, sums_by

Array = NDArray[np.float64]
LEAVE_OUT_COLUMNS = (
    "cluster", "treated", "estimate", "std_error", "p_value", "ci_low", "ci_high", "change",
    "change_in_errors",
)  # fmt: skip

_NOTHING = 1e-12


@dataclass(frozen=True)
class LeaveOneOut:
    """An effect without each cluster in turn.

    target : the coefficient, or "average" of those from the start on.
    estimate, std_error, ci_low, ci_high : with all clusters.
    table : one row a cluster left out, the one that moves the estimate most first: whether it is treated,
        estimate, std_error, p_value and 95 % interval without it (not a number where nothing is left to
        estimate from), change of the estimate, and change in standard errors of the whole.
    """

    outcome: str
    target: str
    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    table: pd.DataFrame
    notes: tuple[Note, ...] = ()

    @property
    def range(self) -> tuple[float, float]:
        """The smallest and the largest estimate without one cluster."""
        return float(self.table["estimate"].min()), float(self.table["estimate"].max())

    @property
    def most_influential(self) -> Any:
        """The cluster without which the estimate changes most."""
        return self.table["cluster"].iloc[0]


def cluster_influence(result: EffectResult) -> pd.DataFrame:
    """What each cluster adds to the error of each coefficient, (clusters, coefficients).

    The sums of their products, times `result.fit.factor`, are the covariance of the coefficients; those of
    two results with common clusters are the covariance between the two.
    Raises EffectError if the errors are not clustered.
    """
    fit = _clustered(result)
    assert fit.clusters is not None
    terms = list(result.table["term"])
    scores = sums_by(fit.clusters, fit.x * (fit.residuals * fit.weights)[:, None], len(result.cluster_labels))
    return pd.DataFrame(
        scores @ fit.bread[:, : len(terms)],
        index=pd.Index(result.cluster_labels, name="cluster"),
        columns=terms,
    )


def leave_one_cluster_out(
    result: EffectResult, *, term: str | None = None, on_step: Callable[[int, int], None] | None = None
) -> LeaveOneOut:
    """The effect estimated again without each cluster in turn, such as each municipality.

    term : coefficient; None for the only one, or for the average of those from the start on.
    on_step : called with (done, clusters).

    The regression is solved again on what its fit keeps of every cluster, so no row is read again; errors are
    clustered, with the small-sample factor of one cluster fewer.
    Raises EffectError if the errors are not clustered, or the result has no such coefficient.
    Source: docs/methods/subgroups_and_placebos.md
    """
    from scipy.stats import t

    fit = _clustered(result)
    assert fit.clusters is not None
    name, weights = target_weights(result, term)
    labels = result.cluster_labels
    estimate = float(weights @ result.table["estimate"])
    error = float(np.sqrt(weights @ result.covariance.to_numpy() @ weights))
    reach = float(t.isf(0.025, result.df))
    moved = sums_by(fit.clusters, fit.x[:, : len(weights)] ** 2, len(labels)).sum(axis=1)
    treated = moved > _NOTHING * moved.max()
    rows = []
    for code, label in enumerate(labels):
        without, its_error = _without(fit, code, len(labels), weights)
        rows.append((label, bool(treated[code]), without, its_error))
        if on_step is not None:
            on_step(code + 1, len(labels))
    table = pd.DataFrame(rows, columns=list(LEAVE_OUT_COLUMNS[:4]))
    its_reach = float(t.isf(0.025, max(len(labels) - 2, 1)))
    table["p_value"] = 2 * t.sf(np.abs(table["estimate"] / table["std_error"]), max(len(labels) - 2, 1))
    table["ci_low"] = table["estimate"] - its_reach * table["std_error"]
    table["ci_high"] = table["estimate"] + its_reach * table["std_error"]
    table["change"] = table["estimate"] - estimate
    table["change_in_errors"] = table["change"] / error
    order = np.argsort(-table["change"].abs().fillna(np.inf).to_numpy(), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    low, high = estimate - reach * error, estimate + reach * error
    return LeaveOneOut(
        outcome=result.outcome,
        target=name,
        estimate=estimate,
        std_error=error,
        ci_low=low,
        ci_high=high,
        table=table,
        notes=_notes(table, estimate, (low, high)),
    )


def target_weights(result: EffectResult, term: str | None) -> tuple[str, Array]:
    """The coefficient asked for as weights of all: its own, or the average of those from the start on.

    Raises EffectError if there is no such coefficient.
    """
    terms, kinds = list(result.table["term"]), result.table["kind"].to_numpy()
    if term is not None and term not in terms:
        raise EffectError(
            "there is no coefficient {term}; name one of: {known}",
            reason="effect_unknown_term",
            term=repr(term),
            known=", ".join(terms),
        )
    chosen = kinds != "pre" if term is None else np.array([one == term for one in terms])
    if not chosen.any():
        raise EffectError(
            "the result has no coefficient after the start; there is no effect to judge",
            reason="effect_no_post_coefficients",
        )
    name = terms[int(np.argmax(chosen))] if chosen.sum() == 1 else "average"
    return name, chosen / chosen.sum()


def _clustered(result: EffectResult) -> Fit:
    if result.fit is None or result.fit.clusters is None or not result.cluster_labels:
        raise EffectError(
            "'{outcome}' was estimated without clustered errors, so there are no clusters to set apart; name "
            "a `cluster` in did or event_study",
            reason="leave_out_not_clustered",
            outcome=result.outcome,
        )
    return result.fit


def _without(fit: Fit, code: int, clusters: int, weights: Array) -> tuple[float, float]:
    """Estimate and error without one cluster; not a number where the effect is not identified any more."""
    assert fit.clusters is not None
    rows = fit.clusters != code
    x, y, w = fit.x[rows], fit.y[rows], fit.weights[rows]
    effects = len(weights)
    taken = [*range(effects, x.shape[1]), *range(effects)]
    kept = independent_columns(x, w, scale=np.linalg.norm(fit.x, axis=0), order=taken)
    asked = np.flatnonzero(weights)
    if not set(asked) <= set(kept) or clusters < 3:
        return float("nan"), float("nan")
    bread, coefficients = solve(x[:, kept], y, w)
    residuals = y - x[:, kept] @ coefficients
    factor = fit.factor * (clusters - 1) ** 2 / (clusters * (clusters - 2))
    middle = meat(x[:, kept], residuals, w, fit.clusters[rows], weight_power=2)
    direction = np.concatenate([weights, np.zeros(x.shape[1] - effects)])[kept]
    moved = bread @ direction
    return float(direction @ coefficients), float(np.sqrt(factor * moved @ middle @ moved))


def _notes(table: pd.DataFrame, estimate: float, interval: tuple[float, float]) -> tuple[Note, ...]:
    known = table.dropna(subset=["estimate"])
    notes = []
    if len(known) < len(table):
        notes.append(
            Note(
                "nothing is left to estimate from without: {clusters}",
                reason="leave_out_not_identified",
                clusters=", ".join(map(period_name, table.loc[table["estimate"].isna(), "cluster"])),
            )
        )
    excluded = interval[0] > 0 or interval[1] < 0
    still = (known["ci_low"] > 0) | (known["ci_high"] < 0)
    turned = known[(still != excluded) | (np.sign(known["estimate"]) != np.sign(estimate))]
    if len(turned):
        notes.append(
            Note(
                "the conclusion rests on single clusters: without {clusters} it is another",
                reason="leave_out_turns",
                clusters=", ".join(map(period_name, turned["cluster"].head(5))),
            )
        )
    return tuple(notes)
