"""Difference-in-differences: the effect after the start, pooled or by chosen windows of periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from quant.effect_fit import Effect, FixedEffects
from quant.effect_model import common_start, effect_source, estimate
from quant.effect_request import EffectRequest, EffectVcov, effect_request
from quant.effect_results import EffectResult, json_value, period_name
from quant.errors import EffectError
from quant.notes import Note
from quant.panel_refusals import Gaps, find_period, refuse_gaps
from quant.regression import Dof

POOLED_TERM = "effect"


def did(
    panel: Any,
    *,
    outcome: str,
    unit: str | None,
    time: str,
    treated: str,
    start: Any = None,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    absorb: Sequence[str] = (),
    windows: Mapping[str, Sequence[Any]] | None = None,
    base: Sequence[Any] | None = None,
    fixed_effects: FixedEffects = "unit",
    vcov: EffectVcov | None = None,
    dof: Dof = "xtreg",
    weights: str | None = None,
    gaps: Gaps = "refuse",
) -> EffectResult:
    """How the treated changed after the start, less how the others changed.

    panel : one row a unit and period; with fixed_effects "group" rows may be persons who are seen once.
    treated, start : as in `check_panel`; start may be left out where `treated` is 1 from the start on only.
    cluster : column of clusters, whole units each; None for ordinary errors.
    covariates : columns of numbers, or of text for categories.  absorb : columns with a dummy a level.
    windows : names and their periods from the start on; a coefficient each. One for all periods if None.
    base : periods before the start that are compared with; all if None. Other periods are left out.
    fixed_effects : "unit" gives every unit and period an effect; "group" a dummy of the treated, and periods.
    vcov : "iid", "robust" or "cluster"; by default clustered where `cluster` is named.
    dof : "xtreg" counts no effects that lie within clusters, "areg" counts them, as in `quant.regression`.
    weights : column of analytic weights.
    gaps : "refuse" a panel in which a unit lacks a period between its first and last, or "keep" the rows that
        there are. Units that come later or leave earlier are used either way, and counted in the notes.

    Returns one row a window (term: its name), or the row "effect". Where units start at different times, the
    mean of `quant.staggered` (design "staggered") takes the place of a two-way model, which would be wrong.
    Raises EffectError as `check_panel` does, for options that cannot be had with differing starts, and for
    windows that overlap, begin before the start or are empty.
    Source: docs/methods/difference_in_differences.md
    """
    request = effect_request(
        outcome=outcome,
        unit=unit,
        time=time,
        treated=treated,
        start=start,
        base=None,
        cluster=cluster,
        covariates=covariates,
        absorb=absorb,
        weights=weights,
        fixed_effects=fixed_effects,
        vcov=vcov,
        dof=dof,
    )
    source = effect_source(panel, request)
    if gaps == "refuse":
        refuse_gaps(source.notes)
    plain = fixed_effects == "unit" and windows is None and base is None and weights is None and not absorb
    if source.start is None and plain and vcov in (None, "cluster") and dof == "xtreg":
        return _with_differing_starts(panel, request)
    periods, begun = source.periods, common_start(source)
    effects = _effects(windows, periods, begun, time)
    before = _before(base, periods, begun, time)
    kept = sorted({*before, *(place for effect in effects for place in effect.places)})
    left_out = [period_name(periods[place]) for place in range(len(periods)) if place not in kept]
    notes = []
    if left_out:
        notes.append(
            Note(
                "periods in no window and not compared with were left out: {periods}",
                reason="effect_periods_left_out",
                periods=", ".join(left_out),
            )
        )
    return estimate(
        "did",
        source,
        request,
        effects,
        kept=kept,
        base=[periods[place] for place in before],
        further_settings={
            "windows": None if windows is None else json_value({k: list(v) for k, v in windows.items()}),
            "base": [json_value(periods[place]) for place in before],
        },
        notes=notes,
    )


def _with_differing_starts(panel: Any, request: EffectRequest) -> EffectResult:
    """The mean effect of cohorts against units that are never treated, or not yet where there are none."""
    from quant.staggered import staggered

    column = request.start if isinstance(request.start, str) else None
    arguments: dict[str, Any] = {
        "outcome": request.outcome,
        "unit": request.unit,
        "time": request.time,
        "start": column,
        "treated": None if column else request.treated,
        "cluster": request.cluster,
        "covariates": request.covariates,
    }
    try:
        found = staggered(panel, **arguments)
    except EffectError as error:
        if error.reason != "effect_staggered_no_never_treated":
            raise
        found = staggered(panel, control="not_yet", **arguments)
    note = Note(
        "units start at different times: the mean of the effects by cohort and period (quant.staggered) "
        "stands in place of a two-way model, which would compare units with others treated before",
        reason="effect_by_cohorts",
    )
    return replace(found.simple, notes=(note, *found.notes))


def _effects(
    windows: Mapping[str, Sequence[Any]] | None, periods: list[Any], begun: int, time: str
) -> list[Effect]:
    kind: Literal["pooled"] = "pooled"
    if windows is None:
        return [Effect(POOLED_TERM, tuple(range(begun, len(periods))), "post", kind)]
    effects: list[Effect] = []
    used: dict[int, str] = {}
    for name, window in windows.items():
        places = tuple(sorted({find_period(one, periods, time=time, role="window") for one in window}))
        if not places or places[0] < begun:
            raise EffectError(
                "window '{window}' has no period, or one before treatment starts ({start}); "
                "name periods from the start on",
                reason="effect_window_before_start",
                window=name,
                start=period_name(periods[begun]),
            )
        for place in places:
            if place in used:
                raise EffectError(
                    "windows '{first}' and '{second}' share {period}; give each period one window",
                    reason="effect_windows_overlap",
                    first=used[place],
                    second=name,
                    period=period_name(periods[place]),
                )
            used[place] = name
        effects.append(Effect(name, places, name, kind))
    if not effects:
        raise EffectError(
            "there is no window; name one or more, or leave `windows` out", reason="effect_no_window"
        )
    return effects


def _before(base: Sequence[Any] | None, periods: list[Any], begun: int, time: str) -> list[int]:
    if base is None:
        return list(range(begun))
    given = [base] if isinstance(base, str) or not isinstance(base, Sequence) else list(base)
    places = sorted({find_period(one, periods, time=time, role="base") for one in given})
    if not places or places[-1] >= begun:
        raise EffectError(
            "base is {base}, but treatment starts in {start}; compare with one or more periods before it",
            reason="effect_base_after_start",
            base=", ".join(period_name(periods[place]) for place in places) or None,
            start=period_name(periods[begun]),
        )
    return places
