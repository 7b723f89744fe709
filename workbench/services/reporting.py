"""Composing the Word report: the same tables, rows and figures that the screen shows, as blocks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

import pandas as pd

import interviews
from coding_schemes import QuotationCandidate, Scheme
from workbench.display import CountCell
from workbench.errors import InvalidRequestError, ReportError
from workbench.figures import Figure, coefficient_plot, presence_by_group
from workbench.i18n import Language, label, t
from workbench.services import (
    effect_tables,
    factor_tables,
    survey_tables,
    surveys,
    theme_tables,
    triangulating,
)
from workbench.services.effects import StoredEstimate, list_estimates
from workbench.services.schemes import require_scheme
from workbench.services.studies import describe_study
from workbench.services.triangulating import JointDisplay, pooled
from workbench.store.engine import StudyStore as Study
from workbench.triangulation import JointRow
from workbench.word import (
    Block,
    BulletList,
    Contents,
    FigureBlock,
    Heading,
    LandscapeSection,
    Paragraph,
    Quotation,
    Reference,
    Table,
    Title,
    TraceEntry,
    TraceTable,
    render,
)

SECTIONS = ("material", "themes", "numbers", "joint_display", "trace")
QUOTATION_WORDS = 60
WHOLE_GROUP = "all"


def build_report(
    study: Study,
    *,
    language: Language | None = None,
    sections: Sequence[str] | None = None,
    template: Path | None = None,
) -> bytes:
    """The study's report as the bytes of a .docx file; the same study gives the same document.

    sections : of SECTIONS; all if None.   template : a house template whose styles are used.
    Raises InvalidRequestError (unknown section, no interviews), NotFoundError (no scheme), ReportError.
    """
    wanted = _checked(sections)
    facts = describe_study(study)
    spoken = language or facts.language
    blocks = report_blocks(study, language=spoken, sections=wanted)
    try:
        house = template.read_bytes() if template is not None else None
    except OSError as error:
        raise ReportError(f"the template {template} cannot be read: {error.strerror}") from error
    return render(blocks, language=spoken, title=facts.title, template=house)


def report_blocks(study: Study, *, language: Language, sections: Sequence[str] = SECTIONS) -> list[Block]:
    """What the report says, as blocks; `workbench.word.render` writes them."""
    return _Composer(study, language).blocks(_checked(sections))


def write_report(path: Path, content: bytes) -> Path:
    """Write the file whole or not at all: a report that is open in Word stays as it was.

    Raises ReportError if it cannot be written.
    """
    try:
        with NamedTemporaryFile(dir=path.absolute().parent, suffix=".docx", delete=False) as file:
            file.write(content)
        os.replace(file.name, path)
    except OSError as error:
        raise ReportError(
            f"{path} cannot be written ({error.strerror}); close it if it is open, or choose another place"
        ) from error
    return path


def _checked(sections: Sequence[str] | None) -> tuple[str, ...]:
    unknown = [name for name in sections or () if name not in SECTIONS]
    if unknown:
        raise InvalidRequestError(f"no report section {unknown[0]!r}; use {', '.join(SECTIONS)}")
    return tuple(name for name in SECTIONS if sections is None or name in sections)


class _Composer:
    """Composes one report; reads the study's words and numbers once."""

    def __init__(self, study: Study, language: Language) -> None:
        self.study, self.language = study, language
        self.facts = describe_study(study)
        self.scheme: Scheme = require_scheme(study)
        self.display: JointDisplay = triangulating.joint_display(study, language=language)
        self.estimates: list[StoredEstimate] = list_estimates(study)
        self.trace: list[TraceEntry] = []

    def blocks(self, sections: Sequence[str]) -> list[Block]:
        composed: list[Block] = [self._title(), Contents()]
        parts = {
            "material": self._material,
            "themes": self._themes,
            "numbers": self._numbers,
            "joint_display": self._joint_display,
            "trace": self._trace,
        }
        for name in sections:
            composed += parts[name]()
        return composed

    def _t(self, key: str, **values: object) -> str:
        return t(f"reporting.{key}", language=self.language, **values)

    def _title(self) -> Title:
        return Title(
            self.facts.title,
            subtitle=self._t("subtitle"),
            details=(
                self._t("details", interviews=self.facts.interviews, codings=self.facts.codings),
                *(label(text, language=self.language) for text in self.facts.settings.get("nature", ())),
            ),
        )

    def _material(self) -> list[Block]:
        blocks: list[Block] = [Heading(1, self._t("material.heading"))]
        nature = self.facts.settings.get("nature", ())
        if nature:
            blocks.append(Paragraph(self._t("material.nature"), "body"))
            blocks.append(BulletList(tuple(label(text, language=self.language) for text in nature)))
        blocks.append(Heading(2, self._t("material.interviews")))
        blocks.append(
            Paragraph((self._t("material.interviews_text") + " ", Reference("table_presence"), "."))
        )
        presence = theme_tables.presence_table(self.display.presence, self.scheme, language=self.language)
        blocks.append(Table(presence, bookmark="table_presence"))
        blocks.append(FigureBlock(self._presence_figure(), bookmark="figure_presence"))
        if surveys.study_answers(self.study) is not None:
            blocks.append(Heading(2, self._t("material.answers")))
            blocks.append(Paragraph(self._t("material.answers_text")))
            [source] = surveys.answers_sources(self.study)
            flow = survey_tables.flow_table(
                source.flow,
                surveys.require_instrument(self.study),
                language=self.language,
                source=source.label,
            )
            blocks.append(Table(flow, bookmark="table_flow"))
        return blocks

    def _themes(self) -> list[Block]:
        blocks: list[Block] = [
            Heading(1, self._t("themes.heading")),
            Paragraph(self._t("themes.lead"), "lead"),
        ]
        for row in self.display.rows:
            blocks += self._theme(row)
        return blocks

    def _theme(self, row: JointRow) -> list[Block]:
        named = label(row.label, language=self.language)
        code = self.scheme.code(row.theme)
        blocks: list[Block] = [
            Heading(2, named, bookmark=f"theme_{_bookmark(row.theme)}"),
            Paragraph(label(code.definition, language=self.language)),
            Paragraph(self._presence_sentence(row)),
        ]
        for quotation in triangulating.theme_quotations(self.study, row, language=self.language):
            blocks.append(self._quotation(quotation, named))
        if row.evidence:
            bookmark = f"table_evidence_{_bookmark(row.theme)}"
            blocks.append(Paragraph((self._t("themes.evidence") + " ", Reference(bookmark), ".")))
            blocks.append(Table(theme_tables.evidence_table(row, language=self.language), bookmark=bookmark))
            for item in row.evidence:
                self.trace.append(
                    TraceEntry(
                        f"{named}: {label(item.label, language=self.language)}",
                        item.sentence(self.language),
                        theme_tables.source_text(item, self.language),
                    )
                )
        else:
            blocks.append(Paragraph(theme_tables.numbers_text(row, language=self.language)))
        blocks.append(Paragraph(self._verdict_paragraph(row)))
        if row.interpretation:
            blocks.append(Paragraph(row.interpretation))
        blocks += [Paragraph(text, "caveat") for text in row.caveats(self.language)]
        return blocks

    def _quotation(self, quotation: QuotationCandidate, theme: str) -> Quotation:
        shown = interviews.excerpt(quotation.quote, 0, len(quotation.quote), QUOTATION_WORDS, self.language)
        self.trace.append(
            TraceEntry(
                self._t("trace.quotation", theme=theme),
                _shortened(shown),
                self._t(
                    "trace.place", interview=quotation.interview, start=quotation.start, end=quotation.end
                ),
            )
        )
        return Quotation(shown, quotation.attribution)

    def _presence_sentence(self, row: JointRow) -> str:
        groups = "; ".join(
            f"{theme_tables.group_label(self.scheme, count.group, self.language)} "
            f"{count.interviews_with}/{count.interviews_asked}"
            for count in row.counts
        )
        direction = t(f"themes.direction.{row.qualitative_direction}", language=self.language)
        return self._t(
            "themes.presence",
            k=row.reading.interviews_with,
            n=row.reading.interviews_asked,
            groups=groups,
            direction=direction,
        )

    def _verdict_paragraph(self, row: JointRow) -> str:
        text = theme_tables.verdict_text(row, language=self.language, stale=row.theme in self.display.stale)
        head, *rest = text.split("\n")
        return " ".join([f"{head}.", *rest])

    def _numbers(self) -> list[Block]:
        blocks: list[Block] = []
        if surveys.study_answers(self.study) is not None:
            blocks += self._factors()
        if self.estimates:
            blocks += self._effects()
        return blocks

    def _factors(self) -> list[Block]:
        instrument = surveys.require_instrument(self.study)
        [source] = surveys.answers_sources(self.study)
        blocks: list[Block] = [
            Heading(1, self._t("factors.heading")),
            Paragraph(self._t("factors.lead")),
        ]
        for solution in surveys.factor_solutions(self.study):
            table = factor_tables.loadings_table(
                solution, instrument, language=self.language, source=source.label
            )
            blocks.append(Table(table, bookmark=f"table_loadings_{_bookmark(solution.solution)}"))
        return blocks

    def _effects(self) -> list[Block]:
        shown = pooled([stored for stored in self.estimates if stored.value.subgroup == WHOLE_GROUP])
        chosen = shown or pooled(self.estimates)
        first = chosen[0].value
        table = effect_tables.estimates_matrix(
            chosen, subgroup=first.subgroup, model=first.model, language=self.language, scheme=self.scheme
        )
        for stored in chosen:
            named = effect_tables.heading(stored, self.language, self.scheme)
            self.trace.append(
                TraceEntry(
                    f"{named}, {stored.value.period}" if stored.value.period else named,
                    effect_tables.reading_text(stored, self.language, sentence=True),
                    ", ".join(part for part in (stored.value.source, stored.value.place) if part),
                )
            )
        return [
            Heading(1, self._t("effects.heading")),
            Paragraph((self._t("effects.lead") + " ", Reference("table_estimates"), ".")),
            Table(table, bookmark="table_estimates"),
            FigureBlock(self._coefficients(chosen), bookmark="figure_coefficients"),
        ]

    def _joint_display(self) -> list[Block]:
        table = theme_tables.joint_table(self.display, self.scheme, language=self.language)
        return [
            LandscapeSection(
                (
                    Heading(1, self._t("joint.heading")),
                    Paragraph(self._t("joint.lead")),
                    Table(table, bookmark="table_joint_display"),
                )
            ),
            Heading(2, self._t("joint.caveats")),
            BulletList(self.display.caveats),
        ]

    def _trace(self) -> list[Block]:
        if not self.trace:
            return []
        return [
            Heading(1, self._t("trace.heading"), numbered=False),
            Paragraph(self._t("trace.lead")),
            TraceTable(tuple(self.trace), title=self._t("trace.title"), bookmark="table_trace"),
        ]

    def _presence_figure(self) -> Figure:
        table = theme_tables.presence_table(self.display.presence, self.scheme, language=self.language)
        rows = [
            {"theme": str(row[0]), "group": column.title, "k": cell.k, "n": cell.n}
            for row in table.rows
            for column, cell in zip(table.columns[1:-1], row[1:-1], strict=True)
            if isinstance(cell, CountCell)
        ]
        return presence_by_group(
            pd.DataFrame(rows), title=self._t("material.presence_figure"), language=self.language
        )

    def _coefficients(self, estimates: Sequence[StoredEstimate]) -> Figure:
        rows = []
        for stored in estimates:
            low, high = stored.value.ci() or (None, None)
            rows.append(
                {
                    "label": effect_tables.heading(stored, self.language, self.scheme),
                    "group": stored.value.period,
                    "estimate": stored.value.estimate,
                    "ci_low": low,
                    "ci_high": high,
                }
            )
        return coefficient_plot(pd.DataFrame(rows), title=self._t("effects.figure"), language=self.language)


def _bookmark(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name)


def _shortened(text: str, words: int = 12) -> str:
    parts = text.split()
    return text if len(parts) <= words else " ".join(parts[:words]) + " …"
