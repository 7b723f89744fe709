"""Indices: a person's mean over the items of a factor; and Cronbach's alpha of such items."""

from __future__ import annotations

import numpy as np
import pandas as pd

from quant.answers import Answers
from quant.errors import AnswersError
from quant.instrument import Instrument
from quant.samples import Stage
from quant.scores import good_values

INDEX_COLUMNS = ("person", "round", "factor", "value", "n_items")


def indices(
    answers: Answers,
    instrument: Instrument,
    solution: str,
    *,
    stage: Stage = "both_in_same_month",
    min_share: float = 1.0,
) -> pd.DataFrame:
    """Index of every person, round and named factor: the mean of the factor's items.

    min_share : share of the factor's items that must be answered (0-1); the default asks for all of them. An
        index that misses it is NaN, and its row stays, with the number of items answered.
    Items where a low answer is good are turned first.

    Returns frame person, round, factor, value, n_items.
    Raises InstrumentError if there is no such solution, AnswersError if `min_share` is outside 0-1.
    Source: docs/methods/factors.md
    """
    if not 0 <= min_share <= 1:
        raise AnswersError(
            "min_share is {share}; it is a share between 0 and 1", reason="bad_min_share", share=min_share
        )
    sample = answers.sample(stage)
    sample = sample.assign(value=good_values(sample, instrument))
    keys = sample[["person", "round"]].drop_duplicates()
    parts = []
    for factor in instrument.solution(solution):
        mine = (
            sample[sample["item"].isin(factor.items)]
            .groupby(["person", "round"])["value"]
            .agg(["mean", "count"])
        )
        part = keys.join(mine, on=["person", "round"])
        n_items = part["count"].fillna(0).astype(int)
        enough = n_items >= max(1, int(np.ceil(min_share * len(factor.items) - 1e-9)))
        parts.append(part.assign(factor=factor.id, value=part["mean"].where(enough), n_items=n_items))
    table = pd.concat(parts, ignore_index=True).loc[:, list(INDEX_COLUMNS)]
    return table.sort_values(["person", "round"], kind="stable", ignore_index=True)


def alpha(data: pd.DataFrame) -> float:
    """Cronbach's alpha of the columns: k / (k - 1) * (1 - sum of item variances / variance of the sum).

    data : (rows, items) numbers, rows with a missing item are left out.
    Raises AnswersError for under 2 items or rows, or if the sum does not vary.
    Source: Cronbach (1951), Psychometrika 16: 297-334.
    """
    complete = data.dropna()
    n, k = complete.shape
    if k < 2 or n < 2:
        raise AnswersError(
            "{items} item(s) and {rows} complete row(s); alpha needs 2 or more of both",
            reason="alpha_too_few",
            items=k,
            rows=n,
        )
    total = float(complete.sum(axis=1).var(ddof=1))
    if total == 0:
        raise AnswersError(
            "the sum of the items is the same in every row; alpha is undefined", reason="alpha_undefined"
        )
    return k / (k - 1) * (1 - float(complete.var(ddof=1).sum()) / total)
