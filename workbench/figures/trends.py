"""Lines by period: the treated beside those they are compared with (parallel trends, synthetic control)."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from workbench.display import format_number
from workbench.figures.figure import Figure
from workbench.figures.period_axis import HEIGHT, PLACE, WIDTH, period_axis, start_rule, with_places
from workbench.figures.theme import series_colours, styled
from workbench.i18n import Language, t

DASHES = ([1, 0], [6, 4], [2, 3], [8, 3, 2, 3])


def trends_plot(
    means: pd.DataFrame,
    *,
    title: str,
    start: str | None = None,
    language: Language = "da",
    y_title: str = "",
    decimals: int = 3,
    source: str = "",
    notes: Sequence[str] = (),
    key: str = "trends",
) -> Figure:
    """One line a series over the periods in their order, with a broken line before the first treated period.

    means : (n, 3) frame `period` (text), `series` (its label), `value`; a missing value breaks its line.
    start : first treated period, as `period` writes it.

    Raises ValueError if there is no value.
    """
    if means.dropna(subset=["value"]).empty:
        raise ValueError("a plot of trends needs at least one value")
    periods = list(dict.fromkeys(means["period"]))
    series = list(dict.fromkeys(means["series"]))
    frame = with_places(means, periods)
    frame["shown"] = [format_number(value, decimals, language) for value in frame["value"]]
    lines = alt.Chart(frame).encode(
        x=period_axis(periods),
        y=alt.Y("value:Q", title=y_title or None, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=6)),
        color=alt.Color(
            "series:N",
            sort=None,
            scale=alt.Scale(domain=series, range=series_colours(series)),
            legend=alt.Legend(symbolType="stroke", symbolStrokeWidth=3),
        ),
        strokeDash=alt.StrokeDash(
            "series:N",
            sort=None,
            scale=alt.Scale(domain=series, range=[DASHES[n % len(DASHES)] for n in range(len(series))]),
        ),
        tooltip=[alt.Tooltip("series:N"), alt.Tooltip("period:N"), alt.Tooltip("shown:N")],
    )
    rule = start_rule(periods, start)
    layers = [*([rule] if rule is not None else []), lines.mark_line(strokeWidth=2.5, point={"size": 28})]
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    return Figure(
        key=key,
        title=title,
        alt_text=_alt_text(frame, series, start, language),
        chart=styled(chart, language),
        language=language,
        notes=tuple(notes),
        source=source,
    )


def _alt_text(frame: pd.DataFrame, series: Sequence[str], start: str | None, language: Language) -> str:
    parts = []
    for name in series:
        mine = frame[(frame["series"] == name) & frame["value"].notna()].sort_values(PLACE)
        if len(mine):
            first, last = mine.iloc[0], mine.iloc[-1]
            parts.append(
                t(
                    "figures.trend_part",
                    language=language,
                    series=name,
                    first=first["period"],
                    first_value=first["shown"],
                    last=last["period"],
                    last_value=last["shown"],
                )
            )
    began = t("figures.started", language=language, start=start) + " " if start else ""
    return f"{t('figures.trends_alt', language=language)} {began}{'; '.join(parts)}."
