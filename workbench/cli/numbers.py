"""Commands about numbers: fip, effects, and factors of any file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import quant
from quant.extraction import STATAS_TOLERANCE
from workbench.cli import effects_audit, fip_forms
from workbench.cli.answer_tables import print_answers
from workbench.cli.output import (
    CoderOption,
    Json,
    StudyArgument,
    actor,
    headings,
    language_of,
    opened,
    print_json,
    print_rows,
    print_table,
    say,
)
from workbench.i18n import get_language, t
from workbench.services import descriptions, effect_tables, effects, factor_tables, survey_tables, surveys
from workbench.services import factors as factor_service
from workbench.services.files import GivenFile
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study

fip_app = typer.Typer(
    help="The questionnaire: import answers, describe, factors, indices.", no_args_is_help=True
)
effects_app = typer.Typer(help="Effects: import, estimate from panels, audit.", no_args_is_help=True)


class Extraction(StrEnum):
    """Extraction methods by name."""

    principal_factor = "principal_factor"
    iterated = "iterated"
    pcf = "pcf"
    minres = "minres"
    ml = "ml"


class Rotation(StrEnum):
    """Rotations by name."""

    varimax = "varimax"
    promax = "promax"
    oblimin = "oblimin"
    none = "none"


class Correlation(StrEnum):
    """Which correlations are factored."""

    pearson = "pearson"
    polychoric = "polychoric"


class Missing(StrEnum):
    """How missing answers are treated."""

    listwise = "listwise"
    pairwise = "pairwise"


class Nature(StrEnum):
    """What kind of numbers a file holds."""

    measured = "measured"
    simulated = "simulated"
    published = "published"
    invented = "invented"


ExtractionOption = Annotated[Extraction, typer.Option(help="principal_factor is Stata's `factor, pf`.")]
RotationOption = Annotated[Rotation, typer.Option(help="varimax is raw, as Stata's default.")]
KaiserOption = Annotated[bool, typer.Option("--kaiser", help="Rotate with Kaiser normalisation.")]
FactorsOption = Annotated[int | None, typer.Option("--n-factors", min=1, help="How many factors.")]
CorrelationOption = Annotated[
    Correlation, typer.Option(help="polychoric takes answers as steps of a continuous scale.")
]
MissingOption = Annotated[Missing, typer.Option(help="pairwise uses every pair of answers there is.")]
CutoffOption = Annotated[
    float, typer.Option(min=0, max=1, help="Leave loadings under this size blank, as Stata's blanks().")
]
ToleranceOption = Annotated[
    float,
    typer.Option(
        min=1e-12,
        max=1e-2,
        help="The iterated extraction stops once no communality moves by this; 1e-4 gives Stata's digits.",
    ),
]
DecimalsOption = Annotated[int, typer.Option(min=0, max=8, help="Decimals of the loadings.")]
NatureOption = Annotated[Nature, typer.Option(help="What kind of numbers these are.")]
MappingOption = Annotated[
    Path | None, typer.Option(help="A .toml or .json that says which column holds what.")
]
LabelOption = Annotated[str, typer.Option(help="The source line, such as author, year and table.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    fip_forms.register(fip_app)
    app.add_typer(fip_app, name="fip")
    effects_audit.register(effects_app)
    app.add_typer(effects_app, name="effects")
    app.command()(factors)


@fip_app.callback()
def fip(context: typer.Context, study: StudyArgument) -> None:
    """The questionnaire of a study."""
    context.obj = study


@fip_app.command("import")
def import_answers(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A csv, xlsx, sav, dta or parquet of answers.")
    ],
    mapping: MappingOption = None,
    sheet: Annotated[str | None, typer.Option(help="Which sheet of a workbook.")] = None,
    nature: NatureOption = Nature.measured,
    label: LabelOption = "",
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Import answers; they take the place of those the study had."""
    from quant import ColumnMapping

    study = opened(context.obj)
    given = ColumnMapping.load(mapping) if mapping is not None else None
    draft = surveys.draft_answers(study, GivenFile.from_path(file), mapping=given, sheet=sheet)
    source = surveys.save_answers(study, draft, actor=actor(coder), nature=nature.value, label=label)
    if json:
        print_json({**vars(source), "mapping": draft.mapping.as_dict()})
        return
    say(t("cli.stored_answers", n=source.responses, persons=source.persons))
    _print_source(study, source)


@fip_app.command()
def summary(
    context: typer.Context,
    by: Annotated[str | None, typer.Option(help="A background column, such as gender.")] = None,
    json: Json = False,
) -> None:
    """Describe the answers: how many, what was found, means by round and group."""
    study = opened(context.obj)
    frame = descriptions.means(study, by=by)
    source = surveys.answers_sources(study)[-1]
    if json:
        print_json({"flow": source.flow, "findings": source.findings, "means": frame.to_dict("records")})
        return
    _print_source(study, source)
    instrument, language = surveys.require_instrument(study), language_of(study)
    scheme = study_scheme(study)
    print_answers(
        study, survey_tables.means_table(frame, instrument, language=language, by=by, scheme=scheme)
    )


@fip_app.command("factors")
def study_factors(
    context: typer.Context,
    solution: Annotated[
        list[str] | None, typer.Option(help="A factor solution of the questionnaire; repeat for several.")
    ] = None,
    extraction: ExtractionOption = Extraction.principal_factor,
    rotation: RotationOption = Rotation.varimax,
    kaiser: KaiserOption = False,
    n_factors: FactorsOption = None,
    round: Annotated[int | None, typer.Option(help="Which round; 0 for all.")] = 1,  # noqa: A002
    correlation: CorrelationOption = Correlation.pearson,
    missing: MissingOption = Missing.listwise,
    cutoff: CutoffOption = 0.0,
    decimals: DecimalsOption = 2,
    json: Json = False,
) -> None:
    """Factor analysis of the analysis sample, one for each solution of the questionnaire."""
    study = opened(context.obj)
    found = factor_service.factor_solutions(
        study,
        solutions=tuple(solution) if solution else None,
        extraction=extraction.value,
        rotation=rotation_of(rotation),
        kaiser=kaiser,
        n_factors=n_factors,
        round=round or None,
        correlation=correlation.value,
        missing=missing.value,
    )
    if json:
        print_json([each.as_dict() for each in found])
        return
    instrument, language = surveys.require_instrument(study), language_of(study)
    for each in found:
        print_answers(study, factor_tables.eigenvalues_table(each, instrument, language=language))
        variance = factor_tables.variance_table(each, instrument, language=language)
        if variance is not None:
            print_answers(study, variance)
        print_answers(
            study,
            factor_tables.loadings_table(
                each, instrument, language=language, blank_under=cutoff, decimals=decimals
            ),
        )


@effects_app.callback()
def effects_group(context: typer.Context, study: StudyArgument) -> None:
    """The effect estimates of a study."""
    context.obj = study


@effects_app.command("import")
def import_estimates(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A list of estimates, or tables as printed (esttab, xlsx, Word)."
        ),
    ],
    mapping: MappingOption = None,
    nature: NatureOption = Nature.measured,
    label: LabelOption = "",
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Import estimates; a file of the same name takes the place of the earlier one."""
    from quant import EstimateMapping

    study = opened(context.obj)
    given = EstimateMapping.load(mapping) if mapping is not None else None
    draft = effects.draft_estimates(GivenFile.from_path(file), mapping=given, label=label)
    source = effects.save_estimates(study, draft, actor=actor(coder), nature=nature.value, label=label)
    if json:
        print_json(vars(source))
        return
    print(t("cli.stored_estimates", n=source.estimates, file=source.file_name))
    print_rows(headings("finding", "rows"), source.findings.items())


@effects_app.command("list")
def list_estimates(
    context: typer.Context,
    outcome: Annotated[str | None, typer.Option(help="Only this outcome.")] = None,
    subgroup: Annotated[str | None, typer.Option(help="Only this subgroup.")] = None,
    json: Json = False,
) -> None:
    """List the estimates with their intervals and how they read."""
    study = opened(context.obj)
    found = [
        stored
        for stored in effects.list_estimates(study)
        if outcome in (None, stored.value.outcome) and subgroup in (None, stored.value.subgroup)
    ]
    if json:
        print_json([stored.as_dict() for stored in found])
    elif found:
        scheme = study_scheme(study)
        print_table(effect_tables.estimates_table(found, language=language_of(study), scheme=scheme))
    else:
        print(t("cli.no_estimates"))


def factors(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A csv or xlsx with one column an item.")],
    columns: Annotated[
        str | None, typer.Option(help="The items, separated by commas; all numeric columns if left out.")
    ] = None,
    extraction: ExtractionOption = Extraction.principal_factor,
    rotation: RotationOption = Rotation.varimax,
    kaiser: KaiserOption = False,
    n_factors: FactorsOption = None,
    correlation: CorrelationOption = Correlation.pearson,
    missing: MissingOption = Missing.listwise,
    tolerance: ToleranceOption = STATAS_TOLERANCE,
    cutoff: CutoffOption = 0.0,
    decimals: DecimalsOption = 4,
    json: Json = False,
) -> None:
    """Factor analysis of a file; no study is needed."""
    solution = factor_service.factors_of_file(
        GivenFile.from_path(file),
        columns=tuple(name.strip() for name in columns.split(",")) if columns else None,
        extraction=extraction.value,
        rotation=rotation_of(rotation),
        kaiser=kaiser,
        n_factors=n_factors,
        correlation=correlation.value,
        missing=missing.value,
        tolerance=tolerance,
    )
    if json:
        print_json(solution.as_dict())
        return
    result = solution.result
    print(t("cli.factored", method=result.method, rows=result.n, dropped=result.n_dropped))
    print_rows(
        headings("factor", "eigenvalue", "proportion", "cumulative"),
        (
            (
                row["factor"],
                f"{row['eigenvalue']:.5f}",
                f"{row['proportion']:.4f}",
                f"{row['cumulative']:.4f}",
            )
            for row in result.eigenvalue_table().to_dict("records")
        ),
    )
    print_rows(
        (*headings("item"), *result.factors, *headings("uniqueness")),
        (
            (
                item,
                *(
                    f"{value:.{decimals}f}" if abs(value) >= cutoff else ""
                    for value in result.loadings.loc[item].to_numpy(dtype=float)
                ),
                f"{result.uniqueness[item]:.{decimals}f}",
            )
            for item in result.items
        ),
    )
    for note in result.notes:
        print(factor_tables.note_text(note, get_language()))


def rotation_of(wanted: Rotation) -> quant.Rotation | None:
    """The rotation by the name that `quant` knows; None for none."""
    named: dict[Rotation, quant.Rotation] = {
        Rotation.varimax: "varimax",
        Rotation.promax: "promax",
        Rotation.oblimin: "oblimin",
    }
    return named.get(wanted)


def _print_source(study: Study, source: surveys.AnswersSource) -> None:
    language = language_of(study)
    instrument = surveys.require_instrument(study)
    print_table(survey_tables.flow_table(source.flow, instrument, language=language, source=source.label))
    print_table(survey_tables.findings_table(source.findings, language=language))
