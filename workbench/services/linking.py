"""Links from themes to numbers: list, add, remove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coding_schemes import load_scheme
from quant import Instrument
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import Language, get_language, label, t
from workbench.services.effects import list_estimates
from workbench.services.schemes import restore_crosswalk, study_scheme
from workbench.services.surveys import study_answers, study_instrument
from workbench.services.terms import term_label
from workbench.store import events
from workbench.store import links as store
from workbench.store import schemes as scheme_store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import LinkRow
from workbench.triangulation import LINK_LEVELS, LinkTarget, link_level, parse_target


@dataclass(frozen=True)
class StoredLink:
    """A theme set beside a number; `known` is False where the study has no such number yet."""

    id: str
    theme: str
    target: LinkTarget
    level: str
    by: str | None
    note: Mapping[str, str]
    origin: str
    known: bool

    def as_dict(self) -> dict[str, Any]:
        """The link as JSON values."""
        return {
            "id": self.id,
            "theme": self.theme,
            "target": str(self.target),
            "level": self.level,
            "by": self.by,
            "note": dict(self.note),
            "origin": self.origin,
            "known": self.known,
        }


def list_links(study: Study) -> list[StoredLink]:
    """All links in the order of the scheme."""
    known = known_targets(study)
    with study.read() as session:
        rows = store.list_links(session, study.study_id)
    return [
        StoredLink(
            id=row.id,
            theme=path,
            target=LinkTarget(row.kind, row.target),  # type: ignore[arg-type]
            level=row.level,
            by=row.by or None,
            note=row.note,
            origin=row.origin,
            known=f"{row.kind}:{row.target}" in known,
        )
        for row, path in rows
    ]


def known_targets(study: Study) -> set[str]:
    """Every number of the study that a theme can be linked with, as `kind:id`."""
    targets: set[str] = set()
    instrument = study_instrument(study)
    if instrument is not None:
        targets |= {f"factor:{factor.id}" for factor in instrument.factors}
        targets |= {f"indicator:{item.id}" for item in instrument.items}
    for estimate in list_estimates(study):
        targets |= {
            f"outcome:{estimate.value.outcome}",
            f"subgroup:{estimate.value.subgroup}",
            f"estimate:{estimate.id}",
        }
    return targets


def target_names(study: Study, *, language: Language | None = None) -> dict[str, str]:
    """Every number of the study that a theme can be linked with: `kind:id` -> how to call it."""
    spoken = language or get_language()
    scheme, instrument = study_scheme(study), study_instrument(study)
    names: dict[str, str] = {}
    if instrument is not None:
        for factor in instrument.factors:
            names[f"factor:{factor.id}"] = _with_respondent(instrument, factor.label, factor.solution, spoken)
        for item in instrument.items:
            names[f"indicator:{item.id}"] = _with_respondent(instrument, item.label, item.respondent, spoken)
    estimates = list_estimates(study)
    for stored in estimates:
        value = stored.value
        names[f"outcome:{value.outcome}"] = term_label(scheme, value.outcome, spoken)
        names[f"subgroup:{value.subgroup}"] = term_label(scheme, value.subgroup, spoken)
    for stored in estimates:
        value = stored.value
        parts = [term_label(scheme, value.outcome, spoken), term_label(scheme, value.subgroup, spoken)]
        named = ", ".join(part for part in (*parts, value.period, value.model) if part)
        names[f"estimate:{stored.id}"] = named
    return names


def split_columns(study: Study) -> tuple[str, ...]:
    """Background columns of the answers by which a score can be split: those with two groups."""
    answers = study_answers(study)
    if answers is None:
        return ()
    return tuple(
        str(name) for name in answers.persons.columns if answers.persons[name].dropna().nunique() == 2
    )


def _with_respondent(
    instrument: Instrument, words: Mapping[str, str], respondent: str, language: Language
) -> str:
    """A label with who answers, where that is one of the respondents."""
    found = next((each.label for each in instrument.respondents if each.id == respondent), None)
    named = label(words, language=language)
    return f"{named} ({label(found, language=language).lower()})" if found else named


def add_link(
    study: Study,
    theme: str,
    target: str,
    *,
    level: str,
    actor: str,
    by: str | None = None,
    note: Mapping[str, str] | None = None,
) -> str:
    """Link a theme (or code) with a number, and return the link's id.

    target : `kind:id`, such as "factor:b_danish" or "outcome:education".
    level : one of METHOD's link levels; says what the link may be used for.
    Raises InvalidRequestError (no such target or level, or linked already), NotFoundError (no such code).
    """
    wanted, checked = parse_target(target), link_level(level)
    known = known_targets(study)
    if str(wanted) not in known:
        near = ", ".join(sorted(name for name in known if name.startswith(f"{wanted.kind}:"))[:8])
        raise InvalidRequestError(
            t("errors.no_target_but", target=wanted, known=near)
            if near
            else t("errors.no_target", target=wanted)
        )
    with study.write() as session:
        code = scheme_store.codes_by_path(session, study.study_id).get(theme)
        if code is None:
            raise NotFoundError(t("errors.theme_no_code", theme=theme))
        row = LinkRow(
            study_id=study.study_id,
            code_id=code.id,
            kind=wanted.kind,
            target=wanted.id,
            level=checked.id,
            by=by or "",
            note=dict(note or {}),
        )
        same = [
            link
            for link, path in store.list_links(session, study.study_id)
            if path == theme and (link.kind, link.target, link.by) == (row.kind, row.target, row.by)
        ]
        if same:
            raise InvalidRequestError(
                t("errors.linked_already", theme=theme, target=wanted, level=same[0].level)
            )
        session.add(row)
        session.flush()
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="link.add",
            entity="link",
            entity_id=row.id,
            after=events.snapshot(row),
        )
    return row.id


def remove_link(study: Study, link_id: str, *, actor: str) -> None:
    """Take a link away. Raises NotFoundError."""
    with study.write() as session:
        row = session.get(LinkRow, link_id)
        if row is None or row.study_id != study.study_id:
            raise NotFoundError(t("errors.no_link", link=link_id))
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="link.remove",
            entity="link",
            entity_id=row.id,
            before=events.snapshot(row),
        )
        session.delete(row)


def apply_crosswalk(study: Study, source: str | Path, *, actor: str) -> int:
    """Put in the crosswalk of a scheme (shipped name or file) and return how many links that gave.

    Links made by hand stay.
    """
    return restore_crosswalk(study, load_scheme(source), actor=actor)


def levels() -> tuple[str, ...]:
    """The ids of all link levels."""
    return tuple(LINK_LEVELS)
