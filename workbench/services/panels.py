"""Panels of register records: built by rules, kept as Parquet beside the study with how they came about."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quant.panel_building import BuiltPanel, OnStep, build_panel
from quant.panel_rules import PanelRules, load_panel_rules
from quant.register_databases import without_password
from quant.register_sources import MEMORY_LIMIT
from workbench.errors import InvalidRequestError, os_problem
from workbench.i18n import t
from workbench.services import panel_files
from workbench.services.panel_files import StudyPanel
from workbench.services.surveys import Nature
from workbench.store import events
from workbench.store.engine import StudyStore as Study


@dataclass(frozen=True)
class SavedPanel:
    """A panel in a file.

    path : of the Parquet file; its account stands beside it, under the same name and .json.
    flow, excluded : rows as dicts, as `BuiltPanel` has them.   findings : count by kind.
    notes : reason, text and values of each.   rules : as `panel_rules` reads them.
    """

    path: str
    sha256: str
    rows: int
    units: int
    flow: list[dict[str, Any]]
    excluded: list[dict[str, Any]]
    findings: dict[str, int]
    notes: list[dict[str, Any]]
    rules: dict[str, Any]


def read_panel_rules(path: str | Path) -> PanelRules:
    """Rules of a panel from a .toml or .json file. Raises EffectError for what cannot be meant."""
    return load_panel_rules(path)


def make_panel(
    rules: str | Path,
    *,
    records: str | Path | None = None,
    table: str | None = None,
    memory_limit: str = MEMORY_LIMIT,
    on_step: OnStep | None = None,
) -> BuiltPanel:
    """Build a panel by a file of rules; `records` takes the place of those the rules name.

    Raises EffectError for rules or records that cannot be used.
    """
    return build_panel(rules, records, table=table, memory_limit=memory_limit, on_step=on_step)


def save_panel(
    study: Study,
    made: BuiltPanel,
    rules: str | Path,
    *,
    actor: str,
    to: str | Path | None = None,
    label: str = "",
    nature: Nature = "measured",
    home: Path | None = None,
) -> SavedPanel:
    """Write a panel and its account, put it on the study's list, and log that it was made.

    rules : the file of rules, whose name the panel gets.
    to : where it goes; among the study's panels if None (`panel_files.panel_folder`, which `home` is for).
    label : what a source line calls it; the name of its file if empty.

    A panel of the same name on the list is replaced.
    Raises InvalidRequestError if nothing can be written there, or a study on a server has no `home`.
    """
    path = Path(to) if to is not None else _place(study, rules, home)
    try:
        if to is None:
            path.parent.mkdir(parents=True, exist_ok=True)
        made.to_parquet(path)
        saved = _saved(path, made)
        account = json.dumps(vars(saved) | {"path": path.name}, ensure_ascii=False, indent=2)
        _account_path(path).write_text(f"{account}\n", encoding="utf-8")
    except OSError as error:
        detail = os_problem(error)
        raise InvalidRequestError(t("panels.not_written", path=path, detail=detail)) from error
    kept_as = path.name if to is None else str(path.resolve())
    listed = StudyPanel(path.name, kept_as, label or path.name, nature, saved.sha256, saved.rows, built=True)
    panel_files.list_panel(study, listed, actor=actor)
    with study.write() as session:
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="panel.build",
            entity="panel",
            entity_id=path.name,
            after={"file": path.name, "sha256": saved.sha256, "rows": saved.rows, "rules": saved.rules},
        )
    return saved


def panel_account(study: Study, panel: StudyPanel, *, home: Path | None = None) -> SavedPanel | None:
    """How a panel that was built here came about; None for others, or if its account is gone."""
    if not panel.built:
        return None
    path = panel_files.panel_path(study, panel, home)
    try:
        account = SavedPanel(**json.loads(_account_path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return replace(account, path=str(path))


def _account_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _place(study: Study, rules: str | Path, home: Path | None) -> Path:
    return panel_files.panel_folder(study, home) / f"{Path(rules).stem}.parquet"


def _saved(path: Path, made: BuiltPanel) -> SavedPanel:
    last = made.flow.iloc[-1]
    return SavedPanel(
        path=str(path),
        sha256=_hash(path),
        rows=int(last["n_rows"]),
        units=int(last["n_units"]),
        flow=_records(made.flow.to_dict("records")),
        excluded=_records(made.excluded.to_dict("records")),
        findings=dict(made.findings),
        notes=[{"reason": note.reason, "text": str(note), **note.values} for note in made.notes],
        rules=replace(made.rules, files=tuple(map(without_password, made.rules.files))).as_dict(),
    )


def _hash(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _records(rows: list[dict[Any, Any]]) -> list[dict[str, Any]]:
    """Rows as JSON values."""
    return [
        {str(name): getattr(value, "item", lambda v=value: v)() for name, value in row.items()}
        for row in rows
    ]
