"""Questionnaires: the instrument, answers from files, means, indices and stars; factors are in `factors`."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import pandas as pd
import sqlalchemy as sa

from quant import (
    Answers,
    ColumnMapping,
    Instrument,
    QuantError,
    StarData,
    guess_mapping,
    indicator_means,
    indices,
    instrument_from_dict,
    load_instrument,
    read_answers,
    read_table,
    star,
)
from quant.statistics_files import COLUMN_LABELS
from workbench.errors import InvalidRequestError, NotFoundError, error_text
from workbench.i18n import label as label_of
from workbench.i18n import t
from workbench.services.combined_answers import VARIANT_COLUMNS, CombinedAnswers, combine
from workbench.services.files import GivenFile
from workbench.store import events
from workbench.store import numbers as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import InstrumentRow, SourceRow, SurveyPersonRow, SurveyResponseRow
from workbench.store.typed_answers import is_typed

Nature = Literal["measured", "simulated", "published", "invented"]

_CACHED_SOURCES = 4
# Findings about the samples: made anew from all answers together.
_SAMPLE_KINDS = ("unpaired", "other_month", "incomplete", "no_background", "background_not_mapped")


@dataclass(frozen=True)
class AnswersDraft:
    """A file of answers as it would be stored: its columns, the mapping, and what reading it finds.

    answers is None, with the reason in `problem`, where the mapping does not fit yet.
    """

    file: GivenFile
    table: pd.DataFrame
    mapping: ColumnMapping
    answers: Answers | None
    problem: str


@dataclass(frozen=True)
class AnswersSource:
    """The stored answers: where they came from and what was found in them.

    typed : questionnaires typed in.   variants : simplified scale -> questionnaires on it.
    """

    id: str
    file_name: str
    label: str
    nature: str
    findings: dict[str, int]
    flow: list[dict[str, Any]]
    persons: int
    responses: int
    typed: int = 0
    variants: dict[str, int] = field(default_factory=dict)


def study_instrument(study: Study) -> Instrument | None:
    """The questionnaire of the study; None before one is chosen."""
    with study.read() as session:
        row = store.get_instrument(session, study.study_id)
    return instrument_from_dict(row.content, name=row.key) if row is not None else None


def require_instrument(study: Study) -> Instrument:
    """The questionnaire of the study. Raises NotFoundError with the remedy before one is chosen."""
    instrument = study_instrument(study)
    if instrument is None:
        raise NotFoundError(t("errors.no_questionnaire"))
    return instrument


def import_instrument(study: Study, source: str | Path, *, actor: str) -> Instrument:
    """Load a questionnaire (a shipped name or a file) into the study. Raises InstrumentError."""
    instrument = load_instrument(source)
    set_instrument(study, instrument, actor=actor)
    return instrument


def set_instrument(study: Study, instrument: Instrument, *, actor: str, keep_answers: bool = False) -> None:
    """Make `instrument` the study's questionnaire.

    keep_answers : take another questionnaire although there are answers; they stay stored, and those that it
        has no item or point for are not used (`instruments.compare` says which).
    Raises InvalidRequestError if there are answers to another one: they would lose their meaning.
    """
    with study.write() as session:
        row = store.get_instrument(session, study.study_id)
        other = row is not None and row.key != instrument.id
        if row is not None and other and not keep_answers and store.count_responses(session, study.study_id):
            raise InvalidRequestError(
                t("errors.answers_to_another", questionnaire=row.key, wanted=instrument.id)
            )
        before = events.snapshot(row) if row is not None else None
        if row is None:
            row = InstrumentRow(study_id=study.study_id, key=instrument.id)
        row.key, row.version, row.content = instrument.id, instrument.version, instrument.as_dict()
        session.add(row)
        session.flush()
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="instrument.set",
            entity="instrument",
            entity_id=row.id,
            before=before,
            after=events.snapshot(row),
        )


def guess_columns(study: Study, table: pd.DataFrame) -> tuple[ColumnMapping, str]:
    """Which column of a table holds what, and the file whose choices were taken over ("" if guessed).

    The choices of the study's last file are used again where the table has all their columns.
    Raises AnswersError if nothing can be guessed.
    """
    with study.read() as session:
        earlier = [s for s in store.list_sources(session, study.study_id, kind="answers") if not is_typed(s)]
        known = (dict(earlier[-1].mapping), earlier[-1].file_name) if earlier else None
    instrument = require_instrument(study)
    if known is not None and known[0].get("person"):
        try:
            mapping = ColumnMapping.from_dict(known[0])
        except QuantError:
            pass  # written for another questionnaire, or by hand: guess anew
        else:
            if mapping.fits(table.columns) and set(mapping.items) <= set(instrument.item_ids()):
                return mapping, known[1]
    return guess_mapping(table.columns, instrument, labels=table.attrs.get(COLUMN_LABELS)), ""


def draft_answers(
    study: Study, file: GivenFile, *, mapping: ColumnMapping | None = None, sheet: str | None = None
) -> AnswersDraft:
    """Read a file of answers without storing it. Raises AnswersError if it is no table at all.

    mapping : which column holds what; the last file's or guessed (`guess_columns`) if None.
    sheet : which sheet of a workbook; the first one that holds anything if None.
    """
    instrument = require_instrument(study)
    table = read_table(file.content, file.name, sheet=sheet)
    if mapping is None:
        mapping, _ = guess_columns(study, table)
    try:
        answers = read_answers(table, instrument, mapping)
    except QuantError as error:
        return AnswersDraft(file, table, mapping, None, error_text(error))
    return AnswersDraft(file, table, mapping, answers, "")


def save_answers(
    study: Study, draft: AnswersDraft, *, actor: str, nature: Nature = "measured", label: str = ""
) -> AnswersSource:
    """Store a file of answers; it takes the place of the file that was there, typed answers stay beside it.

    Raises InvalidRequestError if the draft could not be read; what was there stays.
    """
    answers = draft.answers
    if answers is None:
        raise InvalidRequestError(t("errors.in_file", file=draft.file.name, problem=draft.problem))
    with study.write() as session:
        for old in store.list_sources(session, study.study_id, kind="answers"):
            if not is_typed(old):
                store.remove_source(session, old)
        session.flush()
        source = SourceRow(
            study_id=study.study_id,
            kind="answers",
            file_name=draft.file.name,
            sha256=draft.file.sha256,
            label=label or draft.file.name,
            nature=nature,
            mapping=draft.mapping.as_dict(),
            findings=_records(answers.report.frame),
            flow=_records(answers.flow),
        )
        session.add(source)
        session.flush()
        people, responses = _survey_rows(study.study_id, source.id, answers)
        session.execute(sa.insert(SurveyPersonRow), people)
        session.execute(sa.insert(SurveyResponseRow), responses)
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="answers.import",
            entity="source",
            entity_id=source.id,
            after={"file": draft.file.name, "sha256": draft.file.sha256, "responses": len(responses)},
        )
    return answers_sources(study)[-1]


def answers_sources(study: Study) -> list[AnswersSource]:
    """The stored answers as one source, in a list that is empty before there are any."""
    with study.read() as session:
        rows = store.list_sources(session, study.study_id, kind="answers")
        if not rows:
            return []
        file = next((row for row in rows if not is_typed(row)), None)
        if file is not None and len(rows) == 1:
            return [
                AnswersSource(
                    id=file.id,
                    file_name=file.file_name,
                    label=file.label,
                    nature=file.nature,
                    findings=store.kinds_found(file),
                    flow=file.flow,
                    persons=store.count_persons(session, file.id),
                    responses=store.count_responses(session, study.study_id, source_id=file.id),
                )
            ]
    found = _combined(study)
    if found is None:
        return []
    findings = _all_findings(file, found)
    return [
        AnswersSource(
            id=file.id if file is not None else rows[0].id,
            file_name=file.file_name if file is not None else "",
            label=_label_with_typed(file, found),
            nature=file.nature if file is not None else "measured",
            findings={str(kind): int(n) for kind, n in findings["kind"].value_counts(sort=False).items()},
            flow=_records(found.answers.flow),
            persons=int(found.answers.frame["person"].nunique()),
            responses=len(found.answers.samples),
            typed=found.typed,
            variants={str(name): int(n) for name, n in found.variants["variant"].value_counts().items()},
        )
    ]


def findings_of(study: Study, source_id: str) -> pd.DataFrame:
    """Every finding of the stored answers: kind, row, column, person, respondent, round, value."""
    with study.read() as session:
        row = session.get(SourceRow, source_id)
        rows = store.list_sources(session, study.study_id, kind="answers")
    if row is None or row.study_id != study.study_id:
        raise NotFoundError(t("errors.no_numbers_file", source=source_id))
    found = _combined(study) if any(is_typed(each) for each in rows) else None
    if found is None or row.kind != "answers":
        return pd.DataFrame(row.findings)
    return _all_findings(next((each for each in rows if not is_typed(each)), None), found)


def _all_findings(file: SourceRow | None, found: CombinedAnswers) -> pd.DataFrame:
    """The file's own findings, what was typed in as well, and the samples of all answers together."""
    of_file = [
        each for each in (file.findings if file is not None else []) if each["kind"] not in _SAMPLE_KINDS
    ]
    doubled = found.also_typed.assign(kind="also_typed")
    parts = [pd.DataFrame(of_file), doubled, found.answers.report.frame]
    filled = [part for part in parts if len(part)]
    frame = pd.concat(filled, ignore_index=True) if filled else found.answers.report.frame
    return frame.reindex(columns=found.answers.report.frame.columns)


def _label_with_typed(file: SourceRow | None, found: CombinedAnswers) -> str:
    """What is cited under every number: file, questionnaires typed in, those on a simplified scale."""
    parts = [file.label] if file is not None else []
    parts.append(t("entry.source.typed", n=found.typed))
    names = {each.id: label_of(each.label) for each in found.answers.instrument.variants}
    for name, n in found.variants["variant"].value_counts().items():
        parts.append(t("entry.source.variant", n=int(n), variant=names.get(str(name), str(name))))
    return "; ".join(parts)


_answers_cache: OrderedDict[str, CombinedAnswers] = OrderedDict()
_cache_lock = Lock()


def study_answers(study: Study) -> Answers | None:
    """The answers of the study, None before there are any. Do not change the frames: they are shared."""
    found = _combined(study)
    return None if found is None else found.answers


def answers_read_with(study: Study, instrument: Instrument) -> Answers | None:
    """The stored answers read with another instrument; None before there are any. Nothing is changed."""
    found = _combined(study, instrument)
    return None if found is None else found.answers


def answers_on_variants(study: Study) -> pd.DataFrame:
    """Questionnaires on a simplified scale: person, respondent, round, variant."""
    found = _combined(study)
    return pd.DataFrame(columns=list(VARIANT_COLUMNS)) if found is None else found.variants.copy()


def _combined(study: Study, instrument: Instrument | None = None) -> CombinedAnswers | None:
    with study.read() as session:
        sources = store.list_sources(session, study.study_id, kind="answers")
        row = store.get_instrument(session, study.study_id)
        if not sources or row is None:
            return None
        content = row.content if instrument is None else instrument.as_dict()
        # Another instrument, even under the same version, reads the same answers differently.
        read = [f"{source.id}:{source.mapping.get('revision', 0)}" for source in sources]
        key = f"{' '.join(read)}:{json.dumps(content, sort_keys=True)}"
        with _cache_lock:
            if key in _answers_cache:
                _answers_cache.move_to_end(key)
                return _answers_cache[key]
        rows = [(source, store.survey_rows(session, source.id)) for source in sources]
    if not any(responses for _, responses in rows):
        return None
    found = combine(rows, instrument or instrument_from_dict(row.content, name=row.key))
    with _cache_lock:
        _answers_cache[key] = found
        while len(_answers_cache) > _CACHED_SOURCES:
            _answers_cache.popitem(last=False)
    return found


def require_answers(study: Study) -> Answers:
    """The answers of the study. Raises NotFoundError with the remedy before any are imported."""
    answers = study_answers(study)
    if answers is None:
        raise NotFoundError(t("errors.no_answers"))
    return answers


def means_by_group(study: Study, *, by: str | None = None) -> pd.DataFrame:
    """Indicator means by round (and background column): see `quant.indicator_means`."""
    return indicator_means(require_answers(study), by)


def factor_indices(study: Study, *, solution: str) -> pd.DataFrame:
    """Factor indices as item means: see `quant.indices`."""
    return indices(require_answers(study), require_instrument(study), solution)


def person_star(study: Study, person: str) -> StarData:
    """The star of one person: both respondents, all rounds. Raises NotFoundError."""
    answers = require_answers(study)
    if person not in answers.persons.index:
        raise NotFoundError(t("errors.no_such_person", person=person))
    return star(answers, person)


def backgrounds(study: Study) -> tuple[str, ...]:
    """Background columns by which answers can be grouped."""
    answers = study_answers(study)
    return () if answers is None else tuple(str(column) for column in answers.persons.columns)


def _survey_rows(
    study_id: str, source_id: str, answers: Answers
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    people: dict[str, dict[str, Any]] = {}
    background = answers.persons.astype(object).where(answers.persons.notna(), None)
    for key in answers.frame["person"].unique():
        values = background.loc[key].to_dict() if key in background.index else {}
        row = SurveyPersonRow(
            study_id=study_id,
            source_id=source_id,
            key=str(key),
            background={str(name): _plain(value) for name, value in values.items()},
        )
        people[str(key)] = row.model_dump()
    responses: dict[tuple[str, str, int], dict[str, Any]] = {}
    # Row by row: a frame of some thousand questionnaires is many small groups, each dear to make in pandas.
    columns = [
        answers.frame[name].tolist() for name in ("person", "respondent", "round", "date", "item", "value")
    ]
    for person, respondent, number, when, item, value in zip(*columns, strict=True):
        key = (str(person), str(respondent), int(number))
        if key not in responses:
            responses[key] = SurveyResponseRow(
                survey_person_id=people[key[0]]["id"],
                respondent=key[1],
                round=key[2],
                answered_on=None if pd.isna(when) else when.date(),
            ).model_dump()
        responses[key]["values"][str(item)] = _plain(value)
    return list(people.values()), list(responses.values())


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): _plain(v) for k, v in record.items()} for record in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    """A cell as a JSON value."""
    if isinstance(value, (list, tuple, dict)):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value
