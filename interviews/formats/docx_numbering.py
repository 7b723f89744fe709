"""The numbers of list paragraphs in a Word file, counted as the page shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from interviews.formats.docx_styles import W, is_on, value_of
from interviews.formats.list_marks import BULLET, NO_MARK, ListMark, counted, list_mark
from interviews.zip_guard import parse_xml

_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. text : with `%1` for the counter of the first level.     restart : the level after
    which it starts anew, 0 for never, None for every higher one."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None


@dataclass(frozen=True, slots=True)
class _List:
    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a file and how far each has counted."""

    lists: dict[str, _List] = field(default_factory=dict)
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    def next_mark(self, number_id: str, level: int) -> ListMark:
        """Count one paragraph of a list and return the mark before it."""
        found = self.lists.get(number_id)
        if found is None:
            return NO_MARK
        counters = self._counters.setdefault(found.abstract, {})
        own = found.levels.get(level, Level())
        override = found.starts.get(level)
        if override is not None and (number_id, level) not in self._started:
            counters[level] = override
            self._started.add((number_id, level))
        elif level in counters:
            counters[level] += 1
        else:
            counters[level] = own.start
        for deeper in [one for one in counters if one > level]:
            restart = found.levels.get(deeper, Level()).restart
            if restart is None or (restart and level < restart):
                del counters[deeper]
        if own.style == "bullet" and own.text and not own.text.endswith(":"):
            return BULLET
        return list_mark(self._shown(found, own, counters)) if own.text else NO_MARK

    @staticmethod
    def _shown(found: _List, own: Level, counters: dict[int, int]) -> str:
        if own.style == "bullet":
            return own.text if own.text.endswith(":") else ""

        def count(place: re.Match[str]) -> str:
            index = int(place.group(1)) - 1
            level = found.levels.get(index, Level())
            style = "decimal" if own.legal else level.style
            return counted(counters.get(index, level.start), style)

        return _PLACE.sub(count, own.text)


def read_numbering(content: bytes | None, *, file: str) -> Numbering:
    """Return the lists of a Word file, none where it has no numbering part."""
    if not content:
        return Numbering()
    root = parse_xml(content, file=file, part="numbering.xml")
    abstract: dict[str, dict[int, Level]] = {}
    links: dict[str, str] = {}
    styled: dict[str, str] = {}
    for one in root.iter(f"{W}abstractNum"):
        identity = str(one.get(f"{W}abstractNumId", ""))
        abstract[identity] = {_depth(level): _level(level) for level in one.findall(f"{W}lvl")}
        link, own = value_of(one, "numStyleLink"), value_of(one, "styleLink")
        if link:
            links[identity] = link
        if own:
            styled[own] = identity
    lists: dict[str, _List] = {}
    for one in root.iter(f"{W}num"):
        identity = value_of(one, "abstractNumId") or ""
        identity = styled.get(links.get(identity, ""), identity)
        levels, starts = dict(abstract.get(identity, {})), dict[int, int]()
        for override in one.findall(f"{W}lvlOverride"):
            depth = _depth(override)
            whole = override.find(f"{W}lvl")
            if whole is not None:
                levels[depth] = _level(whole)
                starts[depth] = levels[depth].start
            start = value_of(override, "startOverride")
            if start is not None:
                starts[depth] = _whole(start, 1)
                levels[depth] = replace(levels.get(depth, Level()), start=starts[depth])
        lists[str(one.get(f"{W}numId", ""))] = _List(identity, levels, starts)
    return Numbering(lists)


def _depth(element: etree._Element) -> int:
    return _whole(str(element.get(f"{W}ilvl", "0")), 0)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else otherwise


def _level(element: etree._Element) -> Level:
    restart = value_of(element, "lvlRestart")
    return Level(
        start=_whole(value_of(element, "start") or "", 1),
        style=value_of(element, "numFmt") or "decimal",
        text=value_of(element, "lvlText") or "",
        legal=is_on(element.find(f"{W}isLgl")),
        restart=_whole(restart, 0) if restart is not None else None,
    )
