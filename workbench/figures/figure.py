"""A figure as a value: the same object goes to the screen and to Word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import altair as alt

from workbench.i18n import Language

PNG_SCALE = 2.0
_COUNTED_ID = re.compile(r"\b(clip|gradient_)\d+\b")


@dataclass(frozen=True)
class Figure:
    """A chart with what must stand around it.

    title : stands in the caption, not in the picture.
    alt_text : says in words what the picture shows.
    notes, source : stand below as `Note:` and `Kilde:`.
    width_cm : width on paper; None lets the type have one size in all figures.
    """

    key: str
    title: str
    alt_text: str
    chart: alt.TopLevelMixin
    language: Language = "da"
    notes: tuple[str, ...] = ()
    source: str = ""
    width_cm: float | None = None

    @property
    def altair(self) -> alt.TopLevelMixin:
        """The chart for the screen: transparent, colours that hold on light and dark ground."""
        return self.chart

    def png(self, scale: float = PNG_SCALE) -> bytes:
        """The picture for paper, on white, `scale` pixels a unit."""
        import vl_convert

        return bytes(vl_convert.vegalite_to_png(self._paper_spec(), scale=scale))

    def svg(self) -> str:
        """The picture for paper as SVG, on white."""
        import vl_convert

        drawn = vl_convert.vegalite_to_svg(self._paper_spec())
        return _renumbered(str(drawn))

    def _paper_spec(self) -> dict[str, Any]:
        from workbench.figures.theme import on_paper

        return on_paper(self.chart.to_dict())


def _renumbered(svg: str) -> str:
    """Ids count on through a process; counted anew, the same figure gives the same drawing."""
    ids: dict[str, str] = {}
    return _COUNTED_ID.sub(
        lambda match: ids.setdefault(match.group(0), f"{match.group(1)}{len(ids) + 1}"), svg
    )
