"""Days and times as the two languages write them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from workbench.i18n import get_language

EARLIEST = date(1950, 1, 1)  # of days that a person can choose


def date_format() -> Literal["DD.MM.YYYY", "DD/MM/YYYY"]:
    """How a field for a day shows it."""
    return "DD.MM.YYYY" if get_language() == "da" else "DD/MM/YYYY"


def date_text(day: date) -> str:
    """A day: `22.11.2026` or `22/11/2026`."""
    return f"{day:%d.%m.%Y}" if get_language() == "da" else f"{day:%d/%m/%Y}"


def short_moment(moment: datetime) -> str:
    """Day and time on this computer's clock: `22.11.2026 kl. 17.53` or `22 Nov 2026, 17:53`."""
    here = moment.astimezone()
    if get_language() == "da":
        return f"{here:%d.%m.%Y kl. %H.%M}"
    return f"{here.day} {_MONTHS[here.month - 1]} {here:%Y, %H:%M}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
