"""Guesses of a draft: from the name of its file and from the facts that the file states at its start."""

from __future__ import annotations

import pytest

from coding_schemes import load_scheme
from interviews import read_bytes
from workbench.services.import_drafts import ImportDraft
from workbench.services.import_guesses import with_guesses

HEADER = "Interview 14\nDato: 3. marts 2020\nKommune: Vejle\nKøn: Kvinde\nAlder: 34\n\n"
TALK = "I: Hvad laver du?\nS: Jeg er smed.\nI: Hvor?\nS: I Vejle.\n"


def draft(text: str, file_name: str) -> ImportDraft:
    transcript = read_bytes(text.encode(), file_name)
    return with_guesses(
        ImportDraft(file_name, "", transcript.name, transcript), load_scheme("immi").actor_groups
    )


def test_facts_of_the_header_become_attributes_of_interview_and_person() -> None:
    found = draft(HEADER + TALK, "a.txt")
    assert found.attributes == {"Kommune": "Vejle"}
    assert found.person_attributes == {"Køn": "Kvinde", "Alder": "34"}
    assert found.held_on is not None
    assert found.held_on.isoformat() == "2020-03-03"


def test_personal_facts_of_an_interview_with_several_are_given_to_nobody() -> None:
    found = draft(HEADER + TALK + "K: Jeg er kok.\nI: Og du?\nK: Ja.\n", "a.txt")
    assert (found.attributes, found.person_attributes) == ({"Kommune": "Vejle"}, {})


@pytest.mark.parametrize(
    ("file_name", "group", "said", "held_on"),
    [
        ("Leder 3 2019-05-02.txt", "leader", "Leder", "2019-05-02"),
        ("sagsbehandlere_12.3.2020.txt", "caseworker", "sagsbehandlere", "2020-03-12"),
        ("Smed.txt", None, None, None),
    ],
)
def test_the_name_of_a_file_tells_group_and_date(
    file_name: str, group: str | None, said: str | None, held_on: str | None
) -> None:
    found = draft(TALK, file_name)
    guess = found.guesses.get("actor_group")
    assert (found.actor_group, guess and guess.said) == (group, said)
    assert (found.held_on and found.held_on.isoformat()) == held_on
