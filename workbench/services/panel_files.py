"""The panels that a study estimates effects from: files beside it, listed in its settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.errors import InvalidRequestError, NotFoundError, os_problem
from workbench.i18n import t
from workbench.services.effect_runs import PanelFile, open_panel
from workbench.services.files import GivenFile
from workbench.services.studies import describe_study, update_study
from workbench.services.surveys import Nature
from workbench.store.engine import StudyStore as Study

PANELS = "panels"


@dataclass(frozen=True)
class StudyPanel:
    """A panel of the study.

    name : of its file.   path : of the file; relative ones lie in the folder of panels.
    label : what a source line calls it.   sha256 : of the file when it was added.
    rows : of the file when it was added; None where they were not counted.
    built : made here of register records; its account stands beside it (`services.panels`).
    """

    name: str
    path: str
    label: str
    nature: Nature
    sha256: str
    rows: int | None = None
    built: bool = False

    def as_dict(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)


def study_panels(study: Study) -> list[StudyPanel]:
    """The panels of the study, in the order in which they were added."""
    return [StudyPanel(**entry) for entry in describe_study(study).settings.get(PANELS, ())]


def add_panel(
    study: Study,
    given: GivenFile | str | Path,
    *,
    actor: str,
    label: str = "",
    nature: Nature = "measured",
    home: Path | None = None,
) -> StudyPanel:
    """Add a panel; one of the same name takes the place of the earlier one.

    given : an upload is kept beside the study; a path stays where it is.
    home : the user's folder, where panels of a server's study are kept.
    Raises AnswersError for what is no table, InvalidRequestError for a file that cannot be read or written.
    """
    opened = open_panel(given, label=label, nature=nature)
    if isinstance(given, GivenFile):
        path = Path(given.name).name
        _write(panel_folder(study, home) / path, given.content)
    else:
        path = str(Path(given).resolve())
    rows = len(opened.rows) if hasattr(opened.rows, "shape") else None
    added = StudyPanel(opened.name, path, opened.label, nature, opened.sha256, rows)
    list_panel(study, added, actor=actor)
    return added


def list_panel(study: Study, panel: StudyPanel, *, actor: str) -> None:
    """Put a panel whose file is in its place on the list; one of the same name leaves it."""
    kept = [each for each in study_panels(study) if each.name != panel.name]
    _store(study, [*kept, panel], actor=actor)


def remove_panel(study: Study, name: str, *, actor: str) -> None:
    """Take a panel off the list; its file stays, so that it can be added again. Raises NotFoundError."""
    find_panel(study, name)
    _store(study, [each for each in study_panels(study) if each.name != name], actor=actor)


def find_panel(study: Study, name: str) -> StudyPanel:
    """The panel of that name. Raises NotFoundError, naming those there are."""
    panels = study_panels(study)
    found = next((each for each in panels if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in panels) or "–"
        raise NotFoundError(t("errors.no_such_panel", name=name, known=known))
    return found


def open_study_panel(study: Study, name: str, *, home: Path | None = None) -> PanelFile:
    """The panel to estimate from. Raises NotFoundError, or InvalidRequestError if its file is gone."""
    panel = find_panel(study, name)
    return open_panel(panel_path(study, panel, home), label=panel.label, nature=panel.nature)


def panel_path(study: Study, panel: StudyPanel, home: Path | None = None) -> Path:
    """Where the file of a panel is."""
    placed = Path(panel.path)
    return placed if placed.is_absolute() else panel_folder(study, home) / placed


def panel_folder(study: Study, home: Path | None = None) -> Path:
    """Where panels of the study lie: beside its file; of a server's study in the user's folder."""
    if study.path is not None:
        return study.path.with_name(f"{study.path.stem}.panels")
    if home is None:
        raise InvalidRequestError(t("errors.no_panel_folder"))
    return home / PANELS / study.study_id


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(f".{path.name}.part")
        written.write_bytes(content)
        written.replace(path)
    except OSError as error:
        raise InvalidRequestError(
            t("errors.panel_not_written", path=path, detail=os_problem(error))
        ) from error


def _store(study: Study, panels: list[StudyPanel], *, actor: str) -> None:
    update_study(study, actor=actor, settings={PANELS: [each.as_dict() for each in panels]})
