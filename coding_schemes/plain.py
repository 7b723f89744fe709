"""From plain values (TOML, JSON, table rows) to a scheme, with the place in every error text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coding_schemes import places
from coding_schemes.errors import Phrase, SchemeError
from coding_schemes.places import at
from coding_schemes.scheme import ActorGroup, Code, CrosswalkLink, Scheme
from coding_schemes.vocabulary import LANGUAGES, TEXT_FIELDS

FORMAT = "coding-scheme/1"
HEAD_KEYS = {
    "format", "id", "version", "languages", "label", "description",
    "good_directions", "actor_groups", "codes", "crosswalk", "caveats", "terms", "periods_before",
}  # fmt: skip
CODE_KEYS = {"path", "uid", "color", "valence", "seed_words", *TEXT_FIELDS}
GROUP_KEYS = {"id", "label", "words", "singular"}
LINK_KEYS = {"theme", "kind", "target", "level", "by", "note"}


@dataclass(frozen=True)
class _Reader:
    """Takes typed fields out of one mapping and says where it stood when one is wrong."""

    source: str
    place: Phrase | None
    data: Mapping[str, Any]
    default_language: str

    def fail(self, text: str, *, reason: str, **values: object) -> SchemeError:
        if self.place is None:
            problem = Phrase(text, reason, values)
        else:
            problem = at(self.place, text, reason=reason, **values)
        return SchemeError("{scheme}: {problem}", reason="in_scheme", scheme=self.source, problem=problem)

    def only(self, known: set[str]) -> None:
        for key in self.data:
            if key not in known:
                raise self.fail(
                    "unknown field '{key}'; known are {known}",
                    reason="unknown_field",
                    key=key,
                    known=", ".join(sorted(known)),
                )

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if value is None:
            raise self.fail("the field '{key}' is missing", reason="field_missing", key=key)
        if not isinstance(value, str):
            raise self.fail(
                "'{key}' is {value!r}; a text in quotation marks was expected",
                reason="no_text_value",
                key=key,
                value=value,
            )
        return value

    def whole(self, key: str, default: int) -> int:
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(
                "'{key}' is {value!r}; a whole number was expected",
                reason="no_whole_number",
                key=key,
                value=value,
            )
        return value

    def texts(self, key: str) -> dict[str, str]:
        value = self.data.get(key, {})
        if isinstance(value, str):
            return {self.default_language: value}
        if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
            raise self.fail(
                "'{key}' is {value!r}; texts by language were expected, such as {key}.en = \"...\"",
                reason="no_texts_by_language",
                key=key,
                value=value,
            )
        return {language: text for language, text in value.items() if text}

    def words(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise self.fail(
                "'{key}' is {value!r}; a list of words was expected",
                reason="no_list_of_words",
                key=key,
                value=value,
            )
        if not all(isinstance(word, str) for word in value):
            raise self.fail("'{key}' holds something that is no text", reason="word_not_text", key=key)
        return tuple(value)

    def parts(self, key: str, place: Callable[[int], Phrase]) -> list[_Reader]:
        value = self.data.get(key, [])
        if not isinstance(value, Sequence) or not all(isinstance(part, Mapping) for part in value):
            raise self.fail(
                "'{key}' is no list of tables; write each as [[{key}]]", reason="no_list_of_tables", key=key
            )
        return [
            _Reader(self.source, place(number), part, self.default_language)
            for number, part in enumerate(value, start=1)
        ]


def scheme_from_dict(data: Mapping[str, Any], *, source: str = "scheme") -> Scheme:
    """The scheme held by plain values, as written by `Scheme.as_dict` or read from a TOML file.

    source : name of the file or place, used in error texts.

    Raises SchemeError if a field is missing, of the wrong kind, or the scheme is not coherent.
    """
    head = _Reader(source, None, data, _default_language(data))
    head.only(HEAD_KEYS)
    if head.text("format", FORMAT) != FORMAT:
        raise head.fail(
            "format '{found}' is not known; this version reads '{known}'",
            reason="unknown_format",
            found=data["format"],
            known=FORMAT,
        )
    codes = tuple(_code(part) for part in head.parts("codes", places.code))
    groups = tuple(_group(part) for part in head.parts("actor_groups", places.actor_group))
    label = head.texts("label")
    return Scheme(
        id=head.text("id"),
        version=head.text("version", "1"),
        label=label,
        description=head.texts("description"),
        codes=codes,
        actor_groups=groups,
        crosswalk=tuple(_link(part) for part in head.parts("crosswalk", places.crosswalk_link)),
        languages=head.words("languages") or _languages_of(label, codes),
        good_directions=head.texts("good_directions"),  # type: ignore[arg-type]  # checked by coherence
        caveats=tuple(_caveat(part) for part in head.parts("caveats", places.caveat)),
        terms=_terms(head),
        periods_before=head.words("periods_before"),
        source=source,
    )


def _code(part: _Reader) -> Code:
    part.only(CODE_KEYS)
    texts = {name: part.texts(name) for name in TEXT_FIELDS}
    return Code(
        path=part.text("path"),
        uid=part.text("uid", ""),
        color=part.text("color", ""),
        valence=part.whole("valence", 0),
        seed_words=part.words("seed_words"),
        **texts,
    )


def _group(part: _Reader) -> ActorGroup:
    part.only(GROUP_KEYS)
    return ActorGroup(
        id=part.text("id"),
        label=part.texts("label"),
        words=part.words("words"),
        singular=part.texts("singular"),
    )


def _link(part: _Reader) -> CrosswalkLink:
    part.only(LINK_KEYS)
    return CrosswalkLink(
        theme=part.text("theme"),
        kind=part.text("kind"),  # type: ignore[arg-type]  # checked by coherence
        target=part.text("target"),
        level=part.text("level", "construct"),  # type: ignore[arg-type]  # checked by coherence
        by=part.text("by", "") or None,
        note=part.texts("note"),
    )


def _caveat(part: _Reader) -> dict[str, str]:
    part.only(set(LANGUAGES))
    return {language: part.text(language) for language in part.data}


def _terms(head: _Reader) -> dict[str, dict[str, str]]:
    terms = head.data.get("terms", {})
    if not isinstance(terms, Mapping):
        raise head.fail(
            "'terms' is no table; write [terms] and below it name.en = \"...\"", reason="terms_no_table"
        )
    reader = _Reader(head.source, places.terms(), terms, head.default_language)
    return {name: reader.texts(name) for name in terms}


def _default_language(data: Mapping[str, Any]) -> str:
    languages = data.get("languages")
    if isinstance(languages, Sequence) and languages and isinstance(languages[0], str):
        return languages[0]
    return "en"


def _languages_of(label: Mapping[str, str], codes: Sequence[Code]) -> tuple[str, ...]:
    """The languages that the labels use, Danish before English; `en` when there is none to see."""
    used = {language for texts in (label, *(code.label for code in codes)) for language in texts}
    return tuple(sorted(used)) or ("en",)
