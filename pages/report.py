"""Report: what it will hold, building it, and taking it away."""

from __future__ import annotations

from workbench.navigation import page
from workbench.ui import report_screen, session

report_screen.show(session.require_study(), page=page)
