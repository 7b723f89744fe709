"""The questionnaire: its answers, means, factors, indices and the star of one person."""

from __future__ import annotations

from workbench.ui import questionnaire_screen, session

questionnaire_screen.show(session.require_study())
