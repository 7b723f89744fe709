"""Giving factors the names of a published or chosen solution, and comparing solutions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

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
    """Match each factor with the instrument's named factor that has most items in common; a name serves once.

    Returns one FactorName a factor, in the order of `result.loadings`.
    Raises InstrumentError if the instrument has no such solution.
    """
    assigned = result.assignment(cutoff)
    members = {factor: set(assigned.index[assigned == factor]) for factor in result.factors}
    named = {f.id: f for f in instrument.solution(solution)}
    pairs = sorted(
        (
            (_jaccard(members[factor], set(f.items)), factor, f.id)
            for factor in result.factors
            for f in named.values()
        ),
        key=lambda entry: (-entry[0], result.factors.index(entry[1])),
    )
    chosen: dict[str, tuple[str, float]] = {}
    for share, factor, name in pairs:
        if share > 0 and factor not in chosen and name not in {taken for taken, _ in chosen.values()}:
            chosen[factor] = (name, share)
    return tuple(
        _factor_name(factor, chosen.get(factor), members[factor], named) for factor in result.factors
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
    """The one-to-one pairing of factors (rows to columns) with the largest summed congruence.

    Solutions of up to 8 factors are searched exhaustively; larger ones greedily.
    """
    table = congruence if len(congruence) <= congruence.shape[1] else congruence.T
    size = table.abs().to_numpy()
    if table.shape[1] <= 8:
        columns = max(
            permutations(range(size.shape[1]), len(size)),
            key=lambda c: sum(size[i, j] for i, j in enumerate(c)),
        )
        pairs = {str(table.index[i]): str(table.columns[j]) for i, j in enumerate(columns)}
    else:
        pairs = _greedy(table)
    return pairs if table is congruence else {column: row for row, column in pairs.items()}


def _greedy(table: pd.DataFrame) -> dict[str, str]:
    size = table.abs().to_numpy(copy=True)
    pairs: dict[str, str] = {}
    for _ in range(len(table)):
        i, j = np.unravel_index(int(size.argmax()), size.shape)
        pairs[str(table.index[int(i)])] = str(table.columns[int(j)])
        size[int(i), :], size[:, int(j)] = -1.0, -1.0
    return pairs


def _jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def _factor_name(
    factor: str, choice: tuple[str, float] | None, members: set[str], named: dict[str, NamedFactor]
) -> FactorName:
    if choice is None:
        return FactorName(factor, None, {}, (), 0.0)
    match = named[choice[0]]
    shared = tuple(item for item in match.items if item in members)
    return FactorName(factor, match.id, match.label, shared, choice[1])
