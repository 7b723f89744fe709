"""Answers given on a simplified scale: the remark that stands under every table in which they count."""

from __future__ import annotations

from dataclasses import replace

from workbench.display import TableSpec, format_number
from workbench.i18n import Language, label, t
from workbench.services.surveys import answers_sources, study_instrument
from workbench.store.engine import StudyStore as Study


def mapped_remark(study: Study, *, language: Language) -> str:
    """How many questionnaires were mapped from which simplified scales; "" where none were."""
    sources, instrument = answers_sources(study), study_instrument(study)
    if not sources or instrument is None or not sources[-1].variants:
        return ""
    source = sources[-1]
    names = {each.id: label(each.label, language=language) for each in instrument.variants}
    return t(
        "entry.source.mapped",
        language=language,
        n=sum(source.variants.values()),
        number=format_number(sum(source.variants.values()), 0, language),
        of=format_number(source.responses, 0, language),
        variants=", ".join(names.get(name, name) for name in source.variants),
    )


def with_remark(table: TableSpec, remark: str) -> TableSpec:
    """The table with one remark more; as it is where there is nothing to say."""
    if not remark or remark in table.remarks:
        return table
    return replace(table, remarks=(*table.remarks, remark))
