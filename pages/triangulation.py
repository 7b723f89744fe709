"""Triangulation: themes beside numbers, verdicts, and the links between the two."""

from __future__ import annotations

from workbench.navigation import page
from workbench.ui import session, triangulation_screen

triangulation_screen.show(session.require_study(), page=page)
