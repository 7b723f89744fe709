"""Effects of units that start at different times, as tables and evidence name them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from quant.effect_specs import effect_spec
from workbench.services import effect_runs, effects
from workbench.services.effect_run_tables import EffectTables
from workbench.services.effect_runs import open_panel
from workbench.services.studies import create_study

from .panel_material import TOWNS, panel, panel_file


def found(**asked: Any) -> effect_runs.Findings:
    """Three towns of the panel, of which one starts in 2014 and two in 2016."""
    frame = panel()
    frame["first"] = frame["town"].map(dict(zip(TOWNS, (2014, 2016, 2016), strict=False)))
    spec = {"outcomes": ["work"], "unit": "town", "time": "year", "start": "first", "design": "staggered"}
    return effect_runs.estimate_effects(open_panel(panel_file(frame=frame)), effect_spec({**spec, **asked}))


def test_the_mean_of_all_starts_is_named_in_words_and_not_by_its_term(tmp_path: Path) -> None:
    study = create_study(str(tmp_path / "starts.study"), title="Starts", actor="anna")
    run = found(gate=0.0)
    tables = EffectTables(run, language="en")
    assert tables.pooled().rows[0][0] == "From each unit's start on"
    assert "clustered by town (8 clusters" in tables.method(run.outcomes[0])
    effect_runs.keep_as_evidence(study, run, name="Starts", actor="anna")
    [stored] = effects.list_estimates(study)
    assert stored.value.period == "Fra og med hver enheds start"
    assert stored.value.estimate == run.outcomes[0]["effect"]["table"][0]["estimate"]
