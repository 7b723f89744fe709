"""Commands that estimate effects: of a panel in a study, and of any file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.numbers import LabelOption, Nature, NatureOption, effects_app
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
from workbench.errors import InvalidRequestError
from workbench.i18n import get_language, t
from workbench.services import effect_runs, panel_files, synthetic_runs
from workbench.services.effect_check_tables import all_tables
from workbench.services.effect_run_tables import EffectTables
from workbench.services.effect_runs import PanelFile
from workbench.services.files import GivenFile
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study
from workbench.services.synthetic_tables import SyntheticTables
from workbench.settings import load_settings

SpecArgument = Annotated[Path, typer.Argument(metavar="SPEC", help="A .toml or .json that declares it.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A csv, xlsx, parquet or dta panel.")]
PanelOption = Annotated[
    Path | None,
    typer.Option(help="A file, or a panel of the study; else what the declaration names."),
]
TitleOption = Annotated[str, typer.Option(help="Keep the run under this title; else as the last one.")]
KeepOption = Annotated[str, typer.Option(help="Keep the effects as evidence under this name.")]


def register(app: typer.Typer) -> None:
    """Add the commands that need no study."""
    app.command()(did)
    app.command()(synthetic)


@effects_app.command("estimate")
def estimate(
    context: typer.Context,
    spec: SpecArgument,
    panel: PanelOption = None,
    controls_from: Annotated[
        str, typer.Option(help="Compare only with the donors of the synthetic control kept under this title.")
    ] = "",
    title: TitleOption = "",
    keep: KeepOption = "",
    nature: NatureOption = Nature.measured,
    label: LabelOption = "",
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Estimate effects by difference-in-differences, an event study, or with staggered starts."""
    study = opened(context.obj)
    declared = effect_runs.read_effect_spec(GivenFile.from_path(spec))
    if controls_from:
        declared = replace(declared, controls=synthetic_runs.donors_of(study, controls_from))
    opened_panel = _opened_panel(study, panel, declared.panel, spec, label, nature)
    found = effect_runs.estimate_effects(opened_panel, declared, on_step=_progress())
    effect_runs.keep_findings(study, found, actor=actor(coder), title=title.strip())
    if keep:
        kept = effect_runs.keep_as_evidence(study, found, name=keep, actor=actor(coder))
        say(t("did.command.kept", n=kept.estimates, name=keep))
    if json:
        print_json(found.as_dict())
        return
    tables = EffectTables(found, language=language_of(study), scheme=study_scheme(study))
    _print_effects(tables)


@effects_app.command("synthetic")
def study_synthetic(
    context: typer.Context,
    spec: SpecArgument,
    panel: PanelOption = None,
    title: TitleOption = "",
    keep: KeepOption = "",
    nature: NatureOption = Nature.measured,
    label: LabelOption = "",
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Make a synthetic control of one treated unit or of several."""
    study = opened(context.obj)
    declared = synthetic_runs.read_synthetic_spec(GivenFile.from_path(spec))
    opened_panel = _opened_panel(study, panel, declared.panel, spec, label, nature)
    found = synthetic_runs.estimate_synthetic(opened_panel, declared, on_step=_progress())
    synthetic_runs.keep_synthetic(study, found, actor=actor(coder), title=title.strip())
    if keep:
        kept = synthetic_runs.keep_as_evidence(study, found, name=keep, actor=actor(coder))
        say(t("did.command.kept", n=kept.estimates, name=keep))
    if json:
        print_json(found.as_dict())
        return
    tables = SyntheticTables(found, language=language_of(study), scheme=study_scheme(study))
    _print_synthetic(tables)


def did(file: FileArgument, spec: SpecArgument, json: Json = False) -> None:
    """Effects by difference-in-differences of a file; no study is needed."""
    declared = effect_runs.read_effect_spec(GivenFile.from_path(spec))
    found = effect_runs.estimate_effects(effect_runs.open_panel(file), declared, on_step=_progress())
    if json:
        print_json(found.as_dict())
        return
    _print_effects(EffectTables(found, language=get_language()))


def synthetic(file: FileArgument, spec: SpecArgument, json: Json = False) -> None:
    """A synthetic control from a file; no study is needed."""
    declared = synthetic_runs.read_synthetic_spec(GivenFile.from_path(spec))
    found = synthetic_runs.estimate_synthetic(effect_runs.open_panel(file), declared, on_step=_progress())
    if json:
        print_json(found.as_dict())
        return
    _print_synthetic(SyntheticTables(found, language=get_language()))


def _opened_panel(
    study: Study, given: Path | None, named: str, spec: Path, label: str, nature: Nature
) -> PanelFile:
    """The panel given or named: a file, or one of the study's by its name, which has a label and a nature."""
    path = _panel_path(given, named, spec)
    listed = {panel.name for panel in panel_files.study_panels(study)}
    if path.name in listed and not path.exists() and str(given or named) == path.name:
        found = panel_files.open_study_panel(study, path.name, home=load_settings().home)
        return replace(found, label=label or found.label)
    return effect_runs.open_panel(path, label=label, nature=nature.value)


def _panel_path(given: Path | None, named: str, spec: Path) -> Path:
    """The panel given, else the one the declaration names, beside it."""
    if given is not None:
        return given
    if not named:
        raise InvalidRequestError(t("errors.no_panel_named", spec=spec.name))
    return spec.parent / named


def _progress() -> Callable[[int, int], None] | None:
    """A bar on the terminal's error stream; nothing where nobody looks."""
    import sys

    if not sys.stderr.isatty():
        return None

    def step(done: int, total: int) -> None:
        print(f"\r{done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)

    return step


def _print_effects(tables: EffectTables) -> None:
    for table in all_tables(tables):
        print_table(table)
    for each in tables.found.outcomes:
        for failed in each["failed"]:
            say(f"{tables.outcome(each)}: {tables.note(failed)}")
    for failed in tables.found.values["failed"]:
        say(f"{failed['outcome']}: {tables.note(failed)}")


def _print_synthetic(tables: SyntheticTables) -> None:
    for table in tables.all():
        print_table(table)
    for unit in tables.found.units:
        said = tables.earlier(unit)
        if said is not None:
            say(said)
        for failed in unit["failed"]:
            say(f"{unit['treated_unit']}: {tables.said(failed)}")
