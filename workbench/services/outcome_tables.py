"""The outcomes of a study as a table: their rules in words, and whom a rule leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coding_schemes import Scheme
from workbench.display import Cell, Column, TableSpec
from workbench.i18n import Language, t
from workbench.services.outcomes import OutcomesSource
from workbench.services.terms import term_label


def outcomes_table(
    sources: Sequence[OutcomesSource], *, language: Language, scheme: Scheme | None = None
) -> TableSpec:
    """The outcomes of the study: rule in words, how many, and whom the rule left out and why."""
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for source in sources:
        sections.append((len(rows), source.label))
        unit = t(f"regressions.unit.{source.rules['unit']}", language=language)
        for rule in source.rules["outcomes"]:
            out = [entry for entry in source.excluded if entry["outcome"] == rule["id"]]
            said = "; ".join(
                f"{t('regressions.excluded.' + entry['reason'], language=language)}: {entry['n']}"
                for entry in out
            )
            rows.append(
                (term_label(scheme, rule["id"], language), _rule_text(rule, unit, language), said or "–")
            )
    return TableSpec(
        key="outcomes",
        title=t("regressions.title.outcomes", language=language),
        columns=(
            Column("outcome", t("regressions.outcome", language=language)),
            Column("rule", t("regressions.rule", language=language), weight=3.0),
            Column("excluded", t("regressions.left_out", language=language), weight=2.0),
        ),
        rows=tuple(rows),
        sections=tuple(sections),
        language=language,
    )


def _rule_text(rule: Mapping[str, object], unit: str, language: Language) -> str:
    statistic = t(
        f"regressions.statistic.{rule['statistic']}", language=language, at_least=rule["at_least"], unit=unit
    )
    window = t(
        f"regressions.window.{rule['window']}",
        language=language,
        start=rule["start"],
        length=rule["length"],
        unit=unit,
    )
    codes = rule["codes"]
    assert isinstance(codes, list | tuple)
    said = t("regressions.codes", language=language, codes=", ".join(map(str, codes))) if codes else ""
    missing = t(
        f"regressions.missing.{rule['missing']}", language=language, least=rule["min_periods"], unit=unit
    )
    return f"{statistic} {window}. {said} {missing}".replace("  ", " ")
