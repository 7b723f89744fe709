"""Which Word styles are headings and which are bold; names are looked up, not ids (they differ by
language)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from interviews.zip_guard import parse_xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(r"^(heading|overskrift|title|titel|subtitle|undertitel)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Styles:
    """Ids of the styles that make a heading, and of those that make text bold."""

    headings: frozenset[str] = frozenset()
    bold: frozenset[str] = frozenset()

    def is_heading(self, style: str | None) -> bool:
        """Say whether a paragraph of this style is a heading."""
        return style in self.headings

    def is_bold(self, style: str | None) -> bool:
        """Say whether text of this style is bold unless it says otherwise."""
        return style in self.bold


def read_styles(content: bytes | None, *, file: str) -> Styles:
    """Return the styles of a Word file; nothing is a heading where it has none."""
    if not content:
        return Styles()
    root = parse_xml(content, file=file, part="styles.xml")
    parents: dict[str, str] = {}
    headings: set[str] = set()
    bold: set[str] = set()
    for style in root.iter(f"{W}style"):
        identity = str(style.get(f"{W}styleId", ""))
        based_on = style.find(f"{W}basedOn")
        if based_on is not None:
            parents[identity] = str(based_on.get(f"{W}val", ""))
        name = style.find(f"{W}name")
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        level = str(outline.get(f"{W}val", "9")) if outline is not None else "9"
        if level != "9" or (name is not None and _HEADING_NAME.match(str(name.get(f"{W}val", "")))):
            headings.add(identity)
        weight = style.find(f"{W}rPr/{W}b")
        if weight is not None and weight.get(f"{W}val", "1") not in {"0", "false", "off"}:
            bold.add(identity)
    return Styles(_with_children(headings, parents), _with_children(bold, parents))


def _with_children(found: set[str], parents: dict[str, str]) -> frozenset[str]:
    """Styles based on a found style inherit what it is."""
    inherited = set(found)
    for style in parents:
        above, seen = style, set[str]()
        while above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
            if above in found:
                inherited.add(style)
    return frozenset(inherited)
