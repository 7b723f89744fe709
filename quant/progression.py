"""How persons moved from one round to another: paired differences, effect sizes and exact tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from quant.answers import Answers
from quant.errors import AnswersError
from quant.exact import sign_test, wilcoxon_signed_rank
from quant.samples import Stage
from quant.scores import ScoreLevel, group_of_persons, mean_interval, scores

PROGRESSION_COLUMNS = (
    "name",
    "respondent",
    "group",
    "n",
    "mean_first",
    "mean_last",
    "change",
    "std_dev",
    "ci_low",
    "ci_high",
    "d_z",
    "d_av",
    "rank_biserial",
    "improved",
    "same",
    "worse",
    "sign_p",
    "wilcoxon_p",
    "clusters",
)


def progression(
    answers: Answers,
    by: str | None = None,
    *,
    level: ScoreLevel = "items",
    first: int | None = None,
    last: int | None = None,
    stage: Stage | None = None,
    cluster: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Change of every score between two rounds, of persons who have it in both.

    by : a background column; None is one group, "all".
    level : "items" or "dimensions" (see `scores`).
    first, last : the rounds; the first and the last there are if None.
    cluster : a background column (the caseworker) whose persons belong together: the interval of the change
        is cluster-robust, persons without it are left out. Effect sizes and tests do not change.

    Items where a low answer is good are turned, so that a positive change is an improvement.
    d_z = change / its standard deviation; d_av = change / the mean of the two rounds' standard deviations;
    rank_biserial, sign_p, wilcoxon_p: see `quant.exact`. improved, same and worse are counts of persons.

    Returns frame with `PROGRESSION_COLUMNS`. Raises AnswersError if there are no two rounds to compare.
    Source: docs/methods/descriptions.md
    """
    start, end = _rounds(answers, first, last)
    table = scores(answers, level, stage=stage)
    table = table[table["round"].isin([start, end])]
    pairs = table.pivot_table(index=["name", "respondent", "person"], columns="round", values="value")
    pairs = pairs.reindex(columns=[start, end]).dropna().reset_index()
    pairs["group"] = pairs["person"].map(group_of_persons(answers, by))
    if cluster is not None:
        pairs["cluster"] = pairs["person"].map(group_of_persons(answers, cluster))
    pairs = pairs.dropna(subset=["group"] + (["cluster"] if cluster is not None else []))
    rows = []
    parts = dict(iter(pairs.groupby(["name", "respondent"], sort=False)))
    for name, respondent in _order(answers, level):
        if (name, respondent) not in parts:
            continue
        for group, part in parts[(name, respondent)].groupby("group"):
            clusters = part["cluster"] if cluster is not None else None
            before, after = part[start].to_numpy(float), part[end].to_numpy(float)
            rows.append((name, respondent, str(group), *paired_change(before, after, clusters, confidence)))
    return pd.DataFrame(rows, columns=list(PROGRESSION_COLUMNS))


def paired_change(
    before: npt.NDArray[np.float64],
    after: npt.NDArray[np.float64],
    clusters: pd.Series[Any] | None = None,
    confidence: float = 0.95,
) -> tuple[Any, ...]:
    """The measures of `PROGRESSION_COLUMNS` from `n` on, of complete pairs."""
    change = np.round(after - before, 10)
    found = mean_interval(change, level=confidence, clusters=clusters)
    spread = np.nan
    if found.n > 1:
        spread = (float(before.std(ddof=1)) + float(after.std(ddof=1))) / 2
    signs, ranked = sign_test(change), wilcoxon_signed_rank(change)
    return (
        found.n,
        float(before.mean()),
        float(after.mean()),
        found.mean,
        found.std_dev,
        found.ci_low,
        found.ci_high,
        _ratio(found.mean, found.std_dev),
        _ratio(found.mean, spread),
        ranked.effect,
        int((change > 0).sum()),
        int((change == 0).sum()),
        int((change < 0).sum()),
        signs.p_value,
        ranked.p_value,
        found.clusters,
    )


def _rounds(answers: Answers, first: int | None, last: int | None) -> tuple[int, int]:
    known = answers.rounds()
    start = first if first is not None else (known[0] if known else 0)
    end = last if last is not None else (known[-1] if known else 0)
    if len(known) < 2 or start == end or not {start, end} <= set(known):
        raise AnswersError(
            "progression needs answers in two rounds (rounds with answers: {rounds}); import a later "
            "round or "
            "choose other rounds",
            reason="no_two_rounds",
            rounds=", ".join(map(str, known)) or "none",
        )
    return start, end


def _order(answers: Answers, level: ScoreLevel) -> list[tuple[str, str]]:
    names = [
        (item.id if level == "items" else item.dimension, respondent.id)
        for respondent in answers.instrument.respondents
        for item in answers.instrument.items
        if item.respondent == respondent.id
    ]
    return list(dict.fromkeys(names))


def _ratio(value: float, spread: float) -> float:
    return value / spread if spread and np.isfinite(spread) and spread > 0 else np.nan
