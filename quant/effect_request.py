"""What an estimate is asked with, checked before any row is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from quant.effect_fit import FixedEffects
from quant.effect_results import json_value
from quant.errors import EffectError
from quant.regression import Dof

EffectVcov = Literal["iid", "robust", "cluster"]


@dataclass(frozen=True)
class EffectRequest:
    """Columns and choices of `quant.did` and `quant.event_study`; see there for what each means."""

    outcome: str
    unit: str | None
    time: str
    treated: str
    start: Any
    base: Any
    cluster: str | None
    covariates: tuple[str, ...]
    absorb: tuple[str, ...]
    weights: str | None
    fixed_effects: FixedEffects
    vcov: EffectVcov
    dof: Dof

    @property
    def unit_effects(self) -> bool:
        """Whether units, rather than the two groups, have effects of their own."""
        return self.fixed_effects == "unit"

    def settings(self) -> dict[str, Any]:
        """The request as JSON values."""
        values = {**vars(self), "covariates": list(self.covariates), "absorb": list(self.absorb)}
        return {name: json_value(value) for name, value in values.items()}


def effect_request(
    *,
    outcome: str,
    unit: str | None,
    time: str,
    treated: str,
    start: Any,
    base: Any,
    cluster: str | None,
    covariates: Sequence[str],
    absorb: Sequence[str],
    weights: str | None,
    fixed_effects: str,
    vcov: str | None,
    dof: str,
) -> EffectRequest:
    """The request with its choices made: clustered errors where a cluster is named, ordinary ones otherwise.

    "robust" with unit effects and dof "xtreg" clusters on the units, as Stata's xtreg does.
    Raises EffectError for an unknown choice, or errors and cluster that do not go together.
    """
    _check_choice("fixed_effects", fixed_effects, ("unit", "group"))
    _check_choice("dof", dof, ("xtreg", "areg"))
    if isinstance(covariates, str):
        covariates = (covariates,)
    if isinstance(absorb, str):
        absorb = (absorb,)
    vcov = vcov or ("iid" if cluster is None else "cluster")
    _check_choice("vcov", vcov, ("iid", "robust", "cluster"))
    if (vcov == "cluster") != (cluster is not None):
        raise EffectError(
            "errors are '{vcov}' and the cluster column is {cluster}; name a cluster for clustered errors, "
            "and none for others",
            reason="effect_errors_and_cluster",
            vcov=vcov,
            cluster=repr(cluster),
        )
    if vcov == "robust" and fixed_effects == "unit" and dof == "xtreg":
        vcov, cluster = "cluster", unit
    return EffectRequest(
        outcome=outcome,
        unit=unit,
        time=time,
        treated=treated,
        start=start,
        base=base,
        cluster=cluster,
        covariates=tuple(covariates),
        absorb=tuple(name for name in absorb if fixed_effects == "group" or name != unit),
        weights=weights,
        fixed_effects=fixed_effects,  # type: ignore[arg-type]
        vcov=vcov,  # type: ignore[arg-type]
        dof=dof,  # type: ignore[arg-type]
    )


def _check_choice(name: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise EffectError(
            "{name} is {given!r}, expected one of: {known}",
            reason="effect_unknown_choice",
            name=name,
            given=given,
            known=", ".join(known),
        )
