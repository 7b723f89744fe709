"""What the styles of a Word file say: which are headings, how text looks, which number their paragraphs.

Names are looked up, not ids (ids differ by the language of the program that wrote them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from interviews.formats.looks import NO_MARKS, Marks
from interviews.stated import FAMILY
from interviews.zip_guard import parse_xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(
    r"^(?:heading|overskrift|überschrift|rubrik|kop|titre|titolo|title|titel|tittel|"
    r"subtitle|undertitel|untertitel|undertittel|underrubrik)(?:\s?\d)?$",
    re.IGNORECASE,
)
_OFF = frozenset({"0", "false", "off", "none"})
_BLACK = frozenset({"", "auto", "000000"})


@dataclass(frozen=True, slots=True)
class Style:
    """One style with what it inherits. numbering : (numId, level) of its paragraphs."""

    heading: bool = False
    marks: Marks = NO_MARKS
    numbering: tuple[str | None, int] | None = None


_NO_STYLE = Style()


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a file by id.

    default : of paragraphs that name none.
    stated : names of those that state what a part of a transcript is (`interviews.stated`).
    own_names : names of the paragraph styles that the file's maker added.
    """

    by_id: dict[str, Style] = field(default_factory=dict)
    default: Style = _NO_STYLE
    stated: dict[str, str] = field(default_factory=dict)
    own_names: dict[str, str] = field(default_factory=dict)

    def paragraph(self, identity: str | None) -> Style:
        """Return the style of a paragraph."""
        return self.by_id.get(identity, self.default) if identity else self.default

    def run(self, identity: str | None) -> Marks:
        """Return what a character style says."""
        return self.by_id.get(identity, _NO_STYLE).marks if identity else NO_MARKS


def is_heading_name(name: str) -> bool:
    """Say whether a style of this name is for headings or titles."""
    return bool(_HEADING_NAME.match(name.strip()))


def is_on(toggle: etree._Element | None) -> bool:
    """Say whether a property that can be switched off is there and on."""
    return toggle is not None and toggle.get(f"{W}val", "1") not in _OFF


def value_of(properties: etree._Element | None, name: str) -> str | None:
    """Return the `w:val` of one property, or None."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    value = found.get(f"{W}val") if found is not None else None
    return str(value) if value is not None else None


def run_marks(properties: etree._Element | None) -> Marks:
    """Return what the properties of a run say."""
    if properties is None or not len(properties):
        return NO_MARKS
    said: dict[str, bool | str] = {}
    for one in properties:
        name = _PROPERTIES.get(one.tag)
        if name is None:
            continue
        if name == "colour":
            colour = str(one.get(f"{W}val", ""))
            said[name] = "" if colour.lower() in _BLACK else colour.lower()
        elif name == "style":
            said[name] = str(one.get(f"{W}val", ""))
        elif name == "font":
            font = one.get(f"{W}ascii") or one.get(f"{W}hAnsi")
            if font:
                said[name] = str(font)
        else:
            said[name] = one.get(f"{W}val", "1") not in _OFF
    return Marks(**said) if said else NO_MARKS  # type: ignore[arg-type]


_PROPERTIES = {
    f"{W}b": "bold", f"{W}i": "italic", f"{W}u": "underline", f"{W}color": "colour",
    f"{W}vanish": "hidden", f"{W}rStyle": "style", f"{W}rFonts": "font",
}  # fmt: skip


def outline_level(properties: etree._Element | None) -> int | None:
    """Return the outline level of a paragraph, None for body text."""
    level = value_of(properties, "outlineLvl")
    return int(level) if level is not None and level.isdigit() and int(level) < 9 else None


def numbering_of(properties: etree._Element | None) -> tuple[str | None, int] | None:
    """Return (numId, level) as paragraph properties state them, None where they state no numbering. numId is
    None in a style that states only its level."""
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return None
    level = value_of(found, "ilvl") or "0"
    return value_of(found, "numId"), min(int(level), 8) if level.isdigit() else 0


def read_styles(content: bytes | None, *, file: str) -> Styles:
    """Return the styles of a Word file; nothing is a heading where it has none."""
    if not content:
        return Styles()
    root = parse_xml(content, file=file, part="styles.xml")
    elements = {str(style.get(f"{W}styleId", "")): style for style in root.iter(f"{W}style")}
    defaults = run_marks(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    done: dict[str, Style] = {}
    for identity in elements:
        _resolve(identity, elements, done, defaults)
    default = next(
        (
            done[identity]
            for identity, style in elements.items()
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true", "on"}
        ),
        Style(marks=defaults),
    )
    names = {identity: value_of(style, "name") or "" for identity, style in elements.items()}
    stated = {key: name for key, name in names.items() if name.startswith(f"{FAMILY} ")}
    own = {
        identity: names[identity]
        for identity, style in elements.items()
        if style.get(f"{W}customStyle") in {"1", "true", "on"} and style.get(f"{W}type") == "paragraph"
    }
    return Styles(done, default, stated, own)


def _resolve(
    identity: str, elements: dict[str, etree._Element], done: dict[str, Style], defaults: Marks
) -> None:
    """Read a style after those that it is based on; a circle of styles ends where it closes."""
    chain: dict[str, None] = {}  # a set that keeps the order
    current: str | None = identity
    while current in elements and current not in done and current not in chain:
        chain[current] = None
        current = value_of(elements[current], "basedOn")
    for one in reversed(chain):
        element = elements[one]
        base = value_of(element, "basedOn")
        is_character = element.get(f"{W}type") == "character"
        below = done.get(base or "", Style(marks=NO_MARKS if is_character else defaults))
        properties = element.find(f"{W}pPr")
        own_level = value_of(properties, "outlineLvl")
        named = is_heading_name(value_of(element, "name") or "")
        heading = named or (below.heading if own_level is None else outline_level(properties) is not None)
        done[one] = Style(
            heading,
            run_marks(element.find(f"{W}rPr")).over(below.marks),
            numbering_of(properties) or below.numbering,
        )
