"""The coding scheme of a study: choose, read, replace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, delete

from coding_schemes import Code, CrosswalkLink, Scheme, load_scheme, save_scheme, scheme_from_dict
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import t
from workbench.store import events
from workbench.store import schemes as scheme_store
from workbench.store.engine import StudyStore as Study
from workbench.store.links import list_links
from workbench.store.tables import CodeRow, LinkRow, SchemeRow, new_id


@dataclass(frozen=True)
class SchemeChange:
    """What replacing the scheme did: paths of codes added, changed and retired (kept, as they are in use)."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class CodeUse:
    """A code of the study and how many codings carry it; a retired code is kept for those it carries."""

    code: Code
    codings: int
    retired: bool


def study_scheme(study: Study) -> Scheme | None:
    """The scheme of the study with its crosswalk as it stands; None before one is chosen."""
    with study.read() as session:
        return read_scheme(session, study.study_id)


def require_scheme(study: Study) -> Scheme:
    """The scheme of the study. Raises NotFoundError with the remedy before one is chosen."""
    scheme = study_scheme(study)
    if scheme is None:
        raise NotFoundError(t("errors.no_scheme"))
    return scheme


def read_scheme(session: Session, study_id: str) -> Scheme | None:
    """As `study_scheme`, inside a session."""
    row = scheme_store.get_scheme(session, study_id)
    if row is None:
        return None
    codes = scheme_store.list_codes(session, study_id, retired=False)
    in_scheme = {code.path for code in codes}
    spoken = row.content["languages"]  # links of an earlier scheme may have notes in another language
    crosswalk = [
        {"theme": path, "kind": link.kind, "target": link.target, "level": link.level}
        | {"note": {name: text for name, text in link.note.items() if name in spoken}}
        | ({"by": link.by} if link.by else {})
        for link, path in list_links(session, study_id)
        if link.kind != "estimate" and path in in_scheme  # a retired code keeps its links
    ]
    content = {**row.content, "codes": [_plain_code(code) for code in codes], "crosswalk": crosswalk}
    return scheme_from_dict(content, source=row.key)


def code_uses(study: Study) -> list[CodeUse]:
    """All codes of the study in the order of its scheme, retired ones too, with their use."""
    with study.read() as session:
        rows = scheme_store.list_codes(session, study.study_id)
        counts = scheme_store.codings_by_code(session, study.study_id)
    return [CodeUse(_code_of(row), counts.get(row.id, 0), row.retired) for row in rows]


def import_scheme(study: Study, source: str | Path, *, actor: str) -> SchemeChange:
    """Load a scheme (a shipped name or a file) into the study. Raises SchemeError."""
    return set_scheme(study, load_scheme(source), actor=actor)


def export_scheme(study: Study, path: Path) -> Path:
    """Write the scheme to .toml, .xlsx, .csv or .qdc."""
    save_scheme(require_scheme(study), path)
    return path


def set_scheme(study: Study, scheme: Scheme, *, actor: str) -> SchemeChange:
    """Make `scheme` the study's scheme.

    Codes keep their identity by path. A code that the new scheme lacks is removed, or retired if passages are
    coded with it. The crosswalk of the scheme becomes links unless the study has links already.
    """
    with study.write() as session:
        row = scheme_store.get_scheme(session, study.study_id)
        had_links = bool(list_links(session, study.study_id))
        if row is None:
            row = SchemeRow(study_id=study.study_id, key=scheme.id)
        row.key, row.version = scheme.id, scheme.version
        row.content = {
            name: value for name, value in scheme.as_dict().items() if name not in ("codes", "crosswalk")
        }
        session.add(row)
        session.flush()
        change = _replace_codes(session, study.study_id, row, scheme)
        if not had_links:
            _add_links(session, study.study_id, scheme.crosswalk)
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="scheme.set",
            entity="scheme",
            entity_id=row.id,
            after={
                "key": scheme.id,
                "version": scheme.version,
                "codes": [code.path for code in scheme.codes],
            },
        )
    return change


def _replace_codes(session: Session, study_id: str, row: SchemeRow, scheme: Scheme) -> SchemeChange:
    existing = scheme_store.codes_by_path(session, study_id)
    in_use = scheme_store.codings_by_code(session, study_id, lost=True)
    added, changed = [], []
    for position, code in enumerate(scheme.codes):
        stored = existing.get(code.path)
        values = _code_values(code) | {"position": position, "retired": False}
        if stored is None:
            parent = existing.get(code.parent) if code.parent else None
            stored = CodeRow(
                id=_free_id(session, code),
                study_id=study_id,
                scheme_id=row.id,
                path=code.path,
                parent_id=parent.id if parent else None,
                **values,
            )
            existing[code.path] = stored
            added.append(code.path)
        elif any(getattr(stored, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(stored, name, value)
            changed.append(code.path)
        session.add(stored)
        session.flush()
    wanted = {code.path for code in scheme.codes}
    retired, removed = [], []
    # Children first: a parent with children cannot go.
    for path in sorted(set(existing) - wanted, key=lambda path: path.count("/"), reverse=True):
        stored = existing[path]
        has_children = any(
            other.parent_id == stored.id for name, other in existing.items() if name not in removed
        )
        if in_use.get(stored.id) or has_children:
            stored.retired = True
            session.add(stored)
            retired.append(path)
        else:
            session.delete(stored)
            removed.append(path)
        session.flush()
    return SchemeChange(tuple(added), tuple(changed), tuple(sorted(retired)), tuple(sorted(removed)))


def _free_id(session: Session, code: Code) -> str:
    """The code's own id, or a new one where another study in the same database has it."""
    return code.uid if session.get(CodeRow, code.uid) is None else new_id()


def _code_values(code: Code) -> dict[str, Any]:
    return {
        "label": dict(code.label),
        "definition": dict(code.definition),
        "include": dict(code.include),
        "exclude": dict(code.exclude),
        "example": dict(code.example),
        "color": code.color,
        "seed_words": list(code.seed_words),
        "valence": code.valence,
    }


def _plain_code(row: CodeRow) -> dict[str, Any]:
    texts = ("label", "definition", "include", "exclude", "example")
    return {
        "path": row.path,
        "uid": row.id,
        "color": row.color,
        "valence": row.valence,
        "seed_words": row.seed_words,
        **{name: getattr(row, name) for name in texts if getattr(row, name)},
    }


def _code_of(row: CodeRow) -> Code:
    values = _plain_code(row)
    return Code(**{**values, "seed_words": tuple(row.seed_words)})


def _add_links(session: Session, study_id: str, links: Iterable[CrosswalkLink]) -> None:
    codes = scheme_store.codes_by_path(session, study_id)
    for link in links:
        session.add(
            LinkRow(
                study_id=study_id,
                code_id=codes[link.theme].id,
                kind=link.kind,
                target=link.target,
                level=link.level,
                by=link.by or "",
                note=dict(link.note),
                origin="crosswalk",
            )
        )


def restore_crosswalk(study: Study, scheme: Scheme, *, actor: str) -> int:
    """Replace the links that came from a crosswalk by those of `scheme`; links made by hand stay.

    Returns the number of links put in. Raises InvalidRequestError for a theme that the study lacks.
    """
    with study.write() as session:
        codes = scheme_store.codes_by_path(session, study.study_id)
        unknown = sorted({link.theme for link in scheme.crosswalk} - set(codes))
        if unknown:
            raise InvalidRequestError(t("errors.crosswalk_unknown_themes", themes=", ".join(unknown)))
        session.execute(
            delete(LinkRow).where(col(LinkRow.study_id) == study.study_id, col(LinkRow.origin) == "crosswalk")
        )
        kept = {
            (link.code_id, link.kind, link.target, link.by) for link, _ in list_links(session, study.study_id)
        }
        fresh = [
            link
            for link in scheme.crosswalk
            if (codes[link.theme].id, link.kind, link.target, link.by or "") not in kept
        ]
        _add_links(session, study.study_id, fresh)
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="link.crosswalk",
            entity="scheme",
            entity_id=scheme.id,
            after={"links": len(fresh)},
        )
    return len(fresh)
