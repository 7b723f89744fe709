"""What an estimate with its standard error allows one to say, and a difference between subgroups."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any, Literal

from workbench.errors import InvalidRequestError
from workbench.i18n import Language, t
from workbench.triangulation.wording import number

Z_95 = 1.96
SESOI_SHARE_OF_MEAN = 0.10
Label = Literal[
    "positive", "negative", "equivalent", "not_positively_relevant", "not_negatively_relevant", "inconclusive"
]
Good = Literal["up", "down", "open"]


@dataclass(frozen=True)
class EstimateReading:
    """How an estimate reads beside the smallest effect of interest.

    b, se : estimate and standard error, in the unit of the outcome.
    label : where the interval lies; "positive" is the sign of the number, not a judgement.
    ci : 95 % interval, b +- 1.96 se.
    ci_percent : the interval in percent of the treated mean, None without one.
    sesoi : smallest effect of interest, above 0; None if neither it nor a mean was given, in which case only
        positive, negative and inconclusive can be told apart.
    good : the way that is better for the outcome, "open" if neither is as such.
    better_direction : True if the whole interval lies on the better side of zero, False if on the worse side,
        None if it reaches over zero or `good` is "open".
    """

    b: float
    se: float
    label: Label
    ci: tuple[float, float]
    ci_percent: tuple[float, float] | None
    sesoi: float | None
    good: Good
    better_direction: bool | None

    def sentence(self, language: Language | None = None) -> str:
        """One sentence with interval and reading. It never claims that there is no effect."""
        digits = _digits(self.b, self.se)
        texts = {
            "b": number(self.b, digits, language),
            "low": number(self.ci[0], digits, language),
            "high": number(self.ci[1], digits, language),
            "sesoi": number(self.sesoi or 0.0, digits, language),
        }
        parts = [t("triangulation.reading.interval", language=language, **texts)]
        if self.ci_percent is not None:
            low, high = (number(end, 0, language, sign=True) for end in self.ci_percent)
            parts.append(t("triangulation.reading.percent", language=language, low=low, high=high))
        name = self.label if self.sesoi is not None or self.label != "inconclusive" else "inconclusive_bare"
        meaning = t(f"triangulation.reading.{name}", language=language, **texts)
        return f"{''.join(parts)}{meaning}{self._judgement(language)}."

    def _judgement(self, language: Language | None) -> str:
        if self.better_direction is None:
            return ""
        name = "better" if self.better_direction else "worse"
        return t(f"triangulation.reading.{name}", language=language)

    def as_dict(self, language: Language | None = None) -> dict[str, Any]:
        """All fields and the sentence as plain JSON values."""
        plain = asdict(self)
        plain["ci"] = list(self.ci)
        plain["ci_percent"] = None if self.ci_percent is None else list(self.ci_percent)
        return plain | {"sentence": self.sentence(language)}


@dataclass(frozen=True)
class Difference:
    """The difference between the estimates of two subgroups that share no person."""

    difference: float
    std_error: float
    z: float
    p_value: float
    ci: tuple[float, float]

    def as_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self) | {"ci": list(self.ci)}


def classify_estimate(
    b: float,
    se: float,
    mean: float | None = None,
    sesoi: float | None = None,
    good: Good = "up",
) -> EstimateReading:
    """How to read an estimate: by where its 95 % interval lies, never by its stars.

    b, se : estimate and standard error.
    mean : mean of the outcome among the treated; gives the percent and, without `sesoi`, the smallest effect
        of interest as 10 % of it.
    sesoi : smallest effect of interest, above 0.
    good : the way that is better for the outcome: "up", "down", or "open".

    Returns the reading; `lower > 0` positive, `upper < 0` negative, inside (-sesoi, sesoi) equivalent,
    `upper < sesoi` not positively relevant, `lower > -sesoi` not negatively relevant, else inconclusive.
    Raises InvalidRequestError if a number is not finite, `se` below 0, `sesoi` not above 0 or `good` unknown.
    Source: docs/methods/reading_estimates.md
    """
    _check(b, se, mean, sesoi, good)
    low, high = b - Z_95 * se, b + Z_95 * se
    smallest = sesoi if sesoi is not None else (SESOI_SHARE_OF_MEAN * abs(mean) if mean else None)
    percent = (100 * low / abs(mean), 100 * high / abs(mean)) if mean else None
    side = 1 if low > 0 else -1 if high < 0 else 0
    return EstimateReading(
        b=b,
        se=se,
        label=_label(low, high, smallest),
        ci=(low, high),
        ci_percent=percent,
        sesoi=smallest,
        good=good,
        better_direction=None if side == 0 or good == "open" else (side > 0) == (good == "up"),
    )


def subgroup_difference(b1: float, se1: float, b2: float, se2: float) -> Difference:
    """First estimate minus second, for subgroups without common persons; a difference in stars is no test.

    Returns difference, standard error, z, two-sided normal p and 95 % interval.
    Raises InvalidRequestError if a number is not finite or both standard errors are 0.
    Source: docs/methods/reading_estimates.md
    """
    _check(b1, se1, None, None, "up")
    _check(b2, se2, None, None, "up")
    std_error = math.hypot(se1, se2)
    if std_error == 0:
        raise InvalidRequestError(t("errors.no_std_errors"))
    difference = b1 - b2
    z = difference / std_error
    return Difference(
        difference=difference,
        std_error=std_error,
        z=z,
        p_value=2 * NormalDist().cdf(-abs(z)),
        ci=(difference - Z_95 * std_error, difference + Z_95 * std_error),
    )


def _label(low: float, high: float, smallest: float | None) -> Label:
    if low > 0:
        return "positive"
    if high < 0:
        return "negative"
    if smallest is None:
        return "inconclusive"
    if -smallest < low and high < smallest:
        return "equivalent"
    if high < smallest:
        return "not_positively_relevant"
    if low > -smallest:
        return "not_negatively_relevant"
    return "inconclusive"


def _check(b: float, se: float, mean: float | None, sesoi: float | None, good: str) -> None:
    for name, value in {"estimate": b, "standard error": se, "mean": mean, "sesoi": sesoi}.items():
        if value is not None and not math.isfinite(value):
            raise InvalidRequestError(t("errors.not_finite", name=name, value=value))
    if se < 0:
        raise InvalidRequestError(t("errors.negative_std_error", value=se))
    if sesoi is not None and sesoi <= 0:
        raise InvalidRequestError(t("errors.bad_sesoi", value=sesoi))
    if good not in ("up", "down", "open"):
        raise InvalidRequestError(t("errors.bad_good_direction", direction=good))


def _digits(b: float, se: float) -> int:
    """Decimals for a sentence: three for shares, as estimates are published, fewer for large units."""
    scale = se or abs(b)
    if scale >= 1:
        return 1 if scale >= 10 else 2
    if scale >= 0.001 or scale == 0:
        return 3
    return min(8, 1 - math.floor(math.log10(scale)))
