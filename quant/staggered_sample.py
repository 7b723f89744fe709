"""Arrays for comparisons by cohort and period out of a checked panel, and who is left out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from quant.effect_results import period_name
from quant.errors import EffectError
from quant.notes import Note
from quant.panel import Panel, check_panel, start_places
from quant.panel_refusals import check_columns, listed
from quant.staggered_comparisons import NEVER_TREATED, ControlUnits, Sample
from quant.treatment_starts import NEVER

Gaps = Literal["pairs", "drop"]


@dataclass(frozen=True)
class StaggeredSample:
    """The arrays, and the names that belong to their places.

    periods : of the columns of the arrays.  n_treated_units : units that start within these periods.
    treated_clusters : clusters with such a unit.  notes : who was left out, and why.
    """

    arrays: Sample = field(repr=False)
    periods: list[Any]
    n_treated_units: int
    treated_clusters: int
    notes: tuple[Note, ...]


def staggered_sample(
    panel: Any,
    *,
    outcome: str,
    unit: str,
    time: str,
    start: str | None,
    treated: str | None,
    cluster: str | None,
    covariates: Sequence[str],
    control: ControlUnits,
    anticipation: int,
    gaps: Gaps,
) -> StaggeredSample:
    """The sample of comparisons by cohort and period; options as in `quant.staggered.staggered`.

    Raises EffectError as `check_panel` does, and where the controls asked for do not exist.
    """
    if start is None and treated is None:
        raise EffectError(
            "starts that differ need `start`, a column with each unit's first treated period, or `treated`, "
            "a column that is 0 before treatment and 1 from its start on",
            reason="effect_staggered_no_start",
        )
    if isinstance(panel, pd.DataFrame) or covariates:
        arrays, periods, notes = _frame_sample(
            panel,
            outcome=outcome,
            unit=unit,
            time=time,
            start=start,
            treated=treated,
            cluster=cluster,
            covariates=covariates,
        )
    else:
        from quant.staggered_tables import table_sample

        arrays, periods, early, found = table_sample(
            panel, outcome=outcome, unit=unit, time=time, start=start, treated=treated, cluster=cluster
        )
        notes = [_early_note(units, [period]) for units, period in early] + list(found)
    for leave_out in (
        _drop_incomplete if gaps == "drop" else _keep_all,
        _drop_early,
        _drop_last_cohort if control == "not_yet" else _check_never_treated,
    ):
        arrays, said = leave_out(arrays, periods, anticipation)
        notes += said
    inside = arrays.cohort < arrays.n_periods
    clusters = np.flatnonzero(inside) if arrays.cluster is None else np.unique(arrays.cluster[inside])
    return StaggeredSample(
        arrays, periods[: arrays.n_periods], int(inside.sum()), len(clusters), tuple(notes)
    )


def _frame_sample(
    panel: Any,
    *,
    outcome: str,
    unit: str,
    time: str,
    start: str | None,
    treated: str | None,
    cluster: str | None,
    covariates: Sequence[str],
) -> tuple[Sample, list[Any], list[Note]]:
    """The sample of a panel in memory (covariates are read into it), its periods, and notes."""
    named = [name for name in (start, treated, cluster) if name is not None]
    used = [outcome, unit, time, *named, *covariates]
    tasks: dict[str, Any] = {
        "outcome": outcome, "treated": treated or start or "", "covariates": covariates
    }  # fmt: skip
    if not isinstance(panel, pd.DataFrame):
        from quant.effect_tables import open_table

        engine = open_table(panel)
        check_columns(list(engine.table.columns), used, **tasks)
        panel = engine.run(engine.table.select(list(dict.fromkeys(used))))
    check_columns(list(panel.columns), used, **tasks)
    panel, treated, notes = _prepared(panel, unit=unit, time=time, start=start, treated=treated)
    checked = check_panel(
        panel,
        outcome=outcome,
        unit=unit,
        time=time,
        treated=treated,
        start=start,
        cluster=cluster,
        covariates=covariates,
    )
    return _arrays(checked), checked.periods, [*notes, *checked.notes]


def _prepared(
    panel: pd.DataFrame, *, unit: str, time: str, start: str | None, treated: str | None
) -> tuple[pd.DataFrame, str, list[Note]]:
    """With a column "ever treated", made of the starts where none is given, without units treated at once.

    Units that are treated in all periods show neither how they were before nor, as controls, a common trend.
    """
    if start is not None:
        starts = _starts(panel, time, start)
        early, others = starts == 0, bool((starts > 0).any())
        if treated is None:
            treated = f"{start} (treated)"
            panel = panel.assign(**{treated: starts != NEVER})
    else:
        assert treated is not None
        early = _treated_at_once(panel, unit=unit, time=time, treated=treated)
        others = bool((panel[treated].to_numpy()[~early] == 1).any())
    if not early.any() or not others:  # where no others are treated, `check_panel` says so
        return panel, treated, []
    note = _early_note(panel.loc[early, unit].nunique(), [panel.loc[early, time].min()])
    return panel[~early], treated, [note]


def _starts(panel: pd.DataFrame, time: str, start: str) -> np.ndarray:
    """Places of the starts among the periods; all NEVER where the periods cannot be ordered."""
    column = panel[time]
    try:
        periods = sorted(pd.unique(column.dropna()))
    except TypeError:  # `check_panel` says what is wrong
        return np.full(len(panel), NEVER)
    if isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.ordered:
        periods = list(column.cat.remove_unused_categories().cat.categories)
    return start_places(panel[start], periods, start)


def _treated_at_once(panel: pd.DataFrame, *, unit: str, time: str, treated: str) -> np.ndarray:
    """(n,) whether a row's unit is treated in the first period."""
    try:
        first = panel[time] == panel[time].min()
    except TypeError:
        return np.zeros(len(panel), dtype=bool)
    found: np.ndarray = panel[unit].isin(panel.loc[first & (panel[treated] == 1), unit]).to_numpy(bool)
    return found


def _arrays(panel: Panel) -> Sample:
    """Units by periods; not a number where there is no row."""
    codes, units = pd.factorize(panel.frame[panel.unit])
    shape = (len(units), len(panel.periods))
    outcome = np.full(shape, np.nan)
    outcome[codes, panel.places] = panel.frame[panel.outcome].to_numpy(float)
    cohort = np.empty(len(units), dtype=np.int64)
    inside = (panel.row_starts != NEVER) & (panel.row_starts < len(panel.periods))
    cohort[codes] = np.where(inside, panel.row_starts, NEVER_TREATED)
    cluster = None
    if panel.cluster is not None:
        cluster = np.empty(len(units), dtype=np.int64)
        cluster[codes] = pd.factorize(panel.frame[panel.cluster])[0]
    columns = _covariate_columns(panel)
    covariates = np.full((*shape, len(columns)), np.nan)
    for place, column in enumerate(columns):
        covariates[codes, panel.places, place] = column
    return Sample(outcome, cohort, cluster, covariates)


def _covariate_columns(panel: Panel) -> list[np.ndarray]:
    """Covariates with mean 0 and standard deviation 1, which leaves the effects as they are; words as 0/1."""
    columns: list[np.ndarray] = []
    for name in panel.covariates:
        given = panel.frame[name]
        if pd.api.types.is_numeric_dtype(given.dtype):
            columns.append(given.to_numpy(float))
        else:
            columns += list(pd.get_dummies(given, drop_first=True).to_numpy(float).T)
    return [(column - column.mean()) / (column.std() or 1.0) for column in columns]


def _keep_all(arrays: Sample, periods: Sequence[Any], anticipation: int) -> tuple[Sample, list[Note]]:
    return arrays, []


def _drop_incomplete(arrays: Sample, periods: Sequence[Any], anticipation: int) -> tuple[Sample, list[Note]]:
    complete = ~np.isnan(arrays.outcome).any(axis=1)
    if complete.all():
        return arrays, []
    if not complete.any():
        raise EffectError(
            "no unit has a row in each of the {periods} periods; use gaps='pairs', or a shorter panel",
            reason="effect_staggered_all_incomplete",
            periods=len(periods),
        )
    note = Note(
        "{found} of {units} units are left out because they lack a row in some of the {periods} periods",
        reason="effect_staggered_incomplete",
        found=int((~complete).sum()),
        units=len(complete),
        periods=len(periods),
    )
    return _chosen(arrays, complete), [note]


def _drop_early(arrays: Sample, periods: Sequence[Any], anticipation: int) -> tuple[Sample, list[Note]]:
    """Without cohorts that, counting the periods of anticipation, have no period before treatment."""
    early = arrays.cohort <= anticipation
    if not early.any():
        return arrays, []
    starts = [periods[place] for place in np.unique(arrays.cohort[early])]
    return _chosen(arrays, ~early), [_early_note(int(early.sum()), starts)]


def _early_note(found: int, starts: Sequence[Any]) -> Note:
    return Note(
        "{found} unit(s) that are treated from {starts} on are left out: no period of the panel shows them "
        "before treatment",
        reason="effect_staggered_early",
        found=found,
        starts=listed([period_name(start) for start in starts]),
    )


def _check_never_treated(
    arrays: Sample, periods: Sequence[Any], anticipation: int
) -> tuple[Sample, list[Note]]:
    if not (arrays.cohort == NEVER_TREATED).any():
        raise EffectError(
            "all {units} units are treated in the end, so none is never treated; compare with units that are "
            "not treated yet: control='not_yet'",
            reason="effect_staggered_no_never_treated",
            units=len(arrays.cohort),
        )
    return arrays, []


def _drop_last_cohort(arrays: Sample, periods: Sequence[Any], anticipation: int) -> tuple[Sample, list[Note]]:
    """Without never treated units, the last cohort is a control until it is treated; nothing after that."""
    if (arrays.cohort == NEVER_TREATED).any():
        return arrays, []
    last = int(arrays.cohort.max())
    end = last - anticipation
    if end < 2 or not (arrays.cohort < end).any():
        raise EffectError(
            "no unit is never treated, and before the last start ({start}) no cohort can be compared with "
            "units that are not treated yet; add units that are never treated",
            reason="effect_staggered_no_later",
            start=period_name(periods[last]),
        )
    note = Note(
        "no unit is never treated: the {found} unit(s) that start last ({start}) serve as controls only, and "
        "periods from {period} on are left out",
        reason="effect_staggered_last_cohort",
        found=int((arrays.cohort == last).sum()),
        start=period_name(periods[last]),
        period=period_name(periods[end]),
    )
    return Sample(arrays.outcome[:, :end], arrays.cohort, arrays.cluster, arrays.covariates[:, :end]), [note]


def _chosen(arrays: Sample, kept: np.ndarray) -> Sample:
    cluster = None if arrays.cluster is None else np.unique(arrays.cluster[kept], return_inverse=True)[1]
    return Sample(arrays.outcome[kept], arrays.cohort[kept], cluster, arrays.covariates[kept])
