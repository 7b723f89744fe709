"""Effects by subgroup behind a pre-trend gate, and differences between subgroups as tests of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from quant.did import did
from quant.effect_fit import FixedEffects
from quant.effect_request import EffectVcov
from quant.effect_results import EffectResult, period_name
from quant.errors import EffectError
from quant.event_study import event_study
from quant.notes import Note
from quant.pretrend_tests import pretrend_test
from quant.regression import Dof
from quant.staggered import staggered
from quant.staggered_comparisons import ControlUnits
from quant.staggered_fits import ChangeMethod
from quant.subgroup_differences import compared, equality_tests
from quant.subgroup_rows import Subgroup, find_subgroups

ALPHA = 0.05
Gate = Literal["passed", "failed", "not_tested", "not_estimated"]
SUBGROUP_COLUMNS = (
    "column", "subgroup", "term", "estimate", "std_error", "p_value", "ci_low", "ci_high", "treated_mean",
    "percent_of_mean", "n", "n_units", "n_treated_units", "clusters", "pretrend_p", "gate", "interpretable",
)  # fmt: skip
_FROM_TABLE = (
    "term", "estimate", "std_error", "p_value", "ci_low", "ci_high", "treated_mean", "percent_of_mean",
)  # fmt: skip


@dataclass(frozen=True)
class SubgroupEffects:
    """Effects by subgroup.

    table : one row a subgroup and coefficient (SUBGROUP_COLUMNS): the estimate; pretrend_p, p-value of its
        pre-trend test; gate: "passed", "failed", "not_tested" (no such test is possible) or "not_estimated"
        (see `refusals`); interpretable: whether the gate is passed. What is not interpretable keeps its
        numbers, but is to be shown as such and never read as an effect.
    differences : one row a pair of subgroups of one column and coefficient: first minus second, std_error
        (errors that both share within clusters are taken into account), p_value, interval, q_value after
        Benjamini and Hochberg over all interpretable pairs, and interpretable (both are).
    equality : one row a column and coefficient: the F test that all interpretable subgroups have one effect.
    event_studies, effects : results by (column, subgroup).   refusals : why a subgroup has none.
    gate : the level of the pre-trend tests.
    """

    outcome: str
    table: pd.DataFrame
    differences: pd.DataFrame
    equality: pd.DataFrame
    gate: float
    event_studies: Mapping[tuple[str, Any], EffectResult] = field(repr=False)
    effects: Mapping[tuple[str, Any], EffectResult] = field(repr=False)
    refusals: Mapping[tuple[str, Any], EffectError] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def subgroup_effects(
    panel: Any,
    subgroups: str | Sequence[str],
    *,
    outcome: str,
    unit: str | None,
    time: str,
    treated: str,
    base: Any,
    start: Any = None,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    absorb: Sequence[str] = (),
    windows: Mapping[str, Sequence[Any]] | None = None,
    fixed_effects: FixedEffects = "unit",
    vcov: EffectVcov | None = None,
    dof: Dof = "xtreg",
    weights: str | None = None,
    gate: float = 0.05,
    on_step: Callable[[int, int], None] | None = None,
) -> SubgroupEffects:
    """The effect in each subgroup, whether its earlier trends allow to read it, and where subgroups differ.

    panel : a frame, a file, a DuckDB relation or an Ibis table, as `quant.did` takes it.
    subgroups : columns; each value is a subgroup, rows without one are left out. With unit effects a unit
        stays in one subgroup.
    base : reference period of the event studies that the gate tests.
    windows : as in `quant.did`; one effect for all periods after the start if None.
    gate : a subgroup whose pre-trend test has a p-value below this is not interpretable.
    on_step : called with (done, subgroups).

    Each subgroup is a model of its own (as one model with all terms interacted), with the other options of
    `quant.did`. A subgroup that admits no estimate stays in the table, and its error in `refusals`.
    Raises EffectError if a column is missing, has one value or too many, or changes within units.
    Source: docs/methods/subgroups_and_placebos.md
    """
    columns = [subgroups] if isinstance(subgroups, str) else subgroups
    parts = find_subgroups(panel, columns, unit if fixed_effects == "unit" else None)
    options: dict[str, Any] = {
        "outcome": outcome,
        "unit": unit,
        "time": time,
        "treated": treated,
        "cluster": cluster,
        "covariates": covariates,
        "absorb": absorb,
        "fixed_effects": fixed_effects,
        "vcov": vcov,
        "dof": dof,
        "weights": weights,
    }

    def fit(rows: Any) -> _Fitted:
        study = event_study(rows, base=base, start=start, gaps="keep", **options)
        begun = study.start if start is None else start
        effect = did(rows, start=begun, windows=windows, gaps="keep", **options)
        return _Fitted(study, effect, _pretrend_p(study))

    return _by_subgroup(parts, fit, outcome, gate, on_step)


def staggered_subgroup_effects(
    panel: Any,
    subgroups: str | Sequence[str],
    *,
    outcome: str,
    unit: str,
    time: str,
    start: str | None = None,
    treated: str | None = None,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    control: ControlUnits = "never",
    anticipation: int = 0,
    method: ChangeMethod = "regression",
    gate: float = 0.05,
    on_step: Callable[[int, int], None] | None = None,
) -> SubgroupEffects:
    """The same for units that start at different times: the mean effect of `quant.staggered` by subgroup.

    Differences count subgroups as independent, even where they share clusters; a note says so.
    Raises EffectError as `subgroup_effects`.
    """
    parts = find_subgroups(panel, [subgroups] if isinstance(subgroups, str) else subgroups, unit)

    def fit(rows: Any) -> _Fitted:
        found = staggered(
            rows,
            outcome=outcome,
            unit=unit,
            time=time,
            start=start,
            treated=treated,
            cluster=cluster,
            covariates=covariates,
            control=control,
            anticipation=anticipation,
            method=method,
        )
        p_value = float("nan") if found.pretrend is None else found.pretrend.p_value
        return _Fitted(found.dynamic, found.simple, p_value)

    found = _by_subgroup(parts, fit, outcome, gate, on_step)
    if cluster is None:
        return found
    independent = Note(
        "differences count the subgroups as independent, although they may share clusters; errors that both "
        "share make them look less certain than they are",
        reason="subgroup_independent",
    )
    return replace(found, notes=(*found.notes, independent))


@dataclass(frozen=True)
class _Fitted:
    study: EffectResult
    effect: EffectResult
    pretrend_p: float


def _by_subgroup(
    parts: Sequence[Subgroup],
    fit: Callable[[Any], _Fitted],
    outcome: str,
    gate: float,
    on_step: Callable[[int, int], None] | None,
) -> SubgroupEffects:
    fits: dict[tuple[str, Any], _Fitted] = {}
    refusals: dict[tuple[str, Any], EffectError] = {}
    tables = []
    for done, part in enumerate(parts, start=1):
        try:
            fits[part.key] = fit(part.rows)
            tables.append(_rows(part, fits[part.key], gate))
        except EffectError as error:
            refusals[part.key] = error
            tables.append(_refused(part))
        if on_step is not None:
            on_step(done, len(parts))
    table = pd.concat(tables, ignore_index=True).loc[:, list(SUBGROUP_COLUMNS)]
    effects = {key: one.effect for key, one in fits.items()}
    differences = compared(table, effects)
    return SubgroupEffects(
        outcome=outcome,
        table=table,
        differences=differences,
        equality=equality_tests(table, effects),
        gate=gate,
        event_studies={key: one.study for key, one in fits.items()},
        effects=effects,
        refusals=refusals,
        notes=_notes(table, differences),
    )


def _pretrend_p(study: EffectResult) -> float:
    try:
        return pretrend_test(study).p_value
    except EffectError:
        return float("nan")


def _rows(part: Subgroup, fitted: _Fitted, gate: float) -> pd.DataFrame:
    p_value, effect = fitted.pretrend_p, fitted.effect
    passed: Gate = "not_tested" if np.isnan(p_value) else "passed" if p_value >= gate else "failed"
    return effect.table.loc[:, list(_FROM_TABLE)].assign(
        column=part.column,
        subgroup=part.value,
        n=effect.n,
        n_units=effect.n_units,
        n_treated_units=effect.n_treated_units,
        clusters=effect.clusters,
        pretrend_p=p_value,
        gate=passed,
        interpretable=passed == "passed",
    )


def _refused(part: Subgroup) -> pd.DataFrame:
    row: dict[str, Any] = dict.fromkeys(SUBGROUP_COLUMNS, float("nan"))
    gate: Gate = "not_estimated"
    row |= {"column": part.column, "subgroup": part.value, "term": "", "gate": gate, "interpretable": False}
    return pd.DataFrame([row])


def _notes(table: pd.DataFrame, differences: pd.DataFrame) -> tuple[Note, ...]:
    notes = []
    if named := _named(table, "failed"):
        notes.append(
            Note(
                "not interpretable, because the groups moved apart before the start: {subgroups}",
                reason="subgroup_failed",
                subgroups=named,
            )
        )
    if named := _named(table, "not_tested"):
        notes.append(
            Note(
                "not interpretable, because earlier trends cannot be tested: {subgroups}",
                reason="subgroup_not_tested",
                subgroups=named,
            )
        )
    if named := _named(table, "not_estimated"):
        notes.append(
            Note("no estimate is possible for: {subgroups}", reason="subgroup_not_estimated", subgroups=named)
        )
    tested = int(differences["q_value"].notna().sum())
    if tested:
        notes.append(
            Note(
                "{found} of {tested} differences between subgroups hold after correction for their number",
                reason="subgroup_differences",
                found=int((differences["q_value"] < ALPHA).sum()),
                tested=tested,
            )
        )
    return tuple(notes)


def _named(table: pd.DataFrame, gate: Gate) -> str:
    return ", ".join(dict.fromkeys(table.loc[table["gate"] == gate, "subgroup"].map(period_name)))
