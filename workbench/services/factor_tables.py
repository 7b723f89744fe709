"""Tables of a factor solution: eigenvalues and rotated loadings, with the method named below them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, pairwise

from quant import Instrument
from quant.errors import QuantError
from quant.notes import Note
from workbench.display import NO_BREAK, Cell, Column, TableSpec, format_number, format_p_value
from workbench.errors import error_text
from workbench.i18n import Language, label, t
from workbench.services.factors import WHOLE_QUESTIONNAIRE, FactorSolution
from workbench.services.index_values import OWN

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


def variance_table(
    solution: FactorSolution, instrument: Instrument, *, language: Language, source: str = ""
) -> TableSpec | None:
    """Variance of the rotated factors as Stata's `rotate` prints it; None without rotation."""
    result = solution.result
    if result.rotation is None or len(result.factors) < 2:
        return None
    oblique = result.rotation != "varimax"
    titles = factor_titles(solution, language)
    values = result.variance["variance"].to_list()
    falls = [a - b for a, b in pairwise(values)]
    rows = []
    for place, (factor, row) in enumerate(
        zip(result.factors, result.variance.to_dict("records"), strict=True)
    ):
        drop = falls[place] if place < len(falls) and not oblique else None
        passed = None if oblique else float(row["cumulative"])
        rows.append((titles[factor], float(row["variance"]), drop, float(row["proportion"]), passed))
    return TableSpec(
        key=f"variance_{solution.solution}",
        title=t(
            "factors.variance.title",
            language=language,
            solution=solution_label(instrument, solution.solution, language),
        ),
        columns=(
            Column("factor", t("surveys.factors.factor", language=language), weight=2.0),
            Column("variance", t("factors.variance.variance", language=language), kind="decimal", decimals=5),
            Column(
                "difference", t("factors.variance.difference", language=language), kind="decimal", decimals=5
            ),
            Column(
                "proportion", t("surveys.factors.proportion", language=language), kind="decimal", decimals=4
            ),
            Column(
                "cumulative", t("surveys.factors.cumulative", language=language), kind="decimal", decimals=4
            ),
        ),
        rows=tuple(rows),
        notes=(
            t("factors.variance.note", language=language),
            *((t("factors.variance.oblique", language=language),) if oblique else ()),
        ),
        source=source,
        language=language,
    )


def loadings_table(
    solution: FactorSolution,
    instrument: Instrument,
    *,
    language: Language,
    source: str = "",
    blank_under: float = 0.0,
    decimals: int = 2,
) -> TableSpec:
    """Rotated loadings and uniqueness, indicators under the factor on which they load most (over 0.3).

    blank_under : smaller loadings are left blank, as Stata's `blanks()`. The largest of a factor come first.
    """
    result = solution.result
    assigned = result.assignment(CUTOFF)
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    titles = factor_titles(solution, language)
    names = item_names(instrument, result.items, language)
    for factor in (*result.factors, None):
        members = [item for item in result.items if assigned[item] == factor]
        if factor is not None:
            members.sort(key=result.loadings[factor].abs().to_dict().__getitem__, reverse=True)
        if not members:
            continue
        heading = titles[factor] if factor is not None else t("surveys.factors.no_factor", language=language)
        sections.append((len(rows), heading))
        rows += [_loading_row(solution, names[item], item, blank_under) for item in members]
    return TableSpec(
        key=f"loadings_{solution.solution}",
        title=t(
            "surveys.factors.loadings_title",
            language=language,
            solution=solution_label(instrument, solution.solution, language),
        ),
        columns=(
            Column("indicator", t("surveys.indicator", language=language), weight=2.6),
            *(Column(factor, titles[factor], kind="decimal", decimals=decimals) for factor in result.factors),
            Column(
                "uniqueness",
                t("surveys.factors.uniqueness", language=language),
                kind="decimal",
                decimals=decimals,
            ),
        ),
        rows=tuple(rows),
        notes=(
            *method_notes(solution, language),
            t("surveys.factors.cutoff", language=language),
            *(
                (t("factors.note.blank", language=language, cutoff=format_number(blank_under, 2, language)),)
                if blank_under
                else ()
            ),
        ),
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
    more = [t("factors.note.polychoric", language=language)] if result.correlation == "polychoric" else []
    more += [t("factors.note.pairwise", language=language)] if result.missing == "pairwise" else []
    more += [*_fit_note(solution, language), *_oblique_note(solution, language)]
    more += [note_text(note, language) for note in result.notes]
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
        *more,
    )


def note_text(note: Note, language: Language) -> str:
    """A note of a result in words of the language."""
    plain = str(note).replace("{", "{{").replace("}", "}}")
    said = error_text(QuantError(plain, reason=note.reason, **note.values), language=language)
    return f"{said[:1].upper()}{said[1:]}."


def _fit_note(solution: FactorSolution, language: Language) -> list[str]:
    fit = solution.result.fit
    if fit is None:
        return []
    p_value = format_p_value(fit.p_value, 3, language)
    return [
        t(
            "factors.note.ml_fit",
            language=language,
            factors=len(solution.result.factors),
            chi2=format_number(fit.chi2, 1, language),
            df=fit.df,
            p=f"<{NO_BREAK}{p_value[1:]}" if p_value.startswith("<") else f"={NO_BREAK}{p_value}",
        )
    ]


def _oblique_note(solution: FactorSolution, language: Language) -> list[str]:
    result = solution.result
    if result.rotation in (None, "varimax") or len(result.factors) < 2:
        return []
    titles, between = factor_titles(solution, language), result.factor_correlations
    pairs = "; ".join(
        f"{titles[a]} – {titles[b]}: {format_number(float(between[b][a]), 2, language)}"
        for a, b in combinations(result.factors, 2)
    )
    return [t("factors.note.oblique", language=language, pairs=pairs)]


def factor_titles(solution: FactorSolution, language: Language) -> dict[str, str]:
    """Column of the loadings -> the name of the factor in the questionnaire, else its number."""
    return {
        name.factor: label(name.label, language=language) or _numbered(name.factor, language)
        for name in solution.names
    }


def solution_label(instrument: Instrument, solution: str, language: Language) -> str:
    """A factor solution in words: whose answers it rests on, as far as its items tell."""
    if solution in (WHOLE_QUESTIONNAIRE, OWN):
        return t(f"surveys.solution.{solution}", language=language)
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


def _loading_row(solution: FactorSolution, name: str, item: str, blank_under: float) -> tuple[Cell, ...]:
    loadings = [float(solution.result.loadings[factor][item]) for factor in solution.result.factors]
    shown = (value if abs(value) >= blank_under else None for value in loadings)
    return (name, *shown, float(solution.result.uniqueness[item]))


def _numbered(factor: str, language: Language) -> str:
    return t("surveys.factors.number", language=language, n=factor.removeprefix("factor_"))


def _finite(value: float) -> float | None:
    return None if math.isnan(value) else value
