"""The report on an import as a table: for the screen, a workbook and csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from workbench.display import Column, TableSpec
from workbench.i18n import Language, t
from workbench.services.import_saving import ImportedTranscript
from workbench.services.reading_warnings import warning_text

_INTEGERS = ("turns", "words", "annotations")


def report_table(report: Sequence[ImportedTranscript], *, language: Language) -> TableSpec:
    """One row a file: what became of it, what was read, what was guessed and what to look at."""
    keys = (
        "file",
        "status",
        "name",
        "group",
        "kind",
        "held_on",
        "turns",
        "words",
        "speakers",
        "annotations",
        "guesses",
        "codings",
        "remarks",
    )
    return TableSpec(
        key="import_report",
        title=t("transcripts.report.title", language=language),
        columns=tuple(
            Column(
                key,
                t(f"transcripts.report.column.{key}", language=language),
                kind="integer" if key in _INTEGERS else "text",
            )
            for key in keys
        ),
        rows=tuple(_row(line, language) for line in report),
        language=language,
    )


def report_csv(spec: TableSpec) -> bytes:
    """The table as csv that a spreadsheet opens as it is: UTF-8 with its mark, semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.title for column in spec.columns])
    writer.writerows([["" if cell is None else _safe(str(cell)) for cell in row] for row in spec.rows])
    return out.getvalue().encode("utf-8-sig")


def _row(line: ImportedTranscript, language: Language) -> tuple[str | int | None, ...]:
    read = line.kind != ""
    remarks = [line.message]
    if line.memos:
        remarks.append(t("transcripts.report.memos", language=language, n=line.memos))
    if line.shared_persons:
        persons = ", ".join(line.shared_persons)
        remarks.append(t("transcripts.report.shared_persons", language=language, persons=persons))
    remarks += [warning_text(warning, language=language) for warning in line.warnings]
    return (
        line.file_name,
        t(f"transcripts.report.status.{line.status}", language=language),
        line.name,
        line.actor_group or "",
        t(f"transcripts.type.{line.kind}", language=language) if read else "",
        line.held_on or "",
        line.turns if read else None,
        line.words if read else None,
        ", ".join(
            f"{speaker['label']} ({t('transcripts.role.' + str(speaker['role']), language=language)})"
            for speaker in line.speakers
        ),
        line.annotations if read else None,
        "; ".join(
            f"{t(f'transcripts.guess.{name}', language=language)}: {guess.value} "
            f"({t(f'transcripts.guess.from_{guess.source}', language=language, said=guess.said)})"
            for name, guess in line.guesses.items()
        ),
        ", ".join(
            t(f"transcripts.fate.{status}", language=language, n=count)
            for status, count in line.codings.items()
            if count
        ),
        " ".join(remark for remark in remarks if remark),
    )


def _safe(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") and len(text) > 1 else text
