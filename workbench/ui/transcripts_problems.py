"""Why a file cannot be read, and what to look at in one that was, in the language of the screen."""

from __future__ import annotations

import re

from workbench.i18n import catalogue, get_language, t
from workbench.services.importing import ImportDraft

_PLACES = (
    (re.compile(r"page (\d+)"), "page"),
    (re.compile(r"line (\d+)"), "line"),
    (re.compile(r"byte (\d+)"), "byte"),
)
# The sentences with which `interviews` warns, and the name of our text for each.
_WARNINGS = (
    (re.compile(r"the file is not UTF-8; it was read as (?P<encoding>\S+): .*"), "encoding"),
    (re.compile(r"(?P<count>\d+) characters of .* could not be read .*"), "unreadable"),
    (re.compile(r"(?P<count>\d+) speaker labels have no words after them"), "empty_labels"),
    (re.compile(r"(?P<count>\d+) passages of hidden text were left out"), "hidden"),
    (re.compile(r"(?P<count>\d+) comments in the Word file are not part .*"), "comments"),
    (re.compile(r"(?P<count>\d+) footnotes in the Word file are not part .*"), "footnotes"),
    (re.compile(r".* is named (?P<ending>\.\S*) but holds (?P<found>\w+); it was read as \w+"), "ending"),
    (re.compile(r".* is named (?P<ending>\.\S*) but holds plain text; .*"), "ending_text"),
)


def problem_text(draft: ImportDraft) -> str:
    """One message for a file that cannot be read: the place, what is wrong and what to do about it."""
    key = f"transcripts.problem.{draft.reason}"
    if key not in catalogue(get_language()):
        return draft.problem
    place = _place(draft)
    return f"{place}: {t(key)}" if place else t(key)


def warning_text(warning: str) -> str:
    """A warning of the reader in the language of the screen; one that is not known stays as it is."""
    for pattern, name in _WARNINGS:
        found = pattern.fullmatch(warning)
        if found is not None:
            places: dict[str, object] = dict(found.groupdict())
            return t(f"transcripts.warning.{name}", language=get_language(), **places)
    return warning


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
