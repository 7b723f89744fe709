"""What must hold in every coding scheme. Each breach names the file, the place and the remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from coding_schemes import places
from coding_schemes.errors import Phrase, SchemeError, phrase
from coding_schemes.places import at, field_of
from coding_schemes.vocabulary import GOOD_DIRECTIONS, LANGUAGES, LEVELS, TARGET_KINDS, TEXT_FIELDS

if TYPE_CHECKING:
    from coding_schemes.scheme import Scheme

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
PATH_PART = re.compile(r"[^\W_][\w-]*")


def check_scheme(scheme: Scheme) -> None:
    """Raise SchemeError at the first thing that does not hang together."""
    name = scheme.source or phrase("scheme '{id}'", reason="unnamed_scheme", id=scheme.id)
    for breach in _breaches(scheme):
        raise SchemeError("{scheme}: {problem}", reason="in_scheme", scheme=name, problem=breach)


def _breaches(scheme: Scheme) -> Iterator[Phrase]:
    yield from _head(scheme)
    yield from _codes(scheme)
    yield from _actor_groups(scheme)
    yield from _crosswalk(scheme)
    yield from _caveats(scheme)
    yield from _terms(scheme)


def _head(scheme: Scheme) -> Iterator[Phrase]:
    if not scheme.id.strip():
        yield phrase('the scheme has no id; write one, such as id = "my_study"', reason="no_id")
    if not scheme.codes:
        yield phrase("the scheme holds no codes; add at least one", reason="no_codes")
    if not scheme.languages:
        yield phrase('no language; write languages = ["en"], ["da"] or both', reason="no_language")
    for language in scheme.languages:
        if language not in LANGUAGES:
            yield phrase(
                "unknown language '{language}' in languages; known are {known}",
                reason="unknown_language_named",
                language=language,
                known=_choices(LANGUAGES),
            )
    yield from _texts(places.field("label"), scheme.label, scheme.languages, required=True)
    yield from _texts(places.field("description"), scheme.description, scheme.languages)
    for outcome, direction in scheme.good_directions.items():
        if direction not in GOOD_DIRECTIONS:
            yield phrase(
                "good_directions: '{direction}' for '{outcome}'; use {known}",
                reason="bad_good_direction",
                direction=direction,
                outcome=outcome,
                known=_choices(GOOD_DIRECTIONS),
            )


def _caveats(scheme: Scheme) -> Iterator[Phrase]:
    for number, caveat in enumerate(scheme.caveats, start=1):
        yield from _texts(places.caveat(number), caveat, scheme.languages, required=True)


def _terms(scheme: Scheme) -> Iterator[Phrase]:
    for name, words in scheme.terms.items():
        yield from _texts(places.term(name), words, scheme.languages, required=True)


def _codes(scheme: Scheme) -> Iterator[Phrase]:
    paths = [code.path for code in scheme.codes]
    for path in _repeated(paths):
        yield phrase(
            "code '{path}' occurs {times} times; give each code its own path",
            reason="repeated_code",
            path=path,
            times=paths.count(path),
        )
    for uid in _repeated(code.uid for code in scheme.codes):
        shared = ", ".join(code.path for code in scheme.codes if code.uid == uid)
        yield phrase(
            "codes {codes} share the uid {uid}; clear it for the new ones and they get their own",
            reason="shared_uid",
            codes=shared,
            uid=uid,
        )
    for number, code in enumerate(scheme.codes, start=1):
        place = places.named_code(number, code.path)
        for part in code.path.split("/"):
            if not PATH_PART.fullmatch(part):
                yield at(
                    place,
                    "'{part}' is no path part; use letters, digits, _ and -, parts joined by /",
                    reason="bad_path",
                    part=part,
                )
        if code.parent is not None and code.parent not in paths:
            yield at(
                place,
                "its parent '{parent}' is missing; add that code or shorten the path",
                reason="parent_missing",
                parent=code.parent,
            )
        if not COLOR.fullmatch(code.color):
            yield at(
                place,
                "color '{color}' is no colour; write six hex digits such as #3072d0",
                reason="bad_color",
                color=code.color,
            )
        if code.valence not in (-1, 0, 1):
            yield at(
                place,
                "valence {valence}; use -1 (barrier), 0 or 1 (resource)",
                reason="bad_valence",
                valence=code.valence,
            )
        if not _is_uuid(code.uid):
            yield at(place, "uid '{uid}' is no UUID; correct or clear it", reason="bad_uid", uid=code.uid)
        for name in TEXT_FIELDS:
            texts: Mapping[str, str] = getattr(code, name)
            yield from _texts(field_of(place, name), texts, scheme.languages, required=name == "label")


def _actor_groups(scheme: Scheme) -> Iterator[Phrase]:
    for group_id in _repeated(group.id for group in scheme.actor_groups):
        yield phrase(
            "actor group '{group}' occurs more than once; give each group its own id",
            reason="repeated_group",
            group=group_id,
        )
    for number, group in enumerate(scheme.actor_groups, start=1):
        place = places.named_group(number, group.id)
        if not PATH_PART.fullmatch(group.id):
            yield at(
                place,
                "the id is empty or holds other signs than letters, digits, _ and -",
                reason="bad_group_id",
            )
        yield from _texts(field_of(place, "label"), group.label, scheme.languages, required=True)
        yield from _texts(field_of(place, "singular"), group.singular, scheme.languages)


def _crosswalk(scheme: Scheme) -> Iterator[Phrase]:
    paths = {code.path for code in scheme.codes}
    for number, link in enumerate(scheme.crosswalk, start=1):
        place = places.crosswalk_link(number)
        if link.theme not in paths:
            yield at(
                place, "no code '{path}'; name a path of this scheme", reason="link_no_code", path=link.theme
            )
        if link.kind not in TARGET_KINDS:
            yield at(
                place,
                "kind '{kind}'; use {known}",
                reason="link_bad_kind",
                kind=link.kind,
                known=_choices(TARGET_KINDS),
            )
        if not link.target.strip():
            yield at(
                place,
                "the target is empty; name the id of a factor, item, outcome or subgroup",
                reason="link_no_target",
            )
        if link.level not in LEVELS:
            yield at(
                place,
                "level '{level}'; use {known}",
                reason="link_bad_level",
                level=link.level,
                known=_choices(LEVELS),
            )
        yield from _texts(field_of(place, "note"), link.note, scheme.languages)


def _texts(
    place: Phrase, texts: Mapping[str, str], languages: tuple[str, ...], *, required: bool = False
) -> Iterator[Phrase]:
    for language in texts:
        if language not in LANGUAGES:
            yield at(
                place,
                "unknown language '{language}'; known are {known}",
                reason="unknown_language",
                language=language,
                known=_choices(LANGUAGES),
            )
        elif language not in languages:
            yield at(
                place,
                "text in '{language}', which languages does not name; add it there",
                reason="language_not_named",
                language=language,
            )
    for language in languages:
        if required and not texts.get(language, "").strip():
            yield at(
                place,
                "no text in '{language}'; write one or take '{language}' out of languages",
                reason="text_missing",
                language=language,
            )


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
