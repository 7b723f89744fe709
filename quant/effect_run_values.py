"""What a run of effects found, as JSON values: what is stored, and what every table and figure is made of."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from quant.cluster_scores import LeaveOneOut
from quant.effect_findings import EffectRun, OutcomeEffects
from quant.effect_results import finite, json_value, records
from quant.errors import QuantError
from quant.notes import Note
from quant.pretrend_tests import PretrendTest
from quant.randomisation import RandomisationTest
from quant.regression_bootstrap import WildBootstrap
from quant.sensitivity import Sensitivity
from quant.subgroups import SubgroupEffects


def run_dict(run: EffectRun) -> dict[str, Any]:
    """A run as JSON values. Of one outcome, table, n and clusters of its effect stand on top too."""
    return {
        **(_top(run.outcomes[0]) if len(run.outcomes) == 1 else {}),
        "spec": run.spec.as_dict(),
        "outcomes": [_outcome_dict(each) for each in run.outcomes],
        "failed": [{"outcome": outcome, **reason_dict(error)} for outcome, error in run.failed],
    }


def _top(found: OutcomeEffects) -> dict[str, Any]:
    shown = found.effect or found.by_period
    values = {**shown.as_dict(), "status": found.status}
    if len(shown.table) == 1:
        values |= {"estimate": shown.estimate, "std_error": shown.std_error}
    return values


def _outcome_dict(found: OutcomeEffects) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "start": found.start,
        "base": found.base,
        "periods": list(found.periods),
        "gate": found.gate,
        "pretrend_p": found.pretrend_p,
        "status": found.status,
        "effect": None if found.effect is None else found.effect.as_dict(),
        "by_period": found.by_period.as_dict(),
        "means": records(found.means),
        "pretrend": None if found.pretrend is None else _test_dict(found.pretrend),
        "power": [] if found.power is None else records(found.power.table),
        "sensitivity": [_sensitivity_dict(each) for each in found.sensitivity],
        "bootstraps": [_bootstrap_dict(each) for each in found.bootstraps],
        "randomisation": None if found.randomisation is None else _randomisation_dict(found.randomisation),
        "left_out": [_left_out_dict(each) for each in found.left_out],
        "subgroups": None if found.subgroups is None else _subgroups_dict(found.subgroups),
        "placebos": [{"kind": each.kind, "table": records(each.table)} for each in found.placebos],
        "group_time": [] if found.staggered is None else records(found.staggered.group_time),
        "notes": note_dicts(_notes(found)),
        "failed": [{"part": part, **reason_dict(error)} for part, error in found.failed],
    }


def _notes(found: OutcomeEffects) -> list[Note]:
    said: list[Note] = [*(() if found.effect is None else found.effect.notes), *found.by_period.notes]
    said += [note for each in found.sensitivity for note in each.notes]
    said += [] if found.power is None else found.power.notes
    said += [] if found.staggered is None else found.staggered.notes
    said += [note for each in found.placebos for note in each.notes]
    said += [note for each in found.left_out for note in each.notes]
    said += [] if found.randomisation is None else found.randomisation.notes
    return said


def _test_dict(test: PretrendTest) -> dict[str, Any]:
    plain = ("kind", "statistic", "df", "df_residual", "df_clusters", "p_value", "p_value_unadjusted")
    return {name: finite(getattr(test, name)) for name in plain}


def _bootstrap_dict(found: WildBootstrap) -> dict[str, Any]:
    return {name: finite(value) for name, value in vars(found).items()}


def _randomisation_dict(found: RandomisationTest) -> dict[str, Any]:
    left_out = ("assignments", "notes", "outcome")
    values = {name: finite(value) for name, value in vars(found).items() if name not in left_out}
    return {**values, "assignments": len(found.assignments)}


def _left_out_dict(found: LeaveOneOut) -> dict[str, Any]:
    plain = ("target", "estimate", "std_error", "ci_low", "ci_high")
    return {**{name: finite(getattr(found, name)) for name in plain}, "table": records(found.table)}


def _subgroups_dict(found: SubgroupEffects) -> dict[str, Any]:
    return {
        "table": records(found.table),
        "differences": records(found.differences),
        "equality": records(found.equality),
        "refusals": [
            {"column": column, "subgroup": json_value(value), **reason_dict(error)}
            for (column, value), error in found.refusals.items()
        ],
        "notes": note_dicts(found.notes),
    }


def _sensitivity_dict(found: Sensitivity) -> dict[str, Any]:
    plain = ("restriction", "target", "estimate", "std_error", "ci_low", "ci_high", "treated_mean", "scale")
    return {
        **{name: finite(getattr(found, name)) for name in plain},
        "alpha": found.alpha,
        "breakdown": finite(found.breakdown),
        "never_breaks": found.breakdown == math.inf,
        "table": records(found.table),
    }


def reason_dict(error: QuantError) -> dict[str, Any]:
    """An error as JSON values, from which it can be said in any language."""
    values = {
        name: str(value) if isinstance(value, Exception) else json_value(value)
        for name, value in error.values.items()
    }
    return {"reason": error.reason, "text": str(error), "values": values}


def note_dicts(notes: Iterable[Note]) -> list[dict[str, Any]]:
    """Notes as JSON values, each once, from which they can be said in any language."""
    once = {str(note): note for note in notes}
    return [
        {
            "reason": note.reason,
            "text": text,
            "values": {name: json_value(value) for name, value in note.values.items()},
        }
        for text, note in once.items()
    ]
