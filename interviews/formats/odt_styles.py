"""What the styles of an OpenDocument text say: how runs look, which are headings, how lists count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lxml import etree

from interviews.formats.looks import NO_MARKS, Marks
from interviews.stated import FAMILY

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

_TITLES = re.compile(r"^(?:title|subtitle|titel|undertitel|heading|overskrift)\b", re.IGNORECASE)
_BOLD = frozenset({"bold", "600", "700", "800", "900"})
_ENCODED = re.compile(r"_([0-9a-f]{2,4})_")
_COUNTS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(frozen=True, slots=True)
class TextStyle:
    """One style with what it inherits. heading : a title or a heading by its name or level."""

    marks: Marks = NO_MARKS
    heading: bool = False
    list_style: str = ""
    stated: str = ""


_NO_STYLE = TextStyle()


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How one level of a list marks its items. style : `counted`'s name, "bullet" for a sign."""

    style: str
    before: str = ""
    after: str = ""
    start: int = 1


@dataclass(slots=True)
class TextStyles:
    """The styles of a document by family and name, and its list styles by name and level (from 1)."""

    styles: dict[tuple[str, str], TextStyle] = field(default_factory=dict)
    lists: dict[str, dict[int, ListLevel]] = field(default_factory=dict)
    hidden_sections: set[str] = field(default_factory=set)

    def of(self, family: str, name: str | None) -> TextStyle:
        """Return a style of the family "paragraph" or "text"."""
        return self.styles.get((family, name or ""), _NO_STYLE)


def read_styles(roots: Iterable[etree._Element]) -> TextStyles:
    """Return the styles of the parts of a document; later parts may build on earlier ones."""
    found = TextStyles()
    elements: dict[tuple[str, str], etree._Element] = {}
    for root in roots:
        for one in root.iter(f"{STYLE}style"):
            elements[str(one.get(f"{STYLE}family", "")), str(one.get(f"{STYLE}name", ""))] = one
        for one in root.iter(f"{TEXT}list-style"):
            found.lists[str(one.get(f"{STYLE}name", ""))] = _levels(one)
    for key in elements:
        _resolve(key, elements, found.styles)
    return found


def _resolve(
    key: tuple[str, str],
    elements: dict[tuple[str, str], etree._Element],
    done: dict[tuple[str, str], TextStyle],
) -> None:
    """Read a style after those that it is based on; a circle of styles ends where it closes."""
    family = key[0]
    chain: dict[tuple[str, str], None] = {}  # a set that keeps the order
    current = key
    while current in elements and current not in done and current not in chain:
        chain[current] = None
        current = (family, str(elements[current].get(f"{STYLE}parent-style-name", "")))
    for one in reversed(chain):
        element = elements[one]
        below = done.get((family, str(element.get(f"{STYLE}parent-style-name", ""))), _NO_STYLE)
        done[one] = _own(element, one[1], below)


def _own(element: etree._Element, name: str, below: TextStyle) -> TextStyle:
    properties = element.find(f"{STYLE}text-properties")
    shown = str(element.get(f"{STYLE}display-name") or decoded_name(name))
    level = element.get(f"{STYLE}default-outline-level")
    listed = element.get(f"{STYLE}list-style-name")
    own = replace(
        below,
        heading=below.heading or bool(level and level.isdigit()) or bool(_TITLES.match(shown)),
        list_style=below.list_style if listed is None else str(listed),
        stated=shown if shown.startswith(f"{FAMILY} ") else below.stated,
    )
    return own if properties is None else replace(own, marks=_marks(properties).over(own.marks))


def _marks(properties: etree._Element) -> Marks:
    weight, slant = properties.get(f"{FO}font-weight"), properties.get(f"{FO}font-style")
    line, colour = properties.get(f"{STYLE}text-underline-style"), properties.get(f"{FO}color")
    display = properties.get(f"{TEXT}display")
    if properties.get(f"{STYLE}use-window-font-color") == "true":
        colour = ""
    return Marks(
        bold=None if weight is None else weight in _BOLD,
        italic=None if slant is None else slant != "normal",
        underline=None if line is None else line != "none",
        colour=None if colour is None else "" if colour.lower() == "#000000" else colour.lower(),
        hidden=None if display is None else display == "none",
    )


def decoded_name(name: str) -> str:
    """Return a style's name as the program shows it: `Heading_20_1` is `Heading 1`."""
    return _ENCODED.sub(lambda code: chr(int(code.group(1), 16)), name)


def _levels(element: etree._Element) -> dict[int, ListLevel]:
    levels: dict[int, ListLevel] = {}
    for one in element:
        depth = str(one.get(f"{TEXT}level", ""))
        if not depth.isdigit():
            continue
        is_number = str(one.tag).endswith("list-level-style-number")
        shape = str(one.get(f"{STYLE}num-format", "")) if is_number else ""
        start = str(one.get(f"{TEXT}start-value", "1"))
        levels[int(depth)] = ListLevel(
            _COUNTS.get(shape, "none") if is_number else "bullet",
            str(one.get(f"{STYLE}num-prefix", "")),
            str(one.get(f"{STYLE}num-suffix", "")),
            int(start) if start.isdigit() and len(start) < 8 else 1,
        )
    return levels
