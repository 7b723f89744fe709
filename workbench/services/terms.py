"""Names in the data (outcomes, subgroups, background) in the words of the study's scheme."""

from __future__ import annotations

from coding_schemes import Scheme
from workbench.i18n import Language, label


def term_label(scheme: Scheme | None, name: str, language: Language) -> str:
    """The scheme's word for `name`; without one the name itself, its underscores as blanks."""
    words = scheme.terms.get(name) if scheme is not None else None
    return (label(words, language=language) if words else "") or name.replace("_", " ")
