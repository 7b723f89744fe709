"""Synthetic controls made here: the run, keeping it with the study and as evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coding_schemes import Scheme
from quant import Estimate
from quant.effect_specs import SyntheticSpec, load_synthetic_spec, synthetic_spec
from quant.synthetic_runs import run_synthetic
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import Language, t
from workbench.services import analyses, effects
from workbench.services.analyses import LAST_RUN, Analysis
from workbench.services.effect_runs import PanelFile, Step
from workbench.services.files import GivenFile
from workbench.services.panel_runs import PanelRun, keep_run, run_of, store_evidence
from workbench.services.terms import term_label
from workbench.store.engine import StudyStore as Study

POOR = "poor"


@dataclass(frozen=True)
class SyntheticFindings(PanelRun):
    """What synthetic controls found; values as `quant.synthetic_runs.SyntheticRun.as_dict` gives them."""

    @property
    def spec(self) -> SyntheticSpec:
        """The declaration."""
        return synthetic_spec(self.values["spec"])

    @property
    def units(self) -> list[dict[str, Any]]:
        """What was found for each treated unit."""
        found: list[dict[str, Any]] = self.values["units"]
        return found

    @property
    def group(self) -> dict[str, Any] | None:
        """What several treated units have in common; None for one."""
        found: dict[str, Any] | None = self.values["group"]
        return found

    def outcome(self, language: Language, scheme: Scheme | None) -> str:
        """What the outcome is called."""
        name = self.spec.outcome
        return self.spec.columns.get(name) or term_label(scheme, name, language)


def read_synthetic_spec(file: GivenFile) -> SyntheticSpec:
    """A declaration from a .toml or .json file. Raises EffectError."""
    return load_synthetic_spec(file.content, file.name)


def estimate_synthetic(
    panel: PanelFile, spec: SyntheticSpec, *, on_step: Step | None = None
) -> SyntheticFindings:
    """Make the synthetic controls of a declaration. Raises EffectError for a panel that admits none.

    A panel that stays in its file is first reduced to the columns that the declaration names.
    """
    run = run_synthetic(_in_memory(panel, spec), spec, on_step=on_step)
    values = analyses.plain(run.as_dict())
    return SyntheticFindings(values, panel.label, panel.nature, panel.name, panel.sha256)


def keep_synthetic(study: Study, found: SyntheticFindings, *, actor: str, title: str = LAST_RUN) -> Analysis:
    """Keep a run with the study, under a title or as the last run."""
    return keep_run(study, "synthetic_control", found, actor=actor, title=title)


def donors_of(study: Study, title: str) -> tuple[str, ...]:
    """Donors with weight of a kept synthetic control: the controls that a difference-in-differences may keep.

    Of several treated units, donors of any of them. Raises NotFoundError for a title that is not kept.
    """
    kept = kept_synthetic(study)
    found = next((each for each in kept if each.title == title), None)
    if found is None:
        known = ", ".join(each.title or t("did.page.last_run") for each in kept) or "–"
        raise NotFoundError(t("errors.no_such_analysis", title=title, known=known))
    donors = {str(row["donor"]): None for unit in found.units for row in unit["weights"]}
    return tuple(donors)


def kept_synthetic(study: Study) -> list[SyntheticFindings]:
    """The runs kept, oldest first; the last run (with no title) is among them."""
    return [run_of(SyntheticFindings, each) for each in analyses.list_analyses(study, "synthetic_control")]


def reported_synthetic(study: Study) -> list[SyntheticFindings]:
    """What the report prints: the runs with a title, or the last one where none has."""
    return [run_of(SyntheticFindings, each) for each in analyses.reported(study, "synthetic_control")]


def keep_as_evidence(
    study: Study, found: SyntheticFindings, *, name: str, actor: str
) -> effects.EstimatesSource:
    """Store the effects as estimates that themes can be linked to, without those whose fit is poor.

    name : what the set is called; keeping it again under the same name takes the place of the earlier one.
    Raises InvalidRequestError if there is none to keep.
    """
    label = t("synthetic.evidence", name=name, source=found.source)
    rows = [_estimate(unit, found, label, name) for unit in found.units if unit["fit"] != POOR]
    if not rows:
        raise InvalidRequestError(t("errors.no_synthetic_to_keep"))
    return store_evidence(study, found, rows, name=name, label=label, actor=actor)


def _estimate(unit: Mapping[str, Any], found: SyntheticFindings, label: str, name: str) -> Estimate:
    """The mean gap after the start; its interval is that of prediction, where one was asked for."""
    interval = unit["intervals"] or {}
    after = [row for row in unit["path"] if row["after"]]
    return Estimate(
        outcome=unit["outcome"],
        subgroup=str(unit["treated_unit"]),
        period=t("did.from_period", period=unit["start"]),
        model=t("synthetic.model"),
        estimate=unit["effect"],
        treated_mean=sum(row["treated"] for row in after) / len(after),
        ci_low=interval.get("ci_low"),
        ci_high=interval.get("ci_high"),
        source=label,
        place=name,
        p_value=unit["p_value"],
        design="synthetic_control",
        computed={
            "settings": unit["settings"],
            "panel": found.sha256,
            "fit": unit["fit"],
            "pre_rmspe": unit["pre_rmspe"],
        },
    )


def _in_memory(panel: PanelFile, spec: SyntheticSpec) -> pd.DataFrame:
    if isinstance(panel.rows, pd.DataFrame):
        return panel.rows
    from quant.effect_tables import open_table

    wanted = [spec.unit, spec.time, spec.outcome, *(each.column for each in spec.predictors)]
    opened = open_table(panel.rows)
    known = [name for name in dict.fromkeys(wanted) if name in opened.table.columns]
    return opened.run(opened.table.select(known))
