"""The report's chapter on effects estimated here: the tables and figures of the page, as blocks."""

from __future__ import annotations

from typing import Any

from coding_schemes import Scheme
from workbench.display import TableSpec
from workbench.i18n import Language, t
from workbench.services import effect_runs, synthetic_runs
from workbench.services.effect_check_tables import check_tables
from workbench.services.effect_run_figures import event_study_figure, subgroups_figure, trends_figure
from workbench.services.effect_run_tables import EffectTables
from workbench.services.effect_runs import Findings
from workbench.services.synthetic_figures import gap_figure, path_figure
from workbench.services.synthetic_runs import SyntheticFindings
from workbench.services.synthetic_tables import SyntheticTables
from workbench.store.engine import StudyStore as Study
from workbench.word import Block, FigureBlock, Heading, LandscapeSection, Paragraph, Table

# More columns than this need the width of a landscape page.
MOST_PORTRAIT_COLUMNS = 7
# So many treated units are shown one by one; of more only the summary.
MOST_UNITS = 3


def effects_chapter(study: Study, language: Language, scheme: Scheme | None) -> list[Block]:
    """The runs kept with the study, or the last one of each kind; empty where there is none."""
    runs = effect_runs.reported_findings(study)
    made = synthetic_runs.reported_synthetic(study)
    if not (runs or made):
        return []
    blocks: list[Block] = [
        Heading(1, t("reporting.effect_runs.heading", language=language)),
        Paragraph(t("reporting.effect_runs.lead", language=language)),
    ]
    for number, found in enumerate(runs, start=1):
        blocks += _run(EffectTables(found, language=language, scheme=scheme), number)
    for number, synthetic in enumerate(made, start=1):
        blocks += _synthetic(SyntheticTables(synthetic, language=language, scheme=scheme), number)
    return blocks


def _run(tables: EffectTables, number: int) -> list[Block]:
    """Pooled effects, the event study of each outcome, subgroups, and the checks."""
    found, mark = tables.found, f"effects_{number}"
    blocks: list[Block] = [Heading(2, _title(found, tables.t("title.pooled")))]
    if any(each["effect"] for each in found.outcomes):
        blocks += _tables(tables.pooled(), f"table_{mark}")
    options: dict[str, Any] = {"language": tables.language, "scheme": tables.scheme}
    for place, outcome in enumerate(found.outcomes, start=1):
        trends = trends_figure(found, outcome, **options)
        if trends is not None:
            blocks.append(FigureBlock(trends, bookmark=f"figure_trends_{mark}_{place}"))
        study = event_study_figure(found, outcome, **options)
        blocks.append(FigureBlock(study, bookmark=f"figure_{mark}_{place}"))
        if tables.is_without_effect(outcome):
            blocks += _tables(tables.by_period(outcome), f"table_{mark}_periods_{place}")
    for place, outcome in enumerate(found.outcomes, start=1):
        forest = subgroups_figure(found, outcome, **options)
        if forest is not None:
            blocks.append(FigureBlock(forest, bookmark=f"figure_{mark}_subgroups_{place}"))
    for place, spec in enumerate(check_tables(tables), start=1):
        blocks += _tables(spec, f"table_{mark}_check_{place}")
    return blocks


def _synthetic(tables: SyntheticTables, number: int) -> list[Block]:
    """The effects with their fit; path, gap and donors of each unit where they are few."""
    found, mark = tables.found, f"synthetic_{number}"
    heading = Heading(2, _title(found, t("synthetic.model", language=tables.language)))
    blocks = _tables(tables.summary(), f"table_{mark}", heading)
    for place, unit in enumerate(found.units if len(found.units) <= MOST_UNITS else [], start=1):
        blocks += [
            Paragraph(tables.fit_sentence(unit)),
            FigureBlock(path_figure(tables, unit), bookmark=f"figure_{mark}_path_{place}"),
            FigureBlock(gap_figure(tables, unit), bookmark=f"figure_{mark}_gap_{place}"),
            *_tables(tables.donors(unit), f"table_{mark}_donors_{place}"),
        ]
    return blocks


def _title(found: Findings | SyntheticFindings, untitled: str) -> str:
    return found.title or found.spec.title or untitled


def _tables(spec: TableSpec, bookmark: str, heading: Heading | None = None) -> list[Block]:
    """A table, on a landscape page with its heading if it is wide."""
    blocks = (*(() if heading is None else (heading,)), Table(spec, bookmark=bookmark))
    return [LandscapeSection(blocks)] if len(spec.columns) > MOST_PORTRAIT_COLUMNS else list(blocks)
