"""Tables about how many factors there are, what they leave, how stable they are and what they are like."""

from __future__ import annotations

import pandas as pd

from quant import Instrument, Retention, Stability
from workbench.display import Cell, Column, TableSpec, format_number
from workbench.i18n import Language, label, t
from workbench.services.factor_table_parts import (
    decimal_column,
    finite,
    likeness_word,
    percent_text,
    table_title,
    text_column,
)
from workbench.services.factor_tables import factor_titles, item_names, solution_label
from workbench.services.factors import FactorSolution


def suggestions_table(
    found: Retention, instrument: Instrument, solution: str, *, language: Language, source: str = ""
) -> TableSpec:
    """What each rule suggests, with a sentence that sums it up."""
    percent = percent_text(found.components.quantile)
    rows: list[tuple[Cell, ...]] = []
    for rule, count in found.suggestions().itertuples(index=False):
        about = "kaiser" if rule == "kaiser" else "map" if rule.startswith("map") else "parallel"
        values = {"percent": percent} if rule.endswith("_quantile") else {}
        rows.append(
            (
                t(f"factors.retention.{rule}", language=language, **values),
                int(count),
                t(f"factors.retention.about_{about}", language=language),
            )
        )
    counts = found.suggestions()["n_factors"]
    low, high = int(counts.min()), int(counts.max())
    summary = (
        t("factors.retention.agree", language=language, n=low)
        if low == high
        else t(
            "factors.retention.range",
            language=language,
            low=low,
            high=high,
            first=found.components.by_quantile,
            second=found.partial.n_squared,
        )
    )
    drawn = t(
        "factors.retention.note",
        language=language,
        n=format_number(found.n, 0, language),
        draws=format_number(found.components.draws, 0, language),
        seed=found.components.seed,
    )
    return TableSpec(
        key=f"retention_{solution}",
        title=table_title("retention.title", instrument, solution, language),
        columns=(
            text_column("rule", "retention.rule", language, weight=2.2),
            Column("n_factors", t("factors.retention.n_factors", language=language), kind="integer"),
            text_column("about", "retention.about", language, weight=2.6),
        ),
        rows=tuple(rows),
        notes=(summary, drawn),
        source=source,
        language=language,
    )


def random_eigenvalues_table(
    found: Retention, instrument: Instrument, solution: str, *, language: Language, source: str = ""
) -> TableSpec:
    """Eigenvalues beside those of random data, for components and for common factors."""
    percent = percent_text(found.components.quantile)
    columns = [Column("number", t("factors.retention.place", language=language), kind="integer")]
    for analysis in (found.components, found.factors):
        group = t(f"factors.retention.{analysis.basis}", language=language)
        for name, values in (
            ("observed", {}),
            ("random_mean", {}),
            ("random_quantile", {"percent": percent}),
        ):
            title = t(f"factors.retention.{name}", language=language, **values)
            columns.append(Column(f"{analysis.basis}_{name}", title, kind="decimal", decimals=4, group=group))
    rows = [
        (
            place + 1,
            *(
                float(values[place])
                for analysis in (found.components, found.factors)
                for values in (analysis.eigenvalues, analysis.random_mean, analysis.random_quantile)
            ),
        )
        for place in range(len(found.items))
    ]
    return TableSpec(
        key=f"parallel_{solution}",
        title=table_title("retention.eigenvalues", instrument, solution, language),
        columns=tuple(columns),
        rows=tuple(rows),
        source=source,
        language=language,
    )


def residuals_table(
    solution: FactorSolution, instrument: Instrument, *, language: Language, source: str = "", n: int = 8
) -> TableSpec:
    """The pairs of indicators that the factors explain least."""
    result = solution.result
    names = item_names(instrument, result.items, language)
    rows = [
        (names[first], names[second], float(correlation), float(residual))
        for first, second, correlation, residual in result.largest_residuals(n).itertuples(index=False)
    ]
    return TableSpec(
        key=f"residuals_{solution.solution}",
        title=table_title("residuals.title", instrument, solution.solution, language),
        columns=(
            text_column("first", "residuals.first", language, weight=2.2),
            text_column("second", "residuals.second", language, weight=2.2),
            decimal_column("correlation", "residuals.correlation", language, 3),
            decimal_column("residual", "residuals.residual", language, 3),
        ),
        rows=tuple(rows),
        notes=(t("factors.residuals.note", language=language, rmsr=format_number(result.rmsr, 4, language)),),
        source=source,
        language=language,
    )


def stability_table(
    found: Stability,
    solution: FactorSolution,
    instrument: Instrument,
    *,
    language: Language,
    source: str = "",
) -> TableSpec:
    """Every loading with its standard error and interval, factor by factor."""
    titles = factor_titles(solution, language)
    names = item_names(instrument, found.result.items, language)
    rows: list[tuple[Cell, ...]] = []
    sections = []
    for factor in found.result.factors:
        sections.append((len(rows), titles[factor]))
        mine = found.loadings[found.loadings["factor"] == factor]
        mine = mine.reindex(mine["loading"].abs().sort_values(ascending=False, kind="stable").index)
        for row in mine.to_dict("records"):
            rows.append((names[row["item"]], row["loading"], row["std_error"], row["ci_low"], row["ci_high"]))
    interval = t("factors.stability.interval", language=language, percent=percent_text(found.level))
    return TableSpec(
        key=f"stability_{solution.solution}",
        title=table_title("stability.title", instrument, solution.solution, language),
        columns=(
            text_column("indicator", "stability.indicator", language, weight=2.6),
            decimal_column("loading", "stability.loading", language),
            decimal_column("std_error", "stability.std_error", language, 3),
            decimal_column("ci_low", "stability.ci_low", language, group=interval),
            decimal_column("ci_high", "stability.ci_high", language, group=interval),
        ),
        rows=tuple(rows),
        notes=_stability_notes(found, language),
        source=source,
        sections=tuple(sections),
        language=language,
    )


def stability_congruence_table(
    found: Stability,
    solution: FactorSolution,
    instrument: Instrument,
    *,
    language: Language,
    source: str = "",
) -> TableSpec:
    """How like itself each factor is over the samples."""
    titles = factor_titles(solution, language)
    rows = [
        (
            titles[row["factor"]],
            row["median"],
            row["p5"],
            100 * row["share_equal"],
            100 * row["share_similar"],
        )
        for row in found.congruence.to_dict("records")
    ]
    return TableSpec(
        key=f"stability_congruence_{solution.solution}",
        title=table_title("stability.congruence_title", instrument, solution.solution, language),
        columns=(
            text_column("factor", "stability.factor", language, weight=2.2),
            decimal_column("median", "stability.median", language, 3),
            decimal_column("p5", "stability.p5", language, 3),
            decimal_column("share_equal", "stability.share_equal", language, 0),
            decimal_column("share_similar", "stability.share_similar", language, 0),
        ),
        rows=tuple(rows),
        notes=_stability_notes(found, language),
        source=source,
        language=language,
    )


def published_table(
    matches: pd.DataFrame,
    solution: FactorSolution,
    instrument: Instrument,
    file_name: str,
    *,
    language: Language,
) -> TableSpec:
    """Which published factor each factor is most like."""
    titles = factor_titles(solution, language)
    known = {factor.id: label(factor.label, language=language) for factor in instrument.factors}
    rows = [
        (
            titles[row["factor"]],
            None if row["match"] is None else known.get(row["match"], row["match"]),
            finite(row["congruence"]),
            likeness_word(row["likeness"], language),
        )
        for row in matches.to_dict("records")
    ]
    return TableSpec(
        key=f"published_{solution.solution}",
        title=t(
            "factors.published.title",
            language=language,
            file=file_name,
            solution=solution_label(instrument, solution.solution, language),
        ),
        columns=(
            text_column("factor", "published.factor", language, weight=2.2),
            text_column("match", "published.match", language, weight=2.2),
            decimal_column("congruence", "published.congruence", language, 3),
            text_column("likeness", "published.likeness", language, weight=1.4),
        ),
        rows=tuple(rows),
        notes=(t("factors.published.note", language=language),),
        language=language,
    )


def _stability_notes(found: Stability, language: Language) -> tuple[str, ...]:
    drawn = t(
        "factors.stability.note",
        language=language,
        draws=format_number(found.draws, 0, language),
        persons=format_number(found.units, 0, language),
        seed=found.seed,
    )
    failed = (t("factors.stability.failed", language=language, n=found.failed),) if found.failed else ()
    return (drawn, *failed)
