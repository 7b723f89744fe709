"""Describing answers: means with intervals by round and group, and the star of one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from quant.answers import Answers
from quant.errors import AnswersError
from quant.instrument import Instrument, Item, Label
from quant.samples import Stage

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


@dataclass(frozen=True)
class StarAxis:
    """One axis of a star."""

    id: str
    label: Label


@dataclass(frozen=True)
class StarSeries:
    """One respondent in one round; `values` has one entry an axis, None where there is no answer."""

    respondent: str
    respondent_label: Label
    round: int
    date: pd.Timestamp | None
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class StarData:
    """The star (radar) of one person: axes, and a series a respondent and round."""

    person: str
    axes: tuple[StarAxis, ...]
    series: tuple[StarSeries, ...]
    scale_min: int
    scale_max: int


def indicator_means(
    answers: Answers, by: str | None = None, *, stage: Stage = "both_in_same_month", level: float = 0.95
) -> pd.DataFrame:
    """Mean of every item by round and group.

    by : a background column of `answers.persons`; None is one group, "all". Persons without it form no group.
    stage : which questionnaires count.

    Returns frame with `MEAN_COLUMNS`: the interval is mean +- t * std_dev / sqrt(n) (none for n under
    2), `missing` counts questionnaires of the stage that lack the item.
    Raises AnswersError if `by` is no background column.
    """
    sample = answers.sample(stage)
    group = _groups(answers, by)
    sample = sample.assign(group=sample["person"].map(group)).dropna(subset=["group"])
    sheets = answers.samples[answers.samples[stage]].assign(group=answers.samples["person"].map(group))
    expected = sheets.groupby(["respondent", "round", "group"]).size().to_dict()
    rows: list[tuple[Any, ...]] = []
    for item in answers.instrument.items:
        mine = sample[sample["item"] == item.id].groupby(["round", "group"])["value"]
        for (number, name), values in ((cast(tuple[int, Any], key), part) for key, part in mine):
            due = int(expected[(item.respondent, number, name)])
            rows.append(_mean_row(item, int(number), str(name), values, due, level))
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


def good_values(frame: pd.DataFrame, instrument: Instrument) -> pd.Series[float]:
    """Values of long answers with items of direction -1 turned (scale_min + scale_max - value)."""
    turned = {i.id: i.scale_min + i.scale_max for i in instrument.items if i.direction == -1}
    ends = frame["item"].map(turned).astype(float)  # of no answers at all, map makes a column of texts
    values: pd.Series[float] = frame["value"].where(ends.isna(), ends - frame["value"]).astype(float)
    return values


def _groups(answers: Answers, by: str | None) -> pd.Series[Any]:
    if by is None:
        return pd.Series("all", index=answers.persons.index)
    if by not in answers.persons.columns:
        known = ", ".join(str(c) for c in answers.persons.columns) or "none"
        raise AnswersError(
            "there is no background column {column!r} (columns: {columns})",
            reason="no_background_column",
            column=by,
            columns=known,
        )
    return answers.persons[by]


def _mean_row(
    item: Item, number: int, group: str, values: pd.Series[Any], expected: int, level: float
) -> tuple[Any, ...]:
    from scipy.stats import t

    n, mean = len(values), float(values.mean())
    std_dev = float(values.std(ddof=1)) if n > 1 else np.nan
    half = float(t.ppf(0.5 + level / 2, n - 1)) * std_dev / np.sqrt(n) if n > 1 else np.nan
    return item.id, item.respondent, number, group, n, mean, std_dev, mean - half, mean + half, expected - n


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
