"""Effects: importing estimates, reading them by their intervals, and the matrix of a regression table."""

from __future__ import annotations

from workbench.ui import effects_screen, session

effects_screen.show(session.require_study())
