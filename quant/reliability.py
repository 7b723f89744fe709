"""How far items that are added up measure one thing: alpha, omega, item-rest correlations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.errors import FactorError
from quant.extraction import extract, maximum_likelihood
from quant.factor_input import as_item_frame, check_correlations, check_sample, item_numbers
from quant.notes import Note
from quant.rotation import oblimin

Array = NDArray[np.float64]
ITEM_COLUMNS = ("item", "n", "mean", "std_dev", "item_rest", "alpha_without")
ITEMS_FOR_HIERARCHICAL = 9
GROUP_FACTORS = 3


@dataclass(frozen=True)
class Reliability:
    """Internal consistency of the sum (or mean) of the items.

    alpha : Cronbach's; ci_low, ci_high : Feldt's interval at `level`. standardised : of standardised items.
    omega : McDonald's total, of one factor by maximum likelihood; None under 3 items.
    omega_hierarchical : share of the sum that a general factor accounts for (Schmid-Leiman, three group
        factors); None under 9 items, or where no such solution is found.
    mean_correlation : average correlation between items.
    items : frame item, n, mean, std_dev, item_rest (correlation with the sum of the others), alpha_without.
    reversed_items : items that correlate negatively with the rest as they stand.
    """

    alpha: float
    ci_low: float
    ci_high: float
    level: float
    standardised: float
    omega: float | None
    omega_hierarchical: float | None
    mean_correlation: float
    items: pd.DataFrame
    n: int
    n_dropped: int
    reversed_items: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def reliability(data: Any, *, level: float = 0.95) -> Reliability:
    """Alpha with its interval, omega and what each item does, of the columns of `data`.

    data : (rows, items) numbers, items turned the same way; rows with a missing item are left out.

    Raises FactorError for under 2 items, too few rows, a constant or text column.
    Source: docs/methods/reliability.md
    """
    numbers = item_numbers(as_item_frame(data))
    if numbers.shape[1] < 2:
        raise FactorError(
            "{items} item(s); reliability needs 2 or more", reason="reliability_items", items=numbers.shape[1]
        )
    used = numbers.dropna()
    unanswered = numbers.isna().all() if len(numbers) else None
    check_sample(used, len(numbers), unanswered=unanswered, fewest_items=2)
    covariances = np.cov(used.to_numpy(), rowvar=False)
    scale = np.sqrt(np.diag(covariances))
    correlations = covariances / np.outer(scale, scale)
    n, k = used.shape
    value = alpha_of(covariances)
    low, high = feldt_interval(value, n, k, level)
    mean_correlation = float(correlations[np.triu_indices(k, 1)].mean())
    items = _items(used, covariances)
    against = tuple(items.loc[items["item_rest"] < 0, "item"])
    notes: list[Note] = []
    if against:
        notes.append(
            Note(
                "{items} go(es) against the rest; turn items where a low answer is good before adding up",
                reason="reversed_items",
                items=", ".join(against),
            )
        )
    omega, hierarchical = None, None
    if k >= 3:
        check_correlations(correlations, [str(c) for c in used.columns])
        omega = omega_total(covariances)
    if k >= ITEMS_FOR_HIERARCHICAL:
        hierarchical = omega_hierarchical(correlations)
    return Reliability(
        alpha=value,
        ci_low=low,
        ci_high=high,
        level=level,
        standardised=k * mean_correlation / (1 + (k - 1) * mean_correlation),
        omega=omega,
        omega_hierarchical=hierarchical,
        mean_correlation=mean_correlation,
        items=items,
        n=n,
        n_dropped=len(numbers) - n,
        reversed_items=against,
        notes=tuple(notes),
    )


def alpha_of(covariances: Array) -> float:
    """Cronbach's alpha: k / (k - 1) * (1 - sum of variances / variance of the sum).

    covariances : (items, items). Raises FactorError if the sum does not vary.
    Source: Cronbach (1951), Psychometrika 16: 297-334.
    """
    k, total = len(covariances), float(covariances.sum())
    if total <= 1e-12 * float(np.trace(covariances)):
        raise FactorError(
            "the sum of the items is the same in every row; alpha is undefined", reason="alpha_undefined"
        )
    return k / (k - 1) * (1 - float(np.trace(covariances)) / total)


def feldt_interval(value: float, n: int, k: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of alpha from n rows of k items, by the F distribution on n - 1 and (n - 1)(k - 1) degrees.

    Source: Feldt (1965), Psychometrika 30: 357-370.
    """
    from scipy.stats import f

    tail = (1 - level) / 2
    degrees = n - 1, (n - 1) * (k - 1)
    return (
        1 - (1 - value) * float(f.ppf(1 - tail, *degrees)),
        1 - (1 - value) * float(f.ppf(tail, *degrees)),
    )


def omega_total(covariances: Array) -> float:
    """McDonald's omega of one factor: (sum of loadings)^2 / ((sum of loadings)^2 + sum of uniquenesses).

    covariances : (items, items); the factor is found by maximum likelihood, loadings in the items' own units.
    Source: McDonald (1999), Test theory: a unified treatment, p. 89.
    """
    scale = np.sqrt(np.diag(covariances))
    found = maximum_likelihood(covariances / np.outer(scale, scale), 1)
    common = float((found.loadings[:, 0] * scale).sum()) ** 2
    unique = float(((1 - found.communalities) * scale**2).sum())
    return common / (common + unique)


def omega_hierarchical(correlations: Array) -> float | None:
    """Share of the variance of the sum that is due to a general factor above three group factors.

    Minimum residuals, oblimin, one factor of the factors' correlations, Schmid-Leiman: as R's psych::omega.
    None where the group factors do not correlate so that a general factor can be found.
    Source: Zinbarg, Revelle, Yovel & Li (2005), Psychometrika 70: 123-133.
    """
    try:
        groups = oblimin(extract(correlations, "minres", n_factors=GROUP_FACTORS).loadings)
        pattern, between = groups.loadings, groups.correlations
        turn = np.where(pattern.sum(axis=0) < 0, -1.0, 1.0)
        pattern, between = pattern * turn, between * np.outer(turn, turn)
        if between[np.triu_indices(GROUP_FACTORS, 1)].min() <= 0:
            return None
        higher = _one_factor_of_three(between)
    except FactorError:
        return None
    if higher.max() > 1:
        return None
    general = pattern @ higher
    return float(general.sum() ** 2 / correlations.sum())


def _one_factor_of_three(between: Array) -> Array:
    """Loadings on one factor that reproduce the three correlations exactly (r12 r13 / r23 and so on)."""
    r12, r13, r23 = between[0, 1], between[0, 2], between[1, 2]
    higher: Array = np.sqrt(np.array([r12 * r13 / r23, r12 * r23 / r13, r13 * r23 / r12]))
    return higher


def _items(used: pd.DataFrame, covariances: Array) -> pd.DataFrame:
    k = len(covariances)
    rows = []
    for place, name in enumerate(used.columns):
        others = [other for other in range(k) if other != place]
        rest = covariances[np.ix_(others, others)]
        with_rest = float(covariances[place, others].sum())
        rest_variance = float(rest.sum())
        item_rest = (
            with_rest / np.sqrt(covariances[place, place] * rest_variance)
            if rest_variance > 1e-12
            else float("nan")
        )
        without = alpha_of(rest) if k > 2 and rest_variance > 1e-12 else float("nan")
        mean, std_dev = float(used[name].mean()), float(np.sqrt(covariances[place, place]))
        rows.append((str(name), len(used), mean, std_dev, item_rest, without))
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))
