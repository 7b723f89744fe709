"""Themes beside numbers: presence by group, the evidence of each link, the joint display and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coding_schemes import (
    presence_by_group,
    theme_readings,
)
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import Language, t
from workbench.services.linked_numbers import LinkedNumbers, numbers_by_theme
from workbench.services.linking import StoredLink, list_links
from workbench.services.quotations import quotation_candidates
from workbench.services.schemes import require_scheme
from workbench.services.theme_frames import theme_frames
from workbench.store import events
from workbench.store import links as store
from workbench.store import schemes as scheme_store
from workbench.store.engine import StudyStore as Study
from workbench.store.studies import get_coder
from workbench.store.tables import JudgementRow
from workbench.triangulation import (
    ConfirmedVerdict,
    EvidenceItem,
    JointRow,
    build_side_by_side,
    display_caveats,
    verdict,
)


@dataclass(frozen=True)
class JointDisplay:
    """The side-by-side display: its rows and what must be said below it."""

    rows: tuple[JointRow, ...]
    presence: pd.DataFrame
    caveats: tuple[str, ...]
    stale: frozenset[str]

    def as_dict(self, language: Language | None = None) -> dict[str, Any]:
        """The display as JSON values."""
        return {
            "display": "side_by_side",
            "rows": [{**row.as_dict(language), "stale": row.theme in self.stale} for row in self.rows],
            "caveats": list(self.caveats),
        }


def theme_presence(study: Study, *, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """In how many interviews of each actor group a code occurs: see `coding_schemes.presence_by_group`.

    codes : paths; the themes if None. Interviews without a group count under "".
    """
    scheme = require_scheme(study)
    frames = theme_frames(study, scheme)
    return presence_by_group(
        frames.codings, frames.interviews, codes or [code.path for code in scheme.themes]
    )


def joint_display(study: Study, *, language: Language | None = None) -> JointDisplay:
    """The side-by-side joint display of all themes of the scheme, with confirmed verdicts where there are.

    Raises NotFoundError without a coding scheme, InvalidRequestError without interviews.
    """
    scheme = require_scheme(study)
    frames = theme_frames(study, scheme)
    if frames.interviews.empty:
        raise InvalidRequestError(t("errors.no_interviews"))
    themes = theme_readings(scheme, frames.codings, frames.interviews)
    presence = presence_by_group(frames.codings, frames.interviews, [code.path for code in scheme.themes])
    judgements, interpretations, bases = _judgements(study)
    rows = build_side_by_side(
        themes,
        presence,
        quotation_candidates(study, scheme, frames, language),
        numbers_by_theme(study, scheme),
        judgements,
        interpretations=interpretations,
        group_labels={group.id: group.one for group in scheme.actor_groups},
    )
    stale = frozenset(row.theme for row in rows if row.theme in bases and bases[row.theme] != _basis(row))
    return JointDisplay(rows, presence, display_caveats(rows, study=scheme.caveats, language=language), stale)


def evidence_of_links(study: Study) -> list[tuple[StoredLink, tuple[EvidenceItem, ...]]]:
    """Every link with the numbers behind it; none where the study lacks them yet."""
    resolver = LinkedNumbers(study, require_scheme(study))
    return [(link, resolver.evidence(link)) for link in list_links(study)]


def confirm_verdict(
    study: Study,
    theme: str,
    *,
    actor: str,
    rationale: str,
    coverage: str | None = None,
    meaning: str | None = None,
    prominence: str | None = None,
    inconclusive: bool | None = None,
    interpretation: str = "",
    handling: str | None = None,
) -> ConfirmedVerdict:
    """Confirm (or overrule) the verdict on a theme; what is not given is taken from the proposal.

    Raises InvalidRequestError without a rationale, or for dissonance without saying how it was handled.
    """
    row = next((row for row in joint_display(study).rows if row.theme == theme), None)
    if row is None:
        raise NotFoundError(t("errors.no_theme", theme=theme))
    proposed = row.proposed
    given = coverage is not None or meaning is not None or prominence is not None or inconclusive is not None
    judged = proposed
    if given:
        judged = verdict(
            coverage=coverage or proposed.coverage,  # type: ignore[arg-type]
            meaning=meaning or proposed.meaning,  # type: ignore[arg-type]
            prominence=prominence or proposed.prominence,  # type: ignore[arg-type]
            inconclusive=bool(inconclusive),
        )
    with study.write() as session:
        code = scheme_store.codes_by_path(session, study.study_id)[theme]
        coder = get_coder(session, study.study_id, actor)
        stored = next(
            (
                judgement
                for judgement, path, name in store.list_judgements(session, study.study_id)
                if path == theme and name == actor
            ),
            None,
        )
        before = events.snapshot(stored) if stored is not None else None
        fresh = JudgementRow(
            study_id=study.study_id,
            code_id=code.id,
            coder_id=coder.id,
            coverage=judged.coverage,
            meaning=judged.meaning,
            prominence=judged.prominence,
            inconclusive=judged.id == "inconclusive",
            rationale=rationale.strip(),
            interpretation=interpretation.strip(),
            handling=handling,
            basis=_basis(row),
        )
        confirmed = _confirmed(fresh, actor)
        if stored is not None:
            fresh.id = stored.id
            stored.sqlmodel_update(fresh.model_dump())
        judgement = stored or fresh
        session.add(judgement)
        session.flush()
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="verdict.confirm",
            entity="judgement",
            entity_id=judgement.id,
            before=before,
            after=events.snapshot(judgement),
        )
    return confirmed


def _judgements(
    study: Study,
) -> tuple[dict[str, ConfirmedVerdict], dict[str, str], dict[str, dict[str, Any]]]:
    """The newest judgement of each theme, its interpretation and the numbers it was given on."""
    with study.read() as session:
        rows = store.list_judgements(session, study.study_id)
    confirmed = {path: _confirmed(row, name) for row, path, name in rows}
    return (
        confirmed,
        {path: row.interpretation for row, path, _ in rows},
        {path: row.basis for row, path, _ in rows},
    )


def _confirmed(row: JudgementRow, name: str) -> ConfirmedVerdict:
    judged = verdict(
        coverage=row.coverage,  # type: ignore[arg-type]
        meaning=row.meaning,  # type: ignore[arg-type]
        prominence=row.prominence,  # type: ignore[arg-type]
        inconclusive=row.inconclusive,
    )
    return ConfirmedVerdict(
        verdict=judged.id,
        rationale=row.rationale,
        confirmed_by=name,
        confirmed_at=row.confirmed_at.isoformat(),
        handling=row.handling,  # type: ignore[arg-type]
        judged=judged,
    )


def _basis(row: JointRow) -> dict[str, Any]:
    """What a verdict rests on: counts and numbers, rounded so that only real changes make it stale."""
    return {
        "counts": {count.group: [count.interviews_with, count.interviews_asked] for count in row.counts},
        "numbers": {
            f"{item.target}|{item.place}|{index}": [
                [round(value.value, 6), None if value.std_error is None else round(value.std_error, 6)]
                for value in item.values
            ]
            for index, item in enumerate(row.evidence)
        },
    }
