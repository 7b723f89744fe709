"""Commands that check factors and indices: retention, reliability, stability, groups, changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.answer_tables import print_answers
from workbench.cli.numbers import (
    Extraction,
    ExtractionOption,
    FactorsOption,
    KaiserOption,
    Rotation,
    RotationOption,
    fip_app,
    rotation_of,
)
from workbench.cli.output import Json, language_of, opened, print_json, say
from workbench.display import to_xlsx
from workbench.services import (
    factor_check_tables,
    factor_checks,
    index_tables,
    index_values,
    scale_check_tables,
    surveys,
)
from workbench.services import factors as factor_service
from workbench.services.files import GivenFile
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.services.survey_tables import background_label

SolutionOption = Annotated[
    str | None, typer.Option(help="A factor solution of the questionnaire; the first if left out.")
]
RoundOption = Annotated[int | None, typer.Option(help="Which round; 0 for all.")]
DrawsOption = Annotated[int, typer.Option("--draws", min=2, max=100_000, help="Random samples to draw.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same numbers.")]


@fip_app.command("retention")
def retention(
    context: typer.Context,
    solution: SolutionOption = None,
    round: RoundOption = 1,  # noqa: A002
    draws: DrawsOption = 1000,
    seed: SeedOption = 1,
    polychoric: Annotated[bool, typer.Option("--polychoric", help="Factor polychoric correlations.")] = False,
    json: Json = False,
) -> None:
    """How many factors to keep: parallel analysis, Velicer's MAP and Kaiser's rule."""
    study = opened(context.obj)
    found = factor_checks.retention_of(
        study,
        solution=solution,
        round=round or None,
        draws=draws,
        seed=seed,
        correlation="polychoric" if polychoric else "pearson",
    )
    if json:
        print_json(factor_checks.as_json(found))
        return
    instrument, language = surveys.require_instrument(study), language_of(study)
    name = solution or (instrument.solutions() or (factor_service.WHOLE_QUESTIONNAIRE,))[0]
    print_answers(study, factor_check_tables.suggestions_table(found, instrument, name, language=language))
    print_answers(
        study, factor_check_tables.random_eigenvalues_table(found, instrument, name, language=language)
    )


@fip_app.command("reliability")
def reliability(
    context: typer.Context,
    solution: SolutionOption = None,
    round: RoundOption = 1,  # noqa: A002
    json: Json = False,
) -> None:
    """Alpha with its interval, omega and what each item does, for each named factor."""
    study = opened(context.obj)
    found = factor_checks.reliability_of(study, solution=solution, round=round or None)
    if json:
        print_json([factor_checks.reliability_json(scale) for scale in found])
        return
    instrument, language = surveys.require_instrument(study), language_of(study)
    name = solution or (instrument.solutions() or (factor_service.WHOLE_QUESTIONNAIRE,))[0]
    print_answers(study, scale_check_tables.reliability_table(found, instrument, name, language=language))
    print_answers(
        study, scale_check_tables.reliability_items_table(found, instrument, name, language=language)
    )


@fip_app.command("stability")
def stability(
    context: typer.Context,
    solution: SolutionOption = None,
    extraction: ExtractionOption = Extraction.principal_factor,
    rotation: RotationOption = Rotation.varimax,
    kaiser: KaiserOption = False,
    n_factors: FactorsOption = None,
    round: RoundOption = 1,  # noqa: A002
    draws: DrawsOption = 1000,
    seed: SeedOption = 1,
    json: Json = False,
) -> None:
    """Bootstrap intervals of the loadings; persons are drawn."""
    study = opened(context.obj)
    base = _solution(study, solution, extraction, rotation, kaiser, n_factors, round)
    found = factor_checks.stability_of(study, base, draws=draws, seed=seed)
    if json:
        print_json(factor_checks.as_json(found))
        return
    instrument, language = surveys.require_instrument(study), language_of(study)
    for table in (
        factor_check_tables.stability_table(found, base, instrument, language=language),
        factor_check_tables.stability_congruence_table(found, base, instrument, language=language),
    ):
        print_answers(study, table)


@fip_app.command("congruence")
def congruence(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Published loadings, csv or xlsx.")],
    solution: SolutionOption = None,
    extraction: ExtractionOption = Extraction.principal_factor,
    rotation: RotationOption = Rotation.varimax,
    kaiser: KaiserOption = False,
    n_factors: FactorsOption = None,
    round: RoundOption = 1,  # noqa: A002
    json: Json = False,
) -> None:
    """Tucker's congruence of each factor with a published solution."""
    study = opened(context.obj)
    given = GivenFile.from_path(file)
    published = factor_checks.published_loadings(given)
    base = _solution(study, solution, extraction, rotation, kaiser, n_factors, round)
    matches = factor_checks.congruence_with(base, published, given.name)
    if json:
        print_json(matches.to_dict("records"))
        return
    instrument, language = surveys.require_instrument(study), language_of(study)
    print_answers(
        study, factor_check_tables.published_table(matches, base, instrument, given.name, language=language)
    )


@fip_app.command("invariance")
def invariance(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="A background column, such as gender.")],
    solution: SolutionOption = None,
    extraction: ExtractionOption = Extraction.principal_factor,
    rotation: RotationOption = Rotation.varimax,
    kaiser: KaiserOption = False,
    round: RoundOption = 1,  # noqa: A002
    json: Json = False,
) -> None:
    """Whether groups answer alike: congruence by group, and models with ever more held equal."""
    study = opened(context.obj)
    found = factor_checks.invariance_of(
        study,
        by,
        solution=solution,
        round=round or None,
        extraction=extraction.value,
        rotation=rotation_of(rotation),
        kaiser=kaiser,
    )
    if json:
        models = factor_checks.as_json(found.models) if found.models is not None else None
        congruences = found.congruence.to_dict("records")
        print_json({"congruence": congruences, "models": models, "reason": found.reason or None})
        return
    instrument, language = surveys.require_instrument(study), language_of(study)
    base = _solution(study, solution, extraction, rotation, kaiser, None, round)
    scheme = study_scheme(study)
    title = background_label(by, language, scheme)
    table = scale_check_tables.invariance_table(found, instrument, title, language=language, scheme=scheme)
    if table is None:
        say(found.reason)
    else:
        print_answers(study, table)
    print_answers(
        study, scale_check_tables.group_congruence_table(found, base, instrument, title, language=language)
    )


@fip_app.command("changes")
def changes(
    context: typer.Context,
    solution: SolutionOption = None,
    index: Annotated[
        list[str] | None, typer.Option(help="An index of chosen items, NAME=ITEM,ITEM; repeat for several.")
    ] = None,
    min_share: Annotated[
        float, typer.Option(min=0, max=1, help="Share of the items that must be answered.")
    ] = 1.0,
    first: Annotated[int | None, typer.Option(help="The earlier round; the first if left out.")] = None,
    last: Annotated[int | None, typer.Option(help="The later round; the last if left out.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write each person's indices to an xlsx.")
    ] = None,
    json: Json = False,
) -> None:
    """Indices by factor or chosen items, and how they change between two rounds."""
    study = opened(context.obj)
    definitions = dict(index_values.parse_definition(text) for text in index) if index else None
    values = index_values.index_values(study, solution=solution, definitions=definitions, min_share=min_share)
    changed = index_values.changes_of(values, first=first, last=last)
    instrument, language = surveys.require_instrument(study), language_of(study)
    if output is not None:
        output.write_bytes(to_xlsx((index_tables.values_table(values, instrument, language=language),)))
        say(str(output))
    if json:
        print_json({"values": values.to_dict("records"), "changes": changed.to_dict("records")})
        return
    known = sorted(int(number) for number in values["round"].unique())
    rounds = (first if first is not None else known[0], last if last is not None else known[-1])
    table = index_tables.changes_table(
        values,
        changed,
        instrument,
        rounds=rounds,
        min_share=min_share,
        language=language,
        own=index_values.usable_indices(study) if solution == index_values.OWN and not index else (),
    )
    print_answers(study, table)


def _solution(
    study: Study,
    solution: str | None,
    extraction: Extraction,
    rotation: Rotation,
    kaiser: bool,
    n_factors: int | None,
    round: int | None,  # noqa: A002
) -> factor_service.FactorSolution:
    known = surveys.require_instrument(study).solutions() or (factor_service.WHOLE_QUESTIONNAIRE,)
    [found] = factor_service.factor_solutions(
        study,
        solutions=(solution or known[0],),
        extraction=extraction.value,
        rotation=rotation_of(rotation),
        kaiser=kaiser,
        n_factors=n_factors,
        round=round or None,
    )
    return found
