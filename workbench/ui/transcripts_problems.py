"""Why a file cannot be read, in the language of the screen."""

from __future__ import annotations

import re

from workbench.i18n import catalogue, get_language, t
from workbench.services.importing import ImportDraft

_PLACES = (
    (re.compile(r"page (\d+)"), "page"),
    (re.compile(r"line (\d+)"), "line"),
    (re.compile(r"byte (\d+)"), "byte"),
)


def problem_text(draft: ImportDraft) -> str:
    """One message for a file that cannot be read: the place, what is wrong and what to do about it."""
    key = f"transcripts.problem.{draft.reason}"
    if key not in catalogue(get_language()):
        return draft.problem
    place = _place(draft)
    return f"{place}: {t(key)}" if place else t(key)


def _place(draft: ImportDraft) -> str:
    """The page or line that the message names after the file; parts of an archive say nothing to a user."""
    after_name = draft.problem.removeprefix(f"{draft.file_name}, ")
    if after_name == draft.problem:
        return ""
    for pattern, name in _PLACES:
        found = pattern.match(after_name)
        if found is not None:
            return t(f"transcripts.place.{name}", number=found[1])
    return ""
