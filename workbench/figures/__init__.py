"""Figures for screen and Word: functions that take a frame and return a `Figure`."""

from workbench.figures.coefficients import coefficient_plot
from workbench.figures.figure import Figure
from workbench.figures.loadings import loadings_heatmap
from workbench.figures.means import indicator_means
from workbench.figures.presence import presence_by_group
from workbench.figures.radar import radar
from workbench.figures.scree import scree

__all__ = [
    "Figure",
    "coefficient_plot",
    "indicator_means",
    "loadings_heatmap",
    "presence_by_group",
    "radar",
    "scree",
]
