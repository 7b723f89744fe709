"""Scores by person and round (items or dimensions), means with intervals, and hiding of small groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from quant.answers import Answers
from quant.errors import AnswersError
from quant.instrument import Instrument
from quant.samples import Stage

ScoreLevel = Literal["items", "dimensions"]
SCORE_COLUMNS = ("person", "round", "respondent", "name", "value")
GROUP_ALL = "all"
SUPPRESSED = "suppressed"
DIMENSION_MIN_SHARE = 0.5


@dataclass(frozen=True)
class MeanInterval:
    """A mean with its standard error and interval; nan where n or the number of clusters is under 2."""

    n: int
    mean: float
    std_dev: float
    std_error: float
    ci_low: float
    ci_high: float
    clusters: int | None = None


def paired_stage(instrument: Instrument) -> Stage:
    """The questionnaires that descriptions use: the paired ones where the instrument pairs respondents."""
    return "collected" if instrument.rules.pairing == "none" else "both_in_same_month"


def mean_interval(
    values: npt.ArrayLike, *, level: float = 0.95, clusters: Sequence[Any] | pd.Series[Any] | None = None
) -> MeanInterval:
    """Mean and t interval of values.

    clusters : (n,) which values belong together, such as a caseworker's; the standard error is then the
        cluster-robust one, G/(G-1) times the sum of squared cluster totals of residuals over n squared, with
        G - 1 degrees of freedom (what a regression on the constant alone gives in Stata and statsmodels).
        A value without a cluster is left out.
    """
    from scipy.stats import t

    given = np.asarray(values, dtype=float)
    kept = np.isfinite(given)
    if clusters is not None:
        kept &= pd.notna(np.asarray(clusters, dtype=object))
    found = given[kept]
    n = len(found)
    if n == 0:
        return MeanInterval(0, np.nan, np.nan, np.nan, np.nan, np.nan)
    mean = float(found.mean())
    std_dev = float(found.std(ddof=1)) if n > 1 else np.nan
    if clusters is None:
        error, df, count = std_dev / np.sqrt(n), n - 1, None
    else:
        totals = pd.Series(found - mean).groupby(np.asarray(clusters, dtype=object)[kept]).sum()
        count = len(totals)
        df = count - 1
        error = float(np.sqrt(count / df * (totals**2).sum()) / n) if df else np.nan
    half = float(t.ppf(0.5 + level / 2, df)) * error if df > 0 else np.nan
    return MeanInterval(n, mean, std_dev, float(error), mean - half, mean + half, count)


def group_of_persons(answers: Answers, by: str | None) -> pd.Series[Any]:
    """The group of each person (index `person`); "all" without a column. Raises AnswersError if unknown."""
    if by is None:
        return pd.Series(GROUP_ALL, index=answers.persons.index)
    if by not in answers.persons.columns:
        known = ", ".join(str(c) for c in answers.persons.columns) or "none"
        raise AnswersError(
            "there is no background column {column!r} (columns: {columns})",
            reason="no_background_column",
            column=by,
            columns=known,
        )
    return answers.persons[by]


def good_values(frame: pd.DataFrame, instrument: Instrument) -> pd.Series[float]:
    """Values of long answers with items of direction -1 turned (scale_min + scale_max - value)."""
    turned = {i.id: i.scale_min + i.scale_max for i in instrument.items if i.direction == -1}
    ends = frame["item"].map(turned).astype(float)  # of no answers at all, map makes a column of texts
    values: pd.Series[float] = frame["value"].where(ends.isna(), ends - frame["value"]).astype(float)
    return values


def scores(
    answers: Answers,
    level: ScoreLevel = "items",
    *,
    stage: Stage | None = None,
    items: Sequence[str] | None = None,
) -> pd.DataFrame:
    """A row a person, round, respondent and score, items where a low answer is good turned.

    level : "items", or "dimensions": the mean of a respondent's items on a dimension, of persons who answered
        half of them or more.
    items : only these items; all if None.

    Returns frame with `SCORE_COLUMNS`; `name` is an item or dimension id.
    """
    sample = answers.sample(stage or paired_stage(answers.instrument))
    sample = sample.assign(value=good_values(sample, answers.instrument))
    if items is not None:
        sample = sample[sample["item"].isin(list(items))]
    if level == "items":
        return sample.assign(name=sample["item"]).loc[:, list(SCORE_COLUMNS)].reset_index(drop=True)
    wanted = [i for i in answers.instrument.items if items is None or i.id in set(items)]
    due = pd.Series([(i.respondent, i.dimension) for i in wanted]).value_counts().to_dict()
    sample = sample.assign(
        name=sample["item"].map({i.id: i.dimension for i in wanted}),
        due=sample["item"].map({i.id: due[i.respondent, i.dimension] for i in wanted}),
    )
    by_score = sample.groupby(["person", "round", "respondent", "name"], sort=False)
    table = by_score.agg(value=("value", "mean"), given=("value", "count"), due=("due", "first"))
    kept = table[table["given"] >= table["due"] * DIMENSION_MIN_SHARE].reset_index()
    return kept.loc[:, list(SCORE_COLUMNS)]


def suppress_small(
    frame: pd.DataFrame,
    limit: int,
    *,
    keys: Sequence[str],
    hidden: Sequence[str],
    n: str = "n",
) -> pd.DataFrame:
    """`frame` with the numbers of groups under `limit` persons taken out.

    keys : columns that, together with `group`, name a cell: groups of the same keys can be compared with
        their total.
    hidden : columns emptied in a small cell (the count `n` is among them).

    Where just one group is small, the next smallest is hidden with it: else the total less the others would
    give it away. A column `suppressed` says which rows are emptied. Without groups (all are "all") only
    small ones are.
    """
    table = frame.copy()
    table[SUPPRESSED] = table[n] < limit
    for _, part in table.groupby(list(keys), sort=False):
        small = part[SUPPRESSED]
        if len(part) > 1 and int(small.sum()) == 1:
            table.loc[part.loc[~small, n].astype(float).idxmin(), SUPPRESSED] = True
    for column in dict.fromkeys([n, *hidden]):
        table[column] = table[column].astype(float).where(~table[SUPPRESSED])
    return table
