"""What file names, headers, labels and a sheet tell of an interview; each guess with its source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from coding_schemes import ActorGroup
from interviews import FactGuess, facts_from_name
from workbench.services.import_drafts import Guess, ImportDraft, InterviewKind, PersonFacts
from workbench.services.interview_dates import read_date
from workbench.services.interview_names import SURE, likeness
from workbench.services.participants import SheetInterview, SheetMatch, guess_columns, is_personal

_LONGEST_ATTRIBUTE = 80
_OF_INTERVIEW_WORDS = """
    kommune municipality sted place location by city virksomhed company organisation organization branche
    sektor sector afdeling department
"""
_OF_INTERVIEW = frozenset(_OF_INTERVIEW_WORDS.split())


def with_guesses(
    draft: ImportDraft,
    groups: Sequence[ActorGroup],
    *,
    actor_group: str | None = None,
    row: SheetMatch | None = None,
) -> ImportDraft:
    """The draft with all that can be guessed of it.

    actor_group : given for all files; it stands over every guess.   row : what the sheet says of it.
    """
    if draft.transcript is None:
        return draft
    guesses: dict[str, Guess] = {}
    told = _by_kind(draft, groups)
    group, guess = _group(draft, groups, told.get("group"))
    if guess is not None:
        guesses["actor_group"] = guess
    held_on, guess = _held_on(draft, told.get("date"))
    if guess is not None:
        guesses["held_on"] = guess
    kind: InterviewKind = "group" if len(draft.respondents) > 1 else "individual"
    of_interview, of_person = _stated_attributes(draft)
    draft = replace(
        draft,
        actor_group=group,
        held_on=held_on,
        kind=kind,
        guesses=guesses,
        attributes=of_interview,
        person_attributes=of_person,
    )
    if row is not None:
        draft = with_row(draft, row.interview, score=row.score, said=row.said)
    if actor_group is not None:
        kept = {name: guess for name, guess in draft.guesses.items() if name != "actor_group"}
        draft = replace(
            draft, actor_group=actor_group, guesses=kept, corrected=draft.corrected | {"actor_group"}
        )
    return draft


def with_row(
    draft: ImportDraft, interview: SheetInterview | None, *, score: float | None = None, said: str = ""
) -> ImportDraft:
    """The draft with what a row of the sheet says of it; None takes the row away again.

    The sheet stands over what was guessed from names and headers, and leaves alone what it is silent about.
    """
    guesses = {name: guess for name, guess in draft.guesses.items() if guess.source != "participants"}
    of_interview, of_person = _stated_attributes(draft)
    if interview is None:
        return replace(
            draft,
            sheet_row=None,
            attributes=of_interview,
            person_attributes=of_person,
            persons={},
            guesses=guesses,
        )
    by = said or interview.name
    guesses["participants"] = Guess(interview.name, "participants", by, score)
    changes: dict[str, object] = {}
    if interview.actor_group:
        changes["actor_group"] = interview.actor_group
        guesses["actor_group"] = Guess(interview.actor_group, "participants", interview.name)
    if interview.held_on:
        changes["held_on"] = interview.held_on
        guesses["held_on"] = Guess(interview.held_on.isoformat(), "participants", interview.name)
    if interview.kind:
        changes["kind"] = interview.kind
        guesses["kind"] = Guess(interview.kind, "participants", interview.name)
    attributes = of_interview | {name: value for name, value in interview.attributes.items() if value}
    personal: Mapping[str, str] = of_person
    persons: dict[str, PersonFacts] = {}
    if len(interview.persons) == 1:
        [person] = interview.persons
        personal = of_person | {name: value for name, value in person.attributes.items() if value}
        if person.name and len(draft.respondents) <= 1:
            label = draft.respondents[0] if draft.respondents else person.name
            persons[label] = PersonFacts(person.name, survey_key=person.survey_key)
        elif person.survey_key and len(draft.respondents) == 1:
            [label] = draft.respondents
            persons[label] = PersonFacts(label, survey_key=person.survey_key)
    else:
        persons = _persons(draft, interview)
    return replace(
        draft,
        sheet_row=interview.name,
        attributes=attributes,
        person_attributes=personal,
        persons=persons,
        guesses=guesses,
        **changes,  # type: ignore[arg-type]  # three fields by name
    )


def _persons(draft: ImportDraft, interview: SheetInterview) -> dict[str, PersonFacts]:
    """The sheet's persons by the label under which they speak, those without one by their own name."""
    open_labels = list(draft.respondents)
    persons: dict[str, PersonFacts] = {}
    without: list[PersonFacts] = []
    for person in interview.persons:
        own = {name: value for name, value in person.attributes.items() if value}
        facts = PersonFacts(person.name, own, person.survey_key)
        best = max(open_labels, key=lambda label: likeness(label, facts.name), default=None)
        if best is not None and facts.name and likeness(best, facts.name) >= SURE:
            persons[best] = facts
            open_labels.remove(best)
        elif facts.name:
            without.append(facts)
    for facts in without:
        persons.setdefault(facts.name, facts)
    return persons


def _by_kind(draft: ImportDraft, groups: Sequence[ActorGroup]) -> dict[str, FactGuess]:
    """What the file's name tells, by the kind of fact."""
    vocabulary = {group.id: (*group.words, *group.label.values()) for group in groups}
    return {fact.kind: fact for fact in facts_from_name(draft.file_name, groups_vocabulary=vocabulary)}


def _stated_attributes(draft: ImportDraft) -> tuple[dict[str, str], dict[str, str]]:
    """Attributes that the header states: of the interview, and of its only respondent.

    Facts of persons in an interview with several are of nobody in particular and stay in the header.
    """
    of_interview: dict[str, str] = {}
    of_person: dict[str, str] = {}
    header = draft.transcript.header if draft.transcript is not None else {}
    for name, value in header.items():
        words = set(re.findall(r"[^\W\d_]+", name.casefold()))
        if is_personal(name) and len(value) <= _LONGEST_ATTRIBUTE:
            of_person[name] = value
        elif words & _OF_INTERVIEW and len(value) <= _LONGEST_ATTRIBUTE:
            of_interview[name] = value
    return of_interview, of_person if len(draft.respondents) <= 1 else {}


def _group(
    draft: ImportDraft, groups: Sequence[ActorGroup], told: FactGuess | None
) -> tuple[str | None, Guess | None]:
    """The actor group that file name, header or speaker labels name, and the text that named it."""
    assert draft.transcript is not None
    if told is not None:
        return told.value, Guess(told.value, "file_name", told.from_words, told.score)
    said = [("header", value) for value in draft.transcript.header.values()]
    said += [("speakers", label) for label in draft.respondents]
    for source, text in said:
        words = set(re.findall(r"[^\W\d_]+", text.lower()))
        for group in groups:
            names = {word.lower() for word in (group.id, *group.words, *group.label.values())}
            if names & words:
                return group.id, Guess(group.id, source, text)  # type: ignore[arg-type]  # one of three above
    return None, None


def _held_on(draft: ImportDraft, told: FactGuess | None) -> tuple[date | None, Guess | None]:
    """The date that the header states or the file name holds."""
    assert draft.transcript is not None
    header = draft.transcript.header
    dated = [name for name, field in guess_columns(list(header)).items() if field == "held_on"]
    for name in dated:
        found = read_date(header[name])
        if found is not None:
            return found, Guess(found.isoformat(), "header", f"{name}: {header[name]}")
    if told is None:
        return None, None
    return date.fromisoformat(told.value), Guess(told.value, "file_name", told.from_words, told.score)
