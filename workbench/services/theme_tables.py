"""Tables of themes: presence by group, the overview of verdicts and the joint display."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

import interviews
from coding_schemes import Scheme
from workbench.display import Cell, Column, CountCell, TableSpec
from workbench.i18n import Language, label, t
from workbench.services.evidence_tables import numbers_lines
from workbench.services.triangulating import JointDisplay
from workbench.triangulation import JointRow, VerdictId, Vocabulary, verdict_name

QUOTATION_WORDS = 45


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


def overview_table(
    display: JointDisplay, *, language: Language, vocabulary: Vocabulary = "farmer"
) -> TableSpec:
    """One line a theme: in how many interviews, where words and numbers point, the verdict and its state."""
    rows: list[tuple[Cell, ...]] = [
        (
            label(row.label, language=language),
            CountCell(row.reading.interviews_with, row.reading.interviews_asked),
            t(f"themes.direction.{row.qualitative_direction}", language=language).capitalize(),
            t(f"triangulation.direction.{row.quantitative_direction}", language=language).capitalize(),
            verdict_name(shown_verdict(row), vocabulary, language),
            state_text(row, language=language, stale=row.theme in display.stale),
        )
        for row in display.rows
    ]
    keys = ("theme", "interviews", "words", "numbers", "verdict", "state")
    weights = (1.2, 1.0, 2.2, 1.6, 2.0, 2.0)
    return TableSpec(
        key="overview",
        title=t("themes.overview.title", language=language),
        columns=tuple(
            Column(
                key,
                t(f"themes.overview.{key}", language=language),
                weight=weight,
                kind="integer" if key == "interviews" else "text",
            )
            for key, weight in zip(keys, weights, strict=True)
        ),
        rows=tuple(rows),
        notes=(t("themes.overview.note", language=language),),
        language=language,
    )


def joint_table(
    display: JointDisplay, scheme: Scheme, *, language: Language, vocabulary: Vocabulary = "farmer"
) -> TableSpec:
    """The side-by-side joint display as a table of words, one row a theme."""
    rows: list[tuple[Cell, ...]] = [
        (
            label(row.label, language=language),
            _counts_text(row, scheme, language),
            _quotation_text(row, language),
            numbers_text(row, language=language),
            verdict_text(row, language=language, stale=row.theme in display.stale, vocabulary=vocabulary),
            row.interpretation or t("themes.joint.no_interpretation", language=language),
        )
        for row in display.rows
    ]
    keys = ("theme", "interviews", "quotation", "numbers", "verdict", "interpretation")
    weights = (1.0, 1.7, 2.4, 3.3, 2.7, 2.4)
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


def numbers_text(row: JointRow, *, language: Language) -> str:
    """The numbers that weigh, a line each, and how many others stand in the theme's own tables."""
    if not row.evidence:
        return t("themes.joint.silent", language=language)
    lines = list(numbers_lines(row, language=language))
    left = sum(not item.weighs for item in row.evidence) if any(i.weighs for i in row.evidence) else 0
    if left:
        lines.append(t("themes.joint.more_numbers", language=language, n=left))
    return "\n".join(lines)


def shown_verdict(row: JointRow) -> VerdictId:
    """Id of the verdict that stands: the confirmed one, else the proposed one."""
    return row.confirmed.verdict if row.confirmed is not None else row.proposed.id


def state_text(row: JointRow, *, language: Language, stale: bool = False) -> str:
    """Whether the verdict is proposed or confirmed, by whom, and whether the numbers have changed since."""
    if row.confirmed is None:
        return t("themes.state.proposed", language=language)
    state = "stale" if stale else "confirmed"
    return t(f"themes.state.{state}", language=language, coder=row.confirmed.confirmed_by)


def verdict_text(
    row: JointRow, *, language: Language, stale: bool = False, vocabulary: Vocabulary = "farmer"
) -> str:
    """The verdict with its reason, on lines: the confirmed one, else the proposed one marked as such."""
    named = verdict_name(shown_verdict(row), vocabulary, language)
    if row.confirmed is None:
        proposed = t("themes.joint.proposed", language=language, verdict=named)
        return f"{proposed}\n{row.proposal.reason(language)}"
    lines = [
        t("themes.joint.confirmed", language=language, verdict=named, coder=row.confirmed.confirmed_by),
        row.confirmed.rationale,
    ]
    if row.confirmed.handling is not None:
        lines.append(t(f"themes.handling.{row.confirmed.handling}", language=language))
    if row.confirmed.verdict != row.proposed.id:
        proposed = verdict_name(row.proposed.id, vocabulary, language)
        lines.append(t("themes.joint.overruled", language=language, verdict=proposed))
    if stale:
        lines.append(t("themes.joint.stale", language=language))
    return "\n".join(lines)


def group_label(scheme: Scheme, group: str, language: Language) -> str:
    """The name of an actor group; interviews without one are named so."""
    found = next((each for each in scheme.actor_groups if each.id == group), None)
    if found is not None:
        return label(found.label, language=language)
    return group or t("themes.no_group", language=language)


def shortened_quotation(quote: str, words: int, language: Language) -> str:
    """A passage cut at a sentence or clause where it is longer than `words`, marked `[...]`."""
    return interviews.excerpt(quote, 0, len(quote), words, language)


def _counts_text(row: JointRow, scheme: Scheme, language: Language) -> str:
    lines = [
        f"{group_label(scheme, count.group, language)}: {count.interviews_with}/{count.interviews_asked}"
        for count in row.counts
    ]
    direction = t(f"themes.direction.{row.qualitative_direction}", language=language)
    lines.append(
        t(
            "themes.joint.total",
            language=language,
            k=row.reading.interviews_with,
            n=row.reading.interviews_asked,
        )
    )
    return "\n".join((*lines, direction.capitalize()))


def _quotation_text(row: JointRow, language: Language) -> str:
    if row.quotation is None:
        return t("themes.joint.no_quotation", language=language)
    shortened = shortened_quotation(row.quotation.quote, QUOTATION_WORDS, language)
    return f"{shortened}\n({row.attribution(language)})"
