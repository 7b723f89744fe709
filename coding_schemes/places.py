"""Where in a scheme something stands, as error texts name it."""

from __future__ import annotations

from coding_schemes.errors import Phrase, phrase


def at(place: Phrase, text: str, *, reason: str, **values: object) -> Phrase:
    """What is wrong at a place; `text`, `reason` and `values` as in Phrase."""
    problem = Phrase(text, reason, values)
    return phrase("{place}: {problem}", reason="at", place=place, problem=problem)


def field_of(place: Phrase, field: str) -> Phrase:
    """A field of what stands at a place."""
    return phrase("{place}: {field}", reason="place_field", place=place, field=field)


def field(name: str) -> Phrase:
    """A field of the scheme itself."""
    return phrase("{field}", reason="place_head", field=name)


def sheet(file: str, name: str) -> Phrase:
    """A sheet of a workbook."""
    return phrase("{file}, sheet '{sheet}'", reason="place_sheet", file=file, sheet=name)


def code(number: int) -> Phrase:
    """The code of this number in the file, from 1."""
    return phrase("code {number}", reason="place_code", number=number)


def named_code(number: int, path: str) -> Phrase:
    """The code of this number and path."""
    return phrase("code {number} '{path}'", reason="place_named_code", number=number, path=path)


def actor_group(number: int) -> Phrase:
    """The actor group of this number in the file, from 1."""
    return phrase("actor group {number}", reason="place_group", number=number)


def named_group(number: int, group_id: str) -> Phrase:
    """The actor group of this number and id."""
    return phrase("actor group {number} '{group}'", reason="place_named_group", number=number, group=group_id)


def crosswalk_link(number: int) -> Phrase:
    """The link of this number in the crosswalk, from 1."""
    return phrase("crosswalk link {number}", reason="place_link", number=number)


def caveat(number: int) -> Phrase:
    """The caveat of this number, from 1."""
    return phrase("caveat {number}", reason="place_caveat", number=number)


def term(name: str) -> Phrase:
    """One of the scheme's own terms."""
    return phrase("term '{name}'", reason="place_term", name=name)


def terms() -> Phrase:
    """The table of the scheme's own terms."""
    return phrase("terms", reason="place_terms")
