"""Commands about indices and analyses that are kept with the study."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from workbench.cli.answer_tables import print_answers
from workbench.cli.numbers import fip_app
from workbench.cli.output import (
    CoderOption,
    Json,
    actor,
    language_of,
    opened,
    print_json,
    print_table,
    say,
)
from workbench.display import Column, TableSpec
from workbench.errors import InvalidRequestError
from workbench.i18n import Language, t
from workbench.services import analyses, descriptions, index_values, survey_tables, surveys
from workbench.services.analyses import Analysis, Kind
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study


@fip_app.command()
def indices(
    context: typer.Context,
    solution: Annotated[
        str | None,
        typer.Option(help="A factor solution; own for the indices kept with the study."),
    ] = None,
    by: Annotated[str | None, typer.Option(help="A background column, such as gender.")] = None,
    items: Annotated[
        str, typer.Option(help="Make an index of these items, separated by commas, and keep it.")
    ] = "",
    name: Annotated[str, typer.Option(help="What the index made of --items is called.")] = "",
    min_share: Annotated[
        float, typer.Option(min=0, max=1, help="Share of --items that must be answered.")
    ] = 1.0,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Indices as item means: a row a person and round as JSON, their means as text."""
    study = opened(context.obj)
    if items or name:
        if not (items and name):
            raise typer.BadParameter(t("errors.items_and_name"))
        made = index_values.save_index(
            study, name, index_values.parse_items(items), min_share=min_share, actor=actor(coder)
        )
        say(t("surveys.own.saved", name=made.name))
        solution = index_values.OWN
    wanted = _wanted(study, solution)
    columns = surveys.backgrounds(study)
    if by is not None and by not in columns:
        raise InvalidRequestError(
            t("errors.no_background_column", column=by, columns=", ".join(columns) or "none")
        )
    frame = index_values.index_values(study, solution=wanted)
    if json:
        print_json(frame.to_dict("records"))
        return
    means = survey_tables.summarise_indices(
        frame, surveys.require_answers(study), by=by, limit=descriptions.small_limit(study)
    )
    language = language_of(study)
    table = survey_tables.indices_table(
        means,
        surveys.require_instrument(study),
        wanted,
        language=language,
        by=by,
        scheme=study_scheme(study),
        own=index_values.usable_indices(study),
    )
    print_answers(study, table)


@fip_app.command("analyses")
def kept_analyses(
    context: typer.Context,
    remove: Annotated[str, typer.Option(help="Let go of the analysis of this name.")] = "",
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """List the indices, regressions and other analyses that are kept with the study."""
    study = opened(context.obj)
    if remove:
        _remove(study, remove, actor(coder))
    found = analyses.list_analyses(study)
    if json:
        print_json([each.as_dict() for each in found])
        return
    print_table(_analyses_table(found, language_of(study)))


def _wanted(study: Study, solution: str | None) -> str:
    """The solution asked for, else the first; the study's own indices where there is none."""
    known = surveys.require_instrument(study).solutions()
    if solution is None and not known and not index_values.usable_indices(study):
        raise InvalidRequestError(t("errors.no_named_factors"))
    return solution or (known[0] if known else index_values.OWN)


def _remove(study: Study, title: str, who: str) -> None:
    kinds = [each.kind for each in analyses.list_analyses(study) if each.title == title]
    for kind in get_args(Kind):
        if kind in kinds:
            analyses.remove_analysis(study, kind, title, actor=who)
    if not kinds:
        analyses.remove_analysis(study, "regression", title, actor=who)


def _analyses_table(found: list[Analysis], language: Language) -> TableSpec:
    names = ("kind", "title", "created", "stale")
    return TableSpec(
        key="analyses",
        title=t("surveys.kept.heading"),
        columns=tuple(Column(name, t(f"surveys.kept.column_{name}")) for name in names),
        rows=tuple(
            (
                t(f"surveys.kept.kind.{each.kind}"),
                each.title or t("surveys.kept.last_run"),
                f"{each.created_at:%Y-%m-%d %H:%M} UTC",
                t("surveys.kept.stale") if each.stale else "",
            )
            for each in found
        ),
        language=language,
    )
