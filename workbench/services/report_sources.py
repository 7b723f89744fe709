"""Where the report's quotations and numbers come from: one line each, estimates of an outcome together."""

from __future__ import annotations

from collections.abc import Sequence

from coding_schemes import QuotationCandidate, Scheme
from workbench.display import format_number, restyle_stars
from workbench.i18n import Language, label, t
from workbench.services import effect_tables, evidence_tables
from workbench.services.effects import StoredEstimate
from workbench.triangulation import JointRow
from workbench.word import TraceEntry

FIRST_WORDS = 9


def quotation_entry(
    quotation: QuotationCandidate, shown: str, theme: str, *, language: Language
) -> TraceEntry:
    """A quotation by its first words, with interview and position."""
    words = shown.split()
    return TraceEntry(
        t("reporting.trace.quotation", language=language, theme=evidence_tables.lowered(theme)),
        shown if len(words) <= FIRST_WORDS else " ".join(words[:FIRST_WORDS]) + " …",
        t(
            "reporting.trace.place",
            language=language,
            interview=quotation.interview,
            start=quotation.start,
            end=quotation.end,
        ),
    )


def evidence_entries(row: JointRow, theme: str, *, language: Language) -> list[TraceEntry]:
    """The numbers beside a theme that enter its verdict, with their sources."""
    return [
        TraceEntry(
            f"{theme}: {label(item.label, language=language)}",
            evidence_tables.value_text(item, language=language),
            evidence_tables.source_text(item, language),
        )
        for item in row.evidence
        if item.weighs
    ]


def estimate_entries(
    estimates: Sequence[StoredEstimate], scheme: Scheme, *, language: Language
) -> list[TraceEntry]:
    """The estimates of an outcome and subgroup in one line, period by period."""
    together: dict[str, list[StoredEstimate]] = {}
    for stored in estimates:
        together.setdefault(effect_tables.heading(stored, language, scheme), []).append(stored)
    entries = []
    for named, members in together.items():
        numbers = "; ".join(f"{stored.value.period}: {_number(stored, language)}" for stored in members)
        sources = dict.fromkeys(
            ", ".join(part for part in (stored.value.source, effect_tables.place_text(stored)) if part)
            for stored in members
        )
        entries.append(TraceEntry(named, numbers, "; ".join(sources)))
    return entries


def _number(stored: StoredEstimate, language: Language) -> str:
    value = stored.value
    text = f"{format_number(value.estimate, 3, language)}{restyle_stars(value.stars)}"
    if value.std_error is None:
        return text
    return f"{text} ({format_number(value.std_error, 3, language)})"
