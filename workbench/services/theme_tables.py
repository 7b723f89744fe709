"""Tables of themes: presence by group, the joint display, and the numbers beside one theme."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

import interviews
from coding_schemes import Scheme
from workbench.display import Cell, Column, CountCell, TableSpec, format_number
from workbench.i18n import Language, label, t
from workbench.services.triangulating import JointDisplay
from workbench.triangulation import EvidenceItem, EvidenceValue, JointRow

QUOTATION_WORDS = 45
LINES_IN_DISPLAY = 6


def presence_table(
    presence: pd.DataFrame, scheme: Scheme, *, language: Language, codes: Sequence[str] | None = None
) -> TableSpec:
    """Interviews in which each theme occurs, by actor group and in all.

    presence : from `coding_schemes.presence_by_group`.   codes : paths to show; all in the frame if None.
    """
    groups = list(dict.fromkeys(presence["group"]))
    wanted = codes or list(dict.fromkeys(presence["code"]))
    cells = {
        (row["code"], row["group"]): CountCell(int(row["interviews_with"]), int(row["interviews_asked"]))
        for row in presence.to_dict("records")
    }
    rows: list[tuple[Cell, ...]] = []
    for code in wanted:
        counts = [cells[code, group] for group in groups]
        total = CountCell(sum(count.k for count in counts), sum(count.n for count in counts))
        rows.append((label(scheme.code(code).label, language=language), *counts, total))
    return TableSpec(
        key="presence",
        title=t("themes.presence.title", language=language),
        columns=(
            Column("theme", t("themes.theme", language=language), weight=2.2),
            *(
                Column(f"group_{group}", group_label(scheme, group, language), kind="integer", align="right")
                for group in groups
            ),
            Column("all", t("themes.all_groups", language=language), kind="integer", align="right"),
        ),
        rows=tuple(rows),
        notes=(t("themes.presence.note", language=language),),
        language=language,
    )


def joint_table(display: JointDisplay, scheme: Scheme, *, language: Language) -> TableSpec:
    """The side-by-side joint display as a table of words, one row a theme."""
    rows: list[tuple[Cell, ...]] = [
        (
            label(row.label, language=language),
            _counts_text(row, scheme, language),
            _quotation_text(row, language),
            numbers_text(row, language=language, limit=LINES_IN_DISPLAY),
            verdict_text(row, language=language, stale=row.theme in display.stale),
            row.interpretation or t("themes.joint.no_interpretation", language=language),
        )
        for row in display.rows
    ]
    keys = ("theme", "interviews", "quotation", "numbers", "verdict", "interpretation")
    weights = (1.1, 1.5, 2.7, 3.1, 2.1, 2.0)
    return TableSpec(
        key="joint_display",
        title=t("themes.joint.title", language=language),
        columns=tuple(
            Column(key, t(f"themes.joint.{key}", language=language), weight=weight)
            for key, weight in zip(keys, weights, strict=True)
        ),
        rows=tuple(rows),
        notes=(t("themes.joint.note", language=language),),
        language=language,
    )


def evidence_table(row: JointRow, *, language: Language) -> TableSpec:
    """Every number that is linked with one theme: value, interval, n, how it reads and where it comes from."""
    cells: list[tuple[Cell, ...]] = []
    for item in row.evidence:
        value = item.values[-1] if item.relation == "split" else item.values[0]
        cells.append(
            (
                label(item.label, language=language) + _split_suffix(item, language),
                value.value,
                _interval(value, language, _decimals(item)),
                _sample(item),
                item.sentence(language),
                source_text(item, language),
            )
        )
    decimals = max((_decimals(item) for item in row.evidence), default=2)
    named = label(row.label, language=language)
    return TableSpec(
        key=f"evidence_{row.theme}",
        title=t("themes.evidence.title", language=language, theme=named.lower()),
        columns=(
            Column("number", t("themes.evidence.number", language=language), weight=2.4),
            Column(
                "value",
                t("themes.evidence.value", language=language),
                kind="decimal",
                decimals=decimals,
                weight=0.8,
            ),
            Column("interval", t("themes.evidence.interval", language=language), weight=1.4),
            Column("n", "n", weight=0.8, align="right"),
            Column("reading", t("themes.evidence.reading", language=language), weight=3.4),
            Column("source", t("themes.evidence.source", language=language), weight=1.8),
        ),
        rows=tuple(cells),
        notes=(t("themes.evidence.note", language=language),),
        language=language,
    )


def numbers_text(row: JointRow, *, language: Language, limit: int | None = None) -> str:
    """The numbers of a row, a line each, without indicators and subgroups that do not weigh in the verdict.

    limit : at most so many lines; what is left out is said.
    """
    if not row.evidence:
        return t("themes.joint.silent", language=language)
    shown = [item for item in row.evidence if item.weighs or item.kind not in ("indicator", "subgroup")]
    kept = shown if limit is None else _spread(shown, limit)
    lines = [_line(item, language) for item in kept]
    left = len(row.evidence) - len(kept)
    if left:
        lines.append(t("themes.joint.more_numbers", language=language, n=left))
    return "\n".join(lines)


def verdict_text(row: JointRow, *, language: Language, stale: bool = False) -> str:
    """The verdict with its reason: the confirmed one, else the proposed one marked as such."""
    if row.confirmed is None:
        named = row.proposed.name(language=language)
        proposed = t("themes.joint.proposed", language=language, verdict=named)
        return f"{proposed}\n{row.proposal.reason(language)}"
    plain = row.confirmed.as_dict(language)
    lines = [
        t("themes.joint.confirmed", language=language, verdict=plain["name"], coder=plain["confirmed_by"]),
        row.confirmed.rationale,
    ]
    if row.confirmed.handling is not None:
        lines.append(t(f"themes.handling.{row.confirmed.handling}", language=language))
    if stale:
        lines.append(t("themes.joint.stale", language=language))
    return "\n".join(lines)


def group_label(scheme: Scheme, group: str, language: Language) -> str:
    """The name of an actor group; interviews without one are named so."""
    found = next((each for each in scheme.actor_groups if each.id == group), None)
    if found is not None:
        return label(found.label, language=language)
    return group or t("themes.no_group", language=language)


def source_text(item: EvidenceItem, language: Language) -> str:
    """Where a number comes from: source and place."""
    place = item.place
    if place.startswith("round "):
        place = t("themes.evidence.round", language=language, round=place.removeprefix("round "))
    return ", ".join(part for part in (item.source, place) if part)


def _counts_text(row: JointRow, scheme: Scheme, language: Language) -> str:
    lines = [
        f"{group_label(scheme, count.group, language)}: {count.interviews_with}/{count.interviews_asked}"
        for count in row.counts
    ]
    lines.append(
        t(
            "themes.joint.total",
            language=language,
            k=row.reading.interviews_with,
            n=row.reading.interviews_asked,
            direction=t(f"themes.direction.{row.qualitative_direction}", language=language),
        )
    )
    return "\n".join(lines)


def _quotation_text(row: JointRow, language: Language) -> str:
    if row.quotation is None:
        return t("themes.joint.no_quotation", language=language)
    quote = row.quotation.quote
    shortened = interviews.excerpt(quote, 0, len(quote), QUOTATION_WORDS, language)
    return f"{shortened}\n({row.attribution(language)})"


def _line(item: EvidenceItem, language: Language) -> str:
    named = label(item.label, language=language)
    decimals = _decimals(item)
    if item.relation == "split":
        first, second, difference = item.values
        return t(
            "themes.joint.split",
            language=language,
            label=named,
            first=label(first.label, language=language).lower(),
            first_mean=format_number(first.value, decimals, language),
            second=label(second.label, language=language).lower(),
            second_mean=format_number(second.value, decimals, language),
            difference=format_number(difference.value, decimals, language),
            interval=_interval(difference, language, decimals),
        )
    value = item.values[0]
    number = format_number(value.value, decimals, language)
    if item.relation == "effect":
        error = (
            f" ({format_number(value.std_error, decimals, language)})" if value.std_error is not None else ""
        )
        return f"{named}: {number}{value.stars}{error}"
    return f"{named}: {number} {_interval(value, language, decimals)}"


def _split_suffix(item: EvidenceItem, language: Language) -> str:
    if item.relation != "split":
        return ""
    first, second = (label(value.label, language=language).lower() for value in item.values[:2])
    return t("themes.evidence.split", language=language, first=first, second=second)


def _sample(item: EvidenceItem) -> str:
    sizes = [str(value.n) for value in item.values if value.n is not None]
    return " + ".join(sizes)


def _interval(value: EvidenceValue, language: Language, decimals: int) -> str:
    if value.ci_low is None or value.ci_high is None:
        return ""
    low, high = (format_number(end, decimals, language) for end in (value.ci_low, value.ci_high))
    return f"[{low}; {high}]"


def _decimals(item: EvidenceItem) -> int:
    return 3 if item.relation == "effect" else 2


def _spread(items: Sequence[EvidenceItem], limit: int) -> list[EvidenceItem]:
    """At most `limit` items, kinds taking turns so that none crowds out another; in their own order."""
    by_kind: dict[str, list[int]] = {}
    for place, item in enumerate(items):
        by_kind.setdefault(item.relation, []).append(place)
    chosen: list[int] = []
    while len(chosen) < min(limit, len(items)):
        for places in by_kind.values():
            if places and len(chosen) < limit:
                chosen.append(places.pop(0))
    return [items[place] for place in sorted(chosen)]
