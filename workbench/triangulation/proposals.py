"""The proposed verdict: a simple rule that can be checked by hand, and its reason in words.

It proposes; a person who has read the passages confirms or overrules it (docs/methods/triangulation.md).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from coding_schemes import ThemeReading
from workbench.i18n import Language, t
from workbench.triangulation.evidence import EvidenceItem
from workbench.triangulation.verdicts import Coverage, Match, Verdict, verdict

QuantDirection = Literal[
    "positive", "negative", "none", "not_positive", "not_negative", "mixed", "inconclusive", "silent"
]
ReasonId = Literal[
    "no_numbers",
    "no_interviews",
    "nothing_weighs",
    "all_inconclusive",
    "no_valence",
    "compared",
    "compared_mixed",
    "compared_one_side",
]
PROMINENT_SHARE = 0.5
ONE_SIDED: Collection[QuantDirection] = ("positive", "negative", "not_positive", "not_negative")
SUPPORTS = {"negative": {"negative", "not_positive"}, "positive": {"positive", "not_negative"}}


@dataclass(frozen=True)
class Proposal:
    """A verdict with the figures it rests on.

    weighed : items that may enter a verdict; conclusive : those whose interval points somewhere;
    supporting : conclusive items that fit the direction of the interviews; clear : items that point clearly
    up or down.
    """

    verdict: Verdict
    reason_id: ReasonId
    quantitative_direction: QuantDirection
    theme: ThemeReading
    weighed: int
    conclusive: int
    supporting: int
    clear: int

    def reason(self, language: Language | None = None) -> str:
        """Why this verdict, in words and with the counts."""
        texts: dict[str, object] = {
            "interviews_with": self.theme.interviews_with,
            "interviews_asked": self.theme.interviews_asked,
            "negative": self.theme.interviews_negative,
            "positive": self.theme.interviews_positive,
            "said": t(f"triangulation.said.{self.theme.direction}", language=language),
            "numbers": t(f"triangulation.direction.{self.quantitative_direction}", language=language),
            "weighed": self.weighed,
            "conclusive": self.conclusive,
            "supporting": self.supporting,
            "clear": self.clear,
        }
        text = t(f"triangulation.reason.{self.reason_id}", language=language, **texts)
        if self.verdict.prominence is None or self.reason_id == "compared_one_side":
            return text
        weight = t(f"triangulation.reason.prominence_{self.verdict.prominence}", language=language, **texts)
        return f"{text} {weight}"

    def as_dict(self, language: Language | None = None) -> dict[str, Any]:
        """Verdict, counts and reason as plain JSON values."""
        return {
            "verdict": self.verdict.as_dict(language),
            "reason": self.reason(language),
            "reason_id": self.reason_id,
            "quantitative_direction": self.quantitative_direction,
            "weighed": self.weighed,
            "conclusive": self.conclusive,
            "supporting": self.supporting,
            "clear": self.clear,
        }


def propose(theme: ThemeReading, evidence: Sequence[EvidenceItem]) -> Proposal:
    """The verdict that the rule gives for a theme and the numbers beside it.

    A theme that is mostly a barrier is supported by low scores, by a group scoring lower and by estimates
    that are negative or not positively relevant; a theme that is mostly a resource by the opposite. Meaning
    is the same if more than half of the conclusive items support it. Prominence is the same if the theme
    occurs in at least half of the interviews asked and at least half of the conclusive items point clearly
    up or down, or neither.

    Mixed interviews have the same meaning as numbers that point both ways or nowhere. Numbers that point one
    way show one of the two sides that the interviews show: the same meaning with another prominence, so
    partial and never dissonance.

    Source: docs/methods/triangulation.md
    """
    weighed = [item for item in evidence if item.weighs]
    conclusive = [item for item in weighed if item.direction != "inconclusive"]
    clear = [item for item in weighed if item.direction in ("positive", "negative")]
    fitting = SUPPORTS.get(theme.direction, set())
    supporting = [item for item in conclusive if item.direction in fitting]
    numbers = _direction(evidence, conclusive)
    reason = _reason(theme, evidence, weighed, conclusive, numbers)
    found = _verdict(theme, reason, len(conclusive), len(supporting), len(clear))
    return Proposal(
        verdict=found,
        reason_id=reason,
        quantitative_direction=numbers,
        theme=theme,
        weighed=len(weighed),
        conclusive=len(conclusive),
        supporting=len(supporting),
        clear=len(clear),
    )


def _reason(
    theme: ThemeReading,
    evidence: Sequence[EvidenceItem],
    weighed: Sequence[EvidenceItem],
    conclusive: Sequence[EvidenceItem],
    numbers: QuantDirection,
) -> ReasonId:
    if not evidence:
        return "no_numbers"
    if not theme.interviews_with:
        return "no_interviews"
    if not weighed:
        return "nothing_weighs"
    if not conclusive:
        return "all_inconclusive"
    if theme.direction == "none":
        return "no_valence"
    if theme.direction != "mixed":
        return "compared"
    return "compared_one_side" if numbers in ONE_SIDED else "compared_mixed"


def _verdict(
    theme: ThemeReading,
    reason: ReasonId,
    conclusive: int,
    supporting: int,
    clear: int,
) -> Verdict:
    one_strand: dict[ReasonId, Coverage] = {"no_numbers": "qual_only", "no_interviews": "quant_only"}
    if reason in one_strand:
        return verdict(coverage=one_strand[reason])
    if reason == "compared_one_side":
        return verdict(meaning="same", prominence="different")
    if reason not in ("compared", "compared_mixed"):
        return verdict(inconclusive=True)
    same = reason == "compared_mixed" or 2 * supporting > conclusive
    often = theme.interviews_with >= PROMINENT_SHARE * theme.interviews_asked
    strong = clear >= PROMINENT_SHARE * conclusive
    return verdict(meaning=_match(same), prominence=_match(often == strong))


def _match(same: bool) -> Match:
    return "same" if same else "different"


def _direction(evidence: Sequence[EvidenceItem], conclusive: Sequence[EvidenceItem]) -> QuantDirection:
    """Where the conclusive items point taken together."""
    if not evidence:
        return "silent"
    seen = {item.direction for item in conclusive}
    if not seen:
        return "inconclusive"
    if len(seen) == 1:
        return seen.pop()
    if seen <= {"negative", "not_positive"}:
        return "negative"
    if seen <= {"positive", "not_negative"}:
        return "positive"
    if seen <= {"none", "not_positive"}:
        return "not_positive"
    if seen <= {"none", "not_negative"}:
        return "not_negative"
    return "mixed"
