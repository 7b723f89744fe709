"""Figures for screen and Word: functions that take a frame and return a `Figure`."""

from workbench.figures.coefficients import coefficient_plot
from workbench.figures.event_study import event_study_plot
from workbench.figures.figure import Figure
from workbench.figures.gaps import gap_plot
from workbench.figures.loadings import loadings_heatmap
from workbench.figures.means import indicator_means
from workbench.figures.presence import presence_by_group
from workbench.figures.radar import radar
from workbench.figures.scree import scree
from workbench.figures.trends import trends_plot

__all__ = [
    "Figure",
    "coefficient_plot",
    "event_study_plot",
    "gap_plot",
    "indicator_means",
    "loadings_heatmap",
    "presence_by_group",
    "radar",
    "scree",
    "trends_plot",
]
