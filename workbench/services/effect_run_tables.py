"""Tables of effects estimated here: pooled and by period. `effect_check_tables` has their checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coding_schemes import Scheme
from workbench.display import (
    Cell,
    Column,
    EstimateCell,
    TableSpec,
    format_number,
    format_p_value,
    stars_for,
    stars_note,
)
from workbench.i18n import Language, t
from workbench.services.effect_runs import Findings, window_name
from workbench.services.panel_runs import panel_source, run_note
from workbench.services.terms import term_label

TEN_PERCENT = "+"
# Notes of checks stand below the tables of these checks.
TOLD_WITH_CHECKS = ("pretrend_", "placebo_", "sensitivity_", "subgroup_", "leave_out_", "randomisation_")
Outcome = Mapping[str, Any]
PLACES: dict[str, Any] = {"kind": "decimal", "decimals": 3, "missing": "–"}
PERCENT: dict[str, Any] = {"kind": "percent", "decimals": 1, "missing": "–"}


class EffectTables:
    """The tables of one run, in one language."""

    def __init__(self, found: Findings, *, language: Language, scheme: Scheme | None = None) -> None:
        self.found, self.language, self.scheme = found, language, scheme

    def pooled(self, *, ten_percent: str = TEN_PERCENT) -> TableSpec:
        """Windows down and outcomes across, as a report prints effects; what may not be read says so.

        The mean of the treated stands in brackets; the pre-trend test, N and clusters close the table.
        """
        outcomes = [each for each in self.found.outcomes if each["effect"] is not None]
        terms = list(dict.fromkeys(row["term"] for each in outcomes for row in each["effect"]["table"]))
        rows: list[tuple[Cell, ...]] = [
            (self.window(term, outcomes[0]), *(self._cell(each, term, ten_percent) for each in outcomes))
            for term in terms
        ]
        summary = len(rows)
        rows += self._summary(outcomes)
        return TableSpec(
            key="effects_pooled",
            title=self.found.spec.title or self.t("title.pooled"),
            columns=(
                Column("window", self.t("window"), weight=1.6),
                *(
                    Column(each["outcome"], self.outcome(each), kind="estimate", decimals=3, missing="–")
                    for each in outcomes
                ),
            ),
            rows=tuple(rows),
            remarks=(
                stars_note(self.language, ten_percent=ten_percent),
                t("effects.brackets", language=self.language),
            ),
            notes=self.notes(outcomes),
            source=self.source(),
            summary_from=summary,
            language=self.language,
        )

    def by_period(self, outcome: Outcome) -> TableSpec:
        """Every effect of one outcome by period, with its interval and share of the mean."""
        interval = t("effects.interval", language=self.language)
        rows: list[tuple[Cell, ...]] = [
            (
                str(row["term"]),
                self.t(f"kind.{row['kind']}"),
                row["estimate"],
                row["std_error"],
                row["ci_low"],
                row["ci_high"],
                row["p_value"],
                row["treated_mean"],
                row["percent_of_mean"],
            )
            for row in outcome["by_period"]["table"]
        ]
        return TableSpec(
            key=f"effects_by_period_{outcome['outcome']}",
            title=self.t("title.by_period", outcome=self.outcome(outcome)),
            columns=(
                Column("period", t("effects.period", language=self.language), weight=1.2),
                Column("kind", self.t("part"), weight=1.0),
                Column("estimate", t("effects.estimate", language=self.language), **PLACES),
                Column("std_error", self.t("std_error"), **PLACES),
                Column("ci_low", t("effects.from", language=self.language), group=interval, **PLACES),
                Column("ci_high", t("effects.to", language=self.language), group=interval, **PLACES),
                Column("p_value", "p", kind="p_value"),
                Column("treated_mean", t("effects.mean", language=self.language), **PLACES),
                Column("percent_of_mean", t("effects.percent", language=self.language), **PERCENT),
            ),
            rows=tuple(rows),
            notes=(self.method(outcome), self.gate_sentence(outcome), *self.base_note(outcome)),
            source=self.source(),
            language=self.language,
        )

    @property
    def readable(self) -> list[dict[str, Any]]:
        """The outcomes whose gate did not fail: of the others no effect may be read."""
        return [each for each in self.found.outcomes if each["status"] != "failed"]

    def sectioned(
        self, part: str, outcomes: Sequence[Outcome] | None = None
    ) -> tuple[list[Mapping[str, Any]], tuple[tuple[int, str], ...]]:
        """The rows of a part of these (else all) outcomes, with the outcomes as headings."""
        rows: list[Mapping[str, Any]] = []
        sections: list[tuple[int, str]] = []
        for each in self.found.outcomes if outcomes is None else outcomes:
            if each[part]:
                sections.append((len(rows), self.outcome(each)))
                rows += each[part]
        return rows, tuple(sections)

    def told(self, start: str, outcomes: Sequence[Outcome] | None = None) -> tuple[str, ...]:
        """Notes whose reason begins so, of these (else all) outcomes; of several, with the outcome."""
        several = len(self.found.outcomes) > 1
        said: list[str] = []
        for each in self.found.outcomes if outcomes is None else outcomes:
            noted = [*each["notes"], *(each["subgroups"] or {}).get("notes", ())]
            texts = [self.note(note) for note in noted if note["reason"].startswith(start)]
            said += [f"{self.outcome(each)}: {text}" if several else text for text in texts]
        return tuple(dict.fromkeys(said))

    def outcome(self, outcome: Outcome) -> str:
        """What an outcome is called."""
        return self.named(outcome["outcome"])

    def named(self, column: str) -> str:
        """What a column of the panel is called: as the declaration says, else the scheme."""
        return self.found.spec.columns.get(column) or term_label(self.scheme, column, self.language)

    def window(self, term: str, outcome: Outcome) -> str:
        """What a pooled window is called."""
        return window_name(term, outcome["start"], self.language)

    def is_without_effect(self, outcome: Outcome) -> bool:
        """Whether nothing was pooled, so that the effects by period are all there is."""
        return outcome["effect"] is None

    def gate_sentence(self, outcome: Outcome) -> str:
        """What the test before the start says, and what follows from it."""
        gate = format_number(outcome["gate"], 2, self.language)
        if outcome["pretrend_p"] is None:
            return self.t("gate.untested")
        return self.t(f"gate.{outcome['status']}", p=self._pretrend_p(outcome), gate=gate)

    def _gates(self, outcomes: Sequence[Outcome]) -> list[str]:
        """The gate of each outcome; where several passed, they share a sentence."""
        passed = [each for each in outcomes if each["status"] == "passed"]
        if len(passed) < 2:
            return [f"{self.outcome(each)}: {self.gate_sentence(each)}" for each in outcomes]
        named = ", ".join(f"{self.outcome(each)} (p {self._pretrend_p(each)})" for each in passed)
        others = [each for each in outcomes if each["status"] != "passed"]
        return [self.t("gate.all_passed", outcomes=named), *self._gates(others)]

    def _pretrend_p(self, outcome: Outcome) -> str:
        p = format_p_value(outcome["pretrend_p"], 3, self.language)
        return f"< {p[1:]}" if p.startswith("<") else f"= {p}"

    def base_note(self, outcome: Outcome) -> tuple[str, ...]:
        """Which period the effects are measured against."""
        return (self.t("base_note", base=outcome["base"]),) if outcome["base"] else ()

    def method(self, outcome: Outcome) -> str:
        """How it was estimated: design, effects, errors, rows, clusters."""
        spec = self.found.spec
        result = outcome["effect"] or outcome["by_period"]
        design = self.t(
            f"method.{spec.design}.{spec.fixed_effects}" if spec.design != "staggered" else "method.staggered"
        )
        clusters = (
            self.t(
                "method.clusters",
                n=result["clusters"],
                treated=result["treated_clusters"],
                column=spec.cluster or spec.unit,
            )
            if result["clusters"] is not None
            else self.t(f"method.errors_{result['vcov']}")
        )
        covariates = self.t("method.covariates", names=", ".join(spec.covariates)) if spec.covariates else ""
        named = self.t("method.controls", n=len(spec.controls)) if spec.controls else ""
        rows = self.t("method.rows", n=format_number(result["n"], 0, self.language))
        return " ".join(part for part in (design, named, covariates, rows, clusters) if part)

    def notes(self, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
        """How it was estimated, what the gates say, and what the panel made worth knowing."""
        said = [self.method(outcomes[0])]
        said += self._gates(outcomes)
        warned = {
            self.note(note): None
            for each in outcomes
            for note in each["notes"]
            if not note["reason"].startswith(TOLD_WITH_CHECKS)
        }
        return (*said, *warned)

    def note(self, note: Mapping[str, Any]) -> str:
        """A note or an error of a run in words of the language."""
        return run_note(note, self.language)

    def source(self) -> str:
        """The panel with its nature."""
        return panel_source(self.found, self.language)

    def t(self, key: str, **values: object) -> str:
        """A text of the topic `did` in the language of the tables."""
        return t(f"did.{key}", language=self.language, **values)

    def _cell(self, outcome: Outcome, term: str, ten_percent: str) -> Cell:
        row = next((row for row in outcome["effect"]["table"] if row["term"] == term), None)
        if row is None:
            return None
        if outcome["status"] == "failed":
            return self.t("not_interpretable")
        # Stars are for effects that may be read as such; nothing says so where trends could not be tested.
        passed = outcome["status"] == "passed"
        stars = stars_for(row["p_value"], ten_percent=ten_percent) if passed else ""
        return EstimateCell(row["estimate"], row["std_error"], stars, row["treated_mean"])

    def _summary(self, outcomes: Sequence[Outcome]) -> list[tuple[Cell, ...]]:
        def row(name: str, values: list[Cell]) -> tuple[Cell, ...]:
            return (self.t(f"summary.{name}"), *values)

        def p_text(each: Outcome) -> str:
            if each["pretrend_p"] is None:
                return "–"
            return format_p_value(each["pretrend_p"], 3, self.language)

        rows = [
            row("pretrend", [p_text(each) for each in outcomes]),
            row("n", [each["effect"]["n"] for each in outcomes]),
        ]
        if any(each["effect"]["clusters"] is not None for each in outcomes):
            rows.append(row("clusters", [each["effect"]["clusters"] for each in outcomes]))
            rows.append(row("treated_clusters", [each["effect"]["treated_clusters"] for each in outcomes]))
        return rows
