"""Tables of regressions: as a report prints them, and every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coding_schemes import Scheme
from quant import Instrument
from quant.regression_specs import CHANGE, LEVEL, Control, Mode, ModelRun
from workbench.display import Cell, Column, EstimateCell, TableSpec, format_number, stars_for, stars_note
from workbench.i18n import Language, label, t
from workbench.services.regressions import StudyRun, overall_name
from workbench.services.survey_tables import background_label
from workbench.services.terms import term_label

Names = Mapping[str, str]


def predictor_names(instrument: Instrument | None, language: Language) -> dict[str, str]:
    """What predictors are called: items, factors and overall means of the questionnaire."""
    if instrument is None:
        return {}
    names = {item.id: label(item.label, language=language) for item in instrument.items}
    for respondent in instrument.respondents:
        who = label(respondent.label, language=language)
        for item in instrument.items:
            if item.respondent == respondent.id and len(instrument.respondents) > 1:
                names[item.id] = f"{names[item.id]} ({who.lower()})"
        names[overall_name(respondent.id)] = t(
            "regressions.overall", language=language, respondent=who.lower()
        )
    for solution in instrument.solutions():
        for factor in instrument.solution(solution):
            names.setdefault(factor.id, label(factor.label, language=language))
    return names


def specification_table(
    found: StudyRun,
    mode: Mode,
    *,
    language: Language,
    names: Names | None = None,
    scheme: Scheme | None = None,
    ten_percent: str = "+",
) -> TableSpec:
    """Predictors down and outcomes across, as a report prints regressions.

    A cell holds the coefficient with its stars and the standard error in parentheses below; level and change
    are sections. With all predictors in one model mean, N, R2, adjusted R2 and DF close the table; one at a
    time the smallest and largest N do. Stars follow q-values where the declaration asks for it.
    """
    names = names or {}
    models = [model for model in found.run.models if model.mode == mode]
    rows_of = found.run.estimates[found.run.estimates["mode"] == mode]
    outcomes = list(dict.fromkeys(model.outcome for model in models))
    tested = "q_value" if found.run.spec.false_discovery else "p_value"
    cells: dict[tuple[str, str, str], EstimateCell] = {}
    for row in rows_of.to_dict("records"):
        cells[row["term"], row["predictor"], row["outcome"]] = EstimateCell(
            row["estimate"], row["std_error"], stars_for(row[tested], ten_percent=ten_percent)
        )
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for kind in dict.fromkeys(rows_of["term"]):
        if kind in (LEVEL, CHANGE):
            sections.append((len(rows), t(f"regressions.kind.{kind}", language=language).capitalize()))
        for predictor in dict.fromkeys(rows_of.loc[rows_of["term"] == kind, "predictor"]):
            shown = names.get(predictor, predictor)
            rows.append((shown, *(cells.get((kind, predictor, outcome)) for outcome in outcomes)))
    summary = len(rows)
    if sections:
        sections.append((summary, t("regressions.fit.heading", language=language)))
    rows += _fit_rows(models, outcomes, mode, language)
    return TableSpec(
        key=f"regressions_{mode}",
        title=_mode_title(found, mode, language),
        columns=(
            Column("predictor", t("regressions.predictor", language=language), weight=2.4),
            *(
                Column(
                    outcome, term_label(scheme, outcome, language), kind="estimate", decimals=3, missing="–"
                )
                for outcome in outcomes
            ),
        ),
        rows=tuple(rows),
        remarks=(stars_note(language, ten_percent=ten_percent, tested=tested[0]),),
        notes=method_notes(found, mode, language, scheme),
        source=found.source,
        sections=tuple(sections),
        summary_from=summary,
        language=language,
    )


def estimates_table(
    found: StudyRun,
    *,
    language: Language,
    names: Names | None = None,
    scheme: Scheme | None = None,
    false_discovery: bool = True,
) -> TableSpec:
    """Every estimate of the predictors with interval, p, q over all tests of its mode, and n."""
    names = names or {}
    tested = "q_value" if found.run.spec.false_discovery else "p_value"
    wild = {
        (model.outcome, model.mode, each.term): each.p_value
        for model in found.run.models
        for each in found.bootstraps.get(model.formula, [])
    }
    columns = [
        Column("predictor", t("regressions.predictor", language=language), weight=2.2),
        Column("kind", t("regressions.kind_title", language=language)),
        Column("estimate", t("regressions.estimate", language=language), kind="estimate", decimals=4),
        Column("ci_low", t("regressions.ci_low", language=language), kind="decimal", decimals=4),
        Column("ci_high", t("regressions.ci_high", language=language), kind="decimal", decimals=4),
        Column("p_value", t("regressions.p", language=language), kind="p_value"),
    ]
    if false_discovery:
        columns.append(Column("q_value", t("regressions.q", language=language), kind="p_value"))
    if wild:
        columns.append(
            Column("p_wild", t("regressions.p_wild", language=language), kind="p_value", missing="–")
        )
    columns.append(Column("n", "N", kind="integer"))
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    last: tuple[str, str] | None = None
    for row in found.run.estimates.to_dict("records"):
        if (row["outcome"], row["mode"]) != last:
            last = (row["outcome"], row["mode"])
            mode = t(f"regressions.mode.{row['mode']}", language=language)
            sections.append((len(rows), f"{term_label(scheme, row['outcome'], language)}, {mode.lower()}"))
        kind = row["term"]
        column = row["predictor"] if kind == "value" else f"{kind}_{row['predictor']}"
        rows.append(
            (
                names.get(row["predictor"], row["predictor"]),
                t(f"regressions.kind.{kind}", language=language),
                EstimateCell(row["estimate"], row["std_error"], stars_for(row[tested])),
                row["ci_low"],
                row["ci_high"],
                row["p_value"],
                *((row["q_value"],) if false_discovery else ()),
                *((wild.get((row["outcome"], row["mode"], column)),) if wild else ()),
                int(row["n"]),
            )
        )
    modes = dict.fromkeys(found.run.estimates["mode"])
    notes = [_discovery_note(found, mode, language) for mode in modes] if false_discovery else []
    if wild:
        draws = format_number(found.run.spec.draws, 0, language)
        notes.append(t("regressions.note.wild", language=language, draws=draws))
    notes += [note for mode in modes for note in method_notes(found, mode, language, scheme)]
    return TableSpec(
        key="regression_estimates",
        title=t("regressions.title.estimates", language=language),
        columns=tuple(columns),
        rows=tuple(rows),
        remarks=(stars_note(language, tested=tested[0]),),
        notes=tuple(dict.fromkeys(notes)),
        source=found.source,
        sections=tuple(sections),
        language=language,
    )


def effects_table(
    found: StudyRun, *, language: Language, names: Names | None = None, scheme: Scheme | None = None
) -> TableSpec:
    """Average marginal effects of the logits beside the linear estimates; in words where there are none."""
    names = names or {}
    rows: list[tuple[Cell, ...]] = []
    for model in found.run.models:
        outcome = term_label(scheme, model.outcome, language)
        mode = t(f"regressions.mode.{model.mode}", language=language)
        fitted = found.logits.get(model.formula)
        if fitted is None:
            said = found.no_logit.get(model.formula, "")
            rows.append((outcome, mode, names.get(model.predictor, model.predictor), None, None, None, said))
            continue
        if fitted.separated:
            said = t("regressions.separated", language=language, terms=", ".join(fitted.separated))
            rows.append(
                (outcome, mode, names.get(model.predictor, model.predictor), None, None, fitted.n, said)
            )
            continue
        margins = fitted.effects.set_index("term")
        for predictor, kinds in model.terms.items():
            for kind, column in kinds:
                if column not in margins.index or column not in model.result.covariance.columns:
                    continue
                effect: Any = margins.loc[column]
                cell = EstimateCell(effect["estimate"], effect["std_error"], stars_for(effect["p_value"]))
                linear = EstimateCell(model.result.estimate(column), model.result.std_error(column))
                word = t(f"regressions.kind.{kind}", language=language)
                name = f"{names.get(predictor, predictor)} ({word})"
                left_out = (
                    t("regressions.constant_groups", language=language, n=fitted.n_constant)
                    if fitted.n_constant
                    else ""
                )
                rows.append((outcome, mode, name, linear, cell, fitted.n, left_out))
    return TableSpec(
        key="regression_logits",
        title=t("regressions.title.logit", language=language),
        columns=(
            Column("outcome", t("regressions.outcome", language=language)),
            Column("mode", t("regressions.model", language=language)),
            Column("predictor", t("regressions.predictor", language=language), weight=2.2),
            Column(
                "linear", t("regressions.linear", language=language), kind="estimate", decimals=4, missing="–"
            ),
            Column(
                "effect", t("regressions.effect", language=language), kind="estimate", decimals=4, missing="–"
            ),
            Column("n", "N", kind="integer", missing="–"),
            Column("said", t("regressions.remark", language=language), weight=2.0),
        ),
        rows=tuple(rows),
        remarks=(stars_note(language),),
        notes=(t("regressions.note.logit", language=language),),
        source=found.source,
        language=language,
    )


def method_notes(
    found: StudyRun, mode: Mode, language: Language, scheme: Scheme | None = None
) -> tuple[str, ...]:
    """Errors, absorbed groups, controls, rows left out: the small print of a table."""
    models = [model.result for model in found.run.models if model.mode == mode]
    spec = found.run.spec
    notes = [t(f"regressions.note.{spec.errors}", language=language)]
    if spec.false_discovery:
        notes.insert(0, _discovery_note(found, mode, language))
    if spec.errors == "cluster":
        clusters = sorted({result.n_clusters or 0 for result in models})
        notes = [t("regressions.note.cluster", language=language, clusters=_span(clusters, language))]
    if spec.absorb:
        groups = sorted({result.n_groups or 0 for result in models})
        key = f"regressions.note.absorb_{spec.dof}"
        named = background_label(spec.absorb, language, scheme).lower()
        notes.append(t(key, language=language, column=named, groups=_span(groups, language)))
    if spec.controls:
        named = ", ".join(_control_text(each, language, scheme) for each in spec.controls)
        notes.append(t("regressions.note.controls", language=language, controls=named))
    left_out = sorted({result.n_dropped for result in models})
    if left_out and left_out[-1]:
        notes.append(t("regressions.note.missing", language=language, rows=_span(left_out, language)))
    failed = len([1 for _, predictor, _ in found.run.failed if bool(predictor) == (mode == "single")])
    if failed:
        notes.append(t("regressions.note.failed", language=language, n=failed))
    return tuple(notes)


def _mode_title(found: StudyRun, mode: Mode, language: Language) -> str:
    """The declaration's title; where it has both kinds of models, with which of them these are."""
    kind = t(f"regressions.title.{mode}", language=language)
    spec = found.run.spec
    if not spec.title:
        return kind
    return f"{spec.title}. {kind}" if spec.models == "both" and not spec.formula else spec.title


def _discovery_note(found: StudyRun, mode: Mode, language: Language) -> str:
    return t(
        "regressions.note.false_discovery",
        language=language,
        n=found.run.tests(mode),
        mode=t(f"regressions.mode.{mode}", language=language).lower(),
    )


def _fit_rows(
    models: Sequence[ModelRun], outcomes: Sequence[str], mode: Mode, language: Language
) -> list[tuple[Cell, ...]]:
    by_outcome = {outcome: [m.result for m in models if m.outcome == outcome] for outcome in outcomes}
    if mode == "single":
        least = [min(result.n for result in by_outcome[outcome]) for outcome in outcomes]
        most = [max(result.n for result in by_outcome[outcome]) for outcome in outcomes]
        if least == most:
            return [("N", *least)]
        return [
            (t("regressions.fit.least", language=language), *least),
            (t("regressions.fit.most", language=language), *most),
        ]
    first = [by_outcome[outcome][0] for outcome in outcomes]
    return [
        (t("regressions.fit.mean", language=language), *(result.outcome_mean for result in first)),
        ("N", *(result.n for result in first)),
        ("R²", *(result.r2 for result in first)),
        (t("regressions.fit.adjusted", language=language), *(result.adjusted_r2 for result in first)),
        ("DF", *(result.df_residual for result in first)),
    ]


def _control_text(control: Control, language: Language, scheme: Scheme | None) -> str:
    name = background_label(control.column, language, scheme).lower()
    if control.reference is None:
        return name
    value = term_label(scheme, control.reference, language).lower()
    return f"{name} ({t('regressions.reference', language=language)}: {value})"


def _span(numbers: Sequence[int], language: Language) -> str:
    if not numbers:
        return "0"
    low, high = (format_number(number, 0, language) for number in (numbers[0], numbers[-1]))
    return low if low == high else f"{low}–{high}"
