"""From a panel and a request to a result: the road that `did` and `event_study` share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from quant.effect_fit import Effect, fit_effects
from quant.effect_request import EffectRequest
from quant.effect_results import EffectDesign, EffectResult, period_name
from quant.effect_rows import row_cells
from quant.effect_solver import Cells
from quant.errors import EffectError
from quant.notes import Note
from quant.panel import Panel, check_panel

LARGE_FRAME = 1_000_000  # rows from which cells are worth more than the time it takes to make them


class EffectSource(Protocol):
    """Checked rows, wherever they are."""

    @property
    def periods(self) -> list[Any]:
        """Sorted values of the time column."""

    @property
    def start(self) -> Any:
        """First treated period that all treated units share, None where they differ."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the checks found worth knowing."""

    def cells(self, kept: Sequence[int]) -> Cells:
        """What least squares needs of the rows in these periods (places)."""


@dataclass(frozen=True)
class RowSource:
    """A panel in memory."""

    panel: Panel
    unit_effects: bool
    further_notes: tuple[Note, ...] = ()

    @property
    def periods(self) -> list[Any]:
        """Sorted values of the time column."""
        return self.panel.periods

    @property
    def start(self) -> Any:
        """First treated period that all treated units share, None where they differ."""
        return self.panel.start

    @property
    def notes(self) -> tuple[Note, ...]:
        """Rows left out, gaps."""
        return self.panel.notes + self.further_notes

    def cells(self, kept: Sequence[int]) -> Cells:
        """Every row of these periods as a cell."""
        return row_cells(self.panel, kept, unit_effects=self.unit_effects)


class CheckedPanel:
    """A panel that is checked and reduced once, for several estimates of the same outcome and columns.

    It stands where `quant.did` and `quant.event_study` take a panel.
    """

    def __init__(self, panel: Any, request: EffectRequest) -> None:
        """Check the panel. Raises EffectError as `check_panel` does."""
        self._source = effect_source(panel, request)
        self._cells: dict[tuple[int, ...], Cells] = {}

    @property
    def periods(self) -> list[Any]:
        """Sorted values of the time column."""
        return self._source.periods

    @property
    def start(self) -> Any:
        """First treated period that all treated units share, None where they differ."""
        return self._source.start

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the checks found worth knowing."""
        return self._source.notes

    def cells(self, kept: Sequence[int]) -> Cells:
        """What least squares needs of the rows in these periods (places); read once."""
        places = tuple(kept)
        if places not in self._cells:
            self._cells[places] = self._source.cells(places)
        return self._cells[places]


def effect_source(panel: Any, request: EffectRequest) -> EffectSource:
    """The checked rows of a frame, a file, a DuckDB relation or an Ibis table; those of a CheckedPanel as is.

    Rows outside memory are reduced by their engine, or read where that would be of no use. Large frames are
    reduced by DuckDB too.
    Raises EffectError as `check_panel` does.
    """
    if isinstance(panel, CheckedPanel):
        return panel
    notes: tuple[Note, ...] = ()
    if not isinstance(panel, pd.DataFrame):
        from quant.effect_tables import check_table, open_table, read_rows

        engine = open_table(panel)
        table = check_table(engine, request)
        if table is not None:
            return table
        panel = read_rows(engine, request)
        notes = (
            Note(
                "{rows} rows were read into memory: weights, continuous covariates or units as clusters tell "
                "all rows apart",
                reason="effect_read_rows",
                rows=len(panel),
            ),
        )
    elif len(panel) >= LARGE_FRAME:
        from quant.effect_tables import can_reduce, check_table, open_table

        table = check_table(open_table(panel), request) if can_reduce(panel, request) else None
        if table is not None:
            return table
    checked = check_panel(
        panel,
        outcome=request.outcome,
        unit=request.unit,
        time=request.time,
        treated=request.treated,
        start=request.start,
        base=request.base,
        cluster=request.cluster,
        covariates=request.covariates,
        absorb=request.absorb,
        weights=request.weights,
        repeated=not request.unit_effects,
    )
    return RowSource(checked, request.unit_effects, notes)


def common_start(source: EffectSource) -> int:
    """Place of the first treated period. Raises EffectError where units start at different times."""
    if source.start is None:
        raise EffectError(
            "treated units start at different times; a two-way model would compare them with units treated "
            "earlier and mix the signs of their effects: choose the design with staggered starts "
            "(quant.staggered)",
            reason="effect_staggered",
        )
    return source.periods.index(source.start)


def estimate(
    design: EffectDesign,
    source: EffectSource,
    request: EffectRequest,
    effects: Sequence[Effect],
    *,
    kept: Sequence[int],
    base: Any,
    further_settings: dict[str, Any],
    notes: Sequence[Note] = (),
) -> EffectResult:
    """Fit the effects on the rows of the periods kept (places)."""
    cells = source.cells(kept)
    _check_groups(cells, effects, source.periods)
    fitted = fit_effects(cells, effects, n_periods=len(source.periods), vcov=request.vcov, dof=request.dof)
    return EffectResult(
        design=design,
        outcome=request.outcome,
        table=fitted.table,
        covariance=fitted.covariance,
        df=fitted.df,
        n=cells.rows,
        n_units=cells.units,
        n_treated_units=cells.treated_units,
        clusters=fitted.clusters,
        treated_clusters=fitted.treated_clusters,
        base=base,
        start=source.start,
        vcov=request.vcov,
        r2=fitted.r2,
        settings={**request.settings(), **further_settings, "cells": len(cells)},
        notes=(*source.notes, *notes, *fitted.notes),
        fit=fitted.fit,
        cluster_labels=cells.cluster_labels,
    )


def _check_groups(cells: Cells, effects: Sequence[Effect], periods: list[Any]) -> None:
    """Raise EffectError for an effect in whose periods the treated or the others have no row."""
    treated = np.bincount(cells.places[cells.ever], minlength=len(periods))
    others = np.bincount(cells.places[~cells.ever], minlength=len(periods))
    for effect in effects:
        if not treated[list(effect.places)].any():
            raise EffectError(
                "no treated unit has a row in {period}; leave the period out, or add rows",
                reason="effect_period_without_treated",
                period=period_name(effect.period),
            )
        if not others[list(effect.places)].any():
            raise EffectError(
                "no unit without treatment has a row in {period}; leave the period out, or add rows",
                reason="effect_period_without_control",
                period=period_name(effect.period),
            )
