"""What all runs on a panel have in common: what they were made of, being kept, and evidence of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from quant import Estimate, EstimateTable, Report
from quant.errors import QuantError
from quant.findings import FINDING_COLUMNS
from workbench.errors import error_text
from workbench.i18n import Language, t
from workbench.services import analyses, effects
from workbench.services.analyses import Analysis, Kind
from workbench.store.engine import StudyStore as Study

NO_FINDINGS = Report(pd.DataFrame(columns=list(FINDING_COLUMNS)))


@dataclass(frozen=True)
class PanelRun:
    """What a run found, as the JSON values that are stored, and what it was made of.

    values : what was found, with the declaration as "spec".   source, nature : of the panel.
    panel, sha256 : its file.   stale : whether the panel has changed since.
    """

    values: dict[str, Any]
    source: str
    nature: str
    panel: str
    sha256: str
    stale: bool = False
    title: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        made = {"source": self.source, "nature": self.nature, "panel": self.panel, "sha256": self.sha256}
        return {**self.values, **made}


Run = TypeVar("Run", bound=PanelRun)


def keep_run(study: Study, kind: Kind, found: PanelRun, *, actor: str, title: str) -> Analysis:
    """Keep a run with the study, under a title or as the last run."""
    made = {name: value for name, value in found.as_dict().items() if name != "spec"}
    return analyses.save_analysis(
        study,
        kind,
        title=title,
        spec=found.values["spec"],
        result=made,
        basis=found.sha256,
        actor=actor,
    )


def run_of(form: type[Run], kept: Analysis) -> Run:
    """A run that was kept, in the form that its kind has."""
    made: Mapping[str, Any] = kept.result
    values = {**made, "spec": kept.spec}
    return form(values, made["source"], made["nature"], made["panel"], made["sha256"], kept.stale, kept.title)


def store_evidence(
    study: Study, found: PanelRun, rows: Sequence[Estimate], *, name: str, label: str, actor: str
) -> effects.EstimatesSource:
    """Store estimates of a run, in place of those kept under the same name before."""
    nature: Any = found.nature
    return effects.store_estimates(
        study,
        EstimateTable(tuple(rows), NO_FINDINGS),
        name=name,
        sha256=found.sha256,
        mapping={"computed": found.values["spec"]},
        actor=actor,
        nature=nature,
        label=label,
    )


def run_note(note: Mapping[str, Any], language: Language) -> str:
    """A note or an error of a run, stored as JSON values, as a sentence in a language."""
    plain = str(note["text"]).replace("{", "{{").replace("}", "}}")
    said = error_text(QuantError(plain, reason=note["reason"], **note["values"]), language=language)
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."


def panel_source(found: PanelRun, language: Language) -> str:
    """The panel of a run with its nature."""
    nature = t(f"effects.nature.{found.nature}", language=language).lower()
    return f"{found.source} ({nature})"
