"""Panels built of uploads: rules without a folder, and records that lie on disk only while they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from quant.panel_building import BuiltPanel, OnStep, build_panel
from quant.panel_rules import PanelRules, load_panel_rules
from quant.register_sources import MEMORY_LIMIT
from workbench.errors import InvalidRequestError, os_problem
from workbench.i18n import t
from workbench.services.files import GivenFile


def make_panel_of_uploads(
    rules: GivenFile,
    records: Sequence[GivenFile] | str = (),
    *,
    table: str | None = None,
    memory_limit: str = MEMORY_LIMIT,
    on_step: OnStep | None = None,
) -> BuiltPanel:
    """Build a panel by uploaded rules.

    records : uploads, among which may be the file of treated values that the rules name; or the path of a
        file or folder, a pattern, or the address of a database; those that the rules name if empty.

    Raises EffectError for rules or records that cannot be used, InvalidRequestError for files that the rules
    name beside themselves and nobody handed over, or that cannot be read.
    """
    declared = load_panel_rules(rules.content, rules.name)
    with tempfile.TemporaryDirectory(prefix="panel-") as folder:
        uploads = [] if isinstance(records, str) else _laid(records, Path(folder))
        where = records if isinstance(records, str) else ""
        reachable = _with_treated_file(declared, uploads, where, file=rules.name)
        sources = [str(path) for path in uploads if str(path) != reachable.treatment.file]
        if not (sources or where):
            _require_reachable(reachable, file=rules.name)
        try:
            made = build_panel(
                reachable,
                (sources[0] if len(sources) == 1 else sources) or where or None,
                table=table,
                memory_limit=memory_limit,
                on_step=on_step,
            )
        except OSError as error:
            path, detail = error.filename or where, os_problem(error)
            raise InvalidRequestError(t("errors.not_read", path=path, detail=detail)) from error
    return replace(made, rules=declared)


def _laid(uploads: Sequence[GivenFile], folder: Path) -> list[Path]:
    """The uploads as files of their own names, each in a folder of its own."""
    paths = []
    for number, upload in enumerate(uploads):
        path = folder / str(number) / Path(upload.name).name
        path.parent.mkdir()
        path.write_bytes(upload.content)
        paths.append(path)
    return paths


def _with_treated_file(declared: PanelRules, uploads: Sequence[Path], where: str, *, file: str) -> PanelRules:
    """The rules with the file of treated values where it is: among the uploads, or beside the records."""
    named = declared.treatment.file
    if not named or Path(named).is_absolute():
        return declared
    beside = Path(where) if Path(where).is_dir() else Path(where).parent
    found = next((path for path in uploads if path.name == Path(named).name), None)
    if found is None and where and "://" not in where and (beside / named).is_file():
        found = beside / named
    if found is None:
        raise InvalidRequestError(t("panels.no_treated_file", file=file, named=named))
    return replace(declared, treatment=replace(declared.treatment, file=str(found)))


def _require_reachable(declared: PanelRules, *, file: str) -> None:
    """Raise InvalidRequestError for records that are not named, or from the folder of the rules."""
    if not declared.files:
        raise InvalidRequestError(t("panels.no_records", file=file))
    for named in declared.files:
        if "://" not in named and not Path(named).is_absolute():
            raise InvalidRequestError(t("panels.no_records_given", file=file, named=named))
