"""Scales of answers, and simplified ones (faces for points) mapped by a rule that the instrument declares.

A mapped answer is marked wherever it is counted; how answers are stored is left to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from quant.errors import InstrumentError

Label = Mapping[str, str]
MappingRule = Literal["linear", "lookup"]
Drawn = Literal["numbers", "faces"]


@dataclass(frozen=True)
class Scale:
    """The words of a scale: its two poles, and labels of single points by the point's number as text."""

    id: str
    low: Label
    high: Label
    points: Mapping[str, Label] = field(default_factory=dict)


@dataclass(frozen=True)
class ScaleVariant:
    """A scale with fewer points that stands in for the instrument's own.

    rule : "linear" spreads the points evenly from the item's lowest to its highest answer; "lookup" takes
        the value from `values` (point as text -> answer on the instrument's scale).
    points : words of single points, by the point's number as text.
    respondents : who may answer on it; empty is everybody.
    drawn : what stands on paper and screen for a point.
    """

    id: str
    label: Label
    scale_min: int
    scale_max: int
    rule: MappingRule = "linear"
    values: Mapping[str, float] = field(default_factory=dict)
    points: Mapping[str, Label] = field(default_factory=dict)
    respondents: tuple[str, ...] = ()
    drawn: Drawn = "numbers"

    def allows(self, respondent: str) -> bool:
        """Whether that respondent may answer on this scale."""
        return not self.respondents or respondent in self.respondents

    def mapped(self, value: float, scale_min: int, scale_max: int) -> float:
        """The answer on the instrument's scale from `scale_min` to `scale_max`.

        Raises InstrumentError if `value` is no point of the variant.
        """
        if value != int(value) or not self.scale_min <= value <= self.scale_max:
            raise InstrumentError(
                "simplified scale {variant!r}: {value} is no point of its scale; "
                "use a whole number from {low} to {high}",
                reason="no_variant_point",
                variant=self.id,
                value=value,
                low=self.scale_min,
                high=self.scale_max,
            )
        if self.rule == "lookup":
            return float(self.values[str(int(value))])
        share = (value - self.scale_min) / (self.scale_max - self.scale_min)
        return scale_min + share * (scale_max - scale_min)

    def table(self, scale_min: int, scale_max: int) -> dict[int, float]:
        """Every point with its answer on the instrument's scale."""
        return {
            point: self.mapped(point, scale_min, scale_max)
            for point in range(self.scale_min, self.scale_max + 1)
        }


def check_scale(instrument: str, scale: Scale) -> None:
    """Raises InstrumentError if a point is no whole number."""
    for point in scale.points:
        if not point.lstrip("-").isdigit():
            raise InstrumentError(
                "instrument {instrument!r}, scale {scale!r}: point {point!r} is no whole number",
                reason="scale_point_no_number",
                instrument=instrument,
                scale=scale.id,
                point=point,
            )


def check_variant(instrument: str, variant: ScaleVariant, scales: set[tuple[int, int]]) -> None:
    """Raises InstrumentError if the variant does not fit the scales (lowest, highest) it stands in for."""
    if variant.scale_min >= variant.scale_max:
        raise InstrumentError(
            "instrument {instrument!r}, simplified scale {variant!r}: "
            "scale {low}-{high} must run from low to high",
            reason="variant_reversed",
            instrument=instrument,
            variant=variant.id,
            low=variant.scale_min,
            high=variant.scale_max,
        )
    if variant.rule not in ("linear", "lookup") or variant.drawn not in ("numbers", "faces"):
        raise InstrumentError(
            "instrument {instrument!r}, simplified scale {variant!r}: "
            "rule is {rule!r} (use linear or lookup) and drawn is {drawn!r} (use numbers or faces)",
            reason="variant_unknown_word",
            instrument=instrument,
            variant=variant.id,
            rule=variant.rule,
            drawn=variant.drawn,
        )
    if variant.rule == "lookup":
        _check_lookup(instrument, variant, scales)


def _check_lookup(instrument: str, variant: ScaleVariant, scales: set[tuple[int, int]]) -> None:
    points = [str(point) for point in range(variant.scale_min, variant.scale_max + 1)]
    if sorted(variant.values) != sorted(points):
        raise InstrumentError(
            "instrument {instrument!r}, simplified scale {variant!r}: "
            "values must name each of the points {points} once",
            reason="variant_lacks_values",
            instrument=instrument,
            variant=variant.id,
            points=", ".join(points),
        )
    answers = [variant.values[point] for point in points]
    if answers != sorted(set(answers)):
        raise InstrumentError(
            "instrument {instrument!r}, simplified scale {variant!r}: "
            "the values {values} must rise with the points",
            reason="variant_not_rising",
            instrument=instrument,
            variant=variant.id,
            values=", ".join(f"{answer:g}" for answer in answers),
        )
    for low, high in sorted(scales):
        if answers[0] < low or answers[-1] > high:
            raise InstrumentError(
                "instrument {instrument!r}, simplified scale {variant!r}: "
                "the values {values} leave the scale {low}-{high}",
                reason="variant_leaves_scale",
                instrument=instrument,
                variant=variant.id,
                values=", ".join(f"{answer:g}" for answer in answers),
                low=low,
                high=high,
            )
