"""The choice of a quotation that stands for a theme: one documented rule, the same on every run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

SHORTEST_WORDS = 12
LONGEST_WORDS = 60
TYPICAL_WORDS = 30
NOT_SAID = ("summary", "notes")


@dataclass(frozen=True)
class QuotationCandidate:
    """A coded passage that may stand for a theme.

    quote : the words of the passage; start, end : its place in the transcript, code points, half-open.
    codes : paths of all codes on the passage.
    attribution : who said it, as it may be printed, such as "Caseworker group"; empty if not yet known.
    status : whether these are the speaker's own words, or an interpreter's, a summary's, a translation's or
        notes (`NOT_SAID` are nobody's words).
    """

    quote: str
    interview: str
    group: str
    codes: tuple[str, ...]
    start: int = 0
    end: int = 0
    attribution: str = ""
    status: str = "verbatim"

    @property
    def words(self) -> int:
        """Number of words, split at blanks."""
        return len(self.quote.split())


def choose_quotation(
    candidates: Sequence[QuotationCandidate],
    *,
    theme: str | None = None,
    prefer_codes: Collection[str] = (),
    times_quoted: Mapping[str, int] | None = None,
) -> QuotationCandidate | None:
    """The candidate that illustrates a theme best by the rule below, None if there is none.

    theme : count only codes of this theme; None counts all.
    prefer_codes : codes that say what most interviews say (such as the barriers of a theme that is one).
    times_quoted : actor group -> quotations it already has in this display; groups with fewer come first.

    The rule, first difference decides: said, not summed up or noted; said by the person, not by an
    interpreter or translator; 12-60 words (else nearest to that); carries a preferred code; more
    codes of the theme; a group quoted less; nearest to 30 words; interview id, place in the text.
    Source: docs/methods/quantitizing.md
    """
    quoted = times_quoted or {}

    def rank(candidate: QuotationCandidate) -> tuple[object, ...]:
        codes = {code for code in candidate.codes if theme is None or code.partition("/")[0] == theme}
        return (
            candidate.status in NOT_SAID,
            candidate.status != "verbatim",
            _outside(candidate.words),
            not codes.intersection(prefer_codes),
            -len(codes),
            quoted.get(candidate.group, 0),
            abs(candidate.words - TYPICAL_WORDS),
            candidate.interview,
            candidate.start,
            candidate.end,
        )

    return min(candidates, key=rank, default=None)


def _outside(words: int) -> int:
    """How many words a passage lies outside the wanted length; 0 inside."""
    return max(SHORTEST_WORDS - words, words - LONGEST_WORDS, 0)
