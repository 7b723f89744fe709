"""The comments, footnotes and endnotes that came with the file of a transcript."""

from __future__ import annotations

from interviews import Annotation
from workbench.store import sources
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study


def notes_of(study: Study, transcript: str) -> tuple[Annotation, ...]:
    """The notes of the text in use, in its order. Raises NotFoundError for a transcript there is none of."""
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        rows = sources.annotations_of(session, store.current_version(session, row).id)
    return tuple(
        Annotation(row.start, row.end, row.text, row.kind, row.author, row.written_at)  # type: ignore[arg-type]  # one of three by the table's own rule
        for row in rows
    )
