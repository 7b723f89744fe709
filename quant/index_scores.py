"""Indices: a person's mean over the items of a factor or of any choice, its change, and Cronbach's alpha."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from quant.answers import Answers
from quant.errors import AnswersError
from quant.instrument import Instrument
from quant.samples import Stage
from quant.scores import good_values

INDEX_COLUMNS = ("person", "round", "factor", "value", "n_items")
CHANGE_COLUMNS = ("person", "factor", "first", "last", "change")


def indices(
    answers: Answers,
    instrument: Instrument,
    solution: str,
    *,
    stage: Stage = "both_in_same_month",
    min_share: float = 1.0,
) -> pd.DataFrame:
    """Index of every person, round and named factor of a solution: see `item_means`.

    Raises InstrumentError if there is no such solution, AnswersError if `min_share` is outside 0-1.
    """
    definitions = {factor.id: factor.items for factor in instrument.solution(solution)}
    return item_means(answers, instrument, definitions, stage=stage, min_share=min_share)


def item_means(
    answers: Answers,
    instrument: Instrument,
    definitions: Mapping[str, Sequence[str]],
    *,
    stage: Stage = "both_in_same_month",
    min_share: float = 1.0,
) -> pd.DataFrame:
    """Indices as means of chosen items, for every person and round.

    definitions : name of the index -> its items.
    min_share : share of the items that must be answered (0-1); the default asks for all of them. The mean is
        then that of the items answered, which is the prorated sum divided by the number of items. An index
        that misses it is NaN, and its row stays, with the number of items answered.
    Items where a low answer is good are turned first.

    Returns frame person, round, factor, value, n_items.
    Raises InstrumentError for an unknown item, AnswersError for an index without items or `min_share` outside
    0-1.
    Source: docs/methods/indices.md
    """
    if not 0 <= min_share <= 1:
        raise AnswersError(
            "min_share is {share}; it is a share between 0 and 1", reason="bad_min_share", share=min_share
        )
    _check_definitions(instrument, definitions)
    sample = answers.sample(stage)
    sample = sample.assign(value=good_values(sample, instrument))
    keys = sample[["person", "round"]].drop_duplicates()
    parts = []
    for name, items in definitions.items():
        mine = sample[sample["item"].isin(items)].groupby(["person", "round"])["value"].agg(["mean", "count"])
        part = keys.join(mine, on=["person", "round"])
        n_items = part["count"].fillna(0).astype(int)
        enough = n_items >= max(1, int(np.ceil(min_share * len(set(items)) - 1e-9)))
        parts.append(part.assign(factor=name, value=part["mean"].where(enough), n_items=n_items))
    table = pd.concat(parts, ignore_index=True).loc[:, list(INDEX_COLUMNS)]
    return table.sort_values(["person", "round"], kind="stable", ignore_index=True)


def index_changes(table: pd.DataFrame, *, first: int | None = None, last: int | None = None) -> pd.DataFrame:
    """Change of each index between two rounds, for persons who have it in both.

    table : from `indices` or `item_means`; first, last : the rounds; the first and last there are if None.

    Returns frame person, factor, first, last, change.
    Raises AnswersError if there are not two rounds, or one of those named has no index.
    """
    known = sorted(int(number) for number in table["round"].unique())
    start = first if first is not None else known[0] if known else 0
    end = last if last is not None else known[-1] if known else 0
    if start == end or start not in known or end not in known:
        raise AnswersError(
            "change from round {first} to {last}: two rounds with answers are needed (rounds: {known})",
            reason="no_two_rounds_of_index",
            first=start,
            last=end,
            known=", ".join(map(str, known)) or "-",
        )
    wide = table.pivot(index=["person", "factor"], columns="round", values="value")
    both = wide.loc[:, [start, end]].dropna().set_axis(["first", "last"], axis=1)
    order = {name: place for place, name in enumerate(dict.fromkeys(table["factor"]))}
    changed = both.assign(change=both["last"] - both["first"]).reset_index()
    changed = changed.sort_values("factor", key=lambda names: names.map(order), kind="stable")
    return changed.sort_values("person", kind="stable", ignore_index=True).loc[:, list(CHANGE_COLUMNS)]


def _check_definitions(instrument: Instrument, definitions: Mapping[str, Sequence[str]]) -> None:
    if not definitions:
        raise AnswersError("no index is defined; name one and its items", reason="no_index_defined")
    for name, items in definitions.items():
        if not items:
            raise AnswersError(
                "index {index!r} has no items; name one or more", reason="index_without_items", index=name
            )
        for item in items:
            instrument.item(item)


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
