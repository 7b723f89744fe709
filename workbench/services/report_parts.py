"""The parts of the Word report: the tables, rows and figures that the screen shows, as blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd

from coding_schemes import NOT_SAID, QuotationCandidate, Scheme
from workbench.display import CountCell
from workbench.figures import Figure, coefficient_plot, presence_by_group
from workbench.i18n import Language, label, t
from workbench.services import (
    effect_tables,
    evidence_tables,
    factor_tables,
    factors,
    report_sources,
    survey_tables,
    surveys,
    theme_tables,
    triangulating,
)
from workbench.services.effects import StoredEstimate, list_estimates
from workbench.services.linked_numbers import pooled
from workbench.services.quotations import theme_quotations
from workbench.services.report_effects import effects_chapter
from workbench.services.report_questionnaire import (
    QUESTIONNAIRE_SECTIONS,
    QuestionnaireChapters,
)
from workbench.services.schemes import require_scheme
from workbench.services.studies import describe_study
from workbench.services.triangulating import JointDisplay
from workbench.store.engine import StudyStore as Study
from workbench.triangulation import JointRow
from workbench.word import (
    Block,
    BulletList,
    Contents,
    FigureBlock,
    Heading,
    Inline,
    LandscapeSection,
    PageBreak,
    Paragraph,
    Quotation,
    Reference,
    Strong,
    Table,
    Text,
    Title,
    TraceEntry,
    TraceTable,
)

QUOTATION_WORDS = 60
WHOLE_GROUP = "all"
# A table of loadings with more columns than this needs the width of a landscape page.
MOST_PORTRAIT_COLUMNS = 6


class Composer:
    """Composes one report; reads the study's words and numbers once."""

    def __init__(self, study: Study, language: Language) -> None:
        self.study, self.language = study, language
        self.facts = describe_study(study)
        self.scheme: Scheme = require_scheme(study)
        self.display: JointDisplay = triangulating.joint_display(study, language=language)
        self.estimates: list[StoredEstimate] = list_estimates(study)
        self.trace: list[TraceEntry] = []

    def blocks(self, sections: Sequence[str], *, on_part: Callable[[str], None] | None = None) -> list[Block]:
        """The title page and the wanted sections, in the order given."""
        composed = self._title_page()
        parts: dict[str, Callable[[], list[Block]]] = {
            "summary": self._summary,
            "material": self._material,
            "themes": self._themes,
            "numbers": self._numbers,
            **{name: partial(self._questionnaire, name) for name in QUESTIONNAIRE_SECTIONS},
            "effect_runs": self._effect_runs,
            "joint_display": self._joint_display,
            "trace": self._trace,
        }
        for name in sections:
            if on_part is not None:
                on_part(name)
            composed += parts[name]()
        if "joint_display" not in sections and "themes" in sections:
            composed += self._caveats(level=1)
        return composed

    def _t(self, key: str, **values: object) -> str:
        return t(f"reporting.{key}", language=self.language, **values)

    def _title_page(self) -> list[Block]:
        title = Title(
            self.facts.title,
            subtitle=self._t("subtitle"),
            details=(self._t("details", interviews=self.facts.interviews, codings=self.facts.codings),),
        )
        nature = [label(text, language=self.language) for text in self.facts.settings.get("nature", ())]
        return [title, *(Paragraph(text, "caveat") for text in nature), Contents(), PageBreak()]

    def _summary(self) -> list[Block]:
        table = theme_tables.overview_table(self.display, language=self.language)
        blocks: list[Block] = [
            Heading(1, self._t("summary.heading")),
            Paragraph(self._t("summary.lead"), "lead"),
            Paragraph((self._t("summary.text") + " ", Reference("table_overview"), ".")),
            Table(table, bookmark="table_overview"),
        ]
        proposed = sum(row.confirmed is None for row in self.display.rows)
        if proposed:
            blocks.append(Paragraph(self._t("summary.proposed", n=proposed, of=len(self.display.rows))))
        if self.language != self.facts.language:
            blocks.append(Paragraph(self._t(f"summary.written_in.{self.facts.language}"), "note"))
        return blocks

    def _material(self) -> list[Block]:
        presence = theme_tables.presence_table(self.display.presence, self.scheme, language=self.language)
        references: Text = (
            self._t("material.interviews_text") + " ",
            Reference("table_presence"),
            self._t("and"),
            Reference("figure_presence"),
            ".",
        )
        blocks: list[Block] = [
            Heading(1, self._t("material.heading")),
            Heading(2, self._t("material.interviews")),
            Paragraph(references),
            Table(presence, bookmark="table_presence"),
            FigureBlock(self._presence_figure(), bookmark="figure_presence"),
        ]
        if surveys.study_answers(self.study) is not None:
            [source] = surveys.answers_sources(self.study)
            flow = survey_tables.flow_table(
                source.flow,
                surveys.require_instrument(self.study),
                language=self.language,
                source=source.label,
            )
            blocks.append(Heading(2, self._t("material.answers")))
            blocks.append(
                Paragraph((Reference("table_flow", capital=True), self._t("material.answers_text")))
            )
            blocks.append(Table(flow, bookmark="table_flow"))
        return blocks

    def _themes(self) -> list[Block]:
        blocks: list[Block] = [
            Heading(1, self._t("themes.heading")),
            Paragraph((self._t("themes.lead") + " ", Reference("caveats"), "."), "lead"),
        ]
        for row in self.display.rows:
            blocks += self._theme(row)
        return blocks

    def _theme(self, row: JointRow) -> list[Block]:
        named = label(row.label, language=self.language)
        definition = label(self.scheme.code(row.theme).definition, language=self.language)
        blocks: list[Block] = [Heading(2, named, bookmark=f"theme_{_bookmark(row.theme)}")]
        if definition:
            blocks.append(Paragraph(definition))
        blocks.append(Paragraph(self._presence_sentence(row)))
        for quotation in theme_quotations(self.study, row, language=self.language):
            blocks.append(self._quotation(quotation, named))
        blocks += self._theme_numbers(row, named)
        blocks.append(self._verdict_paragraph(row))
        if row.interpretation:
            blocks.append(Paragraph((Strong(self._t("themes.interpretation") + ": "), row.interpretation)))
        return blocks

    def _theme_numbers(self, row: JointRow, named: str) -> list[Block]:
        tables = evidence_tables.evidence_tables(row, self.estimates, self.scheme, language=self.language)
        if not tables:
            return []
        bookmarks = [f"table_{_bookmark(table.key)}" for table in tables]
        blocks: list[Block] = [Paragraph(self._referring(self._t("themes.evidence"), bookmarks))]
        blocks += [Table(table, bookmark=bookmark) for table, bookmark in zip(tables, bookmarks, strict=True)]
        effects = [item for item in row.evidence if item.relation == "effect" and item.weighs]
        if effects:
            points: tuple[Text, ...] = tuple(
                (Strong(label(item.label, language=self.language) + ". "), item.sentence(self.language))
                for item in effects
            )
            blocks += [Paragraph(self._t("themes.readings")), BulletList(points)]
        self.trace += report_sources.evidence_entries(row, named, language=self.language)
        return blocks

    def _quotation(self, quotation: QuotationCandidate, theme: str) -> Quotation | Paragraph:
        """A quotation; a summary or notes as a paragraph of the report, since nobody said the words."""
        shown = theme_tables.shortened_quotation(quotation.quote, QUOTATION_WORDS, self.language)
        self.trace.append(report_sources.quotation_entry(quotation, shown, theme, language=self.language))
        if quotation.status in NOT_SAID:
            before = t(f"segments.before.{quotation.status}", language=self.language)
            return Paragraph((Strong(f"{before}: "), f"{shown} ({quotation.attribution})"))
        return Quotation(shown, quotation.attribution)

    def _presence_sentence(self, row: JointRow) -> str:
        groups = "; ".join(
            f"{evidence_tables.lowered(theme_tables.group_label(self.scheme, count.group, self.language))} "
            f"{count.interviews_with}/{count.interviews_asked}"
            for count in row.counts
        )
        return self._t(
            "themes.presence",
            k=row.reading.interviews_with,
            n=row.reading.interviews_asked,
            groups=groups,
            direction=self._t(f"themes.direction.{row.qualitative_direction}"),
        )

    def _verdict_paragraph(self, row: JointRow) -> Paragraph:
        text = theme_tables.verdict_text(row, language=self.language, stale=row.theme in self.display.stale)
        head, *rest = text.split("\n")
        return Paragraph((Strong(f"{self._t('themes.verdict')}: {head}. "), " ".join(rest)))

    def _referring(self, text: str, bookmarks: Sequence[str]) -> tuple[Inline, ...]:
        """`text` with references to tables: one, or several joined by commas and "and"."""
        parts: list[Inline] = [text + " "]
        for place, bookmark in enumerate(bookmarks):
            if place:
                parts.append(self._t("and") if place == len(bookmarks) - 1 else ", ")
            parts.append(Reference(bookmark))
        return (*parts, ".")

    def _numbers(self) -> list[Block]:
        blocks: list[Block] = []
        if surveys.study_answers(self.study) is not None:
            blocks += self._factors()
        if self.estimates:
            blocks += self._effects()
        return blocks

    def _questionnaire(self, section: str) -> list[Block]:
        """A chapter on the questionnaire; nothing before there are answers."""
        if surveys.study_answers(self.study) is None:
            return []
        return QuestionnaireChapters(self.study, self.language, self.scheme).blocks(section)

    def _factors(self) -> list[Block]:
        instrument = surveys.require_instrument(self.study)
        [source] = surveys.answers_sources(self.study)
        blocks: list[Block] = [
            Heading(1, self._t("factors.heading")),
            Paragraph(self._t("factors.lead")),
        ]
        for solution in factors.factor_solutions(self.study):
            spec = factor_tables.loadings_table(
                solution, instrument, language=self.language, source=source.label
            )
            table = Table(spec, bookmark=f"table_loadings_{_bookmark(solution.solution)}")
            wide = len(spec.columns) > MOST_PORTRAIT_COLUMNS
            blocks.append(LandscapeSection((table,)) if wide else table)
        return blocks

    def _effects(self) -> list[Block]:
        shown = pooled([stored for stored in self.estimates if stored.value.subgroup == WHOLE_GROUP])
        chosen = shown or pooled(self.estimates)
        table = evidence_tables.effects_table(
            chosen, self.scheme, language=self.language, title=self._t("effects.table")
        )
        self.trace += report_sources.estimate_entries(chosen, self.scheme, language=self.language)
        return [
            Heading(1, self._t("effects.heading")),
            Paragraph(self._referring(self._t("effects.lead"), ["table_estimates", "figure_coefficients"])),
            Table(table, bookmark="table_estimates"),
            FigureBlock(self._coefficients(chosen), bookmark="figure_coefficients"),
        ]

    def _effect_runs(self) -> list[Block]:
        return effects_chapter(self.study, self.language, self.scheme)

    def _joint_display(self) -> list[Block]:
        table = theme_tables.joint_table(self.display, self.scheme, language=self.language)
        section = LandscapeSection(
            (
                Heading(1, self._t("joint.heading")),
                Paragraph(self._t("joint.lead")),
                Table(table, bookmark="table_joint_display"),
            )
        )
        return [section, *self._caveats(level=2)]

    def _caveats(self, *, level: int) -> list[Block]:
        heading = Heading(level, self._t("joint.caveats"), bookmark="caveats")
        return [heading, Paragraph(self._t("joint.caveats_lead")), BulletList(self.display.caveats)]

    def _trace(self) -> list[Block]:
        if not self.trace:
            return []
        return [
            PageBreak(),
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
