"""Commands about outcomes and regressions: in a study, and of any file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from coding_schemes import Scheme
from quant.regression_specs import FEWEST_DRAWS, MOST_DRAWS, RegressionSpec
from workbench.cli.numbers import LabelOption, Nature, NatureOption, fip_app
from workbench.cli.output import CoderOption, Json, actor, language_of, opened, print_json, print_table, say
from workbench.i18n import Language, get_language, t
from workbench.services import outcome_tables, regression_runs, regression_tables, regressions, surveys
from workbench.services import outcomes as outcome_service
from workbench.services.files import GivenFile
from workbench.services.mapped_answers import mapped_remark, with_remark
from workbench.services.schemes import study_scheme

DrawsOption = Annotated[
    int | None,
    typer.Option(
        min=FEWEST_DRAWS, max=MOST_DRAWS, help="Draws of the wild bootstrap, if the SPEC asks for one."
    ),
]
DiscoveryOption = Annotated[
    bool, typer.Option("--false-discovery", help="Stars by q-values (Benjamini and Hochberg).")
]


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
            raise typer.BadParameter(t("cli.usage.rules"))
        records = GivenFile.from_path(file)
        made = outcome_service.draft_outcomes(study, records, GivenFile.from_path(rules), round=round)
        source = outcome_service.save_outcomes(
            study, records, made, actor=actor(coder), nature=nature.value, label=label
        )
        say(t("regressions.page.stored", n=source.values, file=source.file_name))
    sources = outcome_service.outcomes_sources(study)
    if json:
        frame = outcome_service.study_outcomes(study)
        print_json({"sources": [vars(each) for each in sources], "outcomes": frame.to_dict("records")})
        return
    print_table(outcome_tables.outcomes_table(sources, language=language_of(study)))


@fip_app.command("regress")
def study_regress(
    context: typer.Context,
    spec: Annotated[
        Path | None,
        typer.Argument(metavar="[SPEC]", help="A .toml or .json; a suggestion if left out."),
    ] = None,
    keep: Annotated[str, typer.Option(help="Keep the joint estimates as evidence under this name.")] = "",
    save: Annotated[str, typer.Option(help="Keep the run for the report under this name.")] = "",
    draws: DrawsOption = None,
    false_discovery: DiscoveryOption = False,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Regress outcomes on what the questionnaire measured, one predictor at a time and all together.

    The run is remembered as the last one; the report prints the runs that were saved under a name, or the
    last one.
    """
    study = opened(context.obj)
    declared = (
        regressions.read_spec(GivenFile.from_path(spec))
        if spec is not None
        else regressions.default_spec(study)
    )
    found = regressions.regress_study(study, _chosen(declared, draws, false_discovery))
    regression_runs.keep_run(study, found, actor=actor(coder), title=save.strip())
    if keep:
        mode = "single" if declared.models == "single" else "joint"
        kept = regressions.keep_as_evidence(study, found, mode, name=keep, actor=actor(coder))  # type: ignore[arg-type]
        say(t("regressions.page.kept", n=kept.estimates, name=keep))
    if json:
        print_json(found.as_dict())
        return
    language = language_of(study)
    names = regression_tables.predictor_names(surveys.study_instrument(study), language)
    remark = mapped_remark(study, language=language)
    _print(found, language, names, study_scheme(study), remark)


def regress(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A csv or xlsx, one row a person.")],
    spec: Annotated[Path, typer.Argument(metavar="SPEC", help="A .toml or .json that declares the models.")],
    draws: DrawsOption = None,
    false_discovery: DiscoveryOption = False,
    json: Json = False,
) -> None:
    """Regressions on a file; no study is needed."""
    declared = _chosen(regressions.read_spec(GivenFile.from_path(spec)), draws, false_discovery)
    found = regressions.regress_file(GivenFile.from_path(file), declared)
    if json:
        print_json(found.as_dict())
        return
    _print(found, get_language(), {}, None)


def _chosen(spec: RegressionSpec, draws: int | None, false_discovery: bool) -> RegressionSpec:
    """The declaration with what the options of the command say."""
    return replace(
        spec,
        draws=spec.draws if draws is None else draws,
        false_discovery=spec.false_discovery or false_discovery,
    )


def _print(
    found: regressions.StudyRun,
    language: Language,
    names: dict[str, str],
    scheme: Scheme | None,
    remark: str = "",
) -> None:
    for table in regression_runs.run_tables(found, language=language, names=names, scheme=scheme):
        print_table(with_remark(table, remark))
