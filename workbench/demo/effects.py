"""The demonstration's effects: estimated from its simulated panel, and kept as its report prints them."""

from __future__ import annotations

from quant.effect_specs import EffectSpec, SyntheticSpec
from workbench.demo.panel import OUTCOMES, QUARTERS, START, TREATED_AREA, panel_csv
from workbench.services import effect_runs, panel_files, synthetic_runs
from workbench.services.effect_guesses import windows_by_year
from workbench.services.files import GivenFile
from workbench.services.studies import Study

PANEL = "panel_simulated.csv"
LABEL = "Demonstrationens panel"
TITLES = {"did": "Indsatskommuner og kontrolkommuner", "synthetic": "Indsatskommunerne samlet"}


def add_effects(study: Study, *, actor: str) -> None:
    """Add the panel, estimate effects on all outcomes, and make one synthetic control."""
    panel_files.add_panel(study, GivenFile(PANEL, panel_csv()), actor=actor, label=LABEL, nature="simulated")
    panel = panel_files.open_study_panel(study, PANEL)
    spec = EffectSpec(
        outcomes=tuple(OUTCOMES),
        time="quarter",
        treated="treated",
        start=START,
        cluster="municipality",
        fixed_effects="group",
        windows=windows_by_year(QUARTERS, START),
        subgroups=("gender", "region"),
        placebo_starts=("2015Q1",),
        bootstrap=True,
        draws=999,
        leave_one_out=True,
    )
    found = effect_runs.estimate_effects(panel, spec)
    effect_runs.keep_findings(study, found, actor=actor, title=TITLES["did"])
    synthetic = SyntheticSpec(
        outcome="internship",
        unit="area",
        time="quarter",
        treated_units=(TREATED_AREA,),
        start=START,
        average_rows=True,
    )
    made = synthetic_runs.estimate_synthetic(panel, synthetic)
    synthetic_runs.keep_synthetic(study, made, actor=actor, title=TITLES["synthetic"])
