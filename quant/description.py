"""Describing answers: means with intervals, ends of the scale, and the star of a person or a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

import pandas as pd

from quant.answers import Answers
from quant.errors import AnswersError
from quant.instrument import Instrument, Item
from quant.samples import Stage
from quant.scale_variants import Label
from quant.scores import good_values, group_of_persons, mean_interval, paired_stage

MEAN_COLUMNS = (
    "item",
    "respondent",
    "round",
    "group",
    "n",
    "mean",
    "std_dev",
    "ci_low",
    "ci_high",
    "missing",
)

END_COLUMNS = (
    "item",
    "respondent",
    "round",
    "group",
    "n",
    "floor",
    "share_floor",
    "ceiling",
    "share_ceiling",
    "flag",
)
END_SHARE = 0.15


@dataclass(frozen=True)
class StarAxis:
    """One axis of a star."""

    id: str
    label: Label


@dataclass(frozen=True)
class StarSeries:
    """One respondent in one round; `values` has one entry an axis, None where there is no answer.

    n : persons behind the values.
    """

    respondent: str
    respondent_label: Label
    round: int
    date: pd.Timestamp | None
    values: tuple[float | None, ...]
    n: int = 1


@dataclass(frozen=True)
class StarData:
    """The star (radar) of one person or of a group's means: axes, and a series a respondent and round.

    person : the person's id, or the name of the group.
    """

    person: str
    axes: tuple[StarAxis, ...]
    series: tuple[StarSeries, ...]
    scale_min: int
    scale_max: int


def indicator_means(
    answers: Answers,
    by: str | None = None,
    *,
    stage: Stage = "both_in_same_month",
    level: float = 0.95,
    cluster: str | None = None,
) -> pd.DataFrame:
    """Mean of every item by round and group.

    by : a background column of `answers.persons`; None is one group, "all". Persons without it form no group.
    stage : which questionnaires count.
    cluster : a background column (the caseworker) whose persons belong together: the interval is
        cluster-robust (see `mean_interval`), persons without it are left out.

    Returns frame with `MEAN_COLUMNS`: the interval is mean +- t * std_dev / sqrt(n) (none for n under 2),
    `missing` counts questionnaires of the stage that lack the item.
    Raises AnswersError if `by` is no background column.
    """
    sample = answers.sample(stage)
    group = group_of_persons(answers, by)
    sample = sample.assign(group=sample["person"].map(group)).dropna(subset=["group"])
    if cluster is not None:
        sample["cluster"] = sample["person"].map(group_of_persons(answers, cluster))
        sample = sample.dropna(subset=["cluster"])
        group = group[answers.persons[cluster].notna()]
    sheets = answers.samples[answers.samples[stage]].assign(group=answers.samples["person"].map(group))
    expected = sheets.groupby(["respondent", "round", "group"]).size().to_dict()
    rows: list[tuple[Any, ...]] = []
    for item in answers.instrument.items:
        mine = sample[sample["item"] == item.id].groupby(["round", "group"])
        for (number, name), part in ((cast(tuple[int, Any], key), found) for key, found in mine):
            due = int(expected[(item.respondent, number, name)])
            rows.append(_mean_row(item, int(number), str(name), part, due, level))
    return pd.DataFrame(rows, columns=list(MEAN_COLUMNS))


def star(
    answers: Answers, person: str, *, axes: Literal["dimensions", "pairs", "items"] = "dimensions"
) -> StarData:
    """The star of one person, from all answers collected.

    axes : "dimensions" (mean of the items of a dimension), "pairs" (items both respondents answered about the
        same thing) or "items". Items where a low answer is good are turned, so that outwards is always good.
    Raises AnswersError if the person gave no answer.
    """
    mine = answers.frame[answers.frame["person"] == str(person)]
    if mine.empty:
        raise AnswersError(
            "there are no answers about person {person!r}; choose one of answers.persons",
            reason="no_such_person",
            person=person,
        )
    groups = _axis_items(answers.instrument, axes)
    items = [item for members in groups.values() for item in members]
    turned = mine.assign(value=good_values(mine, answers.instrument))
    series = tuple(
        _series(part, answers.instrument, respondent.id, number, groups)
        for number in sorted(mine["round"].unique())
        for respondent in answers.instrument.respondents
        if not (part := turned[(turned["round"] == number) & (turned["respondent"] == respondent.id)]).empty
    )
    return StarData(
        person=str(person),
        axes=tuple(_axis(name, members, answers.instrument, axes) for name, members in groups.items()),
        series=series,
        scale_min=min(item.scale_min for item in items),
        scale_max=max(item.scale_max for item in items),
    )


def group_star(
    answers: Answers,
    column: str,
    value: str,
    *,
    axes: Literal["dimensions", "pairs", "items"] = "dimensions",
    limit: int = 1,
) -> StarData:
    """The star of a caseload, a municipality or any group: means over its persons, from all answers.

    column, value : a background column and what stands in it.   axes : as in `star`.
    limit : a respondent's round with fewer persons is left out.

    Each person counts once: an axis is the mean of the persons' own means.
    Raises AnswersError if there is no such group, or none of its rounds has `limit` persons.
    """
    belongs = group_of_persons(answers, column).astype(str) == str(value)
    persons = set(belongs.index[belongs])
    mine = answers.frame[answers.frame["person"].isin(persons)]
    groups = _axis_items(answers.instrument, axes)
    items = [item for members in groups.values() for item in members]
    series = []
    if not mine.empty:
        axis_of = {item.id: name for name, members in groups.items() for item in members}
        turned = mine.assign(value=good_values(mine, answers.instrument), axis=mine["item"].map(axis_of))
        own = (
            turned.dropna(subset=["axis"]).groupby(["round", "respondent", "person", "axis"])["value"].mean()
        )
        for number in sorted(int(r) for r in mine["round"].unique()):
            for respondent in answers.instrument.respondents:
                part = turned[(turned["round"] == number) & (turned["respondent"] == respondent.id)]
                n = part["person"].nunique()
                if n == 0 or n < limit:
                    continue
                by_axis = own.loc[number, respondent.id].groupby("axis").mean()
                values = tuple(float(by_axis[name]) if name in by_axis.index else None for name in groups)
                series.append(StarSeries(respondent.id, respondent.label, number, None, values, n))
    if not series:
        raise AnswersError(
            "{column} {value!r}: fewer than {limit} persons answered; choose another group",
            reason="group_too_small",
            column=column,
            value=value,
            limit=limit,
        )
    return StarData(
        person=str(value),
        axes=tuple(_axis(name, members, answers.instrument, axes) for name, members in groups.items()),
        series=tuple(series),
        scale_min=min(item.scale_min for item in items),
        scale_max=max(item.scale_max for item in items),
    )


def scale_ends(
    answers: Answers, by: str | None = None, *, stage: Stage | None = None, flagged_over: float = END_SHARE
) -> pd.DataFrame:
    """Share of answers at the bad and the good end of the scale of every item, by round and group.

    flagged_over : a share above this is a floor (bad end) or ceiling (good end) effect.

    Returns frame with `END_COLUMNS`; floor and ceiling are counts of answers, the shares stand 0-1.
    Source: Terwee et al. (2007), Journal of Clinical Epidemiology 60: 34-42 (15 %).
    """
    sample = answers.sample(stage or paired_stage(answers.instrument))
    sample = sample.assign(
        value=good_values(sample, answers.instrument),
        group=sample["person"].map(group_of_persons(answers, by)),
    ).dropna(subset=["group"])
    sample = sample.loc[:, ["item", "round", "group", "value"]]
    rows: list[tuple[Any, ...]] = []
    for item in answers.instrument.items:
        mine = sample[sample["item"] == item.id].groupby(["round", "group"])["value"]
        for (number, name), values in ((cast(tuple[int, Any], key), part) for key, part in mine):
            n, given = len(values), values.to_numpy()
            floor, ceiling = int((given == item.scale_min).sum()), int((given == item.scale_max).sum())
            flag = " ".join(
                word for word, k in (("floor", floor), ("ceiling", ceiling)) if k / n > flagged_over
            )
            head = (item.id, item.respondent, int(number), str(name), n)
            rows.append((*head, floor, floor / n, ceiling, ceiling / n, flag))
    return pd.DataFrame(rows, columns=list(END_COLUMNS))


def _mean_row(
    item: Item, number: int, group: str, part: pd.DataFrame, expected: int, level: float
) -> tuple[Any, ...]:
    clusters = part["cluster"] if "cluster" in part.columns else None
    found = mean_interval(part["value"], level=level, clusters=clusters)
    measures = (found.n, found.mean, found.std_dev, found.ci_low, found.ci_high, expected - found.n)
    return item.id, item.respondent, number, group, *measures


def _axis_items(instrument: Instrument, axes: str) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in instrument.items:
        if axes == "pairs":
            if item.pair is not None:
                groups.setdefault(item.id if item.pair not in groups else item.pair, []).append(item)
        else:
            groups.setdefault(item.dimension if axes == "dimensions" else item.id, []).append(item)
    if not groups:
        raise AnswersError(
            "instrument {instrument!r} has no {axes}; draw the star by items",
            reason="no_star_axes",
            instrument=instrument.id,
            axes=axes,
        )
    return groups


def _axis(name: str, members: list[Item], instrument: Instrument, axes: str) -> StarAxis:
    return StarAxis(name, instrument.dimension_label(name) if axes == "dimensions" else members[0].label)


def _series(
    part: pd.DataFrame, instrument: Instrument, respondent: str, number: int, groups: dict[str, list[Item]]
) -> StarSeries:
    by_item = part.set_index("item")["value"]
    values = []
    for members in groups.values():
        answered = by_item[[item.id for item in members if item.id in by_item.index]]
        values.append(float(answered.mean()) if len(answered) else None)
    dates = part["date"].dropna()
    label = instrument.respondent(respondent).label
    return StarSeries(respondent, label, int(number), dates.iloc[0] if len(dates) else None, tuple(values))
