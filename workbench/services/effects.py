"""Effect estimates as evidence: import from files, list, and remove a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from quant import (
    Estimate,
    EstimateMapping,
    EstimateTable,
    QuantError,
    read_estimates,
)
from quant.estimate_files import EstimateFile, read_estimate_file
from workbench.errors import InvalidRequestError, NotFoundError, error_text
from workbench.i18n import t
from workbench.services.analyses import plain
from workbench.services.files import GivenFile
from workbench.services.surveys import Nature
from workbench.store import events
from workbench.store import numbers as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import EstimateRow, SourceRow
from workbench.triangulation import EstimateReading, classify_estimate
from workbench.triangulation.readings import Good


@dataclass(frozen=True)
class EstimatesDraft:
    """A file of estimates as it would be stored; `estimates` is None, with the reason, where it cannot be."""

    file: GivenFile
    found: EstimateFile
    mapping: EstimateMapping | None
    estimates: EstimateTable | None
    problem: str

    @property
    def table(self) -> pd.DataFrame:
        """One row an estimate: the file's own columns, or those of printed tables in the long form."""
        return self.found.frame


@dataclass(frozen=True)
class StoredEstimate:
    """An estimate of the study: what it says, its interval, how it reads, and where it comes from."""

    id: str
    value: Estimate
    reading: EstimateReading | None
    source_id: str
    nature: str

    def as_dict(self) -> dict[str, Any]:
        """The estimate as JSON values."""
        interval = self.value.ci()
        return {
            "id": self.id,
            **asdict(self.value),
            "ci_low": interval[0] if interval else None,
            "ci_high": interval[1] if interval else None,
            "percent_of_mean": self.value.percent_of_mean,
            "reading": self.reading.as_dict() if self.reading else None,
            "nature": self.nature,
        }


@dataclass(frozen=True)
class EstimatesSource:
    """A stored file of estimates."""

    id: str
    file_name: str
    label: str
    nature: str
    estimates: int
    findings: dict[str, int]


def draft_estimates(
    file: GivenFile, *, mapping: EstimateMapping | None = None, label: str = ""
) -> EstimatesDraft:
    """Read a file of estimates without storing it. Raises EstimatesError if it holds no table at all.

    mapping : which column holds what; guessed from the names if None.
    label : what the estimates come from, in the words of a source line; the file's name if empty.
    """
    found = read_estimate_file(file.content, file.name)
    mapping = mapping or found.mapping
    if mapping is None:
        assert found.problem is not None
        return EstimatesDraft(file, found, None, None, error_text(found.problem))
    try:
        estimates = read_estimates(found.frame, mapping, source=label or file.name)
    except QuantError as error:
        return EstimatesDraft(file, found, mapping, None, error_text(error))
    return EstimatesDraft(file, found, mapping, estimates, "")


def save_estimates(
    study: Study, draft: EstimatesDraft, *, actor: str, nature: Nature = "measured", label: str = ""
) -> EstimatesSource:
    """Store a file of estimates; a file of the same name takes the place of the earlier one.

    Estimates that both have keep their ids, so that what is linked to them stays linked.
    Raises InvalidRequestError if the draft could not be read; what was there stays.
    """
    if draft.estimates is None or draft.mapping is None:
        raise InvalidRequestError(t("errors.in_file", file=draft.file.name, problem=draft.problem))
    return store_estimates(
        study,
        draft.estimates,
        name=draft.file.name,
        sha256=draft.file.sha256,
        mapping=draft.mapping.as_dict(),
        actor=actor,
        nature=nature,
        label=label,
    )


def store_estimates(
    study: Study,
    table: EstimateTable,
    *,
    name: str,
    sha256: str,
    mapping: Mapping[str, Any],
    actor: str,
    nature: Nature = "measured",
    label: str = "",
) -> EstimatesSource:
    """Store estimates, imported or computed here; a set of the same name replaces the earlier one.

    sha256 : hash of the file, or of the data of a run.   mapping : how it was read, or the declaration.
    Estimates that both sets have keep their ids, so that what is linked to them stays linked.
    """
    with study.write() as session:
        kept_ids: dict[tuple[str, ...], str] = {}
        stored = store.list_estimates(session, study.study_id)
        for old in store.list_sources(session, study.study_id, kind="estimates"):
            if old.file_name == name:
                kept_ids |= {_identity(row): row.id for row in stored if row.source_id == old.id}
                store.remove_source(session, old)
        session.flush()
        source = SourceRow(
            study_id=study.study_id,
            kind="estimates",
            file_name=name,
            sha256=sha256,
            label=label or name,
            nature=nature,
            mapping=dict(mapping),
            findings=_findings(table),
        )
        session.add(source)
        session.flush()
        rows = [
            _row(study.study_id, source.id, position, estimate, kept_ids)
            for position, estimate in enumerate(table.estimates)
        ]
        session.execute(sa.insert(EstimateRow), [row.model_dump() for row in rows])
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="estimates.import",
            entity="source",
            entity_id=source.id,
            after={"file": name, "sha256": sha256, "estimates": len(rows)},
        )
    return next(stored for stored in estimates_sources(study) if stored.id == source.id)


def estimates_sources(study: Study) -> list[EstimatesSource]:
    """The stored files of estimates."""
    with study.read() as session:
        rows = store.list_sources(session, study.study_id, kind="estimates")
        counts: dict[str, int] = {}
        for estimate in store.list_estimates(session, study.study_id):
            counts[estimate.source_id] = counts.get(estimate.source_id, 0) + 1
    return [
        EstimatesSource(
            id=row.id,
            file_name=row.file_name,
            label=row.label,
            nature=row.nature,
            estimates=counts.get(row.id, 0),
            findings=store.kinds_found(row),
        )
        for row in rows
    ]


def list_estimates(study: Study) -> list[StoredEstimate]:
    """All estimates with their readings, in the order of their files.

    An outcome of which the scheme does not say which way is good is read as good when it rises.
    """
    with study.read() as session:
        sources = {row.id: row for row in store.list_sources(session, study.study_id, kind="estimates")}
        rows = store.list_estimates(session, study.study_id)
        directions = store.good_directions(session, study.study_id)
    return [_stored(row, sources[row.source_id], directions.get(row.outcome, "up")) for row in rows]


def remove_estimates(study: Study, source_id: str, *, actor: str) -> None:
    """Take a file of estimates out of the study. Raises NotFoundError."""
    with study.write() as session:
        source = session.get(SourceRow, source_id)
        if source is None or source.study_id != study.study_id or source.kind != "estimates":
            raise NotFoundError(t("errors.no_estimates_file", source=source_id))
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="estimates.remove",
            entity="source",
            entity_id=source.id,
            before={"file": source.file_name, "sha256": source.sha256},
        )
        store.remove_source(session, source)


def _identity(row: EstimateRow | Estimate) -> tuple[str, ...]:
    return (row.outcome, row.subgroup, row.period, row.model, row.place)


def _row(
    study_id: str, source_id: str, position: int, value: Estimate, kept_ids: dict[tuple[str, ...], str]
) -> EstimateRow:
    row = EstimateRow(
        study_id=study_id,
        source_id=source_id,
        position=position,
        outcome=value.outcome,
        subgroup=value.subgroup,
        period=value.period,
        model=value.model,
        estimate=value.estimate,
        std_error=value.std_error,
        ci_low=value.ci_low,
        ci_high=value.ci_high,
        n=value.n,
        stars=value.stars,
        treated_mean=value.treated_mean,
        place=value.place,
        p_value=value.p_value,
        df=value.df,
        outcome_sd=value.outcome_sd,
        design=value.design,
        computed=plain(value.computed),
    )
    row.id = kept_ids.get(_identity(value), row.id)
    return row


def _stored(row: EstimateRow, source: SourceRow, good: str) -> StoredEstimate:
    value = Estimate(
        outcome=row.outcome,
        subgroup=row.subgroup,
        period=row.period,
        model=row.model,
        estimate=row.estimate,
        std_error=row.std_error,
        stars=row.stars,
        treated_mean=row.treated_mean,
        n=row.n,
        ci_low=row.ci_low,
        ci_high=row.ci_high,
        source=source.label,
        place=row.place,
        p_value=row.p_value,
        df=row.df,
        outcome_sd=row.outcome_sd,
        design=row.design,
        computed=row.computed,
    )
    reading = None
    if row.std_error is not None:
        reading = classify_estimate(row.estimate, row.std_error, mean=row.treated_mean, good=_direction(good))
    return StoredEstimate(row.id, value, reading, row.source_id, source.nature)


def _direction(good: str) -> Good:
    return "down" if good == "down" else "open" if good == "open" else "up"


def _findings(table: EstimateTable) -> list[dict[str, Any]]:
    frame = table.findings.frame
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(key): value for key, value in record.items()} for record in records]
