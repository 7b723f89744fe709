"""The side-by-side joint display: one row a theme, words on one side, numbers on the other, a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from coding_schemes import QuotationCandidate, ThemeReading, choose_quotation
from workbench.i18n import Language
from workbench.i18n import label as in_language
from workbench.triangulation.evidence import EvidenceItem
from workbench.triangulation.links import LINK_LEVELS, caveats, link_level
from workbench.triangulation.proposals import Proposal, QuantDirection, propose
from workbench.triangulation.verdicts import ConfirmedVerdict, Verdict

Texts = Mapping[str, str]


@dataclass(frozen=True)
class GroupCount:
    """In how many interviews of an actor group a theme occurs; `share` 0-1, None if none was asked."""

    group: str
    interviews_with: int
    interviews_asked: int
    share: float | None
    ci_low: float | None
    ci_high: float | None

    def as_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return {
            "group": self.group,
            "interviews_with": self.interviews_with,
            "interviews_asked": self.interviews_asked,
            "share": self.share,
            "ci_low": self.ci_low,
            "ci_high": self.ci_high,
        }


@dataclass(frozen=True)
class JointRow:
    """One theme with both strands.

    counts : presence by actor group, in interviews. reading : the same over all interviews, with direction.
    quotation : the passage that stands for the theme, None if nothing is coded.
    evidence : the numbers. proposal : the rule's verdict with its reason. confirmed : a person's, None yet.
    interpretation : what the study makes of it, free text.
    """

    theme: str
    label: Texts
    counts: tuple[GroupCount, ...]
    reading: ThemeReading
    quotation: QuotationCandidate | None
    evidence: tuple[EvidenceItem, ...]
    proposal: Proposal
    confirmed: ConfirmedVerdict | None = None
    interpretation: str = ""
    group_labels: Mapping[str, Texts] = field(default_factory=dict)

    @property
    def qualitative_direction(self) -> str:
        """Negative, positive, mixed or none; the rule stands at `coding_schemes.ThemeReading`."""
        return self.reading.direction

    @property
    def quantitative_direction(self) -> QuantDirection:
        """Where the conclusive numbers point taken together; "silent" without numbers."""
        return self.proposal.quantitative_direction

    @property
    def proposed(self) -> Verdict:
        """The verdict that the rule gives."""
        return self.proposal.verdict

    @property
    def levels(self) -> tuple[str, ...]:
        """Link levels of the evidence, in the order of the method page."""
        used = {item.level for item in self.evidence}
        return tuple(level for level in LINK_LEVELS if level in used)

    def caveats(self, language: Language | None = None) -> tuple[str, ...]:
        """The reservations of the link levels that this row uses."""
        return tuple(link_level(level).caveat(language) for level in self.levels)

    def attribution(self, language: Language | None = None) -> str:
        """Who said the quotation: its own attribution, else the actor group."""
        if self.quotation is None:
            return ""
        group = self.quotation.group
        named = in_language(self.group_labels.get(group, {}), language=language)
        return self.quotation.attribution or named or group

    def as_dict(self, language: Language | None = None) -> dict[str, Any]:
        """The whole row as plain JSON values, texts in one language."""
        return {
            "theme": self.theme,
            "label": in_language(self.label, language=language),
            "counts": [count.as_dict() for count in self.counts],
            "interviews_with": self.reading.interviews_with,
            "interviews_asked": self.reading.interviews_asked,
            "interviews_negative": self.reading.interviews_negative,
            "interviews_positive": self.reading.interviews_positive,
            "qualitative_direction": self.qualitative_direction,
            "quotation": self._quotation_dict(language),
            "evidence": [item.as_dict(language) for item in self.evidence],
            "quantitative_direction": self.quantitative_direction,
            "proposal": self.proposal.as_dict(language),
            "confirmed": None if self.confirmed is None else self.confirmed.as_dict(language),
            "interpretation": self.interpretation,
            "caveats": list(self.caveats(language)),
        }

    def _quotation_dict(self, language: Language | None) -> dict[str, Any] | None:
        if self.quotation is None:
            return None
        return {
            "quote": self.quotation.quote,
            "attribution": self.attribution(language),
            "interview": self.quotation.interview,
            "group": self.quotation.group,
            "start": self.quotation.start,
            "end": self.quotation.end,
            "codes": list(self.quotation.codes),
            "status": self.quotation.status,
        }


def build_side_by_side(
    themes: Sequence[ThemeReading],
    presence_by_group: pd.DataFrame,
    quotations: Mapping[str, Sequence[QuotationCandidate]],
    numbers: Mapping[str, Sequence[EvidenceItem]],
    verdicts: Mapping[str, ConfirmedVerdict],
    *,
    interpretations: Mapping[str, str] | None = None,
    group_labels: Mapping[str, Texts] | None = None,
) -> tuple[JointRow, ...]:
    """One row a theme, in the order of `themes`.

    themes : from `coding_schemes.theme_readings`.
    presence_by_group : from `coding_schemes.presence_by_group`; rows of other codes are left out.
    quotations : theme -> coded passages; `coding_schemes.choose_quotation` takes one, groups in turn
    numbers : theme -> evidence; a theme without any is silent on the side of numbers.
    verdicts : theme -> confirmed verdict. interpretations : theme -> free text.
    group_labels : actor group -> label by language, for attributions.

    Source: Guetterman, Fetters & Creswell (2015), Annals of Family Medicine 13, 554-561;
    docs/methods/triangulation.md
    """
    times_quoted: dict[str, int] = {}
    rows = []
    for theme in themes:
        chosen = choose_quotation(
            quotations.get(theme.theme, ()),
            theme=theme.theme,
            prefer_codes=_typical_codes(theme),
            times_quoted=times_quoted,
        )
        if chosen is not None:
            times_quoted[chosen.group] = times_quoted.get(chosen.group, 0) + 1
        evidence = tuple(numbers.get(theme.theme, ()))
        rows.append(
            JointRow(
                theme=theme.theme,
                label=theme.label,
                counts=_group_counts(presence_by_group, theme.theme),
                reading=theme,
                quotation=chosen,
                evidence=evidence,
                proposal=propose(theme, evidence),
                confirmed=verdicts.get(theme.theme),
                interpretation=(interpretations or {}).get(theme.theme, ""),
                group_labels=group_labels or {},
            )
        )
    return tuple(rows)


def display_caveats(
    rows: Sequence[JointRow], *, study: Sequence[Texts] = (), language: Language | None = None
) -> tuple[str, ...]:
    """The reservations to print below a display: general, the study's own (`Scheme.caveats`), the levels'."""
    levels = {level for row in rows for level in row.levels}
    general, by_level = caveats((), language), caveats(levels, language)
    own = tuple(in_language(text, language=language) for text in study)
    return (*general, *own, *by_level[len(general) :])


def _typical_codes(theme: ThemeReading) -> tuple[str, ...]:
    """The codes that say what most interviews say, so that the quotation does not contradict the row."""
    sides = {"negative": theme.codes_negative, "positive": theme.codes_positive}
    return sides.get(theme.direction, ())


def _group_counts(frame: pd.DataFrame, theme: str) -> tuple[GroupCount, ...]:
    return tuple(
        GroupCount(
            group=str(row["group"]),
            interviews_with=int(row["interviews_with"]),
            interviews_asked=int(row["interviews_asked"]),
            share=_known(row["share"]),
            ci_low=_known(row["ci_low"]),
            ci_high=_known(row["ci_high"]),
        )
        for row in frame[frame["code"] == theme].to_dict("records")
    )


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
