"""Creating, opening and describing studies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.i18n import Language, as_language
from workbench.services import schemes, surveys
from workbench.store import links as link_store
from workbench.store import numbers, studies, transcripts
from workbench.store import schemes as scheme_store
from workbench.store.engine import StudyStore, create_store, open_store

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
