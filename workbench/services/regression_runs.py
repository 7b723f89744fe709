"""Regressions kept with the study: declarations and what came out, run again for the page and the report."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from coding_schemes import Scheme
from quant.regression_specs import Mode, RegressionSpec, regression_spec
from workbench.display import TableSpec
from workbench.i18n import Language
from workbench.services import analyses, regression_remarks, regression_tables
from workbench.services.analyses import LAST_RUN, Analysis
from workbench.services.regressions import StudyRun, regress_study
from workbench.store.engine import StudyStore as Study

READS = ("answers", "outcomes")
_CACHED_RUNS = 4
_runs: OrderedDict[str, StudyRun] = OrderedDict()
_runs_lock = Lock()


def keep_run(study: Study, found: StudyRun, *, actor: str, title: str = LAST_RUN) -> Analysis:
    """Keep what was declared and what came out, under a title or as the last run."""
    return analyses.save_analysis(
        study,
        "regression",
        title=title,
        spec=_declared(found.run.spec),
        result={
            "estimates": found.run.estimates.to_dict("records"),
            "models": len(found.run.models),
            "failed": len(found.run.failed),
            "source": found.source,
            "nature": found.nature,
        },
        reads=READS,
        actor=actor,
    )


def kept_runs(study: Study) -> list[Analysis]:
    """The regressions kept, oldest first; the last run (with no title) is among them."""
    return analyses.list_analyses(study, "regression")


def reported_runs(study: Study) -> list[Analysis]:
    """Those that the report prints: the named ones, or the last run where none has a name."""
    return analyses.reported(study, "regression")


def spec_of(kept: Analysis) -> RegressionSpec:
    """The declaration of a run that was kept."""
    return regression_spec(kept.spec, file=kept.title or kept.kind)


def run_again(study: Study, kept: Analysis) -> StudyRun:
    """The models of a declaration that was kept, on the data as they are today.

    The same declaration on the same data is estimated once a session.
    Raises what `regress_study` raises, such as for an outcome that is no longer there.
    """
    key = json.dumps([study.reference, analyses.present_basis(study, READS), kept.spec], sort_keys=True)
    with _runs_lock:
        if key in _runs:
            _runs.move_to_end(key)
            return _runs[key]
    found = regress_study(study, spec_of(kept))
    with _runs_lock:
        _runs[key] = found
        while len(_runs) > _CACHED_RUNS:
            _runs.popitem(last=False)
    return found


def run_tables(
    found: StudyRun, *, language: Language, names: Mapping[str, str], scheme: Scheme | None
) -> list[TableSpec]:
    """The tables of a run as page, command and report show them; every estimate comes last."""
    known: dict[str, Any] = {"language": language, "names": names, "scheme": scheme}
    modes: list[Mode] = [mode for mode in ("single", "joint") if found.run.tests(mode)]
    tables = [regression_tables.specification_table(found, mode, **known) for mode in modes]
    if found.run.told:
        tables.append(regression_remarks.told_table(found, **known))
    if found.run.spec.logit:
        tables.append(regression_tables.effects_table(found, **known))
    return [*tables, regression_tables.estimates_table(found, **known)]


def _declared(spec: RegressionSpec) -> dict[str, Any]:
    return {name: value for name, value in spec.as_dict().items() if value is not None}
