"""Giving factors the names of a published or chosen solution, and comparing solutions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from quant.errors import FactorError
from quant.factors import FactorResult
from quant.instrument import Instrument, Label, NamedFactor


@dataclass(frozen=True)
class FactorName:
    """factor : column of the result; name : id in the instrument, None where none shares an item with it.

    shared : items in both; share : shared items / items in either, 0-1.
    """

    factor: str
    name: str | None
    label: Label
    shared: tuple[str, ...]
    share: float


def name_factors(
    result: FactorResult, instrument: Instrument, solution: str, *, cutoff: float = 0.3
) -> tuple[FactorName, ...]:
    """Give each factor the name of the instrument's factor it is most congruent with; a name serves once.

    The named factor counts as loading 1 on its items and 0 on the others; names are given so that the summed
    congruence is largest, and only where the factor shares an item with it.

    Returns one FactorName a factor, in the order of `result.loadings`.
    Raises InstrumentError if the instrument has no such solution.
    """
    assigned = result.assignment(cutoff)
    members = {factor: set(assigned.index[assigned == factor]) for factor in result.factors}
    named = {f.id: f for f in instrument.solution(solution)}
    belongs = pd.DataFrame(
        {f.id: [float(item in f.items) for item in result.items] for f in named.values()},
        index=list(result.items),
    )
    belongs = belongs.loc[:, belongs.any()]
    if belongs.empty or not len(belongs.columns):
        return tuple(_factor_name(factor, None, members[factor], named) for factor in result.factors)
    likeness = tucker_congruence(result.loadings, belongs)
    shares = pd.DataFrame(
        {
            name: [bool(members[factor] & set(named[name].items)) for factor in result.factors]
            for name in map(str, belongs.columns)
        },
        index=list(result.factors),
    )
    chosen = best_match(likeness.where(shares, 0.0))
    return tuple(
        _factor_name(
            factor,
            chosen[factor] if factor in chosen and shares.loc[factor, chosen[factor]] else None,
            members[factor],
            named,
        )
        for factor in result.factors
    )


def tucker_congruence(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Tucker's coefficient of congruence between every factor of `a` and every factor of `b`.

    a, b : loadings, items as index; the items in both are compared.

    Returns frame, factors of `a` as index and of `b` as columns; values over .95 count as the same factor.
    Raises FactorError if fewer than 2 items are in both or a factor has only zero loadings.
    Source: Lorenzo-Seva & ten Berge (2006), Methodology 2: 57-64.
    """
    shared = [item for item in a.index if item in b.index]
    if len(shared) < 2:
        raise FactorError(
            "{n} item(s) in both solutions; congruence needs 2 or more",
            reason="too_few_shared",
            n=len(shared),
        )
    left, right = a.loc[shared].to_numpy(dtype=float), b.loc[shared].to_numpy(dtype=float)
    lengths = np.outer(np.sqrt((left**2).sum(axis=0)), np.sqrt((right**2).sum(axis=0)))
    if not lengths.all():
        raise FactorError(
            "a factor has no loading other than 0; leave it out of the comparison", reason="empty_factor"
        )
    return pd.DataFrame(left.T @ right / lengths, index=a.columns, columns=b.columns)


def best_match(congruence: pd.DataFrame) -> dict[str, str]:
    """The one-to-one pairing of factors (rows to columns) with the largest summed congruence, signs aside."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-congruence.abs().to_numpy())
    return {str(congruence.index[i]): str(congruence.columns[j]) for i, j in zip(rows, columns, strict=True)}


def _jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def _factor_name(
    factor: str, choice: str | None, members: set[str], named: dict[str, NamedFactor]
) -> FactorName:
    if choice is None:
        return FactorName(factor, None, {}, (), 0.0)
    match = named[choice]
    shared = tuple(item for item in match.items if item in members)
    return FactorName(factor, match.id, match.label, shared, _jaccard(members, set(match.items)))
