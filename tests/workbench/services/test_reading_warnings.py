"""Warnings of the readers in the user's language, and as versions keep them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import interviews
from interviews.source import reading_warning
from workbench.i18n import LANGUAGES, Language, catalogue
from workbench.services.reading_warnings import warning_text, warnings_of, warnings_to_store


def reasons() -> set[str]:
    """The stable words of all warnings in the source of the readers, where they are written out."""
    found = set()
    for path in Path(interviews.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reading_warning" and node.args:
                reason = node.args[0]
                if isinstance(reason, ast.Constant):
                    found.add(str(reason.value))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_warning_of_the_readers_has_a_text(language: Language) -> None:
    texts = catalogue(language)
    missing = {
        reason
        for reason in reasons()
        if f"transcripts.warning.{reason}" not in texts and f"transcripts.warning.{reason}.one" not in texts
    }
    assert missing == set()


def test_a_warning_is_said_in_the_language_of_the_user_with_its_number() -> None:
    one = reading_warning("hidden_text", "{n} passages", n=1)
    three = reading_warning("hidden_text", "{n} passages", n=3)
    assert warning_text(one, language="da") == "1 skjult tekststykke blev udeladt."
    assert warning_text(three, language="en") == "3 passages of hidden text were left out."


def test_stored_warnings_come_back_as_they_were_and_plain_ones_still_show() -> None:
    warning = reading_warning("hidden_text", "{n} passages of hidden text were left out", n=3)
    stored = warnings_to_store([warning, "an older sentence"])
    assert stored[0] == {"text": str(warning), "reason": "hidden_text", "values": {"n": 3}}
    again = warnings_of([*stored, "a sentence of an older study"])
    assert list(again) == [warning, "an older sentence", "a sentence of an older study"]
    assert warning_text(again[0], language="da") == "3 skjulte tekststykker blev udeladt."
    assert warning_text(again[2], language="da") == "a sentence of an older study"


def test_a_warning_whose_values_do_not_fit_says_what_it_says_itself() -> None:
    assert warning_text(reading_warning("named_otherwise", "odd"), language="da") == "odd"
    assert warning_text(reading_warning("never_heard_of", "new"), language="da") == "new"
