"""Correcting what is known of an interview, so that one undo takes all of it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlmodel import Session

from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services.coding_actions import storable
from workbench.store import events
from workbench.store import interviews as store
from workbench.store.tables import TranscriptRow, new_id

Fact = Literal["name", "actor_group", "kind", "held_on", "attributes", "persons"]
KINDS = ("individual", "group")


@dataclass(frozen=True)
class PersonChange:
    """A person as somebody or a sheet says: found by speaker label, else by pseudonym, else new."""

    speaker: str
    pseudonym: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    survey_key: str | None = None


@dataclass(frozen=True)
class FactChanges:
    """What to set; None leaves a thing as it is, "" clears it.

    attributes : of the interview, or of its only respondent where that is whose it is.
    persons : to be found or added.     respondents : labels of all who are respondents now; persons known
        by another label are none any more.
    """

    name: str | None = None
    actor_group: str | None = None
    kind: str | None = None
    held_on: date | Literal[""] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    persons: Sequence[PersonChange] = ()
    respondents: Sequence[str] | None = None


def change_facts(
    session: Session,
    transcript: TranscriptRow,
    changes: FactChanges,
    *,
    actor: str,
    action_id: str | None = None,
) -> tuple[Fact, ...]:
    """Set facts within the caller's transaction; which of them differ now. One event, none if none does.

    Raises InvalidRequestError for a name that another interview has, or a kind there is not.
    """
    before = store.facts_of(session, transcript)
    after = deepcopy(before)
    if changes.name is not None:
        _rename(session, transcript, after, storable(changes.name).strip())
    if changes.actor_group is not None:
        after["interview"]["actor_group"] = storable(changes.actor_group) or None
    if changes.kind is not None:
        if changes.kind not in KINDS:
            raise InvalidRequestError(t("errors.no_interview_kind", kind=changes.kind))
        after["interview"]["kind"] = changes.kind
    if changes.held_on is not None:
        after["interview"]["held_on"] = changes.held_on.isoformat() if changes.held_on else None
    if changes.respondents is not None:
        _keep_respondents(after, changes.respondents)
    for person in changes.persons:
        _set_person(session, transcript.study_id, after, person)
    for name, value in changes.attributes.items():
        _set_attribute(after, storable(name).strip(), storable(value).strip())
    differing = _differing(before, after)
    if differing:
        store.set_facts(session, transcript, after)
        events.record(
            session,
            transcript.study_id,
            actor=storable(actor),
            action="interview.update",
            entity=store.ENTITY,
            entity_id=transcript.interview_id,
            transcript_id=transcript.id,
            action_id=action_id,
            before=before,
            after=store.facts_of(session, transcript),
        )
    return differing


def free_name(session: Session, transcript: TranscriptRow, name: str) -> str:
    """The name, with a number where another interview has it."""
    number, free = 2, name
    while not store.name_is_free_for(session, transcript, free):
        free, number = f"{name} ({number})", number + 1
    return free


def _rename(session: Session, transcript: TranscriptRow, facts: dict[str, Any], name: str) -> None:
    if not name:
        raise InvalidRequestError(t("errors.interview_needs_name"))
    if not store.name_is_free_for(session, transcript, name):
        raise InvalidRequestError(t("errors.interview_name_taken", name=name))
    if facts["interview"]["name"] == facts["name"]:
        facts["interview"]["name"] = name
    facts["name"] = name


def _set_attribute(facts: dict[str, Any], name: str, value: str) -> None:
    """On the only respondent, if it is that person's and not the interview's; else on the interview."""
    if not name:
        return
    respondents = [person for person in facts["persons"] if person["role"] == "respondent"]
    personal = respondents[0]["attributes"] if len(respondents) == 1 else {}
    if not value:
        facts["attributes"].pop(name, None)
        personal.pop(name, None)
    elif name in personal and name not in facts["attributes"]:
        personal[name] = value
    else:
        facts["attributes"][name] = value


def _keep_respondents(facts: dict[str, Any], labels: Sequence[str]) -> None:
    """The persons of these labels; a label without a person gets one, and one person may change label."""
    left = [person for person in facts["persons"] if person["speaker"] in labels or not person["speaker"]]
    gone = [person for person in facts["persons"] if person not in left]
    new = [label for label in labels if label not in {person["speaker"] for person in left}]
    if len(gone) == len(new) == 1:
        [person], [label] = gone, new
        named_so = person["pseudonym"] == person["speaker"]
        left.append(person | {"speaker": label, "pseudonym": label if named_so else person["pseudonym"]})
    else:
        left += [_new_person(label, label) for label in new]
    if left:
        facts["persons"] = left


def _set_person(session: Session, study_id: str, facts: dict[str, Any], change: PersonChange) -> None:
    persons = facts["persons"]
    found = next((each for each in persons if change.speaker and each["speaker"] == change.speaker), None)
    found = found or next((each for each in persons if each["pseudonym"] == change.pseudonym), None)
    if found is None and len(persons) == 1 and not persons[0]["speaker"]:
        found = persons[0]
    if found is None:
        found = _new_person(change.speaker, change.pseudonym)
        persons.append(found)
    if change.survey_key and found["survey_key"] != change.survey_key:
        same = store.known_person(session, study_id, change.survey_key, change.pseudonym)
        if same is not None and same.id not in {each["id"] for each in persons}:
            found["id"] = same.id
            found["attributes"] = store.attributes_of(session, person_id=same.id) | found["attributes"]
        found["survey_key"] = change.survey_key
    found["pseudonym"] = change.pseudonym
    for name, value in change.attributes.items():
        if value:
            found["attributes"][name] = value
        else:
            found["attributes"].pop(name, None)


def _new_person(speaker: str, pseudonym: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "pseudonym": pseudonym,
        "survey_key": None,
        "speaker": speaker,
        "role": "respondent",
        "attributes": {},
    }


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Fact, ...]:
    def key(person: Mapping[str, Any]) -> tuple[str, str]:
        return person["speaker"], person["id"]

    same: dict[Fact, bool] = {
        "name": before["name"] == after["name"],
        "actor_group": before["interview"]["actor_group"] == after["interview"]["actor_group"],
        "kind": before["interview"]["kind"] == after["interview"]["kind"],
        "held_on": before["interview"]["held_on"] == after["interview"]["held_on"],
        "attributes": before["attributes"] == after["attributes"],
        "persons": sorted(before["persons"], key=key) == sorted(after["persons"], key=key),
    }
    return tuple(name for name, equal in same.items() if not equal)
