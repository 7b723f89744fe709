"""What must hold in every coding scheme. Each breach names the file, the place and the remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from coding_schemes.errors import SchemeError
from coding_schemes.vocabulary import GOOD_DIRECTIONS, LANGUAGES, LEVELS, TARGET_KINDS, TEXT_FIELDS

if TYPE_CHECKING:
    from coding_schemes.scheme import Scheme

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
PATH_PART = re.compile(r"[^\W_][\w-]*")


def check_scheme(scheme: Scheme) -> None:
    """Raise SchemeError at the first thing that does not hang together."""
    name = scheme.source or f"scheme '{scheme.id}'"
    for breach in _breaches(scheme):
        raise SchemeError(f"{name}: {breach}")


def _breaches(scheme: Scheme) -> Iterator[str]:
    yield from _head(scheme)
    yield from _codes(scheme)
    yield from _actor_groups(scheme)
    yield from _crosswalk(scheme)
    yield from _caveats(scheme)
    yield from _terms(scheme)


def _head(scheme: Scheme) -> Iterator[str]:
    if not scheme.id.strip():
        yield 'the scheme has no id; write one, such as id = "my_study"'
    if not scheme.codes:
        yield "the scheme holds no codes; add at least one"
    if not scheme.languages:
        yield 'no language; write languages = ["en"], ["da"] or both'
    for language in scheme.languages:
        if language not in LANGUAGES:
            yield f"unknown language '{language}' in languages; known are {', '.join(LANGUAGES)}"
    yield from _texts("label", scheme.label, scheme.languages, required=True)
    yield from _texts("description", scheme.description, scheme.languages)
    for outcome, direction in scheme.good_directions.items():
        if direction not in GOOD_DIRECTIONS:
            yield f"good_directions: '{direction}' for '{outcome}'; use {_choices(GOOD_DIRECTIONS)}"


def _caveats(scheme: Scheme) -> Iterator[str]:
    for number, caveat in enumerate(scheme.caveats, start=1):
        yield from _texts(f"caveat {number}", caveat, scheme.languages, required=True)


def _terms(scheme: Scheme) -> Iterator[str]:
    for name, words in scheme.terms.items():
        yield from _texts(f"term '{name}'", words, scheme.languages, required=True)


def _codes(scheme: Scheme) -> Iterator[str]:
    paths = [code.path for code in scheme.codes]
    for path in _repeated(paths):
        yield f"code '{path}' occurs {paths.count(path)} times; give each code its own path"
    for uid in _repeated(code.uid for code in scheme.codes):
        shared = ", ".join(code.path for code in scheme.codes if code.uid == uid)
        yield f"codes {shared} share the uid {uid}; clear it for the new ones and they get their own"
    for number, code in enumerate(scheme.codes, start=1):
        place = f"code {number} '{code.path}'"
        for part in code.path.split("/"):
            if not PATH_PART.fullmatch(part):
                yield f"{place}: '{part}' is no path part; use letters, digits, _ and -, parts joined by /"
        if code.parent is not None and code.parent not in paths:
            yield f"{place}: its parent '{code.parent}' is missing; add that code or shorten the path"
        if not COLOR.fullmatch(code.color):
            yield f"{place}: color '{code.color}' is no colour; write six hex digits such as #3072d0"
        if code.valence not in (-1, 0, 1):
            yield f"{place}: valence {code.valence}; use -1 (barrier), 0 or 1 (resource)"
        if not _is_uuid(code.uid):
            yield f"{place}: uid '{code.uid}' is no UUID; correct or clear it"
        for name in TEXT_FIELDS:
            texts: Mapping[str, str] = getattr(code, name)
            yield from _texts(f"{place}: {name}", texts, scheme.languages, required=name == "label")


def _actor_groups(scheme: Scheme) -> Iterator[str]:
    for group_id in _repeated(group.id for group in scheme.actor_groups):
        yield f"actor group '{group_id}' occurs more than once; give each group its own id"
    for number, group in enumerate(scheme.actor_groups, start=1):
        place = f"actor group {number} '{group.id}'"
        if not PATH_PART.fullmatch(group.id):
            yield f"{place}: the id is empty or holds other signs than letters, digits, _ and -"
        yield from _texts(f"{place}: label", group.label, scheme.languages, required=True)
        yield from _texts(f"{place}: singular", group.singular, scheme.languages)


def _crosswalk(scheme: Scheme) -> Iterator[str]:
    paths = {code.path for code in scheme.codes}
    for number, link in enumerate(scheme.crosswalk, start=1):
        place = f"crosswalk link {number}"
        if link.theme not in paths:
            yield f"{place}: no code '{link.theme}'; name a path of this scheme"
        if link.kind not in TARGET_KINDS:
            yield f"{place}: kind '{link.kind}'; use {_choices(TARGET_KINDS)}"
        if not link.target.strip():
            yield f"{place}: the target is empty; name the id of a factor, item, outcome or subgroup"
        if link.level not in LEVELS:
            yield f"{place}: level '{link.level}'; use {_choices(LEVELS)}"
        yield from _texts(f"{place}: note", link.note, scheme.languages)


def _texts(
    place: str, texts: Mapping[str, str], languages: tuple[str, ...], *, required: bool = False
) -> Iterator[str]:
    for language in texts:
        if language not in LANGUAGES:
            yield f"{place}: unknown language '{language}'; known are {', '.join(LANGUAGES)}"
        elif language not in languages:
            yield f"{place}: text in '{language}', which languages does not name; add it there"
    for language in languages:
        if required and not texts.get(language, "").strip():
            yield f"{place}: no text in '{language}'; write one or take '{language}' out of languages"


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def _choices(values: Iterable[str]) -> str:
    return ", ".join(values)


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
