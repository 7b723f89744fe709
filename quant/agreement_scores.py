"""How far two respondents agree on the same thing: intraclass correlation, weighted kappa and bias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from quant.answers import Answers
from quant.errors import AnswersError
from quant.samples import Stage
from quant.scores import DIMENSION_MIN_SHARE, group_of_persons, mean_interval, scores

ICC_KINDS = ("icc1", "icc2", "icc3")
AGREEMENT_COLUMNS = (
    "name",
    "other",
    "kind",
    "round",
    "group",
    "n",
    "mean_a",
    "mean_b",
    "bias",
    "ci_low",
    "ci_high",
    "limit_low",
    "limit_high",
    "icc1",
    "icc1_low",
    "icc1_high",
    "icc2",
    "icc2_low",
    "icc2_high",
    "icc3",
    "icc3_low",
    "icc3_high",
    "kappa_linear",
    "kappa_quadratic",
    "kappa_low",
    "kappa_high",
    "same",
    "within_one",
)
Weights = Literal["linear", "quadratic"]


@dataclass(frozen=True)
class Icc:
    """Intraclass correlation of single ratings with its interval; nan where it is undefined."""

    kind: str
    value: float
    ci_low: float
    ci_high: float
    f: float
    df1: float
    df2: float
    p_value: float
    n: int


@dataclass(frozen=True)
class Kappa:
    """Weighted kappa with its large-sample standard error and interval; nan where it is undefined."""

    value: float
    std_error: float
    ci_low: float
    ci_high: float
    n: int


@dataclass(frozen=True)
class Bias:
    """Mean difference of two measures with its t interval, and the limits of agreement (mean +- 1.96 SD)."""

    n: int
    mean: float
    ci_low: float
    ci_high: float
    std_dev: float
    limit_low: float
    limit_high: float


def icc(ratings: npt.ArrayLike | pd.DataFrame, *, level: float = 0.95) -> dict[str, Icc]:
    """Single-rating intraclass correlations ICC(1,1), ICC(2,1) and ICC(3,1) under the keys icc1, icc2, icc3.

    ratings : (n_targets, n_raters); rows with a missing rating are left out.

    icc1 takes the raters of each target for drawn anew, icc2 the same raters for a sample of raters (absolute
    agreement), icc3 the same raters for all there are (consistency: a constant difference does not count).
    Raises AnswersError for fewer than 2 raters. Fewer than 3 targets, or none that differ: all values are
    nan.
    Sources: Shrout & Fleiss (1979), Psychological Bulletin 86: 420-428; intervals as R's psych::ICC prints
    them.
    """
    from scipy.stats import f as f_distribution

    table = np.asarray(ratings, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        raise AnswersError(
            "an intraclass correlation needs two raters or more as columns", reason="too_few_raters"
        )
    table = table[np.isfinite(table).all(axis=1)]
    n, k = table.shape
    if n < 3 or np.allclose(table.var(axis=0), 0) or np.isclose(table.var(), 0):
        return {kind: _undefined(kind, n) for kind in ICC_KINDS}
    grand = table.mean()
    between = k * ((table.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    within = ((table - table.mean(axis=1, keepdims=True)) ** 2).sum() / (n * (k - 1))
    judges = n * ((table.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    residual = (within * n * (k - 1) - judges * (k - 1)) / ((n - 1) * (k - 1))
    if np.isclose(residual, 0) or np.isclose(within, 0):
        return {kind: _perfect(kind, table, n) for kind in ICC_KINDS}
    tail = 0.5 + level / 2
    found: dict[str, Icc] = {}
    for kind, error, df2 in (
        ("icc1", within, float(n * (k - 1))),
        ("icc3", residual, float((n - 1) * (k - 1))),
    ):
        ratio, df1 = between / error, float(n - 1)
        low = ratio / f_distribution.ppf(tail, df1, df2)
        high = ratio * f_distribution.ppf(tail, df2, df1)
        found[kind] = Icc(
            kind,
            (between - error) / (between + (k - 1) * error),
            (low - 1) / (low + k - 1),
            (high - 1) / (high + k - 1),
            ratio,
            df1,
            df2,
            float(f_distribution.sf(ratio, df1, df2)),
            n,
        )
    value = (between - residual) / (between + (k - 1) * residual + k * (judges - residual) / n)
    ratio = judges / residual
    part = k * value * ratio + n * (1 + (k - 1) * value) - k * value
    df2 = ((k - 1) * (n - 1) * part**2) / (
        (n - 1) * k**2 * value**2 * ratio**2 + (n * (1 + (k - 1) * value) - k * value) ** 2
    )
    upper, lower = f_distribution.ppf(tail, n - 1, df2), f_distribution.ppf(tail, df2, n - 1)
    spread = k * judges + (k * n - k - n) * residual
    found["icc2"] = Icc(
        "icc2",
        value,
        n * (between - upper * residual) / (upper * spread + n * between),
        n * (lower * between - residual) / (spread + n * lower * between),
        between / residual,
        float(n - 1),
        float((n - 1) * (k - 1)),
        found["icc3"].p_value,
        n,
    )
    return {kind: found[kind] for kind in ICC_KINDS}


def weighted_kappa(
    x: npt.ArrayLike, y: npt.ArrayLike, *, categories: npt.ArrayLike, weights: Weights = "quadratic"
) -> Kappa:
    """Cohen's weighted kappa of two ratings on an ordered scale.

    x, y : (n,) ratings; pairs with a missing one are left out.
    categories : all points of the scale in order, used or not.
    weights : disagreement grows with the distance between the points, or with its square.

    nan where both always gave one and the same answer. Ratings between the points are rounded to the nearest.
    Sources: Cohen (1968), Psychological Bulletin 70: 213-220; standard error: Fleiss, Cohen & Everitt (1969).
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    points = np.asarray(categories, dtype=float)
    first, second = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    known = np.isfinite(first) & np.isfinite(second)
    places = [
        np.abs(rating[known, None] - points[None, :]).argmin(axis=1)
        if known.any()
        else np.array([], dtype=int)
        for rating in (first, second)
    ]
    n = int(known.sum())
    table = np.zeros((len(points), len(points)))
    np.add.at(table, (places[0], places[1]), 1)
    constant = n and table.max() == n and np.unravel_index(table.argmax(), table.shape)[0] == places[1][0]
    if n < 2 or constant:
        return Kappa(np.nan, np.nan, np.nan, np.nan, n)
    result = cohens_kappa(table, weights=points, wt=weights)
    return Kappa(
        float(result.kappa), float(result.std_kappa), float(result.kappa_low), float(result.kappa_upp), n
    )


def bias(x: npt.ArrayLike, y: npt.ArrayLike, *, level: float = 0.95) -> Bias:
    """Mean of `x - y` with its interval, and the limits between which 95 % of the differences are expected.

    Source: Bland & Altman (1986), Lancet i: 307-310.
    """
    found = mean_interval(np.asarray(x, dtype=float) - np.asarray(y, dtype=float), level=level)
    half = 1.959963984540054 * found.std_dev
    return Bias(
        found.n, found.mean, found.ci_low, found.ci_high, found.std_dev, found.mean - half, found.mean + half
    )


def agreement_by_pair(
    answers: Answers,
    by: str | None = None,
    *,
    stage: Stage | None = None,
    round: int | None = None,  # noqa: A002
) -> pd.DataFrame:
    """Agreement of two respondents about the same persons, by paired item and by dimension of paired items.

    by : a background column; None is one group, "all".   round : one round; every round by itself if None.

    A row a pair (kind "item") or dimension (kind "dimension": means of the paired items, of persons with
    half of them or more), round and group. `name` is the first respondent's item, `other` the second's; bias
    is first less second. Items where a low answer is good are turned. `same` and `within_one` are shares
    (0-1) of persons.
    Raises AnswersError if the instrument has no paired items.
    """
    pairs = [
        (item.id, item.pair)
        for item in answers.instrument.items
        if item.pair is not None and _first(answers, item.id)
    ]
    if not pairs:
        raise AnswersError(
            "instrument {instrument!r} has no paired items; agreement needs items of two respondents on the "
            "same thing",
            reason="no_pairs",
            instrument=answers.instrument.id,
        )
    table = scores(answers, "items", stage=stage)
    if round is not None:
        table = table[table["round"] == round]
    wide = table.pivot_table(index=["person", "round"], columns="name", values="value")
    wide = wide.reindex(columns=[item for pair in pairs for item in pair])
    group = pd.Series(wide.index.get_level_values("person"), index=wide.index).map(
        group_of_persons(answers, by)
    )
    rows = []
    for first, second in pairs:
        item = answers.instrument.item(first)
        points = np.arange(item.scale_min, item.scale_max + 1)
        both = pd.DataFrame({"a": wide[first], "b": wide[second], "group": group})
        rows += _rows(both, first, second, "item", points)
    for dimension in dict.fromkeys(answers.instrument.item(first).dimension for first, _ in pairs):
        mine = [pair for pair in pairs if answers.instrument.item(pair[0]).dimension == dimension]
        if len(mine) < 2:
            continue
        both = pd.DataFrame(
            {
                "a": _mean_of(wide[[a for a, _ in mine]]),
                "b": _mean_of(wide[[b for _, b in mine]]),
                "group": group,
            }
        )
        rows += _rows(both, dimension, dimension, "dimension", None)
    return pd.DataFrame(rows, columns=list(AGREEMENT_COLUMNS))


def _undefined(kind: str, n: int) -> Icc:
    return Icc(kind, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, n)


def _perfect(kind: str, table: npt.NDArray[np.float64], n: int) -> Icc:
    """Raters who differ by a constant at most: consistency is whole, agreement only without it."""
    whole = kind == "icc3" or bool(np.allclose(table, table[:, :1]))
    value = 1.0 if whole else np.nan
    return Icc(kind, value, value, value, np.inf, np.nan, np.nan, 0.0, n)


def _first(answers: Answers, item_id: str) -> bool:
    """Whether the item's respondent stands before its pair's in the instrument."""
    item = answers.instrument.item(item_id)
    order = [respondent.id for respondent in answers.instrument.respondents]
    other = answers.instrument.item(str(item.pair))
    return order.index(item.respondent) < order.index(other.respondent)


def _mean_of(items: pd.DataFrame) -> pd.Series[float]:
    enough = items.notna().sum(axis=1) >= DIMENSION_MIN_SHARE * items.shape[1]
    return items.mean(axis=1).where(enough)


def _rows(
    both: pd.DataFrame, name: str, other: str, kind: str, points: npt.NDArray[np.int_] | None
) -> list[tuple[Any, ...]]:
    complete = both.dropna().reset_index()
    return [
        (name, other, kind, int(str(number)), str(group), *_measures(part, points))
        for (number, group), part in (
            (key if isinstance(key, tuple) else (key, ""), part)
            for key, part in complete.groupby(["round", "group"])
        )
    ]


def _measures(part: pd.DataFrame, points: npt.NDArray[np.int_] | None) -> tuple[Any, ...]:
    a, b = part["a"].to_numpy(float), part["b"].to_numpy(float)
    difference, found = bias(a, b), icc(np.column_stack([a, b]))
    kappas: tuple[float, ...] = (np.nan,) * 4
    if points is not None:
        linear = weighted_kappa(a, b, categories=points, weights="linear")
        square = weighted_kappa(a, b, categories=points, weights="quadratic")
        kappas = (linear.value, square.value, square.ci_low, square.ci_high)
    correlations = [
        measure
        for kind in ICC_KINDS
        for measure in (found[kind].value, found[kind].ci_low, found[kind].ci_high)
    ]
    return (
        difference.n,
        float(a.mean()),
        float(b.mean()),
        difference.mean,
        difference.ci_low,
        difference.ci_high,
        difference.limit_low,
        difference.limit_high,
        *correlations,
        *kappas,
        float((np.abs(a - b) < 1e-9).mean()),
        float((np.abs(a - b) < 1 + 1e-9).mean()),
    )
