"""Effects estimated here: the panel, the run, keeping it with the study and as evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from quant import Estimate, read_table
from quant.effect_run_values import run_dict
from quant.effect_runs import run_effects
from quant.effect_specs import EffectSpec, effect_spec, load_effect_spec
from quant.table_numbers import with_numbers
from workbench.display import stars_for
from workbench.errors import InvalidRequestError
from workbench.i18n import Language, t
from workbench.services import analyses, effects
from workbench.services.analyses import LAST_RUN, Analysis
from workbench.services.files import GivenFile
from workbench.services.panel_runs import PanelRun, keep_run, run_of, store_evidence
from workbench.services.surveys import Nature
from workbench.store.engine import StudyStore as Study

# Files above this stay where they are and are read by the engine.
MOST_IN_MEMORY_BYTES = 40 * 1024**2
ENGINE_FILES = (".parquet", ".csv")
POOLED, COHORTS, ALL = "effect", "simple", "all"
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class PanelFile:
    """A panel to estimate from. rows : a frame, or the path of a file that an engine reads."""

    name: str
    sha256: str
    rows: Any = field(repr=False)
    label: str = ""
    nature: Nature = "measured"


@dataclass(frozen=True)
class Findings(PanelRun):
    """What a run of effects found; values as `quant.effect_run_values.run_dict` gives them."""

    @property
    def spec(self) -> EffectSpec:
        """The declaration."""
        return effect_spec(self.values["spec"])

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """What was found, one entry an outcome."""
        found: list[dict[str, Any]] = self.values["outcomes"]
        return found


def open_panel(given: GivenFile | str | Path, *, label: str = "", nature: Nature = "measured") -> PanelFile:
    """A panel from an upload or a path; a large parquet or csv file stays where it is.

    Raises AnswersError for what is no table, InvalidRequestError for a file that cannot be read.
    """
    if not isinstance(given, GivenFile):
        path = Path(given)
        if (
            path.suffix.lower() in ENGINE_FILES
            and path.is_file()
            and path.stat().st_size > MOST_IN_MEMORY_BYTES
        ):
            return PanelFile(path.name, _hash(path), path, label or path.name, nature)
        given = GivenFile.from_path(path)
    rows = with_numbers(read_table(given.content, given.name))
    return PanelFile(given.name, given.sha256, rows, label or given.name, nature)


def panel_columns(panel: PanelFile) -> list[str]:
    """The names of the panel's columns."""
    if isinstance(panel.rows, pd.DataFrame):
        return [str(name) for name in panel.rows.columns]
    from quant.effect_tables import open_table

    return list(open_table(panel.rows).table.columns)


def read_effect_spec(file: GivenFile) -> EffectSpec:
    """A declaration from a .toml or .json file. Raises EffectError."""
    return load_effect_spec(file.content, file.name)


def estimate_effects(panel: PanelFile, spec: EffectSpec, *, on_step: Step | None = None) -> Findings:
    """Estimate what a declaration asks for. Raises EffectError if nothing of it can be estimated."""
    run = run_effects(panel.rows, spec, on_step=on_step)
    return Findings(analyses.plain(run_dict(run)), panel.label, panel.nature, panel.name, panel.sha256)


def keep_findings(study: Study, found: Findings, *, actor: str, title: str = LAST_RUN) -> Analysis:
    """Keep a run with the study, under a title or as the last run."""
    return keep_run(study, "effect", found, actor=actor, title=title)


def kept_findings(study: Study) -> list[Findings]:
    """The runs kept, oldest first; the last run (with no title) is among them."""
    return [run_of(Findings, each) for each in analyses.list_analyses(study, "effect")]


def reported_findings(study: Study) -> list[Findings]:
    """What the report prints: the runs with a title, or the last one where none has."""
    return [run_of(Findings, each) for each in analyses.reported(study, "effect")]


def keep_as_evidence(study: Study, found: Findings, *, name: str, actor: str) -> effects.EstimatesSource:
    """Store the pooled effects as estimates that themes can be linked to, without those whose gate failed.

    name : what the set is called; keeping it again under the same name takes the place of the earlier one.
    Raises InvalidRequestError if there is none to keep.
    """
    label = t("did.evidence.label", name=name, source=found.source)
    rows = [estimate for each in found.outcomes for estimate in _estimates(each, found, label, name)]
    if not rows:
        raise InvalidRequestError(t("errors.no_effect_to_keep"))
    return store_evidence(study, found, rows, name=name, label=label, actor=actor)


def _estimates(outcome: dict[str, Any], found: Findings, label: str, name: str) -> list[Estimate]:
    if outcome["status"] == "failed" or outcome["effect"] is None:
        return []
    model = t(f"did.design.{found.spec.design}")
    result = outcome["effect"]
    gate = {name: outcome[name] for name in ("gate", "pretrend_p", "status", "base", "start")}
    rests = {name: result[name] for name in ("vcov", "clusters", "treated_clusters", "n_units")}
    return [
        Estimate(
            outcome=outcome["outcome"],
            subgroup=ALL,
            period=window_name(str(row["term"]), outcome["start"]),
            model=model,
            estimate=row["estimate"],
            std_error=row["std_error"],
            stars=stars_for(row["p_value"]) if outcome["status"] == "passed" else "",
            treated_mean=row["treated_mean"],
            n=result["n"],
            ci_low=row["ci_low"],
            ci_high=row["ci_high"],
            source=label,
            place=name,
            p_value=row["p_value"],
            df=result["df"],
            design=found.spec.design,
            computed={"settings": result["settings"], "panel": found.sha256, **gate, **rests},
        )
        for row in result["table"]
    ]


def window_name(term: str, start: str, language: Language | None = None) -> str:
    """What the periods of a pooled effect are called.

    term : as in the result's table.   start : the first period with the treatment, where all have the same.
    """
    if term == COHORTS:
        return t("did.from_each_start", language=language)
    return t("did.from_period", language=language, period=start) if term == POOLED else term


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
