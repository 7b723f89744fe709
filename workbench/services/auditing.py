"""Auditing estimates: those of the study, a file of estimates, and what a report says of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from coding_schemes import Scheme
from quant import Estimate, QuantError, read_estimates
from quant.documents import Document
from quant.errors import EstimatesError
from quant.estimate_audit import audit_estimates
from quant.estimate_files import EstimateFile, read_document, read_estimate_file
from quant.estimate_mapping import EstimateMapping
from quant.prose_audit import audit_prose
from quant.prose_citations import table_number
from quant.tables import decoded_text
from workbench.display import Column, TableSpec
from workbench.i18n import Language, get_language, t
from workbench.services import effects
from workbench.services.files import GivenFile
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study

_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
PROSE_ENDINGS = (".txt", ".md")


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    source : what was audited: a file, or "" for the estimates of the study.
    estimates : rows of numbers that were checked; 0 if only a text was.
    flags : rows whose numbers contradict each other (`quant.audit_estimates`); those of the study with `id`.
    paragraphs : of the text that was read.
    claims : what it says that the estimates do not bear out or that was not checked (`quant.audit_prose`).
    """

    source: str
    estimates: int
    flags: tuple[dict[str, Any], ...]
    paragraphs: int
    claims: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """The audit as JSON values."""
        return {**vars(self), "flags": list(self.flags), "claims": list(self.claims)}


def audit_study(study: Study, *, language: Language | None = None) -> Audit:
    """Check all estimates of the study against themselves."""
    stored = effects.list_estimates(study)
    flags = _flags(frame_of([each.value for each in stored]), language)
    known = tuple({**flag, "id": stored[int(flag["row"])].id} for flag in flags)
    return Audit("", len(stored), known, 0, ())


def audit_file(
    study: Study, file: GivenFile, *, language: Language, mapping: EstimateMapping | None = None
) -> Audit:
    """Check a file: the estimates in it, and the sentences of a report against the estimates that they cite.

    language : of the report.   mapping : which column of a file of estimates holds what; guessed if None.

    A sentence is held against the estimates of the study; a table that the study does not know is taken from
    the report itself. Raises EstimatesError if the file is damaged or holds neither estimates nor text.
    """
    document = _document(file)
    found = _estimates_in(file, needed=document is None)
    own: tuple[Estimate, ...] = ()
    flags: tuple[dict[str, Any], ...] = ()
    if found is not None:
        used = mapping or found.mapping
        own = _readable(found, used, file.name)
        flags = _flags(audit_frame(found, used), language)
    claims = _claims(study, document, own, language) if document is not None else ()
    paragraphs = len(document.paragraphs) if document is not None else 0
    return Audit(file.name, 0 if found is None else len(found.frame), flags, paragraphs, claims)


def frame_of(estimates: Sequence[Estimate]) -> pd.DataFrame:
    """Estimates as a table for the audit, one row each; the number of the table is read from the place."""
    rows = [
        {**asdict(each), "table": table_number(each.place), "computed": None, "design": None}
        for each in estimates
    ]
    frame = pd.DataFrame(rows)
    return frame.dropna(axis="columns", how="all") if rows else frame


def audit_frame(found: EstimateFile, mapping: EstimateMapping | None) -> pd.DataFrame:
    """The rows of a file under the names that the audit knows."""
    if mapping is None:
        return found.frame
    names = {column: field for field, column in mapping.columns.items() if column in found.frame.columns}
    taken = {field for column, field in names.items() if column != field}
    kept = [column for column in found.frame.columns if column in names or column not in taken]
    frame = found.frame.loc[:, kept].rename(columns=names)
    frame.attrs = dict(found.frame.attrs)
    return frame


def flags_table(audit: Audit, *, language: Language) -> TableSpec:
    """One row a contradiction: where it stands, what is wrong."""
    return TableSpec(
        key="audit_flags",
        title=t("audit.flags_title", language=language),
        columns=(
            Column("place", t("audit.place", language=language), weight=2.0),
            Column("severity", t("audit.severity_title", language=language)),
            Column("message", t("audit.message", language=language), weight=4.0),
        ),
        rows=tuple(
            (flag["place"], t(f"audit.severity.{flag['severity']}", language=language), flag["message"])
            for flag in audit.flags
        ),
        notes=(t("audit.rounding_note", language=language),),
        source=audit.source,
        language=language,
    )


def claims_table(audit: Audit, *, language: Language) -> TableSpec:
    """One row a claim of the text: the sentence, what disagrees or was not checked, the cell it cites."""
    return TableSpec(
        key="audit_claims",
        title=t("audit.claims_title", language=language),
        columns=(
            Column("place", t("audit.place", language=language)),
            Column("sentence", t("audit.sentence", language=language), weight=4.0),
            Column("status", t("audit.status_title", language=language)),
            Column("message", t("audit.message", language=language), weight=3.0),
            Column("cell", t("audit.cell", language=language), weight=2.0),
        ),
        rows=tuple(
            (
                claim["place"],
                claim["sentence"],
                t(f"audit.status.{claim['status']}", language=language),
                claim["message"],
                claim["cell"],
            )
            for claim in audit.claims
        ),
        notes=(t("audit.claims_note", language=language),),
        source=audit.source,
        language=language,
    )


def labels_of(scheme: Scheme | None, language: Language) -> dict[str, list[str]]:
    """The words of the scheme for outcomes and groups, by which a text names them."""
    terms = scheme.terms if scheme is not None else {}
    return {name: [words[language]] for name, words in terms.items() if words.get(language)}


def _document(file: GivenFile) -> Document | None:
    """The file as a text, None if it is a table."""
    if file.name.lower().endswith(PROSE_ENDINGS) and _is_prose(file):
        paragraphs = re.split(r"\n\s*\n", decoded_text(file.content, file.name).replace("\r\n", "\n"))
        return Document(tuple(paragraphs))
    return read_document(file.content, file.name)


def _is_prose(file: GivenFile) -> bool:
    """A text rather than a printed table: it holds no table of estimates."""
    try:
        return read_estimate_file(file.content, file.name).kind == "list"
    except QuantError:
        return True


def _estimates_in(file: GivenFile, *, needed: bool) -> EstimateFile | None:
    """The estimates of a file; None for a report without tables of estimates."""
    if not needed and file.name.lower().endswith(PROSE_ENDINGS):
        return None
    try:
        return read_estimate_file(file.content, file.name)
    except EstimatesError as error:
        if needed or error.reason != "no_estimate_table":
            raise
        return None


def _readable(found: EstimateFile, mapping: EstimateMapping | None, name: str) -> tuple[Estimate, ...]:
    if mapping is None:
        return ()
    try:
        return read_estimates(found.frame, mapping, source=name).estimates
    except EstimatesError:
        return ()


def _flags(frame: pd.DataFrame, language: Language | None) -> tuple[dict[str, Any], ...]:
    flags = audit_estimates(frame).to_dict("records")
    return tuple(
        {
            **{str(key): value for key, value in flag.items()},
            "message": _said(f"audit.check.{flag['check']}", flag, language),
        }
        for flag in flags
    )


def _claims(
    study: Study, document: Document, own: Sequence[Estimate], language: Language
) -> tuple[dict[str, Any], ...]:
    stored = [each.value for each in effects.list_estimates(study)]
    known = {table_number(each.place) for each in stored}
    estimates = [*stored, *(each for each in own if table_number(each.place) not in known)]
    labels = labels_of(study_scheme(study), language)
    claims = audit_prose(document.paragraphs, estimates, language=language, labels=labels)
    return tuple(
        {
            **{str(key): value for key, value in claim.items()},
            "message": _said(f"audit.reason.{claim['reason']}", claim, language, own_words=True),
        }
        for claim in claims.to_dict("records")
    )


def _said(key: str, row: dict[Any, Any], language: Language | None, *, own_words: bool = False) -> str:
    """The sentence of a check, its numbers with the decimal sign of the language.

    own_words : what was found are words of the text and stay as they are.
    """
    expected, found = str(row["expected"]), str(row["found"])
    if (language or get_language()) == "da":
        expected = _DECIMAL_POINT.sub(",", expected)
        found = found if own_words else _DECIMAL_POINT.sub(",", found)
    return t(key, language=language, expected=expected, found=found)
