"""Quotations that stand for a theme: the candidates, the one a person chose, and how they are attributed."""

from __future__ import annotations

from dataclasses import dataclass

from coding_schemes import NOT_SAID, QuotationCandidate, Scheme, choose_quotation
from interviews import SegmentStatus
from workbench.errors import NotFoundError
from workbench.i18n import Language, label, t
from workbench.services.coding import Coding, list_codings
from workbench.services.schemes import require_scheme
from workbench.services.segments import STATUSES, marked, statuses_of
from workbench.services.theme_frames import ThemeFrames, theme_frames
from workbench.services.transcripts import TranscriptFacts, list_transcripts
from workbench.store import events
from workbench.store import links as store
from workbench.store import schemes as scheme_store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import CodingRow, PinnedQuotationRow
from workbench.triangulation import JointRow


@dataclass(frozen=True)
class QuotationChoice:
    """A coded passage that a person may choose to stand for a theme."""

    coding: Coding
    attribution: str
    pinned: bool
    status: SegmentStatus = "verbatim"


def quotation_choices(study: Study, theme: str, *, language: Language | None = None) -> list[QuotationChoice]:
    """Every coded passage of a theme once: own words before others', then groups in the scheme's order."""
    scheme = require_scheme(study)
    by_id = {facts.id: facts for facts in list_transcripts(study)}
    with study.read() as session:
        code = scheme_store.codes_by_path(session, study.study_id).get(theme)
        pin = store.pinned_quotations(session, study.study_id).get(code.id) if code is not None else None
    order = {group.id: place for place, group in enumerate(scheme.actor_groups)}
    passages: dict[tuple[str, int, int], Coding] = {}
    for coding in list_codings(study):
        if coding.code.partition("/")[0] == theme:
            place = (coding.transcript_id, coding.start, coding.end)
            if place not in passages or (pin is not None and coding.id == pin.coding_id):
                passages[place] = coding
    statuses = statuses_of(study, passages, tuple(by_id.values()))
    choices = [
        QuotationChoice(
            coding,
            marked(
                attribution(by_id[coding.transcript_id], scheme, language),
                statuses.get(place, "verbatim"),
                language,
            ),
            pin is not None and coding.id == pin.coding_id,
            statuses.get(place, "verbatim"),
        )
        for place, coding in passages.items()
    ]
    return sorted(
        choices,
        key=lambda choice: (
            STATUSES.index(choice.status),
            order.get(by_id[choice.coding.transcript_id].actor_group or "", len(order)),
            choice.coding.transcript,
            choice.coding.start,
        ),
    )


def quoted_coding(study: Study, row: JointRow) -> Coding | None:
    """The coding behind the quotation of a row, to find its place in the transcript."""
    if row.quotation is None:
        return None
    interviews = {facts.id: facts.interview for facts in list_transcripts(study)}
    quotation = row.quotation
    return next(
        (
            coding
            for coding in list_codings(study)
            if (interviews[coding.transcript_id], coding.start, coding.end)
            == (quotation.interview, quotation.start, quotation.end)
            and coding.code in quotation.codes
        ),
        None,
    )


def pin_quotation(study: Study, theme: str, coding_id: str | None, *, actor: str) -> None:
    """Choose the passage that stands for a theme; None leaves the choice to the rule again."""
    with study.write() as session:
        code = scheme_store.codes_by_path(session, study.study_id).get(theme)
        coding = session.get(CodingRow, coding_id) if coding_id is not None else None
        is_there = coding is not None and coding.study_id == study.study_id and coding.review != "lost"
        if code is None or (coding_id is not None and not is_there):
            raise NotFoundError(t("errors.no_theme_or_coding", theme=theme))
        row = store.pinned_quotations(session, study.study_id, lost=True).get(code.id)
        before = events.snapshot(row) if row is not None else None
        if coding_id is None:
            if row is None:
                return
            session.delete(row)
        else:
            row = row or PinnedQuotationRow(study_id=study.study_id, code_id=code.id, coding_id=coding_id)
            row.coding_id = coding_id
            session.add(row)
        session.flush()
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="quotation.pin",
            entity="pinned_quotation",
            entity_id=row.id,
            before=before,
            after=events.snapshot(row) if coding_id is not None else None,
        )


def theme_quotations(
    study: Study, row: JointRow, *, limit: int = 3, language: Language | None = None
) -> list[QuotationCandidate]:
    """Passages that stand for a theme, one an actor group, the display's own first.

    A summary or notes stand there only where a person chose them or nothing else is coded.
    """
    scheme = require_scheme(study)
    candidates = quotation_candidates(study, scheme, theme_frames(study, scheme), language).get(row.theme, [])
    chosen = [row.quotation] if row.quotation is not None else []
    if chosen:
        candidates = [each for each in candidates if each.status not in NOT_SAID]
    while len(chosen) < limit:
        used = {each.group for each in chosen}
        found = choose_quotation([each for each in candidates if each.group not in used], theme=row.theme)
        if found is None:
            break
        chosen.append(found)
    return chosen


def attribution(facts: TranscriptFacts, scheme: Scheme, language: Language | None = None) -> str:
    """Who is quoted, as far as may be said: the actor group and, for a single person, gender and age.

    Never the municipality or the country of origin (docs/methods/triangulation.md).
    """
    group = next((group for group in scheme.actor_groups if group.id == facts.actor_group), None)
    named = label(group.one, language=language) if group is not None else facts.actor_group or ""
    parts = [named or t("reporting.interview", language=language)]
    if facts.type == "group":
        parts.append(t("reporting.group_interview", language=language))
    gender, age = facts.attributes.get("gender", ""), facts.attributes.get("age", "")
    if facts.type == "individual" and gender:
        key = f"reporting.gender.{gender}"
        parts.append(t(key, language=language) if gender in ("women", "men") else gender)
    if facts.type == "individual" and age:
        parts.append(t("reporting.age", language=language, age=age))
    return ", ".join(parts)


def quotation_candidates(
    study: Study, scheme: Scheme, frames: ThemeFrames, language: Language | None
) -> dict[str, list[QuotationCandidate]]:
    """Coded passages by theme; the pinned one alone where a person chose."""
    with study.read() as session:
        pins = store.pinned_quotations(session, study.study_id)
        codes = scheme_store.codes_by_path(session, study.study_id)
    pinned = {path: pins[code.id].coding_id for path, code in codes.items() if code.id in pins}
    together: dict[tuple[str, int, int], set[str]] = {}
    for row in frames.rows:
        together.setdefault((row.transcript_id, row.start, row.end), set()).add(row.code)
    statuses = statuses_of(study, together, tuple(frames.transcripts.values()))
    candidates: dict[str, list[QuotationCandidate]] = {}
    for row in frames.rows:
        theme = row.code.partition("/")[0]
        if theme in pinned and pinned[theme] != row.id:
            continue
        facts = frames.transcripts[row.transcript_id]
        status = statuses.get((row.transcript_id, row.start, row.end), "verbatim")
        candidates.setdefault(theme, []).append(
            QuotationCandidate(
                quote=row.quote,
                interview=facts.interview,
                group=facts.actor_group or "",
                codes=tuple(sorted(together[row.transcript_id, row.start, row.end])),
                start=row.start,
                end=row.end,
                attribution=marked(attribution(facts, scheme, language), status, language),
                status=status,
            )
        )
    return candidates
