"""Auditing prose: sentences of a report that disagree with the estimate they cite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import pandas as pd

from quant.audit_table import AuditTable, audit_table
from quant.estimates import Estimate
from quant.prose_citations import Citations, Labels, Mentions
from quant.prose_claims import Claim, claims
from quant.prose_sentences import clauses, sentences
from quant.prose_words import ProseLanguage, ProseWords, prose_words
from quant.star_levels import Levels, band, infer_levels

Status = Literal["disagrees", "agrees", "not_checked"]
PROSE_COLUMNS = (
    "place", "sentence", "kind", "claim", "cell", "status", "reason", "message", "expected", "found",
)  # fmt: skip
REASONS: Mapping[str, str] = {
    "significance": "the text says {found}, the table {expected}",
    "direction": "the text says {found}, the estimate is {expected}",
    "number": "the text says {found}, the table {expected}",
    "agrees": "the table says so: {expected}",
    "no_estimate": "no estimate is known for what the sentence cites",
    "several_estimates": "several estimates fit what the sentence cites, and do not agree about it",
    "not_cited": "the sentence names neither table nor period, and several estimates may be meant",
    "comparison": "the sentence compares groups or periods; compare them by a test",
    "not_printed": "the estimate has no number to compare with",
}
MOST_SHOWN = 3
TOUCHING = 1e-9  # ranges that only touch at an end share no printed number


@dataclass(frozen=True)
class _Evidence:
    """The estimates with what rounding leaves open, and the stars in use with their levels."""

    estimates: Sequence[Estimate]
    table: AuditTable
    levels: Levels
    stars: frozenset[str]


def audit_prose(
    text: str | Sequence[tuple[str, str]],
    estimates: Sequence[Estimate],
    *,
    language: ProseLanguage,
    labels: Labels | None = None,
    everything: bool = False,
) -> pd.DataFrame:
    """Claims of a text about estimates that the estimates do not bear out.

    text : the text, or `(place, paragraph)` pairs.
    labels : id of an outcome, subgroup or period -> its names in the text; without names the id is one.
    everything : also the claims that the estimates bear out.

    Returns one row a claim, in the order of the text: place, sentence, kind ("significance", "direction",
    "number"), claim (its words), cell (place of the estimate), status ("disagrees", "not_checked", "agrees"),
    reason (`REASONS`), message, expected, found. A claim disagrees only if no estimate that its sentence can
    mean bears it out within rounding.
    Source: docs/methods/auditing_estimates.md
    """
    words = prose_words(language)
    sections = _sections(text)
    if not estimates:
        return pd.DataFrame(columns=list(PROSE_COLUMNS))
    evidence = _evidence(estimates)
    citations = Citations(estimates, labels or {}, words)
    rows = [
        row
        for place, paragraph in sections
        for row in _paragraph(place, paragraph, citations, evidence, words)
        if everything or row["status"] != "agrees"
    ]
    frame = pd.DataFrame(rows, columns=list(PROSE_COLUMNS))
    open_again = frame.duplicated(["place", "sentence", "kind", "reason"]) & (
        frame["status"] == "not_checked"
    )
    return frame[~open_again].reset_index(drop=True)


def _sections(text: str | Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    if not isinstance(text, str):
        return list(text)
    paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return [(f"¶{number}", part) for number, part in enumerate(filter(None, paragraphs), 1)]


def _evidence(estimates: Sequence[Estimate]) -> _Evidence:
    frame = pd.DataFrame([asdict(estimate) for estimate in estimates])
    frame["table"] = [estimate.place.split(" (")[0].split(",")[0] for estimate in estimates]
    table = audit_table(frame.drop(columns=["place", "computed"]))
    stars = [estimate.stars for estimate in estimates]
    return _Evidence(estimates, table, infer_levels(stars, table.p), frozenset(stars))


@dataclass(frozen=True)
class _Passage:
    """A clause with what it is about.

    about : named in the clause, or in its sentence so that it holds for the clause.
    before : named in the sentences before.
    """

    clause: str
    about: Mentions
    before: Mentions


def _paragraph(
    place: str, text: str, citations: Citations, evidence: _Evidence, words: ProseWords
) -> Iterator[dict[str, object]]:
    """Claims of a paragraph; a table, outcome or group named in it holds for the sentences after."""
    before = Mentions()
    for sentence in sentences(text, words):
        for passage in _passages(sentence, before, citations, words):
            for claim in _of_estimates(passage, sentence, citations, words):
                yield {
                    "place": place,
                    "sentence": sentence,
                    **_judge(claim, passage, citations, evidence, words),
                }
        before = citations.mentions(sentence).filled(before)


def _passages(sentence: str, before: Mentions, citations: Citations, words: ProseWords) -> Iterator[_Passage]:
    """The clauses that speak of an estimate: of a table, or of an effect or its significance."""
    whole = citations.mentions(sentence)
    speaks = bool(words.effect.search(sentence) or words.significant.search(sentence))
    tabled = bool(whole.tables or (before.tables and whole != Mentions()))
    if not speaks and not tabled:
        return
    earlier = Mentions()
    for clause in clauses(sentence, words):
        about = citations.mentions(clause).filled(_single(whole)).filled(earlier)
        earlier = about
        named = about.filled(before)
        if (about != Mentions() or words.effect.search(clause)) and (named.outcomes or named.tables):
            yield _Passage(clause, about, before)


def _of_estimates(passage: _Passage, sentence: str, citations: Citations, words: ProseWords) -> list[Claim]:
    """The claims of a clause; a direction alone, away from tables and effects, is of something else."""
    found = claims(passage.clause, words)
    sized = any(claim.kind == "number" for claim in found)
    if sized or words.effect.search(sentence) or citations.mentions(sentence).tables:
        return found
    return [claim for claim in found if claim.kind != "direction"]


def _single(mentions: Mentions) -> Mentions:
    """What a sentence names once, and so for all its clauses; its tables hold for all of them."""

    def one(named: frozenset[str]) -> frozenset[str]:
        return named if len(named) == 1 else frozenset()

    return Mentions(
        mentions.tables,
        one(mentions.outcomes),
        one(mentions.subgroups),
        one(mentions.periods),
        one(mentions.models),
    )


def _judge(
    claim: Claim, passage: _Passage, citations: Citations, evidence: _Evidence, words: ProseWords
) -> dict[str, object]:
    if _compares(claim, passage, words):
        return _row(claim, "not_checked", "comparison")
    about = _completed(passage, citations)
    cells = citations.cited(about)
    if not cells:
        return _row(claim, "not_checked", "no_estimate")
    if len(cells) > 1 and not (about.tables or about.periods):
        return _row(claim, "not_checked", "not_cited")
    verdicts = {cell: _bears_out(claim, cell, evidence) for cell in cells}
    known = [cell for cell, verdict in verdicts.items() if verdict is not None]
    borne_out = [cell for cell in known if verdicts[cell]]
    if not known:
        return _row(claim, "not_checked", "not_printed", cells, evidence)
    if not borne_out:
        return _row(claim, "disagrees", claim.kind, known, evidence)
    if len(borne_out) == len(cells) or claim.kind == "number":
        return _row(claim, "agrees", "agrees", borne_out, evidence)
    return _row(claim, "not_checked", "several_estimates", cells, evidence)


def _compares(claim: Claim, passage: _Passage, words: ProseWords) -> bool:
    """Whether the claim is of a difference between groups or periods, which no single estimate bears out."""
    several = len(passage.about.subgroups) > 1 or len(passage.about.periods) > 1
    if words.difference.search(passage.clause):
        return several or claim.kind == "significance"
    return several and claim.kind == "direction" and bool(words.comparison.search(passage.clause))


def _completed(passage: _Passage, citations: Citations) -> Mentions:
    """What the clause leaves unsaid: table and outcome as before; a group named before, or everybody."""
    held = Mentions(tables=passage.before.tables, outcomes=passage.before.outcomes)
    about = passage.about.filled(held)
    return about.filled(Mentions(subgroups=passage.before.subgroups | citations.whole))


def _bears_out(claim: Claim, at: int, evidence: _Evidence) -> bool | None:
    """Whether an estimate can be what the claim says; None where it has no number for that."""
    if claim.kind == "significance":
        return _significant(claim, at, evidence)
    low, high = evidence.table.low("estimate")[at], evidence.table.high("estimate")[at]
    if claim.kind == "direction":
        return bool(high > 0) if claim.sign > 0 else bool(low < 0)
    return _has_number(claim, at, evidence)


def _significant(claim: Claim, at: int, evidence: _Evidence) -> bool | None:
    """By the p-values that estimate and standard error leave possible, within what the stars say of them."""
    p_low, p_high = _p_values(at, evidence)
    if np.isnan(p_low):
        return None
    return bool(p_high >= claim.level) if claim.negated else bool(p_low < claim.level)


def _p_values(at: int, evidence: _Evidence) -> tuple[float, float]:
    """Smallest and largest p; where stars and standard error contradict each other, either may be right."""
    p_low, p_high = evidence.table.p.at(at)
    stars = band(evidence.estimates[at].stars, evidence.levels, evidence.stars)
    if stars is None or not evidence.stars - {""}:
        return p_low, p_high
    if np.isnan(p_low):
        return stars[0], np.nextafter(stars[1], 0)
    if stars[0] <= p_high and stars[1] > p_low:
        return max(p_low, stars[0]), min(p_high, np.nextafter(stars[1], 0))
    return min(p_low, stars[0]), max(p_high, stars[1])


def _has_number(claim: Claim, at: int, evidence: _Evidence) -> bool | None:
    assert claim.number is not None
    table, number = evidence.table, claim.number
    half = number.half * (3.0 if claim.about else 1.0)
    low, high = abs(number.value) - half, abs(number.value) + half
    signed = claim.words[0] in "+-−–"
    if signed and claim.measure == "points" and number.value * evidence.estimates[at].estimate < 0:
        return False
    ends = evidence.estimates[at].ci() or ()
    if claim.measure == "points":
        least, most = 100 * table.low("estimate")[at], 100 * table.high("estimate")[at]
        return _meets(low, high, least, most) or _near(low, high, [100 * end for end in ends])
    if claim.measure == "percent_of_mean":
        mean_low, mean_high = table.low("treated_mean")[at], table.high("treated_mean")[at]
        if not mean_low > 0:
            return None
        spans = [(table.low("estimate")[at], table.high("estimate")[at]), *((end, end) for end in ends)]
        sizes = [[100 * part / mean for part in span for mean in (mean_low, mean_high)] for span in spans]
        return any(_meets(low, high, min(size), max(size)) for size in sizes)
    columns = ("estimate", "std_error", "treated_mean", "p_value")
    printed = any(_meets(low, high, table.low(column)[at], table.high(column)[at]) for column in columns)
    return printed or _near(low, high, ends)


def _near(low: float, high: float, sizes: Sequence[float]) -> bool:
    """Whether one of the sizes, whatever its sign, lies in a range."""
    return any(low - TOUCHING <= abs(size) <= high + TOUCHING for size in sizes)


def _meets(low: float, high: float, least: float, most: float) -> bool:
    """Whether two ranges share a size, whatever its sign: a text says `a fall of 0.8`."""
    smallest = 0.0 if least <= 0 <= most else min(abs(least), abs(most))
    return bool(low + TOUCHING < max(abs(least), abs(most)) and high - TOUCHING > smallest)


def _row(
    claim: Claim,
    status: Status,
    reason: str,
    cells: Sequence[int] = (),
    evidence: _Evidence | None = None,
) -> dict[str, object]:
    shown = [] if evidence is None else [_shown(claim, cell, evidence) for cell in cells[:MOST_SHOWN]]
    more = "; …" if len(cells) > MOST_SHOWN else ""
    expected = "; ".join(dict.fromkeys(shown)) + more
    places = [] if evidence is None else [evidence.estimates[cell].place for cell in cells[:MOST_SHOWN]]
    return {
        "kind": claim.kind,
        "claim": claim.words,
        "cell": "; ".join(dict.fromkeys(places)) + more,
        "status": status,
        "reason": reason,
        "message": REASONS[reason].format(found=claim.words, expected=expected),
        "expected": expected,
        "found": claim.words,
    }


def _shown(claim: Claim, at: int, evidence: _Evidence) -> str:
    """The estimate as printed, `0.031* (0.012)`; in percentage points or percent where that is claimed."""
    estimate = evidence.estimates[at]
    if claim.kind == "number" and claim.measure == "points":
        return f"{100 * estimate.estimate:.1f}"
    if claim.kind == "number" and claim.measure == "percent_of_mean" and estimate.percent_of_mean is not None:
        return f"{estimate.percent_of_mean:.1f} %"
    error = "" if estimate.std_error is None else f" ({estimate.std_error:g})"
    return f"{estimate.estimate:g}{estimate.stars}{error}"
