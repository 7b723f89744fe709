"""Times of turns as they are written and read: `3:07` and `1:02:45`."""

from __future__ import annotations

import re

_TIME = re.compile(r"(?:(\d{1,2})[:.])?(\d{1,3})[:.](\d{2})")


def time_text(seconds: float | None) -> str:
    """Hours, minutes and whole seconds; empty where there is no time."""
    if seconds is None:
        return ""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


def seconds_of(text: str) -> float | None:
    """The seconds that a time says, None if it is none: `3:07`, `1:02:45`."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        return None
    return 3600.0 * int(hours or 0) + int(minutes) * 60 + int(seconds)
