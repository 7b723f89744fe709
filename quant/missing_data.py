"""Who left what unanswered: by item, by pattern, by background; and Little's test of missing at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from quant.answers import Answers
from quant.errors import AnswersError
from quant.exact import wilson
from quant.samples import Stage
from quant.scores import group_of_persons

MISSING_COLUMNS = ("item", "respondent", "round", "group", "due", "missing", "share", "ci_low", "ci_high")
INCOMPLETE_COLUMNS = (
    "respondent",
    "round",
    "group",
    "due",
    "incomplete",
    "share",
    "ci_low",
    "ci_high",
    "items_mean",
)
PATTERN_COLUMNS = ("missing_items", "n_missing", "questionnaires", "share")
EM_TOLERANCE, MOST_EM_STEPS = 1e-10, 5000


@dataclass(frozen=True)
class McarTest:
    """Little's test: a low p value says that means differ by what is missing, so not by chance alone."""

    statistic: float
    df: int
    p_value: float
    patterns: int
    n: int


@dataclass(frozen=True)
class MissingPatterns:
    """Which items are missing together.

    frame : columns `PATTERN_COLUMNS`, the most frequent pattern first; `missing_items` is a tuple of ids.
    monotone : whether the items can be ordered so that who lacks one lacks all that follow.
    order : the items from least to most often missing.
    """

    frame: pd.DataFrame
    monotone: bool
    order: tuple[str, ...]
    n: int


def missing_by_item(answers: Answers, by: str | None = None, *, stage: Stage = "collected") -> pd.DataFrame:
    """Share of questionnaires that lack each item, with Wilson's interval, by round and group.

    Items that nobody answered are left out: the file did not hold them. `due` counts questionnaires.
    Returns frame with `MISSING_COLUMNS`.
    """
    sheets, sample = _sheets(answers, by, stage)
    due = sheets.groupby(["respondent", "round", "group"]).size()
    given = sample.groupby(["item", "round", "group"]).size()
    used = set(answers.frame["item"].unique())
    rows = []
    for item in answers.instrument.items:
        if item.id not in used:
            continue
        for key, n in due.items():
            respondent, number, group = cast(tuple[str, int, Any], key)
            if respondent != item.respondent:
                continue
            missing = int(n) - int(given.get((item.id, number, group), 0))
            rows.append(
                (item.id, respondent, int(number), str(group), int(n), missing, *_share(missing, int(n)))
            )
    return pd.DataFrame(rows, columns=list(MISSING_COLUMNS))


def incomplete_by_group(
    answers: Answers, by: str | None = None, *, stage: Stage = "collected"
) -> pd.DataFrame:
    """Share of questionnaires that lack one item or more, by respondent, round and group.

    `items_mean` is the mean number of items missing. Returns frame with `INCOMPLETE_COLUMNS`.
    """
    sheets, sample = _sheets(answers, by, stage)
    used = answers.frame["item"].unique()
    needed = {
        r.id: sum(item in used for item in answers.instrument.item_ids(r.id))
        for r in answers.instrument.respondents
    }
    keys = ["person", "respondent", "round"]
    counts = sample.groupby(keys).size().rename("given").reset_index()
    table = sheets.merge(counts, on=keys, how="left")
    table["lacking"] = table["respondent"].map(needed) - table["given"].fillna(0)
    rows = []
    for respondent in needed:
        for (number, group), part in _by_two(table[table["respondent"] == respondent], "round", "group"):
            n, incomplete = len(part), int((part["lacking"] > 0).sum())
            rows.append(
                (
                    respondent,
                    int(number),
                    str(group),
                    n,
                    incomplete,
                    *_share(incomplete, n),
                    float(part["lacking"].mean()),
                )
            )
    return pd.DataFrame(rows, columns=list(INCOMPLETE_COLUMNS))


def missing_patterns(data: pd.DataFrame) -> MissingPatterns:
    """Patterns of missing values of a frame with a column an item and a row a questionnaire."""
    lacking = data.isna()
    counts = lacking.value_counts()
    rows = []
    for pattern, n in counts.items():
        flags = pattern if isinstance(pattern, tuple) else (pattern,)
        items = tuple(str(name) for name, flag in zip(data.columns, flags, strict=True) if flag)
        rows.append((items, len(items), int(n), int(n) / len(data)))
    rows.sort(key=lambda row: (-row[2], row[1], row[0]))
    often = lacking.sum().sort_values(kind="stable")
    ordered = lacking[often.index].to_numpy()
    monotone = bool((ordered[:, 1:] >= ordered[:, :-1]).all()) if ordered.shape[1] > 1 else True
    return MissingPatterns(
        pd.DataFrame(rows, columns=list(PATTERN_COLUMNS)),
        monotone,
        tuple(str(name) for name in often.index),
        len(data),
    )


def little_mcar(data: pd.DataFrame) -> McarTest:
    """Little's chi-squared test that values are missing completely at random.

    data : (n, items) numbers with missing values; rows without any value and items without any are left out.

    d2 = sum over patterns of n_j (mean_j - mu)' inv(Sigma) (mean_j - mu) over the items that the pattern
    has, with mu and Sigma from the EM algorithm of the multivariate normal (maximum likelihood, as R's
    naniar; Little's paper multiplies Sigma by n / (n - 1), which lowers d2 by one n-th). Its degrees of
    freedom are the sum of the items that the patterns have less the number of items.
    Raises AnswersError if nothing is missing, or the items that are left depend on each other.
    Source: Little (1988), Journal of the American Statistical Association 83: 1198-1202.
    """
    from scipy.stats import chi2

    table = data.astype(float).dropna(how="all").dropna(axis="columns", how="all")
    values = table.to_numpy()
    known = np.isfinite(values)
    n, k = values.shape
    patterns, member = np.unique(known, axis=0, return_inverse=True)
    member = np.ravel(member)
    if k < 2 or len(patterns) < 2:
        raise AnswersError(
            "there is one pattern of missing values in {rows} questionnaires; the test compares two or more",
            reason="one_missing_pattern",
            rows=n,
        )
    mean, covariance = _em(values, patterns, member)
    statistic = 0.0
    for place, has in enumerate(patterns):
        part = values[member == place][:, has]
        apart = part.mean(axis=0) - mean[has]
        statistic += len(part) * float(apart @ np.linalg.solve(covariance[np.ix_(has, has)], apart))
    df = int(patterns.sum()) - k
    return McarTest(statistic, df, float(chi2.sf(statistic, df)), len(patterns), n)


def _em(
    values: npt.NDArray[np.float64], patterns: npt.NDArray[np.bool_], member: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean and covariance (divided by n) of the multivariate normal, from standardised values."""
    middle, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    if (spread == 0).any():
        raise AnswersError(
            "an item has the same answer in every questionnaire; leave it out of the test",
            reason="mcar_constant",
        )
    scaled = (values - middle) / spread
    n, k = scaled.shape
    mean, covariance = np.zeros(k), np.eye(k)
    parts = [(has, scaled[member == place][:, has]) for place, has in enumerate(patterns)]
    try:
        for _ in range(MOST_EM_STEPS):
            total, products = np.zeros(k), np.zeros((k, k))
            for has, part in parts:
                filled = np.empty((len(part), k))
                filled[:, has] = part
                if not has.all():
                    slopes = np.linalg.solve(covariance[np.ix_(has, has)], covariance[np.ix_(has, ~has)])
                    filled[:, ~has] = mean[~has] + (part - mean[has]) @ slopes
                    left = covariance[np.ix_(~has, ~has)] - covariance[np.ix_(~has, has)] @ slopes
                    products[np.ix_(~has, ~has)] += len(part) * left
                total += filled.sum(axis=0)
                products += filled.T @ filled
            new_mean = total / n
            new_covariance = products / n - np.outer(new_mean, new_mean)
            moved = max(np.abs(new_mean - mean).max(), np.abs(new_covariance - covariance).max())
            mean, covariance = new_mean, new_covariance
            if moved < EM_TOLERANCE:
                break
        np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError as error:
        raise AnswersError(
            "the items depend on each other exactly; leave out an item that repeats others",
            reason="mcar_dependent",
        ) from error
    return mean * spread + middle, covariance * np.outer(spread, spread)


def _sheets(answers: Answers, by: str | None, stage: Stage) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Questionnaires of a stage and their answers, each with the person's group."""
    group = group_of_persons(answers, by)
    sheets = answers.samples[answers.samples[stage]]
    sheets = sheets.assign(group=sheets["person"].map(group)).dropna(subset=["group"])
    sample = answers.sample(stage)
    return sheets, sample.assign(group=sample["person"].map(group)).dropna(subset=["group"])


def _by_two(table: pd.DataFrame, first: str, second: str) -> list[tuple[tuple[Any, Any], pd.DataFrame]]:
    return [
        ((key[0], key[1]), part) for key, part in table.groupby([first, second]) if isinstance(key, tuple)
    ]


def _share(k: int, n: int) -> tuple[float, float, float]:
    return (k / n if n else np.nan, *wilson(k, n))
