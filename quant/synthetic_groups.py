"""Several treated units: a synthetic control each, their mean gap, and how often chance makes one as big."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from quant.effect_results import finite, records
from quant.errors import EffectError
from quant.notes import Note
from quant.panel_refusals import listed
from quant.synthetic_control import PredictorWeights, analysis_settings, predictor_search
from quant.synthetic_panel import SyntheticPanel, refuse_treated_donors, synthetic_panel
from quant.synthetic_placebos import (
    DonorPlacebos,
    OnStep,
    donor_placebos,
    no_placebos,
    placebo_gap,
    placebo_tables,
)
from quant.synthetic_predictors import PredictorLike
from quant.synthetic_results import SyntheticControlResult, build_result, rmspe, rmspe_ratio
from quant.synthetic_weights import Array, Places, Search, match

UNIT_COLUMNS = ("unit", "start", "pre_rmspe", "post_rmspe", "ratio", "effect", "fit")
POOLED_COLUMNS = ("event_time", "gap", "units", "p_value")
DRAWS = 999


@dataclass(frozen=True)
class SyntheticGroupResult:
    """Several treated units and what they have in common.

    results : by treated unit, with the donors as placebos where draws were asked for.
    units : one row a treated unit: unit, start, pre_rmspe, post_rmspe, ratio, effect, fit.
    gap : one row a period relative to the start (0 is the first treated one): event_time, gap (mean over the
        units seen), units (their number), p_value (share of draws with a mean gap as large).
    weights : mean weight of each donor over the treated units, largest first; sums to 1.
    pre_rmspe, post_rmspe, ratio : of the mean gap.  effect : mean over units of their mean gap.
    p_value : of the ratio, taken with the same donors left in each draw; effect_p_value : of the size of the
        effect; nan without draws.
    draws : sets of donors drawn as if they had been treated.
    """

    outcome: str
    results: dict[Any, SyntheticControlResult] = field(repr=False)
    units: pd.DataFrame
    gap: pd.DataFrame
    weights: pd.Series
    pre_rmspe: float
    post_rmspe: float
    effect: float
    p_value: float
    effect_p_value: float
    draws: int
    seed: int
    notes: tuple[Note, ...] = ()

    @property
    def ratio(self) -> float:
        """Root mean squared mean gap from the start on, divided by that before."""
        return rmspe_ratio(self.pre_rmspe, self.post_rmspe)

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON values."""
        numbers = ("pre_rmspe", "post_rmspe", "ratio", "effect", "p_value", "effect_p_value")
        return {
            "outcome": self.outcome,
            **{name: finite(getattr(self, name)) for name in numbers},
            "units": records(self.units),
            "gap": records(self.gap),
            "weights": records(self.weights.rename_axis("donor").reset_index()),
            "draws": self.draws,
            "seed": self.seed,
            "notes": [{"reason": note.reason, **note.values} for note in self.notes],
        }


def synthetic_controls(
    panel: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    time: str,
    treated_units: Sequence[Any],
    start: Any,
    predictors: Sequence[PredictorLike] | None = None,
    donors: Sequence[Any] | None = None,
    predictor_periods: Sequence[Any] | None = None,
    optimise_periods: Sequence[Any] | None = None,
    predictor_weights: PredictorWeights = "optimised",
    random_starts: int = 0,
    draws: int = DRAWS,
    seed: int = 1,
    on_step: OnStep | None = None,
) -> SyntheticGroupResult:
    """A synthetic control of each treated unit, none made of another treated one, and their mean gap.

    start : the first treated period of all, a mapping of treated units to theirs, or the column that has it.
    donors : None takes all units that are not among the treated.
    draws : sets of as many donors that are taken as treated instead, their synthetic controls made of the
        donors left; 0 makes none.
    on_step : told how many placebos and draws are done; may raise to stop.
    The other parameters are those of `quant.synthetic_control`.

    Raises EffectError as that does, and for fewer than 2 treated units or one without a start.
    Source: Cavallo, Galiani, Noy & Pantano (2013), Review of Economics and Statistics 95: 1549-1561.
    """
    treated = list(dict.fromkeys(treated_units))
    if isinstance(start, str) and start in panel.columns:
        start = panel.dropna(subset=[start]).groupby(unit)[start].first()
    starts = _starts(treated, start)
    pool = donors
    if pool is None and unit in panel.columns:
        pool = [one for one in pd.unique(panel[unit].dropna()) if one not in starts]
    refuse_treated_donors([one for one in pool or () if one in starts])
    panels = [
        synthetic_panel(
            panel,
            outcome=outcome,
            unit=unit,
            time=time,
            treated_unit=one,
            start=starts[one],
            predictors=predictors,
            donors=pool,
            predictor_periods=predictor_periods,
            optimise_periods=optimise_periods,
        )
        for one in treated
    ]
    search = predictor_search(panels[0], predictor_weights, random_starts, seed)
    by_start = {one.start: one for one in panels}
    total = len(by_start) * len(panels[0].donors) + draws
    placebos = _placebos(by_start, search, on_step, total) if draws else {}
    results = {one.treated_unit: _one_result(one, search, placebos) for one in panels}
    pooled = _pooled(panels, [result.gap.to_numpy() for result in results.values()])
    drawn = _drawn(list(results.values()), placebos, pooled, draws, on_step)
    return _group_result(results, pooled, drawn, seed)


def _starts(treated: Sequence[Any], start: Any) -> dict[Any, Any]:
    if len(treated) < 2:
        raise EffectError(
            "{found} treated unit(s); for one, ask for a synthetic control of it alone",
            reason="synthetic_one_treated",
            found=len(treated),
        )
    if not isinstance(start, (Mapping, pd.Series)):
        return dict.fromkeys(treated, start)
    absent = [one for one in treated if one not in start]
    if absent:
        raise EffectError(
            "no start is given for: {absent}; give one for each treated unit",
            reason="synthetic_start_missing",
            absent=listed(absent),
        )
    return {one: start[one] for one in treated}


@dataclass(frozen=True)
class _Pooled:
    """Mean gap by time since the start, number of units seen, mean effect, and ratio of the mean gap."""

    event_times: np.ndarray
    gap: Array
    units: np.ndarray
    effect: float
    pre_rmspe: float
    post_rmspe: float

    @property
    def numbers(self) -> Array:
        """(n_event_times + 2,) gaps, effect, ratio."""
        return np.append(self.gap, [self.effect, rmspe_ratio(self.pre_rmspe, self.post_rmspe)])


def _placebos(
    by_start: Mapping[int, SyntheticPanel], search: Search, on_step: OnStep | None, total: int
) -> dict[int, DonorPlacebos]:
    """By place of a start: every donor as if treated then."""
    found: dict[int, DonorPlacebos] = {}
    for number, (start, panel) in enumerate(by_start.items()):
        before = number * len(panel.donors)

        def told(done: int, _: int, before: int = before) -> None:
            if on_step is not None:
                on_step(before + done, total)

        found[start] = donor_placebos(panel, search, told)
    return found


def _one_result(
    panel: SyntheticPanel, search: Search, placebos: Mapping[int, DonorPlacebos]
) -> SyntheticControlResult:
    found = match(panel.targets, 0, panel.donor_places, search)
    tables = placebo_tables(panel, found, placebos[panel.start].gaps) if placebos else no_placebos()
    return build_result(panel, search, found, *tables, analysis_settings(panel, search, bool(placebos)))


def _pooled(panels: Sequence[SyntheticPanel], gaps: Sequence[Array]) -> _Pooled:
    """The mean of gaps, one a panel, by time since its start."""
    first = min(-panel.start for panel in panels)
    last = max(len(panel.periods) - panel.start for panel in panels)
    event_times = np.arange(first, last)
    table = np.full((len(gaps), len(event_times)), np.nan)
    for row, (gap, panel) in enumerate(zip(gaps, panels, strict=True)):
        offset = -panel.start - first
        table[row, offset : offset + len(gap)] = gap
    mean, after = np.nanmean(table, axis=0), event_times >= 0
    return _Pooled(
        event_times=event_times,
        gap=mean,
        units=(~np.isnan(table)).sum(axis=0),
        effect=float(np.nanmean(table[:, after], axis=1).mean()),
        pre_rmspe=rmspe(mean[~after]),
        post_rmspe=rmspe(mean[after]),
    )


def _drawn(
    results: Sequence[SyntheticControlResult],
    placebos: Mapping[int, DonorPlacebos],
    whole: _Pooled,
    draws: int,
    on_step: OnStep | None,
) -> Array:
    """(draws, n_event_times + 3) numbers of sets of donors, one donor for each treated unit.

    The last number is the ratio of the treated units that the drawn ratio is compared with.
    """
    n_donors = len(results[0].panel.donors)
    chance = np.random.default_rng(results[0].search.seed)
    enough, before = _enough_donors(n_donors, len(results)), len(placebos) * n_donors
    rows = []
    for draw in range(1, draws + 1):
        chosen = chance.choice(results[0].panel.donor_places, size=len(results), replace=not enough)
        rows.append(_one_draw(results, placebos, whole, chosen, enough))
        if on_step is not None:
            on_step(before + draw, before + draws)
    return np.array(rows)


def _one_draw(
    results: Sequence[SyntheticControlResult],
    placebos: Mapping[int, DonorPlacebos],
    whole: _Pooled,
    chosen: Places,
    enough: bool,
) -> Array:
    """Numbers of the chosen donors, then the ratio of the treated units.

    As no treated unit is a donor, no drawn donor is one of another: their gaps share the errors of the donors
    left, as those of the treated units do. Fewer donors match the time before worse, so the treated units'
    ratio is taken with the donors left as well.
    """
    panels = [result.panel for result in results]
    donors = panels[0].donor_places
    left = np.setdiff1d(donors, chosen)
    gaps = []
    for panel, place in zip(panels, chosen, strict=True):
        known = placebos[panel.start].predictors[place - 1]
        gaps.append(_refitted(panel, int(place), left if enough else donors[donors != place], known))
    own = whole
    if enough:
        known_own = [result.predictor_weights.to_numpy() for result in results]
        own = _pooled(
            panels, [_refitted(one, 0, left, known) for one, known in zip(panels, known_own, strict=True)]
        )
    return np.append(_pooled(panels, gaps).numbers, own.numbers[-1])


def _refitted(panel: SyntheticPanel, place: int, donors: Places, predictors: Array) -> Array:
    """Gap of a unit against some of the donors, predictors weighed as with all of them."""
    return placebo_gap(panel, place, donors, Search(given=predictors))


def _enough_donors(donors: int, treated: int) -> bool:
    """Whether 2 donors are left where as many as there are treated units are taken out."""
    return donors >= treated + 2


def _group_result(
    results: dict[Any, SyntheticControlResult], pooled: _Pooled, drawn: Array, seed: int
) -> SyntheticGroupResult:
    draws, numbers = len(drawn), pooled.numbers
    p_values = np.full(len(numbers), np.nan)
    if draws:
        own = np.column_stack([np.tile(numbers[:-1], (draws, 1)), drawn[:, -1]])
        as_large = np.abs(drawn[:, :-1]) >= np.abs(own) * (1 - 1e-12)
        p_values = (1 + as_large.sum(axis=0)) / (1 + draws)
    columns = (pooled.event_times, pooled.gap, pooled.units, p_values[:-2])
    return SyntheticGroupResult(
        outcome=next(iter(results.values())).outcome,
        results=results,
        units=_unit_table(results),
        gap=pd.DataFrame(dict(zip(POOLED_COLUMNS, columns, strict=True))),
        weights=_mean_weights(results),
        pre_rmspe=pooled.pre_rmspe,
        post_rmspe=pooled.post_rmspe,
        effect=pooled.effect,
        p_value=float(p_values[-1]),
        effect_p_value=float(p_values[-2]),
        draws=draws,
        seed=seed,
        notes=tuple(_notes(results, draws)),
    )


def _unit_table(results: Mapping[Any, SyntheticControlResult]) -> pd.DataFrame:
    rows = [
        (unit, one.start, one.pre_rmspe, one.post_rmspe, one.ratio, one.effect, one.fit)
        for unit, one in results.items()
    ]
    return pd.DataFrame(rows, columns=list(UNIT_COLUMNS))


def _mean_weights(results: Mapping[Any, SyntheticControlResult]) -> pd.Series:
    table = pd.DataFrame({unit: result.weights for unit, result in results.items()})
    return table.mean(axis=1).sort_values(ascending=False, kind="stable").rename("weight")


def _notes(results: Mapping[Any, SyntheticControlResult], draws: int) -> list[Note]:
    poor = [unit for unit, result in results.items() if not result.interpretable]
    n_donors = len(next(iter(results.values())).panel.donors)
    notes = []
    if poor:
        notes.append(
            Note(
                "{found} of {units} treated units are matched too badly before the start to be read alone: "
                "{poor}",
                reason="synthetic_group_poor",
                found=len(poor),
                units=len(results),
                poor=listed(poor),
            )
        )
    if draws and n_donors < len(results):
        notes.append(
            Note(
                "{donors} donors are fewer than {units} treated units, so that a draw takes some donors "
                "twice",
                reason="synthetic_group_few_donors",
                donors=n_donors,
                units=len(results),
            )
        )
    return notes
