"""Whole numbers in tables on the screen."""

from __future__ import annotations

from typing import Any

from workbench.display import format_number
from workbench.ui import session


def count_text(value: Any) -> str:
    """A whole number as the language of the screen writes it; nothing where there is none."""
    missing = value is None or value != value
    return "" if missing else format_number(int(value), 0, session.language())
