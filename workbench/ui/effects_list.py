"""Estimates through filters: the coefficient plot, the table, and the readings in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from coding_schemes import Scheme
from workbench.i18n import get_language, t
from workbench.services.effect_tables import (
    estimates_table,
    group_estimates,
    heading,
    reading_text,
    sources_text,
)
from workbench.services.effects import StoredEstimate
from workbench.services.linked_numbers import pooled
from workbench.services.terms import term_label
from workbench.ui.charts import show_figure
from workbench.ui.tables import download_table, show_table

if TYPE_CHECKING:
    from workbench.figures import Figure

KEY = "page.effects.list"
FILTERS = ("outcome", "subgroup", "period", "model")
LIMIT_IN_FIGURE = 40
ALL = "all"


def show_filters(estimates: Sequence[StoredEstimate], scheme: Scheme | None) -> list[StoredEstimate]:
    """The filters, and the estimates that pass them; an empty filter lets all pass.

    At first the whole group's estimates by period are shown, not every quarter.
    """
    start = _first_view(estimates)
    chosen: dict[str, list[str]] = {}
    for place, name in zip(st.columns(len(FILTERS)), FILTERS, strict=True):
        options = list(dict.fromkeys(_value(stored, name) for stored in estimates))
        chosen[name] = place.multiselect(
            t(f"effects.{name}"),
            options,
            default=start.get(name, []),
            placeholder=t("effects.page.all"),
            format_func=_wording(name, scheme),
            key=f"{KEY}.{get_language()}.{name}",  # the browser keeps the words of what is chosen
            persist_state="session",
            disabled=len(options) < 2,
        )
    return [
        stored
        for stored in estimates
        if all(not wanted or _value(stored, name) in wanted for name, wanted in chosen.items())
    ]


def show_estimates(shown: Sequence[StoredEstimate], scheme: Scheme | None) -> None:
    """The plot of these estimates and their table."""
    if not shown:
        st.info(t("effects.page.none_match"), icon=":material/filter_alt_off:")
        return
    drawn = group_estimates(shown)[:LIMIT_IN_FIGURE]
    if len(drawn) < len(shown):
        st.caption(t("effects.page.too_many", limit=LIMIT_IN_FIGURE, n=len(shown)))
    show_figure(lambda: _plot(drawn, scheme), key=f"{KEY}.plot")
    table = estimates_table(shown, language=get_language(), scheme=scheme)
    show_table(table)
    download_table(table, name="estimates", key=f"{KEY}.xlsx")


def show_readings(shown: Sequence[StoredEstimate], scheme: Scheme | None) -> None:
    """What each estimate allows one to say, a sentence each."""
    if not shown:
        st.info(t("effects.page.none_match"), icon=":material/filter_alt_off:")
        return
    st.caption(t("effects.reading_note"))
    for name, group in groupby(
        group_estimates(shown), key=lambda stored: heading(stored, get_language(), scheme)
    ):
        lines = [
            f"- **{_when(stored)}** {reading_text(stored, get_language(), sentence=True)}" for stored in group
        ]
        st.markdown(f"##### {name}\n" + "\n".join(lines))
    st.caption(f"{t('display.source')} {sources_text(shown, get_language())}")


def _when(stored: StoredEstimate) -> str:
    return f"{stored.value.period or t('effects.page.no_period')}:"


def _first_view(estimates: Sequence[StoredEstimate]) -> dict[str, list[str]]:
    subgroups = {stored.value.subgroup for stored in estimates}
    whole = [stored for stored in estimates if stored.value.subgroup == ALL] or list(estimates)
    view = {"subgroup": [ALL]} if ALL in subgroups and len(subgroups) > 1 else {}
    models = list(dict.fromkeys(stored.value.model for stored in pooled(whole)))
    if len(models) < len({stored.value.model for stored in whole}):
        view["model"] = models
    return view


def _value(stored: StoredEstimate, name: str) -> str:
    return str(getattr(stored.value, name))


def _wording(name: str, scheme: Scheme | None) -> Callable[[str], str]:
    def words(value: str) -> str:
        if name == "model":
            return t("effects.page.model_name", model=value) if value else t("effects.page.no_model")
        if name == "period":
            return value or t("effects.page.no_period")
        return term_label(scheme, value, get_language()) or t("effects.no_outcome")

    return words


def _plot(drawn: Sequence[StoredEstimate], scheme: Scheme | None) -> Figure:
    """Labels say what differs: outcome with period; the subgroup is the colour where there are several."""
    from workbench.figures import coefficient_plot

    language = get_language()
    outcomes = {stored.value.outcome for stored in drawn}
    models = {stored.value.model for stored in drawn}
    rows = []
    for stored in drawn:
        outcome = term_label(scheme, stored.value.outcome, language) if len(outcomes) > 1 else ""
        model = _wording("model", scheme)(stored.value.model) if len(models) > 1 else ""
        low, high = stored.value.ci() or (None, None)
        parts = [part for part in (outcome, stored.value.period, model) if part]
        rows.append(
            {
                "label": ", ".join(parts) or heading(stored, language, scheme),
                "group": term_label(scheme, stored.value.subgroup, language),
                "estimate": stored.value.estimate,
                "ci_low": low,
                "ci_high": high,
            }
        )
    only = (
        f": {heading(drawn[0], language, None if scheme is None else scheme)}" if len(outcomes) == 1 else ""
    )
    return coefficient_plot(
        pd.DataFrame(rows).astype({"ci_low": float, "ci_high": float}),
        title=f"{t('effects.figure_title')}{only}",
        language=language,
        x_title=t("effects.x_title"),
        source=f"{t('display.source')} {sources_text(drawn, language)}",
    )
