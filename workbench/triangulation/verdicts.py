"""Verdicts on a theme: how words and numbers relate. The workbench proposes, a person confirms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from workbench.errors import InvalidRequestError
from workbench.i18n import Language, t

VerdictId = Literal["agreement", "partial", "dissonance", "silence", "inconclusive"]
VERDICTS: tuple[VerdictId, ...] = get_args(VerdictId)
Coverage = Literal["both", "qual_only", "quant_only"]
Match = Literal["same", "different"]
Vocabulary = Literal["farmer", "fetters", "convergence"]
VOCABULARIES: tuple[Vocabulary, ...] = get_args(Vocabulary)
Handling = Literal["reconciliation", "initiation", "bracketing", "exclusion"]
HANDLINGS: tuple[Handling, ...] = get_args(Handling)


@dataclass(frozen=True)
class Verdict:
    """How the two strands relate on a theme, with what it was derived from.

    coverage : which strand says anything; meaning, prominence : whether both say the same, and with the same
    weight, None where that cannot be compared.
    """

    id: VerdictId
    coverage: Coverage
    meaning: Match | None = None
    prominence: Match | None = None

    @property
    def needs_handling(self) -> bool:
        """True for dissonance: whoever confirms it says how it was handled."""
        return self.id == "dissonance"

    def name(self, vocabulary: Vocabulary = "farmer", language: Language | None = None) -> str:
        """The verdict in one of the vocabularies; all are views of the same record."""
        return verdict_name(self.id, vocabulary, language)

    def as_dict(self, language: Language | None = None) -> dict[str, Any]:
        """Id, what it follows from, and its name in each vocabulary."""
        names = {vocabulary: self.name(vocabulary, language) for vocabulary in VOCABULARIES}
        return {
            "id": self.id,
            "coverage": self.coverage,
            "meaning": self.meaning,
            "prominence": self.prominence,
            "names": names,
        }


@dataclass(frozen=True)
class ConfirmedVerdict:
    """A person's verdict with its written reason.

    confirmed_at : ISO 8601 time. handling : how dissonance was handled; required for it, else None.
    judged : coverage, meaning and prominence as the person judged them, None where they are not known.
    Raises InvalidRequestError if verdict or handling is unknown, or rationale or handling is missing.
    """

    verdict: VerdictId
    rationale: str
    confirmed_by: str
    confirmed_at: str
    handling: Handling | None = None
    judged: Verdict | None = None

    def __post_init__(self) -> None:
        _one_of("verdict", self.verdict, VERDICTS)
        if not self.rationale.strip():
            raise InvalidRequestError(t("errors.no_rationale"))
        if self.handling is not None:
            _one_of("handling", self.handling, HANDLINGS)
        if self.verdict == "dissonance" and self.handling is None:
            raise InvalidRequestError(t("errors.dissonance_unhandled", known=", ".join(HANDLINGS)))

    def as_dict(self, language: Language | None = None) -> dict[str, Any]:
        """All fields as plain JSON values, with the verdict's name."""
        return {
            "verdict": self.verdict,
            "name": verdict_name(self.verdict, language=language),
            "rationale": self.rationale,
            "confirmed_by": self.confirmed_by,
            "confirmed_at": self.confirmed_at,
            "handling": self.handling,
            "judged": None if self.judged is None else self.judged.as_dict(language),
        }


def verdict(
    *,
    coverage: Coverage = "both",
    meaning: Match | None = None,
    prominence: Match | None = None,
    inconclusive: bool = False,
) -> Verdict:
    """The verdict that follows from coverage, meaning and prominence.

    One strand only -> silence; else `inconclusive` -> inconclusive; both the same -> agreement; one the
    same -> partial; both different -> dissonance.

    Raises InvalidRequestError if a value is unknown, or meaning or prominence is missing though both speak.
    Source: Farmer et al. (2006), Qualitative Health Research 16, 377-394; docs/methods/triangulation.md
    """
    _one_of("coverage", coverage, get_args(Coverage))
    for name, match in (("meaning", meaning), ("prominence", prominence)):
        if match is not None:
            _one_of(name, match, get_args(Match))
    if coverage != "both":
        return Verdict("silence", coverage)
    if inconclusive:
        return Verdict("inconclusive", coverage, meaning, prominence)
    if meaning is None or prominence is None:
        raise InvalidRequestError(t("errors.judge_both"))
    same = [meaning, prominence].count("same")
    ids: tuple[VerdictId, ...] = ("dissonance", "partial", "agreement")
    return Verdict(ids[same], coverage, meaning, prominence)


def verdict_name(
    verdict_id: VerdictId, vocabulary: Vocabulary = "farmer", language: Language | None = None
) -> str:
    """The name of a verdict in a vocabulary: Farmer's protocol, Fetters' fit, or convergence terms."""
    _one_of("verdict", verdict_id, VERDICTS)
    _one_of("vocabulary", vocabulary, VOCABULARIES)
    return t(f"triangulation.verdict.{vocabulary}.{verdict_id}", language=language)


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InvalidRequestError(t("errors.not_one_of", name=name, value=value, known=", ".join(choices)))
