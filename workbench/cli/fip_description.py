"""Commands that describe the answers: means, progression, agreement, missing, star, limit."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from quant import StarData
from workbench.cli.answer_tables import print_answers
from workbench.cli.numbers import fip_app
from workbench.cli.output import CoderOption, Json, actor, language_of, opened, print_json, say
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services import description_tables, descriptions, survey_tables, surveys
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study


class Level(StrEnum):
    """What is described."""

    items = "items"
    dimensions = "dimensions"


ByOption = Annotated[str | None, typer.Option(help="A background column, such as gender.")]
ClusterOption = Annotated[
    str | None, typer.Option(help="A background column, such as caseworker, whose persons belong together.")
]


@fip_app.command()
def means(
    context: typer.Context, by: ByOption = None, cluster: ClusterOption = None, json: Json = False
) -> None:
    """Mean of every item by round (and group) with its interval."""
    study = _opened(context, by, cluster)
    frame = descriptions.means(study, by=by, cluster=cluster)
    if json:
        print_json(frame.to_dict("records"))
        return
    instrument, scheme = surveys.require_instrument(study), study_scheme(study)
    limit = descriptions.small_limit(study)
    table = survey_tables.means_table(
        frame,
        instrument,
        language=language_of(study),
        by=by,
        scheme=scheme,
        limit=limit,
        clusters=descriptions.cluster_count(study, cluster),
    )
    print_answers(study, table)


@fip_app.command()
def progression(
    context: typer.Context,
    by: ByOption = None,
    level: Annotated[Level, typer.Option(help="Single questions, or means by topic.")] = Level.items,
    first: Annotated[int | None, typer.Option(help="The earlier round.")] = None,
    last: Annotated[int | None, typer.Option(help="The later round.")] = None,
    cluster: ClusterOption = None,
    json: Json = False,
) -> None:
    """Change between two rounds: interval, effect sizes, exact tests, shares better and worse."""
    study = _opened(context, by, cluster)
    frame = descriptions.progressions(
        study, by=by, level=level.value, first=first, last=last, cluster=cluster
    )
    if json:
        print_json(frame.to_dict("records"))
        return
    print_answers(study, *_tables(study, by).progression(frame))


@fip_app.command()
def agreement(
    context: typer.Context,
    by: ByOption = None,
    round: Annotated[int | None, typer.Option(help="One round; all if left out.")] = None,  # noqa: A002
    json: Json = False,
) -> None:
    """Agreement of two respondents on paired questions: ICC, weighted kappa, bias."""
    study = _opened(context, by)
    frame = descriptions.agreements(study, by=by, round=round)
    if json:
        print_json(frame.to_dict("records"))
        return
    print_answers(study, *_tables(study, by).agreement(frame))


@fip_app.command()
def missing(context: typer.Context, by: ByOption = None, json: Json = False) -> None:
    """What was left unanswered: by question, by questionnaire, together; ends of the scales."""
    study = _opened(context, by)
    found, ends = descriptions.missing(study, by=by), descriptions.ends_of_scales(study, by=by)
    if json:
        print_json({**found.as_dict(), "ends": ends.to_dict("records")})
        return
    tables = _tables(study, by)
    print_answers(study, *tables.missing(found), tables.ends(ends))


@fip_app.command()
def star(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="PERSON|VALUE", help="A person, or a value of --by.")],
    by: ByOption = None,
    json: Json = False,
) -> None:
    """The star of a person, or (with --by) of a caseload, a municipality or another group."""
    study = _opened(context, by)
    data = surveys.person_star(study, name) if by is None else descriptions.star_of_group(study, by, name)
    if json:
        print_json(_star_values(data))
        return
    print_answers(
        study, description_tables.star_table(data, language=language_of(study), grouped=by is not None)
    )


@fip_app.command("limit")
def small_limit(
    context: typer.Context,
    persons: Annotated[int | None, typer.Argument(help="Persons a group must have to be shown.")] = None,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Show or choose how many persons a group must have to be shown in tables split by background."""
    study = opened(context.obj)
    if persons is not None:
        descriptions.set_small_limit(study, persons, actor=actor(coder))
    limit = descriptions.small_limit(study)
    if json:
        print_json({"limit": limit})
    else:
        say(t("descriptions.limit.saved", n=limit))


def _opened(context: typer.Context, *columns: str | None) -> Study:
    study = opened(context.obj)
    surveys.require_answers(study)
    known = surveys.backgrounds(study)
    for column in columns:
        if column is not None and column not in known:
            raise InvalidRequestError(
                t("errors.no_background_column", column=column, columns=", ".join(known) or "none")
            )
    return study


def _tables(study: Study, by: str | None) -> description_tables.DescriptionTables:
    return description_tables.DescriptionTables(
        surveys.require_instrument(study),
        language=language_of(study),
        by=by,
        scheme=study_scheme(study),
        limit=descriptions.small_limit(study),
    )


def _star_values(data: StarData) -> dict[str, object]:
    return {
        "name": data.person,
        "scale": [data.scale_min, data.scale_max],
        "axes": [axis.id for axis in data.axes],
        "series": [
            {"respondent": s.respondent, "round": s.round, "n": s.n, "values": list(s.values)}
            for s in data.series
        ],
    }
