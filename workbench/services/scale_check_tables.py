"""Tables of the reliability of indices and of a factor solution in several groups."""

from __future__ import annotations

import math
from collections.abc import Sequence

from coding_schemes import Scheme
from quant import Instrument
from workbench.display import Cell, Column, TableSpec, format_number
from workbench.i18n import Language, t
from workbench.services.factor_checks import GroupComparison, ScaleReliability
from workbench.services.factor_table_parts import (
    decimal_column,
    factor_name,
    finite,
    likeness_word,
    table_title,
    text_column,
)
from workbench.services.factor_tables import factor_titles, item_names, note_text, solution_label
from workbench.services.factors import FactorSolution
from workbench.services.terms import term_label

POOR_CFI = 0.90


def reliability_table(
    found: Sequence[ScaleReliability],
    instrument: Instrument,
    solution: str,
    *,
    language: Language,
    source: str = "",
) -> TableSpec:
    """Alpha with its interval and omega, an index a row."""
    rows: list[tuple[Cell, ...]] = []
    notes = [t("factors.reliability.note", language=language)]
    for scale in found:
        name = factor_name(instrument, scale.factor, language)
        if scale.found is None:
            notes.append(t("factors.reliability.none", language=language, factor=name, reason=scale.reason))
            continue
        one = scale.found
        rows.append(
            (
                name,
                len(one.items),
                one.n,
                one.alpha,
                one.ci_low,
                one.ci_high,
                one.standardised,
                one.omega,
                one.mean_correlation,
            )
        )
        notes += [f"{name}: {note_text(note, language)}" for note in one.notes]
    interval = t("factors.reliability.interval", language=language)
    return TableSpec(
        key=f"reliability_{solution}",
        title=table_title("reliability.title", instrument, solution, language),
        columns=(
            text_column("factor", "reliability.factor", language, weight=2.4),
            Column("items", t("factors.reliability.items", language=language), kind="integer"),
            Column("n", t("factors.reliability.n", language=language), kind="integer"),
            decimal_column("alpha", "reliability.alpha", language),
            decimal_column("ci_low", "reliability.ci_low", language, group=interval),
            decimal_column("ci_high", "reliability.ci_high", language, group=interval),
            decimal_column("standardised", "reliability.standardised", language),
            decimal_column("omega", "reliability.omega", language),
            decimal_column("mean_correlation", "reliability.mean_correlation", language),
        ),
        rows=tuple(rows),
        notes=tuple(notes),
        source=source,
        language=language,
    )


def reliability_items_table(
    found: Sequence[ScaleReliability],
    instrument: Instrument,
    solution: str,
    *,
    language: Language,
    source: str = "",
) -> TableSpec:
    """What each indicator does in its index."""
    rows: list[tuple[Cell, ...]] = []
    sections = []
    for scale in found:
        if scale.found is None:
            continue
        names = item_names(instrument, list(scale.found.items["item"]), language)
        sections.append((len(rows), factor_name(instrument, scale.factor, language)))
        rows += [
            (
                names[row["item"]],
                row["mean"],
                row["std_dev"],
                finite(row["item_rest"]),
                finite(row["alpha_without"]),
            )
            for row in scale.found.items.to_dict("records")
        ]
    return TableSpec(
        key=f"reliability_items_{solution}",
        title=table_title("reliability.items_title", instrument, solution, language),
        columns=(
            text_column("item", "reliability.item", language, weight=2.6),
            decimal_column("mean", "reliability.mean", language),
            decimal_column("std_dev", "reliability.std_dev", language),
            decimal_column("item_rest", "reliability.item_rest", language),
            decimal_column("alpha_without", "reliability.alpha_without", language),
        ),
        rows=tuple(rows),
        source=source,
        sections=tuple(sections),
        language=language,
    )


def invariance_table(
    found: GroupComparison,
    instrument: Instrument,
    by_label: str,
    *,
    language: Language,
    scheme: Scheme | None = None,
    source: str = "",
) -> TableSpec | None:
    """The nested models with what they allow to compare; None where they could not be fitted."""
    models = found.models
    if models is None:
        return None
    rows = []
    for row in models.table.to_dict("records"):
        holds = row["holds"]
        rows.append(
            (
                t(f"factors.groups.{row['level']}", language=language),
                row["chi2"],
                int(row["df"]),
                finite(row["p_value"]),
                row["cfi"],
                row["rmsea"],
                finite(row["delta_chi2"]),
                None if math.isnan(row["delta_df"]) else int(row["delta_df"]),
                finite(row["delta_p"]),
                finite(row["delta_cfi"]),
                None if holds is None else t(f"factors.groups.{'yes' if holds else 'no'}", language=language),
            )
        )
    listed = ", ".join(
        f"{term_label(scheme, row['group'], language)} (n = {row['n']})"
        for row in models.groups.to_dict("records")
    )
    reading = t(f"factors.groups.{models.highest() or 'none'}_highest", language=language)
    first = float(models.table["cfi"].iloc[0])
    poor = (
        (t("factors.groups.fit_first", language=language, cfi=format_number(first, 2, language)),)
        if first < POOR_CFI
        else ()
    )
    return TableSpec(
        key=f"invariance_{found.solution}",
        title=_groups_title("groups.title", found, instrument, by_label, language),
        columns=(
            text_column("level", "groups.level", language, weight=2.6),
            decimal_column("chi2", "groups.chi2", language, 1),
            Column("df", t("factors.groups.df", language=language), kind="integer"),
            Column("p_value", t("factors.groups.p_value", language=language), kind="p_value"),
            decimal_column("cfi", "groups.cfi", language, 3),
            decimal_column("rmsea", "groups.rmsea", language, 3),
            decimal_column("delta_chi2", "groups.delta_chi2", language, 1),
            Column("delta_df", t("factors.groups.delta_df", language=language), kind="integer"),
            Column("delta_p", t("factors.groups.delta_p", language=language), kind="p_value"),
            decimal_column("delta_cfi", "groups.delta_cfi", language, 3),
            text_column("holds", "groups.holds", language),
        ),
        rows=tuple(rows),
        notes=(
            reading,
            *poor,
            t("factors.groups.note", language=language, groups=listed),
            *(note_text(note, language) for note in models.notes),
        ),
        source=source,
        language=language,
    )


def group_congruence_table(
    found: GroupComparison,
    solution: FactorSolution,
    instrument: Instrument,
    by_label: str,
    *,
    language: Language,
    scheme: Scheme | None = None,
    source: str = "",
) -> TableSpec:
    """Each group's own solution beside that of all."""
    titles = factor_titles(solution, language)
    none = t("factors.groups.no_solution", language=language)
    rows = [
        (
            term_label(scheme, str(row["group"]), language),
            int(row["n"]),
            titles.get(row["factor"], row["factor"]) if row["factor"] is not None else None,
            finite(row["congruence"]),
            none if row["factor"] is None else likeness_word(row["likeness"], language),
        )
        for row in found.congruence.to_dict("records")
    ]
    return TableSpec(
        key=f"group_congruence_{found.solution}",
        title=_groups_title("groups.congruence_title", found, instrument, by_label, language),
        columns=(
            text_column("group", "groups.group", language, weight=1.4),
            Column("n", t("factors.groups.n", language=language), kind="integer"),
            text_column("factor", "groups.factor", language, weight=2.4),
            decimal_column("congruence", "groups.congruence", language, 3),
            text_column("reading", "groups.reading", language, weight=1.4),
        ),
        rows=tuple(rows),
        notes=(t("factors.published.note", language=language),),
        source=source,
        language=language,
    )


def _groups_title(
    key: str, found: GroupComparison, instrument: Instrument, by_label: str, language: Language
) -> str:
    solution = solution_label(instrument, found.solution, language)
    return t(f"factors.{key}", language=language, solution=solution, by=by_label.lower())
