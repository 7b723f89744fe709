"""Scree: eigenvalues in order beside those of random data."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from workbench.display import format_number
from workbench.figures.figure import Figure
from workbench.figures.theme import BLUE, GREY, ORANGE, styled
from workbench.i18n import Language, t

NUMBER, OBSERVED, RANDOM_MEAN, RANDOM_QUANTILE = "number", "observed", "random_mean", "random_quantile"


def scree(
    eigenvalues: pd.DataFrame,
    *,
    title: str,
    percent: int = 95,
    language: Language = "da",
    source: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """A line of eigenvalues, and lines of the mean and the percentile of random ones.

    eigenvalues : (items, 4) frame `number` (1, 2 ...), `observed`, `random_mean`, `random_quantile`.

    Raises ValueError if there is no eigenvalue.
    """
    if eigenvalues.empty:
        raise ValueError("a scree needs at least one eigenvalue")
    names = {
        OBSERVED: t("factors.retention.observed", language=language),
        RANDOM_QUANTILE: t("factors.retention.random_quantile", language=language, percent=percent),
        RANDOM_MEAN: t("factors.retention.random_mean", language=language),
    }
    long = eigenvalues.melt(NUMBER, list(names), "series", "value")
    long["name"] = [names[name] for name in long["series"]]
    long["shown"] = [format_number(float(value), 3, language) for value in long["value"]]
    colour = alt.Color(
        "name:N",
        sort=None,
        scale=alt.Scale(domain=list(names.values()), range=[BLUE, ORANGE, GREY]),
    )
    base = alt.Chart(long).encode(
        x=alt.X(
            f"{NUMBER}:O",
            title=t("factors.retention.place", language=language),
            axis=alt.Axis(labelAngle=0, grid=False),
        ),
        y=alt.Y("value:Q", title=t("factors.retention.axis", language=language)),
        color=colour,
    )
    tooltip = [alt.Tooltip("name:N"), alt.Tooltip(f"{NUMBER}:O"), alt.Tooltip("shown:N")]
    lines = base.mark_line(strokeWidth=1.8)
    dots = base.mark_point(filled=True, size=45, opacity=1).encode(tooltip=tooltip)
    first = eigenvalues.iloc[0]
    above = int((eigenvalues[OBSERVED] > eigenvalues[RANDOM_QUANTILE]).cummin().sum())
    alt_text = t(
        "factors.retention.figure_alt",
        language=language,
        first=format_number(float(first[OBSERVED]), 2, language),
        chance=format_number(float(first[RANDOM_QUANTILE]), 2, language),
        n=above,
        percent=percent,
    )
    return Figure(
        key="scree",
        title=title,
        alt_text=alt_text,
        chart=styled(alt.layer(lines, dots).properties(width=480, height=260), language),
        language=language,
        notes=tuple(notes),
        source=source,
    )
