"""Several treated units: a synthetic control each, their mean gap, and how often chance makes one as big."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from quant.errors import EffectError
from quant.notes import Note
from quant.panel_refusals import listed
from quant.synthetic_control import PredictorWeights, analysis_settings, predictor_search
from quant.synthetic_panel import SyntheticPanel, refuse_treated_donors, synthetic_panel
from quant.synthetic_placebos import OnStep, donor_gaps, no_placebos, placebo_tables
from quant.synthetic_predictors import PredictorLike
from quant.synthetic_results import SyntheticControlResult, build_result, records, rmspe, rmspe_ratio
from quant.synthetic_weights import Array, Search, match

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
    p_value : of the ratio; effect_p_value : of the size of the effect; nan without draws.
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
        values = {name: getattr(self, name) for name in numbers}
        return {
            "outcome": self.outcome,
            **{name: value if np.isfinite(value) else None for name, value in values.items()},
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
    predictor_weights: PredictorWeights = "optimised",
    random_starts: int = 0,
    draws: int = DRAWS,
    seed: int = 1,
    on_step: OnStep | None = None,
) -> SyntheticGroupResult:
    """A synthetic control of each treated unit, none made of another treated one, and their mean gap.

    start : the first treated period of all, a mapping of treated units to theirs, or the column that has it.
    donors : None takes all units that are not among the treated.
    draws : sets of donors, as many as there are treated units, that are taken as treated instead (a donor's
        synthetic control is made of all other donors); 0 makes none.
    on_step : told how many placebos are done; may raise to stop.
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
        )
        for one in treated
    ]
    search = predictor_search(panels[0], predictor_weights, random_starts, seed)
    paths = _placebo_paths(panels, search, on_step) if draws else {}
    results = {one.treated_unit: _one_result(one, search, paths) for one in panels}
    return _pooled(results, paths, draws, seed)


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


def _placebo_paths(
    panels: Sequence[SyntheticPanel], search: Search, on_step: OnStep | None
) -> dict[int, Array]:
    """By place of a start: (n_periods, n_donors) gap of every donor as if treated then."""
    by_start = {panel.start: panel for panel in panels}
    total = sum(len(panel.donors) for panel in by_start.values())
    paths: dict[int, Array] = {}
    for number, panel in enumerate(by_start.values()):
        before = number * len(panel.donors)

        def told(done: int, _: int, before: int = before) -> None:
            if on_step is not None:
                on_step(before + done, total)

        paths[panel.start] = donor_gaps(panel, search, told)
    return paths


def _one_result(panel: SyntheticPanel, search: Search, paths: Mapping[int, Array]) -> SyntheticControlResult:
    found = match(panel.targets, 0, panel.donor_places, search)
    tables = placebo_tables(panel, found, paths[panel.start]) if paths else no_placebos()
    return build_result(panel, search, found, *tables, analysis_settings(panel, search, bool(paths)))


def _pooled(
    results: dict[Any, SyntheticControlResult], paths: Mapping[int, Array], draws: int, seed: int
) -> SyntheticGroupResult:
    panels = [result.panel for result in results.values()]
    event_times = _event_times(panels)
    seen = _aligned([result.gap.to_numpy() for result in results.values()], panels, event_times)
    gap, effect = _summary(seen, event_times)
    pre, post = rmspe(gap[event_times < 0]), rmspe(gap[event_times >= 0])
    drawn = _drawn(paths, panels, event_times, draws, seed) if draws else np.empty((0, len(gap) + 2))
    ratio = rmspe_ratio(pre, post)
    at_least = np.abs(drawn) >= np.abs(np.append(gap, [effect, ratio])) * (1 - 1e-12)
    p_values = (1 + at_least.sum(axis=0)) / (1 + draws) if draws else np.full(len(gap) + 2, np.nan)
    table = pd.DataFrame(
        {
            "event_time": event_times,
            "gap": gap,
            "units": (~np.isnan(seen)).sum(axis=0),
            "p_value": p_values[:-2],
        }
    )
    return SyntheticGroupResult(
        outcome=panels[0].outcome,
        results=results,
        units=_unit_table(results),
        gap=table,
        weights=_mean_weights(results),
        pre_rmspe=pre,
        post_rmspe=post,
        effect=effect,
        p_value=float(p_values[-1]),
        effect_p_value=float(p_values[-2]),
        draws=draws,
        seed=seed,
        notes=tuple(_notes(results, draws)),
    )


def _event_times(panels: Sequence[SyntheticPanel]) -> np.ndarray:
    first = min(-panel.start for panel in panels)
    last = max(len(panel.periods) - panel.start for panel in panels)
    return np.arange(first, last)


def _aligned(gaps: Sequence[Array], panels: Sequence[SyntheticPanel], event_times: np.ndarray) -> Array:
    """(n_units, n_event_times) gaps by time since the start, nan where the panel has none."""
    table = np.full((len(gaps), len(event_times)), np.nan)
    for row, (gap, panel) in enumerate(zip(gaps, panels, strict=True)):
        offset = -panel.start - int(event_times[0])
        table[row, offset : offset + len(gap)] = gap
    return table


def _summary(table: Array, event_times: np.ndarray) -> tuple[Array, float]:
    """Mean gap by time since the start, and the mean over units of their mean gap from it on."""
    return np.nanmean(table, axis=0), float(np.nanmean(table[:, event_times >= 0], axis=1).mean())


def _drawn(
    paths: Mapping[int, Array],
    panels: Sequence[SyntheticPanel],
    event_times: np.ndarray,
    draws: int,
    seed: int,
) -> Array:
    """(draws, n_event_times + 2) of sets of donors: mean gaps, effect, ratio."""
    chance = np.random.default_rng(seed)
    n_donors = next(iter(paths.values())).shape[1]
    rows = np.empty((draws, len(event_times) + 2))
    for draw in range(draws):
        chosen = chance.choice(n_donors, size=len(panels), replace=n_donors < len(panels))
        gaps = [paths[panel.start][:, place] for panel, place in zip(panels, chosen, strict=True)]
        gap, effect = _summary(_aligned(gaps, panels, event_times), event_times)
        ratio = rmspe_ratio(rmspe(gap[event_times < 0]), rmspe(gap[event_times >= 0]))
        rows[draw] = np.append(gap, [effect, ratio])
    return rows


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
