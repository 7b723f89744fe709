"""Commands about outcomes and regressions: in a study, and of any file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.numbers import LabelOption, Nature, NatureOption, fip_app
from workbench.cli.output import CoderOption, Json, actor, language_of, opened, print_json, print_table, say
from workbench.i18n import Language, get_language
from workbench.services import outcomes as outcome_service
from workbench.services import regression_tables, regressions, surveys
from workbench.services.files import GivenFile
from workbench.services.schemes import study_scheme


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(regress)


@fip_app.command("outcomes")
def outcomes(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A register extract; without it outcomes are listed."),
    ] = None,
    rules: Annotated[Path | None, typer.Option(help="A .toml or .json of rules.")] = None,
    round: Annotated[int | None, typer.Option(help="The round that windows follow.")] = None,  # noqa: A002
    nature: NatureOption = Nature.measured,
    label: LabelOption = "",
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Make outcomes of a register extract by declared rules, or list those there are."""
    study = opened(context.obj)
    if file is not None:
        if rules is None:
            raise typer.BadParameter("give the rules of the outcomes with --rules FILE")
        records = GivenFile.from_path(file)
        made = outcome_service.draft_outcomes(study, records, GivenFile.from_path(rules), round=round)
        source = outcome_service.save_outcomes(
            study, records, made, actor=actor(coder), nature=nature.value, label=label
        )
        say(f"{source.values} values stored")
    sources = outcome_service.outcomes_sources(study)
    if json:
        frame = outcome_service.study_outcomes(study)
        print_json({"sources": [vars(each) for each in sources], "outcomes": frame.to_dict("records")})
        return
    print_table(regression_tables.outcomes_table(sources, language=language_of(study)))


@fip_app.command("regress")
def study_regress(
    context: typer.Context,
    spec: Annotated[
        Path | None,
        typer.Argument(metavar="[SPEC]", help="A .toml or .json; a suggestion if left out."),
    ] = None,
    keep: Annotated[str, typer.Option(help="Keep the joint estimates as evidence under this name.")] = "",
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Regress outcomes on what the questionnaire measured, one predictor at a time and all together."""
    study = opened(context.obj)
    declared = (
        regressions.read_spec(GivenFile.from_path(spec))
        if spec is not None
        else regressions.default_spec(study)
    )
    found = regressions.regress_study(study, declared)
    if keep:
        mode = "single" if declared.models == "single" else "joint"
        kept = regressions.keep_as_evidence(study, found, mode, name=keep, actor=actor(coder))  # type: ignore[arg-type]
        say(f"{kept.estimates} estimates kept as evidence")
    if json:
        print_json(found.as_dict())
        return
    language = language_of(study)
    names = regression_tables.predictor_names(surveys.study_instrument(study), language)
    _print(found, language, names, study_scheme(study))


def regress(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A csv or xlsx, one row a person.")],
    spec: Annotated[Path, typer.Argument(metavar="SPEC", help="A .toml or .json that declares the models.")],
    json: Json = False,
) -> None:
    """Regressions on a file; no study is needed."""
    declared = regressions.read_spec(GivenFile.from_path(spec))
    found = regressions.regress_file(GivenFile.from_path(file), declared)
    if json:
        print_json(found.as_dict())
        return
    _print(found, get_language(), {}, None)


def _print(found: regressions.StudyRun, language: Language, names: dict[str, str], scheme: object) -> None:
    known: dict[str, object] = {"language": language, "names": names, "scheme": scheme}
    for mode in dict.fromkeys(found.run.estimates["mode"]):
        print_table(regression_tables.specification_table(found, mode, **known))  # type: ignore[arg-type]
    print_table(regression_tables.estimates_table(found, **known))  # type: ignore[arg-type]
    if found.run.spec.logit:
        print_table(regression_tables.effects_table(found, **known))  # type: ignore[arg-type]
    if found.run.told:
        print_table(regression_tables.told_table(found, **known))  # type: ignore[arg-type]
