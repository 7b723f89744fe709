"""What attributes of interviews and their values are called on the screen."""

from __future__ import annotations

from collections.abc import Mapping

from coding_schemes import Scheme
from workbench.i18n import catalogue, get_language, t
from workbench.services.terms import term_label


def attribute_label(name: str) -> str:
    """The word for a common attribute; any other is called what its user called it."""
    key = f"transcripts.attribute.{name}"
    return t(key) if key in catalogue(get_language()) else name


def attribute_texts(attributes: Mapping[str, str], scheme: Scheme | None) -> list[str]:
    """`name: value` of each attribute that has one, values worded by the scheme where it knows them."""
    known = scheme.terms if scheme is not None else {}
    return [
        f"{attribute_label(name)}: {term_label(scheme, value, get_language()) if value in known else value}"
        for name, value in attributes.items()
        if value
    ]
