"""Answers typed in from paper: checked, stored beside a file of answers, found again, taken back."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from quant import Instrument, Item
from workbench.errors import InvalidRequestError
from workbench.i18n import label, t
from workbench.services.surveys import require_instrument
from workbench.store import events
from workbench.store import numbers as store
from workbench.store import typed_answers as typed
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import SourceRow, SurveyPersonRow, SurveyResponseRow, new_id

# A Danish civil registration number: six digits of a date and four more.
_CIVIL_NUMBER = re.compile(r"[0-3]\d[01]\d\d\d[- ]?\d{4}")
LONGEST_PERSON = 80


@dataclass(frozen=True)
class TypedForm:
    """One questionnaire as it was typed in.

    person : the number or pseudonym on the form, never a name or civil registration number.
    values : item id -> answer on the scale of the form; an item left out was not answered.
    variant : id of the simplified scale on the form, "" for the instrument's own.
    background : what is known about the person, such as gender; only what is new.
    """

    person: str
    respondent: str
    round: int
    values: Mapping[str, int]
    date: datetime.date | None = None
    variant: str = ""
    background: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredForm:
    """A questionnaire in the store; `file_name` is "" where it was typed in."""

    person: str
    respondent: str
    round: int
    date: datetime.date | None
    values: dict[str, float]
    variant: str
    file_name: str


class AlreadyThereError(InvalidRequestError):
    """The study has this person's questionnaire of the same respondent and round; `stored` says which."""

    def __init__(self, stored: StoredForm, words: str) -> None:
        super().__init__(words)
        self.stored = stored


def allowed_answers(instrument: Instrument, item: Item, variant: str = "") -> tuple[int, int]:
    """Lowest and highest answer to an item on a form. Raises InstrumentError for an unknown variant."""
    if not variant:
        return item.scale_min, item.scale_max
    simplified = instrument.variant(variant)
    return simplified.scale_min, simplified.scale_max


def find_form(study: Study, person: str, respondent: str, number: int) -> StoredForm | None:
    """The stored questionnaire of a person, respondent and round; None if there is none."""
    with study.read() as session:
        return _find(session, study, person, respondent, number)


def save_forms(
    study: Study,
    forms: Sequence[TypedForm],
    *,
    actor: str,
    replace: bool = False,
    operation_id: str | None = None,
) -> list[StoredForm]:
    """Store questionnaires typed in together (both respondents'): all of them or none.

    replace : take the place of what was typed in earlier; a file's questionnaire stays, but does not count.
    operation_id : a second arrival of the same operation stores nothing and gives back what is stored.

    Raises InvalidRequestError if a form has no person, no answer, or an answer outside its scale;
    AlreadyThereError if the study has the questionnaire and `replace` is False.
    """
    instrument = require_instrument(study)
    checked = [_checked(form, instrument) for form in forms]
    if len({(form.person, form.respondent, form.round) for form in checked}) < len(checked):
        raise InvalidRequestError(t("errors.entry_twice"))
    with study.write() as session:
        known = [operation_id] if operation_id else []
        if not known or not events.known_operations(session, study.study_id, known):
            if not replace:
                for form in checked:
                    _refuse_if_there(session, study, form, instrument)
            action = new_id()
            for place, form in enumerate(checked):
                # The log holds an operation once: with the first of its questionnaires.
                operation = operation_id if place == 0 else None
                _put(session, study, form, actor=actor, action_id=action, operation_id=operation)
    stored = (find_form(study, form.person, form.respondent, form.round) for form in checked)
    return [form for form in stored if form is not None]


def undo_last(study: Study, *, actor: str) -> list[StoredForm]:
    """Take back what `actor` saved last (both respondents' forms if saved together); [] if nothing was.

    What the forms had replaced comes back.
    """
    with study.write() as session:
        undone = []
        action = new_id()
        for event in typed.last_typing(session, study.study_id, actor):
            after = event.after or {}
            undone.append(_from_event(after))
            _remove(session, study, after["person"], after["respondent"], after["round"])
            if event.before is not None:
                _write(session, study, _as_form(event.before))
            events.record(
                session,
                study.study_id,
                actor=actor,
                action=typed.ACTION,
                kind="undo",
                undoes=event.sequence,
                entity="survey_response",
                entity_id=event.entity_id,
                before=after,
                after=event.before,
                action_id=action,
            )
    return undone[::-1]


def typed_forms(study: Study, *, limit: int | None = None) -> list[StoredForm]:
    """Questionnaires typed in, by person and round; `limit` cuts the list."""
    with study.read() as session:
        found = [
            _stored(source, person, response)
            for source in store.list_sources(session, study.study_id, kind="answers")
            if typed.is_typed(source)
            for person, response in store.survey_rows(session, source.id)
        ]
    found.sort(key=lambda form: (form.person, form.round, form.respondent))
    return found[:limit]


def parse_answers(text: str, instrument: Instrument, respondent: str, *, variant: str = "") -> dict[str, int]:
    """Answers written in the order of the form, such as `7 5 . 3`; a full stop or a dash is not answered.

    Without blanks every character is one answer: `75.3`.
    Raises InvalidRequestError if there are too many, or one is no answer to its item.
    """
    items = [item for item in instrument.items if item.respondent == instrument.respondent(respondent).id]
    parts = text.replace(",", " ").split()
    if len(parts) == 1 and len(items) > 1:
        parts = list(parts[0])
    if len(parts) != len(items):
        raise InvalidRequestError(t("errors.entry_count", found=len(parts), expected=len(items)))
    values: dict[str, int] = {}
    for item, part in zip(items, parts, strict=True):
        if part in (".", "-", "–"):
            continue
        low, high = allowed_answers(instrument, item, variant)
        if not part.isdecimal() or not low <= int(part) <= high:
            raise InvalidRequestError(t("errors.entry_answer", item=item.id, found=part, low=low, high=high))
        values[item.id] = int(part)
    return values


def _checked(form: TypedForm, instrument: Instrument) -> TypedForm:
    person = " ".join(form.person.split())
    instrument.respondent(form.respondent)
    if not person or len(person) > LONGEST_PERSON:
        raise InvalidRequestError(t("errors.entry_no_person", longest=LONGEST_PERSON))
    if _CIVIL_NUMBER.fullmatch(person):
        raise InvalidRequestError(t("errors.entry_civil_number"))
    rounds = instrument.rules.rounds
    if form.round < 1 or (rounds and form.round not in rounds):
        known = ", ".join(map(str, rounds)) or "1, 2, 3 ..."
        raise InvalidRequestError(t("errors.entry_round", found=form.round, known=known))
    if form.variant and not instrument.variant(form.variant).allows(form.respondent):
        raise InvalidRequestError(
            t("errors.entry_variant", variant=form.variant, respondent=_name(instrument, form.respondent))
        )
    if not form.values:
        raise InvalidRequestError(t("errors.entry_empty", person=person))
    for item_id, value in form.values.items():
        item = instrument.item(item_id)
        low, high = allowed_answers(instrument, item, form.variant)
        if item.respondent != form.respondent or value != int(value) or not low <= value <= high:
            raise InvalidRequestError(t("errors.entry_answer", item=item_id, found=value, low=low, high=high))
    values = {item_id: int(value) for item_id, value in form.values.items()}
    return TypedForm(
        person, form.respondent, form.round, values, form.date, form.variant, dict(form.background)
    )


def _refuse_if_there(session: Session, study: Study, form: TypedForm, instrument: Instrument) -> None:
    there = _find(session, study, form.person, form.respondent, form.round)
    if there is None:
        return
    place = there.file_name or t("entry.typed_in")
    raise AlreadyThereError(
        there,
        t(
            "errors.entry_already_there",
            person=form.person,
            respondent=_name(instrument, form.respondent),
            round=form.round,
            place=place,
        ),
    )


def _name(instrument: Instrument, respondent: str) -> str:
    return label(instrument.respondent(respondent).label).lower()


def _find(session: Session, study: Study, person: str, respondent: str, number: int) -> StoredForm | None:
    sources = store.list_sources(session, study.study_id, kind="answers")
    found = typed.response(session, sources, " ".join(person.split()), respondent, number)
    return None if found is None else _stored(*found)


def _stored(source: SourceRow, person: SurveyPersonRow, response: SurveyResponseRow) -> StoredForm:
    return StoredForm(
        person=person.key,
        respondent=response.respondent,
        round=response.round,
        date=response.answered_on,
        values={item: value for item, value in response.values.items() if value is not None},
        variant=typed.variant_of(source),
        file_name="" if typed.is_typed(source) else source.file_name,
    )


def _put(
    session: Session, study: Study, form: TypedForm, *, actor: str, action_id: str, operation_id: str | None
) -> None:
    before = _remove(session, study, form.person, form.respondent, form.round)
    row = _write(session, study, form)
    events.record(
        session,
        study.study_id,
        actor=actor,
        action=typed.ACTION,
        entity="survey_response",
        entity_id=row.id,
        before=before,
        after=_as_event(form),
        action_id=action_id,
        operation_id=operation_id,
    )


def _write(session: Session, study: Study, form: TypedForm) -> SurveyResponseRow:
    source = _source(session, study, form.variant)
    owner = typed.person(session, source, form.person)
    if owner is None:
        owner = SurveyPersonRow(study_id=study.study_id, source_id=source.id, key=form.person)
    owner.background = {**owner.background, **form.background}
    session.add(owner)
    session.flush()
    row = SurveyResponseRow(
        survey_person_id=owner.id,
        respondent=form.respondent,
        round=form.round,
        answered_on=form.date,
        values={item: float(value) for item, value in form.values.items()},
    )
    session.add(row)
    session.flush()
    return row


def _remove(
    session: Session, study: Study, person: str, respondent: str, number: int
) -> dict[str, Any] | None:
    """Take a typed questionnaire out; returns it as an event keeps it, None if there was none."""
    sources = [
        source
        for source in store.list_sources(session, study.study_id, kind="answers")
        if typed.is_typed(source)
    ]
    found = typed.response(session, sources, person, respondent, number)
    if found is None:
        return None
    source, owner, row = found
    values = {item: int(value) for item, value in row.values.items() if value is not None}
    kept = TypedForm(
        person, respondent, number, values, row.answered_on, typed.variant_of(source), owner.background
    )
    session.delete(row)
    session.flush()
    _count_up(source)
    session.add(source)
    if not typed.responses_of(session, owner):
        session.delete(owner)
        session.flush()
        if not store.count_persons(session, source.id):
            store.remove_source(session, source)
            session.flush()
    return _as_event(kept)


def _source(session: Session, study: Study, variant: str) -> SourceRow:
    for source in store.list_sources(session, study.study_id, kind="answers"):
        if typed.is_typed(source) and typed.variant_of(source) == variant:
            _count_up(source)
            session.add(source)
            return source
    source = SourceRow(
        study_id=study.study_id,
        kind="answers",
        file_name="",
        label="",
        mapping={"entry": typed.TYPED, "variant": variant, "revision": 1},
    )
    session.add(source)
    session.flush()
    return source


def _count_up(source: SourceRow) -> None:
    """Answers read earlier are known by source and revision."""
    source.mapping = {**source.mapping, "revision": int(source.mapping.get("revision", 0)) + 1}


def _as_event(form: TypedForm) -> dict[str, Any]:
    return {
        "person": form.person,
        "respondent": form.respondent,
        "round": form.round,
        "date": form.date.isoformat() if form.date else None,
        "values": dict(form.values),
        "variant": form.variant,
        "background": dict(form.background),
    }


def _as_form(kept: Mapping[str, Any]) -> TypedForm:
    when = datetime.date.fromisoformat(kept["date"]) if kept["date"] else None
    return TypedForm(
        kept["person"],
        kept["respondent"],
        kept["round"],
        kept["values"],
        when,
        kept["variant"],
        kept["background"],
    )


def _from_event(kept: Mapping[str, Any]) -> StoredForm:
    form = _as_form(kept)
    values = {item: float(value) for item, value in form.values.items()}
    return StoredForm(form.person, form.respondent, form.round, form.date, values, form.variant, "")
