"""The versions of a transcript's text: which there are, and any of them as it was, with its codings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session, col, select

from interviews import Annotation
from workbench.errors import NotFoundError
from workbench.i18n import t
from workbench.services.coding import Coding
from workbench.services.transcripts import TurnFacts, annotations_of_rows, turn_facts
from workbench.store import anchors, events, sources
from workbench.store import schemes as scheme_store
from workbench.store import studies as study_store
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import EventRow, MemoRow, TranscriptRow, TranscriptVersionRow


@dataclass(frozen=True)
class VersionFacts:
    """One version of a text: when, by whom and how it came about, and what it did to the codings.

    origin : "import", "reimport" (a corrected file), "edit" or "restore" (the text of `restored_version`).
    counts : codings kept, moved, changed and lost when it came into use; empty for the first.
    current : it is in use.   taken_back : it was made and then undone.
    """

    version: int
    at: datetime
    author: str
    origin: Literal["import", "reimport", "edit", "restore"]
    source_name: str
    words: int
    current: bool
    taken_back: bool = False
    restored_version: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The facts as JSON values."""
        return {**asdict(self), "at": self.at.isoformat(), "counts": dict(self.counts)}


@dataclass(frozen=True)
class VersionTranscript:
    """A version as it was when it was last in use: text, turns, annotations and codings."""

    transcript_id: str
    transcript: str
    facts: VersionFacts
    text: str
    turns: tuple[TurnFacts, ...]
    annotations: tuple[Annotation, ...]
    codings: tuple[Coding, ...]

    def as_dict(self) -> dict[str, Any]:
        """The version as JSON values."""
        return {
            "transcript_id": self.transcript_id,
            "transcript": self.transcript,
            **self.facts.as_dict(),
            "text": self.text,
            "turns": [asdict(turn) for turn in self.turns],
            "annotations": [asdict(annotation) for annotation in self.annotations],
            "codings": [coding.as_dict() for coding in self.codings],
        }


def list_versions(study: Study, transcript: str) -> list[VersionFacts]:
    """All versions of a transcript, oldest first. Raises NotFoundError."""
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        return _facts(session, row)


def version_transcript(study: Study, transcript: str, version: int) -> VersionTranscript:
    """Any version as it was, the one in use as it is. Raises NotFoundError."""
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        stored = store.find_version(session, study.study_id, row.id, version)
        if stored is None:
            raise NotFoundError(t("errors.no_transcript_version", version=version, transcript=row.name))
        return VersionTranscript(
            transcript_id=row.id,
            transcript=row.name,
            facts=next(facts for facts in _facts(session, row) if facts.version == version),
            text=stored.text,
            turns=turn_facts(store.turns_of(session, stored.id)),
            annotations=annotations_of_rows(sources.annotations_of(session, stored.id)),
            codings=tuple(_codings_then(session, row, stored)),
        )


def edit_to_undo(study: Study, transcript: str, *, actor: str) -> int | None:
    """The version that an undo of this person's newest change to a transcript would take out of use.

    None if that change is not a text, or there is none. Raises NotFoundError.
    """
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        newest = events.newest_change(session, study.study_id, actor=actor, transcript_id=row.id)
        if not newest or newest[0].entity != events.TEXT:
            return None
        made = (newest[0].after or {}).get("current_version")
        return made if made == row.current_version else None


def _facts(session: Session, row: TranscriptRow) -> list[VersionFacts]:
    log = _text_events(session, row.id)
    made = {(event.after or {})["current_version"]: event for event in log if event.kind == "do"}
    inverses: dict[int | None, EventRow] = {event.undoes: event for event in log if event.undoes is not None}
    facts = []
    for version in store.list_versions(session, row.id):
        event = made.get(version.version)
        after = (event.after or {}) if event is not None else {}
        facts.append(
            VersionFacts(
                version=version.version,
                at=version.created_at,
                author=version.author or _importer(session, row.id, version.version),
                origin="restore" if "restored_version" in after else version.origin,  # type: ignore[arg-type]
                source_name=version.source_name,
                words=version.words,
                current=version.version == row.current_version,
                taken_back=event is not None and _is_taken_back(event, inverses),
                restored_version=after.get("restored_version"),
                counts=after.get("counts", {}),
            )
        )
    return facts


def _is_taken_back(event: EventRow, inverses: Mapping[int | None, EventRow]) -> bool:
    taken_back = False
    while event.sequence in inverses:
        event, taken_back = inverses[event.sequence], not taken_back
    return taken_back


def _importer(session: Session, transcript_id: str, version: int) -> str:
    """Who imported a transcript, as the log has it: older studies do not say it with the version."""
    if version != 1:
        return ""
    query = select(EventRow.actor).where(
        EventRow.entity_id == transcript_id, EventRow.action == "transcript.import"
    )
    return session.exec(query).first() or ""


def _text_events(session: Session, transcript_id: str) -> list[EventRow]:
    query = (
        select(EventRow)
        .where(EventRow.transcript_id == transcript_id, EventRow.entity == events.TEXT)
        .order_by(col(EventRow.sequence))
    )
    return list(session.exec(query))


# ---- codings as they were


def _codings_then(session: Session, row: TranscriptRow, version: TranscriptVersionRow) -> list[Coding]:
    """The codings on a version when it was last in use: the log read backwards from now."""
    codings = {coding.id: coding.model_dump(mode="json") for coding in anchors.codings_of(session, row.id)}
    memos = {
        memo.coding_id: memo.text
        for memo in session.exec(select(MemoRow).where(col(MemoRow.coding_id).in_(list(codings))))
    }
    ids = {each.version: each.id for each in store.list_versions(session, row.id)}
    if version.version != row.current_version:
        _rewind(session, row, version.version, ids, codings, memos)
    paths = {code.id: code.path for code in scheme_store.list_codes(session, row.study_id)}
    coders = {coder.id: coder.name for coder in study_store.list_coders(session, row.study_id)}
    found = [
        Coding(
            id=coding_id,
            transcript_id=row.id,
            transcript=row.name,
            start=values["start"],
            end=values["end"],
            quote=values["quote"],
            code=paths.get(values["code_id"], ""),
            coder=coders.get(values["coder_id"], ""),
            weight=values["weight"],
            memo=memos.get(coding_id, ""),
            origin=values["origin"],
            review=values.get("review"),
            earlier_quote=values.get("earlier_quote"),
        )
        for coding_id, values in codings.items()
        if values["version_id"] == version.id and values.get("review") != "lost"
    ]
    return sorted(found, key=lambda coding: (coding.start, -coding.end, coding.id))


def _rewind(
    session: Session,
    row: TranscriptRow,
    version: int,
    ids: Mapping[int, str],
    codings: dict[str, dict[str, Any]],
    memos: dict[str | None, str],
) -> None:
    """Take `codings` and `memos` back to the moment before another text took the place of a version."""
    left = [
        event.sequence or 0
        for event in _text_events(session, row.id)
        if (event.before or {})["current_version"] == version
    ]
    if not left:
        codings.clear()
        return
    query = (
        select(EventRow)
        .where(EventRow.transcript_id == row.id, col(EventRow.sequence) >= left[-1])
        .order_by(col(EventRow.sequence).desc())
    )
    for event in session.exec(query):
        if event.entity == events.TEXT:
            _rewind_text(event, ids, codings)
        elif event.entity == "coding":
            if event.before is None:
                codings.pop(event.entity_id, None)
            else:
                codings[event.entity_id] = dict(event.before)
        elif event.entity == "memo":
            coding_id = (event.before or event.after or {}).get("coding_id")
            if event.before is None:
                memos.pop(coding_id, None)
            else:
                memos[coding_id] = event.before["text"]


def _rewind_text(event: EventRow, ids: Mapping[int, str], codings: dict[str, dict[str, Any]]) -> None:
    before, after = event.before or {}, event.after or {}
    for coding_id, values in codings.items():
        if coding_id in before["codings"]:
            place = anchors.place_from_event(
                before["codings"][coding_id],
                before["current_version"],
                anchors.Place.of(values),
                ids,
            )
            values.update(asdict(place))
        elif values["version_id"] == ids[after["current_version"]]:
            values["version_id"] = ids[before["current_version"]]
