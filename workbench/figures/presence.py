"""Presence of themes by group: interviews counted, the denominator always in sight."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from workbench.figures.figure import Figure
from workbench.figures.theme import TRACK, series_colours, styled
from workbench.i18n import Language, t

THEME, GROUP, K, N = "theme", "group", "k", "n"
BAR_HEIGHT = 17


def presence_by_group(
    counts: pd.DataFrame,
    *,
    title: str,
    language: Language = "da",
    source: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """A bar a theme and group: `k` of `n` interviews, on a track that stands for all of them.

    counts : (n, 4) frame `theme`, `group`, `k`, `n`; rows in the order in which they shall stand. Bars carry
        `k/n` and no percentages, since the bases are small; n = 0 is written as not asked.

    Raises ValueError if there is no row.
    """
    if counts.empty:
        raise ValueError("a presence figure needs at least one theme and group")
    frame = counts.copy()
    asked = frame[N] > 0
    frame["share"] = (frame[K] / frame[N].where(asked)).fillna(0.0)
    frame["whole"] = asked.astype(float)
    not_asked = t("figures.not_asked", language=language)
    frame["shown"] = [f"{k}/{n}" if n else not_asked for k, n in zip(frame[K], frame[N], strict=True)]
    themes, groups = list(dict.fromkeys(frame[THEME])), list(dict.fromkeys(frame[GROUP]))
    base = alt.Chart(frame).encode(
        y=alt.Y(f"{THEME}:N", sort=themes, title=None, scale=alt.Scale(paddingInner=0.3),
                axis=alt.Axis(ticks=False, domain=False)),
        yOffset=alt.YOffset(f"{GROUP}:N", sort=groups, scale=alt.Scale(paddingInner=0.2)),
    )  # fmt: skip
    track = base.mark_bar(color=TRACK, cornerRadius=2).encode(x=_hidden_x("whole"))
    bars = base.mark_bar(cornerRadius=2).encode(
        x=_hidden_x("share"),
        color=alt.Color(
            f"{GROUP}:N", sort=None, scale=alt.Scale(domain=groups, range=series_colours(groups))
        ),
        tooltip=[alt.Tooltip(f"{THEME}:N"), alt.Tooltip(f"{GROUP}:N"), alt.Tooltip("shown:N")],
    )
    numbers = base.mark_text(align="left", dx=6, fontSize=11).encode(x=_hidden_x("whole"), text="shown:N")
    height = len(themes) * (BAR_HEIGHT * len(groups) + 12)
    chart = alt.layer(track, bars, numbers).properties(width=400, height=height)
    parts = [f"{row[THEME]}, {row[GROUP]}: {row['shown']}" for row in frame.to_dict("records")]
    return Figure(
        key="presence",
        title=title,
        alt_text=f"{t('figures.presence_alt', language=language)} {'; '.join(parts)}.",
        chart=styled(chart, language),
        language=language,
        notes=tuple(notes),
        source=source,
    )


def _hidden_x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, 1.12]))
