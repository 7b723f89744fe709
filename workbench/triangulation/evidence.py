"""Numbers as evidence beside a theme: a score, a split between groups, an effect estimate.

Every item is read the same way: an interval against zero, where zero is the middle of the scale for a score,
no difference for a split, and no effect for an estimate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from coding_schemes.vocabulary import LevelId
from workbench.errors import InvalidRequestError
from workbench.i18n import Language, t
from workbench.i18n import label as in_language
from workbench.triangulation.links import LinkTarget, link_level
from workbench.triangulation.readings import (
    Z_95,
    EstimateReading,
    Good,
    classify_estimate,
    subgroup_difference,
)
from workbench.triangulation.wording import number

Relation = Literal["score", "split", "effect"]
# Why a number is shown but has no say in the verdict.
Aside = Literal["before", "part", "item", "other_group", "open", "level"]
ItemDirection = Literal["positive", "negative", "none", "not_positive", "not_negative", "inconclusive"]
# Smallest distance that counts on a scale: half a step on a scale from 1 to 7.
SESOI_SHARE_OF_SCALE = 1 / 12
_DIRECTIONS: Mapping[str, ItemDirection] = {
    "positive": "positive",
    "negative": "negative",
    "equivalent": "none",
    "not_positively_relevant": "not_positive",
    "not_negatively_relevant": "not_negative",
    "inconclusive": "inconclusive",
}
_MIRRORED: Mapping[ItemDirection, ItemDirection] = {
    "positive": "negative",
    "negative": "positive",
    "not_positive": "not_negative",
    "not_negative": "not_positive",
}


@dataclass(frozen=True)
class EvidenceValue:
    """One number of an evidence item.

    label : whose or what number, by language. value and std_error in the unit of the scale or outcome; the
    interval is 95 %; `stars` as published. None where not known.
    """

    value: float
    std_error: float | None = None
    n: int | None = None
    label: Mapping[str, str] = field(default_factory=dict)
    ci_low: float | None = None
    ci_high: float | None = None
    stars: str = ""

    def as_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self) | {"label": dict(self.label)}


@dataclass(frozen=True)
class EvidenceItem:
    """A number, or two and their difference, set beside a theme.

    values : one value for a score or an effect; both groups and their difference, in this order, for a split.
    reading : the interval against zero, None where no standard error is known.
    midpoint : middle of the scale for a score, else None.
    weighs : whether the item enters the proposed verdict, or is shown only.
    aside : why it is shown only: it lies before the programme, is part of a longer period, is an item of a
        factor that is shown too, belongs to the group that is there for comparison, concerns an outcome that
        is neither good nor bad as such, or its level allows no verdict. None where it weighs.
    ref : id of the estimate in the study, empty for scores.
    source, place : where the number comes from, and where in it.
    """

    target: LinkTarget
    label: Mapping[str, str]
    level: LevelId
    relation: Relation
    values: tuple[EvidenceValue, ...]
    reading: EstimateReading | None
    midpoint: float | None = None
    weighs: bool = True
    source: str = ""
    place: str = ""
    aside: Aside | None = None
    ref: str = ""

    @property
    def kind(self) -> str:
        """Kind of the target: factor, indicator, outcome, subgroup or estimate."""
        return self.target.kind

    @property
    def direction(self) -> ItemDirection:
        """Which way the number points, as better ("positive") or worse ("negative") for those concerned."""
        if self.reading is None:
            return "inconclusive"
        seen = _DIRECTIONS[self.reading.label]
        return _MIRRORED.get(seen, seen) if self.reading.good == "down" else seen

    def sentence(self, language: Language | None = None) -> str:
        """The item in one sentence: value, interval, reading."""
        if self.relation == "effect" and self.reading is not None:
            return self.reading.sentence(language)
        texts = {
            f"{name}_{number_}": text
            for number_, value in enumerate(self.values, start=1)
            for name, text in _value_texts(value, language).items()
        }
        if self.midpoint is not None:
            texts["midpoint"] = number(self.midpoint, 1, language)
        if self.reading is None:
            return t(f"triangulation.evidence.{self.relation}.bare", language=language, **texts)
        return t(f"triangulation.evidence.{self.relation}.{self.reading.label}", language=language, **texts)

    def as_dict(self, language: Language | None = None) -> dict[str, Any]:
        """All fields, direction and sentence as plain JSON values."""
        return {
            "target": str(self.target),
            "kind": self.kind,
            "label": in_language(self.label, language=language),
            "level": self.level,
            "relation": self.relation,
            "values": [value.as_dict() for value in self.values],
            "reading": self._reading_dict(language),
            "midpoint": self.midpoint,
            "direction": self.direction,
            "sentence": self.sentence(language),
            "weighs": self.weighs,
            "aside": self.aside,
            "estimate_id": self.ref or None,
            "source": self.source,
            "place": self.place,
        }

    def _reading_dict(self, language: Language | None) -> dict[str, Any] | None:
        """The reading without its sentence, which speaks of effects; `sentence` is the item's own."""
        if self.reading is None:
            return None
        return {name: value for name, value in self.reading.as_dict(language).items() if name != "sentence"}


def score_evidence(
    target: LinkTarget,
    *,
    label: Mapping[str, str],
    mean: float,
    scale_min: float,
    scale_max: float,
    std_error: float | None = None,
    n: int | None = None,
    level: LevelId = "construct",
    good: Good = "up",
    weighs: bool = True,
    aside: Aside | None = None,
    source: str = "",
    place: str = "",
) -> EvidenceItem:
    """A mean score, read against the middle of its scale.

    good : "up" if a high score is a resource, "down" if it is a burden, "open" if neither.
    aside : why it does not weigh, if it does not.

    Raises InvalidRequestError if the scale is empty or a number not finite.
    Source: docs/methods/triangulation.md
    """
    midpoint = (scale_min + scale_max) / 2
    reading = _scale_reading(mean - midpoint, std_error, scale_min, scale_max, good)
    value = _with_interval(EvidenceValue(mean, std_error, n))
    shown = _Shown(weighs, aside, source, place)
    return _item(target, label, level, "score", (value,), reading, shown, midpoint=midpoint)


def split_evidence(
    target: LinkTarget,
    *,
    label: Mapping[str, str],
    first: EvidenceValue,
    second: EvidenceValue,
    scale_min: float,
    scale_max: float,
    level: LevelId = "subgroup",
    good: Good = "up",
    weighs: bool = True,
    aside: Aside | None = None,
    source: str = "",
    place: str = "",
) -> EvidenceItem:
    """A score in two groups without common persons, read by the interval of first minus second.

    first, second : both with a label; without both standard errors the difference is shown but not read.

    Raises as `score_evidence`.
    """
    difference, std_error = first.value - second.value, None
    if first.std_error is not None and second.std_error is not None:
        std_error = subgroup_difference(
            first.value, first.std_error, second.value, second.std_error
        ).std_error
    reading = _scale_reading(difference, std_error, scale_min, scale_max, good)
    values = (
        _with_interval(first),
        _with_interval(second),
        _with_interval(EvidenceValue(difference, std_error)),
    )
    shown = _Shown(weighs, aside, source, place)
    return _item(target, label, level, "split", values, reading, shown)


def estimate_evidence(
    target: LinkTarget,
    *,
    label: Mapping[str, str],
    estimate: float,
    std_error: float | None,
    treated_mean: float | None = None,
    n: int | None = None,
    stars: str = "",
    sesoi: float | None = None,
    level: LevelId = "effect",
    good: Good = "up",
    weighs: bool = True,
    aside: Aside | None = None,
    source: str = "",
    place: str = "",
    ref: str = "",
) -> EvidenceItem:
    """An effect estimate, read as `classify_estimate` does.

    good : the way that is better for the outcome; an "open" outcome is shown but does not weigh.
    aside : why it does not weigh, if it does not.   ref : id of the estimate in the study.

    Raises as `classify_estimate`.
    """
    reading = None if std_error is None else classify_estimate(estimate, std_error, treated_mean, sesoi, good)
    value = _with_interval(EvidenceValue(estimate, std_error, n, stars=stars))
    shown = _Shown(weighs, aside or ("open" if good == "open" else None), source, place)
    return _item(target, label, level, "effect", (value,), reading, shown, ref=ref)


@dataclass(frozen=True)
class _Shown:
    """Whether an item weighs, why not, and where it comes from."""

    weighs: bool
    aside: Aside | None
    source: str
    place: str


def _item(
    target: LinkTarget,
    label: Mapping[str, str],
    level: LevelId,
    relation: Relation,
    values: tuple[EvidenceValue, ...],
    reading: EstimateReading | None,
    shown: _Shown,
    *,
    midpoint: float | None = None,
    ref: str = "",
) -> EvidenceItem:
    aside = shown.aside or (None if "verdict" in link_level(level).uses else "level")
    return EvidenceItem(
        target=target,
        label=label,
        level=level,
        relation=relation,
        values=values,
        reading=reading,
        midpoint=midpoint,
        weighs=shown.weighs and aside is None,
        source=shown.source,
        place=shown.place,
        aside=aside,
        ref=ref,
    )


def _scale_reading(
    distance: float, std_error: float | None, scale_min: float, scale_max: float, good: Good
) -> EstimateReading | None:
    if not scale_max > scale_min:
        raise InvalidRequestError(t("errors.scale_reversed", low=scale_min, high=scale_max))
    if std_error is None:
        return None
    sesoi = (scale_max - scale_min) * SESOI_SHARE_OF_SCALE
    return classify_estimate(distance, std_error, sesoi=sesoi, good=good)


def _with_interval(value: EvidenceValue) -> EvidenceValue:
    if value.std_error is None or math.isnan(value.std_error):
        return value
    return EvidenceValue(
        value=value.value,
        std_error=value.std_error,
        n=value.n,
        label=value.label,
        ci_low=value.value - Z_95 * value.std_error,
        ci_high=value.value + Z_95 * value.std_error,
        stars=value.stars,
    )


def _value_texts(value: EvidenceValue, language: Language | None) -> dict[str, str]:
    low, high = value.ci_low, value.ci_high
    return {
        "name": in_language(value.label, language=language),
        "value": number(value.value, 2, language),
        "low": "" if low is None else number(low, 2, language),
        "high": "" if high is None else number(high, 2, language),
    }
