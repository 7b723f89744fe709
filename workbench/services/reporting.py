"""The Word report: which parts it has, what it will hold, and its bytes. Composing them is `report_parts`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

from workbench.errors import InvalidRequestError, ReportError, os_problem
from workbench.i18n import Language, t
from workbench.services import outcomes, surveys, triangulating
from workbench.services.effects import list_estimates
from workbench.services.regression_runs import reported_runs
from workbench.services.report_parts import Composer
from workbench.services.report_questionnaire import QUESTIONNAIRE_SECTIONS
from workbench.services.studies import describe_study
from workbench.store.engine import StudyStore as Study
from workbench.word import (
    Block,
    FigureBlock,
    Heading,
    LandscapeSection,
    Quotation,
    Table,
    TraceTable,
    render,
)

SECTIONS = (
    *("summary", "material", "themes", "numbers"),
    *QUESTIONNAIRE_SECTIONS,
    *("effect_runs", "joint_display", "trace"),
)
Missing = Literal["codings", "answers", "regressions", "estimates", "links"]
OnPart = Callable[[str], None]


@dataclass(frozen=True)
class ReportFacts:
    """What a report would hold.

    verdicts : themes; confirmed : of these with a verdict that a person confirmed; stale : of these confirmed
    on numbers that have changed since.   missing : material that the study lacks, and so the report.
    """

    interviews: int
    codings: int
    answers: int
    estimates: int
    verdicts: int
    confirmed: int
    stale: int
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class OutlineEntry:
    """One heading, table or figure of a report; level 1-3 of a heading, 0 of what stands below it."""

    kind: Literal["heading", "table", "figure"]
    level: int
    text: str


@dataclass(frozen=True)
class Report:
    """A report: the bytes of the .docx file, and what stands in it."""

    content: bytes
    outline: tuple[OutlineEntry, ...]
    tables: int
    figures: int
    quotations: int


def build_report(
    study: Study,
    *,
    language: Language | None = None,
    sections: Sequence[str] | None = None,
    template: Path | bytes | None = None,
) -> bytes:
    """The study's report as the bytes of a .docx file; the same study gives the same document.

    sections : of SECTIONS; all if None.   template : a house template whose styles are used.
    Raises InvalidRequestError (unknown section, no interviews), NotFoundError (no scheme), ReportError.
    """
    return compose_report(study, language=language, sections=sections, template=template).content


def compose_report(
    study: Study,
    *,
    language: Language | None = None,
    sections: Sequence[str] | None = None,
    template: Path | bytes | None = None,
    on_part: OnPart | None = None,
) -> Report:
    """The report with a list of what stands in it.

    on_part : called with the name of each section before it is composed, and with "layout" before writing.
    Raises as `build_report`.
    """
    wanted = _checked(sections)
    house = _template(template)
    facts = describe_study(study)
    spoken = language or facts.language
    blocks = Composer(study, spoken).blocks(wanted, on_part=on_part)
    if on_part is not None:
        on_part("layout")
    content = render(blocks, language=spoken, title=facts.title, template=house)
    flat = _flat(blocks)
    return Report(
        content=content,
        outline=_outline(flat),
        tables=sum(isinstance(block, Table | TraceTable) for block in flat),
        figures=sum(isinstance(block, FigureBlock) for block in flat),
        quotations=sum(isinstance(block, Quotation) for block in flat),
    )


def report_blocks(study: Study, *, language: Language, sections: Sequence[str] | None = None) -> list[Block]:
    """What the report says, as blocks; `workbench.word.render` writes them."""
    return Composer(study, language).blocks(_checked(sections))


def report_facts(study: Study) -> ReportFacts:
    """What a report of the study would hold, and what is missing for it. Raises as `joint_display`."""
    facts = describe_study(study)
    display = triangulating.joint_display(study)
    present: dict[Missing, bool] = {
        "codings": facts.codings > 0,
        "answers": surveys.study_answers(study) is not None,
        # Without a register there is nothing to regress.
        "regressions": outcomes.person_outcomes(study).empty or bool(reported_runs(study)),
        "estimates": bool(list_estimates(study)),
        "links": facts.links > 0,
    }
    return ReportFacts(
        interviews=facts.interviews,
        codings=facts.codings,
        answers=facts.answers,
        estimates=facts.estimates,
        verdicts=len(display.rows),
        confirmed=sum(row.confirmed is not None for row in display.rows),
        stale=len(display.stale),
        missing=tuple(name for name, there in present.items() if not there),
    )


def write_report(path: Path, content: bytes) -> Path:
    """Write the file whole or not at all: a report that is open in Word stays as it was.

    Raises ReportError if it cannot be written.
    """
    try:
        with NamedTemporaryFile(dir=path.absolute().parent, suffix=".docx", delete=False) as file:
            file.write(content)
        os.replace(file.name, path)
    except OSError as error:
        raise ReportError(t("errors.report_not_written", path=path, detail=os_problem(error))) from error
    return path


def _template(template: Path | bytes | None) -> bytes | None:
    if not isinstance(template, Path):
        return template
    try:
        return template.read_bytes()
    except OSError as error:
        raise ReportError(
            t("errors.template_not_read", template=template, detail=os_problem(error))
        ) from error


def _checked(sections: Sequence[str] | None) -> tuple[str, ...]:
    unknown = [name for name in sections or () if name not in SECTIONS]
    if unknown:
        raise InvalidRequestError(
            t("errors.no_report_section", section=unknown[0], known=", ".join(SECTIONS))
        )
    return tuple(name for name in SECTIONS if sections is None or name in sections)


def _flat(blocks: Sequence[Block]) -> list[Block]:
    flat: list[Block] = []
    for block in blocks:
        flat += _flat(block.blocks) if isinstance(block, LandscapeSection) else [block]
    return flat


def _outline(blocks: Sequence[Block]) -> tuple[OutlineEntry, ...]:
    entries = []
    for block in blocks:
        if isinstance(block, Heading):
            entries.append(OutlineEntry("heading", block.level, block.text))
        elif isinstance(block, Table):
            entries.append(OutlineEntry("table", 0, block.spec.title))
        elif isinstance(block, FigureBlock):
            entries.append(OutlineEntry("figure", 0, block.figure.title))
        elif isinstance(block, TraceTable):
            entries.append(OutlineEntry("table", 0, block.title))
    return tuple(entries)
