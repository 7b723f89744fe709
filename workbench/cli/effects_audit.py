"""The command that audits estimates and reports; `register` adds it to `effects`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import Json, LanguageOption, language_of, opened, print_json, print_table, say
from workbench.i18n import t


def register(effects_app: typer.Typer) -> None:
    """Add the command of this module."""
    effects_app.command("audit")(audit)


def audit(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="A file of estimates, or a report; the study's own estimates if left out."
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="A .toml or .json that says which column holds what.")
    ] = None,
    language: LanguageOption = None,
    json: Json = False,
) -> None:
    """Flag numbers that contradict each other, and sentences of a report that disagree with its tables."""
    from quant import EstimateMapping
    from workbench.services import auditing
    from workbench.services.files import GivenFile

    study = opened(context.obj)
    spoken = language_of(study, language)
    if file is None:
        found = auditing.audit_study(study, language=spoken)
    else:
        given = EstimateMapping.load(mapping) if mapping is not None else None
        found = auditing.audit_file(study, GivenFile.from_path(file), language=spoken, mapping=given)
    if json:
        print_json(found.as_dict())
        return
    if found.flags:
        print_table(auditing.flags_table(found, language=spoken))
    if found.claims:
        print_table(auditing.claims_table(found, language=spoken))
    say(t("audit.counted", language=spoken, estimates=found.estimates, flags=len(found.flags)))
    if found.paragraphs:
        disagree = sum(claim["status"] == "disagrees" for claim in found.claims)
        unchecked = len(found.claims) - disagree
        say(
            t("audit.read", language=spoken, paragraphs=found.paragraphs, flags=disagree, unchecked=unchecked)
        )
