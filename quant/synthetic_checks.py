"""Would the gap be there without treatment, or without one donor: placebo in time, leave one donor out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from quant.errors import EffectError
from quant.panel_refusals import find_period, listed
from quant.synthetic_panel import SyntheticPanel, synthetic_panel
from quant.synthetic_placebos import OnStep, no_placebos, placebo_gap
from quant.synthetic_predictors import Predictor
from quant.synthetic_results import SyntheticControlResult, build_result, rmspe, rmspe_ratio
from quant.synthetic_weights import match

LEFT_OUT_COLUMNS = ("donor", "weight", "effect", "pre_rmspe", "post_rmspe", "ratio")


@dataclass(frozen=True)
class LeaveOneDonorOut:
    """The effect without each donor that has weight.

    table : one row a donor left out, by its weight: donor, weight, effect, pre_rmspe, post_rmspe, ratio.
    gaps : (n_periods, n_donors_left_out) gap without the donor.
    """

    table: pd.DataFrame
    gaps: pd.DataFrame = field(repr=False)

    @property
    def lowest(self) -> float:
        """The smallest effect among them."""
        return float(self.table["effect"].min())

    @property
    def highest(self) -> float:
        """The largest effect among them."""
        return float(self.table["effect"].max())


def leave_one_donor_out(
    result: SyntheticControlResult, *, smallest: float = 0.001, on_step: OnStep | None = None
) -> LeaveOneDonorOut:
    """The synthetic control made anew without each donor whose weight is at least `smallest`.

    Raises EffectError if fewer than 2 donors would be left.
    Source: Abadie, Diamond & Hainmueller (2015), American Journal of Political Science 59: 495-510.
    """
    panel = result.panel
    if len(panel.donors) < 3:
        raise EffectError(
            "{found} donors; leaving one out needs 3 or more",
            reason="synthetic_leave_out",
            found=len(panel.donors),
        )
    left_out = [(donor, float(weight)) for donor, weight in result.weights.items() if weight >= smallest]
    rows, gaps = [], {}
    for done, (donor, weight) in enumerate(left_out, start=1):
        kept = panel.donor_places[np.array([one != donor for one in panel.donors])]
        gap = placebo_gap(panel, 0, kept, result.search)
        pre, post = rmspe(gap[: panel.start]), rmspe(gap[panel.start :])
        effect = float(gap[panel.start :].mean())
        rows.append((donor, weight, effect, pre, post, rmspe_ratio(pre, post)))
        gaps[donor] = gap
        if on_step is not None:
            on_step(done, len(left_out))
    table = pd.DataFrame(rows, columns=list(LEFT_OUT_COLUMNS))
    return LeaveOneDonorOut(table, pd.DataFrame(gaps, index=panel.outcomes.index))


def placebo_in_time(result: SyntheticControlResult, start: Any) -> SyntheticControlResult:
    """The same analysis as if treatment had started at an earlier period; its gap should stay near 0.

    start : a period before the true start, with 2 or more before it. Only periods before the true start are
        used; predictors keep those of their periods that lie before the earlier start.

    Raises EffectError for a start that is not earlier, or leaves too few periods or no predictor.
    Source: Abadie, Diamond & Hainmueller (2015), American Journal of Political Science 59: 495-510.
    """
    panel = result.panel
    place = find_period(start, panel.periods, time=panel.time, role="start")
    if place >= panel.start:
        raise EffectError(
            "the placebo starts in {start}, which is not before treatment ({treated}); choose an earlier "
            "period",
            reason="synthetic_placebo_start",
            start=start,
            treated=result.start,
        )
    before = panel.periods[: panel.start]
    declared, common = _earlier(panel, place)
    search = result.search
    if search.given is not None and len(declared) != len(panel.declared):
        search = replace(search, given=None)
    earlier = synthetic_panel(
        panel.source[panel.source[panel.time].isin(before)],
        outcome=panel.outcome,
        unit=panel.unit,
        time=panel.time,
        treated_unit=result.treated_unit,
        start=panel.periods[place],
        predictors=declared or None,
        predictor_periods=common or None,
        donors=panel.donors,
    )
    found = match(earlier.targets, 0, earlier.donor_places, search)
    settings = {**result.settings, "placebo": False, "periods_before": place, "placebo_of": str(result.start)}
    settings["periods_after"] = len(before) - place
    return build_result(earlier, search, found, *no_placebos(), settings)


def _earlier(panel: SyntheticPanel, place: int) -> tuple[list[Predictor], list[Any]]:
    """The predictors with what lies before the earlier start of their periods, and the common periods."""
    before, start = panel.periods[:place], panel.periods[place]
    common = [one for one in panel.predictor_periods or before if one in before]
    found = []
    for one in panel.declared:
        kept = tuple(period for period in one.periods or common if period in before)
        if kept:
            found.append(one if one.periods is None else replace(one, periods=kept))
    if panel.declared and not found:
        raise EffectError(
            "no predictor has a period before {start}; choose a later placebo start "
            "(predictors: {predictors})",
            reason="synthetic_placebo_predictors",
            start=start,
            predictors=listed([one.label for one in panel.declared]),
        )
    return found, common
