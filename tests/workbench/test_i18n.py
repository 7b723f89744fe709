"""Danish and English say the same things: equal keys with equal places to fill in."""

from __future__ import annotations

import ast
import string
import tomllib
from pathlib import Path

import pytest

from workbench.i18n import CATALOGS, LANGUAGES, as_language, catalogue, label, set_language, t

TOPICS = sorted({path.name.split(".")[1] for path in CATALOGS.glob("*.toml")})


def _texts(language: str, topic: str) -> dict[str, str]:
    """The texts of one topic in one language."""
    texts = catalogue(as_language(language)).items()
    return {key: text for key, text in texts if key.startswith(f"{topic}.")}


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_the_same_keys_in_both_languages(topic: str) -> None:
    assert all((CATALOGS / f"{language}.{topic}.toml").is_file() for language in LANGUAGES)
    assert set(_texts("da", topic)) == set(_texts("en", topic))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_text_has_the_same_places_in_both_languages(topic: str) -> None:
    danish, english = (
        {key: _places(text) for key, text in _texts(name, topic).items()} for name in LANGUAGES
    )
    assert danish == english


@pytest.mark.parametrize("topic", TOPICS)
def test_no_text_is_empty_and_every_place_has_a_name(topic: str) -> None:
    for language in LANGUAGES:
        for key, text in _texts(language, topic).items():
            assert text.strip(), f"{language} {key} is empty"
            assert all(place.isidentifier() for place in _places(text)), f"{language} {key}: {text}"


@pytest.mark.parametrize("path", sorted(CATALOGS.glob("*.toml")), ids=lambda path: path.name)
def test_a_catalogue_file_is_named_language_dot_topic_and_is_toml(path: Path) -> None:
    language, topic, suffix = path.name.split(".")
    assert (language in LANGUAGES, topic.isidentifier(), suffix) == (True, True, "toml")
    assert tomllib.loads(path.read_text(encoding="utf-8"))


def test_every_text_that_the_program_asks_for_is_there() -> None:
    asked = {
        key for folder in ("workbench", "pages") for key in _keys_asked_for(CATALOGS.parents[1] / folder)
    }
    known = set(catalogue("da"))
    assert {key for key in asked if key not in known and not {f"{key}.one", f"{key}.other"} <= known} == set()


def _keys_asked_for(folder: Path) -> set[str]:
    """The keys that stand as plain strings in calls of `t`; those put together at run time are left out."""
    calls = (
        node
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "t"
        and node.args
    )
    first = (call.args[0] for call in calls)
    return {key.value for key in first if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def test_the_language_that_is_set_is_the_one_that_is_used() -> None:
    places = {"value": "sv", "languages": "da, en"}
    set_language("en")
    assert t("settings.bad_language", **places).startswith("WORKBENCH_LANGUAGE is set to sv.")
    set_language("da")
    assert t("settings.bad_language", **places).startswith("WORKBENCH_LANGUAGE er sat til sv.")


def test_a_missing_key_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        t("settings.no_such_text")


def test_a_label_falls_back_to_the_language_that_there_is() -> None:
    assert label({"da": "sprog", "en": "language"}, language="en") == "language"
    assert label({"da": "sprog"}, language="en") == "sprog"
    assert label({}, language="en") == ""
