"""Days and times as the two languages write them."""

from __future__ import annotations

from datetime import datetime

from workbench.i18n import get_language


def short_moment(moment: datetime) -> str:
    """Day and time on this computer's clock: `22.11.2026 kl. 17.53` or `22 Nov 2026, 17:53`."""
    here = moment.astimezone()
    if get_language() == "da":
        return f"{here:%d.%m.%Y kl. %H.%M}"
    return f"{here.day} {_MONTHS[here.month - 1]} {here:%Y, %H:%M}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
