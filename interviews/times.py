"""Time marks in transcripts: recognise them and turn them into seconds."""

from __future__ import annotations

import re

CLOCK = r"(?:\d{1,2}:\d{1,2}:\d{1,2}(?:[.,:]\d{1,3})?|\d{1,3}:[0-5]\d(?:[.,]\d{1,3})?)(?:\s?[AaPp][Mm]\b)?"
RANGE = rf"{CLOCK}(?:\s*(?:-->|->|[-–—]|to|til)\s*{CLOCK})?"
DOTTED = r"\d{1,2}\.[0-5]\d\.[0-5]\d"
_MINUTES, _SECONDS = r"\d{1,3}\s?m(?:in)?\.?", r"\s?\d{1,2}\s?s(?:ek|ec)?\.?"
OF_DAY = r"(?:kl|klokken)\.?\s?\d{1,2}[.:][0-5]\d"
SPOKEN = rf"(?:\d{{1,2}}\s?[htT]\.?\s?{_MINUTES}(?:{_SECONDS})?|{_MINUTES}{_SECONDS})"
BRACKETED = rf"(?:[\[({{<]\s*(?:{RANGE}|{DOTTED}|{SPOKEN}|{OF_DAY})\s*[\])}}>]|#{CLOCK}(?:-\d{{1,3}})?#)"
MARK = rf"(?:{BRACKETED}|(?<![\d:]){RANGE}(?!\d|:\d))"

_FIRST_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?(?:-(\d))?")
_OF_DAY = re.compile(r"(?:kl|klokken)\.?\s?(\d{1,2})[.:]([0-5]\d)", re.IGNORECASE)
_DOTTED = re.compile(r"(\d{1,2})\.([0-5]\d)\.([0-5]\d)")
_SPOKEN = re.compile(r"(?:(\d{1,2})\s?[htT]\.?\s?)?(\d{1,3})\s?m(?:in)?\.?\s?(?:(\d{1,2})\s?s)?")


def seconds_of(mark: str) -> float | None:
    """Return the seconds that a time mark says, the first of a range; None if it holds no time.

    A time of day (`kl. 10.02`) gives the seconds since midnight.

    Forms: `1:23`, `00:01:23`, `00:01:23.450`, `[01:23 - 02:10]`, `#00:01:23-4#` (tenths, f4), `00.01.23`,
    `12m05s`, `1t 2m 3s`.
    """
    day = _OF_DAY.search(mark)
    if day:
        return float(int(day[1]) * 3600 + int(day[2]) * 60)
    clock = _FIRST_CLOCK.search(mark)
    if clock:
        hours, minutes, seconds, fraction, tenths = clock.groups()
        part = float(f"0.{fraction}") if fraction else int(tenths) / 10 if tenths and "#" in mark else 0.0
        return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + part
    dotted = _DOTTED.search(mark)
    if dotted:
        hours, minutes, seconds = dotted.groups()
        return float(int(hours) * 3600 + int(minutes) * 60 + int(seconds))
    spoken = _SPOKEN.search(mark)
    if spoken:
        hours, minutes, seconds = spoken.groups()
        return float(int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds or 0))
    return None
