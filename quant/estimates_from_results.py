"""Effects computed here as the same evidence that published estimates are, with how they were computed."""

from __future__ import annotations

import math
from typing import Any

from quant.effect_results import EffectResult
from quant.estimates import Estimate
from quant.synthetic_results import SyntheticControlResult

STAR_LEVELS = {"***": 0.001, "**": 0.01, "*": 0.05}


def estimates_from_effect(
    result: EffectResult, *, subgroup: str = "all", source: str = "", ten_percent: str = "+"
) -> tuple[Estimate, ...]:
    """One estimate a coefficient of the result, in the order of its table.

    source : what the effect was computed from; stored with each estimate.
    ten_percent : sign of the 10 per cent level, "" for none.

    The model is the design; `computed` holds the settings, the kind of the coefficient and what its standard
    error rests on.
    Source: docs/methods/estimates.md
    """
    rests = {"vcov": result.vcov, "clusters": result.clusters, "units": result.n_units, "base": result.base}
    return tuple(
        Estimate(
            outcome=result.outcome,
            subgroup=subgroup,
            period=_text(row["period"]) or str(row["term"]),
            model=result.design.replace("_", " "),
            estimate=float(row["estimate"]),
            std_error=_number(row["std_error"]),
            stars=stars_of(_number(row["p_value"]), ten_percent=ten_percent),
            treated_mean=_number(row["treated_mean"]),
            n=result.n,
            ci_low=_number(row["ci_low"]),
            ci_high=_number(row["ci_high"]),
            source=source,
            place=str(row["term"]),
            p_value=_number(row["p_value"]),
            df=float(result.df),
            design=result.design,
            computed={"settings": result.settings, "kind": _text(row["kind"]), **rests},
        )
        for row in result.table.to_dict("records")
    )


def estimates_from_synthetic(
    result: SyntheticControlResult, *, period: str = "", source: str = ""
) -> tuple[Estimate, ...]:
    """The mean gap from the start on, as one estimate; none if the fit is too poor to read it as an effect.

    period : what the periods from the start on are called; the start itself if empty.

    It has no standard error: `p_value` is the rank of the treated unit among the placebos.
    """
    if not result.interpretable:
        return ()
    after = result.path[result.path["after"].astype(bool)]
    return (
        Estimate(
            outcome=result.outcome,
            subgroup=str(result.treated_unit),
            period=period or f"{result.start}-",
            model="synthetic control",
            estimate=float(result.effect),
            treated_mean=_number(after["treated"].mean()),
            source=source,
            place=str(result.treated_unit),
            p_value=_number(result.p_value),
            design="synthetic_control",
            computed={"settings": result.settings, "fit": result.fit, "pre_rmspe": float(result.pre_rmspe)},
        ),
    )


def stars_of(p_value: float | None, *, ten_percent: str = "+") -> str:
    """Stars of a p-value: `***` < .001, `**` < .01, `*` < .05, `ten_percent` < .10, else nothing."""
    if p_value is None:
        return ""
    found = next((sign for sign, level in STAR_LEVELS.items() if p_value < level), "")
    return found or (ten_percent if p_value < 0.10 else "")


def _number(value: Any) -> float | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    number = float(value)
    return None if math.isnan(number) else number


def _text(value: Any) -> str:
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)
