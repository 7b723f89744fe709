"""The report's chapters on the questionnaire: the tables of the page, as blocks of the Word report."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coding_schemes import Scheme
from quant import QuantError
from workbench.display import TableSpec, format_number
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import Language, t
from workbench.services import (
    descriptions,
    factor_checks,
    index_tables,
    mapped_answers,
    regression_runs,
    regression_tables,
    scale_check_tables,
    surveys,
)
from workbench.services.analyses import Analysis
from workbench.services.description_tables import DescriptionTables
from workbench.services.regressions import StudyRun
from workbench.store.engine import StudyStore as Study
from workbench.word import Block, Heading, LandscapeSection, Paragraph, Reference, Table

QUESTIONNAIRE_SECTIONS = ("progression", "agreement", "missing", "reliability", "regressions")
# More columns than this need the width of a landscape page.
MOST_PORTRAIT_COLUMNS = 7


class QuestionnaireChapters:
    """Composes the chapters on the questionnaire of one study; none of them before there are answers."""

    def __init__(self, study: Study, language: Language, scheme: Scheme | None) -> None:
        self.study, self.language, self.scheme = study, language, scheme
        self.instrument = surveys.require_instrument(study)
        self.answers = surveys.require_answers(study)
        self.source = surveys.answers_sources(study)[-1].label
        self.remark = mapped_answers.mapped_remark(study, language=language)

    def blocks(self, section: str) -> list[Block]:
        """The chapter of that name, of QUESTIONNAIRE_SECTIONS; empty where the study has nothing for it."""
        chapters: dict[str, Callable[[], list[Block]]] = {
            "progression": self._progression,
            "agreement": self._agreement,
            "missing": self._missing,
            "reliability": self._reliability,
            "regressions": self._regressions,
        }
        return chapters[section]()

    def _t(self, key: str, **values: object) -> str:
        return t(f"reporting.{key}", language=self.language, **values)

    def _tables(self) -> DescriptionTables:
        return DescriptionTables(
            self.instrument, language=self.language, scheme=self.scheme, source=self.source
        )

    def _table(self, spec: TableSpec, bookmark: str) -> Table:
        """A table; that answers were mapped is remarked under it."""
        return Table(mapped_answers.with_remark(spec, self.remark), bookmark=bookmark)

    def _chapter(self, section: str, tables: Sequence[TableSpec], *, lead: str = "") -> list[Block]:
        """A heading, a paragraph that refers to the tables, and these; on landscape pages if one is wide."""
        marks = [f"table_{section}_{number}" for number in range(1, len(tables) + 1)]
        said: list[str | Reference] = [(lead or self._t(f"{section}.lead")) + " "]
        for place, mark in enumerate(marks):
            if place:
                said.append(self._t("and") if place == len(marks) - 1 else ", ")
            said.append(Reference(mark))
        blocks: tuple[Block, ...] = (
            Heading(1, self._t(f"{section}.heading")),
            Paragraph((*said, ".")),
            *(self._table(spec, mark) for spec, mark in zip(tables, marks, strict=True)),
        )
        return [LandscapeSection(blocks)] if any(map(_is_wide, tables)) else list(blocks)

    def _without(self, section: str, reason: str) -> list[Block]:
        return [Heading(1, self._t(f"{section}.heading")), Paragraph(reason)]

    def _progression(self) -> list[Block]:
        try:
            topics = self._tables().progression(descriptions.progressions(self.study, level="dimensions"))
            items = self._tables().progression(descriptions.progressions(self.study))
        except QuantError as error:
            return self._without("progression", error_text(error))
        indices = index_tables.every_change(
            self.study, self.instrument, language=self.language, source=self.source
        )
        return self._chapter("progression", [*topics, *items, *([] if indices is None else [indices])])

    def _agreement(self) -> list[Block]:
        if not any(item.pair for item in self.instrument.items):
            return self._without("agreement", t("descriptions.no_pairs_here", language=self.language))
        first = self.answers.rounds()[0]
        tables = self._tables().agreement(descriptions.agreements(self.study, round=first))
        return self._chapter("agreement", tables, lead=self._t("agreement.lead", round=first))

    def _missing(self) -> list[Block]:
        found = self._tables().missing(descriptions.missing(self.study))
        ends = self._tables().ends(descriptions.ends_of_scales(self.study))
        return self._chapter("missing", [*found, ends])

    def _reliability(self) -> list[Block]:
        tables = [
            scale_check_tables.reliability_table(
                factor_checks.reliability_of(self.study, solution=solution),
                self.instrument,
                solution,
                language=self.language,
                source=self.source,
            )
            for solution in self.instrument.solutions()
        ]
        return self._chapter("reliability", tables) if tables else []

    def _regressions(self) -> list[Block]:
        kept = regression_runs.reported_runs(self.study)
        if not kept:
            return []
        blocks: list[Block] = [
            Heading(1, self._t("regressions.heading")),
            Paragraph(self._t("regressions.lead")),
        ]
        for number, each in enumerate(kept, start=1):
            blocks += self._kept_run(each, number)
        return blocks

    def _kept_run(self, kept: Analysis, number: int) -> list[Block]:
        heading = Heading(2, kept.title or self._t("regressions.last_run"))
        try:
            found = regression_runs.run_again(self.study, kept)
        except USER_ERRORS as error:
            return [heading, Paragraph(self._t("regressions.not_run", problem=error_text(error)))]
        blocks: list[Block] = [heading, Paragraph(self._run_sentence(found))]
        if kept.stale:
            blocks.append(Paragraph(self._t("regressions.stale"), "note"))
        names = regression_tables.predictor_names(self.instrument, self.language)
        tables = regression_runs.run_tables(found, language=self.language, names=names, scheme=self.scheme)
        # Long, and says more than the tables before it only where it has q-values or a bootstrap.
        wanted = found.run.spec.false_discovery or found.run.spec.bootstrap
        shown = tables if wanted else tables[:-1]
        for place, spec in enumerate(shown, start=1):
            table = self._table(spec, f"table_regressions_{number}_{place}")
            blocks.append(LandscapeSection((table,)) if _is_wide(spec) else table)
        return blocks

    def _run_sentence(self, found: StudyRun) -> str:
        spec = found.run.spec
        return self._t(
            "regressions.run",
            models=format_number(len(found.run.models), 0, self.language),
            outcomes=len(spec.outcomes) or 1,
            predictors=len(spec.predictors),
            errors=t(f"regressions.errors.{spec.errors}", language=self.language),
        )


def _is_wide(spec: TableSpec) -> bool:
    return len(spec.columns) > MOST_PORTRAIT_COLUMNS
