"""Tables of a factor solution: eigenvalues and rotated loadings, with the method named below them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from quant import Instrument
from workbench.display import NO_BREAK, Cell, Column, TableSpec, format_number, format_p_value
from workbench.i18n import Language, label, t
from workbench.services.factors import WHOLE_QUESTIONNAIRE, FactorSolution

CUTOFF = 0.3


def eigenvalues_table(
    solution: FactorSolution, instrument: Instrument, *, language: Language, source: str = ""
) -> TableSpec:
    """Eigenvalues as Stata prints them: eigenvalue, difference, proportion, cumulative, share of the items.

    The divisor of the proportions stands in the note.
    """
    table = solution.result.eigenvalue_table()
    measures = ("eigenvalue", "difference", "proportion", "cumulative", "proportion_of_total")
    rows: list[tuple[Cell, ...]] = [
        (
            t("surveys.factors.number", language=language, n=place),
            *(_finite(float(table[name].iloc[place - 1])) for name in measures),
        )
        for place in range(1, len(table) + 1)
    ]
    total = format_number(float(solution.result.eigenvalues.sum()), 3, language)
    return TableSpec(
        key=f"eigenvalues_{solution.solution}",
        title=t(
            "surveys.factors.eigenvalues_title",
            language=language,
            solution=solution_label(instrument, solution.solution, language),
        ),
        columns=(
            Column("factor", t("surveys.factors.factor", language=language), weight=1.4),
            *(
                Column(name, t(f"surveys.factors.{name}", language=language), kind="decimal", decimals=4)
                for name in measures
            ),
        ),
        rows=tuple(rows),
        notes=(
            t(
                "surveys.factors.divisor",
                language=language,
                total=total,
                p=len(solution.result.items),
                shown=len(solution.result.factors),
            ),
        ),
        source=source,
        language=language,
    )


def loadings_table(
    solution: FactorSolution, instrument: Instrument, *, language: Language, source: str = ""
) -> TableSpec:
    """Rotated loadings and uniqueness, indicators under the factor on which they load most (over 0.3)."""
    result = solution.result
    assigned = result.assignment(CUTOFF)
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    titles = factor_titles(solution, language)
    names = item_names(instrument, result.items, language)
    for factor in (*result.factors, None):
        members = [item for item in result.items if assigned[item] == factor]
        if not members:
            continue
        heading = titles[factor] if factor is not None else t("surveys.factors.no_factor", language=language)
        sections.append((len(rows), heading))
        rows += [_loading_row(solution, names[item], item) for item in members]
    return TableSpec(
        key=f"loadings_{solution.solution}",
        title=t(
            "surveys.factors.loadings_title",
            language=language,
            solution=solution_label(instrument, solution.solution, language),
        ),
        columns=(
            Column("indicator", t("surveys.indicator", language=language), weight=2.6),
            *(Column(factor, titles[factor], kind="decimal", decimals=2) for factor in result.factors),
            Column("uniqueness", t("surveys.factors.uniqueness", language=language), kind="decimal"),
        ),
        rows=tuple(rows),
        notes=(*method_notes(solution, language), t("surveys.factors.cutoff", language=language)),
        source=source,
        sections=tuple(sections),
        language=language,
    )


def salient_cells(solution: FactorSolution, table: TableSpec) -> frozenset[tuple[int, str]]:
    """`(row, column key)` of the loadings over the cut-off, which the screen sets in bold."""
    keys = [column.key for column in table.columns]
    return frozenset(
        (number, key)
        for number, row in enumerate(table.rows)
        for key, cell in zip(keys, row, strict=True)
        if key in solution.result.factors and isinstance(cell, float) and abs(cell) > CUTOFF
    )


def method_notes(solution: FactorSolution, language: Language) -> tuple[str, ...]:
    """Method, sample, KMO and Bartlett's test in sentences."""
    result = solution.result
    rotation = result.rotation or "none"
    kaiser = "" if result.rotation is None else ("_kaiser" if result.kaiser else "_raw")
    sample = t(
        "surveys.factors.sample_round" if solution.round is not None else "surveys.factors.sample",
        language=language,
        sample=t(f"surveys.stage.{solution.sample}", language=language),
        n=format_number(result.n, 0, language),
        **({"round": solution.round} if solution.round is not None else {}),
    )
    p_value = format_p_value(result.bartlett.p_value, 3, language)
    fit = t(
        "surveys.factors.fit",
        language=language,
        kmo=format_number(result.kmo.overall, 2, language),
        chi2=format_number(result.bartlett.chi2, 1, language),
        df=result.bartlett.df,
        p=f"<{NO_BREAK}{p_value[1:]}" if p_value.startswith("<") else f"={NO_BREAK}{p_value}",
    )
    dropped = (
        (t("surveys.factors.dropped", language=language, n=result.n_dropped),) if result.n_dropped else ()
    )
    return (
        t(
            "surveys.factors.method",
            language=language,
            extraction=t(f"surveys.extraction.{result.extraction}", language=language),
            rotation=t(f"surveys.rotation.{rotation}{kaiser}", language=language),
        ),
        sample,
        *dropped,
        fit,
    )


def factor_titles(solution: FactorSolution, language: Language) -> dict[str, str]:
    """Column of the loadings -> the name of the factor in the questionnaire, else its number."""
    return {
        name.factor: label(name.label, language=language) or _numbered(name.factor, language)
        for name in solution.names
    }


def solution_label(instrument: Instrument, solution: str, language: Language) -> str:
    """A factor solution in words: whose answers it rests on, as far as its items tell."""
    if solution == WHOLE_QUESTIONNAIRE:
        return t("surveys.solution.all", language=language)
    respondents = {instrument.item(item).respondent for item in instrument.solution_items(solution)}
    owners = [r for r in instrument.respondents if r.id in respondents]
    if len(owners) == 1 and owners[0].id == solution:
        return label(owners[0].label, language=language)
    if len(owners) > 1 and len(owners) == len(instrument.respondents):
        names = [label(r.label, language=language) for r in owners]
        return _joined([names[0], *(name.lower() for name in names[1:])], language)
    return solution.replace("_", " ").capitalize()


def _joined(names: Sequence[str], language: Language) -> str:
    last = t("surveys.and", language=language)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def item_names(instrument: Instrument, items: Sequence[str], language: Language) -> dict[str, str]:
    """Labels of the items; with the respondent in parentheses where the items are of several."""
    several = len({instrument.item(item).respondent for item in items}) > 1
    names = {}
    for item_id in items:
        item = instrument.item(item_id)
        owner = label(instrument.respondent(item.respondent).label, language=language).lower()
        name = label(item.label, language=language)
        names[item_id] = f"{name} ({owner})" if several else name
    return names


def _loading_row(solution: FactorSolution, name: str, item: str) -> tuple[Cell, ...]:
    loadings = solution.result.loadings.loc[item].to_numpy(dtype=float).tolist()
    return (name, *loadings, float(solution.result.uniqueness[item]))


def _numbered(factor: str, language: Language) -> str:
    return t("surveys.factors.number", language=language, n=factor.removeprefix("factor_"))


def _finite(value: float) -> float | None:
    return None if math.isnan(value) else value
