"""Taking an exported file back into a study: its text, the codings in it and its comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

from coding_schemes import Code
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services.coded_files import CodedFile
from workbench.services.coded_plans import ReturnedCoding, ReturnPlan, plan_return
from workbench.services.coding_actions import CodingAction
from workbench.services.editing import replace_text
from workbench.services.files import GivenFile
from workbench.services.import_drafts import UnknownChoice
from workbench.services.importing import (
    ImportDraft,
    ImportedTranscript,
    draft_transcripts,
    save_transcripts,
)
from workbench.services.reviewing import waiting_counts
from workbench.services.schemes import require_scheme, set_scheme
from workbench.store import codings as coding_store
from workbench.store import transcripts as transcript_store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import CodingRow, new_id

UNKNOWN_CHOICES: tuple[UnknownChoice, ...] = get_args(UnknownChoice)


@dataclass(frozen=True)
class ReturnReport:
    """What taking a file back did.

    imported : the line of the import where the interview was new to the study.
    waiting : codings of the interview that a coder has to look at, as their words changed or were lost.
    missing : codings without a comment in the file; `removed` of them were removed, the rest still stand.
    """

    file_name: str
    transcript_id: str
    transcript: str
    text_changed: bool
    version: int
    added: int
    changed: int
    same: int
    removed: int
    missing: tuple[str, ...]
    removed_here: int
    no_words: int
    waiting: int
    unknown: Mapping[str, int]
    created_codes: tuple[str, ...]
    imported: ImportedTranscript | None = None

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        values = asdict(replace(self, imported=None))
        return values | {"imported": self.imported.as_dict() if self.imported is not None else None}


def take_back(
    study: Study,
    file: GivenFile,
    *,
    actor: str,
    unknown: UnknownChoice = "leave",
    remove_missing: bool = False,
    draft: ImportDraft | None = None,
) -> ReturnReport:
    """Take an exported file back: its text, the codings in it, and its comments.

    Into the study that it is from, or that has the same text, the codings are matched with those there; into
    another the interview is imported with its codings.
    unknown : what to do with codings whose code the study does not have: leave them out (and list the codes),
        create the codes, or refuse the file.
    draft : how the interview is imported where the study does not have it, as somebody corrected it.
    remove_missing : whether codings go whose comments were deleted outside; they are listed otherwise.
    Raises TranscriptError, InvalidRequestError (no exported file; codes that are refused); nothing is stored
    then.
    """
    plan = plan_return(study, file)
    if plan is None:
        raise InvalidRequestError(t("errors.no_exported_file", file=file.name), reason="no_exported_file")
    if plan.unknown and unknown == "refuse":
        codes = ", ".join(plan.unknown)
        raise InvalidRequestError(t("errors.file_has_unknown_codes", file=file.name, codes=codes))
    created = _create_codes(study, plan, actor) if plan.unknown and unknown == "create" else ()
    imported = None
    if plan.transcript_id is None:
        imported = _import(study, plan.file, draft, actor)
        if imported.id is None:
            raise InvalidRequestError(imported.message)
    elif plan.text is not None:
        replace_text(study, plan.transcript_id, plan.file.transcript, actor=actor, source=file)
    if created or imported is not None:
        again = plan_return(
            study, file, transcript=imported.id if imported is not None else plan.transcript_id
        )
        assert again is not None  # it was an exported file a moment ago
        plan = replace(again, text=plan.text)
    return _stored(study, plan, actor, created, imported, remove_missing=remove_missing)


def returned_text(report: ReturnReport) -> str:
    """One line on what taking a file back did."""
    said = [
        t(f"exporting.returned.{name}", n=number)
        for name, number in (
            ("same", report.same),
            ("added", report.added),
            ("changed", report.changed),
            ("removed", report.removed),
            ("missing", len(report.missing) - report.removed),
            ("removed_here", report.removed_here),
            ("no_words", report.no_words),
            ("waiting", report.waiting if report.text_changed else 0),
        )
        if number > 0
    ]
    if report.text_changed:
        said.insert(0, t("exporting.returned.text", version=report.version))
    if report.created_codes:
        said.append(t("exporting.returned.created", codes=", ".join(report.created_codes)))
    elif report.unknown:
        said.append(t("exporting.returned.unknown", codes=", ".join(report.unknown)))
    text = "; ".join(said)
    return text[:1].upper() + text[1:]


def _create_codes(study: Study, plan: ReturnPlan, actor: str) -> tuple[str, ...]:
    """Add the codes that the file names and the scheme lacks, with those above them."""
    scheme = require_scheme(study)
    known = {code.path for code in scheme.codes}
    titles = {one.coding.path: one.coding.title for one in plan.codings}
    added: list[Code] = []
    for path in sorted(plan.unknown):
        names = [name.strip() for name in titles[path].split("›")]
        parts = path.split("/")
        branch = ["/".join(parts[: place + 1]) for place in range(len(parts))]
        for place, above in enumerate(branch):
            if above in known:
                continue
            said = names[place] if len(names) == len(branch) else above.rpartition("/")[2]
            label = dict.fromkeys(scheme.languages, said)
            added.append(Code(above, label))
            known.add(above)
    set_scheme(study, replace(scheme, codes=(*scheme.codes, *added)), actor=actor)
    return tuple(code.path for code in added)


def _import(study: Study, coded: CodedFile, draft: ImportDraft | None, actor: str) -> ImportedTranscript:
    if draft is None:
        [draft] = draft_transcripts(study, [coded.file], changed="new")
        draft = replace(draft, transcript=coded.transcript)
    wanted = replace(draft, match=None, decision="new", coded=None)
    return save_transcripts(study, [wanted], actor=actor)[0]


def _stored(
    study: Study,
    plan: ReturnPlan,
    actor: str,
    created: tuple[str, ...],
    imported: ImportedTranscript | None,
    *,
    remove_missing: bool,
) -> ReturnReport:
    assert plan.transcript_id is not None  # it was imported where the study did not have it
    action_id = new_id()
    with study.write() as session:
        row = transcript_store.find_transcript(session, study.study_id, plan.transcript_id)
        version = transcript_store.current_version(session, row)
        actions: dict[str, CodingAction] = {}

        def by(coder: str) -> CodingAction:
            if coder not in actions:
                actions[coder] = CodingAction(
                    session,
                    study.study_id,
                    coder,
                    transcript_id=row.id,
                    version=version,
                    action_id=action_id,
                )
            return actions[coder]

        for one in plan.codings:
            if one.fate == "new":
                _add(by(one.coding.coder or actor), one)
            elif one.fate == "changed":
                _change(by(actor), session.get_one(CodingRow, one.coding_id), one)
        gone = [coding.id for coding in plan.missing] if remove_missing else []
        standing = {
            full.row.id for full in coding_store.list_codings(session, study.study_id, transcript_id=row.id)
        }
        gone = [coding_id for coding_id in gone if coding_id in standing]
        for coding_id in gone:
            by(actor).remove(coding_id)
        number = version.version
    counts = plan.counts
    return ReturnReport(
        file_name=plan.file.file.name,
        transcript_id=plan.transcript_id,
        transcript=imported.name if imported is not None else plan.transcript,
        text_changed=plan.text is not None,
        version=number,
        added=counts.get("new", 0),
        changed=counts.get("changed", 0),
        same=counts.get("same", 0),
        removed=len(gone),
        missing=tuple(coding.id for coding in plan.missing),
        removed_here=counts.get("removed_here", 0),
        no_words=counts.get("no_words", 0),
        waiting=waiting_counts(study).get(plan.transcript_id, 0),
        unknown=plan.unknown,
        created_codes=created,
        imported=imported,
    )


def _add(action: CodingAction, one: ReturnedCoding) -> None:
    coding = one.coding
    action.add(
        coding_id=one.coding_id,
        start=one.start,
        end=one.end,
        quote=None,
        code=coding.path,
        memo=coding.memo,
        weight=coding.weight,
        origin="import",
    )


def _change(action: CodingAction, row: CodingRow, one: ReturnedCoding) -> None:
    coding = one.coding
    if "passage" in one.changes:
        action.place(row.id, one.start, one.end)
    if "code" in one.changes:
        action.recode(row.id, coding.path)
    if "weight" in one.changes:
        action.weigh(row.id, coding.weight)
    if "memo" in one.changes:
        action.memo(row.id, coding.memo)
