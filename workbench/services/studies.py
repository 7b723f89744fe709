"""Creating, opening and describing studies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.errors import InvalidRequestError
from workbench.i18n import Language, as_language, t
from workbench.services import schemes, surveys
from workbench.store import events, numbers, studies, transcripts
from workbench.store import links as link_store
from workbench.store import schemes as scheme_store
from workbench.store.engine import StudyStore, create_store, forget_engine, open_store

Study = StudyStore


@dataclass(frozen=True)
class StudyFacts:
    """What a study holds, in counts."""

    reference: str
    name: str
    title: str
    language: Language
    scheme: str | None
    instrument: str | None
    interviews: int
    transcripts: int
    words: int
    codes: int
    codings: int
    coders: tuple[str, ...]
    answers: int
    estimates: int
    links: int
    judgements: int
    settings: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The facts as JSON values."""
        return {**asdict(self), "coders": list(self.coders), "settings": dict(self.settings)}


@dataclass(frozen=True)
class HistoryEntry:
    """One change: when, who, what (`action`), and whether it was done, undone or done again (`kind`)."""

    sequence: int
    at: datetime
    actor: str
    action: str
    kind: str
    entity: str
    entity_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def as_dict(self) -> dict[str, Any]:
        """The change as JSON values."""
        return {**asdict(self), "at": self.at.isoformat()}


def create_study(
    reference: str | Path,
    *,
    title: str = "",
    language: Language = "da",
    scheme: str | Path | None = None,
    instrument: str | Path | None = None,
    actor: str = "",
) -> Study:
    """Create an empty study, with a coding scheme and a questionnaire if they are given.

    scheme, instrument : the name of a shipped one or a file's path; both are read before anything is made.
    Raises StudyExistsError, SchemeError, InstrumentError.
    """
    from coding_schemes import load_scheme
    from quant import load_instrument

    loaded_scheme = load_scheme(scheme) if scheme is not None else None
    loaded_instrument = load_instrument(instrument) if instrument is not None else None
    study = create_store(reference, title=title, language=language)
    if loaded_scheme is not None:
        schemes.set_scheme(study, loaded_scheme, actor=actor)
    if loaded_instrument is not None:
        surveys.set_instrument(study, loaded_instrument, actor=actor)
    return study


def open_study(reference: str | Path) -> Study:
    """Open a study file or a study in a database (`URL#name`).

    Raises StudyNotFoundError, StudyVersionError.
    """
    return open_store(reference)


def describe_study(study: Study) -> StudyFacts:
    """Count what the study holds."""
    with study.read() as session:
        row = studies.get_study(session, study.study_id)
        scheme = scheme_store.get_scheme(session, study.study_id)
        instrument = numbers.get_instrument(session, study.study_id)
        versions = transcripts.version_facts(session, study.study_id)
        listed = transcripts.list_transcripts(session, study.study_id)
        counts = transcripts.coding_counts(session, study.study_id)
        return StudyFacts(
            reference=study.reference,
            name=row.name,
            title=row.title,
            language=as_language(row.language),
            scheme=scheme.key if scheme is not None else None,
            instrument=instrument.key if instrument is not None else None,
            interviews=len({interview.id for _, interview in listed}),
            transcripts=len(listed),
            words=sum(version.words for version in versions.values()),
            codes=len(scheme_store.list_codes(session, study.study_id, retired=False)),
            codings=sum(counts.values()),
            coders=tuple(coder.name for coder in studies.list_coders(session, study.study_id)),
            answers=numbers.count_responses(session, study.study_id),
            estimates=len(numbers.list_estimates(session, study.study_id)),
            links=len(link_store.list_links(session, study.study_id)),
            judgements=len(link_store.list_judgements(session, study.study_id)),
            settings=row.settings,
        )


def update_study(
    study: Study,
    *,
    actor: str,
    title: str | None = None,
    language: Language | None = None,
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Change title, language or settings; None leaves a thing as it is, settings are merged."""
    with study.write() as session:
        row = studies.get_study(session, study.study_id)
        before = events.snapshot(row)
        row.title = title if title is not None else row.title
        row.language = language or row.language
        row.settings = {**row.settings, **(settings or {})}
        session.add(row)
        session.flush()
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="study.update",
            entity="study",
            entity_id=row.id,
            before=before,
            after=events.snapshot(row),
        )


def list_history(study: Study, *, limit: int | None = 50) -> list[HistoryEntry]:
    """The log of changes, newest first."""
    with study.read() as session:
        rows = events.list_events(session, study.study_id, limit=limit)
    return [
        HistoryEntry(
            sequence=row.sequence or 0,
            at=row.at,
            actor=row.actor,
            action=row.action,
            kind=row.kind,
            entity=row.entity,
            entity_id=row.entity_id,
            before=row.before,
            after=row.after,
        )
        for row in rows
    ]


def delete_study_file(study: Study) -> None:
    """Delete an embedded study for good, with what SQLite keeps beside it."""
    path = study.path
    if path is None:
        raise InvalidRequestError(t("errors.database_not_removed"))
    forget_engine(study.reference)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
