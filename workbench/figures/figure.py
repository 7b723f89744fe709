"""A figure as a value: the same object goes to the screen and to Word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
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
    _drawn: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def altair(self) -> alt.TopLevelMixin:
        """The chart for the screen: transparent, colours that hold on light and dark ground."""
        return self.chart

    def png(self, scale: float = PNG_SCALE) -> bytes:
        """The picture for paper, on white, `scale` pixels a unit; drawn once."""
        import vl_convert

        name = f"png {scale}"
        if name not in self._drawn:
            self._drawn[name] = bytes(vl_convert.vegalite_to_png(self._paper_spec(), scale=scale))
        drawn: bytes = self._drawn[name]
        return drawn

    def svg(self) -> str:
        """The picture for paper as SVG, on white; drawn once."""
        import vl_convert

        if "svg" not in self._drawn:
            self._drawn["svg"] = _renumbered(str(vl_convert.vegalite_to_svg(self._paper_spec())))
        drawn: str = self._drawn["svg"]
        return drawn

    def _paper_spec(self) -> dict[str, Any]:
        from workbench.figures.theme import on_paper

        if "spec" not in self._drawn:
            # The charts are ours; checking each against the schema takes longer than drawing it.
            self._drawn["spec"] = on_paper(self.chart.to_dict(validate=False))
        spec: dict[str, Any] = self._drawn["spec"]
        return spec


def _renumbered(svg: str) -> str:
    """Ids count on through a process; counted anew, the same figure gives the same drawing."""
    ids: dict[str, str] = {}
    return _COUNTED_ID.sub(
        lambda match: ids.setdefault(match.group(0), f"{match.group(1)}{len(ids) + 1}"), svg
    )
